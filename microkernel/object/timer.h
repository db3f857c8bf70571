/* Timers: a deadline each, in one sorted list, and a notification to signal. Few: servers only. */
#ifndef OBJECT_TIMER_H
#define OBJECT_TIMER_H

#include "microkernel/object/cap.h"

struct timer {
    struct object object;
    ticks_t deadline; /* 0 = off */
    struct timer *next;
    struct cap notification_cap;
    uint64_t unused[5];
};

/* Set or (0) clear its deadline. */
void timer_set(struct timer *t, ticks_t deadline);

/* Signal all that are due. */
void timer_expire(ticks_t now);

/* The next deadline, ~0 if none. */
ticks_t timer_next(void);

#endif
