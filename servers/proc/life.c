/* See life.h; the states are drawn in process.h. */
#include "life.h"
#include <string.h>
#include <abi/error.h>
#include <lib/server/call.h>
#include <proto/procfs.h>
#include <proto/procpager.h>
#include "limit.h"
#include "park.h"
#include "signal.h"
#include "table.h"
#include "timer.h"

#define SIGNAL_OF(status) ((status)&0x7f)

static void advance(struct proc_service *s, struct process *p);

/* --- making ---------------------------------------------------------------------------------- */

/* Last part of the path of the first program. */
static const char *first_name(const struct proc_service *s)
{
    const struct exec_args *args = (const struct exec_args *)s->args;
    const char *path = s->args_bytes ? (const char *)args + args->path : "first";
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

void life_first(struct proc_service *s)
{
    struct process *p = table_new(s, NULL);
    struct procpager_create_req memory = {p->badge};
    struct procfs_create_req files = {p->badge, p->pid, p->pgid};

    limit_init(p);
    p->op = OP_MAKE;
    p->outstanding = 2;
    strncpy(p->name, first_name(s), sizeof p->name - 1);
    kern_post(KERN_PAGER, procpager_OP_create, &memory, sizeof memory / 8, p);
    kern_post(KERN_FS, procfs_OP_create, &files, sizeof files / 8, p);
}

/* What a child has of its parent. */
static void inherit(struct process *child, const struct process *parent)
{
    child->mask = parent->mask;
    child->entry = parent->entry;
    memcpy(child->action, parent->action, sizeof child->action);
    memcpy(child->limit, parent->limit, sizeof child->limit);
    memcpy(child->name, parent->name, sizeof child->name);
}

int life_fork(struct proc_service *s, struct process *p, slot_t reply)
{
    struct process *child = s->quiescing || !limit_allows_fork(s, p) ? NULL : table_new(s, p);
    struct procpager_clone_req memory = {p->badge, 0};
    struct procfs_clone_req files = {p->badge, 0, 0, p->pgid};

    if (child == NULL)
        return ERR_AGAIN;
    memory.child = files.child = child->badge;
    files.pid = child->pid;
    inherit(child, p);
    p->forking = child;
    p->parked = PARK_FORK;
    p->reply = reply;
    child->op = OP_MAKE;
    child->outstanding = 2;
    kern_post(KERN_PAGER, procpager_OP_clone, &memory, sizeof memory / 8, child);
    kern_post(KERN_FS, procfs_OP_clone, &files, sizeof files / 8, child);
    return PARKED;
}

static void post_destroy(struct process *p)
{
    struct procpager_destroy_req memory = {p->badge};
    struct procfs_destroy_req files = {p->badge};

    p->op = OP_DESTROY;
    p->outstanding = (uint8_t)(p->has_memory + p->has_files);
    if (p->has_memory)
        kern_post(KERN_PAGER, procpager_OP_destroy, &memory, sizeof memory / 8, p);
    if (p->has_files)
        kern_post(KERN_FS, procfs_OP_destroy, &files, sizeof files / 8, p);
}

/* The embryo does not become a process. */
static void undo_make(struct proc_service *s, struct process *p)
{
    p->life = LIFE_ENDING;
    p->adopted = true;
    pending_drop(s, p, ~0ul);
    post_destroy(p);
    if (p->outstanding == 0)
        advance(s, p);
}

static void run(struct proc_service *s, struct process *p)
{
    p->life = LIFE_ALIVE;
    p->op = OP_NONE;
    p->lived = true;
    if (p->parent)
        kern_thread_fork(p, p->parent);
    else
        kern_thread_start(p, 0);
    limit_check_time(s, p);
}

/* The parent hears of it, or ends if that was decided meanwhile. */
static void fork_done(struct proc_service *s, struct process *parent, int status, uint32_t pid)
{
    struct proc_fork_rep rep = {pid};

    parent->forking = NULL;
    if (parent->doomed) {
        park_drop(s, parent);
        parent->doomed = false;
        life_end(s, parent, parent->end_status);
        return;
    }
    park_answer(s, parent, status, &rep, 1);
    signal_stop_again(s, parent);
    signal_deliver(s, parent);
}

static void made(struct proc_service *s, struct process *p)
{
    struct process *parent = p->parent;
    uint32_t pid = p->pid;
    int status = p->make_error;

    if (status == 0 && (s->quiescing || (parent && parent->doomed)))
        status = ERR_INTR;
    if (status == 0)
        status = kern_thread_prepare(p);
    if (status) {
        undo_make(s, p);
        if (parent == NULL)
            kern_shutdown(127);
    } else {
        run(s, p);
    }
    if (parent)
        fork_done(s, parent, status, pid);
    if (status == 0)
        signal_deliver(s, p);
}

/* --- exec ------------------------------------------------------------------------------------ */

int life_exec(struct proc_service *s, struct process *p, slot_t reply,
              const struct proc_exec_req *req, const char *name)
{
    struct procpager_exec_req memory = {p->badge, req->args, req->bytes};

    if ((req->args & PAGE_MASK) || req->bytes < sizeof(struct exec_args))
        return ERR_INVAL;
    p->op = OP_EXEC_MEMORY;
    p->outstanding = 1;
    p->parked = PARK_EXEC;
    p->reply = reply;
    p->exec_args = req->args;
    memset(p->exec_name, 0, sizeof p->exec_name);
    strncpy(p->exec_name, name, sizeof p->exec_name - 1);
    kern_post(KERN_PAGER, procpager_OP_exec, &memory, sizeof memory / 8, p);
    return PARKED;
}

/* The old image is gone. */
static void exec_files(struct process *p)
{
    struct procfs_exec_req files = {p->badge};

    p->op = OP_EXEC_FILES;
    p->outstanding = 1;
    kern_post(KERN_FS, procfs_OP_exec, &files, sizeof files / 8, p);
}

static void exec_run(struct proc_service *s, struct process *p)
{
    p->op = OP_NONE;
    p->execed = true;
    memcpy(p->name, p->exec_name, sizeof p->name);
    kern_thread_stop(p);
    park_drop(s, p);
    signal_exec(s, p);
    timers_drop(s, p, false);
    kern_thread_start(p, p->exec_args);
    signal_stop_again(s, p);
    signal_deliver(s, p);
}

/* A process that is to end does so between the steps. => true: it does. */
static bool end_doomed(struct proc_service *s, struct process *p)
{
    if (!p->doomed)
        return false;
    p->op = OP_NONE;
    p->doomed = false;
    life_end(s, p, p->end_status);
    return true;
}

static void exec_memory_done(struct proc_service *s, struct process *p, int status)
{
    if (end_doomed(s, p))
        return;
    if (status == 0) {
        exec_files(p);
        return;
    }
    p->op = OP_NONE;
    park_answer(s, p, status, NULL, 0);
    signal_stop_again(s, p);
    signal_deliver(s, p);
}

static void exec_files_done(struct proc_service *s, struct process *p, int status)
{
    if (end_doomed(s, p))
        return;
    if (status == 0) {
        exec_run(s, p);
        return;
    }
    p->op = OP_NONE;
    life_end(s, p, SIG_KILL);
}

/* --- ending ---------------------------------------------------------------------------------- */

void life_end(struct proc_service *s, struct process *p, uint32_t status)
{
    if (p->life != LIFE_ALIVE || p->doomed)
        return;
    p->end_status = status;
    if (!p->thread_stopped)
        kern_thread_stop(p);
    signal_set_stopped(s, p, false);
    timers_drop(s, p, true);
    pending_drop(s, p, ~0ul);
    deadline_clear(&s->timers, &p->retry);
    deadline_clear(&s->timers, &p->used_up);
    if (p->op != OP_NONE || p->forking) {
        p->doomed = true;
        return;
    }
    park_drop(s, p);
    p->life = LIFE_ENDING;
    post_destroy(p);
}

static void check_quiesced(struct proc_service *s)
{
    if (!s->quiescing)
        return;
    TABLE_EACH(s, p)
        if (p->life != LIFE_ZOMBIE)
            return;
    s->quiescing = false;
    kern_quiesced(s->quiesce_head);
}

/* The first process is the system: its end ends everything. */
static void system_ends(struct proc_service *s, const struct process *first)
{
    uint32_t status = first->end_status;

    if (!s->ended)
        kern_shutdown(SIGNAL_OF(status) ? 128 + SIGNAL_OF(status) : status >> 8);
    s->ended = true;
}

static void to_parent(struct proc_service *s, struct process *p)
{
    struct process *parent = p->parent;
    uint32_t status = p->end_status;
    uint64_t told = SIGNAL_OF(status) ? SIGNAL_OF(status) : status >> 8;
    struct signal_info info = {.signal = SIG_CHLD,
                               .code = SIGNAL_OF(status) ? CLD_KILLED : CLD_EXITED,
                               .from = p->pid | told << 32};

    if (p->adopted || parent == NULL) {
        if (p->pid != 1)
            table_free(s, p);
        return;
    }
    if (parent->action[SIG_CHLD].disposition == SIG_IGNORED ||
        (parent->action[SIG_CHLD].flags & ACTION_NOCLDWAIT))
        table_free(s, p);
    park_child_changed(s, parent);
    signal_send(s, parent, &info);
}

/* Nobody will wait for the dead among the children any more. */
static void free_dead_children(struct proc_service *s, struct process *p)
{
    struct process *child = p->child, *next;

    for (; child; child = next) {
        next = child->next_sibling;
        if (child->life == LIFE_ZOMBIE)
            table_free(s, child);
    }
}

/* Stopped processes whose group may lose its last link to the session with p. The first process's own
 * group keeps it, who adopts everybody. */
static void mark_cared_for(struct proc_service *s, const struct process *p)
{
    const struct process *first = s->nstopped ? table_find(s, 1) : NULL;

    if (first == NULL)
        return;
    TABLE_EACH(s, q)
        q->was_cared_for = q != p && q->stopped && q->sid == p->sid && q->pgid != first->pgid &&
                           (q->parent == p || q->pgid == p->pgid) && !table_group_is_orphaned(s, q);
}

/* Nobody can continue them any more: they hear of it (POSIX, "orphaned process group"). The group of
 * the first process is spared: its end would be the system's. */
static void hang_up_orphans(struct proc_service *s)
{
    static const struct signal_info hang_up = {.signal = SIG_HUP, .code = CODE_KERNEL},
                                    go_on = {.signal = SIG_CONT, .code = CODE_KERNEL};
    const struct process *first = table_find(s, 1);

    if (s->nstopped == 0)
        return;
    TABLE_EACH(s, q) {
        if (!q->was_cared_for || !q->stopped || !table_group_is_orphaned(s, q))
            continue;
        if (first && first->pgid == q->pgid)
            continue;
        signal_send_group(s, q->pgid, &hang_up);
        signal_send_group(s, q->pgid, &go_on);
    }
}

static void destroyed(struct proc_service *s, struct process *p)
{
    p->op = OP_NONE;
    if (!p->lived) {
        table_free(s, p);
        check_quiesced(s);
        return;
    }
    kern_thread_usage(p, &p->ticks, &p->faults);
    kern_thread_retire(p);
    free_dead_children(s, p);
    mark_cared_for(s, p);
    table_reparent(s, p);
    p->life = LIFE_ZOMBIE;
    hang_up_orphans(s);
    if (p->pid == 1)
        system_ends(s, p);
    to_parent(s, p);
    check_quiesced(s);
}

void life_quiesce(struct proc_service *s, uint64_t head)
{
    s->quiescing = true;
    s->quiesce_head = head;
    TABLE_EACH(s, p)
        if (p->life == LIFE_ALIVE)
            life_end(s, p, SIG_KILL);
    check_quiesced(s);
}

/* --- completions ----------------------------------------------------------------------------- */

static void advance(struct proc_service *s, struct process *p)
{
    if (p->op == OP_MAKE)
        made(s, p);
    else if (p->op == OP_DESTROY)
        destroyed(s, p);
}

static void make_answered(struct process *p, enum kern_peer peer, int status)
{
    if (status && !p->make_error)
        p->make_error = status;
    if (peer == KERN_PAGER)
        p->has_memory = status == 0;
    else
        p->has_files = status == 0;
}

void life_completed(struct proc_service *s, struct process *p, enum kern_peer peer, int status)
{
    p->outstanding--;
    switch ((enum op)p->op) {
    case OP_MAKE:
        make_answered(p, peer, status);
        break;
    case OP_EXEC_MEMORY:
        exec_memory_done(s, p, status);
        return;
    case OP_EXEC_FILES:
        exec_files_done(s, p, status);
        return;
    case OP_DESTROY:
    case OP_NONE:
        break;
    }
    if (p->outstanding == 0)
        advance(s, p);
}
