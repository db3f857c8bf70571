/* Reply objects: letting go of whom they hold. */
#include "microkernel/object/reply.h"

#include <abi/error.h>
#include "microkernel/kernel/cpu.h"

void reply_release(struct reply *r)
{
    r->tcb->reply = NULL;
    r->tcb = NULL;
    r->state = REPLY_FREE;
}

void reply_finish(struct reply *r)
{
    struct tcb *t = r->tcb;
    if (r->state == REPLY_FREE)
        return;
    tcb_stop(t, ERR_DEAD);
    cpu_wake(t);
}
