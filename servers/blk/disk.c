/* Virtio block driver, see disk.h. Slot i owns descriptors 3i (header), 3i + 1 (data), 3i + 2
 * (status); a flush has no data and links header to status. */
#include "disk.h"
#include <string.h>

#define CHAIN 3u /* descriptors of a slot */

static void put64(const struct disk *disk, uint32_t offset, uint64_t value)
{
    mmio_write(&disk->regs, offset, (uint32_t)value);
    mmio_write(&disk->regs, offset + 4, (uint32_t)(value >> 32));
}

static paddr_t shared_paddr(const struct disk *disk, const volatile void *place)
{
    return disk->queue_paddr + ((uintptr_t)place - (uintptr_t)disk->queue);
}

static uint64_t device_features(const struct disk *disk)
{
    uint64_t low, high;

    mmio_write(&disk->regs, VIRTIO_DEVICE_FEATURES_SEL, 0);
    low = mmio_read(&disk->regs, VIRTIO_DEVICE_FEATURES);
    mmio_write(&disk->regs, VIRTIO_DEVICE_FEATURES_SEL, 1);
    high = mmio_read(&disk->regs, VIRTIO_DEVICE_FEATURES);
    return high << 32 | low;
}

/* Reset the device, so that it touches no memory any more, and use it never again. */
static int give_up(struct disk *disk, int error)
{
    mmio_write(&disk->regs, VIRTIO_STATUS, 0);
    mmio_write(&disk->regs, VIRTIO_STATUS, VIRTIO_FAILED);
    disk->is_failed = true;
    return error;
}

/* => 0, ERR_IO: the device does not offer version 1, or refuses our choice. */
static int agree_on_features(struct disk *disk)
{
    uint64_t offered = device_features(disk);
    uint64_t wanted = offered & (VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_RO | VIRTIO_BLK_F_FLUSH);
    uint32_t status = VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK;

    if (!(offered & VIRTIO_F_VERSION_1))
        return ERR_IO;
    for (uint32_t half = 0; half < 2; half++) {
        mmio_write(&disk->regs, VIRTIO_DRIVER_FEATURES_SEL, half);
        mmio_write(&disk->regs, VIRTIO_DRIVER_FEATURES, (uint32_t)(wanted >> (32 * half)));
    }
    mmio_write(&disk->regs, VIRTIO_STATUS, status);
    disk->is_read_only = (wanted & VIRTIO_BLK_F_RO) != 0;
    disk->has_flush = (wanted & VIRTIO_BLK_F_FLUSH) != 0;
    return mmio_read(&disk->regs, VIRTIO_STATUS) & VIRTIO_FEATURES_OK ? 0 : ERR_IO;
}

/* Largest power of two that device and our memory allow. */
static uint32_t queue_size(uint32_t device_max)
{
    uint32_t num = VIRTQ_MAX;

    while (num > device_max)
        num /= 2;
    return num;
}

static int set_up_queue(struct disk *disk)
{
    const struct mmio *regs = &disk->regs;
    uint32_t num;

    mmio_write(regs, VIRTIO_QUEUE_SEL, 0);
    num = queue_size(mmio_read(regs, VIRTIO_QUEUE_NUM_MAX));
    if (num < CHAIN + 1 || mmio_read(regs, VIRTIO_QUEUE_READY))
        return ERR_IO;
    disk->num = (uint16_t)num;
    disk->nslots = num / CHAIN < DISK_SLOTS ? num / CHAIN : DISK_SLOTS;
    mmio_write(regs, VIRTIO_QUEUE_NUM, num);
    put64(disk, VIRTIO_QUEUE_DESC, shared_paddr(disk, disk->queue->desc));
    put64(disk, VIRTIO_QUEUE_DRIVER, shared_paddr(disk, &disk->queue->avail));
    put64(disk, VIRTIO_QUEUE_DEVICE, shared_paddr(disk, &disk->queue->used));
    mmio_write(regs, VIRTIO_QUEUE_READY, 1);
    return 0;
}

/* Capacity, read until it did not change meanwhile. */
static uint64_t read_capacity(const struct disk *disk)
{
    uint32_t generation;
    uint64_t low, high;

    do {
        generation = mmio_read(&disk->regs, VIRTIO_CONFIG_GENERATION);
        low = mmio_read(&disk->regs, VIRTIO_CONFIG);
        high = mmio_read(&disk->regs, VIRTIO_CONFIG + 4);
    } while (generation != mmio_read(&disk->regs, VIRTIO_CONFIG_GENERATION));
    return high << 32 | low;
}

