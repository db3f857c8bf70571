/* Waiting, the siginfo way, by way of waitpid. */
#include <string.h>
#include <sys/wait.h>
#include "internal.h"

static void describe(siginfo_t *info, pid_t pid, int status)
{
    *info = (siginfo_t){.si_signo = SIGCHLD, .si_pid = pid};
    if (WIFEXITED(status)) {
        info->si_code = CLD_EXITED;
        info->si_status = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        info->si_code = CLD_KILLED;
        info->si_status = WTERMSIG(status);
    } else if (WIFSTOPPED(status)) {
        info->si_code = CLD_STOPPED;
        info->si_status = WSTOPSIG(status);
    } else {
        info->si_code = CLD_CONTINUED;
        info->si_status = SIGCONT;
    }
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
    pid = waitpid(pid, &status, options & (WNOHANG | WSTOPPED | WCONTINUED));
    if (pid < 0)
        return -1;
    if (pid == 0)
        memset(info, 0, sizeof *info);
    else
        describe(info, pid, status);
    return 0;
}
