/* Starting a program in a child. What goes wrong there comes back through a pipe that exec closes. */
#include "spawn.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"

#define STATUS_NOT_STARTED 127

typedef int exec_function(const char *path, char *const argv[], char *const envp[]);

static void reset_signals(const sigset_t *defaults)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    for (int sig = 1; sig < NSIG; sig++)
        if (sigismember(defaults, sig) && sig != SIGKILL && sig != SIGSTOP)
            sigaction(sig, &action, NULL);
}

static int apply_attributes(const struct __posix_spawnattr *attr)
{
    if ((attr->flags & POSIX_SPAWN_SETSID) && setsid() < 0)
        return -1;
    if ((attr->flags & POSIX_SPAWN_SETPGROUP) && setpgid(0, attr->group))
        return -1;
    if ((attr->flags & POSIX_SPAWN_SETSCHEDULER) &&
        sched_setscheduler(0, attr->policy, &attr->param) < 0)
        return -1;
    if ((attr->flags & POSIX_SPAWN_SETSCHEDPARAM) && sched_setparam(0, &attr->param))
        return -1;
    if (attr->flags & POSIX_SPAWN_SETSIGDEF)
        reset_signals(&attr->defaults);
    if (attr->flags & POSIX_SPAWN_SETSIGMASK)
        return sigprocmask(SIG_SETMASK, &attr->mask, NULL);
    return 0;
}

/* In the child. => errno */
static int become(exec_function *exec, const char *path,
                  const struct __posix_spawn_file_actions *actions,
                  const struct __posix_spawnattr *attr, char *const argv[], char *const envp[],
                  int *report)
{
    if ((attr == NULL || apply_attributes(attr) == 0) &&
        (actions == NULL || spawn_act(actions, report) == 0))
        exec(path, argv, envp);
    return errno;
}

/* => 0: the program runs; otherwise why it doesn't, and the child is no more. */
static int hear_from(pid_t child, int report)
{
    int code = 0;
    ssize_t n;

    do
        n = read(report, &code, sizeof code);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return 0;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return code;
}

static int start(pid_t *pid, exec_function *exec, const char *path,
                 const struct __posix_spawn_file_actions *actions,
                 const struct __posix_spawnattr *attr, char *const argv[], char *const envp[])
{
    int report[2], code;
    pid_t child;

    if (pipe2(report, O_CLOEXEC))
        return errno;
    child = fork_plain();
    if (child == 0) {
        close(report[0]);
        code = become(exec, path, actions, attr, argv, envp, &report[1]);
        write(report[1], &code, sizeof code);
        _exit(STATUS_NOT_STARTED);
    }
    code = child < 0 ? errno : 0;
    close(report[1]);
    if (child > 0)
        code = hear_from(child, report[0]);
    close(report[0]);
    if (code == 0 && pid)
        *pid = child;
    return code;
}

static int spawn(pid_t *pid, exec_function *exec, const char *path,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr,
                 char *const argv[], char *const envp[])
{
    int before = errno, code;

    code = start(pid, exec, path, actions ? *actions : NULL, attr ? *attr : NULL, argv, envp);
    errno = before;
    return code;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
                const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *restrict attr,
                char *const argv[], char *const envp[])
{
    return spawn(pid, execve, path, actions, attr, argv, envp ? envp : environ);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *restrict attr,
                 char *const argv[], char *const envp[])
{
    return spawn(pid, execvpe, file, actions, attr, argv, envp ? envp : environ);
}
