/* Pipes and FIFOs as POSIX has them: what stays together, who waits for whom, how they end. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY 65536
#define FIFO "/tmp/posix_pipe.fifo"

static char bytes[2 * CAPACITY], got[2 * CAPACITY];
static volatile sig_atomic_t handled;

static void on_signal(int signal)
{
    handled = signal;
}

static void catch_signal(int signal)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(signal, &action, NULL);
}

/* Fill a pipe whose writing end does not wait. => bytes that went in. */
static long fill(int fd, size_t piece)
{
    long all = 0;
    for (ssize_t n; (n = write(fd, bytes, piece)) > 0;)
        all += n;
    return errno == EAGAIN ? all : -1;
}

static int status_of(pid_t pid)
{
    int status;
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void a_new_pipe_has_two_ends_of_its_own(void)
{
    struct stat st;
    int fd[2], low = dup(0);
    time_t now = time(NULL);
    close(low);
    CHECK_OK(pipe(fd));
    CHECK(fd[0] == low && fd[1] > fd[0]);
    CHECK_EQ(fcntl(fd[0], F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY);
    CHECK_EQ(fcntl(fd[1], F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_WRONLY);
    CHECK_EQ(fcntl(fd[0], F_GETFD) | fcntl(fd[1], F_GETFD), 0);
    CHECK_OK(fstat(fd[0], &st));
    CHECK(S_ISFIFO(st.st_mode) && st.st_mtime >= now && st.st_atime >= now && st.st_ctime >= now);
    CHECK_FAILS(write(fd[0], "x", 1), EBADF);
    CHECK_FAILS(read(fd[1], got, 1), EBADF);
    CHECK_FAILS(lseek(fd[0], 0, SEEK_SET), ESPIPE);
    CHECK_FAILS(pread(fd[0], got, 1, 0), ESPIPE);
    CHECK_FAILS(ftruncate(fd[1], 0), EINVAL);
    CHECK_FAILS(fsync(fd[1]), EINVAL);
    CHECK_EQ(fpathconf(fd[0], _PC_PIPE_BUF), PIPE_BUF);
    CHECK_EQ(PIPE_BUF, 4096);
    close(fd[0]);
    close(fd[1]);
}

static void pipe2_sets_flags_of_both_ends(void)
{
    int fd[2];
    CHECK_OK(pipe2(fd, O_NONBLOCK | O_CLOEXEC));
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(fcntl(fd[i], F_GETFL) & O_NONBLOCK, O_NONBLOCK);
        CHECK_EQ(fcntl(fd[i], F_GETFD), FD_CLOEXEC);
        close(fd[i]);
    }
    CHECK_FAILS(pipe2(fd, O_TRUNC), EINVAL);
}

static void it_takes_64_KiB_and_gives_them_back_in_order(void)
{
    int fd[2];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    CHECK_OK(pipe2(fd, O_NONBLOCK));
    CHECK_EQ(fill(fd[1], 4096), CAPACITY);
    CHECK_FAILS(write(fd[1], "x", 1), EAGAIN);
    for (long at = 0; at < CAPACITY;) {
        ssize_t n = read(fd[0], got, sizeof got);
        CHECK(n > 0);
        for (ssize_t i = 0; i < n; i++, at++)
            CHECK(got[i] == bytes[at % 4096]);
    }
    CHECK_FAILS(read(fd[0], got, 1), EAGAIN);
    CHECK_EQ(write(fd[1], bytes, sizeof bytes), CAPACITY);
    CHECK_EQ(read(fd[0], got, sizeof got), CAPACITY);
    CHECK(memcmp(got, bytes, CAPACITY) == 0);
    close(fd[0]);
    close(fd[1]);
}

static void up_to_PIPE_BUF_goes_in_whole_or_not_at_all(void)
{
    int fd[2], count = -1;
    CHECK_OK(pipe2(fd, O_NONBLOCK));
    CHECK_EQ(fill(fd[1], PIPE_BUF), CAPACITY);
    CHECK_EQ(read(fd[0], got, PIPE_BUF), PIPE_BUF);
    CHECK_EQ(write(fd[1], bytes, 1), 1);
    CHECK_FAILS(write(fd[1], bytes, PIPE_BUF), EAGAIN);
    CHECK_OK(ioctl(fd[0], FIONREAD, &count));
    CHECK_EQ(count, CAPACITY - PIPE_BUF + 1);
    ssize_t n = write(fd[1], bytes, PIPE_BUF + 1);
    CHECK(n > 0 && n < PIPE_BUF);
    CHECK_EQ(fill(fd[1], PIPE_BUF + 1) < PIPE_BUF, 1);
    close(fd[0]);
    close(fd[1]);
}

#define WRITERS 4
#define RECORDS 60

/* Children write records of PIPE_BUF bytes of their own letter: none is torn. */
static void records_of_PIPE_BUF_are_never_torn(void)
{
    int fd[2];
    CHECK_OK(pipe(fd));
    for (int i = 0; i < WRITERS; i++) {
        if (fork() != 0)
            continue;
        memset(got, 'a' + i, PIPE_BUF);
        for (int k = 0; k < RECORDS; k++)
            if (write(fd[1], got, PIPE_BUF) != PIPE_BUF)
                _exit(1);
        _exit(0);
    }
    close(fd[1]);
    long records = 0, at = 0;
    char first = 0;
    for (ssize_t n; (n = read(fd[0], got, 5000)) > 0;)
        for (ssize_t i = 0; i < n; i++) {
            if (at == 0)
                first = got[i];
            CHECK_EQ(got[i], first);
            at = (at + 1) % PIPE_BUF;
            records += at == 0;
        }
    CHECK_EQ(at, 0);
    CHECK_EQ(records, WRITERS * RECORDS);
    for (int i = 0; i < WRITERS; i++)
        CHECK_OK(wait(NULL));
    close(fd[0]);
}

static void a_long_write_waits_until_all_of_it_went_in(void)
{
    int fd[2];
    CHECK_OK(pipe(fd));
    pid_t pid = fork();
    if (pid == 0)
        _exit(write(fd[1], bytes, sizeof bytes) != (ssize_t)sizeof bytes);
    close(fd[1]);
    size_t all = 0;
    for (ssize_t n; (n = read(fd[0], got + all, sizeof got - all)) > 0;)
        all += (size_t)n;
    CHECK_EQ(all, sizeof bytes);
    CHECK(memcmp(got, bytes, sizeof bytes) == 0);
    CHECK_EQ(status_of(pid), 0);
    close(fd[0]);
}

static void a_signal_cuts_a_long_write_short(void)
{
    int fd[2];
    CHECK_OK(pipe(fd));
    catch_signal(SIGALRM);
    alarm(1);
    CHECK_EQ(write(fd[1], bytes, sizeof bytes), CAPACITY);
    CHECK_EQ(handled, SIGALRM);
    alarm(1);
    CHECK_FAILS(write(fd[1], bytes, 1), EINTR);
    close(fd[0]);
    close(fd[1]);
    signal(SIGALRM, SIG_DFL);
}

static void nobody_reads_is_EPIPE_and_SIGPIPE(void)
{
    int fd[2];
    CHECK_OK(pipe(fd));
    close(fd[0]);
    pid_t pid = fork();
    if (pid == 0) {
        write(fd[1], "x", 1);
        _exit(0);
    }
    CHECK_EQ(status_of(pid), SIGPIPE);
    signal(SIGPIPE, SIG_IGN);
    CHECK_FAILS(write(fd[1], bytes, 1), EPIPE);
    CHECK_FAILS(write(fd[1], bytes, PIPE_BUF), EPIPE);
    handled = 0;
    catch_signal(SIGPIPE);
    CHECK_FAILS(write(fd[1], bytes, PIPE_BUF + 1), EPIPE);
    CHECK_EQ(handled, SIGPIPE);
    signal(SIGPIPE, SIG_DFL);
    close(fd[1]);
}

static void the_last_writer_s_end_is_end_of_file(void)
{
    int fd[2];
    CHECK_OK(pipe(fd));
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        write(fd[1], "last", 4);
        pause();
    }
    close(fd[1]);
    CHECK_EQ(read(fd[0], got, 100), 4);
    kill(pid, SIGKILL);
    CHECK_EQ(read(fd[0], got, 100), 0);
    CHECK_EQ(read(fd[0], got, 100), 0);
    CHECK_EQ(status_of(pid), SIGKILL);
    close(fd[0]);
}

static void poll_tells_of_both_ends(void)
{
    int fd[2];
    CHECK_OK(pipe2(fd, O_NONBLOCK));
    struct pollfd in = {fd[0], POLLIN, 0}, out = {fd[1], POLLOUT, 0};
    CHECK_EQ(poll(&in, 1, 0), 0);
    CHECK_EQ(poll(&out, 1, 0), 1);
    CHECK_EQ(out.revents, POLLOUT);
    CHECK_EQ(fill(fd[1], 4096), CAPACITY);
    CHECK_EQ(poll(&out, 1, 10), 0);
    CHECK_EQ(read(fd[0], got, 4095), 4095);
    CHECK_EQ(poll(&out, 1, 0), 0);
    CHECK_EQ(read(fd[0], got, 1), 1);
    CHECK_EQ(poll(&out, 1, 0), 1);
    close(fd[1]);
    CHECK_EQ(poll(&in, 1, 0), 1);
    CHECK_EQ(in.revents, POLLIN | POLLHUP);
    while (read(fd[0], got, sizeof got) > 0)
        ;
    CHECK_EQ(poll(&in, 1, 0), 1);
    CHECK_EQ(in.revents, POLLHUP);
    close(fd[0]);
    CHECK_OK(pipe(fd));
    close(fd[0]);
    out.fd = fd[1];
    CHECK_EQ(poll(&out, 1, 0), 1);
    CHECK(out.revents & POLLERR);
    close(fd[1]);
}

static void a_FIFO_opens_when_both_sides_are_there(void)
{
    struct stat st;
    CHECK_OK(mkfifo(FIFO, 0640));
    CHECK_FAILS(mkfifo(FIFO, 0640), EEXIST);
    CHECK_OK(stat(FIFO, &st));
    CHECK(S_ISFIFO(st.st_mode) && (st.st_mode & 0777) == 0640);
    CHECK_FAILS(open(FIFO, O_WRONLY | O_NONBLOCK), ENXIO);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(FIFO, O_WRONLY);
        _exit(write(fd, "through", 7) != 7);
    }
    int fd = open(FIFO, O_RDONLY);
    CHECK_OK(fd);
    CHECK_EQ(read(fd, got, 100), 7);
    CHECK_EQ(read(fd, got, 100), 0);
    CHECK_EQ(status_of(pid), 0);
    close(fd);
}

