/* One direction pair of rings between two servers: entries of eight words in shared pages.
 *
 * Each side owns one page, which only it writes (the peer has it mapped read-only): the entries it
 * sends, how many it has sent, and how many of the peer's it has taken. So a peer can lie about its
 * own figures but cannot touch ours; its figures are checked before use, and each entry is copied
 * once. A peer that breaks the rules is dead: nothing is read from it or sent to it any more.
 *
 * Counters never wrap (64 bits); entry n lies at n modulo RING_ENTRIES.
 */
#ifndef LIB_SERVER_RING_H
#define LIB_SERVER_RING_H

#include <stdbool.h>
#include <stdint.h>
#include <abi/error.h>

#define RING_ENTRIES 63u
#define RING_WORDS 7u

struct ring_entry {
    uint64_t head; /* RING_HEAD */
    uint64_t word[RING_WORDS];
};

/* head: op | flags << 8 | -status << 16 | cookie << 32. status and RING_COMPLETION: completions. */
#define RING_COMPLETION 1u
#define RING_HEAD(op, cookie) ((uint64_t)(op) | (uint64_t)(cookie) << 32)
#define RING_OP(head) ((uint32_t)((head)&0xff))
#define RING_IS_COMPLETION(head) (((head) >> 8 & RING_COMPLETION) != 0)
#define RING_STATUS(head) (-(int)((head) >> 16 & 0xffff))
#define RING_COOKIE(head) ((uint32_t)((head) >> 32))

struct ring_page {
    uint64_t produced; /* entries written to this page so far */
    uint64_t consumed; /* entries of the other page taken so far */
    uint64_t epoch;    /* of the server that owns this page (server_boot.epoch); 0: not attached */
    uint64_t reserved[5];
    struct ring_entry entry[RING_ENTRIES];
};
_Static_assert(sizeof(struct ring_page) == 4096, "a ring is one page");

/* One side's view. */
struct ring {
    struct ring_page *ours;
    const struct ring_page *theirs;
    uint64_t produced, consumed; /* our own figures; the copies in `ours` are for the peer */
    uint64_t taken;              /* of ours, by the peer, when last looked */
    uint32_t put, get;           /* positions of the next entry to write and to read */
    bool is_dead;
};

/* Attach to a pair of pages; counters go on from what `ours` says (zeroed pages: from the start). */
void ring_attach(struct ring *ring, struct ring_page *ours, const struct ring_page *theirs,
                 uint64_t epoch);

/* Publish one entry. => 0, ERR_AGAIN (full), ERR_DEAD. */
int ring_put(struct ring *ring, const struct ring_entry *entry);

/* Copy out the next entry of the peer. => 1, 0 (none there), ERR_DEAD. */
int ring_get(struct ring *ring, struct ring_entry *entry);

/* Is there something to get? One load; a violation also reads as yes. */
static inline bool ring_is_pending(const struct ring *ring)
{
    return __atomic_load_n(&ring->theirs->produced, __ATOMIC_ACQUIRE) != ring->consumed;
}

#endif
