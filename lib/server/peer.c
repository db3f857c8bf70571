/* Peers: see peer.h for the life of a request. */
#include <lib/server/peer.h>

enum pending_state { PENDING_FREE = 0, PENDING_QUEUED = 1, PENDING_SENT = 2 };

void peer_attach(struct peer *peer, const struct ring *ring, struct peer_pending *table,
                 uint32_t capacity)
{
    *peer = (struct peer){.ring = *ring, .table = table, .capacity = capacity, .free = 1,
                          .nfree = capacity};
    for (uint32_t i = 0; i < capacity; i++)
        table[i] = (struct peer_pending){.next = i + 1 < capacity ? i + 2 : 0};
}

static uint32_t cookie_of(const struct peer *peer, const struct peer_pending *p)
{
    return (uint32_t)(p - peer->table) | (uint32_t)p->generation << 16;
}

static struct peer_pending *place_take(struct peer *peer)
{
    struct peer_pending *p = &peer->table[peer->free - 1];

    peer->free = p->next;
    peer->nfree--;
    p->next = 0;
    p->generation++;
    return p;
}

static void place_give(struct peer *peer, struct peer_pending *p)
{
    p->state = PENDING_FREE;
    p->next = peer->free;
    peer->free = (uint32_t)(p - peer->table) + 1;
    peer->nfree++;
}

static void queue_append(struct peer *peer, struct peer_pending *p)
{
    uint32_t name = (uint32_t)(p - peer->table) + 1;

    p->state = PENDING_QUEUED;
    if (peer->queue_tail)
        peer->table[peer->queue_tail - 1].next = name;
    else
        peer->queue_head = name;
    peer->queue_tail = name;
}

static struct peer_pending *queue_take(struct peer *peer)
{
    struct peer_pending *p = &peer->table[peer->queue_head - 1];

    peer->queue_head = p->next;
    if (!peer->queue_head)
        peer->queue_tail = 0;
    p->next = 0;
    return p;
}

static void set_due(struct peer *peer)
{
    peer->is_due = true;
    if (peer->any_due)
        *peer->any_due = true;
}

/* Move requests from the queue to the ring as far as the credit goes. */
static void send_queued(struct peer *peer)
{
    while (peer->queue_head && peer->nsent < RING_CREDIT) {
        struct peer_pending *p = &peer->table[peer->queue_head - 1];

        if (ring_put(&peer->ring, &p->entry) != 0)
            return;
        queue_take(peer)->state = PENDING_SENT;
        peer->nsent++;
        set_due(peer);
    }
}

int peer_post(struct peer *peer, uint32_t op, const void *req, unsigned words,
              struct peer_target target)
{
    struct peer_pending *p;

    if (peer->ring.is_dead)
        return ERR_DEAD;
    if (!peer->nfree)
        return ERR_AGAIN;
    p = place_take(peer);
    p->entry = (struct ring_entry){.head = RING_HEAD(op, cookie_of(peer, p))};
    for (unsigned i = 0; i < words; i++)
        p->entry.word[i] = ((const uint64_t *)req)[i];
    p->done = target.done;
    p->self = target.self;
    p->arg = target.arg;
    queue_append(peer, p);
    send_queued(peer);
    return 0;
}

static void finish(struct peer *peer, struct peer_pending *p, int status, const uint64_t *rep)
{
    peer_done_fn *done = p->done;
    void *self = p->self;
    uint64_t arg = p->arg;

    place_give(peer, p);
    if (done)
        done(self, arg, status, rep);
}

void peer_fail(struct peer *peer)
{
    static const uint64_t nothing[RING_WORDS];

    peer->ring.is_dead = true;
    peer->queue_head = peer->queue_tail = 0;
    peer->nsent = 0;
    for (uint32_t i = 0; i < peer->capacity; i++)
        if (peer->table[i].state != PENDING_FREE)
            finish(peer, &peer->table[i], ERR_DEAD, nothing);
}

/* => false: nobody waits for that. */
static bool deliver(struct peer *peer, const struct ring_entry *e)
{
    uint32_t cookie = RING_COOKIE(e->head);
    struct peer_pending *p = &peer->table[cookie & 0xffff];

    if ((cookie & 0xffff) >= peer->capacity || p->state != PENDING_SENT ||
        p->generation != cookie >> 16 || RING_OP(p->entry.head) != RING_OP(e->head))
        return false;
    peer->nsent--;
    finish(peer, p, RING_STATUS(e->head), e->word);
    send_queued(peer);
    return true;
}

int peer_take(struct peer *peer, struct ring_entry *request)
{
    int rc;

    if (peer->ring.is_dead)
        return 0;
    while ((rc = ring_get(&peer->ring, request)) == 1) {
        if (!RING_IS_COMPLETION(request->head)) {
            if (++peer->nowed > RING_CREDIT)
                break;
            return 1;
        }
        if (!deliver(peer, request))
            break;
    }
    if (rc == 0)
        return 0;
    peer_fail(peer);
    return ERR_DEAD;
}

void peer_answer(struct peer *peer, uint64_t head, int status, const void *rep, unsigned words)
{
    struct ring_entry e = {.head = RING_HEAD(RING_OP(head), RING_COOKIE(head)) |
                                   RING_COMPLETION << 8 | (uint64_t)(uint16_t)-status << 16};

    if (peer->ring.is_dead)
        return;
    for (unsigned i = 0; status == 0 && i < words; i++)
        e.word[i] = ((const uint64_t *)rep)[i];
    peer->nowed--;
    if (ring_put(&peer->ring, &e) != 0)
        peer_fail(peer);
    set_due(peer);
}
