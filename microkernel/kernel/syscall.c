/* System calls in their general form. kernel/fastpath.c has the common cases, tried first. */
#include "microkernel/kernel/syscall.h"

#include <abi/error.h>
#include <abi/fault.h>
#include <abi/syscall.h>
#include "microkernel/kernel/fault.h"
#include "microkernel/kernel/invoke.h"
#include "microkernel/kernel/ipc.h"
#include "microkernel/kernel/items.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/irq.h"

#define SLOT_OBJECT(slots) ((uint32_t)(slots))
#define SLOT_REPLY(slots) ((slots) >> 32)

struct tcb *kernel_leave(void)
{
    struct cpu *c = this_cpu();
    struct tcb *next = cpu_schedule(c);
    if ((next->attention & ATTENTION_UPCALL) && !next->progress) {
        next->attention &= ~ATTENTION_UPCALL;
        if (!tcb_upcall_check(next))
            tcb_upcall_enter(next, next->upcall_words);
    }
    return cpu_switch(c, next);
}

static uint32_t item_count(uint64_t tag)
{
    return TAG_ITEMS(tag);
}

/* One item answering a fault is in registers; the words of other answers are words. */
static int run_reply_items(struct tcb *t, struct reply *r, uint64_t tag)
{
    uint32_t n = item_count(tag);
    bool in_registers = n == 1 && r->is_fault && TAG_ANSWER(tag) == ANSWER_RETRY;
    if (n == 0)
        return 0;
    if (n > MSG_ITEMS)
        return ERR_BADMSG;
    if (!in_registers && !t->msg)
        return ERR_RANGE;
    return items_run(t, n, in_registers, r);
}

/* Check, items, answer. *gone: nobody was there to be answered. */
static int answer(struct tcb *t, struct reply *r, bool *gone)
{
    uint64_t tag = t->regs[REG_A1];
    bool holds = r->state == REPLY_HOLDS;
    int e = holds ? ipc_check_answer(t, r, tag) : ipc_check_message(t, tag, true);
    if (!e)
        e = run_reply_items(t, r, tag);
    *gone = !holds;
    if (!e && holds)
        ipc_answer(t, r, tag);
    return e;
}

static int call_reply(struct tcb *t, struct reply *r)
{
    bool gone;
    if (r->state == REPLY_ARMED)
        return ERR_BUSY;
    int e = answer(t, r, &gone);
    return e ? e : gone ? ERR_GONE : 0;
}

static int sys_call(struct tcb *t)
{
    struct cap *c;
    int r = cap_find_any(t, SLOT_OBJECT(t->regs[REG_A0]), &c);
    if (r)
        return r;
    if (c->type == OBJ_REPLY)
        return call_reply(t, c->pointer);
    if (c->type != OBJ_ENDPOINT)
        return invoke(t, c);
    return c->rights & RIGHT_WRITE ? ipc_call(t, c) : ERR_RIGHTS;
}

static int sys_reply_recv(struct tcb *t)
{
    uint64_t slots = t->regs[REG_A0];
    struct cap *reply, *ep;
    bool gone;
    int r = cap_find(t, SLOT_REPLY(slots), OBJ_REPLY, 0, &reply);
    if (!r)
        r = cap_find(t, SLOT_OBJECT(slots), OBJ_ENDPOINT, RIGHT_READ, &ep);
    if (r)
        return r;
    struct reply *o = reply->pointer;
    if (o->state == REPLY_ARMED)
        return ERR_BUSY;
    r = answer(t, o, &gone);
    return r ? r : ipc_receive(t, o, ep->pointer, true);
}

static int sys_recv(struct tcb *t, bool may_block)
{
    uint64_t slots = t->regs[REG_A0];
    struct cap *reply, *c;
    int r = cap_find_any(t, SLOT_OBJECT(slots), &c);
    if (r)
        return r;
    if (c->type != OBJ_ENDPOINT && c->type != OBJ_NOTIFICATION)
        return ERR_TYPE;
    if (!(c->rights & RIGHT_READ))
        return ERR_RIGHTS;
    if (c->type == OBJ_NOTIFICATION)
        return ipc_wait(t, c->pointer, may_block);
    r = cap_find(t, SLOT_REPLY(slots), OBJ_REPLY, 0, &reply);
    if (r)
        return r;
    struct reply *o = reply->pointer;
    return o->state == REPLY_FREE ? ipc_receive(t, o, c->pointer, may_block) : ERR_BUSY;
}

static int sys_signal(struct tcb *t)
{
    struct cap *c;
    int r = cap_find(t, SLOT_OBJECT(t->regs[REG_A0]), OBJ_NOTIFICATION, RIGHT_WRITE, &c);
    if (!r)
        notification_signal(c->pointer, c->badge);
    return r;
}

static int sys_items(struct tcb *t)
{
    uint32_t n = item_count(t->regs[REG_A1]);
    if (n == 0 || n > MSG_ITEMS)
        return ERR_BADMSG;
    return n > 1 && !t->msg ? ERR_RANGE : items_run(t, n, n == 1, NULL);
}

/* On success all its registers are those of the frame, so there is no result. */
static int sys_resume(struct tcb *t)
{
    int r = tcb_upcall_leave(t);
    return r ? r : BLOCKED;
}

static int perform(struct tcb *t, uint64_t number)
{
    switch (number) {
    case SYS_CALL:
        return sys_call(t);
    case SYS_REPLY_RECV:
        return sys_reply_recv(t);
    case SYS_RECV:
        return sys_recv(t, true);
    case SYS_NBRECV:
        return sys_recv(t, false);
    case SYS_SIGNAL:
        return sys_signal(t);
    case SYS_YIELD:
        cpu_yield(this_cpu());
        return 0;
    case SYS_ITEMS:
        return sys_items(t);
    case SYS_RESUME:
        return sys_resume(t);
    default:
        return ERR_BADMSG;
    }
}

struct tcb *syscall_general(struct tcb *t, uint64_t number)
{
    int r = perform(t, number);
    if (r == PREEMPTED) {
        t->regs[REG_PC] -= ECALL_BYTES;
        t->full = 1;
    } else if (r != BLOCKED) {
        t->progress = 0; /* ended, however: the next call begins at its first item */
        t->regs[REG_A0] = (int64_t)r;
    }
    return kernel_leave();
}

struct tcb *fault_general(struct tcb *t, uint64_t scause, uint64_t stval)
{
    if (scause != CAUSE_ILLEGAL || !fpu_trap(this_cpu(), t))
        fault_raise(t, scause, stval);
    return kernel_leave();
}

struct tcb *interrupt_entry(bool is_timer)
{
    if (is_timer)
        cpu_timer(this_cpu());
    else
        irq_handle();
    return kernel_leave();
}
