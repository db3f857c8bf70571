/* dup, fcntl and record locks as POSIX has them, flock beside them. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/tmp/posix_fd"

static int status_of(pid_t pid)
{
    int status;
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

static int lowest(void)
{
    int fd = dup(0);
    close(fd);
    return fd;
}

static void setup(void)
{
    int fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    close(fd);
}

/* --- dup ------------------------------------------------------------------------------------- */

static void dup_takes_the_lowest(void)
{
    int low = lowest(), fd = open(NAME, O_RDWR | O_CLOEXEC);
    CHECK_EQ(fd, low);
    int twin = dup(fd);
    CHECK_EQ(twin, low + 1);
    CHECK_EQ(fcntl(twin, F_GETFD), 0);
    CHECK_OK(close(fd));
    CHECK_EQ(lseek(twin, 3, SEEK_SET), 3); /* it lives on */
    CHECK_OK(close(twin));
    CHECK_FAILS(dup(twin), EBADF);
    CHECK_FAILS(dup(-1), EBADF);
}

static void dup2_replaces(void)
{
    int fd = open(NAME, O_RDWR | O_CLOEXEC), other = open("/dev/null", O_RDWR);
    CHECK_EQ(dup2(fd, other), other);
    CHECK_EQ(lseek(other, 5, SEEK_SET), 5);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 5);
    CHECK_EQ(fcntl(other, F_GETFD), 0);
    CHECK_EQ(dup2(fd, fd), fd);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC); /* the same one stays as it is */
    CHECK_EQ(dup2(fd, 200), 200);
    CHECK_OK(close(200));
    CHECK_FAILS(dup2(200, 201), EBADF);
    CHECK_FAILS(dup2(200, 200), EBADF);
    CHECK_FAILS(dup2(200, other), EBADF);
    CHECK_EQ(lseek(other, 0, SEEK_CUR), 5); /* nothing was closed */
    CHECK_FAILS(dup2(fd, -1), EBADF);
    CHECK_FAILS(dup2(fd, 10000000), EBADF);
    CHECK_EQ(dup3(fd, other, O_CLOEXEC), other);
    CHECK_EQ(fcntl(other, F_GETFD), FD_CLOEXEC);
    CHECK_FAILS(dup3(fd, fd, 0), EINVAL);
    CHECK_FAILS(dup3(fd, other, O_APPEND), EINVAL);
    close(fd);
    close(other);
}

static void F_DUPFD_starts_at_a_number(void)
{
    int fd = open(NAME, O_RDWR | O_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_DUPFD, 100), 100);
    CHECK_EQ(fcntl(fd, F_DUPFD, 100), 101);
    CHECK_EQ(fcntl(100, F_GETFD), 0);
    CHECK_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 100), 102);
    CHECK_EQ(fcntl(102, F_GETFD), FD_CLOEXEC);
    CHECK_FAILS(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK_FAILS(fcntl(fd, F_DUPFD, 10000000), EINVAL);
    CHECK_FAILS(fcntl(99, F_DUPFD, 0), EBADF);
    for (int i = 100; i < 103; i++)
        CHECK_OK(close(i));
    close(fd);
}

/* --- flags ----------------------------------------------------------------------------------- */

static void descriptor_flags_are_each_descriptor_s_own(void)
{
    int fd = open(NAME, O_RDWR), twin = dup(fd);
    CHECK_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(twin, F_GETFD), 0);
    CHECK_EQ(fcntl(fd, F_SETFD, 0), 0);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_FAILS(fcntl(99, F_GETFD), EBADF);
    CHECK_FAILS(fcntl(99, F_SETFD, 0), EBADF);
    close(fd);
    close(twin);
}

static void status_flags_belong_to_the_open_file(void)
{
    int fd = open(NAME, O_RDWR | O_APPEND), twin = dup(fd), other = open(NAME, O_RDONLY);
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND), O_RDWR | O_APPEND);
    CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(fcntl(twin, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR | O_NONBLOCK);
    CHECK_EQ(fcntl(other, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDONLY);
    CHECK_EQ(fcntl(fd, F_SETFL, O_WRONLY | O_CREAT | O_TRUNC | O_EXCL), 0); /* ignored */
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), O_RDWR);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 10);
    CHECK_FAILS(fcntl(99, F_GETFL), EBADF);
    CHECK_FAILS(fcntl(fd, 12345), EINVAL);
    close(fd);
    close(twin);
    close(other);
}

/* --- record locks ---------------------------------------------------------------------------- */

static int lock(int fd, int command, int type, off_t start, off_t len)
{
    struct flock range = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start,
                          .l_len = len};
    return fcntl(fd, command, &range);
}

