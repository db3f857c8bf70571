/* The straight paths: a call to a server that waits, its answer to a caller that can run at once, a
 * fault to a pager that waits, its answer with at most one page to change. Each first checks, without
 * changing anything, that nothing is special, and otherwise leaves everything to the general path,
 * which it must agree with in all that users see. */
#include <abi/error.h>
#include <abi/fault.h>
#include "microkernel/kernel/fault.h"
#include "microkernel/kernel/ipc.h"
#include "microkernel/kernel/syscall.h"
#include "microkernel/object/map.h"

#define SLOT_OBJECT(slots) ((uint32_t)(slots))
#define SLOT_REPLY(slots) ((slots) >> 32)
#define ONE_ITEM (1UL << TAG_ITEMS_SHIFT)
#define RESUME ((uint64_t)ANSWER_RESUME << TAG_ANSWER_SHIFT)

/* The capability in a slot if it is of that type and has that right (0: any), else NULL. */
static inline const struct cap *look_up(const struct tcb *t, uint64_t slot, enum object_type type,
                                        uint32_t rights)
{
    if (slot >= t->nslots)
        return NULL;
    const struct cap *c = &t->slots[slot];
    return c->type == type && (!rights || (c->rights & rights)) ? c : NULL;
}

/* A waiting server that may run now, instead of the running thread; NULL if there is none. */
static inline struct tcb *waiting_server(const struct cpu *c, const struct endpoint *ep)
{
    struct tcb *server = ep->receivers.head;
    return server && cpu_is_top(c, server->priority) && !server->attention ? server : NULL;
}

/* Take `server` from the queue it heads and let its reply object hold `t`. `how`: is_fault and
 * may_map as they are laid out in struct reply. */
static inline void meet(struct endpoint *ep, struct tcb *server, struct tcb *t, bool is_fault,
                        bool may_map)
{
    struct reply *r = server->reply;
    ep->receivers.head = server->qnext;
    if (server->qnext)
        server->qnext->qprev = NULL;
    else
        ep->receivers.tail = NULL;
    server->queue = NULL;
    server->reply = NULL;
    server->state = TCB_READY;
    r->state = REPLY_HOLDS;
    r->is_fault = is_fault;
    r->may_map = may_map;
    r->tcb = t;
    t->reply = r;
}

static inline void put_message(struct tcb *t, uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2,
                               uint64_t w3)
{
    t->regs[REG_A0] = 0;
    t->regs[REG_A1] = tag;
    t->regs[REG_A2] = w0;
    t->regs[REG_A3] = w1;
    t->regs[REG_A4] = w2;
    t->regs[REG_A5] = w3;
}

/* The running thread and its reply object wait at the endpoint, where nobody else does. */
static inline void wait_alone(struct endpoint *ep, struct tcb *t, struct reply *r)
{
    r->state = REPLY_ARMED;
    r->tcb = t;
    t->reply = r;
    t->state = TCB_RECEIVING;
    t->queue = &ep->receivers;
    t->qnext = t->qprev = NULL;
    ep->receivers.head = ep->receivers.tail = t;
}

/* Who can be answered at once: it owns the slice, and nothing else is to be done for it. */
static inline bool can_run(const struct cpu *c, const struct tcb *caller)
{
    return !caller->attention && c->owner == caller && cpu_is_top(c, caller->priority);
}

/* Nothing but the answer: the thread will wait for the next message. */
static inline bool nothing_waits(const struct tcb *t, const struct endpoint *ep)
{
    return !ep->senders.head && !ep->receivers.head &&
           !(t->notification && t->notification->word);
}

#define NOT_STRAIGHT 1 /* leave it to the general path */

/* The item of an answer that gives the faulter one page, or other rights to one.
 * => 0, an error, NOT_STRAIGHT. */
static inline int change_page(const struct tcb *t, const struct tcb *caller, uint64_t w0, vaddr_t va,
                              uint64_t index)
{
    pte_t rights, old;
    struct vspace *v = caller->fault_vspace;
    const struct cap *region = look_up(t, ITEM_B(w0), OBJ_REGION, 0);
    if (ITEM_COUNT(w0) > 1 || ITEM_A(w0) || !region)
        return NOT_STRAIGHT;
    if ((va & PAGE_MASK) || va >= USER_VA_END || prot_rights(ITEM_FLAGS(w0), &rights))
        return NOT_STRAIGHT;
    if (ITEM_OP(w0) == ITEM_MAP)
        return map_page(v, va, region, index, rights);
    if (ITEM_OP(w0) == ITEM_REPLACE)
        return vspace_replace(v, va, region, index, rights, &old);
    if (ITEM_OP(w0) == ITEM_COPY_MAP)
        return vspace_copy_map(v, va, region, index, rights, &old);
    if (ITEM_OP(w0) != ITEM_PROTECT || !rights)
        return NOT_STRAIGHT;
    protect_page(v, va, rights);
    return 0;
}