static void a_FIFO_s_reader_need_not_wait(void)
{
    int fd = open(FIFO, O_RDONLY | O_NONBLOCK);
    struct pollfd in = {fd, POLLIN, 0};
    CHECK_OK(fd);
    CHECK_EQ(read(fd, got, 1), 0);
    CHECK_EQ(poll(&in, 1, 0), 0);
    int writer = open(FIFO, O_WRONLY | O_NONBLOCK);
    CHECK_OK(writer);
    CHECK_FAILS(read(fd, got, 1), EAGAIN);
    CHECK_EQ(write(writer, "x", 1), 1);
    CHECK_EQ(poll(&in, 1, 0), 1);
    CHECK_EQ(in.revents, POLLIN);
    close(writer);
    CHECK_EQ(read(fd, got, 10), 1);
    CHECK_EQ(poll(&in, 1, 0), 1);
    CHECK_EQ(in.revents, POLLHUP);
    close(fd);
    CHECK_OK(unlink(FIFO));
    CHECK_FAILS(open(FIFO, O_RDONLY), ENOENT);
}

static void a_descriptor_s_O_NONBLOCK_can_be_switched(void)
{
    int fd[2], on = 1;
    CHECK_OK(pipe(fd));
    int twin = dup(fd[0]);
    CHECK_OK(fcntl(fd[0], F_SETFL, O_NONBLOCK));
    CHECK_FAILS(read(twin, got, 1), EAGAIN);
    CHECK_OK(fcntl(twin, F_SETFL, 0));
    CHECK_EQ(fcntl(fd[0], F_GETFL) & O_NONBLOCK, 0);
    CHECK_OK(ioctl(fd[0], FIONBIO, &on));
    CHECK_FAILS(read(fd[0], got, 1), EAGAIN);
    close(twin);
    close(fd[0]);
    close(fd[1]);
}

