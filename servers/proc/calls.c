/* See calls.h. Each handler finds who calls by the badge; a badge of nobody is answered ERR_SRCH. */
#include "calls.h"
#include <string.h>
#include <abi/error.h>
#include <proto/fsproc.h>
#include <proto/pagerproc.h>
#include <proto/procfs.h>
#include "kern.h"
#include "life.h"
#include "limit.h"
#include "park.h"
#include "report.h"
#include "signal.h"
#include "table.h"

#define PROTO_NAME proc
#define PROTO_FILE <proto/proc.def>
#include <lib/server/dispatch.h>

int calls_dispatch(struct proc_service *s, struct call *call)
{
    int rc;

    s->caller = table_by_badge(s, call->badge);
    if (s->caller == NULL || s->caller->life != LIFE_ALIVE) {
        s->caller = NULL;
        call_end(call, ERR_SRCH, NULL, 0);
        return ERR_SRCH;
    }
    rc = proc_dispatch(s, call);
    s->caller = NULL;
    return rc;
}

/* --- life ------------------------------------------------------------------------------------ */

int proc_on_fork(struct proc_service *s, struct call *call, const struct proc_fork_req *req,
                 struct proc_fork_rep *rep)
{
    return life_fork(s, s->caller, call->reply);
}

int proc_on_exec(struct proc_service *s, struct call *call, const struct proc_exec_req *req,
                 struct proc_exec_rep *rep)
{
    char name[NAME_BYTES] = {0};

    memcpy(name, call->bytes, call->nbytes < sizeof name ? call->nbytes : sizeof name - 1);
    return life_exec(s, s->caller, call->reply, req, name);
}

int proc_on_exit(struct proc_service *s, struct call *call, const struct proc_exit_req *req,
                 struct proc_exit_rep *rep)
{
    life_end(s, s->caller, (uint32_t)(req->status & 0xff) << 8);
    return 0;
}

int proc_on_wait(struct proc_service *s, struct call *call, const struct proc_wait_req *req,
                 struct proc_wait_rep *rep)
{
    return park_wait(s, s->caller, call->reply, req, rep);
}

int proc_on_shutdown(struct proc_service *s, struct call *call, const struct proc_shutdown_req *req,
                     struct proc_shutdown_rep *rep)
{
    if (!s->ended)
        kern_shutdown(req->status);
    s->ended = true;
    return 0;
}

/* --- identity -------------------------------------------------------------------------------- */

/* pid 0: the caller. */
static struct process *named(struct proc_service *s, uint64_t pid)
{
    return pid == 0 ? s->caller : pid <= PID_MAX ? table_find(s, (uint32_t)pid) : NULL;
}

int proc_on_id(struct proc_service *s, struct call *call, const struct proc_id_req *req,
               struct proc_id_rep *rep)
{
    struct process *p = named(s, req->pid);

    if (p == NULL)
        return ERR_SRCH;
    *rep = (struct proc_id_rep){p->pid, p->parent ? p->parent->pid : 0, p->pgid, p->sid};
    return 0;
}

static void tell_files_of_group(const struct process *p)
{
    struct procfs_group_req req = {p->badge, p->pgid, p->sid};

    kern_post(KERN_FS, procfs_OP_group, &req, sizeof req / 8, NULL);
}

static int setpgid_check(struct proc_service *s, const struct process *p, uint64_t pgid)
{
    if (p == NULL || (p != s->caller && p->parent != s->caller) || p->life != LIFE_ALIVE)
        return ERR_SRCH;
    if (p->adopted && p != s->caller)
        return ERR_SRCH;
    if (p->sid == p->pid || p->sid != s->caller->sid)
        return ERR_PERM;
    if (p != s->caller && p->execed)
        return ERR_ACCES;
    if (pgid > PID_MAX)
        return ERR_INVAL;
    return pgid == p->pid || table_group_exists(s, (uint32_t)pgid, p->sid) ? 0 : ERR_PERM;
}

