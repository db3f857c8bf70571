/* See signal.h.
 *
 * A handler is entered by an upcall, of which the kernel holds one at a time: the signal stays pending
 * while one is on its way, and is tried again when the handler returns (sigreturn) or after a moment.
 *
 * Stopping: a thread in user mode is stopped at once, one that waits here just stays unanswered; one
 * in a call to fs is first made to return from it (ERR_INTR, which libc repeats), so that no answer of
 * a server gets lost. Until it is caught in user mode it is tried again. */
#include "signal.h"
#include <abi/error.h>
#include <proto/procfs.h>
#include "kern.h"
#include "life.h"
#include "park.h"
#include "table.h"

#define DEFAULT_IGNORED                                                                            \
    (SIGNAL_BIT(SIG_CHLD) | SIGNAL_BIT(SIG_URG) | SIGNAL_BIT(SIG_WINCH) | SIGNAL_BIT(SIG_CONT) |   \
     SIGNAL_BIT(SIG_IO))
#define STOPPING                                                                                   \
    (SIGNAL_BIT(SIG_STOP) | SIGNAL_BIT(SIG_TSTP) | SIGNAL_BIT(SIG_TTIN) | SIGNAL_BIT(SIG_TTOU))
#define RETRY_PER_SECOND 200

enum effect { EFFECT_NONE, EFFECT_END, EFFECT_STOP, EFFECT_HANDLER };

static enum effect effect_of(const struct process *p, unsigned signal)
{
    const struct action *a = &p->action[signal];

    if (signal == SIG_KILL)
        return EFFECT_END;
    if (signal == SIG_STOP)
        return EFFECT_STOP;
    if (a->disposition == SIG_HANDLED && p->entry)
        return EFFECT_HANDLER;
    if (a->disposition == SIG_IGNORED || (SIGNAL_BIT(signal) & DEFAULT_IGNORED))
        return EFFECT_NONE;
    return SIGNAL_BIT(signal) & STOPPING ? EFFECT_STOP : EFFECT_END;
}

static void try_again(struct proc_service *s, struct process *p)
{
    deadline_set(&s->timers, &p->retry, kern_now() + s->hz / RETRY_PER_SECOND);
}

/* Make a call to fs return. Calls to the pager end by themselves, and soon. */
static void interrupt_files(struct process *p)
{
    struct procfs_interrupt_req req = {p->badge};

    p->held_by_files = false;
    kern_post(KERN_FS, procfs_OP_interrupt, &req, 1, NULL);
}

static void tell_parent(struct proc_service *s, struct process *p, int code, uint32_t signal)
{
    struct process *parent = p->parent;

    if (parent == NULL || p->adopted)
        return;
    park_child_changed(s, parent);
    if (!(parent->action[SIG_CHLD].flags & ACTION_NOCLDSTOP))
        signal_send(s, parent, &(struct signal_info){.signal = SIG_CHLD, .code = code,
                                                     .from = p->pid | (uint64_t)signal << 32});
}

/* --- stop and continue ----------------------------------------------------------------------- */

static void stop_thread(struct proc_service *s, struct process *p)
{
    if (p->parked || p->thread_stopped || p->held_by_files || p == s->caller)
        return;
    if (kern_thread_is_running(p)) {
        kern_thread_stop(p);
        p->thread_stopped = true;
    } else {
        interrupt_files(p);
        try_again(s, p);
    }
}

void signal_set_stopped(struct proc_service *s, struct process *p, bool is_stopped)
{
    s->nstopped += (uint32_t)is_stopped - (uint32_t)p->stopped;
    p->stopped = is_stopped;
}

void signal_stop_again(struct proc_service *s, struct process *p)
{
    if (p->stopped)
        stop_thread(s, p);
}

static void stop(struct proc_service *s, struct process *p, unsigned signal)
{
    if (p->stopped)
        return;
    signal_set_stopped(s, p, true);
    p->stop_signal = signal;
    p->stop_news = true;
    p->continue_news = false;
    stop_thread(s, p);
    tell_parent(s, p, CLD_STOPPED, signal);
}

static void go_on(struct proc_service *s, struct process *p)
{
    if (!p->stopped)
        return;
    signal_set_stopped(s, p, false);
    p->stop_news = false;
    p->continue_news = true;
    if (p->thread_stopped)
        kern_thread_resume(p);
    p->thread_stopped = false;
    if (p->held_by_files)
        interrupt_files(p);
    tell_parent(s, p, CLD_CONTINUED, SIG_CONT);
    park_look_again(s, p);
    signal_deliver(s, p);
}

/* --- delivery -------------------------------------------------------------------------------- */

/* The thread waits for something that a handler is to interrupt. */
static void interrupt(struct proc_service *s, struct process *p)
{
    if (p->parked == PARK_FORK || p->parked == PARK_EXEC)
        return;
    if (p->parked)
        park_answer(s, p, ERR_INTR, NULL, 0);
    else if (p != s->caller && !kern_thread_is_running(p))
        interrupt_files(p);
}

static uint64_t due(const struct process *p)
{
    return p->pending & ~p->mask;
}

/* Now, or when it is possible. Others that are due come when the handler has returned; or after a
 * while, if it was left by a jump. */
