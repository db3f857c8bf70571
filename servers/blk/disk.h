/* One virtio block device: up to DISK_SLOTS requests in flight, each a chain of header, data, status
 * at a fixed place of the queue, so that nothing is allocated.
 *
 *   disk_start:  reset -> features -> queue -> DRIVER_OK
 *   a request:   disk_submit -> (interrupt) -> disk_complete
 *
 * A device that breaks the protocol or asks for a reset is failed: what is in flight ends with
 * ERR_IO, as does all that comes later.
 */
#ifndef BLK_DISK_H
#define BLK_DISK_H

#include <stdbool.h>
#include <abi/error.h>
#include <abi/types.h>
#include "mmio.h"
#include "virtio.h"

#define DISK_SLOTS 64u
#define SECTOR_BYTES 512u
#define DISK_TAG_NONE UINT32_MAX

/* What device and driver share; its physical address is handed to the device. */
struct disk_queue {
    struct virtq_desc desc[VIRTQ_MAX];
    struct virtq_avail avail;
    struct virtq_used used __attribute__((aligned(4)));
    struct virtio_blk_header header[DISK_SLOTS] __attribute__((aligned(16)));
    volatile uint8_t status[DISK_SLOTS];
};

enum disk_op { DISK_READ, DISK_WRITE, DISK_FLUSH };

struct disk_request {
    enum disk_op op;
    uint64_t sector;
    paddr_t data;     /* DISK_FLUSH: ignored, like sector and bytes */
    uint32_t bytes;
    uint32_t tag;     /* the caller's name for it; not DISK_TAG_NONE */
};

struct disk {
    struct mmio regs;
    struct disk_queue *queue;
    paddr_t queue_paddr;
    uint64_t sectors;     /* capacity */
    bool is_read_only, has_flush, is_failed;
    uint32_t nslots;      /* usable, at most DISK_SLOTS */
    uint32_t nflying;
    uint16_t used;        /* used entries consumed so far, modulo 2^16 */
    uint16_t num;         /* queue size told to the device */
    uint32_t tag[DISK_SLOTS]; /* DISK_TAG_NONE: slot is free */
};

/* Bring the device at `regs` up, with `queue` (zeroed, at queue_paddr) as its queue.
 * => 0; ERR_NODEV: no modern virtio block device there; ERR_IO: it refused features or queue. */
int disk_start(struct disk *disk, struct mmio regs, struct disk_queue *queue, paddr_t queue_paddr);

/* Hand a request to the device. => 0; ERR_AGAIN: all slots are in flight; ERR_IO: failed device.
 * The caller has checked the range and, for writes, is_read_only. */
int disk_submit(struct disk *disk, const struct disk_request *request);

/* Acknowledge the device's interrupt; finds out whether it failed. */
void disk_interrupt(struct disk *disk);

/* Take one request that is done. => true with its tag and status (0, ERR_IO; ERR_NOSYS: the device
 * does not know such requests). */
bool disk_complete(struct disk *disk, uint32_t *tag, int *status);

#endif
