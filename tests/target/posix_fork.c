/* fork(): what a child has of its parent, many processes at once, ends of processes, groups. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 256

static void a_child_is_a_copy(void)
{
    static int global = 1;
    int local = 2, *heap = malloc(sizeof *heap), *shared = tap_shared_page();
    pid_t parent = getpid();

    *heap = 3;
    pid_t pid = fork();
    if (pid == 0) {
        if (global != 1 || local != 2 || *heap != 3 || getppid() != parent || getpid() == parent)
            _exit(1);
        global = local = *heap = *shared = 9;
        _exit(getpid() == getpgrp() || getsid(0) != getsid(parent));
    }
    CHECK(pid > 0);
    CHECK_EQ(tap_status(pid), 0);
    CHECK(global == 1 && local == 2 && *heap == 3 && *shared == 9);
    free(heap);
    munmap(shared, 4096);
}

static void offsets_are_shared_and_descriptors_are_not(void)
{
    int fd = open("/etc/passwd", O_RDONLY);
    char first[4], second[4];

    CHECK(fd >= 0);
    CHECK_EQ(pread(fd, second, 4, 4), 4);
    pid_t pid = fork();
    if (pid == 0)
        _exit(read(fd, first, 4) != 4 || close(fd));
    CHECK_EQ(tap_status(pid), 0);
    CHECK_EQ(read(fd, first, 4), 4);
    CHECK(memcmp(first, second, 4) == 0);
    CHECK_OK(close(fd));
}

static void timers_and_pending_signals_stay_with_the_parent(void)
{
    sigset_t set, pending;
    struct tms times_now;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    CHECK_OK(raise(SIGUSR1));
    alarm(100);
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t mask;
        sigpending(&pending);
        sigprocmask(SIG_BLOCK, NULL, &mask);
        times(&times_now);
        _exit(sigismember(&pending, SIGUSR1) || !sigismember(&mask, SIGUSR1) || alarm(0) ||
              times_now.tms_cutime);
    }
    CHECK_EQ(tap_status(pid), 0);
    CHECK(alarm(0) > 90);
    CHECK_EQ(sigwaitinfo(&set, NULL), SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void locks_are_not_inherited(void)
{
    int fd = open("/tmp/fork.lock", O_RDWR | O_CREAT, 0600);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    CHECK(fd >= 0);
    CHECK_OK(fcntl(fd, F_SETLK, &lock));
    pid_t pid = fork();
    if (pid == 0) {
        lock.l_type = F_WRLCK;
        _exit(fcntl(fd, F_SETLK, &lock) != -1 || (errno != EACCES && errno != EAGAIN));
    }
    CHECK_EQ(tap_status(pid), 0);
    close(fd);
    unlink("/tmp/fork.lock");
}

/* --- many ------------------------------------------------------------------------------------ */

static pid_t children[2 * MANY];

/* Children that read from `gate` until it is closed; they tell their pid on `roll`. => how many */
static int start_children(int most, int gate[2], int roll[2])
{
    int n = 0;

    for (; n < most; n++) {
        children[n] = fork();
        if (children[n] < 0)
            break;
        if (children[n] == 0) {
            pid_t me = getpid();
            char c;
            close(gate[1]);
            _exit(write(roll[1], &me, sizeof me) != sizeof me || read(gate[0], &c, 1) != 0);
        }
    }
    return n;
}

static void many_processes_live_at_once(void)
{
    int gate[2], roll[2], n;
    long sum = 0, heard = 0;
    pid_t pid;

    CHECK_OK(pipe(gate));
    CHECK_OK(pipe(roll));
    n = start_children(MANY, gate, roll);
    for (int i = 0; i < n; i++) {
        sum += children[i];
        CHECK_EQ(read(roll[0], &pid, sizeof pid), sizeof pid);
        heard += pid;
    }
    close(gate[1]);
    for (int i = 0; i < n; i++)
        CHECK_EQ(tap_status(children[i]), 0);
    close(gate[0]);
    close(roll[0]);
    close(roll[1]);
    CHECK_EQ(n, MANY);
    CHECK_EQ(sum, heard);
    CHECK_FAILS(wait(NULL), ECHILD);
}