/* What the answer to a fault asks for. => as change_page(). */
static inline int answer_fault(const struct tcb *t, const struct reply *r, uint64_t tag, uint64_t w0,
                               uint64_t w1, uint64_t w2)
{
    struct tcb *caller = r->tcb;
    if (tag == ONE_ITEM && r->may_map && caller->fault_vspace) {
        int e = change_page(t, caller, w0, w1, w2);
        if (e)
            return e;
    } else if (tag == RESUME) {
        caller->regs[REG_PC] = w0;
        caller->progress = 0;
    } else if (tag) {
        return NOT_STRAIGHT;
    }
    caller->is_fault = 0;
    caller->fault_vspace = NULL;
    return 0;
}

/* The running thread blocked: the next one that is ready runs, on a slice of its own. */
static inline struct tcb *leave_blocked(void)
{
    struct cpu *c = this_cpu();
    struct tcb *next = c->ready_mask ? cpu_first(c) : NULL;
    if (!next || next->attention)
        return kernel_leave();
    cpu_take(c, next);
    if (next != c->owner)
        cpu_start_slice(c, next);
    return cpu_switch(c, next);
}

/* `caller` was answered by the running thread `t`, which goes on unless it is less important. */
static inline struct tcb *leave_answered(struct tcb *t, struct tcb *caller)
{
    struct cpu *c = this_cpu();
    if (t->attention || caller->priority <= t->priority || !cpu_is_top(c, caller->priority)) {
        cpu_wake_first(caller);
        return kernel_leave();
    }
    caller->state = TCB_READY;
    cpu_preempted(c, t);
    if (caller != c->owner)
        cpu_start_slice(c, caller);
    return cpu_switch(c, caller);
}

/* A call while the server is busy: the thread joins the queue, behind its equals. */
static inline struct tcb *queue_up(uint64_t slot, const struct cap *cap, uint64_t tag, uint64_t w0,
                                   uint64_t w1, uint64_t w2, uint64_t w3, struct tcb *t)
{
    struct endpoint *ep = cap->pointer;
    struct tcb *last = ep->senders.tail;
    if (ep->receivers.head || (last && last->priority < t->priority))
        return NULL;
    put_message(t, tag, w0, w1, w2, w3);
    t->regs[REG_A0] = slot;
    t->badge = cap->badge;
    t->may_map = 0;
    t->state = TCB_SENDING;
    t->queue = &ep->senders;
    t->qnext = NULL;
    t->qprev = last;
    if (last)
        last->qnext = t;
    else
        ep->senders.head = t;
    ep->senders.tail = t;
    return leave_blocked();
}

/* A plain call at the head of the queue, NULL if there is something else or nothing. */
static inline struct tcb *waiting_caller(const struct tcb *t, const struct endpoint *ep)
{
    struct tcb *sender = ep->senders.head;
    bool is_plain = sender && !sender->is_fault && sender->regs[REG_A1] <= TAG_LABEL_MASK;
    return is_plain && !(t->notification && t->notification->word) ? sender : NULL;
}

/* The first in the queue is received by `t`, whose reply object holds it. */
static inline void take_caller(struct endpoint *ep, struct tcb *t, struct reply *r)
{
    struct tcb *sender = ep->senders.head;
    const uint64_t *w = sender->regs;
    ep->senders.head = sender->qnext;
    if (sender->qnext)
        sender->qnext->qprev = NULL;
    else
        ep->senders.tail = NULL;
    sender->queue = NULL;
    sender->state = TCB_WAITING;
    sender->reply = r;
    r->tcb = sender;
    put_message(t, w[REG_A1], w[REG_A2], w[REG_A3], w[REG_A4], w[REG_A5]);
    t->regs[REG_A6] = sender->badge;
}

/* An answer while another caller is queued, which is received at once. */
static inline struct tcb *answer_and_take(struct tcb *t, struct reply *r, struct endpoint *ep,
                                          uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2,
                                          uint64_t w3)
{
    struct tcb *caller = r->tcb;
    if (r->is_fault || tag > TAG_LABEL_MASK || caller->attention || !waiting_caller(t, ep))
        return NULL;
    put_message(caller, tag, w0, w1, w2, w3);
    caller->regs[REG_A6] = 0;
    caller->reply = NULL;
    take_caller(ep, t, r);
    return leave_answered(t, caller);
}

