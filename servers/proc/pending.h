/* Signals that were sent and not yet taken, with what each tells. */
#ifndef PROC_PENDING_H
#define PROC_PENDING_H

#include "process.h"

enum pending_result {
    PENDING_KEPT,   /* with what it tells */
    PENDING_MERGED, /* one of that number is pending: this one is the same to the process */
    PENDING_FULL,   /* SIGNALS_QUEUED or the pool is used up: nothing was kept */
    PENDING_NOT,    /* it would do nothing, so it is not kept */
};

void pending_init(struct proc_service *s);

/* Keep `info` for p. Signals below SIGNAL_RT are kept once: the first stays; the others queue. */
enum pending_result pending_add(struct proc_service *s, struct process *p,
                                const struct signal_info *info);

/* The signal is pending although there is no room for what it tells. */
void pending_mark(struct process *p, unsigned signal);

/* The one that comes next of `signal`, which is pending; it stays. */
struct signal_info pending_first(struct proc_service *s, struct process *p, unsigned signal);

/* Take that one. */
void pending_take(struct proc_service *s, struct process *p, unsigned signal);

/* Forget all of `set` (a SIGNAL_BIT each). */
void pending_drop(struct proc_service *s, struct process *p, uint64_t set);

#endif
