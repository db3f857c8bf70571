/* Handlers of calls: signals and time. See calls.h. */
#include "calls.h"
#include <abi/error.h>
#include "handlers.h"
#include "kern.h"
#include "limit.h"
#include "park.h"
#include "signal.h"
#include "table.h"
#include "timer.h"
#include <proto/procfs.h>

/* --- signals --------------------------------------------------------------------------------- */

/* Everybody but the first process and the caller. */
static bool send_all(struct proc_service *s, const struct signal_info *info)
{
    bool any = false;

    TABLE_EACH(s, p)
        if (p->pid != 1 && p != s->caller) {
            any = true;
            signal_send(s, p, info);
        }
    return any;
}

static bool send_to(struct proc_service *s, int64_t pid, const struct signal_info *info)
{
    struct process *p;

    if (pid == -1)
        return send_all(s, info);
    if (pid == 0)
        return signal_send_group(s, s->caller->pgid, info);
    if (pid < 0)
        return -pid <= (int64_t)PID_MAX && signal_send_group(s, (uint32_t)-pid, info);
    p = pid <= (int64_t)PID_MAX ? table_find(s, (uint32_t)pid) : NULL;
    if (p)
        signal_send(s, p, info);
    return p != NULL;
}

int proc_on_kill(struct proc_service *s, struct call *call, const struct proc_kill_req *req,
                 struct proc_kill_rep *rep)
{
    struct process *p = s->caller;
    struct signal_info info = {.signal = (uint32_t)req->signal, .code = CODE_USER, .from = p->pid};

    if (req->signal >= NSIGNALS)
        return ERR_INVAL;
    if (!send_to(s, req->pid, &info))
        return ERR_SRCH;
    return park_if_stopped(p, call->reply, rep, 0);
}

int proc_on_sigqueue(struct proc_service *s, struct call *call, const struct proc_sigqueue_req *req,
                     struct proc_sigqueue_rep *rep)
{
    struct process *p = req->pid > 0 && req->pid <= (int64_t)PID_MAX
                            ? table_find(s, (uint32_t)req->pid)
                            : NULL;
    struct signal_info info = {.signal = (uint32_t)req->signal, .code = CODE_QUEUE,
                               .from = s->caller->pid, .value = req->value};

    if (req->signal >= NSIGNALS)
        return ERR_INVAL;
    if (p == NULL)
        return ERR_SRCH;
    if (signal_send(s, p, &info) == PENDING_FULL)
        return ERR_AGAIN;
    return park_if_stopped(s->caller, call->reply, rep, 0);
}

int proc_on_signal_entry(struct proc_service *s, struct call *call,
                         const struct proc_signal_entry_req *req, struct proc_signal_entry_rep *rep)
{
    s->caller->entry = req->entry;
    kern_set_entry(s->caller, req->entry);
    return 0;
}

int proc_on_sigaction(struct proc_service *s, struct call *call,
                      const struct proc_sigaction_req *req, struct proc_sigaction_rep *rep)
{
    struct process *p = s->caller;
    const struct action *old;

    if (req->signal == 0 || req->signal >= NSIGNALS || req->disposition > PROC_SIG_TELL)
        return ERR_INVAL;
    old = &p->action[req->signal];
    *rep = (struct proc_sigaction_rep){old->disposition, old->flags, old->mask};
    if (req->disposition == PROC_SIG_TELL)
        return 0;
    if (req->signal == SIG_KILL || req->signal == SIG_STOP)
        return ERR_INVAL;
    signal_set_action(s, p, (unsigned)req->signal,
                      (struct action){(uint8_t)req->disposition, (uint8_t)req->flags,
                                      req->mask});
    return park_if_stopped(p, call->reply, rep, sizeof *rep / 8);
}

int proc_on_sigmask(struct proc_service *s, struct call *call, const struct proc_sigmask_req *req,
                    struct proc_sigmask_rep *rep)
{
    struct process *p = s->caller;
    uint64_t mask = req->mask;

    rep->old = p->mask;
    switch (req->how) {
    case 0:
        break;
    case 1:
        mask |= p->mask;
        break;
    case 2:
        mask = p->mask & ~mask;
        break;
    case 3:
        return 0;
    default:
        return ERR_INVAL;
    }
    signal_set_mask(s, p, mask);
    return park_if_stopped(p, call->reply, rep, sizeof *rep / 8);
}

int proc_on_sigpending(struct proc_service *s, struct call *call,
                       const struct proc_sigpending_req *req, struct proc_sigpending_rep *rep)
{
    rep->set = s->caller->pending;
    return 0;
}

int proc_on_sigsuspend(struct proc_service *s, struct call *call,
                       const struct proc_sigsuspend_req *req, struct proc_sigsuspend_rep *rep)
{
    return park_suspend(s, s->caller, call->reply, req->mask);
}

int proc_on_sigwait(struct proc_service *s, struct call *call, const struct proc_sigwait_req *req,
                    struct proc_sigwait_rep *rep)
{
    return park_sigwait(s, s->caller, call->reply, req, rep);
}

