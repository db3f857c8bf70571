/* The list of timers that are set, earliest first. */
#include "microkernel/object/timer.h"

#include "microkernel/kernel/cpu.h"
#include "microkernel/object/notification.h"

static void timer_unlink(struct timer *t)
{
    for (struct timer **p = &this_cpu()->timers; *p; p = &(*p)->next)
        if (*p == t) {
            *p = t->next;
            break;
        }
    t->deadline = 0;
}

void timer_set(struct timer *t, ticks_t deadline)
{
    timer_unlink(t);
    if (deadline) {
        struct timer **p = &this_cpu()->timers;
        while (*p && (*p)->deadline <= deadline)
            p = &(*p)->next;
        t->deadline = deadline;
        t->next = *p;
        *p = t;
    }
    cpu_set_timer(this_cpu());
}

void timer_expire(ticks_t now)
{
    struct timer *t;
    while ((t = this_cpu()->timers) != NULL && t->deadline <= now) {
        this_cpu()->timers = t->next;
        t->deadline = 0;
        if (t->notification_cap.type != OBJ_NULL)
            notification_signal(t->notification_cap.pointer, t->notification_cap.badge);
    }
}

ticks_t timer_next(void)
{
    return this_cpu()->timers ? this_cpu()->timers->deadline : ~0UL;
}
