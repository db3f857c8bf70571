/* The block server's logic: checks every request, translates it to a physical address inside the
 * frames that init allowed, and keeps it until the device answers. Requests that find all slots of
 * the device taken wait here in the order in which they came.
 *
 * It owns nothing of what the bytes mean; who may use which disk is init's choice of rings.
 */
#ifndef BLK_BLK_H
#define BLK_BLK_H

#include <lib/server/boot.h>
#include <lib/server/peer.h>
#include <proto/blk.h>
#include "disk.h"

#define BLK_JOBS 128u /* more than all peers' credit together */

struct blk_job {
    struct peer *from;
    uint64_t head;             /* the request's, for the answer */
    struct disk_request request;
    uint8_t disk;
    uint32_t next;             /* in the free list or a waiting list: index + 1, 0 = end */
};

struct blk_disk {
    struct disk disk;
    bool is_present;
    uint32_t waiting_head, waiting_tail; /* jobs, index + 1 */
    uint64_t nerrors;
};

struct blk_service {
    struct blk_disk disk[SERVER_DISKS];
    struct {
        paddr_t base;
        uint64_t pages;
    } memory[BLK_MEM_COUNT];
    struct blk_job job[BLK_JOBS];
    uint32_t free;             /* jobs, index + 1 */
    uint32_t nbusy;
    struct peer *quiescing;    /* who is to be told when nothing is in flight, NULL: nobody */
    uint64_t quiesce_head;
};

/* Forget everything; take the DMA ranges from `boot`. No disk is present. */
void blk_init(struct blk_service *blk, const struct server_boot *boot);

/* Disk `number` is up as `disk`, which the caller filled in by disk_start(). */
void blk_add_disk(struct blk_service *blk, uint32_t number);

/* Answer everything that disk `number` has completed and submit what waited for it.
 * => how many requests ended with an error. */
unsigned blk_interrupt(struct blk_service *blk, uint32_t number);

/* A request of `from`; answered at once or when the device is done. */
void blk_request(struct blk_service *blk, struct peer *from, const struct ring_entry *entry);

/* => 0: nothing is in flight; PARKED: `from` gets its answer to `head` when nothing is. */
int blk_quiesce(struct blk_service *blk, struct peer *from, uint64_t head);

#endif
