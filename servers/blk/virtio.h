/* Virtio as far as a block device behind MMIO needs it: register offsets, feature bits, and the
 * split virtqueue in memory. Source: Virtual I/O Device (VIRTIO) 1.1, "Virtio Over MMIO", "Split
 * Virtqueues", "Block Device". */
#ifndef BLK_VIRTIO_H
#define BLK_VIRTIO_H

#include <stdint.h>

/* MMIO registers. */
#define VIRTIO_MAGIC 0x000
#define VIRTIO_VERSION 0x004
#define VIRTIO_DEVICE_ID 0x008
#define VIRTIO_DEVICE_FEATURES 0x010
#define VIRTIO_DEVICE_FEATURES_SEL 0x014
#define VIRTIO_DRIVER_FEATURES 0x020
#define VIRTIO_DRIVER_FEATURES_SEL 0x024
#define VIRTIO_QUEUE_SEL 0x030
#define VIRTIO_QUEUE_NUM_MAX 0x034
#define VIRTIO_QUEUE_NUM 0x038
#define VIRTIO_QUEUE_READY 0x044
#define VIRTIO_QUEUE_NOTIFY 0x050
#define VIRTIO_INTERRUPT_STATUS 0x060
#define VIRTIO_INTERRUPT_ACK 0x064
#define VIRTIO_STATUS 0x070
#define VIRTIO_QUEUE_DESC 0x080 /* low word; high word at + 4, likewise below */
#define VIRTIO_QUEUE_DRIVER 0x090
#define VIRTIO_QUEUE_DEVICE 0x0a0
#define VIRTIO_CONFIG_GENERATION 0x0fc
#define VIRTIO_CONFIG 0x100 /* block device: capacity in sectors of 512 bytes, 64 bits */

#define VIRTIO_MAGIC_VALUE 0x74726976u
#define VIRTIO_VERSION_MODERN 2u
#define VIRTIO_ID_BLOCK 2u

/* VIRTIO_STATUS. */
#define VIRTIO_ACKNOWLEDGE 1u
#define VIRTIO_DRIVER 2u
#define VIRTIO_DRIVER_OK 4u
#define VIRTIO_FEATURES_OK 8u
#define VIRTIO_NEEDS_RESET 64u
#define VIRTIO_FAILED 128u

/* Features, as bits of the 64-bit word. */
#define VIRTIO_BLK_F_RO (1ULL << 5)
#define VIRTIO_BLK_F_FLUSH (1ULL << 9)
#define VIRTIO_F_VERSION_1 (1ULL << 32)

/* Descriptor flags. */
#define VIRTQ_NEXT 1u
#define VIRTQ_DEVICE_WRITES 2u

#define VIRTQ_MAX 256u /* descriptors at most that we use */

struct virtq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags, next;
};

struct virtq_avail {
    uint16_t flags, index;
    uint16_t ring[VIRTQ_MAX];
    uint16_t used_event;
};

struct virtq_used {
    uint16_t flags, index;
    struct {
        uint32_t id, len;
    } ring[VIRTQ_MAX];
    uint16_t avail_event;
};

/* Request kinds and status of a block device. */
#define VIRTIO_BLK_IN 0u
#define VIRTIO_BLK_OUT 1u
#define VIRTIO_BLK_FLUSH 4u
#define VIRTIO_BLK_OK 0u
#define VIRTIO_BLK_IOERR 1u
#define VIRTIO_BLK_UNSUPPORTED 2u

struct virtio_blk_header {
    uint32_t type, reserved;
    uint64_t sector;
};

#endif
