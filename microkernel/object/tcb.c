/* Threads: stopping, resuming, ending, and the capabilities that a thread holds itself. */
#include "microkernel/object/tcb.h"

#include <abi/error.h>
#include <stddef.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/endpoint.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/region.h"
#include "microkernel/object/reply.h"

void tcb_init(struct tcb *t)
{
    t->full = 1;
    t->vspace = &kernel_vspace;
    t->cspace_cap.holder = HOLD_TCB_CSPACE;
    t->vspace_cap.holder = HOLD_TCB_VSPACE;
    t->fault_cap.holder = HOLD_TCB_FAULT;
    t->notification_cap.holder = HOLD_TCB_NOTIFICATION;
}

static bool in_ipc(const struct tcb *t)
{
    return t->state == TCB_RECEIVING || t->state == TCB_SENDING || t->state == TCB_WAITING ||
           t->state == TCB_FAULTED;
}

void tcb_stop(struct tcb *t, int64_t result)
{
    if (in_ipc(t) && !t->is_fault)
        t->regs[REG_A0] = result;
    if (t->state == TCB_READY)
        cpu_unready(t);
    else if (t->queue)
        queue_remove(t);
    if (t->reply)
        reply_release(t->reply);
    t->fault_vspace = NULL;
    t->is_fault = 0;
    t->state = TCB_STOPPED;
}

int tcb_resume(struct tcb *t)
{
    if (in_ipc(t))
        return ERR_BUSY;
    if (t->state == TCB_STOPPED)
        cpu_wake(t);
    return 0;
}

struct cap *tcb_inner_cap(struct tcb *t, const struct cap *except)
{
    struct cap *caps[] = {&t->fault_cap, &t->notification_cap, &t->vspace_cap, &t->cspace_cap};
    tcb_stop(t, ERR_GONE);
    for (int i = 0; i < 4; i++)
        if (caps[i]->type != OBJ_NULL && caps[i] != except)
            return caps[i];
    return NULL;
}

void tcb_finish(struct tcb *t)
{
    tcb_stop(t, ERR_GONE);
    cpu_forget(t);
    if (t->msg)
        message_unpin(t->msg);
    t->msg = NULL;
}

static struct tcb *holder_tcb(struct cap *c)
{
    static const size_t offsets[] = {
        [HOLD_TCB_CSPACE] = offsetof(struct tcb, cspace_cap),
        [HOLD_TCB_VSPACE] = offsetof(struct tcb, vspace_cap),
        [HOLD_TCB_FAULT] = offsetof(struct tcb, fault_cap),
        [HOLD_TCB_NOTIFICATION] = offsetof(struct tcb, notification_cap),
    };
    return (struct tcb *)((char *)c - offsets[c->holder]);
}

void tcb_cap_lost(struct cap *c)
{
    if (c->holder == HOLD_SOURCE_NOTIFICATION)
        return;
    struct tcb *t = holder_tcb(c);
    if (c->holder == HOLD_TCB_CSPACE) {
        t->slots = NULL;
        t->nslots = 0;
    } else if (c->holder == HOLD_TCB_VSPACE) {
        t->vspace = &kernel_vspace;
        t->fault_vspace = NULL;
    } else if (c->holder == HOLD_TCB_NOTIFICATION) {
        t->notification->bound = NULL;
        t->notification = NULL;
    }
}

void tcb_cap_set(struct cap *c)
{
    struct tcb *t = holder_tcb(c);
    if (c->holder == HOLD_TCB_CSPACE) {
        struct cspace *cs = c->pointer;
        t->slots = cs->slots;
        t->nslots = cs->nslots;
    } else if (c->holder == HOLD_TCB_VSPACE) {
        t->vspace = c->pointer;
    } else if (c->holder == HOLD_TCB_NOTIFICATION) {
        t->notification = c->pointer;
        t->notification->bound = t;
    }
}
