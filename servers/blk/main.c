/* The block server: virtio disks behind rings. Drives up to SERVER_DISKS devices by interrupt; its
 * peers are fs and swap. */
#include <lib/server/log.h>
#include <lib/server/loop.h>
#include <lib/sys/invoke.h>
#include "blk.h"

static struct server server;
static struct blk_service service;
static struct peer_pending unused[2]; /* blk asks nothing of its peers, but a table needs a place */

static void on_request(void *self, enum server_id from, const struct ring_entry *entry)
{
    blk_request(self, &server.peer[from], entry);
}

static void on_interrupt(struct blk_service *blk, uint32_t number)
{
    unsigned errors = blk_interrupt(blk, number);

    irq_ack(SLOT_IRQ + number);
    if (errors)
        log_line("disk %u: %u requests failed (%lu so far)", (unsigned)number, errors,
                 (unsigned long)blk->disk[number].nerrors);
}

static void on_notified(void *self, uint64_t bits)
{
    for (uint32_t i = 0; i < SERVER_DISKS; i++)
        if (bits & NOTIFY_IRQ << i)
            on_interrupt(self, i);
}

static int on_quiesce(void *self, uint64_t head)
{
    return blk_quiesce(self, &server.peer[SRV_INIT], head);
}

static const struct server_ops ops = {
    .request = on_request,
    .notified = on_notified,
    .quiesce = on_quiesce,
};

static void start_disk(const struct server_boot *boot, uint32_t number)
{
    struct mmio regs = {.base = SERVER_DEVICE_VA + number * PAGE_SIZE};
    struct disk_queue *queue = (struct disk_queue *)boot->disk[number].queue_va;
    struct disk *disk = &service.disk[number].disk;
    int rc;

    if (!boot->disk[number].present || boot->disk[number].queue_bytes < sizeof *queue)
        return;
    rc = disk_start(disk, regs, queue, boot->disk[number].queue_paddr);
    if (rc < 0) {
        log_line("disk %u: no usable virtio block device (error %d)", (unsigned)number, rc);
        return;
    }
    blk_add_disk(&service, number);
    log_line("disk %u: %lu MiB%s", (unsigned)number, (unsigned long)(disk->sectors >> 11),
             disk->is_read_only ? ", read-only" : "");
}

int main(const struct server_boot *boot)
{
    log_start("blk");
    server_init(&server, boot);
    blk_init(&service, boot);
    server_add_peer(&server, SRV_FS, &unused[0], 1);
    server_add_peer(&server, SRV_SWAP, &unused[1], 1);
    for (uint32_t i = 0; i < SERVER_DISKS; i++)
        start_disk(boot, i);
    server_ready(&server, 0);
    server_run(&server, &ops, &service);
}
