/* What init itself reads from devices: the clock, and which disks there are (their drivers come later
 * and are blk's business). */
#include <servers/init/init.h>
#include <lib/sys/syscall.h>

/* goldfish-rtc: reading the low word latches the high one. */
enum { RTC_LOW = 0, RTC_HIGH = 1 };
/* virtio-mmio registers as words (Virtual I/O Device specification, "MMIO Device Register Layout"). */
enum { VIRTIO_MAGIC_AT = 0, VIRTIO_ID_AT = 2, VIRTIO_CONFIG_AT = 64 };
enum { VIRTIO_MAGIC = 0x74726976, VIRTIO_ID_BLOCK = 2 };

#define NS_PER_SECOND 1000000000UL

static uint64_t read_rtc(const struct init *init)
{
    const struct fdt_device *d = fdt_device(&init->devices, FDT_RTC, 0);
    const volatile uint32_t *rtc = d ? window_device(WINDOW_RTC, d->base) : NULL;
    uint64_t low;

    if (!rtc)
        return 0;
    low = rtc[RTC_LOW];
    return (uint64_t)rtc[RTC_HIGH] << 32 | low;
}

static uint64_t ticks_to_ns(ticks_t ticks, uint64_t hz)
{
    return ticks / hz * NS_PER_SECOND + ticks % hz * NS_PER_SECOND / hz;
}

/* Capacity, in sectors of 512 bytes; 0: no block device there. */
static uint64_t disk_sectors(const struct init *init, unsigned disk)
{
    const struct fdt_device *d = fdt_device(&init->devices, FDT_VIRTIO, disk);
    const volatile uint32_t *regs = d ? window_device(WINDOW_DISK + disk, d->base) : NULL;

    if (!regs || regs[VIRTIO_MAGIC_AT] != VIRTIO_MAGIC || regs[VIRTIO_ID_AT] != VIRTIO_ID_BLOCK)
        return 0;
    return regs[VIRTIO_CONFIG_AT] | (uint64_t)regs[VIRTIO_CONFIG_AT + 1] << 32;
}

void machine_probe(struct init *init)
{
    uint64_t now_ns = read_rtc(init);
    uint64_t since_start = ticks_to_ns(time_now(), init->info->timebase_hz);

    init->realtime_ns = now_ns > since_start ? now_ns - since_start : 0;
    for (unsigned i = 0; i < SERVER_DISKS; i++)
        init->sectors[i] = disk_sectors(init, i);
}