#define MANY 120

static void a_process_can_have_many_pipes(void)
{
    int fd[MANY][2];
    for (int i = 0; i < MANY; i++)
        CHECK_OK(pipe(fd[i]));
    for (int i = 0; i < MANY; i++)
        CHECK_EQ(write(fd[i][1], bytes, PIPE_BUF), PIPE_BUF);
    for (int i = 0; i < MANY; i++) {
        CHECK_EQ(read(fd[i][0], got, PIPE_BUF), PIPE_BUF);
        close(fd[i][0]);
        close(fd[i][1]);
    }
}

TAP_MAIN(a_new_pipe_has_two_ends_of_its_own, pipe2_sets_flags_of_both_ends,
         it_takes_64_KiB_and_gives_them_back_in_order, up_to_PIPE_BUF_goes_in_whole_or_not_at_all,
         records_of_PIPE_BUF_are_never_torn, a_long_write_waits_until_all_of_it_went_in,
         a_signal_cuts_a_long_write_short, nobody_reads_is_EPIPE_and_SIGPIPE,
         the_last_writer_s_end_is_end_of_file, poll_tells_of_both_ends,
         a_FIFO_opens_when_both_sides_are_there, a_FIFO_s_reader_need_not_wait,
         a_descriptor_s_O_NONBLOCK_can_be_switched, a_process_can_have_many_pipes)
