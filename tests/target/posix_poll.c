/* poll, ppoll, select and pselect as POSIX has them: on pipes, files, devices; times; signals. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NAME "/tmp/posix_poll"

static int ends[2];
static volatile sig_atomic_t handled;

static void on_signal(int signal)
{
    handled = signal;
}

static void catch_signal(int signal, int flags)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
    sigaction(signal, &action, NULL);
    handled = 0;
}

static long now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void fresh_pipe(void)
{
    close(ends[0]);
    close(ends[1]);
    CHECK_OK(pipe(ends));
}

static void setup(void)
{
    ends[0] = ends[1] = -1;
    int fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_OK(fd);
    close(fd);
}

/* --- poll ------------------------------------------------------------------------------------ */

static void files_are_always_ready(void)
{
    struct pollfd fds[] = {{open(NAME, O_RDWR), POLLIN | POLLOUT, 0},
                           {open("/dev/null", O_RDWR), POLLIN | POLLOUT, 0},
                           {open("/tmp", O_RDONLY), POLLIN, 0}};
    CHECK_EQ(poll(fds, 3, -1), 3);
    CHECK_EQ(fds[0].revents, POLLIN | POLLOUT);
    CHECK_EQ(fds[1].revents, POLLIN | POLLOUT);
    CHECK_EQ(fds[2].revents, POLLIN);
    for (int i = 0; i < 3; i++)
        close(fds[i].fd);
}

static void only_what_was_asked_is_told(void)
{
    fresh_pipe();
    CHECK_EQ(write(ends[1], "x", 1), 1);
    struct pollfd fds[] = {{ends[0], 0, 99}, {ends[0], POLLIN, 99}, {ends[0], POLLRDNORM, 99},
                           {ends[1], POLLWRNORM, 99}, {-1, POLLIN, 99}, {ends[0], POLLPRI, 99}};
    CHECK_EQ(poll(fds, 6, 0), 3);
    CHECK_EQ(fds[0].revents, 0);
    CHECK_EQ(fds[1].revents, POLLIN);
    CHECK_EQ(fds[2].revents, POLLRDNORM);
    CHECK_EQ(fds[3].revents, POLLWRNORM);
    CHECK_EQ(fds[4].revents, 0);
    CHECK_EQ(fds[5].revents, 0);
}

static void a_closed_descriptor_is_told(void)
{
    struct pollfd fds[] = {{200, POLLIN, 0}, {201, 0, 0}};
    CHECK_EQ(poll(fds, 2, -1), 2);
    CHECK_EQ(fds[0].revents, POLLNVAL);
    CHECK_EQ(fds[1].revents, POLLNVAL);
}

static void poll_waits_as_long_as_told(void)
{
    fresh_pipe();
    struct pollfd in = {ends[0], POLLIN, 0};
    long start = now_ms();
    CHECK_EQ(poll(&in, 1, 50), 0);
    long took = now_ms() - start;
    CHECK(took >= 49 && took < 1000);
    CHECK_EQ(poll(NULL, 0, 20), 0);
    CHECK(now_ms() - start >= 69);
    CHECK_EQ(poll(&in, 1, 0), 0);
}

static void poll_wakes_when_something_comes(void)
{
    fresh_pipe();
    struct pollfd in = {ends[0], POLLIN, 0};
    pid_t pid = fork();
    if (pid == 0) {
        usleep(20000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    CHECK_EQ(poll(&in, 1, -1), 1);
    CHECK_EQ(in.revents, POLLIN);
    CHECK_OK(waitpid(pid, NULL, 0));
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    pid = fork();
    if (pid == 0) {
        usleep(20000);
        _exit(0); /* its end of the pipe goes with it */
    }
    close(ends[1]);
    ends[1] = -1;
    CHECK_EQ(poll(&in, 1, -1), 1);
    CHECK_EQ(in.revents, POLLHUP);
    CHECK_OK(waitpid(pid, NULL, 0));
}

static void a_writer_is_woken_by_room_and_by_the_readers_end(void)
{
    static char bytes[4096];
    fresh_pipe();
    CHECK_OK(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    while (write(ends[1], bytes, sizeof bytes) > 0)
        ;
    struct pollfd out = {ends[1], POLLOUT, 0};
    CHECK_EQ(poll(&out, 1, 10), 0);
    pid_t pid = fork();
    if (pid == 0) {
        usleep(20000);
        _exit(read(ends[0], bytes, sizeof bytes) != sizeof bytes);
    }
    CHECK_EQ(poll(&out, 1, -1), 1);
    CHECK_EQ(out.revents, POLLOUT);
    CHECK_OK(waitpid(pid, NULL, 0));
    close(ends[0]);
    ends[0] = -1;
    CHECK_EQ(poll(&out, 1, -1), 1);
    CHECK(out.revents & POLLERR);
}

static void a_signal_ends_the_wait(void)
{
    fresh_pipe();
    struct pollfd in = {ends[0], POLLIN, 0};
    catch_signal(SIGALRM, SA_RESTART); /* poll is not made again */
    ualarm(30000, 0);
    CHECK_FAILS(poll(&in, 1, -1), EINTR);
    CHECK_EQ(handled, SIGALRM);
}

static void ppoll_lets_signals_in_while_it_waits(void)
{
    fresh_pipe();
    struct pollfd in = {ends[0], POLLIN, 0};
    struct timespec short_time = {0, 20000000}, bad = {0, 1000000000};
    sigset_t block, before, now;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_BLOCK, &block, &before));
    catch_signal(SIGUSR1, 0);
    CHECK_OK(kill(getpid(), SIGUSR1));
    CHECK_EQ(handled, 0);
    CHECK_EQ(ppoll(&in, 1, &short_time, NULL), 0);
    CHECK_EQ(handled, 0);
    CHECK_FAILS(ppoll(&in, 1, NULL, &before), EINTR);
    CHECK_EQ(handled, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &now));
    CHECK(sigismember(&now, SIGUSR1));
    CHECK_FAILS(ppoll(&in, 1, &bad, NULL), EINVAL);
    CHECK_OK(sigprocmask(SIG_SETMASK, &before, NULL));
}

