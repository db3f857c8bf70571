/* The life of a server: receive, dispatch, reply; peers' rings; answers that come later.
 *
 *     struct server server;                      (one per server, static)
 *     server_init(&server, boot);
 *     server_add_peer(&server, SRV_BLK, table, n);   for each peer it has rings with
 *     server_ready(&server, 0);
 *     server_run(&server, &ops, self);           never returns
 *
 * server_run() is inlined, so that with a constant `ops` every handler is called directly.
 *
 * Order (DESIGN "posts to its peers before it replies, drains before the next call"): peers are
 * signalled before any answer leaves, and the kernel delivers a bound notification before queued
 * callers, so what a peer posted before it answered its caller is seen before that caller's next call.
 *
 * Reply objects: one receives; a handler that returns PARKED keeps it, with the caller in it, and
 * the loop takes another from the pool; server_answer() gives it back. There are more of them than
 * processes, so the pool cannot run dry.
 */
#ifndef LIB_SERVER_LOOP_H
#define LIB_SERVER_LOOP_H

#include <lib/server/boot.h>
#include <lib/server/call.h>
#include <lib/server/peer.h>
#include <lib/server/trace.h>
#include <lib/sys/rpc.h>

#define SERVER_REPLIES_MAX (SLOT_POOL_TCB - SLOT_REPLY)
#define SERVER_INIT_REQUESTS 4u

/* Events of a server's trace, with two words each. */
enum server_event {
    EVENT_CALL = 1,     /* badge, tag */
    EVENT_FAULT = 2,    /* badge, stval */
    EVENT_NOTIFIED = 3, /* bits */
    EVENT_ANSWERED = 4, /* late: reply object, status */
    EVENT_REFUSED = 5,  /* answer to a fault: error, item */
};

struct server {
    const struct server_boot *boot;
    slot_t reply;    /* receives next */
    uint32_t nfree;  /* reply objects in `free` */
    uint32_t peers;  /* bit p: peer p is attached */
    bool is_answering; /* the message at hand is an answer to go out */
    bool any_due;      /* some peer is to be signalled */
    uint16_t free[SERVER_REPLIES_MAX];
    struct peer peer[SRV_COUNT];
    struct peer_pending init_table[SERVER_INIT_REQUESTS];
    struct trace trace; /* a debugger switches it on */
};

/* What a server does with what comes. NULL members: such messages are refused or ignored. */
struct server_ops {
    /* A call of a program; c as call.h. Usually PROTO_dispatch(). */
    int (*call)(void *self, struct call *c);
    /* A fault: m->word = stval, sepc, scause, PTE; m->badge; label in m->tag. Turn *m into the answer
     * (<abi/fault.h>) and return 0, or return PARKED and keep `reply` for server_answer_fault(). */
    int (*fault)(void *self, slot_t reply, struct message *m);
    /* The kernel refused item `index` of an answer with `error`: the caller is still in `reply`.
     * As `fault`: *m is the new answer, or PARKED. NULL: such a caller is answered KEEP_STOPPED. */
    int (*item_failed)(void *self, slot_t reply, int error, unsigned index, struct message *m);
    /* A request of peer `from`. Usually PROTO_ring_dispatch(&server.peer[from], e). */
    void (*request)(void *self, enum server_id from, const struct ring_entry *e);
    /* All bits of a notification, after the rings of the peers in it were drained. */
    void (*notified)(void *self, uint64_t bits);
    /* Before each wait: what is best done once for several messages. */
    void (*settle)(void *self);
    /* init's requests (<proto/sysctl.def>): 0, an error, or PARKED and PEER_ANSWER to peer[SRV_INIT]. */
    int (*quiesce)(void *self, uint64_t head);
    int (*finish)(void *self, uint64_t head, uint64_t status);
    int (*start)(void *self, uint64_t head);
    /* A peer broke the protocol of its rings; it is not used any more. */
    void (*peer_died)(void *self, enum server_id id);
};

/* => every reply object of the boot page is in the pool, init is a peer, nobody else. */
void server_init(struct server *s, const struct server_boot *boot);