static void enter_handler(struct proc_service *s, struct process *p, unsigned signal)
{
    struct action *a = &p->action[signal];
    struct signal_info info = pending_first(s, p, signal);
    bool suspended = p->parked == PARK_SUSPEND;
    uint64_t back = suspended ? p->saved_mask : p->mask;

    if (kern_upcall(p, &info, back)) {
        try_again(s, p);
        return;
    }
    pending_take(s, p, signal);
    p->mask |= a->mask | (a->flags & ACTION_NODEFER ? 0 : SIGNAL_BIT(signal));
    p->mask &= ~SIGNALS_UNBLOCKABLE;
    if (a->flags & ACTION_RESETHAND)
        a->disposition = SIG_DEFAULT;
    if (due(p))
        try_again(s, p);
    interrupt(s, p);
}

static unsigned first_of(uint64_t set)
{
    return set & SIGNAL_BIT(SIG_KILL) ? SIG_KILL : (unsigned)__builtin_ctzl(set);
}

/* => false: nothing more can be delivered. */
static bool deliver_one(struct proc_service *s, struct process *p)
{
    unsigned signal = first_of(due(p));

    switch (effect_of(p, signal)) {
    case EFFECT_HANDLER:
        enter_handler(s, p, signal);
        return false;
    case EFFECT_END:
        life_end(s, p, signal);
        return false;
    case EFFECT_STOP:
        pending_take(s, p, signal);
        stop(s, p, signal);
        return false;
    case EFFECT_NONE:
        break;
    }
    pending_take(s, p, signal);
    return true;
}

void signal_deliver(struct proc_service *s, struct process *p)
{
    while (p->life == LIFE_ALIVE && !p->doomed && due(p) &&
           (!p->stopped || (due(p) & SIGNAL_BIT(SIG_KILL))))
        if (!deliver_one(s, p))
            return;
}

bool signal_is_due(const struct process *p)
{
    return due(p) != 0;
}

/* --- sending --------------------------------------------------------------------------------- */

/* A signal that would do nothing is not even kept, unless it is blocked or waited for. */
static bool is_dropped(const struct process *p, unsigned signal)
{
    return effect_of(p, signal) == EFFECT_NONE && !(p->mask & SIGNAL_BIT(signal));
}

static bool is_over(const struct process *p)
{
    return p->life == LIFE_ENDING || p->life == LIFE_ZOMBIE || p->doomed;
}

/* Stopping and continuing forget each other. */
static void forget_opposite(struct proc_service *s, struct process *p, unsigned signal)
{
    if (SIGNAL_BIT(signal) & STOPPING)
        pending_drop(s, p, SIGNAL_BIT(SIG_CONT));
    if (signal == SIG_CONT) {
        pending_drop(s, p, STOPPING);
        go_on(s, p);
    }
}

enum pending_result signal_send(struct proc_service *s, struct process *p,
                                const struct signal_info *info)
{
    enum pending_result result;

    if (info->signal == 0 || is_over(p))
        return PENDING_NOT;
    forget_opposite(s, p, info->signal);
    if (is_over(p)) /* what was pending while it was stopped ended it */
        return PENDING_NOT;
    if (is_dropped(p, info->signal) && !park_sigwait_wants(p, info->signal))
        return PENDING_NOT;
    result = pending_add(s, p, info);
    if (result == PENDING_FULL && info->code == CODE_QUEUE)
        return result;
    if (result == PENDING_FULL)
        pending_mark(p, info->signal);
    park_sigwait_look(s, p);
    signal_deliver(s, p);
    return result;
}

bool signal_send_group(struct proc_service *s, uint32_t pgid, const struct signal_info *info)
{
    bool any = false;

    TABLE_EACH(s, p)
        if (p->pgid == pgid) {
            any = true;
            signal_send(s, p, info);
        }
    return any;
}

int signal_background(struct proc_service *s, struct process *p, unsigned signal, uint64_t *held)
{
    *held = 0;
    if (p->mask & SIGNAL_BIT(signal) || p->action[signal].disposition == SIG_IGNORED)
        return 0;
    if (table_group_is_orphaned(s, p))
        return ERR_IO;
    *held = p->held_by_files = true;
    signal_send_group(s, p->pgid, &(struct signal_info){.signal = signal, .code = CODE_KERNEL});
    return 0;
}

bool signal_take(struct proc_service *s, struct process *p, uint64_t set, struct signal_info *info)
{
    uint64_t there = p->pending & set;

    if (!there)
        return false;
    *info = pending_first(s, p, first_of(there));
    pending_take(s, p, info->signal);
    return true;
}

/* --- settings -------------------------------------------------------------------------------- */

void signal_set_action(struct proc_service *s, struct process *p, unsigned signal,
                       struct action action)
{
    p->action[signal] = action;
    if (effect_of(p, signal) == EFFECT_NONE)
        pending_drop(s, p, SIGNAL_BIT(signal));
    signal_deliver(s, p);
}

void signal_set_mask(struct proc_service *s, struct process *p, uint64_t mask)
{
    p->mask = mask & ~SIGNALS_UNBLOCKABLE;
    signal_deliver(s, p);
}

void signal_exec(struct proc_service *s, struct process *p)
{
    for (unsigned i = 1; i < NSIGNALS; i++)
        if (p->action[i].disposition == SIG_HANDLED)
            p->action[i] = (struct action){0};
    p->entry = 0;
}

void signal_retry(struct proc_service *s, struct process *p)
{
    if (p->life != LIFE_ALIVE || p->doomed)
        return;
    if (p->stopped)
        stop_thread(s, p);
    signal_deliver(s, p);
}
