/* See kern.h: the real one, over invocations of the pool's objects and the server library. */
#include "kern.h"
#include <abi/layout.h>
#include <lib/server/log.h>
#include <lib/server/loop.h>
#include <lib/sys/invoke.h>
#include <proto/sysctl.h>
#include "life.h"
#include "shell.h"
#include "table.h"

#define SLOT_SCRATCH 48 /* of our CSpace: the fault endpoint on its way into a TCB */
#define APP_PRIORITY 4

/* What the thread of a pool slot used before its present process, and what it is set to. */
static struct {
    bool configured;
    vaddr_t entry;
    ticks_t ticks;
    uint64_t faults;
} slots[POOL_SLOTS];

static uint32_t slot_of(const struct process *p)
{
    return table_slot(&proc, p);
}

static slot_t tcb_of(const struct process *p)
{
    return SLOT_POOL_TCB + slot_of(p);
}

/* --- threads --------------------------------------------------------------------------------- */

static int mint_services(slot_t cspace, badge_t badge)
{
    int rc = cspace_mint(cspace, PROG_PROC, SLOT_SERVICE_PROC, RIGHT_WRITE, badge);

    if (rc == 0)
        rc = cspace_mint(cspace, PROG_FS, SLOT_SERVICE_FS, RIGHT_WRITE, badge);
    if (rc == 0)
        rc = cspace_mint(cspace, PROG_PAGER, SLOT_SERVICE_PAGER, RIGHT_WRITE, badge);
    if (rc)
        cspace_delete(cspace, PROG_PROC, 3);
    return rc;
}

int kern_thread_prepare(const struct process *p)
{
    uint32_t slot = slot_of(p);
    slot_t cspace = SLOT_POOL_CSPACE + slot;
    struct tcb_config config = {0, 0, SLOT_SCRATCH, TCB_KEEP_PRIORITY};
    int rc = mint_services(cspace, p->badge);

    if (rc)
        return rc;
    if (!slots[slot].configured)
        config = (struct tcb_config){cspace, SLOT_POOL_VSPACE + slot, SLOT_SCRATCH, APP_PRIORITY};
    rc = cspace_mint(SLOT_CSPACE, SLOT_SCRATCH, SLOT_SERVICE_PAGER, RIGHT_WRITE | RIGHT_MAP,
                     p->badge);
    if (rc == 0)
        rc = tcb_configure(tcb_of(p), config);
    cspace_delete(SLOT_CSPACE, SLOT_SCRATCH, 1);
    if (rc)
        cspace_delete(cspace, PROG_PROC, 3);
    else
        slots[slot].configured = true;
    return rc;
}

void kern_set_entry(const struct process *p, vaddr_t entry)
{
    uint32_t slot = slot_of(p);

    if (slots[slot].entry != entry)
        tcb_set_upcall(tcb_of(p), entry);
    slots[slot].entry = entry;
}

void kern_thread_start(const struct process *p, vaddr_t args)
{
    kern_set_entry(p, 0);
    tcb_unmask(tcb_of(p));
    tcb_write_regs(tcb_of(p), (struct tcb_start){LOADER_BASE, STACK_TOP, args, 0});
    tcb_resume(tcb_of(p));
}

void kern_thread_fork(const struct process *child, const struct process *parent)
{
    kern_set_entry(child, child->entry);
    tcb_copy_regs(tcb_of(child), tcb_of(parent), 0, 0);
    tcb_resume(tcb_of(child));
}

void kern_thread_stop(const struct process *p)
{
    tcb_stop(tcb_of(p), ERR_INTR);
}

void kern_thread_resume(const struct process *p)
{
    tcb_resume(tcb_of(p));
}

bool kern_thread_is_running(const struct process *p)
{
    struct tcb_info info;

    return tcb_info(tcb_of(p), &info) == 0 &&
           (info.state == TCB_READY || info.state == TCB_STOPPED);
}

void kern_thread_usage(const struct process *p, ticks_t *ticks, uint64_t *faults)
{
    struct tcb_info info = {0};

    tcb_info(tcb_of(p), &info);
    *ticks = info.used - slots[slot_of(p)].ticks;
    *faults = info.faults - slots[slot_of(p)].faults;
}

uint64_t kern_idle(void)
{
    struct tcb_info info = {0};

    tcb_info(SLOT_TCB, &info);
    return info.idle;
}

void kern_thread_retire(const struct process *p)
{
    uint32_t slot = slot_of(p);

    slots[slot].ticks += p->ticks;
    slots[slot].faults += p->faults;
    tcb_unmask(tcb_of(p));
    cspace_delete(SLOT_POOL_CSPACE + slot, PROG_PROC, 3);
}

int kern_upcall(const struct process *p, const struct signal_info *info, uint64_t mask)
{
    uint64_t word[4] = {info->signal | (uint64_t)(uint32_t)info->code << 32, info->from, info->value,
                        mask};

    return tcb_upcall(tcb_of(p), word);
}

/* --- answers, peers -------------------------------------------------------------------------- */

void kern_answer(slot_t reply, int status, const void *rep, unsigned words)
{
    struct answer answer = {status, rep, words, NULL, 0};

    server_answer(&server, reply, answer);
}

static void pager_answered(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    life_completed(self, (struct process *)arg, KERN_PAGER, status);
}

static void files_answered(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    life_completed(self, (struct process *)arg, KERN_FS, status);
}

void kern_post(enum kern_peer peer, uint32_t op, const void *req, unsigned words, struct process *p)
{
    peer_done_fn *answered = peer == KERN_PAGER ? pager_answered : files_answered;
    struct peer_target target = {p ? answered : NULL, &proc, (uint64_t)p};
    int rc = peer_post(&server.peer[peer == KERN_PAGER ? SRV_PAGER : SRV_FS], op, req, words, target);

    if (rc && p)
        log_line("request %u to %s failed: %d", (unsigned)op, peer == KERN_PAGER ? "pager" : "fs",
                 rc);
}

/* --- time, system ---------------------------------------------------------------------------- */

uint64_t kern_now(void)
{
    return time_now();
}

void kern_log(const char *line)
{
    int n = 0;

    while (line[n] && line[n] != '\n')
        n++;
    log_line("%.*s", n, line);
}

void kern_shutdown(uint64_t status)
{
    struct sysctl_shutdown_req req = {status};

    PEER_POST(&server.peer[SRV_INIT], sysctl, shutdown, &req, (struct peer_target){0});
}

void kern_quiesced(uint64_t head)
{
    PEER_ANSWER(&server.peer[SRV_INIT], sysctl, quiesce, head, 0, NULL);
}
