/* Upcalls: a thread is made to call its registered entry; what it did before is saved in its
 * message page, and SYS_RESUME goes back to it. A call that no server has received yet is taken back
 * and made again afterwards; so a thread that an upcall waits for is known to the server that it
 * waits for, which can be asked to answer it. */
#include <abi/error.h>
#include <abi/syscall.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"

int tcb_upcall_check(const struct tcb *t)
{
    bool pending = t->attention & ATTENTION_UPCALL;
    return t->masked || pending || !t->upcall_entry || !t->msg ? ERR_BUSY : 0;
}

void tcb_upcall_enter(struct tcb *t, const uint64_t words[4])
{
    struct msgpage *m = t->msg;
    fpu_save(this_cpu(), t);
    memcpy(m->regs, t->regs, sizeof m->regs);
    memcpy(m->fregs, t->fregs, sizeof m->fregs);
    m->fcsr = t->fregs[32];
    m->upcall_masked = t->masked = 1;
    memcpy(&t->regs[REG_A0], words, 4 * sizeof words[0]);
    t->regs[REG_PC] = t->upcall_entry;
    t->progress = 0;
    t->full = 1;
}

/* In user mode now, or as good as: nothing that the kernel does for it is unfinished. */
static bool at_user(const struct tcb *t)
{
    return (t->state == TCB_READY || t->state == TCB_STOPPED) && !t->progress;
}

static void take_call_back(struct tcb *t)
{
    queue_remove(t);
    t->regs[REG_PC] -= ECALL_BYTES;
    t->regs[REG_A7] = SYS_CALL;
    cpu_wake(t);
}

int tcb_upcall(struct tcb *t, const uint64_t words[4])
{
    int r = tcb_upcall_check(t);
    if (r)
        return r;
    if (t->state == TCB_SENDING && !t->is_fault)
        take_call_back(t);
    if (at_user(t) && t != this_cpu()->current) {
        tcb_upcall_enter(t, words);
        return 0;
    }
    memcpy(t->upcall_words, words, sizeof t->upcall_words);
    t->attention |= ATTENTION_UPCALL;
    return 0;
}

int tcb_upcall_leave(struct tcb *t)
{
    struct msgpage *m = t->msg;
    if (!m)
        return ERR_RANGE;
    memcpy(t->regs, m->regs, sizeof m->regs);
    fpu_discard(this_cpu(), t);
    memcpy(t->fregs, m->fregs, sizeof m->fregs);
    t->fregs[32] = m->fcsr;
    m->upcall_masked = t->masked = 0;
    t->full = 1;
    return 0;
}
