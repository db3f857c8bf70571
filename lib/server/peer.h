/* A peer server as seen from this one: requests out with a continuation each, requests in, and their
 * completions, over a pair of rings. Pure: whoever owns it signals the peer when `is_due` is set.
 *
 *   request out:  FREE -> QUEUED -> SENT -> (completion) -> done() -> FREE
 *
 * At most RING_CREDIT requests are unanswered per direction; what exceeds that waits QUEUED in the
 * table that the owner handed over. With that credit completions always fit into the ring. The
 * cookie of a request is its place in the table and that place's generation, so that a completion
 * that nobody waits for is recognised; it means that the peer is dead, as any other violation.
 * Then every request not answered ends with ERR_DEAD, and so does every later post.
 */
#ifndef LIB_SERVER_PEER_H
#define LIB_SERVER_PEER_H

#include <stddef.h>
#include <lib/server/ring.h>

#define RING_CREDIT 28u

/* What to do when a request was answered: status 0 or an error, rep = the reply's words (valid only
 * during the call, garbage if status is an error). It may post again. */
typedef void peer_done_fn(void *self, uint64_t arg, int status, const uint64_t *rep);

struct peer_pending {
    struct ring_entry entry;
    peer_done_fn *done;
    void *self;
    uint64_t arg;
    uint32_t next; /* in the free list or the queue: index + 1, 0 = end */
    uint16_t generation;
    uint16_t state; /* enum in peer.c */
};

struct peer {
    struct ring ring;
    struct peer_pending *table;
    uint32_t capacity;
    uint32_t free, queue_head, queue_tail; /* index + 1 */
    uint32_t nfree, nsent;                 /* free places; requests unanswered by the peer */
    uint32_t nowed;                        /* the peer's requests unanswered by us */
    bool is_due;                           /* something was put in the ring: signal the peer */
    bool *any_due;                         /* set too, if not NULL: one flag for several peers */
};

/* `table`: memory for `capacity` (1..65535) requests, sent and queued. */
void peer_attach(struct peer *peer, const struct ring *ring, struct peer_pending *table,
                 uint32_t capacity);

/* Send operation `op` with `words` (0..7) words; `done` is called once, with the answer or ERR_DEAD.
 * => 0; ERR_AGAIN: the table is full, nothing happened; ERR_DEAD. On error done is not called. */
struct peer_target {
    peer_done_fn *done; /* NULL: nobody cares */
    void *self;
    uint64_t arg;
};
int peer_post(struct peer *peer, uint32_t op, const void *req, unsigned words,
              struct peer_target target);

/* Requests that peer_post() takes for certain. */
static inline uint32_t peer_room(const struct peer *peer)
{
    return peer->nfree;
}

/* Next request of the peer; completions that come before it are delivered to their targets.
 * => 1 with *request; 0: nothing more; ERR_DEAD: the peer broke the rules (once; then 0). */
int peer_take(struct peer *peer, struct ring_entry *request);

/* Answer a request that peer_take() gave, named by its head, with `words` words. */
void peer_answer(struct peer *peer, uint64_t head, int status, const void *rep, unsigned words);

/* End all our unanswered requests with ERR_DEAD and use the peer no more. */
void peer_fail(struct peer *peer);

/* Typed: PEER_POST(peer, swap, out, &req, target), PEER_ANSWER(peer, swap, out, head, 0, &rep). */
#define PEER_POST(peer, proto, name, req, ...)                                                     \
    ({                                                                                             \
        const struct proto##_##name##_req *peer_req_ = (req);                                      \
        peer_post(peer, proto##_OP_##name, peer_req_, sizeof *peer_req_ / 8, __VA_ARGS__);         \
    })
#define PEER_ANSWER(peer, proto, name, head, status, rep)                                          \
    ({                                                                                             \
        const struct proto##_##name##_rep *peer_rep_ = (rep);                                      \
        peer_answer(peer, head, status, peer_rep_, sizeof *peer_rep_ / 8);                         \
    })

#endif
