/* Invocations of a TCB. */
#include "microkernel/kernel/invoke.h"

#include <abi/error.h>
#include <abi/syscall.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/region.h"

#define PRIORITY_KEEP 255u

/* Put a copy of the caller's capability in the place of one of the thread's own. Deleting the old
 * one can take many steps, and can take the caller's slot with it: hence the second look. */
static int set_own_cap(struct tcb *t, uint64_t slot, enum object_type type, uint32_t rights,
                       struct cap *own)
{
    struct cap *c;
    if (slot == 0)
        return 0;
    int r = cap_find(t, slot, type, rights, &c);
    if (r)
        return r;
    if (own->pointer == c->pointer && own->badge == c->badge && own->rights == c->rights)
        return 0;
    r = cap_delete(own);
    if (!r)
        r = cap_find(t, slot, type, rights, &c);
    if (r)
        return r;
    cap_derive(own, c, c->rights, c->badge);
    tcb_cap_set(own);
    return 0;
}

static void set_priority(struct tcb *t, uint32_t priority)
{
    bool is_ready = t->state == TCB_READY && t->queue;
    struct queue *q = t->queue;
    if (is_ready)
        cpu_unready(t);
    else if (q)
        queue_remove(t);
    t->priority = priority;
    if (is_ready)
        cpu_wake(t);
    else if (q)
        queue_push_by_priority(q, t);
}

static int tcb_configure(struct tcb *t, struct tcb *target, const uint64_t w[4])
{
    if (w[3] != PRIORITY_KEEP && w[3] >= PRIORITIES)
        return ERR_RANGE;
    int r = set_own_cap(t, w[2], OBJ_ENDPOINT, RIGHT_WRITE, &target->fault_cap);
    if (!r)
        r = set_own_cap(t, w[1], OBJ_VSPACE, RIGHT_MAP, &target->vspace_cap);
    if (!r)
        r = set_own_cap(t, w[0], OBJ_CSPACE, 0, &target->cspace_cap);
    if (!r && w[3] != PRIORITY_KEEP)
        set_priority(target, w[3]);
    return r;
}

static int tcb_set_message(struct tcb *t, struct tcb *target, const uint64_t w[4])
{
    struct cap *region;
    void *page = NULL;
    if (w[0]) {
        int r = cap_find(t, w[0], OBJ_REGION, RIGHT_READ | RIGHT_WRITE, &region);
        if (!r)
            r = region_pin_message(region, w[1], &page);
        if (r)
            return r;
    }
    if (target->msg)
        message_unpin(target->msg);
    target->msg = page;
    if (page)
        target->msg->upcall_masked = target->masked;
    return 0;
}

/* Registers can be set only while nothing else may change them. */
static int check_stopped(const struct tcb *target)
{
    return target->state == TCB_STOPPED && target != this_cpu()->current ? 0 : ERR_BUSY;
}

static void forget_past(struct tcb *target)
{
    target->full = 1;
    target->progress = 0;
    target->attention &= ~ATTENTION_UPCALL;
    fpu_discard(this_cpu(), target);
}

static int tcb_write_regs(struct tcb *target, const uint64_t w[4])
{
    int r = check_stopped(target);
    if (r)
        return r;
    forget_past(target);
    memset(target->regs, 0, sizeof target->regs);
    memset(target->fregs, 0, sizeof target->fregs);
    target->regs[REG_PC] = w[0];
    target->regs[REG_SP] = w[1];
    target->regs[REG_A0] = w[2];
    target->regs[REG_A1] = w[3];
    return 0;
}

static void copy_regs(struct tcb *target, struct tcb *source, uint64_t a0, uint64_t a1)
{
    forget_past(target);
    fpu_save(this_cpu(), source);
    memcpy(target->fregs, source->fregs, sizeof target->fregs);
    memcpy(target->regs, source->regs, sizeof target->regs);
    if (!source->full) {
        memset(&target->regs[REG_T0], 0, 3 * sizeof(uint64_t));
        memset(&target->regs[REG_A2], 0, 6 * sizeof(uint64_t));
        memset(&target->regs[REG_T3], 0, 4 * sizeof(uint64_t));
    }
    target->regs[REG_A0] = a0;
    target->regs[REG_A1] = a1;
}

