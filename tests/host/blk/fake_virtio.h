/* A virtio block device over MMIO in plain memory, for host tests. It takes requests when notified
 * and answers them when told to, in any order; it checks what the driver gives it. */
#ifndef TESTS_FAKE_VIRTIO_H
#define TESTS_FAKE_VIRTIO_H

#include "servers/blk/disk.h"

#define FAKE_SECTORS 64u
#define FAKE_PADDR 0x90000000UL /* physical address of fake.memory */
#define FAKE_PAGES 8u

struct fake_virtio {
    uint64_t features; /* offered */
    uint64_t accepted;
    uint32_t feature_half, driver_half, status, num, num_max, ready, interrupt;
    uint32_t magic, version, id;
    bool refuses_features;
    uint64_t desc, driver, device;
    uint16_t seen;               /* avail entries taken */
    uint16_t pending[VIRTQ_MAX]; /* heads not answered yet */
    uint32_t npending;
    uint32_t fail_next;          /* answer this many with an I/O error */
    uint32_t notified, flushes;
    uint8_t disk[FAKE_SECTORS * SECTOR_BYTES];
    uint8_t memory[FAKE_PAGES * PAGE_SIZE] __attribute__((aligned(16)));
};

extern struct fake_virtio fake;

/* A working device; the queue is to lie in pages 0 and 1 of its memory. */
void fake_reset(void);
struct disk_queue *fake_queue(void);
/* Carry out and answer pending request number `which` (0: the oldest). */
void fake_answer(uint32_t which);

#endif
