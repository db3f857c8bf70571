/* What the pager does between messages: parked requests that can go on, jobs, reclaim, sampling,
 * write-back. In small steps, so that a new message never waits long. */
#ifndef PAGER_WORK_H
#define PAGER_WORK_H

#include "pager.h"

/* Is there something to do now? */
static inline bool work_is_due(const struct pager *pg)
{
    return (pg->work | (pg->run.head ^ NONE)) != 0;
}

/* One step. */
void work_step(struct pager *pg);

/* The timer fired, or time has passed: what is due becomes work. */
void work_timer(struct pager *pg);

/* When to be woken next, 0: never. */
uint64_t work_deadline(struct pager *pg);

/* Set a parameter (enum pager_param). => 0 and *old; ERR_INVAL, ERR_RANGE. */
int work_tune(struct pager *pg, uint64_t param, uint64_t value, uint64_t *old);

#endif
