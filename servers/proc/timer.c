/* See timer.h. A timer of timer_create has one signal pending at most: what goes off meanwhile is
 * counted as overrun, and told with that signal.
 *
 * However short an interval is, proc looks at a timer RATE times a second at most: it does other work too.
 *
 * Processor time passes no faster than real time: a timer of the former is looked at when it could
 * have gone off at the earliest, and set again for what is left then. */
#include "timer.h"
#include <abi/error.h>
#include "kern.h"
#include "pending.h"
#include "signal.h"
#include "table.h"

/* --- interval timers ------------------------------------------------------------------------- */

static const unsigned interval_signal[INTERVALS] = {SIG_ALRM, SIG_VTALRM, SIG_PROF};

#define RATE 2000

/* The deadline of what is due at `at` and went off just now. */
static uint64_t again(const struct proc_service *s, uint64_t at)
{
    uint64_t soonest = kern_now() + s->hz / RATE;

    return at > soonest ? at : soonest;
}

static uint64_t after(uint64_t now, uint64_t ticks)
{
    return ticks < ~0UL - now ? now + ticks : ~0UL;
}

static uint64_t ticks_used(struct process *p)
{
    kern_thread_usage(p, &p->ticks, &p->faults);
    return p->ticks;
}

static void arm(struct proc_service *s, struct process *p, enum interval which)
{
    struct interval_timer *t = &p->intervals[which];
    uint64_t left = interval_left(p, which);

    deadline_set(&s->timers, &t->deadline, again(s, after(kern_now(), left)));
}

uint64_t interval_left(struct process *p, enum interval which)
{
    const struct interval_timer *t = &p->intervals[which];
    uint64_t now;

    if (t->at == 0)
        return 0;
    now = which == INTERVAL_REAL ? kern_now() : ticks_used(p);
    return t->at > now ? t->at - now : 1;
}

void interval_set(struct proc_service *s, struct process *p, enum interval which, uint64_t value,
                  uint64_t interval)
{
    struct interval_timer *t = &p->intervals[which];

    deadline_clear(&s->timers, &t->deadline);
    t->interval = interval;
    t->at = 0;
    if (value == 0)
        return;
    t->at = after(which == INTERVAL_REAL ? kern_now() : ticks_used(p), value);
    arm(s, p, which);
}

void interval_fired(struct proc_service *s, struct process *p, enum interval which)
{
    struct interval_timer *t = &p->intervals[which];
    struct signal_info info = {.signal = interval_signal[which], .code = CODE_TIMER};
    uint64_t now = which == INTERVAL_REAL ? kern_now() : ticks_used(p);

    if (now < t->at) {
        arm(s, p, which);
        return;
    }
    if (t->interval)
        t->at += (now - t->at) / t->interval * t->interval + t->interval;
    else
        t->at = 0;
    if (t->at)
        arm(s, p, which);
    signal_send(s, p, &info);
}

/* --- timers of timer_create ------------------------------------------------------------------ */

int timer_new(struct proc_service *s, struct process *p, unsigned signal, uint64_t value,
              uint64_t *id)
{
    struct timer *t = s->timer, *end = s->timer + TIMER_POOL;

    while (t < end && t->owner)
        t++;
    if (t == end || p->ntimers == TIMERS_OWNED)
        return ERR_AGAIN;
    *t = (struct timer){.owner = p, .signal = signal, .value = value, .serial = ++s->timer_serial};
    p->ntimers++;
    *id = (uint64_t)(t - s->timer);
    return 0;
}

struct timer *timer_of(struct proc_service *s, const struct process *p, uint64_t id)
{
    return id < TIMER_POOL && s->timer[id].owner == p ? &s->timer[id] : NULL;
}

void timer_arm(struct proc_service *s, struct timer *t, uint64_t at, uint64_t interval)
{
    deadline_clear(&s->timers, &t->deadline);
    t->at = at;
    t->interval = interval;
    if (at)
        deadline_set(&s->timers, &t->deadline, at);
}

void timer_free(struct proc_service *s, struct timer *t)
{
    deadline_clear(&s->timers, &t->deadline);
    t->owner->ntimers--;
    t->owner = NULL;
}

static void count_overrun(struct timer *t, uint64_t times)
{
    t->overrun = times < OVERRUN_MAX - t->overrun ? t->overrun + (uint32_t)times : OVERRUN_MAX;
}

/* `times` ends of the interval have passed. */
static void send(struct proc_service *s, struct timer *t, uint64_t times)
{
    struct signal_info info = {.signal = t->signal, .code = CODE_TIMER, .value = t->value,
                               .timer = t->serial};

    if (t->is_pending) {
        count_overrun(t, times);
        return;
    }
    t->overrun = 0;
    count_overrun(t, times - 1);
    t->is_pending = true;
    if (signal_send(s, t->owner, &info) != PENDING_KEPT)
        t->is_pending = false;
}

void timer_fired(struct proc_service *s, struct timer *t)
{
    uint64_t now = kern_now(), times = 1;

    if (t->interval) {
        times += (now - t->at) / t->interval;
        t->at += times * t->interval;
        deadline_set(&s->timers, &t->deadline, again(s, t->at));
    } else {
        t->at = 0;
    }
    if (t->signal)
        send(s, t, times);
}

void timer_taken(struct proc_service *s, const struct process *p, const struct signal_info *info)
{
    if (info->timer == 0)
        return;
    for (struct timer *t = s->timer; t < s->timer + TIMER_POOL; t++)
        if (t->owner == p && t->serial == info->timer && t->is_pending) {
            t->is_pending = false;
            t->told_overrun = t->overrun;
        }
}

static uint64_t earlier(uint64_t at, int64_t ticks)
{
    return ticks < 0 || at > (uint64_t)ticks ? at - (uint64_t)ticks : 1;
}

void timers_move(struct proc_service *s, int64_t ns)
{
    const int64_t second = 1000000000, hz = (int64_t)s->hz;
    int64_t ticks = ns / second * hz + ns % second * hz / second;

    TABLE_EACH(s, p)
        if (p->parked == PARK_SLEEP && p->park_is_wall)
            deadline_set(&s->timers, &p->park_timer, earlier(p->park_timer.at, ticks));
    for (struct timer *t = s->timer; t < s->timer + TIMER_POOL; t++)
        if (t->owner && t->at && t->is_wall) {
            t->at = earlier(t->at, ticks);
            deadline_set(&s->timers, &t->deadline, t->at);
        }
}

void timers_drop(struct proc_service *s, struct process *p, bool ends)
{
    for (struct timer *t = s->timer; p->ntimers && t < s->timer + TIMER_POOL; t++)
        if (t->owner == p)
            timer_free(s, t);
    for (unsigned which = 0; ends && which < INTERVALS; which++)
        interval_set(s, p, which, 0, 0);
}
