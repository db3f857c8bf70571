/* The slots of the swap disk: which are taken, and whose page each holds. Pure.
 *
 *   FREE -> WRITING -> HELD -> FREE      a failed write: WRITING -> BAD, never used again
 *
 * A slot is handed out again only when nothing of its old life is in flight: a slot freed while it is
 * being read becomes free when the read ends. Slots are given out in ascending order from where the
 * last one lay, so that pages evicted together lie together.
 */
#ifndef SWAP_SLOTS_H
#define SWAP_SLOTS_H

#include <stdint.h>
#include <abi/error.h>

enum slot_state { SLOT_FREE, SLOT_WRITING, SLOT_HELD, SLOT_BAD };

struct swap_slot {
    uint64_t key;     /* the owner's name for the page */
    uint32_t readers; /* reads in flight */
    uint8_t state;    /* enum slot_state */
    uint8_t is_doomed;/* to be freed when the last read ends */
};

struct slots {
    struct swap_slot *slot;
    uint32_t total, nfree, nbad;
    uint32_t cursor; /* where the next search begins */
};

/* `total` slots, all free, in `memory` for as many (zeroed). */
void slots_init(struct slots *slots, struct swap_slot *memory, uint32_t total);

/* Take a free slot for a page to be written. => 0 with *slot, ERR_NOSPC. */
int slots_take(struct slots *slots, uint64_t key, uint32_t *slot);

/* The write of a slot that was taken has ended with `status`. */
void slots_written(struct slots *slots, uint32_t slot, int status);

/* A read of `slot` begins. => 0; ERR_RANGE: no such slot, or it holds nothing; ERR_CORRUPT: another
 * page is in it. */
int slots_read_begin(struct slots *slots, uint64_t slot, uint64_t key);
void slots_read_end(struct slots *slots, uint32_t slot);

/* => 0, ERR_RANGE (holds nothing), ERR_CORRUPT (another page's). */
int slots_free(struct slots *slots, uint64_t slot, uint64_t key);

#endif