static int tcb_copy_regs(struct tcb *t, struct tcb *target, const uint64_t w[4])
{
    struct cap *c;
    int r = check_stopped(target);
    if (!r)
        r = cap_find(t, w[0], OBJ_TCB, RIGHT_CONTROL, &c);
    if (!r && c->pointer == target)
        r = ERR_RANGE;
    if (!r)
        copy_regs(target, c->pointer, w[1], w[2]);
    return r;
}

static int tcb_read_regs(struct tcb *t, struct tcb *target, uint64_t w[4])
{
    w[0] = target->regs[REG_PC];
    w[1] = target->regs[REG_SP];
    w[2] = target->scause;
    w[3] = target->stval;
    if (!t->msg)
        return 0;
    fpu_save(this_cpu(), target);
    memcpy(t->msg->regs, target->regs, sizeof t->msg->regs);
    memcpy(t->msg->fregs, target->fregs, sizeof t->msg->fregs);
    t->msg->fcsr = target->fregs[32];
    return 0;
}

static int tcb_bind(struct tcb *t, struct tcb *target, const uint64_t w[4])
{
    struct cap *c;
    if (w[0]) {
        int r = cap_find(t, w[0], OBJ_NOTIFICATION, RIGHT_READ, &c);
        if (r)
            return r;
        const struct notification *n = c->pointer;
        if (n->bound && n->bound != target)
            return ERR_BUSY;
    }
    int r = cap_delete(&target->notification_cap);
    return r ? r : set_own_cap(t, w[0], OBJ_NOTIFICATION, RIGHT_READ, &target->notification_cap);
}

static int tcb_unmask(struct tcb *target)
{
    target->masked = 0;
    if (target->msg)
        target->msg->upcall_masked = 0;
    return 0;
}

static int tcb_info(const struct tcb *target, uint64_t w[4])
{
    w[0] = target->state;
    w[1] = cpu_ticks_used(this_cpu(), target);
    w[2] = target->faults;
    w[3] = this_cpu()->idle_instret;
    return 0;
}

static int set_upcall(struct tcb *target, vaddr_t entry)
{
    target->upcall_entry = entry;
    return 0;
}

static int set_priority_call(struct tcb *target, uint64_t priority)
{
    if (priority >= PRIORITIES)
        return ERR_RANGE;
    set_priority(target, priority);
    return 0;
}

static int control(struct tcb *t, struct tcb *target, uint32_t label, uint64_t w[4])
{
    switch (label) {
    case TCB_CONFIGURE:
        return tcb_configure(t, target, w);
    case TCB_WRITE_REGS:
        return tcb_write_regs(target, w);
    case TCB_COPY_REGS:
        return tcb_copy_regs(t, target, w);
    case TCB_READ_REGS:
        return tcb_read_regs(t, target, w);
    case TCB_RESUME:
        return tcb_resume(target);
    case TCB_STOP:
        tcb_stop(target, (int64_t)w[0]);
        return 0;
    case TCB_BIND:
        return tcb_bind(t, target, w);
    case TCB_SET_UPCALL:
        return set_upcall(target, w[0]);
    case TCB_UPCALL:
        return tcb_upcall(target, w);
    case TCB_SET_PRIORITY:
        return set_priority_call(target, w[0]);
    case TCB_INFO:
        return tcb_info(target, w);
    case TCB_UNMASK:
        return tcb_unmask(target);
    default:
        return ERR_BADMSG;
    }
}

int invoke_tcb(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    if (label == TCB_SET_MESSAGE)
        return c->rights & RIGHT_MESSAGE ? tcb_set_message(t, c->pointer, w) : ERR_RIGHTS;
    return c->rights & RIGHT_CONTROL ? control(t, c->pointer, label, w) : ERR_RIGHTS;
}
