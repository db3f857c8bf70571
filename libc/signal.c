/* Signals in the program: the table of handlers, and what runs around a handler.
 *
 *   upcall (kernel: registers saved in the message page, further upcalls masked)
 *     -> signal_upcall(): a frame on the program's stack (or the alternate one) takes the registers,
 *        a message half built, and the mask to go back to
 *     -> SYS_RESUME into signal_trampoline (upcalls open again) -> the handler
 *     -> signal_restore: mask back (proc), frame to the message page, SYS_RESUME
 *
 * An upcall that comes while signal_restore copies would overwrite what was copied: signal_upcall()
 * sees from the pc that the program was there, and takes the frame under restoration for the
 * interrupted registers. Upcalls come from proc (signals) and from the pager (bad accesses, if there
 * is a handler); only proc knows masks, so the handler of a fault asks it to block what is to be. */
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <proto/pager.h>
#include <proto/proc.h>
#include "internal.h"
#include "signal_frame.h"

#define FAULTS (1UL << SIGSEGV | 1UL << SIGBUS | 1UL << SIGILL | 1UL << SIGTRAP | 1UL << SIGFPE)

volatile int signal_interrupted, signal_handled;

static struct sigaction handlers[NSIG];
static stack_t alternate = {.ss_flags = SS_DISABLE};
static uint64_t faults_active; /* handlers of faults that are running */

static int is_pager_fault(uint64_t sig, int code)
{
    return (FAULTS >> sig & 1) && code > 0 && code < SI_KERNEL;
}

siginfo_t signal_info(int sig, int code, uint64_t from, uint64_t value)
{
    siginfo_t info = {.si_signo = sig, .si_code = code};

    if (is_pager_fault((uint64_t)sig, code)) {
        info.si_addr = (void *)value;
    } else {
        info.si_pid = (pid_t)(from & 0xffffffff);
        info.si_status = (int)(from >> 32);
        info.si_value.sival_ptr = (void *)value;
    }
    return info;
}

static int on_alternate(uint64_t sp)
{
    return !(alternate.ss_flags & SS_DISABLE) && sp > (uint64_t)alternate.ss_sp &&
           sp <= (uint64_t)alternate.ss_sp + alternate.ss_size;
}

/* Where the new frame goes. */
static struct signal_frame *frame_place(int sig, uint64_t sp)
{
    if ((handlers[sig].sa_flags & SA_ONSTACK) && !(alternate.ss_flags & SS_DISABLE) &&
        !on_alternate(sp))
        sp = (uint64_t)alternate.ss_sp + alternate.ss_size;
    return (struct signal_frame *)((sp - sizeof(struct signal_frame)) & ~15UL);
}

/* A call that is not to be made after a handler ran, and is not made yet, is not made. */
static uint64_t pc_after(uint64_t pc)
{
    return pc >= (uint64_t)signal_call_begin && pc < (uint64_t)signal_call_end
               ? (uint64_t)signal_call_stop
               : pc;
}

/* Save what the handler may destroy. */
static void frame_save(struct signal_frame *frame, const struct signal_frame *restoring)
{
    mcontext_t *to = &frame->context.uc_mcontext;

    if (restoring) {
        *to = restoring->context.uc_mcontext;
        frame->payload_busy = restoring->payload_busy;
        if (frame->payload_busy)
            memcpy(frame->payload, restoring->payload, sizeof frame->payload);
        return;
    }
    memcpy(to->__gregs, sys_msgpage.regs, sizeof to->__gregs);
    to->__gregs[0] = pc_after(to->__gregs[0]);
    memcpy(to->__fpregs, sys_msgpage.fregs, sizeof to->__fpregs);
    to->__fcsr = sys_msgpage.fcsr;
    frame->payload_busy = rpc_payload_busy;
    if (frame->payload_busy)
        memcpy(frame->payload, sys_msgpage.payload, sizeof frame->payload);
}

static void tell_pager(void)
{
    struct pager_fault_signals_req req = {0};

    for (int sig = 1; sig < NSIG; sig++)
        if ((FAULTS >> sig & 1) && handlers[sig].sa_handler != SIG_DFL &&
            handlers[sig].sa_handler != SIG_IGN)
            req.mask |= 1UL << sig;
    RPC(pager, fault_signals, PROG_PAGER, &req, NULL, NULL);
}

/* Back to the default. Proc resets what it delivers itself; what the pager delivers, both must hear of. */
static void reset(int sig)
{
    struct proc_sigaction_req req = {(uint64_t)sig, 0, 0, 0};

    handlers[sig] = (struct sigaction){.sa_handler = SIG_DFL};
    if (FAULTS >> sig & 1) {
        RPC(proc, sigaction, PROG_PROC, &req, &(struct proc_sigaction_rep){0}, NULL);
        tell_pager();
    }
}

/* Called by signal_entry on a stack of its own, upcalls masked; SYS_RESUME then goes to the
 * trampoline on the new frame. */
