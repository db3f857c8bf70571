/* Waiting, the siginfo way. */
#include <sys/wait.h>
#include <proto/proc.h>
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

/* Nobody has such an id, or it is none. */
static int is_nonsense(idtype_t type, id_t id)
{
    return (type != P_ALL && type != P_PID && type != P_PGID) || (type == P_PID && (pid_t)id <= 0) ||
           (type == P_PGID && (pid_t)id < 0);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    struct proc_wait_rep rep;
    int rc;

    if (is_nonsense(type, id) || !(options & (WEXITED | WSTOPPED | WCONTINUED)) ||
        (options & ~(WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT)))
        return fail(EINVAL);
    if (info && user_room(info, sizeof *info) < sizeof *info)
        return fail(EFAULT);
    rc = wait_call(type == P_ALL ? -1 : (pid_t)id,
                   options | (type == P_PGID ? PROC_WAIT_GROUP : 0), &rep);
    if (rc == 0 && info)
        *info = rep.pid ? describe((pid_t)rep.pid, (int)rep.status) : (siginfo_t){0};
    return result(rc);
}
