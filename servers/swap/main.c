/* The swap server: pages out to a second disk and back in. Peers: pager (its client) and blk. */
#include <lib/server/log.h>
#include <lib/server/loop.h>
#include "swap.h"

static struct server server;
static struct swap_service service;
static struct peer_pending blk_table[SWAP_JOBS + 1], unused[1];
static uint64_t nreported; /* failures that the log told of */

static void on_request(void *self, enum server_id from, const struct ring_entry *entry)
{
    if (from == SRV_PAGER)
        swap_request(self, &server.peer[from], entry);
    else
        peer_answer(&server.peer[from], entry->head, ERR_BADMSG, NULL, 0);
}

static void on_settle(void *self)
{
    struct swap_service *swap = self;

    if (swap->nfailed == nreported)
        return;
    nreported = swap->nfailed;
    log_line("the swap disk failed %lu requests, %u slots are lost", (unsigned long)nreported,
             (unsigned)swap->slots.nbad);
}

static int on_quiesce(void *self, uint64_t head)
{
    return swap_quiesce(self, &server.peer[SRV_INIT], head);
}

static const struct server_ops ops = {
    .request = on_request,
    .settle = on_settle,
    .quiesce = on_quiesce,
};

/* blk told the size of the disk: now there is something to serve. */
static void on_info(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    const struct blk_info_rep *info = (const void *)rep;
    uint64_t sectors = status == 0 && !info->read_only ? info->sectors : 0;
    uint32_t total = swap_set_disk(self, sectors);

    if (total)
        log_line("%u MiB", (unsigned)(total >> 8));
    else
        log_line("no swap disk");
    server_ready(&server, 0);
}

int main(const struct server_boot *boot)
{
    struct blk_info_req info = {.disk = SWAP_DISK};

    log_start("swap");
    server_init(&server, boot);
    server_add_peer(&server, SRV_BLK, blk_table, SWAP_JOBS + 1);
    server_add_peer(&server, SRV_PAGER, unused, 1);
    swap_init(&service, &server.peer[SRV_BLK], (void *)SERVER_HEAP_VA, boot->heap_bytes);
    PEER_POST(&server.peer[SRV_BLK], blk, info, &info,
              (struct peer_target){on_info, &service, 0});
    server_run(&server, &ops, &service);
}