int proc_on_setpgid(struct proc_service *s, struct call *call, const struct proc_setpgid_req *req,
                    struct proc_setpgid_rep *rep)
{
    struct process *p = named(s, req->pid);
    uint64_t pgid = req->pgid || p == NULL ? req->pgid : p->pid;
    int rc = setpgid_check(s, p, pgid);

    if (rc)
        return rc;
    p->pgid = (uint32_t)pgid;
    tell_files_of_group(p);
    return 0;
}

int proc_on_setsid(struct proc_service *s, struct call *call, const struct proc_setsid_req *req,
                   struct proc_setsid_rep *rep)
{
    struct process *p = s->caller;

    if (table_group_exists(s, p->pid, 0))
        return ERR_PERM;
    p->pgid = p->sid = p->pid;
    tell_files_of_group(p);
    rep->sid = p->sid;
    return 0;
}

/* --- figures --------------------------------------------------------------------------------- */

int proc_on_usage(struct proc_service *s, struct call *call, const struct proc_usage_req *req,
                  struct proc_usage_rep *rep)
{
    struct process *p = named(s, req->pid);

    if (p == NULL)
        return ERR_SRCH;
    if (p->life == LIFE_ALIVE)
        kern_thread_usage(p, &p->ticks, &p->faults);
    *rep = (struct proc_usage_rep){p->ticks, p->child_ticks, p->faults, p->child_faults};
    return 0;
}

int proc_on_rlimit(struct proc_service *s, struct call *call, const struct proc_rlimit_req *req,
                   struct proc_rlimit_rep *rep)
{
    struct process *p = s->caller;
    uint64_t which = req->which & ~(uint64_t)PROC_RLIMIT_TELL;
    int rc = which < PROC_LIMITS ? 0 : ERR_INVAL;

    if (rc == 0 && !(req->which & PROC_RLIMIT_TELL))
        rc = limit_set(s, p, which, (struct limit){req->soft, req->hard});
    if (rc)
        return rc;
    *rep = (struct proc_rlimit_rep){p->limit[which].soft, p->limit[which].hard};
    return park_if_stopped(p, call->reply, rep, sizeof *rep / 8);
}

/* The process with the lowest pid that is at least `from`. */
static struct process *next_process(struct proc_service *s, uint64_t from)
{
    struct process *best = NULL;

    TABLE_EACH(s, p)
        if (p->pid >= from && p->life != LIFE_EMBRYO && (!best || p->pid < best->pid))
            best = p;
    return best;
}

static enum proc_state state_of(const struct process *p)
{
    if (p->life != LIFE_ALIVE)
        return PROC_ZOMBIE;
    if (p->stopped)
        return PROC_STOPPED;
    return !p->parked && kern_thread_is_running(p) ? PROC_RUN : PROC_SLEEP;
}

static void describe(struct process *p, struct proc_info *info)
{
    *info = (struct proc_info){p->pid, p->parent ? p->parent->pid : 0, p->pgid, p->sid, p->badge,
                               state_of(p), 0, {0}};
    if (p->life == LIFE_ALIVE)
        kern_thread_usage(p, &p->ticks, &p->faults);
    info->ticks = p->ticks;
    memcpy(info->name, p->name, sizeof info->name);
}

int proc_on_list(struct proc_service *s, struct call *call, const struct proc_list_req *req,
                 struct proc_list_rep *rep)
{
    struct process *p = next_process(s, req->from);
    struct proc_info info;

    for (; p && call->out_bytes + sizeof info <= call->out_max; p = next_process(s, p->pid + 1)) {
        describe(p, &info);
        if (p == s->caller)
            info.state = PROC_RUN;
        memcpy(call->out + call->out_bytes, &info, sizeof info);
        call->out_bytes += sizeof info;
    }
    rep->len = call->out_bytes;
    return 0;
}

int proc_on_args(struct proc_service *s, struct call *call, const struct proc_args_req *req,
                 struct proc_args_rep *rep)
{
    uint32_t left;

