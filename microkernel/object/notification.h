/* Notifications: a word of bits that signals OR into and one receive takes. */
#ifndef OBJECT_NOTIFICATION_H
#define OBJECT_NOTIFICATION_H

#include "microkernel/object/tcb.h"

struct notification {
    struct object object;
    uint64_t word;
    struct queue waiters;
    struct tcb *bound; /* gets the word whenever it receives, on any endpoint */
    uint64_t unused[3];
};

/* OR `bits` in and wake who waits for them. */
void notification_signal(struct notification *n, uint64_t bits);

/* Give the word, which is not 0, to `t`, which receives (or would). */
void notification_deliver(struct notification *n, struct tcb *t);

/* It ends: some waiting threads get ERR_DEAD. => true when nobody waits any more. */
bool notification_drain_step(struct notification *n);

#endif