int disk_start(struct disk *disk, struct mmio regs, struct disk_queue *queue, paddr_t queue_paddr)
{
    memset(disk, 0, sizeof *disk);
    disk->regs = regs;
    disk->queue = queue;
    disk->queue_paddr = queue_paddr;
    memset(disk->tag, 0xff, sizeof disk->tag);
    if (mmio_read(&regs, VIRTIO_MAGIC) != VIRTIO_MAGIC_VALUE ||
        mmio_read(&regs, VIRTIO_VERSION) != VIRTIO_VERSION_MODERN ||
        mmio_read(&regs, VIRTIO_DEVICE_ID) != VIRTIO_ID_BLOCK) {
        disk->is_failed = true;
        return ERR_NODEV;
    }
    mmio_write(&regs, VIRTIO_STATUS, 0);
    mmio_write(&regs, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE);
    mmio_write(&regs, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
    if (agree_on_features(disk) < 0 || set_up_queue(disk) < 0)
        return give_up(disk, ERR_IO);
    disk->sectors = read_capacity(disk);
    mmio_write(&regs, VIRTIO_STATUS,
               VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK);
    return 0;
}

static uint32_t free_slot(const struct disk *disk)
{
    uint32_t slot = 0;

    while (slot < disk->nslots && disk->tag[slot] != DISK_TAG_NONE)
        slot++;
    return slot;
}

static void describe(struct virtq_desc *desc, paddr_t addr, uint32_t len, uint16_t flags,
                     uint16_t next)
{
    *desc = (struct virtq_desc){.addr = addr, .len = len, .flags = flags, .next = next};
}

static void fill_chain(struct disk *disk, uint32_t slot, const struct disk_request *request)
{
    static const uint32_t type[] = {VIRTIO_BLK_IN, VIRTIO_BLK_OUT, VIRTIO_BLK_FLUSH};
    struct disk_queue *queue = disk->queue;
    uint16_t first = (uint16_t)(CHAIN * slot), data = first + 1, status = first + 2;
    bool has_data = request->op != DISK_FLUSH;

    queue->header[slot] = (struct virtio_blk_header){
        .type = type[request->op], .sector = has_data ? request->sector : 0};
    queue->status[slot] = 0xff;
    describe(&queue->desc[first], shared_paddr(disk, &queue->header[slot]),
             sizeof queue->header[slot], VIRTQ_NEXT, has_data ? data : status);
    describe(&queue->desc[data], request->data, request->bytes,
             VIRTQ_NEXT | (request->op == DISK_READ ? VIRTQ_DEVICE_WRITES : 0), status);
    describe(&queue->desc[status], shared_paddr(disk, &queue->status[slot]), 1,
             VIRTQ_DEVICE_WRITES, 0);
}

int disk_submit(struct disk *disk, const struct disk_request *request)
{
    struct virtq_avail *avail = &disk->queue->avail;
    uint32_t slot;

    if (disk->is_failed)
        return ERR_IO;
    slot = free_slot(disk);
    if (slot == disk->nslots)
        return ERR_AGAIN;
    disk->tag[slot] = request->tag;
    disk->nflying++;
    fill_chain(disk, slot, request);
    avail->ring[avail->index % disk->num] = (uint16_t)(CHAIN * slot);
    __atomic_store_n(&avail->index, (uint16_t)(avail->index + 1), __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    mmio_write(&disk->regs, VIRTIO_QUEUE_NOTIFY, 0);
    return 0;
}

void disk_interrupt(struct disk *disk)
{
    uint32_t pending = mmio_read(&disk->regs, VIRTIO_INTERRUPT_STATUS);

    mmio_write(&disk->regs, VIRTIO_INTERRUPT_ACK, pending);
    if (mmio_read(&disk->regs, VIRTIO_STATUS) & (VIRTIO_NEEDS_RESET | VIRTIO_FAILED))
        give_up(disk, ERR_IO);
}

static int status_error(uint8_t status)
{
    switch (status) {
    case VIRTIO_BLK_OK:
        return 0;
    case VIRTIO_BLK_UNSUPPORTED:
        return ERR_NOSYS;
    default:
        return ERR_IO;
    }
}

static void end_slot(struct disk *disk, uint32_t slot, uint32_t *tag)
{
    *tag = disk->tag[slot];
    disk->tag[slot] = DISK_TAG_NONE;
    disk->nflying--;
}

/* End any one request of a failed device. */
static bool end_failed(struct disk *disk, uint32_t *tag, int *status)
{
    for (uint32_t slot = 0; slot < disk->nslots; slot++) {
        if (disk->tag[slot] == DISK_TAG_NONE)
            continue;
        end_slot(disk, slot, tag);
        *status = ERR_IO;
        return true;
    }
    return false;
}

bool disk_complete(struct disk *disk, uint32_t *tag, int *status)
{
    const struct virtq_used *used = &disk->queue->used;
    uint32_t id;

    if (disk->is_failed)
        return end_failed(disk, tag, status);
    if (__atomic_load_n(&used->index, __ATOMIC_ACQUIRE) == disk->used)
        return false;
    id = used->ring[disk->used % disk->num].id;
    if (id % CHAIN || id / CHAIN >= disk->nslots || disk->tag[id / CHAIN] == DISK_TAG_NONE) {
        give_up(disk, ERR_IO);
        return end_failed(disk, tag, status);
    }
    disk->used++;
    *status = status_error(disk->queue->status[id / CHAIN]);
    end_slot(disk, id / CHAIN, tag);
    return true;
}