int proc_on_sigreturn(struct proc_service *s, struct call *call,
                      const struct proc_sigreturn_req *req, struct proc_sigreturn_rep *rep)
{
    signal_set_mask(s, s->caller, req->mask);
    return park_if_stopped(s->caller, call->reply, rep, 0);
}

/* --- time ------------------------------------------------------------------------------------ */

int proc_on_sleep(struct proc_service *s, struct call *call, const struct proc_sleep_req *req,
                  struct proc_sleep_rep *rep)
{
    rep->now = kern_now();
    return park_sleep(s, s->caller, call->reply, req);
}

int proc_on_itimer(struct proc_service *s, struct call *call, const struct proc_itimer_req *req,
                   struct proc_itimer_rep *rep)
{
    struct process *p = s->caller;
    uint64_t which = req->which & ~(uint64_t)PROC_ITIMER_TELL;

    if (which >= INTERVALS)
        return ERR_INVAL;
    rep->value = interval_left(p, (enum interval)which);
    rep->interval = p->intervals[which].interval;
    if (!(req->which & PROC_ITIMER_TELL))
        interval_set(s, p, (enum interval)which, req->value, req->interval);
    return 0;
}

int proc_on_timer_create(struct proc_service *s, struct call *call,
                         const struct proc_timer_create_req *req, struct proc_timer_create_rep *rep)
{
    int rc;

    if (req->signal >= NSIGNALS)
        return ERR_INVAL;
    rc = timer_new(s, s->caller, (unsigned)req->signal, req->value, &rep->id);
    if (rc == 0 && req->by_id)
        s->timer[rep->id].value = rep->id;
    return rc;
}

static uint64_t time_left(const struct timer *t)
{
    uint64_t now = kern_now();

    return t->at > now ? t->at - now : t->at ? 1 : 0;
}

int proc_on_timer_set(struct proc_service *s, struct call *call,
                      const struct proc_timer_set_req *req, struct proc_timer_set_rep *rep)
{
    struct timer *t = timer_of(s, s->caller, req->id);

    if (t == NULL)
        return ERR_INVAL;
    *rep = (struct proc_timer_set_rep){time_left(t), t->interval};
    timer_arm(s, t, req->at, req->interval);
    t->is_wall = req->is_wall;
    return 0;
}

int proc_on_timer_get(struct proc_service *s, struct call *call,
                      const struct proc_timer_get_req *req, struct proc_timer_get_rep *rep)
{
    struct timer *t = timer_of(s, s->caller, req->id);

    if (t == NULL)
        return ERR_INVAL;
    *rep = (struct proc_timer_get_rep){time_left(t), t->interval, t->told_overrun};
    return 0;
}

int proc_on_timer_delete(struct proc_service *s, struct call *call,
                         const struct proc_timer_delete_req *req, struct proc_timer_delete_rep *rep)
{
    struct timer *t = timer_of(s, s->caller, req->id);

    if (t == NULL)
        return ERR_INVAL;
    timer_free(s, t);
    return 0;
}

int proc_on_clock(struct proc_service *s, struct call *call, const struct proc_clock_req *req,
                  struct proc_clock_rep *rep)
{
    *rep = (struct proc_clock_rep){s->epoch_ns, s->hz};
    return 0;
}

int proc_on_clock_set(struct proc_service *s, struct call *call,
                      const struct proc_clock_set_req *req, struct proc_clock_set_rep *rep)
{
    struct procfs_clock_req clock = {req->epoch_ns};

    timers_move(s, (int64_t)(req->epoch_ns - s->epoch_ns));
    s->epoch_ns = req->epoch_ns;
    kern_post(KERN_FS, procfs_OP_clock, &clock, 1, NULL);
    return 0;
}

/* Whose timer went off: one of the pool's, or one of a process's. */
static void timer_due(struct proc_service *s, struct deadline *timer)
{
    char *at = (char *)timer;
    struct process *p;

    if (at >= (char *)s->timer && at < (char *)(s->timer + TIMER_POOL)) {
        timer_fired(s, &s->timer[(size_t)(at - (char *)s->timer) / sizeof *s->timer]);
        return;
    }
    p = &s->process[(size_t)(at - (char *)s->process) / sizeof *s->process];
    if (timer == &p->park_timer)
        park_timeout(s, p);
    else if (timer == &p->retry)
        signal_retry(s, p);
    else if (timer == &p->used_up)
        limit_check_time(s, p);
    else
        for (unsigned which = 0; which < INTERVALS; which++)
            if (timer == &p->intervals[which].deadline)
                interval_fired(s, p, (enum interval)which);
}

void calls_tick(struct proc_service *s)
{
    uint64_t now = kern_now(); /* what becomes due meanwhile is left for the next time */
    struct deadline *timer;

    while ((timer = deadline_take_due(&s->timers, now)))
        timer_due(s, timer);
}
