/* wait(), waitpid(), waitid(), wait4(): every kind of news, every option, every error. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child_that(void (*does)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        does();
        _exit(0);
    }
    return pid;
}

static void sleeps(void)
{
    for (;;)
        pause();
}

static void ends_with_3(void)
{
    _exit(3);
}

static void ends_by_signal(void)
{
    kill(getpid(), SIGTERM);
}

static void aborts(void)
{
    signal(SIGABRT, SIG_DFL);
    kill(getpid(), SIGABRT);
}

static void the_status_says_how_a_child_ended(void)
{
    int status;

    child_that(ends_with_3);
    CHECK(wait(&status) > 0);
    CHECK(WIFEXITED(status) && !WIFSIGNALED(status) && !WIFSTOPPED(status) && !WIFCONTINUED(status));
    CHECK_EQ(WEXITSTATUS(status), 3);
    child_that(ends_by_signal);
    CHECK(wait(&status) > 0);
    CHECK(!WIFEXITED(status) && WIFSIGNALED(status) && !WIFSTOPPED(status));
    CHECK_EQ(WTERMSIG(status), SIGTERM);
    child_that(aborts);
    CHECK(wait(NULL) > 0);
    CHECK_FAILS(wait(&status), ECHILD);
}

static void children_are_named_by_pid_or_group(void)
{
    pid_t a = child_that(sleeps), b = child_that(sleeps);
    int status;

    CHECK_OK(setpgid(b, b));
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(-b, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(0, &status, WNOHANG), 0);
    CHECK_FAILS(waitpid(-a, &status, WNOHANG), ECHILD);
    CHECK_FAILS(waitpid(getpid(), &status, 0), ECHILD);
    CHECK_FAILS(waitpid(1, &status, 0), ECHILD);
    CHECK_FAILS(waitpid(32000, &status, 0), ECHILD);
    CHECK_FAILS(waitpid(-1, &status, 0x1000), EINVAL);
    CHECK_OK(kill(b, SIGKILL));
    CHECK_EQ(waitpid(-b, &status, 0), b);
    CHECK_OK(kill(a, SIGKILL));
    CHECK_EQ(waitpid(0, &status, 0), a);
}

static void stops_and_continues_are_told_if_asked(void)
{
    pid_t pid = child_that(sleeps);
    int status;

    CHECK_OK(kill(pid, SIGSTOP));
    CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
    CHECK(WIFSTOPPED(status) && !WIFEXITED(status) && !WIFSIGNALED(status));
    CHECK_EQ(WSTOPSIG(status), SIGSTOP);
    CHECK_EQ(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
    CHECK_OK(kill(pid, SIGCONT));
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(pid, &status, WCONTINUED), pid);
    CHECK(WIFCONTINUED(status) && !WIFSTOPPED(status));
    CHECK_EQ(waitpid(pid, &status, WCONTINUED | WNOHANG), 0);
    CHECK_OK(kill(pid, SIGSTOP));
    CHECK_OK(kill(pid, SIGKILL));
    CHECK_EQ(waitpid(pid, &status, WUNTRACED | WCONTINUED), pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void waitid_tells_everything(void)
{
    pid_t pid = child_that(sleeps);
    siginfo_t info;

    memset(&info, 1, sizeof info);
    CHECK_OK(waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_signo, 0);
    CHECK_OK(kill(pid, SIGSTOP));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(waitid(P_PID, (id_t)pid, &info, i ? WSTOPPED : WSTOPPED | WNOWAIT));
        CHECK_EQ(info.si_signo, SIGCHLD);
        CHECK_EQ(info.si_code, CLD_STOPPED);
        CHECK_EQ(info.si_pid, pid);
        CHECK_EQ(info.si_uid, getuid());
        CHECK_EQ(info.si_status, SIGSTOP);
    }
    CHECK_OK(kill(pid, SIGCONT));
    CHECK_OK(waitid(P_PGID, 0, &info, WCONTINUED));
    CHECK_EQ(info.si_code, CLD_CONTINUED);
    CHECK_EQ(info.si_status, SIGCONT);
    CHECK_OK(kill(pid, SIGTERM));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(waitid(P_PGID, (id_t)getpgrp(), &info, i ? WEXITED : WEXITED | WNOWAIT));
        CHECK_EQ(info.si_code, CLD_KILLED);
        CHECK_EQ(info.si_pid, pid);
        CHECK_EQ(info.si_status, SIGTERM);
    }
    CHECK_FAILS(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
}

static void waitid_leaves_what_was_not_asked_for(void)
{
    pid_t pid = child_that(ends_with_3);
    siginfo_t info;

    CHECK_OK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    CHECK_OK(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WCONTINUED | WNOHANG));
    CHECK_EQ(info.si_pid, 0);
    CHECK_OK(kill(pid, 0));
    CHECK_OK(waitid(P_PID, (id_t)pid, NULL, WEXITED));
    CHECK_FAILS(waitid(P_PID, (id_t)pid, &info, WEXITED), ECHILD);
    CHECK_FAILS(kill(pid, 0), ESRCH);
}

static void waitid_refuses_nonsense(void)
{
    siginfo_t info;

    CHECK_FAILS(waitid(P_ALL, 0, &info, 0), EINVAL);
    CHECK_FAILS(waitid(P_ALL, 0, &info, WNOHANG), EINVAL);
    CHECK_FAILS(waitid(P_ALL, 0, &info, WEXITED | 0x4000), EINVAL);
    CHECK_FAILS(waitid((idtype_t)77, 0, &info, WEXITED), EINVAL);
    CHECK_FAILS(waitid(P_PID, 0, &info, WEXITED), EINVAL);
    CHECK_FAILS(wait3(NULL, 0x1000, NULL), EINVAL);
}

static void ignored_children_leave_no_zombies(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT}, before;
    int status;

    signal(SIGCHLD, SIG_IGN);
    child_that(ends_with_3);
    child_that(ends_with_3);
    CHECK_FAILS(wait(&status), ECHILD);
    sigaction(SIGCHLD, &action, &before);
    pid_t pid = child_that(ends_with_3);
    CHECK_FAILS(waitpid(pid, &status, 0), ECHILD);
    signal(SIGCHLD, SIG_DFL);
    child_that(ends_with_3);
    CHECK(wait(&status) > 0);
}

static volatile sig_atomic_t caught;

static void catch(int sig)
{
    caught = sig;
}

static void a_handler_interrupts_or_restarts_a_wait(void)
{
    struct sigaction action = {.sa_handler = catch};
    pid_t pid = child_that(sleeps);
    int status;

    sigaction(SIGALRM, &action, NULL);
    caught = 0;
    ualarm(20000, 20000);
    CHECK_FAILS(waitpid(pid, &status, 0), EINTR);
    ualarm(0, 0);
    CHECK_EQ(caught, SIGALRM);
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    caught = 0;
    ualarm(10000, 0);
    pid_t killer = fork();
    if (killer == 0) {
        usleep(60000);
        kill(pid, SIGKILL);
        _exit(0);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(caught, SIGALRM);
    CHECK_EQ(tap_status(killer), 0);
    signal(SIGALRM, SIG_DFL);
}

static void works(void)
{
    static volatile char pages[64 * 4096];

    for (int round = 0; round < 3000; round++)
        for (size_t i = 0; i < sizeof pages; i += 4096)
            pages[i]++;
}

static long microseconds(struct timeval t)
{
    return t.tv_sec * 1000000 + t.tv_usec;
}

static void resources_of_the_dead_are_told(void)
{
    struct rusage one = {0}, all = {0};
    int status;
    pid_t pid = child_that(works);

    CHECK_EQ(wait4(pid, &status, 0, &one), pid);
    CHECK_EQ(status, 0);
    CHECK(microseconds(one.ru_utime) > 0);
    CHECK(one.ru_minflt >= 64);
    CHECK_OK(getrusage(RUSAGE_CHILDREN, &all));
    CHECK(microseconds(all.ru_utime) >= microseconds(one.ru_utime));
    CHECK(all.ru_minflt >= one.ru_minflt);
    child_that(works);
    memset(&one, 0, sizeof one);
    CHECK(wait3(&status, 0, &one) > 0);
    CHECK(microseconds(one.ru_utime) > 0);
}

static void pids_are_not_used_again_at_once(void)
{
    pid_t last = 0;

    for (int i = 0; i < 20; i++) {
        pid_t pid = child_that(ends_with_3);
        CHECK(pid != last);
        CHECK_EQ(waitpid(pid, NULL, 0), pid);
        last = pid;
    }
}

TAP_MAIN(the_status_says_how_a_child_ended, children_are_named_by_pid_or_group,
         stops_and_continues_are_told_if_asked, waitid_tells_everything,
         waitid_leaves_what_was_not_asked_for, waitid_refuses_nonsense,
         ignored_children_leave_no_zombies, a_handler_interrupts_or_restarts_a_wait,
         resources_of_the_dead_are_told, pids_are_not_used_again_at_once)
