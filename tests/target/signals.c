/* Signals as programs see them: handlers, masks, waiting, restarts, repair of bad accesses. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t count, last;
static siginfo_t last_info;
static sigjmp_buf back;
static char *volatile page;

static void catch(int signal)
{
    count++;
    last = signal;
}

static void catch_info(int signal, siginfo_t *info, void *context)
{
    count++;
    last_info = *info;
}

static void handle(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    count = 0;
    sigaction(signal, &action, NULL);
}

static void handle_info(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags};

    action.sa_sigaction = handler;
    count = 0;
    sigaction(signal, &action, NULL);
}

static void a_handler_runs_before_kill_returns(void)
{
    double kept = 1.5;

    handle(SIGUSR1, catch, 0);
    for (int i = 1; i <= 100; i++) {
        kept *= 1.25;
        CHECK_OK(kill(getpid(), SIGUSR1));
        CHECK_EQ(count, i);
        kept /= 1.25;
    }
    CHECK(kept == 1.5);
}

static void a_blocked_signal_waits(void)
{
    sigset_t set, before, pending;

    handle(SIGUSR1, catch, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_BLOCK, &set, &before));
    raise(SIGUSR1);
    raise(SIGUSR1);
    CHECK_EQ(count, 0);
    CHECK_OK(sigpending(&pending));
    CHECK_EQ(sigismember(&pending, SIGUSR1), 1);
    CHECK_FAILS(sigsuspend(&before), EINTR);
    CHECK_EQ(count, 1);
    CHECK_OK(sigprocmask(SIG_SETMASK, &before, NULL));
    CHECK_EQ(count, 1);
}

static void one_is_taken_without_a_handler(void)
{
    sigset_t set, before;
    int got;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &before);
    raise(SIGUSR2);
    CHECK_EQ(sigwait(&set, &got), 0);
    CHECK_EQ(got, SIGUSR2);
    CHECK_FAILS(sigtimedwait(&set, NULL, &(struct timespec){0, 1000000}), EAGAIN);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void a_handler_that_resets_runs_once(void)
{
    struct sigaction now;

    handle(SIGUSR1, catch, SA_RESETHAND);
    raise(SIGUSR1);
    CHECK_EQ(count, 1);
    sigaction(SIGUSR1, NULL, &now);
    CHECK(now.sa_handler == SIG_DFL);
}

static void alarms_ring_again_and_again(void)
{
    struct itimerval often = {{0, 5000}, {0, 5000}}, never = {0};

    handle(SIGALRM, catch, 0);
    CHECK_OK(setitimer(ITIMER_REAL, &often, NULL));
    while (count < 10)
        ;
    CHECK_OK(setitimer(ITIMER_REAL, &never, &often));
    CHECK_EQ(often.it_interval.tv_usec, 5000);
    alarm(100);
    CHECK_EQ(alarm(0), 100);
}

/* A child that waits, signals its parent, waits, writes a byte and ends. */
static pid_t disturber(int fd)
{
    pid_t pid = fork();

    if (pid == 0) {
        usleep(30000);
        kill(getppid(), SIGUSR1);
        usleep(30000);
        write(fd, "x", 1);
        _exit(0);
    }
    return pid;
}

static void reads_are_interrupted_or_begun_anew(void)
{
    int ends[2], status;
    char byte;

    CHECK_OK(pipe(ends));
    handle(SIGUSR1, catch, 0);
    disturber(ends[1]);
    CHECK_FAILS(read(ends[0], &byte, 1), EINTR);
    CHECK_OK(wait(&status));
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    handle(SIGUSR1, catch, SA_RESTART);
    disturber(ends[1]);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_EQ(count, 1);
    CHECK_OK(wait(&status));
    close(ends[0]);
    close(ends[1]);
}

static void a_child_is_reported(void)
{
    pid_t pid;
    int status;

    handle_info(SIGCHLD, catch_info, SA_RESTART);
    pid = fork();
    if (pid == 0)
        _exit(9);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(count, 1);
    CHECK_EQ(last_info.si_pid, pid);
    CHECK_EQ(last_info.si_code, CLD_EXITED);
    CHECK_EQ(last_info.si_status, 9);
    signal(SIGCHLD, SIG_DFL);
}

static void jump_back(int signal, siginfo_t *info, void *context)
{
    last_info = *info;
    siglongjmp(back, 1);
}

static void a_bad_access_can_be_jumped_out_of(void)
{
    handle_info(SIGSEGV, jump_back, 0);
    for (volatile int i = 0; i < 3; i++) {
        if (sigsetjmp(back, 1) == 0)
            *(volatile int *)(0x1000 + 16L * i) = 1;
        CHECK(last_info.si_addr == (void *)(0x1000 + 16L * i));
        CHECK_EQ(last_info.si_code, SEGV_MAPERR);
    }
    signal(SIGSEGV, SIG_DFL);
}

