/* The parts of a server's life that are not on the path of every message: see loop.h. */
#include <lib/server/loop.h>
#include <lib/server/log.h>
#include <lib/sys/invoke.h>
#include <proto/sysctl.h>

static void *ring_address(enum server_id id, unsigned which)
{
    return (void *)(SERVER_RING_VA + (id * 2 + which) * PAGE_SIZE);
}

void server_add_peer(struct server *s, enum server_id id, struct peer_pending *table,
                     uint32_t capacity)
{
    struct ring ring;

    ring_attach(&ring, ring_address(id, 0), ring_address(id, 1), s->boot->epoch);
    peer_attach(&s->peer[id], &ring, table, capacity);
    s->peer[id].any_due = &s->any_due;
    s->peers |= 1u << id;
}

void server_init(struct server *s, const struct server_boot *boot)
{
    s->boot = boot;
    s->reply = SLOT_REPLY;
    s->nfree = 0;
    for (uint64_t i = boot->replies; i > 1; i--)
        s->free[s->nfree++] = (uint16_t)(SLOT_REPLY + i - 1);
    server_add_peer(s, SRV_INIT, s->init_table, SERVER_INIT_REQUESTS);
}

void server_ready(struct server *s, int status)
{
    struct sysctl_ready_req req = {.status = status};

    PEER_POST(&s->peer[SRV_INIT], sysctl, ready, &req, (struct peer_target){0});
    server_flush(s);
}

void server_signal_due(struct server *s)
{
    s->any_due = false;
    for (unsigned id = 0; id < SRV_COUNT; id++) {
        if (!s->peer[id].is_due)
            continue;
        s->peer[id].is_due = false;
        sys_signal(SLOT_PEER + id);
    }
}

/* A request of init. */
static void system_request(struct server *s, const struct server_ops *ops, void *self,
                           const struct ring_entry *e)
{
    int rc = ERR_NOSYS;

    if (RING_OP(e->head) == sysctl_OP_quiesce && ops->quiesce)
        rc = ops->quiesce(self, e->head);
    else if (RING_OP(e->head) == sysctl_OP_finish && ops->finish)
        rc = ops->finish(self, e->head, e->word[0]);
    else if (RING_OP(e->head) == sysctl_OP_start && ops->start)
        rc = ops->start(self, e->head);
    if (rc != PARKED)
        peer_answer(&s->peer[SRV_INIT], e->head, rc, NULL, 0);
}

static void drain(struct server *s, const struct server_ops *ops, void *self, enum server_id id)
{
    struct ring_entry e;
    int rc;

    while ((rc = peer_take(&s->peer[id], &e)) == 1) {
        if (id == SRV_INIT)
            system_request(s, ops, self, &e);
        else if (ops->request)
            ops->request(self, id, &e);
        else
            peer_answer(&s->peer[id], e.head, ERR_BADMSG, NULL, 0);
    }
    if (rc == ERR_DEAD) {
        log_line("server %u broke the protocol of its ring; it is not used any more", id);
        if (ops->peer_died)
            ops->peer_died(self, id);
    }
}

void server_notified(struct server *s, const struct server_ops *ops, void *self, uint64_t bits)
{
    for (unsigned id = 0; id < SRV_COUNT; id++)
        if (bits & s->peers & NOTIFY_PEER(id))
            drain(s, ops, self, id);
    if (ops->notified)
        ops->notified(self, bits);
}

int server_refused(struct server *s, const struct server_ops *ops, void *self, int error,
                   struct message *m)
{
    unsigned index = (unsigned)m->word[3];

    trace_add(&s->trace, EVENT_REFUSED, (uint64_t)error, index);
    if (ops->item_failed)
        return ops->item_failed(self, s->reply, error, index, m);
    m->tag = (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT;
    return 0;
}

static void give_reply(struct server *s, slot_t reply)
{
    s->free[s->nfree++] = (uint16_t)reply;
}

void server_answer(struct server *s, slot_t reply, struct answer answer)
{
    struct call c = {.payload = sys_msgpage.payload};
    struct message m;

    server_flush(s);
    c.out = (uint8_t *)(c.payload + call_more_words(answer.rep_words));
    c.out_bytes = answer.status == 0 ? answer.nbytes : 0;
    if (c.out_bytes)
        memcpy(c.out, answer.bytes, c.out_bytes);
    call_end(&c, answer.status, answer.rep, answer.rep_words);
    m = (struct message){.tag = c.tag, .word = {c.word[0], c.word[1], c.word[2], c.word[3]}};
    trace_add(&s->trace, EVENT_ANSWERED, reply, (uint64_t)answer.status);
    sys_call(reply, &m);
    give_reply(s, reply);
}

int server_answer_fault(struct server *s, slot_t reply, struct message *m, unsigned *failed)
{
    int rc;

    server_flush(s);
    rc = sys_call(reply, m);
    if (rc < 0 && rc != ERR_GONE) {
        *failed = (unsigned)m->word[3];
        return rc;
    }
    give_reply(s, reply);
    return 0;
}