static void there_can_be_no_more_than_descriptors(void)
{
    static struct pollfd fds[256];
    for (int i = 0; i < 256; i++)
        fds[i] = (struct pollfd){i % 3, 0, 0};
    CHECK_EQ(poll(fds, 256, 0) >= 0, 1);
}

/* --- select ---------------------------------------------------------------------------------- */

static void select_tells_who_is_ready(void)
{
    fd_set in, out, except;
    fresh_pipe();
    struct timeval none = {0, 0};
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_ZERO(&except);
    FD_SET(ends[0], &in);
    FD_SET(ends[1], &out);
    FD_SET(ends[0], &except);
    CHECK_EQ(select(ends[1] + 1, &in, &out, &except, &none), 1);
    CHECK(!FD_ISSET(ends[0], &in) && FD_ISSET(ends[1], &out) && !FD_ISSET(ends[0], &except));
    CHECK_EQ(write(ends[1], "x", 1), 1);
    FD_SET(ends[0], &in);
    CHECK_EQ(select(ends[1] + 1, &in, &out, NULL, NULL), 2);
    CHECK(FD_ISSET(ends[0], &in) && FD_ISSET(ends[1], &out));
    FD_SET(ends[0], &in);
    CHECK_EQ(select(ends[0], &in, NULL, NULL, &none), 0); /* only those below n */
    close(ends[1]);
    ends[1] = -1;
    char byte;
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    FD_SET(ends[0], &in);
    CHECK_EQ(select(ends[0] + 1, &in, NULL, NULL, NULL), 1); /* end of file can be read */
}

static void select_waits_as_long_as_told(void)
{
    fd_set in;
    struct timeval short_time = {0, 50000};
    fresh_pipe();
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    long start = now_ms();
    CHECK_EQ(select(ends[0] + 1, &in, NULL, NULL, &short_time), 0);
    CHECK(now_ms() - start >= 49);
    CHECK(!FD_ISSET(ends[0], &in));
    short_time = (struct timeval){0, 20000};
    CHECK_EQ(select(0, NULL, NULL, NULL, &short_time), 0); /* a nap */
    CHECK(now_ms() - start >= 69);
}

static void select_refuses_what_is_wrong(void)
{
    fd_set in;
    struct timeval bad = {0, -1}, none = {0, 0};
    FD_ZERO(&in);
    FD_SET(200, &in);
    CHECK_FAILS(select(201, &in, NULL, NULL, &none), EBADF);
    CHECK(FD_ISSET(200, &in)); /* left as it was */
    CHECK_FAILS(select(201, NULL, NULL, &in, &none), EBADF);
    CHECK_FAILS(select(-1, NULL, NULL, NULL, &none), EINVAL);
    CHECK_FAILS(select(0, NULL, NULL, NULL, &bad), EINVAL);
}

static void pselect_lets_signals_in_while_it_waits(void)
{
    fd_set in;
    sigset_t block, before;
    fresh_pipe();
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    CHECK_OK(sigprocmask(SIG_BLOCK, &block, &before));
    catch_signal(SIGUSR1, 0);
    pid_t pid = fork();
    if (pid == 0) {
        usleep(20000);
        _exit(kill(getppid(), SIGUSR1) != 0);
    }
    CHECK_FAILS(pselect(ends[0] + 1, &in, NULL, NULL, NULL, &before), EINTR);
    CHECK_EQ(handled, SIGUSR1);
    CHECK_OK(waitpid(pid, NULL, 0));
    struct timespec short_time = {0, 10000000};
    CHECK_EQ(pselect(ends[0] + 1, &in, NULL, NULL, &short_time, NULL), 0);
    CHECK_OK(sigprocmask(SIG_SETMASK, &before, NULL));
}

static void cleanup(void)
{
    close(ends[0]);
    close(ends[1]);
    CHECK_OK(unlink(NAME));
}

TAP_MAIN(setup, files_are_always_ready, only_what_was_asked_is_told, a_closed_descriptor_is_told,
         poll_waits_as_long_as_told, poll_wakes_when_something_comes,
         a_writer_is_woken_by_room_and_by_the_readers_end, a_signal_ends_the_wait,
         ppoll_lets_signals_in_while_it_waits, there_can_be_no_more_than_descriptors,
         select_tells_who_is_ready, select_waits_as_long_as_told, select_refuses_what_is_wrong,
         pselect_lets_signals_in_while_it_waits, cleanup)
