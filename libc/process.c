/* Processes: fork, wait, exit, identity, groups. */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <proto/proc.h>
#include "internal.h"

static pid_t own_pid; /* 0: not asked yet */

void (*fork_handlers)(enum fork_stage stage);

int fork_plain(void)
{
    struct proc_fork_rep rep;
    int rc = RPC(proc, fork, PROG_PROC, NULL, &rep, NULL);

    if (rc)
        return result(rc == ERR_MFILE ? ERR_AGAIN : rc);
    if (rep.pid == 0)
        own_pid = 0;
    return (pid_t)rep.pid;
}

pid_t fork(void)
{
    pid_t pid;
    int error;

    if (fork_handlers == NULL)
        return fork_plain();
    fork_handlers(FORK_PREPARE);
    pid = fork_plain();
    error = errno;
    fork_handlers(pid == 0 ? FORK_CHILD : FORK_PARENT);
    errno = error;
    return pid;
}

pid_t vfork(void)
{
    return fork_plain();
}

void _exit(int status)
{
    struct proc_exit_req req = {(uint64_t)status & 0xff};

    for (;;)
        RPC(proc, exit, PROG_PROC, &req, NULL, NULL);
}

int wait_call(pid_t pid, int options, struct proc_wait_rep *rep)
{
    struct proc_wait_req req = {pid, (uint64_t)options};

    return RESTART(RPC(proc, wait, PROG_PROC, &req, rep, NULL));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

/* Pointers are tried before the call, which can tell of a child only once. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    struct proc_wait_rep rep;
    int rc;

    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED))
        return fail(EINVAL);
    rc = status ? user_touch(status) : 0;
    if (usage && user_room(usage, sizeof *usage) < sizeof *usage)
        rc = ERR_FAULT;
    if (rc == 0)
        rc = wait_call(pid, options | WEXITED, &rep);
    if (rc)
        return result(rc);
    if (status && rep.pid)
        *status = (int)rep.status;
    if (usage && rep.pid)
        *usage = rusage_of(rep.user_ticks, rep.faults);
    return (pid_t)rep.pid;
}

pid_t wait3(int *status, int options, struct rusage *usage)
{
    return wait4(-1, status, options, usage);
}

static int identity(pid_t pid, struct proc_id_rep *rep)
{
    struct proc_id_req req = {(uint64_t)pid};

    return result(RPC(proc, id, PROG_PROC, &req, rep, NULL));
}

pid_t getpid(void)
{
    struct proc_id_rep rep;

    if (own_pid == 0 && identity(0, &rep) == 0)
        own_pid = (pid_t)rep.pid;
    return own_pid;
}

pid_t getppid(void)
{
    struct proc_id_rep rep;

    return identity(0, &rep) ? 1 : (pid_t)rep.ppid;
}

pid_t getpgid(pid_t pid)
{
    struct proc_id_rep rep;

    return identity(pid, &rep) ? -1 : (pid_t)rep.pgid;
}

pid_t getpgrp(void)
{
    return getpgid(0);
}

pid_t getsid(pid_t pid)
{
    struct proc_id_rep rep;

    return identity(pid, &rep) ? -1 : (pid_t)rep.sid;
}

int setpgid(pid_t pid, pid_t pgid)
{
    struct proc_setpgid_req req = {(uint64_t)pid, (uint64_t)pgid};

    if (pid < 0 || pgid < 0)
        return fail(EINVAL);
    return result(RPC(proc, setpgid, PROG_PROC, &req, NULL, NULL));
}

int setpgrp(void)
{
    return setpgid(0, 0);
}

pid_t setsid(void)
{
    struct proc_setsid_rep rep;
    int rc = RPC(proc, setsid, PROG_PROC, NULL, &rep, NULL);

    return rc ? result(rc) : (pid_t)rep.sid;
}

int kill(pid_t pid, int sig)
{
    struct proc_kill_req req = {pid, (uint64_t)sig};

    return result(RPC(proc, kill, PROG_PROC, &req, NULL, NULL));
}

int killpg(pid_t pgid, int sig)
{
    if (pgid < 0)
        return fail(EINVAL);
    return kill(pgid == 0 ? 0 : -pgid, sig);
}
