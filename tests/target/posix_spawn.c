/* posix_spawn(): actions, attributes, errors. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *shell(const char *command, char *argv[4])
{
    argv[0] = (char *)"sh";
    argv[1] = (char *)"-c";
    argv[2] = (char *)command;
    argv[3] = NULL;
    return argv[0];
}

/* Wait status of /bin/sh -c command; -2: not started, errno says why. */
static int run(const char *command, const posix_spawn_file_actions_t *actions,
               const posix_spawnattr_t *attr)
{
    char *argv[4];
    int status = -1, code;
    pid_t pid;

    shell(command, argv);
    code = posix_spawn(&pid, "/bin/sh", actions, attr, argv, environ);
    errno = code;
    if (code)
        return -2;
    waitpid(pid, &status, 0);
    return status;
}

static void a_program_is_started(void)
{
    char *argv[4], *envp[] = {(char *)"COLOUR=red", NULL};
    int status;
    pid_t pid;

    CHECK_EQ(WEXITSTATUS(run("exit 7", NULL, NULL)), 7);
    shell("test \"$COLOUR\" = red", argv);
    CHECK_EQ(posix_spawnp(&pid, "sh", NULL, NULL, argv, envp), 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK_EQ(posix_spawn(NULL, "/bin/true", NULL, NULL, argv, envp), 0);
    CHECK(wait(&status) > 0);
}

static void what_cannot_start_says_why(void)
{
    char *argv[4];
    pid_t pid = 1234;

    shell("", argv);
    errno = 0;
    CHECK_EQ(posix_spawn(&pid, "/no/such", NULL, NULL, argv, environ), ENOENT);
    CHECK_EQ(posix_spawn(&pid, "/bin", NULL, NULL, argv, environ), EACCES);
    CHECK_EQ(posix_spawn(&pid, "/etc/passwd/x", NULL, NULL, argv, environ), ENOTDIR);
    CHECK_EQ(posix_spawnp(&pid, "no_such_program", NULL, NULL, argv, environ), ENOENT);
    CHECK_EQ(pid, 1234);
    CHECK_EQ(errno, 0);
    CHECK_FAILS(wait(NULL), ECHILD);
}

static void actions_happen_in_order(void)
{
    posix_spawn_file_actions_t actions;
    char got[32] = "";
    int fd;

    unlink("/tmp/spawn.out");
    CHECK_EQ(posix_spawn_file_actions_init(&actions), 0);
    CHECK_EQ(posix_spawn_file_actions_addopen(&actions, 5, "/tmp/spawn.out",
                                              O_WRONLY | O_CREAT | O_TRUNC, 0640), 0);
    CHECK_EQ(posix_spawn_file_actions_adddup2(&actions, 5, 1), 0);
    CHECK_EQ(posix_spawn_file_actions_addclose(&actions, 5), 0);
    CHECK_EQ(posix_spawn_file_actions_addchdir(&actions, "/etc"), 0);
    CHECK_EQ(run("pwd; (echo no >&5) 2>/dev/null || test -f passwd", &actions, NULL), 0);
    CHECK_EQ(posix_spawn_file_actions_destroy(&actions), 0);
    fd = open("/tmp/spawn.out", O_RDONLY);
    CHECK(fd >= 0);
    CHECK_EQ(read(fd, got, sizeof got - 1), 5);
    CHECK(strcmp(got, "/etc\n") == 0);
    close(fd);
    unlink("/tmp/spawn.out");
}

static void actions_may_name_any_descriptor(void)
{
    posix_spawn_file_actions_t actions;
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    CHECK(fd >= 0);
    CHECK_EQ(posix_spawn_file_actions_init(&actions), 0);
    for (int i = 3; i < 9; i++)
        if (i != fd)
            CHECK_EQ(posix_spawn_file_actions_adddup2(&actions, fd, i), 0);
    CHECK_EQ(posix_spawn_file_actions_adddup2(&actions, fd, fd), 0);
    CHECK_EQ(run("true >&3 && true >&4 && true >&5 && true >&6 && true >&7 && true >&8", &actions,
                 NULL), 0);
    CHECK_EQ(posix_spawn_file_actions_destroy(&actions), 0);
    close(fd);
}

static void a_failed_action_is_an_error(void)
{
    posix_spawn_file_actions_t actions;

    CHECK_EQ(posix_spawn_file_actions_init(&actions), 0);
    CHECK_EQ(posix_spawn_file_actions_addopen(&actions, -1, "/", O_RDONLY, 0), EBADF);
    CHECK_EQ(posix_spawn_file_actions_adddup2(&actions, 1, 100000), EBADF);
    CHECK_EQ(posix_spawn_file_actions_addclose(&actions, -1), EBADF);
    CHECK_EQ(posix_spawn_file_actions_addopen(&actions, 3, "/no/such", O_RDONLY, 0), 0);
    CHECK_EQ(run("true", &actions, NULL), -2);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(posix_spawn_file_actions_destroy(&actions), 0);
    CHECK_EQ(posix_spawn_file_actions_init(&actions), 0);
    CHECK_EQ(posix_spawn_file_actions_adddup2(&actions, 77, 4), 0);
    CHECK_EQ(run("true", &actions, NULL), -2);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(posix_spawn_file_actions_destroy(&actions), 0);
}

static void groups_and_sessions_are_new_if_asked(void)
{
    posix_spawnattr_t attr;
    char *argv[4];
    short flags;
    int status;
    pid_t pid, group;

    shell("kill -STOP $$", argv);
    CHECK_EQ(posix_spawnattr_init(&attr), 0);
    CHECK_EQ(posix_spawnattr_setflags(&attr, 0x4000), EINVAL);
    CHECK_EQ(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP), 0);
    CHECK_EQ(posix_spawnattr_getflags(&attr, &flags), 0);
    CHECK_EQ(flags, POSIX_SPAWN_SETPGROUP);
    CHECK_EQ(posix_spawnattr_getpgroup(&attr, &group), 0);
    CHECK_EQ(group, 0);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(posix_spawn(&pid, "/bin/sh", NULL, &attr, argv, environ), 0);
        CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
        CHECK(WIFSTOPPED(status));
        CHECK_EQ(getpgid(pid), pid);
        CHECK_EQ(getsid(pid), i ? pid : getsid(0));
        CHECK_OK(kill(pid, SIGKILL));
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        CHECK_EQ(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID), 0);
    }
    CHECK_EQ(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP), 0);
    CHECK_EQ(posix_spawnattr_setpgroup(&attr, 31998), 0);
    CHECK_EQ(run("true", NULL, &attr), -2);
    CHECK_EQ(errno, EPERM);
    CHECK_EQ(posix_spawnattr_destroy(&attr), 0);
}

static void signals_are_set_as_asked(void)
{
    posix_spawnattr_t attr;
    sigset_t set;

    signal(SIGUSR1, SIG_IGN);
    CHECK_EQ(run("kill -USR1 $$", NULL, NULL), 0);
    CHECK_EQ(posix_spawnattr_init(&attr), 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK_EQ(posix_spawnattr_setsigdefault(&attr, &set), 0);
    CHECK_EQ(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF), 0);
    CHECK_EQ(WTERMSIG(run("kill -USR1 $$", NULL, &attr)), SIGUSR1);
    CHECK_EQ(posix_spawnattr_setsigmask(&attr, &set), 0);
    CHECK_EQ(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK), 0);
    CHECK_EQ(run("kill -USR1 $$", NULL, &attr), 0);
    CHECK_EQ(posix_spawnattr_destroy(&attr), 0);
    signal(SIGUSR1, SIG_DFL);
}

TAP_MAIN(a_program_is_started, what_cannot_start_says_why, actions_happen_in_order,
         actions_may_name_any_descriptor, a_failed_action_is_an_error,
         groups_and_sessions_are_new_if_asked, signals_are_set_as_asked)