/* The first message of a call to a server that waits. => the thread to run, NULL: not straight. */
static inline struct tcb *call(uint64_t slot, uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2,
                               uint64_t w3, struct tcb *t)
{
    struct cpu *c = this_cpu();
    const struct cap *cap = look_up(t, slot, OBJ_ENDPOINT, RIGHT_WRITE);
    if (!cap || tag > TAG_LABEL_MASK)
        return NULL;
    struct tcb *server = waiting_server(c, cap->pointer);
    if (!server)
        return queue_up(slot, cap, tag, w0, w1, w2, w3, t);
    t->state = TCB_WAITING;
    meet(cap->pointer, server, t, false, false);
    put_message(server, tag, w0, w1, w2, w3);
    server->regs[REG_A6] = cap->badge;
    return cpu_switch(c, server);
}

static inline struct tcb *reply_recv(uint64_t slots, uint64_t tag, uint64_t w0, uint64_t w1,
                                     uint64_t w2, uint64_t w3, struct tcb *t)
{
    struct cpu *c = this_cpu();
    const struct cap *cap = look_up(t, SLOT_REPLY(slots), OBJ_REPLY, 0);
    const struct cap *ep = look_up(t, SLOT_OBJECT(slots), OBJ_ENDPOINT, RIGHT_READ);
    if (!cap || !ep)
        return NULL;
    struct reply *r = cap->pointer;
    if (r->state != REPLY_HOLDS)
        return NULL;
    if (!nothing_waits(t, ep->pointer))
        return answer_and_take(t, r, ep->pointer, tag, w0, w1, w2, w3);
    if (!can_run(c, r->tcb))
        return NULL;
    struct tcb *caller = r->tcb;
    if (r->is_fault) {
        int e = answer_fault(t, r, tag, w0, w1, w2);
        if (e == NOT_STRAIGHT)
            return NULL;
        if (e) {
            put_message(t, 0, w0, w1, w2, 0);
            t->regs[REG_A0] = (int64_t)e;
            return t;
        }
    } else if (tag <= TAG_LABEL_MASK) {
        put_message(caller, tag, w0, w1, w2, w3);
        caller->regs[REG_A6] = 0;
    } else {
        return NULL;
    }
    caller->reply = NULL;
    caller->state = TCB_READY;
    wait_alone(ep->pointer, t, r);
    return cpu_switch(c, caller);
}

struct tcb *syscall_entry(uint64_t slots, uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2,
                          uint64_t w3, struct tcb *t, uint64_t number)
{
    struct tcb *next = NULL;
    if (number == SYS_CALL) {
        next = call(slots, tag, w0, w1, w2, w3, t);
    } else if (number == SYS_REPLY_RECV) {
        next = reply_recv(slots, tag, w0, w1, w2, w3, t);
    } else if (number == SYS_YIELD && this_cpu()->ready_mask >> t->priority == 0) {
        t->regs[REG_A0] = 0;
        next = t;
    }
    if (next)
        return next;
    put_message(t, tag, w0, w1, w2, w3);
    t->regs[REG_A0] = slots;
    t->regs[REG_A6] = 0;
    t->regs[REG_A7] = number;
    return syscall_general(t, number);
}

#define PAGE_FAULTS (1u << CAUSE_FETCH_PAGE | 1u << CAUSE_LOAD_PAGE | 1u << CAUSE_STORE_PAGE)

static inline pte_t access_bits(uint64_t scause)
{
    pte_t right = scause == CAUSE_STORE_PAGE ? PTE_W : scause == CAUSE_LOAD_PAGE ? PTE_R : PTE_X;
    return PTE_V | PTE_U | right;
}

struct tcb *fault_entry(struct tcb *t, uint64_t scause, uint64_t stval)
{
    struct cpu *c = this_cpu();
    const struct cap *cap = &t->fault_cap;
    struct tcb *server;
    if (scause > CAUSE_STORE_PAGE || !(PAGE_FAULTS >> scause & 1) || cap->type != OBJ_ENDPOINT || !(cap->rights & RIGHT_WRITE) ||
        (server = waiting_server(c, cap->pointer)) == NULL)
        return fault_general(t, scause, stval);
    pte_t pte = vspace_pte(t->vspace, stval), needed = access_bits(scause);
    if ((pte & needed) == needed)
        return fault_general(t, scause, stval);
    t->scause = scause;
    t->stval = stval;
    t->faults++;
    t->is_fault = 1;
    t->fault_vspace = t->vspace;
    t->state = TCB_FAULTED;
    meet(cap->pointer, server, t, true, (cap->rights & RIGHT_MAP) != 0);
    put_message(server, TAG_KERNEL | FAULT_PAGE, stval, t->regs[REG_PC], scause, pte);
    server->regs[REG_A6] = cap->badge;
    return cpu_switch(c, server);
}
