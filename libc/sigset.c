/* Signal sets, masks, waiting for signals, sending them to oneself. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <proto/proc.h>
#include "internal.h"

static int is_signal(int sig)
{
    return sig > 0 && sig < NSIG;
}

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = ~1UL;
    return 0;
}

int sigaddset(sigset_t *set, const int sig)
{
    if (!is_signal(sig))
        return fail(EINVAL);
    *set |= 1UL << sig;
    return 0;
}

int sigdelset(sigset_t *set, const int sig)
{
    if (!is_signal(sig))
        return fail(EINVAL);
    *set &= ~(1UL << sig);
    return 0;
}

int sigismember(const sigset_t *set, int sig)
{
    return is_signal(sig) ? (int)(*set >> sig & 1) : fail(EINVAL);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    struct proc_sigmask_req req = {3, 0};
    struct proc_sigmask_rep rep;
    int rc;

    if (set && how != SIG_SETMASK && how != SIG_BLOCK && how != SIG_UNBLOCK)
        return fail(EINVAL);
    if (set) {
        req.how = (uint64_t)how;
        if (USER_GET(req.mask, set))
            return -1;
    }
    rc = RPC(proc, sigmask, PROG_PROC, &req, &rep, NULL);
    return rc || !old ? result(rc) : USER_PUT(old, rep.old);
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    int before = errno, code = 0;

    if (sigprocmask(how, set, old))
        code = errno;
    errno = before;
    return code;
}

int sigpending(sigset_t *set)
{
    struct proc_sigpending_rep rep;
    int rc = RPC(proc, sigpending, PROG_PROC, NULL, &rep, NULL);

    return rc ? result(rc) : USER_PUT(set, rep.set);
}

/* Until a handler ran. */
int sigsuspend(const sigset_t *mask)
{
    struct proc_sigsuspend_req req;
    int rc;

    if (USER_GET(req.mask, mask))
        return -1;
    signal_handled = 0;
    do
        rc = RPC(proc, sigsuspend, PROG_PROC, &req, NULL, NULL);
    while (rc == ERR_INTR && !signal_handled);
    return result(rc ? rc : ERR_INTR);
}

int pause(void)
{
    sigset_t mask;

    return sigprocmask(SIG_BLOCK, NULL, &mask) ? -1 : sigsuspend(&mask);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    struct proc_sigwait_req req = {.until = ~0UL};
    struct proc_sigwait_rep rep;
    struct timespec ts;
    int rc;

    if (USER_GET(req.set, set) || (timeout && USER_GET(ts, timeout)))
        return -1;
    if (timeout && (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= 1000000000))
        return fail(EINVAL);
    if (timeout)
        req.until = deadline_after(&ts);
    if (info && user_room(info, sizeof *info) < sizeof *info)
        return fail(EFAULT);
    rc = RPC(proc, sigwait, PROG_PROC, &req, &rep, NULL);
    if (rc)
        return result(rc);
    if (info)
        *info = signal_info((int)rep.signal, (int)rep.code, rep.from, rep.value);
    return (int)rep.signal;
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
    return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *set, int *sig)
{
    int before = errno, got, code;

    do
        got = sigwaitinfo(set, NULL);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        code = errno;
        errno = before;
        return code;
    }
    code = USER_PUT(sig, got) ? EFAULT : 0;
    errno = before;
    return code;
}

int sigqueue(pid_t pid, int sig, const union sigval value)
{
    struct proc_sigqueue_req req = {pid, (uint64_t)sig, (uint64_t)value.sival_ptr};

    return result(RPC(proc, sigqueue, PROG_PROC, &req, NULL, NULL));
}

int sighold(int sig)
{
    sigset_t set = 0;

    return sigaddset(&set, sig) ? -1 : sigprocmask(SIG_BLOCK, &set, NULL);
}

int sigrelse(int sig)
{
    sigset_t set = 0;

    return sigaddset(&set, sig) ? -1 : sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* As signal(), and the signal is not blocked any more; SIG_HOLD: blocked, its action stays. */
_sig_func_ptr sigset(int sig, _sig_func_ptr action)
{
    sigset_t one = 0, before;
    struct sigaction new = {.sa_handler = action}, old;

    if (action == SIG_ERR || sigaddset(&one, sig))
        return fail(EINVAL), SIG_ERR;
    if (sigaction(sig, action == SIG_HOLD ? NULL : &new, &old) ||
        sigprocmask(action == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, &one, &before))
        return SIG_ERR;
    return sigismember(&before, sig) ? SIG_HOLD : old.sa_handler;
}

int sigignore(int sig)
{
    return signal(sig, SIG_IGN) == SIG_ERR ? -1 : 0;
}

int sigpause(int sig)
{
    sigset_t mask;

    if (sigprocmask(SIG_BLOCK, NULL, &mask) || sigdelset(&mask, sig))
        return -1;
    return sigsuspend(&mask);
}

int siginterrupt(int sig, int flag)
{
    struct sigaction action;

    if (sigaction(sig, NULL, &action))
        return -1;
    action.sa_flags = flag ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
    return sigaction(sig, &action, NULL);
}

int raise(int sig)
{
    return kill(getpid(), sig);
}

void abort(void)
{
    sigset_t set = 1UL << SIGABRT;

    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGABRT);
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _exit(127);
}
