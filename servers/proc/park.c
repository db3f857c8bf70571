/* See park.h. A stopped process is not answered; when it goes on, what it waits for is looked at
 * again. */
#include "park.h"
#include <string.h>
#include <abi/error.h>
#include <lib/server/call.h>
#include "kern.h"
#include "life.h"
#include "table.h"

enum { WAIT_NOHANG = 1, WAIT_STOPPED = 2, WAIT_ENDED = 4, WAIT_CONTINUED = 8, WAIT_NOTAKE = 16 };
#define STATUS_CONTINUED 0xffffu
#define STATUS_STOPPED(signal) (0x7fu | (signal) << 8)

static int park(struct process *p, enum parked what, slot_t reply)
{
    p->parked = (uint8_t)what;
    p->reply = reply;
    return PARKED;
}

void park_answer(struct proc_service *s, struct process *p, int status, const void *rep, unsigned words)
{
    deadline_clear(&s->timers, &p->park_timer);
    p->parked = PARK_NONE;
    kern_answer(p->reply, status, rep, words);
}

void park_drop(struct proc_service *s, struct process *p)
{
    if (p->parked)
        park_answer(s, p, ERR_GONE, NULL, 0);
}

int park_if_stopped(struct process *p, slot_t reply, const void *rep, unsigned words)
{
    if (!p->stopped || p->life != LIFE_ALIVE || p->doomed)
        return 0;
    p->held_words = words;
    memcpy(p->held, rep, words * 8);
    return park(p, PARK_STOPPED, reply);
}

/* --- children -------------------------------------------------------------------------------- */

static bool is_meant(const struct process *waiter, const struct process *child, int64_t pid,
                     uint64_t options)
{
    if (child->adopted || child->life == LIFE_EMBRYO)
        return false;
    if (options & PROC_WAIT_GROUP)
        return child->pgid == (pid == 0 ? waiter->pgid : (uint64_t)pid);
    if (pid > 0)
        return child->pid == (uint64_t)pid;
    if (pid == -1)
        return true;
    return child->pgid == (pid == 0 ? waiter->pgid : (uint64_t)-pid);
}

/* Is there news of this child, of a kind that is asked for? */
static bool read_news(const struct process *child, uint64_t options, struct proc_wait_rep *rep)
{
    if (child->life == LIFE_ZOMBIE && (options & WAIT_ENDED))
        rep->status = child->end_status;
    else if (child->life == LIFE_ZOMBIE)
        return false;
    else if (child->stop_news && (options & WAIT_STOPPED))
        rep->status = STATUS_STOPPED(child->stop_signal);
    else if (child->continue_news && (options & WAIT_CONTINUED))
        rep->status = STATUS_CONTINUED;
    else
        return false;
    rep->pid = child->pid;
    rep->user_ticks = child->ticks + child->child_ticks;
    rep->faults = child->faults + child->child_faults;
    return true;
}

/* News are told once. */
static void take_news(struct proc_service *s, struct process *child)
{
    if (child->life == LIFE_ZOMBIE) {
        child->parent->child_ticks += child->ticks + child->child_ticks;
        child->parent->child_faults += child->faults + child->child_faults;
        table_free(s, child);
    } else {
        child->stop_news = child->continue_news = false;
    }
}

/* => 0 with *rep, ERR_CHILD, or ERR_AGAIN: nothing yet. */
static int look(struct proc_service *s, struct process *p, int64_t pid, uint64_t options,
                struct proc_wait_rep *rep)
{
    bool any = false;

    for (struct process *child = p->child; child; child = child->next_sibling) {
        if (!is_meant(p, child, pid, options))
            continue;
        any = true;
        if (read_news(child, options, rep)) {
            if (!(options & WAIT_NOTAKE))
                take_news(s, child);
            return 0;
        }
    }
    return any ? ERR_AGAIN : ERR_CHILD;
}

int park_wait(struct proc_service *s, struct process *p, slot_t reply,
              const struct proc_wait_req *req, struct proc_wait_rep *rep)
{
    int rc = look(s, p, req->pid, req->options, rep);

    if (rc != ERR_AGAIN)
        return rc;
    if (req->options & WAIT_NOHANG) {
        memset(rep, 0, sizeof *rep);
        return 0;
    }
    p->wait_pid = req->pid;
    p->wait_options = req->options;
    return park(p, PARK_WAIT, reply);
}

void park_child_changed(struct proc_service *s, struct process *parent)
{
    struct proc_wait_rep rep = {0};
    int rc;

    if (parent->parked != PARK_WAIT || parent->stopped)
        return;
    rc = look(s, parent, parent->wait_pid, parent->wait_options, &rep);
    if (rc != ERR_AGAIN)
        park_answer(s, parent, rc, &rep, sizeof rep / 8);
}

/* --- time ------------------------------------------------------------------------------------ */

int park_sleep(struct proc_service *s, struct process *p, slot_t reply,
               const struct proc_sleep_req *req)
{
    if (req->until <= kern_now())
        return 0;
    deadline_set(&s->timers, &p->park_timer, req->until);
    p->park_is_wall = req->is_wall;
    return park(p, PARK_SLEEP, reply);
}

void park_timeout(struct proc_service *s, struct process *p)
{
    struct proc_sleep_rep rep = {kern_now()};

    if (p->stopped)
        deadline_set(&s->timers, &p->park_timer, kern_now() + s->hz / 10);
    else if (p->parked == PARK_SLEEP)
        park_answer(s, p, 0, &rep, 1);
    else if (p->parked == PARK_SIGWAIT)
        park_answer(s, p, ERR_AGAIN, NULL, 0);
}

/* --- signals --------------------------------------------------------------------------------- */

int park_suspend(struct proc_service *s, struct process *p, slot_t reply, uint64_t mask)
{
    int rc = park(p, PARK_SUSPEND, reply);

    p->saved_mask = p->mask;
    p->mask = mask & ~SIGNALS_UNBLOCKABLE;
    signal_deliver(s, p);
    return rc;
}

static bool take_for_sigwait(struct proc_service *s, struct process *p, uint64_t set,
                             struct proc_sigwait_rep *rep)
{
    struct signal_info info;

    if (!signal_take(s, p, set & ~SIGNALS_UNBLOCKABLE, &info))
        return false;
    *rep = (struct proc_sigwait_rep){info.signal, info.code, info.from, info.value};
    return true;
}

int park_sigwait(struct proc_service *s, struct process *p, slot_t reply,
                 const struct proc_sigwait_req *req, struct proc_sigwait_rep *rep)
{
    if (take_for_sigwait(s, p, req->set, rep))
        return 0;
    if (req->until <= kern_now())
        return ERR_AGAIN;
    p->sigwait_set = req->set;
    if (req->until != ~0UL)
        deadline_set(&s->timers, &p->park_timer, req->until);
    return park(p, PARK_SIGWAIT, reply);
}

bool park_sigwait_wants(const struct process *p, unsigned signal)
{
    return p->parked == PARK_SIGWAIT && (p->sigwait_set & SIGNAL_BIT(signal));
}

void park_sigwait_look(struct proc_service *s, struct process *p)
{
    struct proc_sigwait_rep rep;

    if (p->parked == PARK_SIGWAIT && !p->stopped && take_for_sigwait(s, p, p->sigwait_set, &rep))
        park_answer(s, p, 0, &rep, sizeof rep / 8);
}

void park_look_again(struct proc_service *s, struct process *p)
{
    park_child_changed(s, p);
    if (p->parked == PARK_STOPPED)
        park_answer(s, p, 0, p->held, p->held_words);
    park_sigwait_look(s, p);
}
