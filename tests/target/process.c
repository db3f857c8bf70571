/* Processes: fork, exec, wait, signals, pipes, sleeping, and the ends of their lives. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void catch(int signal)
{
    caught = signal;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigaction(signal, &action, NULL);
}

static void statuses_come_back(void)
{
    int status;
    for (int code = 0; code < 256; code += 51) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(code);
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(WIFEXITED(status));
        CHECK_EQ(WEXITSTATUS(status), code);
    }
    CHECK_FAILS(wait(&status), ECHILD);
}

static void wait_without_hanging(void)
{
    int status, ends[2];
    char word;
    CHECK_OK(pipe(ends));
    pid_t pid = fork();
    if (pid == 0)
        _exit(read(ends[0], &word, 1) != 1);
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    close(ends[0]);
    close(ends[1]);
}

static void arguments_and_environment_reach_a_program(void)
{
    int status, ends[2];
    char got[64] = "";
    CHECK_OK(pipe(ends));
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        setenv("COLOUR", "blue", 1);
        execl("/bin/sh", "sh", "-c", "echo $COLOUR $1", "name", "argument", (char *)NULL);
        _exit(9);
    }
    close(ends[1]);
    for (size_t at = 0; at < sizeof got - 1;) {
        ssize_t bytes = read(ends[0], got + at, sizeof got - 1 - at);
        if (bytes <= 0)
            break;
        at += (size_t)bytes;
    }
    close(ends[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK(strcmp(got, "blue argument\n") == 0);
}

static void descriptors_close_on_exec_only_if_asked(void)
{
    int status, kept = open("/bin/sh", O_RDONLY), closed = open("/bin/sh", O_RDONLY | O_CLOEXEC);
    CHECK(kept >= 0 && kept < 10 && closed >= 0 && closed < 10);
    char command[] = "true <&K && ! true <&C 2>/dev/null";
    *strchr(command, 'K') = (char)('0' + kept);
    *strchr(command, 'C') = (char)('0' + closed);
    pid_t pid = fork();
    if (pid == 0) {
        close(2);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(9);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    close(kept);
    close(closed);
}

static void signals_reach_handlers(void)
{
    handle(SIGUSR1, catch);
    caught = 0;
    CHECK_OK(kill(getpid(), SIGUSR1));
    CHECK_EQ(caught, SIGUSR1);
    handle(SIGUSR1, SIG_IGN);
    caught = 0;
    CHECK_OK(kill(getpid(), SIGUSR1));
    CHECK_EQ(caught, 0);
    handle(SIGUSR1, SIG_DFL);
}

static void blocked_signals_wait(void)
{
    sigset_t set, old, pending;
    handle(SIGUSR2, catch);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, &old));
    caught = 0;
    CHECK_OK(kill(getpid(), SIGUSR2));
    CHECK_EQ(caught, 0);
    CHECK_OK(sigpending(&pending));
    CHECK(sigismember(&pending, SIGUSR2));
    CHECK_OK(sigprocmask(SIG_SETMASK, &old, NULL));
    CHECK_EQ(caught, SIGUSR2);
    handle(SIGUSR2, SIG_DFL);
}

static void signals_end_processes(void)
{
    static const int ends[] = {SIGTERM, SIGKILL, SIGINT, SIGHUP};
    int status;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        pid_t pid = fork();
        if (pid == 0)
            for (;;)
                pause();
        CHECK_OK(kill(pid, ends[i]));
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK(WIFSIGNALED(status));
        CHECK_EQ(WTERMSIG(status), ends[i]);
        CHECK_FAILS(kill(pid, 0), ESRCH);
    }
}

static void a_busy_process_can_be_killed(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        for (volatile unsigned long i = 0;; i++)
            ;
    usleep(20000);
    CHECK_OK(kill(pid, SIGKILL));
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void a_read_is_interrupted_by_a_signal(void)
{
    int ends[2];
    char word;
    CHECK_OK(pipe(ends));
    handle(SIGALRM, catch);
    caught = 0;
    alarm(1);
    CHECK_FAILS(read(ends[0], &word, 1), EINTR);
    CHECK_EQ(caught, SIGALRM);
    handle(SIGALRM, SIG_DFL);
    close(ends[0]);
    close(ends[1]);
}

static void children_announce_their_end(void)
{
    sigset_t none, set, old;
    int status;
    handle(SIGCHLD, catch);
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, &old));
    caught = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(5);
    CHECK_FAILS(sigsuspend(&none), EINTR);
    CHECK_EQ(caught, SIGCHLD);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_OK(sigprocmask(SIG_SETMASK, &old, NULL));
    handle(SIGCHLD, SIG_DFL);
}

static void a_pipe_without_readers_is_sigpipe(void)
{
    int ends[2];
    CHECK_OK(pipe(ends));
    close(ends[0]);
    handle(SIGPIPE, SIG_IGN);
    CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
    handle(SIGPIPE, SIG_DFL);
    int status;
    pid_t pid = fork();
    if (pid == 0)
        _exit(write(ends[1], "x", 1) > 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGPIPE);
    close(ends[1]);
}

static void a_pipe_carries_any_amount(void)
{
    static char block[10000];
    int ends[2], status;
    unsigned long sum = 0, want = 0;
    CHECK_OK(pipe(ends));
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        for (int i = 0; i < 30; i++) {
            memset(block, i, sizeof block);
            if (write(ends[1], block, sizeof block) != sizeof block)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], block, 777)) > 0;)
        for (ssize_t i = 0; i < got; i++)
            sum += (unsigned char)block[i];
    for (unsigned long i = 0; i < 30; i++)
        want += i * sizeof block;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK_EQ(sum, want);
    close(ends[0]);
}

static void sleeping_takes_its_time(void)
{
    struct timespec begin, end, nap = {.tv_nsec = 50000000};
    CHECK_OK(clock_gettime(CLOCK_REALTIME, &begin));
    CHECK_OK(nanosleep(&nap, NULL));
    CHECK_OK(clock_gettime(CLOCK_REALTIME, &end));
    long ms = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
    CHECK(ms >= 50);
    CHECK(ms < 2000);
}

static void orphans_go_to_the_first_process(void)
{
    int ends[2];
    pid_t found = -1;
    CHECK_OK(pipe(ends));
    pid_t child = fork();
    if (child == 0) {
        pid_t me = getpid();
        if (fork() == 0) {
            while (getppid() == me)
                usleep(1000);
            found = getppid();
            _exit(write(ends[1], &found, sizeof found) != sizeof found);
        }
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK_EQ(read(ends[0], &found, sizeof found), sizeof found);
    CHECK_EQ(found, 1);
    close(ends[0]);
    close(ends[1]);
}

TAP_MAIN(statuses_come_back, wait_without_hanging, arguments_and_environment_reach_a_program,
         descriptors_close_on_exec_only_if_asked, signals_reach_handlers, blocked_signals_wait,
         signals_end_processes, a_busy_process_can_be_killed, a_read_is_interrupted_by_a_signal,
         children_announce_their_end, a_pipe_without_readers_is_sigpipe, a_pipe_carries_any_amount,
         sleeping_takes_its_time, orphans_go_to_the_first_process)
