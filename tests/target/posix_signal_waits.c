/* Signals and calls that wait: which are begun anew after a handler with SA_RESTART, which never are;
 * that none waits on when a signal came just before. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BEAT 20000 /* microseconds between what others do */
#define FIFO "/tmp/waits.fifo"
#define LOCKED "/tmp/waits.locked"

static volatile sig_atomic_t count;
static int in[2], out[2], locked;

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

/* --- calls that wait, and what makes each return --------------------------------------------- */

static struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
static pid_t helper;
static char bytes[70000];

static long read_pipe(void)
{
    return read(in[0], bytes, 1);
}

static void feed(void)
{
    write(in[1], "x", 1);
}

/* The pipe is full. */
static long write_pipe(void)
{
    return write(out[1], bytes, 4096);
}

static void drain(void)
{
    for (int left = 8192; left > 0;)
        left -= (int)read(out[0], bytes, (size_t)left);
}

static long wait_child(void)
{
    return waitpid(helper, NULL, 0) < 0 ? -1 : 1;
}

static long open_fifo(void)
{
    int fd = open(FIFO, O_RDONLY);

    return fd < 0 ? -1 : (close(fd), 1);
}

static void open_other_side(void)
{
    close(open(FIFO, O_WRONLY));
}

static long lock(void)
{
    return fcntl(locked, F_SETLKW, &whole) == 0 ? 1 : -1;
}

static void nothing(void)
{
}

/* `release` makes `wait` return, run by the helper, which ends then. */
static const struct blocking {
    const char *name;
    long (*wait)(void);
    void (*release)(void);
} blocking[] = {
    {"read of a pipe", read_pipe, feed},   {"write to a pipe", write_pipe, drain},
    {"waitpid", wait_child, nothing},      {"open of a FIFO", open_fifo, open_other_side},
    {"fcntl F_SETLKW", lock, nothing},
};
#define NBLOCKING ((int)(sizeof blocking / sizeof *blocking))

static void prepare(void)
{
    CHECK_OK(pipe(in));
    CHECK_OK(pipe(out));
    fcntl(out[1], F_SETFL, O_NONBLOCK);
    while (write(out[1], bytes, 4096) > 0)
        ;
    fcntl(out[1], F_SETFL, 0);
    unlink(FIFO);
    CHECK_OK(mkfifo(FIFO, 0600));
    CHECK_OK(locked = open(LOCKED, O_RDWR | O_CREAT, 0600));
}

/* A helper has the lock, signals us after a beat, and releases us after another. */
static void start_helper(const struct blocking *b, int sig)
{
    int ready[2];
    char byte;

    CHECK_OK(pipe(ready));
    helper = fork();
    if (helper == 0) {
        fcntl(locked, F_SETLKW, &whole);
        write(ready[1], "x", 1);
        usleep(BEAT);
        kill(getppid(), sig);
        usleep(BEAT);
        b->release();
        _exit(0);
    }
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
}

static void check_blocking(const struct blocking *b, int flags)
{
    long rc;

    handle(SIGUSR1, flags);
    start_helper(b, SIGUSR1);
    CHECK_STILL_GOOD();
    errno = 0;
    rc = b->wait();
    if (rc != (flags & SA_RESTART ? 1 : -1) && !(flags & SA_RESTART && rc == 4096))
        tap_note("%s: %ld, errno %d", b->name, rc, errno);
    CHECK_EQ(count, 1);
    if (flags & SA_RESTART) {
        CHECK(rc > 0);
    } else {
        CHECK_EQ(rc, -1);
        CHECK_EQ(errno, EINTR);
        CHECK(b->wait() > 0); /* the second beat */
    }
    waitpid(helper, NULL, 0);
    whole.l_type = F_UNLCK;
    fcntl(locked, F_SETLK, &whole);
    whole.l_type = F_WRLCK;
    if (b->wait == write_pipe) { /* full again */
        fcntl(out[1], F_SETFL, O_NONBLOCK);
        while (write(out[1], bytes, 4096) > 0)
            ;
        fcntl(out[1], F_SETFL, 0);
    }
}

static void with_sa_restart_calls_go_on(void)
{
    for (int i = 0; i < NBLOCKING && !tap_failed(); i++)
        check_blocking(&blocking[i], SA_RESTART);
}

static void without_it_they_end_with_eintr(void)
{
    for (int i = 0; i < NBLOCKING && !tap_failed(); i++)
        check_blocking(&blocking[i], 0);
}

/* --- calls that are never begun anew --------------------------------------------------------- */

static long do_pause(void)
{
    return pause();
}

static long do_suspend(void)
{
    sigset_t none;

    sigemptyset(&none);
    return sigsuspend(&none);
}

static long do_poll(void)
{
    return poll(NULL, 0, 5000);
}

static long do_select(void)
{
    return select(0, NULL, NULL, NULL, &(struct timeval){5, 0});
}

static long do_nanosleep(void)
{
    return nanosleep(&(struct timespec){5, 0}, NULL);
}

static long do_clock_nanosleep(void)
{
    return clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){5, 0}, NULL) == EINTR
               ? (errno = EINTR, -1)
               : 0;
}

static long do_sigtimedwait(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    return sigtimedwait(&set, NULL, &(struct timespec){5, 0});
}