static void repair(int signal, siginfo_t *info, void *context)
{
    count++;
    last_info = *info;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void a_bad_access_can_be_repaired(void)
{
    handle_info(SIGSEGV, repair, 0);
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[100] = 5;
    CHECK_EQ(page[100], 5);
    CHECK_EQ(count, 1);
    CHECK(last_info.si_addr == page + 100);
    CHECK_EQ(last_info.si_code, SEGV_ACCERR);
    munmap(page, 4096);
    signal(SIGSEGV, SIG_DFL);
}

static int __attribute__((noinline)) recurse(volatile int depth)
{
    volatile char room[4096];

    room[0] = (char)depth;
    return depth < 1 << 20 ? recurse(depth + 1) + room[0] : 0;
}

static void an_overflown_stack_is_handled_on_another(void)
{
    static char other[SIGSTKSZ];
    stack_t stack = {.ss_sp = other, .ss_size = sizeof other};

    CHECK_OK(sigaltstack(&stack, NULL));
    handle_info(SIGSEGV, jump_back, SA_ONSTACK);
    if (sigsetjmp(back, 1) == 0)
        recurse(0);
    CHECK(last_info.si_addr < (void *)&stack);
    signal(SIGSEGV, SIG_DFL);
    stack.ss_flags = SS_DISABLE;
    CHECK_OK(sigaltstack(&stack, NULL));
}

static volatile int *volatile nowhere = (volatile int *)8;

static void fault_again(int signal)
{
    *nowhere = 1;
}

static void a_fault_in_its_own_handler_ends_the_process(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        handle(SIGSEGV, fault_again, 0);
        *nowhere = 1;
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void a_fault_whose_handler_was_reset_ends_the_process(void)
{
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_RESETHAND};
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        sigaction(SIGSEGV, &action, NULL);
        *nowhere = 1;
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static int writes[2];

static void write_a_byte(int signal)
{
    write(writes[1], "y", 1);
}

static void calls_of_a_handler_do_not_restart_what_it_interrupts(void)
{
    char byte;
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_OK(pipe(writes));
    handle(SIGUSR1, write_a_byte, 0);
    disturber(ends[1]);
    CHECK_FAILS(read(ends[0], &byte, 1), EINTR);
    CHECK_EQ(read(writes[0], &byte, 1), 1);
    CHECK_OK(wait(NULL));
    close(ends[0]);
    close(ends[1]);
    close(writes[0]);
    close(writes[1]);
}

static void processes_are_stopped_and_go_on(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        for (;;)
            pause();
    CHECK_OK(kill(pid, SIGSTOP));
    CHECK(waitpid(pid, &status, WUNTRACED) == pid);
    CHECK(WIFSTOPPED(status));
    CHECK_EQ(WSTOPSIG(status), SIGSTOP);
    CHECK_OK(kill(pid, SIGCONT));
    CHECK(waitpid(pid, &status, WCONTINUED) == pid);
    CHECK(WIFCONTINUED(status));
    CHECK_OK(kill(pid, SIGTERM));
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WTERMSIG(status), SIGTERM);
}

static void a_pipe_without_readers(void)
{
    int ends[2], status;
    pid_t pid;

    CHECK_OK(pipe(ends));
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
    signal(SIGPIPE, SIG_DFL);
    pid = fork();
    if (pid == 0) {
        write(ends[1], "x", 1);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WTERMSIG(status), SIGPIPE);
    close(ends[1]);
}

static void impossible_settings_are_refused(void)
{
    struct sigaction action = {.sa_handler = catch};

    CHECK_FAILS(sigaction(SIGKILL, &action, NULL), EINVAL);
    CHECK_FAILS(sigaction(SIGSTOP, &action, NULL), EINVAL);
    CHECK_FAILS(sigaction(0, &action, NULL), EINVAL);
    CHECK_FAILS(sigaction(NSIG, &action, NULL), EINVAL);
    CHECK_FAILS(kill(getpid(), NSIG), EINVAL);
    CHECK_FAILS(kill(30000, 0), ESRCH);
    CHECK_OK(kill(getpid(), 0));
}

TAP_MAIN(a_handler_runs_before_kill_returns, a_blocked_signal_waits, one_is_taken_without_a_handler,
         a_handler_that_resets_runs_once, alarms_ring_again_and_again,
         reads_are_interrupted_or_begun_anew, a_child_is_reported, a_bad_access_can_be_jumped_out_of,
         a_bad_access_can_be_repaired, an_overflown_stack_is_handled_on_another,
         a_fault_in_its_own_handler_ends_the_process,
         a_fault_whose_handler_was_reset_ends_the_process,
         calls_of_a_handler_do_not_restart_what_it_interrupts, processes_are_stopped_and_go_on,
         a_pipe_without_readers, impossible_settings_are_refused)
