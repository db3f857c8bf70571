/* proc: the process tree, fork/exec/exit/wait, signals, time of programs. The shell around it. */
#include <lib/server/log.h>
#include <lib/sys/invoke.h>
#include "args.h"
#include "calls.h"
#include "life.h"
#include "shell.h"
#include "table.h"

/* Requests under way or waiting: two for each process, and news that nobody waits for. */
#define PEER_REQUESTS (3 * POOL_SLOTS)

struct server server;
struct proc_service proc;
static struct peer_pending pager_table[PEER_REQUESTS], files_table[PEER_REQUESTS];

static int on_call(void *self, struct call *call)
{
    return calls_dispatch(self, call);
}

static void on_request(void *self, enum server_id from, const struct ring_entry *entry)
{
    if (from == SRV_PAGER)
        calls_from_pager(self, &server.peer[from], entry);
    else if (from == SRV_FS)
        calls_from_files(self, &server.peer[from], entry);
}

static void on_notified(void *self, uint64_t bits)
{
    if (bits & NOTIFY_TIMER) {
        proc.timers.armed = 0;
        calls_tick(self);
    }
}

static void on_settle(void *self)
{
    uint64_t at;

    if (deadline_needs_arming(&proc.timers, &at))
        timer_set(SLOT_TIMER, at);
}

static int on_start(void *self, uint64_t head)
{
    life_first(self);
    return 0;
}

static int on_quiesce(void *self, uint64_t head)
{
    life_quiesce(self, head);
    return PARKED;
}

static void on_peer_died(void *self, enum server_id id)
{
    log_line("server %u broke the protocol; the system goes down", (unsigned)id);
    kern_shutdown(125);
}

static const struct server_ops ops = {
    .call = on_call,
    .request = on_request,
    .notified = on_notified,
    .settle = on_settle,
    .quiesce = on_quiesce,
    .start = on_start,
    .peer_died = on_peer_died,
};

static int take_boot(const struct server_boot *boot)
{
    table_init(&proc, (uint32_t)boot->pool_slots);
    proc.epoch_ns = boot->realtime_ns;
    proc.hz = boot->timebase_hz;
    proc.exec_mode = boot->exec_mode;
    proc.boot_instret = boot->boot_instret;
    proc.mem_bytes = boot->mem_bytes;
    proc.args_bytes = (uint32_t)args_build((const char *)SERVER_ARGV_VA, boot->argv_bytes,
                                           proc.args, sizeof proc.args);
    return proc.args_bytes ? 0 : ERR_TOOBIG;
}

int main(const struct server_boot *boot)
{
    int rc;

    log_start("proc");
    server_init(&server, boot);
    rc = take_boot(boot);
    if (rc)
        log_line("the command to run is too long");
    server_add_peer(&server, SRV_PAGER, pager_table, PEER_REQUESTS);
    server_add_peer(&server, SRV_FS, files_table, PEER_REQUESTS);
    server_ready(&server, rc);
    server_run(&server, &ops, &proc);
}
