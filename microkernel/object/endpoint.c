/* The end of an endpoint. Sending and receiving are in kernel/ipc.c. */
#include "microkernel/object/endpoint.h"

#include <abi/error.h>
#include "microkernel/kernel/cpu.h"

#define DRAIN_STEP 32

/* A fault goes back to its instruction and faults again (tcb_stop); everyone else is told. */
static void end_wait(struct tcb *t)
{
    tcb_stop(t, ERR_DEAD);
    cpu_wake(t);
}

static bool drain(struct queue *q)
{
    for (int i = 0; i < DRAIN_STEP && q->head; i++)
        end_wait(q->head);
    return q->head == NULL;
}

bool endpoint_drain_step(struct endpoint *ep)
{
    return drain(&ep->receivers) && drain(&ep->senders);
}
