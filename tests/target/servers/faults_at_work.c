/* A server in place of swap that becomes ready, claims to have many slots, and faults when the pager
 * asks anything else. */
#include <lib/server/loop.h>
#include <proto/swap.h>

static struct server server;
static struct peer_pending unused[1];

static void on_request(void *self, enum server_id from, const struct ring_entry *entry)
{
    struct swap_info_rep rep = {.total = 32768, .free = 32768};

    if (RING_OP(entry->head) != swap_OP_info)
        *(volatile uint64_t *)0x4008 = 1;
    PEER_ANSWER(&server.peer[from], swap, info, entry->head, 0, &rep);
}

static const struct server_ops ops = {.request = on_request};

int main(const struct server_boot *boot)
{
    server_init(&server, boot);
    server_add_peer(&server, SRV_PAGER, unused, 1);
    server_ready(&server, 0);
    server_run(&server, &ops, NULL);
}
