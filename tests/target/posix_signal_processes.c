/* Signals and processes: what fork and exec keep, groups, stopping and continuing, abort. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BEAT 20000 /* microseconds between what others do */

static volatile sig_atomic_t count;

static void catch(int sig)
{
    count++;
}

static void handle(int sig, int flags)
{
    struct sigaction action = {.sa_handler = catch, .sa_flags = flags};

    count = 0;
    sigaction(sig, &action, NULL);
}

static void fork_keeps_masks_and_handlers_but_nothing_pending(void)
{
    sigset_t set, before;
    pid_t pid;
    int status;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &before);
    handle(SIGUSR1, 0);
    raise(SIGUSR1);
    alarm(100);
    pid = fork();
    if (pid == 0) {
        sigset_t pending, mask;

        sigpending(&pending);
        sigprocmask(SIG_BLOCK, NULL, &mask);
        if (sigismember(&pending, SIGUSR1) || !sigismember(&mask, SIGUSR1) || alarm(0) != 0)
            _exit(1);
        raise(SIGUSR1);
        sigprocmask(SIG_SETMASK, &before, NULL);
        _exit(count == 1 ? 0 : 2);
    }
    CHECK_EQ(alarm(0), 100);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    CHECK_EQ(count, 1);
}

static char *self; /* path of this program */

/* What the program that exec runs finds: see main. */
static int after_exec(void)
{
    struct sigaction action;
    sigset_t mask, pending;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigpending(&pending);
    if (!sigismember(&mask, SIGUSR2) || !sigismember(&pending, SIGUSR2))
        return 1;
    sigaction(SIGUSR1, NULL, &action);
    if (action.sa_handler != SIG_DFL)
        return 2;
    sigaction(SIGTERM, NULL, &action);
    if (action.sa_handler != SIG_IGN)
        return 3;
    return alarm(0) > 90 ? 0 : 4;
}

static void exec_keeps_masks_what_is_pending_and_what_is_ignored(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR2);
        handle(SIGUSR1, 0);
        signal(SIGTERM, SIG_IGN);
        alarm(100);
        execl(self, self, "after", NULL);
        _exit(9);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WEXITSTATUS(status), 0);
}

static volatile sig_atomic_t group_count;

static void catch_group(int sig)
{
    group_count++;
}

/* Three processes in a group of their own, and one outside. */
static void a_group_gets_what_is_sent_to_it(void)
{
    pid_t pid[3], group;
    int status;

    for (int i = 0; i < 3; i++) {
        pid[i] = fork();
        if (pid[i] == 0)
            for (;;)
                pause();
        CHECK_OK(setpgid(pid[i], pid[0]));
    }
    signal(SIGTERM, catch_group);
    group = pid[0];
    CHECK_OK(kill(-group, 0));
    CHECK_OK(killpg(group, SIGTERM));
    for (int i = 0; i < 3; i++) {
        CHECK(waitpid(-group, &status, 0) > 0);
        CHECK_EQ(WTERMSIG(status), SIGTERM);
    }
    CHECK_EQ(group_count, 0);
    CHECK_FAILS(killpg(group, 0), ESRCH);
    CHECK_FAILS(kill(-group, SIGTERM), ESRCH);
    CHECK_FAILS(killpg(-1, SIGTERM), EINVAL);
    CHECK_FAILS(kill(getpid(), -1), EINVAL);
    signal(SIGTERM, SIG_DFL);
}

static void send_to_all(void)
{
    setpgid(0, 0);
    signal(SIGTERM, catch_group);
    if (fork() == 0) {
        sigset_t none;

        sigemptyset(&none);
        signal(SIGTERM, catch_group);
        kill(0, SIGTERM); /* the caller too */
        _exit(group_count == 1 ? 0 : 1);
    }
    CHECK(wait(NULL) > 0 || errno == EINTR);
    CHECK_EQ(group_count, 1);
}

static void kill_zero_is_the_own_group(void)
{
    CHECK_EQ(tap_in_child(send_to_all), 0);
}

static void a_stopped_process_dies_of_sigkill_only(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        for (;;)
            pause();
    for (int round = 0; round < 2; round++) {
        kill(pid, round ? SIGTSTP : SIGSTOP);
        CHECK(waitpid(pid, &status, WUNTRACED) == pid);
        CHECK(WIFSTOPPED(status));
        CHECK_EQ(WSTOPSIG(status), round ? SIGTSTP : SIGSTOP);
        kill(pid, SIGCONT);
        CHECK(waitpid(pid, &status, WCONTINUED) == pid);
    }
    kill(pid, SIGSTOP);
    CHECK(waitpid(pid, &status, WUNTRACED) == pid);
    kill(pid, SIGTERM);
    usleep(BEAT);
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    kill(pid, SIGKILL);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void end_by_abort(void)
{
    signal(SIGABRT, SIG_IGN);
    abort();
}

static void end_by_abort_with_handler(void)
{
    sigset_t all;

    handle(SIGABRT, 0);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    abort();
}

static void abort_cannot_be_prevented(void)
{
    CHECK_EQ(WTERMSIG(tap_in_child(end_by_abort)), SIGABRT);
    CHECK_EQ(WTERMSIG(tap_in_child(end_by_abort_with_handler)), SIGABRT);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return after_exec();
    self = argv[0];
    return TAP_RUN(fork_keeps_masks_and_handlers_but_nothing_pending,
                   exec_keeps_masks_what_is_pending_and_what_is_ignored,
                   a_group_gets_what_is_sent_to_it, kill_zero_is_the_own_group,
                   a_stopped_process_dies_of_sigkill_only, abort_cannot_be_prevented);
}