/* Attach the rings with `id`; table as peer_attach(). */
void server_add_peer(struct server *s, enum server_id id, struct peer_pending *table,
                     uint32_t capacity);

/* Tell init that this server serves (0) or why it cannot. */
void server_ready(struct server *s, int status);

/* Signal every peer for whom something was posted. */
void server_signal_due(struct server *s);
static inline void server_flush(struct server *s)
{
    if (s->any_due)
        server_signal_due(s);
}

/* Answer a parked call: status 0 with the reply's words and bytes (may be NULL), or an error. The
 * caller may have gone meanwhile: that is normal and not reported. Overwrites the payload: finish
 * with the bytes of the call at hand first. */
struct answer {
    int status;
    const void *rep;
    unsigned rep_words;
    const void *bytes;
    uint32_t nbytes; /* at most RPC_BYTES_MAX(rep_words) */
};
void server_answer(struct server *s, slot_t reply, struct answer answer);

/* Answer a parked fault with *m as `fault` leaves it. => 0, or the error of an item, its index in
 * *failed, and the caller is still in `reply`. */
int server_answer_fault(struct server *s, slot_t reply, struct message *m, unsigned *failed);

/* For server_run() alone. */
void server_notified(struct server *s, const struct server_ops *ops, void *self, uint64_t bits);
int server_refused(struct server *s, const struct server_ops *ops, void *self, int error,
                   struct message *m);

/* Deliver one call and leave its answer in *m. */
SYS_INLINE int server_call(struct server *s, const struct server_ops *ops, void *self,
                           struct message *m)
{
    struct call c = {.badge = m->badge, .reply = s->reply, .tag = m->tag,
                     .word = {m->word[0], m->word[1], m->word[2], m->word[3]},
                     .payload = sys_msgpage.payload};
    int rc;

    if (ops->call) {
        rc = ops->call(self, &c);
    } else {
        rc = ERR_BADMSG;
        call_end(&c, rc, NULL, 0);
    }
    m->tag = c.tag;
    for (unsigned i = 0; i < MSG_REG_WORDS; i++)
        m->word[i] = c.word[i];
    return rc;
}

/* A handler's verdict: there is an answer to go out, or it keeps the reply object. */
SYS_INLINE void server_outcome(struct server *s, int rc)
{
    s->is_answering = rc != PARKED;
    if (rc == PARKED)
        s->reply = s->free[--s->nfree];
}

/* Handle the message in *m, which was received, and leave its answer there. */
SYS_INLINE void server_message(struct server *s, const struct server_ops *ops, void *self,
                               struct message *m)
{
    int rc;

    if (m->tag & TAG_NOTIFIED) {
        s->is_answering = false;
        trace_add(&s->trace, EVENT_NOTIFIED, m->word[0], 0);
        server_notified(s, ops, self, m->word[0]);
        return;
    }
    if (m->tag & TAG_KERNEL) {
        trace_add(&s->trace, EVENT_FAULT, m->badge, m->word[0]);
        rc = ops->fault ? ops->fault(self, s->reply, m) : PARKED;
    } else {
        trace_add(&s->trace, EVENT_CALL, m->badge, m->tag);
        rc = server_call(s, ops, self, m);
    }
    server_outcome(s, rc);
}

/* One message: wait for it (answering the one before), handle it. */
SYS_INLINE void server_step(struct server *s, const struct server_ops *ops, void *self,
                            struct message *m)
{
    int rc;

    if (ops->settle)
        ops->settle(self);
    server_flush(s);
    rc = s->is_answering ? sys_reply_recv(s->reply, SLOT_ENDPOINT, m)
                         : sys_recv(s->reply, SLOT_ENDPOINT, m);
    if (__builtin_expect(rc == 0, 1))
        server_message(s, ops, self, m);
    else if (s->is_answering)
        server_outcome(s, server_refused(s, ops, self, rc, m));
}

SYS_INLINE void __attribute__((noreturn)) server_run(struct server *s, const struct server_ops *ops,
                                                     void *self)
{
    struct message m = {0};

    for (;;)
        server_step(s, ops, self, &m);
}

#endif
