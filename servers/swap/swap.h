/* The swap server's logic: the pager's requests (include/proto/swap.def) become slots and block
 * requests; a request is answered when its block request is. One page a slot. A disk that fails a
 * write loses that slot for good and the pager keeps the page; a failed read is the reader's loss.
 *
 * States: until the disk's size is known requests find no swap (total 0, ERR_NOSPC).
 */
#ifndef SWAP_SWAP_H
#define SWAP_SWAP_H

#include <stdbool.h>
#include <stddef.h>
#include <lib/server/peer.h>
#include <proto/blk.h>
#include <proto/swap.h>
#include "slots.h"

#define SWAP_DISK 1u
#define SWAP_JOBS (2 * RING_CREDIT) /* more than the pager's credit */

struct swap_job {
    struct swap_service *swap;
    struct peer *from;
    uint64_t head; /* of the pager's request */
    uint32_t slot;
    bool is_write;
    uint32_t next; /* free list: index + 1 */
};

struct swap_service {
    struct peer *blk;
    struct slots slots;
    struct swap_slot *memory; /* for `capacity` slots */
    uint64_t capacity;
    struct swap_job job[SWAP_JOBS];
    uint32_t free_job, nbusy;
    uint64_t nfailed;         /* block requests that ended with an error */
    struct peer *quiescing;   /* to be told when nothing is in flight */
    uint64_t quiesce_head;
};

/* Without a disk so far; `memory` is zeroed and holds `bytes`. */
void swap_init(struct swap_service *swap, struct peer *blk, void *memory, size_t bytes);

/* The swap disk has `sectors` sectors of 512 bytes. => slots in use of it: fewer than fit on the
 * disk if there is no memory for their states. */
uint32_t swap_set_disk(struct swap_service *swap, uint64_t sectors);

/* A request of the pager. */
void swap_request(struct swap_service *swap, struct peer *from, const struct ring_entry *entry);

/* => 0: nothing in flight; PARKED: `from` gets its answer to `head` then. */
int swap_quiesce(struct swap_service *swap, struct peer *from, uint64_t head);

#endif