    if (s->caller->pid != 1 || req->offset > s->args_bytes)
        return ERR_INVAL;
    left = s->args_bytes - (uint32_t)req->offset;
    call->out_bytes = left < call->out_max ? left : call->out_max;
    memcpy(call->out, (const char *)s->args + req->offset, call->out_bytes);
    *rep = (struct proc_args_rep){s->args_bytes, call->out_bytes};
    return 0;
}

int proc_on_boot(struct proc_service *s, struct call *call, const struct proc_boot_req *req,
                 struct proc_boot_rep *rep)
{
    *rep = (struct proc_boot_rep){s->boot_instret, s->mem_bytes, SRV_COUNT, s->exec_mode,
                                  kern_idle()};
    return 0;
}

/* --- requests of peers ----------------------------------------------------------------------- */

struct pagerproc_service {
    struct proc_service *proc;
};
struct fsproc_service {
    struct proc_service *proc;
};

#define PROTO_NAME pagerproc
#define PROTO_FILE <proto/pagerproc.def>
#include <lib/server/ring_dispatch.h>

#define PROTO_NAME fsproc
#define PROTO_FILE <proto/fsproc.def>
#include <lib/server/ring_dispatch.h>

void calls_from_pager(struct proc_service *s, struct peer *peer, const struct ring_entry *e)
{
    struct pagerproc_service self = {s};

    pagerproc_ring_dispatch(&self, peer, e);
}

void calls_from_files(struct proc_service *s, struct peer *peer, const struct ring_entry *e)
{
    struct fsproc_service self = {s};

    fsproc_ring_dispatch(&self, peer, e);
}

/* Through fs to the terminal or stderr, in pieces. */
static void say(const char *line, size_t n)
{
    for (size_t at = 0; at < n; at += 40) {
        struct procfs_say_req req = {.len = n - at < 40 ? n - at : 40};

        memcpy(&req.t0, line + at, req.len);
        kern_post(KERN_FS, procfs_OP_say, &req, sizeof req / 8, NULL);
    }
}

int pagerproc_on_died(struct pagerproc_service *self, struct peer *from, uint64_t head,
                      const struct pagerproc_died_req *req, struct pagerproc_died_rep *rep)
{
    struct proc_service *s = self->proc;
    struct process *p = table_by_badge(s, req->badge);
    char line[200];
    size_t n;

    if (p == NULL || p->life != LIFE_ALIVE || p->doomed)
        return ERR_GONE;
    n = report_death(line, sizeof line, p, req);
    say(line, n);
    if (s->exec_mode)
        kern_log(line);
    life_end(s, p, (uint32_t)(req->signal & 0x7f));
    return 0;
}

int fsproc_on_background(struct fsproc_service *self, struct peer *from, uint64_t head,
                         const struct fsproc_background_req *req,
                         struct fsproc_background_rep *rep)
{
    struct process *p = table_by_badge(self->proc, req->badge);

    if (req->signal != SIG_TTIN && req->signal != SIG_TTOU)
        return ERR_INVAL;
    if (p == NULL || p->life != LIFE_ALIVE || p->doomed)
        return ERR_GONE;
    return signal_background(self->proc, p, (unsigned)req->signal, &rep->held);
}

int fsproc_on_signal(struct fsproc_service *self, struct peer *from, uint64_t head,
                     const struct fsproc_signal_req *req, struct fsproc_signal_rep *rep)
{
    struct proc_service *s = self->proc;
    struct signal_info info = {.signal = (uint32_t)req->signal, .code = CODE_KERNEL};
    struct process *p;

    if (req->signal == 0 || req->signal >= NSIGNALS)
        return ERR_INVAL;
    if (req->pgid)
        return signal_send_group(s, (uint32_t)req->pgid, &info) ? 0 : ERR_SRCH;
    p = table_by_badge(s, req->badge);
    if (p)
        signal_send(s, p, &info);
    return p ? 0 : ERR_SRCH;
}
