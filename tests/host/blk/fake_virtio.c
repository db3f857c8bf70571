#include "fake_virtio.h"
#include <assert.h>
#include <string.h>

struct fake_virtio fake;

void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.magic = VIRTIO_MAGIC_VALUE;
    fake.version = VIRTIO_VERSION_MODERN;
    fake.id = VIRTIO_ID_BLOCK;
    fake.features = VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_FLUSH | 1u << 6;
    fake.num_max = 1024;
    for (uint32_t i = 0; i < sizeof fake.disk; i++)
        fake.disk[i] = (uint8_t)(i / SECTOR_BYTES + i);
}

static void *host(uint64_t paddr, uint64_t bytes)
{
    assert(paddr >= FAKE_PADDR && paddr + bytes <= FAKE_PADDR + sizeof fake.memory);
    return fake.memory + (paddr - FAKE_PADDR);
}

struct disk_queue *fake_queue(void)
{
    return (struct disk_queue *)fake.memory;
}

uint32_t mmio_read(const struct mmio *regs, uint32_t offset)
{
    switch (offset) {
    case VIRTIO_MAGIC: return fake.magic;
    case VIRTIO_VERSION: return fake.version;
    case VIRTIO_DEVICE_ID: return fake.id;
    case VIRTIO_DEVICE_FEATURES: return (uint32_t)(fake.features >> 32 * fake.feature_half);
    case VIRTIO_QUEUE_NUM_MAX: return fake.num_max;
    case VIRTIO_QUEUE_READY: return fake.ready;
    case VIRTIO_STATUS:
        return fake.refuses_features ? fake.status & ~VIRTIO_FEATURES_OK : fake.status;
    case VIRTIO_INTERRUPT_STATUS: return fake.interrupt;
    case VIRTIO_CONFIG: return FAKE_SECTORS;
    default: return 0;
    }
}

static void take_requests(void)
{
    struct virtq_avail *avail = host(fake.driver, sizeof *avail);

    fake.notified++;
    while (fake.seen != avail->index) {
        assert(fake.npending < VIRTQ_MAX);
        fake.pending[fake.npending++] = avail->ring[fake.seen++ % fake.num];
    }
}

static void set_half(uint64_t *word, uint32_t half, uint32_t value)
{
    *word = (*word & ~(0xffffffffULL << 32 * half)) | (uint64_t)value << 32 * half;
}

void mmio_write(const struct mmio *regs, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case VIRTIO_DEVICE_FEATURES_SEL: fake.feature_half = value; break;
    case VIRTIO_DRIVER_FEATURES_SEL: fake.driver_half = value; break;
    case VIRTIO_DRIVER_FEATURES: set_half(&fake.accepted, fake.driver_half, value); break;
    case VIRTIO_STATUS: fake.status = value; break;
    case VIRTIO_QUEUE_NUM: fake.num = value; break;
    case VIRTIO_QUEUE_READY: fake.ready = value; break;
    case VIRTIO_QUEUE_DESC: set_half(&fake.desc, 0, value); break;
    case VIRTIO_QUEUE_DESC + 4: set_half(&fake.desc, 1, value); break;
    case VIRTIO_QUEUE_DRIVER: set_half(&fake.driver, 0, value); break;
    case VIRTIO_QUEUE_DRIVER + 4: set_half(&fake.driver, 1, value); break;
    case VIRTIO_QUEUE_DEVICE: set_half(&fake.device, 0, value); break;
    case VIRTIO_QUEUE_DEVICE + 4: set_half(&fake.device, 1, value); break;
    case VIRTIO_QUEUE_NOTIFY: take_requests(); break;
    case VIRTIO_INTERRUPT_ACK: fake.interrupt &= ~value; break;
    default: break;
    }
}

/* The data part of a chain; NULL for a flush. */
static const struct virtq_desc *data_of(const struct virtq_desc *desc, uint16_t head)
{
    const struct virtq_desc *second = &desc[desc[head].next];

    return second->flags & VIRTQ_NEXT ? second : NULL;
}

static uint8_t carry_out(const struct virtio_blk_header *header, const struct virtq_desc *data)
{
    uint8_t *sector = fake.disk + header->sector * SECTOR_BYTES;

    if (fake.fail_next) {
        fake.fail_next--;
        return VIRTIO_BLK_IOERR;
    }
    if (header->type == VIRTIO_BLK_FLUSH) {
        assert(!data);
        fake.flushes++;
        return VIRTIO_BLK_OK;
    }
    assert(header->sector * SECTOR_BYTES + data->len <= sizeof fake.disk);
    assert(((data->flags & VIRTQ_DEVICE_WRITES) != 0) == (header->type == VIRTIO_BLK_IN));
    if (header->type == VIRTIO_BLK_IN)
        memcpy(host(data->addr, data->len), sector, data->len);
    else
        memcpy(sector, host(data->addr, data->len), data->len);
    return VIRTIO_BLK_OK;
}

void fake_answer(uint32_t which)
{
    const struct virtq_desc *desc = host(fake.desc, sizeof *desc * fake.num);
    struct virtq_used *used = host(fake.device, sizeof *used);
    uint16_t head = fake.pending[which];
    const struct virtq_desc *data = data_of(desc, head);
    const struct virtq_desc *status = &desc[data ? data->next : desc[head].next];

    assert(which < fake.npending && status->len == 1 && status->flags == VIRTQ_DEVICE_WRITES);
    *(uint8_t *)host(status->addr, 1) =
        carry_out(host(desc[head].addr, sizeof(struct virtio_blk_header)), data);
    memmove(&fake.pending[which], &fake.pending[which + 1],
            (fake.npending - which - 1) * sizeof fake.pending[0]);
    fake.npending--;
    used->ring[used->index % fake.num].id = head;
    used->index++;
    fake.interrupt |= 1;
}