static void without_a_place_fork_says_so_and_nothing_is_lost(void)
{
    int gate[2], roll[2], n, again, code;

    for (int round = 0; round < 2; round++) {
        CHECK_OK(pipe(gate));
        CHECK_OK(pipe(roll));
        n = start_children(2 * MANY, gate, roll);
        code = errno;
        CHECK(n >= MANY && n < 2 * MANY);
        CHECK_EQ(code, EAGAIN);
        CHECK_OK(kill(children[0], SIGKILL));
        CHECK_EQ(waitpid(children[0], NULL, 0), children[0]);
        again = start_children(1, gate, roll);
        CHECK_EQ(again, 1);
        CHECK_FAILS(fork(), EAGAIN);
        close(gate[1]);
        for (int i = 0; i < n; i++)
            CHECK_EQ(tap_status(children[i]), 0);
        close(gate[0]);
        close(roll[0]);
        close(roll[1]);
        CHECK_FAILS(wait(NULL), ECHILD);
    }
}

/* Fill the table of descriptors. => 0 if it has OPEN_MAX places. */
static int open_all(void)
{
    int last = 0, fd;

    while ((fd = dup(0)) >= 0)
        last = fd;
    return errno != EMFILE || last != OPEN_MAX - 1;
}

static void each_may_have_all_descriptors(void)
{
    int gate[2], is_good = 1;
    char c;

    CHECK_OK(pipe(gate));
    for (int i = 0; i < 64; i++)
        if ((children[i] = fork()) == 0) {
            close(gate[1]);
            _exit(open_all() || read(gate[0], &c, 1) != 0);
        }
    close(gate[1]);
    for (int i = 0; i < 64; i++)
        is_good &= tap_status(children[i]) == 0;
    close(gate[0]);
    CHECK(is_good);
}

/* Every process forks until it cannot; who cannot waits for its children. */
static void bomb(int depth)
{
    int failed = 0, status;

    for (int i = 0; i < 4 && depth < 5; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            bomb(depth + 1);
            _exit(0);
        }
        if (pid < 0) {
            failed = errno != EAGAIN && errno != ENOMEM;
            break;
        }
    }
    while (wait(&status) > 0)
        failed |= status != 0;
    if (failed)
        _exit(1);
}

static void a_fork_bomb_burns_out(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        bomb(0);
        _exit(0);
    }
    CHECK_EQ(tap_status(pid), 0);
    pid = fork();
    if (pid == 0)
        execl("/bin/true", "true", (char *)NULL);
    CHECK_EQ(tap_status(pid), 0);
}

/* --- ends ------------------------------------------------------------------------------------ */

static char *trace;

static void note_a(void)
{
    strcat(trace, "a");
}

static void note_c(void)
{
    strcat(trace, "c");
}

static void note_b(void)
{
    strcat(trace, "b");
    atexit(note_c);
}

static void functions_run_at_the_end_in_reverse(void)
{
    trace = tap_shared_page();
    if (fork() == 0) {
        atexit(note_a);
        atexit(note_b);
        at_quick_exit(note_c);
        exit(0x1234);
    }
    CHECK_EQ(WEXITSTATUS(tap_status(-1)), 0x34);
    CHECK(strcmp(trace, "bca") == 0);
    trace[0] = '\0';
    if (fork() == 0) {
        atexit(note_a);
        at_quick_exit(note_c);
        at_quick_exit(note_b);
        quick_exit(5);
    }
    CHECK_EQ(WEXITSTATUS(tap_status(-1)), 5);
    CHECK(strcmp(trace, "bc") == 0);
    trace[0] = '\0';
    if (fork() == 0) {
        for (int i = 0; i < 100; i++)
            atexit(note_a);
        _Exit(6);
    }
    CHECK_EQ(WEXITSTATUS(tap_status(-1)), 6);
    CHECK(strcmp(trace, "") == 0);
    if (fork() == 0) {
        for (int i = 0; i < 100; i++)
            if (atexit(note_a))
                _exit(1);
        exit(0);
    }
    CHECK_EQ(tap_status(-1), 0);
    CHECK_EQ(strlen(trace), 100);
    munmap(trace, 4096);
}

static void streams_are_flushed_by_exit_only(void)
{
    struct stat st;

    for (int flushes = 0; flushes < 2; flushes++) {
        pid_t pid = fork();
        if (pid == 0) {
            FILE *f = fopen("/tmp/fork.out", "w");
            fputs("text", f);
            if (flushes)
                exit(0);
            _exit(0);
        }
        CHECK_EQ(tap_status(pid), 0);
        CHECK_OK(stat("/tmp/fork.out", &st));
        CHECK_EQ(st.st_size, flushes ? 4 : 0);
    }
    unlink("/tmp/fork.out");
}

