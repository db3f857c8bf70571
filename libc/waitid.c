/* Waiting, the siginfo way, by way of waitpid. */
#include <sys/wait.h>
#include "internal.h"

static siginfo_t describe(pid_t pid, int status)
{
    siginfo_t info = {.si_signo = SIGCHLD, .si_pid = pid};

    if (WIFEXITED(status)) {
        info.si_code = CLD_EXITED;
        info.si_status = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        info.si_code = CLD_KILLED;
        info.si_status = WTERMSIG(status);
    } else if (WIFSTOPPED(status)) {
        info.si_code = CLD_STOPPED;
        info.si_status = WSTOPSIG(status);
    } else {
        info.si_code = CLD_CONTINUED;
        info.si_status = SIGCONT;
    }
    return info;
}

/* Without WEXITED, and with WNOWAIT: not supported. */
int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    pid_t pid = type == P_ALL ? -1 : type == P_PID ? (pid_t)id : -(pid_t)id;
    int status;

    if (!(options & (WEXITED | WSTOPPED | WCONTINUED)) || type > P_PGID)
        return fail(EINVAL);
    if ((options & WNOWAIT) || !(options & WEXITED))
        return fail(ENOSYS);
    if (user_room(info, sizeof *info) < sizeof *info)
        return fail(EFAULT);
    pid = waitpid(pid, &status, options & (WNOHANG | WSTOPPED | WCONTINUED));
    if (pid < 0)
        return -1;
    *info = pid ? describe(pid, status) : (siginfo_t){0};
    return 0;
}
