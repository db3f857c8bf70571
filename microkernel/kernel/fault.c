/* From a trap to a message: labels, the words, and what needs no message. */
#include "microkernel/kernel/fault.h"

#include <abi/fault.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/kernel/ipc.h"

static const uint8_t labels[16] = {
    [CAUSE_FETCH_MISALIGNED] = FAULT_MISALIGNED, [CAUSE_FETCH_ACCESS] = FAULT_ACCESS,
    [CAUSE_ILLEGAL] = FAULT_ILLEGAL,             [CAUSE_BREAKPOINT] = FAULT_BREAKPOINT,
    [CAUSE_LOAD_MISALIGNED] = FAULT_MISALIGNED,  [CAUSE_LOAD_ACCESS] = FAULT_ACCESS,
    [CAUSE_STORE_MISALIGNED] = FAULT_MISALIGNED, [CAUSE_STORE_ACCESS] = FAULT_ACCESS,
    [CAUSE_FETCH_PAGE] = FAULT_PAGE,             [CAUSE_LOAD_PAGE] = FAULT_PAGE,
    [CAUSE_STORE_PAGE] = FAULT_PAGE,
};

static uint32_t label_of(uint64_t scause)
{
    return scause < 16 && labels[scause] ? labels[scause] : FAULT_OTHER;
}

bool fault_is_resolved(struct tcb *t)
{
    switch (t->scause) {
    case CAUSE_FETCH_PAGE:
        return vspace_permit(t->vspace, t->stval, ACCESS_FETCH);
    case CAUSE_LOAD_PAGE:
        return vspace_permit(t->vspace, t->stval, ACCESS_LOAD);
    case CAUSE_STORE_PAGE:
        return vspace_permit(t->vspace, t->stval, ACCESS_STORE);
    default:
        return false;
    }
}

void fault_message(const struct tcb *t, struct tcb *server)
{
    server->regs[REG_A1] = TAG_KERNEL | label_of(t->scause);
    server->regs[REG_A2] = t->stval;
    server->regs[REG_A3] = t->regs[REG_PC];
    server->regs[REG_A4] = t->scause;
    server->regs[REG_A5] = vspace_pte(t->vspace, t->stval);
}

void fault_end(struct tcb *t)
{
    t->is_fault = 0;
    t->fault_vspace = NULL;
}

void fault_raise(struct tcb *t, uint64_t scause, uint64_t stval)
{
    const struct cap *ep = &t->fault_cap;
    t->scause = scause;
    t->stval = stval;
    if (fault_is_resolved(t))
        return;
    t->faults++;
    if (ep->type != OBJ_ENDPOINT || !(ep->rights & RIGHT_WRITE)) {
        t->state = TCB_STOPPED;
        return;
    }
    t->is_fault = 1;
    t->badge = ep->badge;
    t->may_map = (ep->rights & RIGHT_MAP) != 0;
    t->fault_vspace = t->vspace;
    ipc_send(t, ep->pointer);
}