void signal_upcall(uint64_t sig_code, uint64_t from, uint64_t value, uint64_t mask)
{
    int sig = (int)(sig_code & 0xffffffff), code = (int)(sig_code >> 32);
    uint64_t pc = sys_msgpage.regs[0];
    const struct signal_frame *restoring =
        pc >= (uint64_t)signal_restore_begin && pc < (uint64_t)signal_restore_end
            ? (const struct signal_frame *)sys_msgpage.regs[REG_S0]
            : NULL;
    struct signal_frame *frame = frame_place(sig, sys_msgpage.regs[REG_SP]);
    int is_fault = is_pager_fault((uint64_t)sig, code);

    if (is_fault && (faults_active >> sig & 1)) {
        reset(sig); /* the instruction, tried again, ends the program */
        return;
    }
    frame_save(frame, restoring);
    rpc_payload_busy = 0;
    frame->is_fault = is_fault ? 1UL << sig : 0;
    frame->errno_before = errno;
    frame->context.uc_link = NULL;
    frame->context.uc_sigmask = is_fault ? 0 : mask;
    frame->context.uc_stack = alternate;
    frame->info = signal_info(sig, code, from, value);
    if (is_fault && !(handlers[sig].sa_flags & SA_NODEFER))
        faults_active |= 1UL << sig;
    sys_msgpage.regs[0] = (uint64_t)signal_trampoline;
    sys_msgpage.regs[REG_SP] = (uint64_t)frame;
    sys_msgpage.regs[REG_S0] = (uint64_t)frame;
}

/* What proc does for the signals that it delivers, for one of the pager's. */
static sigset_t fault_mask(const struct sigaction *action, int sig)
{
    return action->sa_mask | (action->sa_flags & SA_NODEFER ? 0 : 1UL << sig);
}

static void block(sigset_t set, sigset_t *before)
{
    struct proc_sigmask_req req = {SIG_BLOCK, set};
    struct proc_sigmask_rep rep;

    RPC(proc, sigmask, PROG_PROC, &req, &rep, NULL);
    *before = rep.old;
}

/* On the frame, upcalls open. */
void signal_run(struct signal_frame *frame)
{
    int sig = frame->info.si_signo, interrupted = signal_interrupted;
    struct sigaction action = handlers[sig];
    sigset_t blocked = frame->is_fault ? fault_mask(&action, sig) : 0;

    if (blocked)
        block(blocked, &frame->context.uc_sigmask);
    if (action.sa_flags & SA_RESETHAND)
        reset(sig);
    if (action.sa_flags & SA_SIGINFO)
        action.sa_sigaction(sig, &frame->info, &frame->context);
    else if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN)
        action.sa_handler(sig);
    signal_handled = 1; /* only now: the handler's own calls set both to 0 */
    signal_interrupted = interrupted || !(action.sa_flags & SA_RESTART);
    faults_active &= ~frame->is_fault;
    if (!frame->is_fault || blocked) {
        struct proc_sigreturn_req req = {frame->context.uc_sigmask};

        RPC(proc, sigreturn, PROG_PROC, &req, NULL, NULL);
    }
    errno = frame->errno_before;
}

void signal_leave_faults(void)
{
    faults_active = 0;
}

void signal_start(void)
{
    struct proc_signal_entry_req req = {(uint64_t)signal_entry};

    RPC(proc, signal_entry, PROG_PROC, &req, NULL, NULL);
}

/* --- setting --------------------------------------------------------------------------------- */

static uint64_t disposition(const struct sigaction *action)
{
    return action->sa_handler == SIG_DFL ? 0 : action->sa_handler == SIG_IGN ? 1 : 2;
}

/* The table changes before proc is told: a handler that proc knows is there. */
static int install(int sig, const struct sigaction *action)
{
    struct proc_sigaction_req req = {(uint64_t)sig, disposition(action), (uint64_t)action->sa_flags,
                                     action->sa_mask};
    struct proc_sigaction_rep rep;
    struct sigaction before = handlers[sig];
    int rc;

    handlers[sig] = *action;
    rc = RPC(proc, sigaction, PROG_PROC, &req, &rep, NULL);
    if (rc)
        handlers[sig] = before;
    else if (FAULTS >> sig & 1)
        tell_pager();
    return result(rc);
}

/* Inherited through exec: what proc knows and the empty table here does not. */
static void learn(int sig)
{
    struct proc_sigaction_req req = {.signal = (uint64_t)sig, .disposition = PROC_SIG_TELL};
    struct proc_sigaction_rep rep;

    if (handlers[sig].sa_handler == SIG_DFL &&
        RPC(proc, sigaction, PROG_PROC, &req, &rep, NULL) == 0 && rep.disposition == 1)
        handlers[sig].sa_handler = SIG_IGN;
}

int sigaction(int sig, const struct sigaction *action, struct sigaction *old)
{
    struct sigaction new_action;

    if (sig <= 0 || sig >= NSIG || (action && (sig == SIGKILL || sig == SIGSTOP)))
        return fail(EINVAL);
    if (action && USER_GET(new_action, action))
        return -1;
    learn(sig);
    if (old && USER_PUT(old, handlers[sig]))
        return -1;
    return action ? install(sig, &new_action) : 0;
}

_sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

    if (handler == SIG_ERR || sigaction(sig, &action, &old))
        return fail(EINVAL), SIG_ERR;
    return old.sa_handler;
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
    int flags = on_alternate((uint64_t)__builtin_frame_address(0)) ? SS_ONSTACK : 0;
    stack_t new = {.ss_flags = SS_DISABLE}, now = alternate;

    now.ss_flags |= flags;
    if (stack && USER_GET(new, stack))
        return -1;
    if (stack && flags)
        return fail(EPERM);
    if (new.ss_flags & ~SS_DISABLE)
        return fail(EINVAL);
    if (!(new.ss_flags & SS_DISABLE) && new.ss_size < MINSIGSTKSZ)
        return fail(ENOMEM);
    if (old && USER_PUT(old, now))
        return -1;
    if (stack)
        alternate = new.ss_flags & SS_DISABLE ? (stack_t){.ss_flags = SS_DISABLE} : new;
    return 0;
}