static void the_tables_of_a_process_go_with_it(void)
{
    int ends[2];
    char c;

    for (int i = 0; i < 100; i++) {
        CHECK_OK(pipe(ends));
        pid_t pid = fork();
        if (pid == 0) {
            void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            *(volatile char *)p = 1;
            raise(i & 1 ? SIGKILL : SIGTERM);
        }
        close(ends[1]);
        CHECK_EQ(read(ends[0], &c, 1), 0);
        close(ends[0]);
        CHECK_EQ(tap_status(pid), i & 1 ? SIGKILL : SIGTERM);
    }
}

/* --- groups and sessions --------------------------------------------------------------------- */

static pid_t paused_child(void)
{
    pid_t pid = fork();

    if (pid == 0)
        for (;;)
            pause();
    return pid;
}

static void groups_are_changed_by_the_rules(void)
{
    pid_t a = paused_child(), b = paused_child(), shell = fork();

    if (shell == 0) {
        execl("/bin/sleep", "sleep", "100", (char *)NULL);
        _exit(1);
    }
    CHECK_OK(setpgid(a, 0));
    CHECK_EQ(getpgid(a), a);
    CHECK_OK(setpgid(b, a));
    CHECK_EQ(getpgid(b), a);
    CHECK_FAILS(setpgid(b, 31999), EPERM);
    CHECK_FAILS(setpgid(b, -1), EINVAL);
    CHECK_FAILS(setpgid(31999, 0), ESRCH);
    CHECK_FAILS(setpgid(getppid(), 0), ESRCH);
    CHECK_FAILS(getpgid(31999), ESRCH);
    CHECK_FAILS(getsid(31999), ESRCH);
    while (setpgid(shell, shell) == 0)
        usleep(1000);
    CHECK_FAILS(setpgid(shell, shell), EACCES);
    CHECK_OK(kill(-a, SIGKILL));
    CHECK_EQ(waitpid(-a, NULL, 0) > 0 && waitpid(-a, NULL, 0) > 0, 1);
    CHECK_FAILS(kill(-a, 0), ESRCH);
    CHECK_OK(kill(shell, SIGKILL));
    CHECK_EQ(waitpid(shell, NULL, 0), shell);
}

static void sessions_begin_with_their_leader(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        pid_t me = getpid();
        if (setsid() != me || getsid(0) != me || getpgrp() != me)
            _exit(1);
        if (setsid() != -1 || errno != EPERM)
            _exit(2);
        if (setpgid(0, 0) != -1 || errno != EPERM)
            _exit(3);
        _exit(0);
    }
    CHECK_EQ(tap_status(pid), 0);
    pid_t other = paused_child();
    pid = fork();
    if (pid == 0) {
        setsid();
        _exit(setpgid(0, other) != -1 || errno != EPERM);
    }
    CHECK_EQ(tap_status(pid), 0);
    kill(other, SIGKILL);
    CHECK_EQ(tap_status(other), SIGKILL);
}

static void orphans_that_are_stopped_hang_up(void)
{
    int ends[2];
    pid_t stopped = 0;
    char c = 0;

    CHECK_OK(pipe(ends));
    pid_t leader = fork();
    if (leader == 0) {
        setsid();
        stopped = fork();
        if (stopped == 0) {
            setpgid(0, 0);
            signal(SIGCONT, SIG_DFL);
            raise(SIGSTOP);
            _exit(write(ends[1], "w", 1) != 1);
        }
        waitpid(stopped, NULL, WUNTRACED);
        _exit(0);
    }
    CHECK_EQ(tap_status(leader), 0);
    close(ends[1]);
    CHECK_EQ(read(ends[0], &c, 1), 0);
    close(ends[0]);
}

TAP_MAIN(a_child_is_a_copy, offsets_are_shared_and_descriptors_are_not,
         timers_and_pending_signals_stay_with_the_parent, locks_are_not_inherited,
         many_processes_live_at_once, without_a_place_fork_says_so_and_nothing_is_lost,
         each_may_have_all_descriptors, a_fork_bomb_burns_out, functions_run_at_the_end_in_reverse,
         streams_are_flushed_by_exit_only, the_tables_of_a_process_go_with_it,
         groups_are_changed_by_the_rules, sessions_begin_with_their_leader,
         orphans_that_are_stopped_hang_up)