/* Would a child's lock be granted? 0 yes, else errno. */
static int child_lock(int type, off_t start, off_t len)
{
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(NAME, O_RDWR);
        _exit(lock(fd, F_SETLK, type, start, len) == 0 ? 0 : errno);
    }
    int status = status_of(pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_taken(int code)
{
    return code == EAGAIN || code == EACCES;
}

static void read_locks_share_and_write_locks_do_not(void)
{
    int fd = open(NAME, O_RDWR);
    CHECK_OK(lock(fd, F_SETLK, F_RDLCK, 0, 5));
    CHECK_EQ(child_lock(F_RDLCK, 0, 5), 0);
    CHECK(is_taken(child_lock(F_WRLCK, 4, 1)));
    CHECK_EQ(child_lock(F_WRLCK, 5, 1), 0);
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 0, 5)); /* one's own lock changes */
    CHECK(is_taken(child_lock(F_RDLCK, 0, 1)));
    CHECK_OK(lock(fd, F_SETLK, F_UNLCK, 1, 2)); /* and splits */
    CHECK_EQ(child_lock(F_WRLCK, 1, 2), 0);
    CHECK(is_taken(child_lock(F_WRLCK, 0, 1)));
    CHECK(is_taken(child_lock(F_WRLCK, 3, 1)));
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 8, 0)); /* to the end, however far */
    CHECK(is_taken(child_lock(F_WRLCK, 1L << 40, 1)));
    close(fd);
    CHECK_EQ(child_lock(F_WRLCK, 0, 0), 0);
}

static void F_GETLK_tells_who_is_in_the_way(void)
{
    int fd = open(NAME, O_RDWR);
    pid_t parent = getpid();
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 3, 4));
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    CHECK_OK(fcntl(fd, F_GETLK, &range));
    CHECK_EQ(range.l_type, F_UNLCK); /* one's own is not */
    pid_t pid = fork();
    if (pid == 0) {
        range.l_type = F_RDLCK;
        bool good = fcntl(fd, F_GETLK, &range) == 0 && range.l_type == F_WRLCK
                    && range.l_start == 3 && range.l_len == 4 && range.l_pid == parent
                    && range.l_whence == SEEK_SET;
        _exit(!good);
    }
    CHECK_EQ(status_of(pid), 0);
    close(fd);
}

static void ranges_start_from_anywhere(void)
{
    int fd = open(NAME, O_RDWR);
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = -1, .l_len = 2};
    CHECK_EQ(lseek(fd, 5, SEEK_SET), 5);
    CHECK_OK(fcntl(fd, F_SETLK, &range));
    CHECK(is_taken(child_lock(F_WRLCK, 4, 1)));
    CHECK(is_taken(child_lock(F_WRLCK, 5, 1)));
    CHECK_EQ(child_lock(F_WRLCK, 6, 1), 0);
    CHECK_OK(lock(fd, F_SETLK, F_UNLCK, 0, 0));
    range = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = 0, .l_len = -3};
    CHECK_OK(fcntl(fd, F_SETLK, &range));
    CHECK(is_taken(child_lock(F_WRLCK, 7, 1)));
    CHECK_EQ(child_lock(F_WRLCK, 10, 0), 0);
    range = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = -1, .l_len = 1};
    CHECK_FAILS(fcntl(fd, F_SETLK, &range), EINVAL);
    range = (struct flock){.l_type = F_WRLCK, .l_whence = 55, .l_start = 0, .l_len = 1};
    CHECK_FAILS(fcntl(fd, F_SETLK, &range), EINVAL);
    range = (struct flock){.l_type = 55, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    CHECK_FAILS(fcntl(fd, F_SETLK, &range), EINVAL);
    CHECK_FAILS(lock(99, F_SETLK, F_WRLCK, 0, 1), EBADF);
    close(fd);
}

static void a_lock_wants_the_right_access(void)
{
    int reader = open(NAME, O_RDONLY), writer = open(NAME, O_WRONLY);
    CHECK_FAILS(lock(reader, F_SETLK, F_WRLCK, 0, 1), EBADF);
    CHECK_FAILS(lock(writer, F_SETLK, F_RDLCK, 0, 1), EBADF);
    CHECK_OK(lock(reader, F_SETLK, F_RDLCK, 0, 1));
    CHECK_OK(lock(writer, F_SETLK, F_WRLCK, 0, 1));
    close(reader);
    close(writer);
}

static void any_close_drops_all_of_the_process_s_locks(void)
{
    int fd = open(NAME, O_RDWR), other = open(NAME, O_RDONLY);
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 0, 0));
    close(other);
    CHECK_EQ(child_lock(F_WRLCK, 0, 0), 0);
    close(fd);
}

static void F_SETLKW_waits_for_the_other(void)
{
    int fd = open(NAME, O_RDWR), pipes[2];
    char word;
    CHECK_OK(pipe(pipes));
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 0, 1));
    pid_t pid = fork();
    if (pid == 0) {
        write(pipes[1], "w", 1);
        _exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) != 0);
    }
    CHECK_EQ(read(pipes[0], &word, 1), 1);
    usleep(20000);
    CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
    CHECK_OK(lock(fd, F_SETLK, F_UNLCK, 0, 1));
    CHECK_EQ(status_of(pid), 0);
    close(pipes[0]);
    close(pipes[1]);
    close(fd);
}

static void on_signal(int signal)
{
}

