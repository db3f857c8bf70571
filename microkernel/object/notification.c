/* Signalling. Receiving is in kernel/ipc.c. */
#include "microkernel/object/notification.h"

#include <abi/error.h>
#include <abi/syscall.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/reply.h"

#define DRAIN_STEP 32

void notification_deliver(struct notification *n, struct tcb *t)
{
    t->regs[REG_A0] = 0;
    t->regs[REG_A1] = TAG_NOTIFIED;
    t->regs[REG_A2] = n->word;
    t->regs[REG_A3] = t->regs[REG_A4] = t->regs[REG_A5] = 0;
    t->regs[REG_A6] = 0;
    n->word = 0;
}

static void wake_receiver(struct notification *n, struct tcb *t)
{
    queue_remove(t);
    if (t->reply)
        reply_release(t->reply);
    notification_deliver(n, t);
    cpu_wake(t);
}

void notification_signal(struct notification *n, uint64_t bits)
{
    n->word |= bits;
    if (n->word == 0)
        return;
    if (n->bound && n->bound->state == TCB_RECEIVING)
        wake_receiver(n, n->bound);
    else if (n->waiters.head)
        wake_receiver(n, n->waiters.head);
}

bool notification_drain_step(struct notification *n)
{
    for (int i = 0; i < DRAIN_STEP && n->waiters.head; i++) {
        struct tcb *t = n->waiters.head;
        tcb_stop(t, ERR_DEAD);
        cpu_wake(t);
    }
    return n->waiters.head == NULL;
}