static const struct blocking never[] = {
    {"pause", do_pause, nothing},       {"sigsuspend", do_suspend, nothing},
    {"poll", do_poll, nothing},         {"select", do_select, nothing},
    {"nanosleep", do_nanosleep, nothing}, {"clock_nanosleep", do_clock_nanosleep, nothing},
    {"sigtimedwait", do_sigtimedwait, nothing},
};

static void some_calls_end_with_eintr_even_so(void)
{
    for (size_t i = 0; i < sizeof never / sizeof *never && !tap_failed(); i++) {
        long rc;

        handle(SIGUSR1, SA_RESTART);
        start_helper(&never[i], SIGUSR1);
        rc = never[i].wait();
        if (rc != -1 || errno != EINTR)
            tap_note("%s: %ld, errno %d", never[i].name, rc, errno);
        CHECK_EQ(rc, -1);
        CHECK_EQ(errno, EINTR);
        CHECK_EQ(count, 1);
        waitpid(helper, NULL, 0);
    }
}

static void a_stop_interrupts_none_of_them(void)
{
    static const struct blocking *const quiet[] = {&never[2], &never[4]};

    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        int status;

        if (pid == 0) {
            struct timespec nap = {0, 6 * BEAT * 1000};

            _exit(i == 0 ? poll(NULL, 0, 6 * BEAT / 1000) != 0 : nanosleep(&nap, NULL) != 0);
        }
        usleep(BEAT);
        kill(pid, SIGSTOP);
        usleep(BEAT);
        kill(pid, SIGCONT);
        CHECK(waitpid(pid, &status, 0) == pid);
        if (status)
            tap_note("%s", quiet[i]->name);
        CHECK_EQ(status, 0);
    }
}

static void nanosleep_tells_what_was_left(void)
{
    struct timespec left = {0};

    handle(SIGUSR1, 0);
    start_helper(&never[0], SIGUSR1);
    CHECK_FAILS(nanosleep(&(struct timespec){100, 0}, &left), EINTR);
    CHECK(left.tv_sec == 99 && left.tv_nsec > 0);
    waitpid(helper, NULL, 0);
}

/* --- no signal is missed --------------------------------------------------------------------- */

/* A thousand times: a signal is sent while its receiver is somewhere between deciding to wait and
 * waiting; with the mask that sigsuspend sets it cannot come too early, so every wait must end. */
static void sigsuspend_misses_nothing(void)
{
    sigset_t set, before;
    pid_t parent = getpid(), pid;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &before);
    handle(SIGUSR1, 0);
    handle(SIGUSR2, 0);
    pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 300; i++) {
            kill(parent, SIGUSR1);
            sigsuspend(&before);
        }
        _exit(0);
    }
    alarm(20);
    for (int i = 0; i < 300; i++) {
        CHECK_FAILS(sigsuspend(&before), EINTR);
        CHECK_EQ(count, i + 1);
        kill(pid, SIGUSR1);
    }
    alarm(0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    CHECK(waitpid(pid, NULL, 0) == pid || errno == EINTR);
}

/* The signal is there before the wait begins, or comes when its mask is set: in both cases it ends the
 * wait, also if something else would. */
static void waits_with_a_mask_miss_nothing(void)
{
    struct itimerval often = {{0, 900}, {0, 900}}, never_again = {{0, 0}, {0, 0}};
    struct pollfd fd = {in[0], POLLIN, 0};
    sigset_t set, before;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &before);
    handle(SIGALRM, 0);
    raise(SIGALRM);
    CHECK_FAILS(pselect(0, NULL, NULL, NULL, NULL, &before), EINTR);
    raise(SIGALRM);
    CHECK_FAILS(ppoll(&fd, 1, NULL, &before), EINTR);
    CHECK_EQ(count, 2);
    CHECK_OK(setitimer(ITIMER_REAL, &often, NULL));
    for (int i = 0; i < 100; i++) {
        int seen = count;

        CHECK_FAILS(ppoll(&fd, 1, NULL, &before), EINTR);
        CHECK(count > seen);
    }
    CHECK_OK(setitimer(ITIMER_REAL, &never_again, NULL));
    CHECK_EQ(ppoll(&fd, 1, &(struct timespec){0, 0}, NULL), 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* A timer rings again and again: each ring ends a read, wherever between two of them it comes. */
static void each_ring_ends_a_read(void)
{
    struct itimerval often = {{0, 700}, {0, 700}}, never_again = {{0, 0}, {0, 0}};
    char byte;

    handle(SIGALRM, 0);
    CHECK_OK(setitimer(ITIMER_REAL, &often, NULL));
    for (int i = 0; i < 100; i++)
        CHECK_FAILS(read(in[0], &byte, 1), EINTR);
    CHECK_OK(setitimer(ITIMER_REAL, &never_again, NULL));
    CHECK(count >= 100);
}

TAP_MAIN(prepare, with_sa_restart_calls_go_on, without_it_they_end_with_eintr,
         some_calls_end_with_eintr_even_so, a_stop_interrupts_none_of_them,
         nanosleep_tells_what_was_left, sigsuspend_misses_nothing, waits_with_a_mask_miss_nothing,
         each_ring_ends_a_read)
