/* Deadlines in order: a sorted list of timers that lie in their owners. */
#ifndef PROC_DEADLINE_H
#define PROC_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
    uint64_t at;                /* absolute `time`; 0: not set */
    struct deadline *next, *prev;
};

struct deadline_list {
    struct deadline *first;
    uint64_t armed;             /* what the kernel's timer was last set to; 0: off */
};

/* Set (again) to go off at `at`, which is not 0. */
void deadline_set(struct deadline_list *list, struct deadline *timer, uint64_t at);

/* Not set any more; harmless if it wasn't. */
void deadline_clear(struct deadline_list *list, struct deadline *timer);

/* The earliest timer that is due at `now`, taken off the list, or NULL. */
struct deadline *deadline_take_due(struct deadline_list *list, uint64_t now);

/* Does the kernel's timer have to be set anew? => true with *at (0: off); it counts as done. */
bool deadline_needs_arming(struct deadline_list *list, uint64_t *at);

#endif