static void a_waiting_lock_can_be_interrupted(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    int fd = open(NAME, O_RDWR);
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 0, 1));
    pid_t pid = fork();
    if (pid == 0) {
        sigaction(SIGALRM, &action, NULL);
        alarm(1);
        _exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0 ? 0 : errno);
    }
    int status = status_of(pid);
    CHECK_EQ(WEXITSTATUS(status), EINTR);
    close(fd);
}

static void locks_that_wait_for_each_other_are_refused(void)
{
    int fd = open(NAME, O_RDWR), ready[2], go[2];
    char word;
    CHECK_OK(pipe(ready));
    CHECK_OK(pipe(go));
    pid_t pid = fork();
    if (pid == 0) {
        lock(fd, F_SETLK, F_WRLCK, 1, 1);
        write(ready[1], "r", 1);
        read(go[0], &word, 1);
        _exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0 ? 0 : errno);
    }
    CHECK_EQ(read(ready[0], &word, 1), 1);
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 0, 1));
    CHECK_EQ(write(go[1], "g", 1), 1);
    usleep(50000);
    CHECK_FAILS(lock(fd, F_SETLKW, F_WRLCK, 1, 1), EDEADLK);
    CHECK_OK(lock(fd, F_SETLK, F_UNLCK, 0, 0));
    CHECK_EQ(status_of(pid), 0);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(go[i]);
    }
    close(fd);
}

static void lockf_locks_from_the_offset_on(void)
{
    int fd = open(NAME, O_RDWR);
    CHECK_EQ(lseek(fd, 4, SEEK_SET), 4);
    CHECK_OK(lockf(fd, F_TLOCK, 2));
    CHECK(is_taken(child_lock(F_RDLCK, 5, 1)));
    CHECK_EQ(child_lock(F_WRLCK, 0, 4), 0);
    CHECK_OK(lockf(fd, F_TEST, 2));
    pid_t pid = fork();
    if (pid == 0)
        _exit(lockf(fd, F_TEST, 2) == 0 ? 0 : errno);
    CHECK(is_taken(WEXITSTATUS(status_of(pid))));
    CHECK_OK(lockf(fd, F_ULOCK, 2));
    CHECK_EQ(child_lock(F_WRLCK, 4, 2), 0);
    CHECK_FAILS(lockf(fd, 77, 1), EINVAL);
    CHECK_FAILS(lockf(99, F_TEST, 1), EBADF);
    close(fd);
}

/* --- flock ----------------------------------------------------------------------------------- */

static void flock_belongs_to_the_open_file(void)
{
    int fd = open(NAME, O_RDONLY), twin = dup(fd), other = open(NAME, O_RDONLY);
    CHECK_OK(flock(fd, LOCK_EX));
    CHECK_FAILS(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_FAILS(flock(other, LOCK_SH | LOCK_NB), EWOULDBLOCK);
    CHECK_OK(flock(twin, LOCK_SH));
    CHECK_OK(flock(other, LOCK_SH | LOCK_NB));
    CHECK_FAILS(flock(fd, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_OK(flock(other, LOCK_UN));
    CHECK_OK(flock(fd, LOCK_EX | LOCK_NB));
    close(fd); /* the twin keeps it */
    CHECK_FAILS(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    pid_t pid = fork();
    if (pid == 0)
        _exit(flock(twin, LOCK_UN) != 0); /* a child shares it */
    CHECK_EQ(status_of(pid), 0);
    CHECK_OK(flock(other, LOCK_EX | LOCK_NB));
    close(other);
    CHECK_OK(flock(twin, LOCK_EX | LOCK_NB));
    CHECK_FAILS(flock(twin, 0), EINVAL);
    CHECK_FAILS(flock(99, LOCK_EX), EBADF);
    close(twin);
}

static void flock_waits_until_the_last_one_closes(void)
{
    int fd = open(NAME, O_RDONLY), ready[2];
    char word;
    CHECK_OK(pipe(ready));
    pid_t pid = fork();
    if (pid == 0) {
        int mine = open(NAME, O_RDONLY);
        flock(mine, LOCK_EX);
        write(ready[1], "r", 1);
        usleep(30000);
        _exit(0);
    }
    CHECK_EQ(read(ready[0], &word, 1), 1);
    CHECK_OK(flock(fd, LOCK_EX));
    CHECK_EQ(status_of(pid), 0);
    close(ready[0]);
    close(ready[1]);
    close(fd);
}

static void cleanup(void)
{
    CHECK_OK(unlink(NAME));
}

TAP_MAIN(setup, dup_takes_the_lowest, dup2_replaces, F_DUPFD_starts_at_a_number,
         descriptor_flags_are_each_descriptor_s_own, status_flags_belong_to_the_open_file,
         read_locks_share_and_write_locks_do_not, F_GETLK_tells_who_is_in_the_way,
         ranges_start_from_anywhere, a_lock_wants_the_right_access,
         any_close_drops_all_of_the_process_s_locks, F_SETLKW_waits_for_the_other,
         a_waiting_lock_can_be_interrupted, locks_that_wait_for_each_other_are_refused,
         lockf_locks_from_the_offset_on, flock_belongs_to_the_open_file,
         flock_waits_until_the_last_one_closes, cleanup)
