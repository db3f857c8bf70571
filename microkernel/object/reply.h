/* Reply objects.
 *
 *           recv                 message                answer, or the caller is stopped
 *   FREE ---------> ARMED ----------------> HOLDS ------------------------------------> FREE
 *                  tcb = server            tcb = caller
 */
#ifndef OBJECT_REPLY_H
#define OBJECT_REPLY_H

#include "microkernel/object/tcb.h"

enum reply_state { REPLY_FREE = 0, REPLY_ARMED = 1, REPLY_HOLDS = 2 };

struct reply {
    struct object object;
    uint8_t state;    /* enum reply_state */
    uint8_t is_fault; /* what it holds, or held last, is a fault; */
    uint8_t may_map;  /* whose answer may name the faulter's VSpace */
    uint8_t unused0;
    struct tcb *tcb;
    uint64_t unused[6];
};

/* Nobody any more: FREE. */
void reply_release(struct reply *r);

/* It ends: a fault it holds is raised again, a call gets ERR_DEAD, a server that waits with it is
 * told ERR_DEAD. */
void reply_finish(struct reply *r);

#endif
