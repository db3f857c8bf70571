/* read, write, lseek, their positional and vector forms, ftruncate: offsets, holes, short counts,
 * each error. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_NAME "/tmp/posix_io"
#define PAGE 4096

static char bytes[5 * PAGE], got[5 * PAGE];
static struct stat st;

static int fresh(void)
{
    return open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

static bool all_are(const char *at, size_t n, char value)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] != value)
            return false;
    return true;
}

static void setup(void)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i % 251 + 1);
    CHECK_OK(fresh());
}

static void reads_and_writes_move_the_offset(void)
{
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 5000), 5000);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 5000);
    CHECK_EQ(read(fd, got, 10), 0);
    CHECK_EQ(lseek(fd, 4990, SEEK_SET), 4990);
    CHECK_EQ(read(fd, got, 100), 10);
    CHECK(memcmp(got, bytes + 4990, 10) == 0);
    CHECK_EQ(read(fd, got, 100), 0);
    CHECK_EQ(lseek(fd, -5000, SEEK_END), 0);
    CHECK_EQ(read(fd, got, sizeof got), 5000);
    CHECK(memcmp(got, bytes, 5000) == 0);
    CHECK_EQ(lseek(fd, 100, SEEK_SET), 100);
    CHECK_EQ(write(fd, "XY", 2), 2);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 5000);
    CHECK_EQ(pread(fd, got, 4, 99), 4);
    CHECK(got[0] == bytes[99] && got[1] == 'X' && got[2] == 'Y' && got[3] == bytes[102]);
    close(fd);
}

static void nothing_is_moved_by_no_bytes(void)
{
    struct timespec long_ago[2] = {{1000, 0}, {1000, 0}};
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 10), 10);
    CHECK_OK(futimens(fd, long_ago));
    CHECK_EQ(write(fd, bytes, 0), 0);
    CHECK_EQ(read(fd, got, 0), 0);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 10);
    CHECK_EQ(st.st_mtime, 1000);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 10);
    close(fd);
}

static void lseek_goes_anywhere_but_before_the_start(void)
{
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 100), 100);
    CHECK_EQ(lseek(fd, 1L << 40, SEEK_SET), 1L << 40);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 100); /* only a write makes it longer */
    CHECK_EQ(read(fd, got, 1), 0);
    CHECK_FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_FAILS(lseek(fd, -101, SEEK_END), EINVAL);
    CHECK_FAILS(lseek(fd, 0, 77), EINVAL);
    CHECK_FAILS(lseek(fd, 0, -1), EINVAL);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 1L << 40);
    CHECK_EQ(lseek(fd, -(1L << 40), SEEK_CUR), 0);
    CHECK_FAILS(lseek(fd, -1, SEEK_CUR), EINVAL);
    CHECK_EQ(lseek(fd, 5, SEEK_END), 105);
    CHECK_FAILS(lseek(-1, 0, SEEK_SET), EBADF);
    CHECK_FAILS(lseek(99, 0, SEEK_CUR), EBADF);
    close(fd);
}

static void a_write_behind_the_end_leaves_a_hole(void)
{
    int fd = fresh();
    CHECK_EQ(pwrite(fd, "end", 3, 1000000), 3);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 1000003);
    CHECK(st.st_blocks < 100);
    memset(got, 1, sizeof got);
    CHECK_EQ(pread(fd, got, sizeof got, 500000), (ssize_t)sizeof got);
    CHECK(all_are(got, sizeof got, 0));
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    close(fd);
}

static void bytes_that_are_written_take_blocks(void)
{
    int fd = fresh();
    for (int i = 0; i < 16; i++)
        CHECK_EQ(write(fd, bytes, PAGE), PAGE);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_blocks >= 16 * PAGE / 512 && st.st_blocks < 2 * 16 * PAGE / 512);
    CHECK_OK(fsync(fd));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_blocks >= 16 * PAGE / 512 && st.st_blocks < 2 * 16 * PAGE / 512);
    CHECK_OK(ftruncate(fd, 0));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_blocks, 0);
    close(fd);
}

static void positional_calls_leave_the_offset_alone(void)
{
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 100), 100);
    CHECK_EQ(pwrite(fd, "ab", 2, 50), 2);
    CHECK_EQ(pread(fd, got, 3, 49), 3);
    CHECK(got[1] == 'a' && got[2] == 'b');
    CHECK_EQ(pread(fd, got, 10, 95), 5);
    CHECK_EQ(pread(fd, got, 10, 100), 0);
    CHECK_EQ(pread(fd, got, 10, 1L << 40), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 100);
    CHECK_FAILS(pread(fd, got, 1, -1), EINVAL);
    CHECK_FAILS(pwrite(fd, got, 1, -1), EINVAL);
    CHECK_FAILS(pread(99, got, 1, 0), EBADF);
    CHECK_FAILS(pwrite(-1, got, 1, 0), EBADF);
    close(fd);
}

static void files_have_a_largest_size(void)
{
    int fd = fresh();
    CHECK_FAILS(pwrite(fd, "x", 1, LONG_MAX - 1), EFBIG);
    CHECK(pwrite(fd, "x", 1, LONG_MAX) < 0 && (errno == EINVAL || errno == EFBIG));
    CHECK_FAILS(ftruncate(fd, LONG_MAX), EFBIG);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 0);
    close(fd);
}

static void bad_descriptors_are_refused(void)
{
    CHECK_FAILS(read(99, got, 1), EBADF);
    CHECK_FAILS(write(99, got, 1), EBADF);
    CHECK_FAILS(read(-1, got, 1), EBADF);
    CHECK_FAILS(write(-1, got, 1), EBADF);
    CHECK_FAILS(read(99, got, 0), EBADF);
    CHECK_FAILS(fsync(99), EBADF);
    CHECK_FAILS(fdatasync(-1), EBADF);
    CHECK_FAILS(ftruncate(99, 0), EBADF);
    CHECK_FAILS(readv(99, &(struct iovec){got, 1}, 1), EBADF);
    CHECK_FAILS(writev(99, &(struct iovec){got, 1}, 1), EBADF);
}

static void bad_buffers_are_refused(void)
{
    char *nowhere = (char *)16;
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 100), 100);
    CHECK_FAILS(pread(fd, nowhere, 10, 0), EFAULT);
    CHECK_FAILS(pwrite(fd, nowhere, 10, 0), EFAULT);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 100);
    close(fd);
}

/* --- O_APPEND -------------------------------------------------------------------------------- */

static void appends_go_behind_everything(void)
{
    int fd = fresh(), end = open(FILE_NAME, O_RDWR | O_APPEND);
    CHECK_EQ(write(fd, "12345", 5), 5);
    CHECK_EQ(write(end, "ab", 2), 2);
    CHECK_EQ(lseek(end, 0, SEEK_CUR), 7);
    CHECK_EQ(lseek(end, 0, SEEK_SET), 0);
    CHECK_EQ(read(end, got, 2), 2);
    CHECK(memcmp(got, "12", 2) == 0);
    CHECK_EQ(write(end, "cd", 2), 2);
    CHECK_OK(fcntl(end, F_SETFL, 0)); /* it can be switched off, */
    CHECK_EQ(pwrite(end, "X", 1, 0), 1);
    CHECK_EQ(lseek(end, 1, SEEK_SET), 1);
    CHECK_EQ(write(end, "Y", 1), 1);
    CHECK_OK(fcntl(fd, F_SETFL, O_APPEND)); /* and on */
    CHECK_EQ(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
    CHECK_EQ(write(fd, "!", 1), 1);
    CHECK_EQ(pread(fd, got, 20, 0), 10);
    CHECK(memcmp(got, "XY345abcd!", 10) == 0);
    close(fd);
    close(end);
}

#define CHILDREN 4
#define LINES 100

static void appends_of_many_processes_never_mix(void)
{
    int fd = fresh(), seen[CHILDREN] = {0};
    for (int i = 0; i < CHILDREN; i++) {
        if (fork() != 0)
            continue;
        int mine = open(FILE_NAME, O_WRONLY | O_APPEND);
        memset(got, 'a' + i, 100);
        for (int k = 0; k < LINES; k++)
            if (write(mine, got, 100) != 100)
                _exit(1);
        _exit(0);
    }
    for (int i = 0, status; i < CHILDREN; i++)
        CHECK(wait(&status) > 0 && status == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), CHILDREN * LINES * 100);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    for (int i = 0; i < CHILDREN * LINES; i++) {
        CHECK_EQ(read(fd, got, 100), 100);
        CHECK(all_are(got, 100, got[0]));
        seen[got[0] - 'a']++;
    }
    for (int i = 0; i < CHILDREN; i++)
        CHECK_EQ(seen[i], LINES);
    close(fd);
}

static void one_offset_serves_duplicates_and_children(void)
{
    int fd = fresh(), twin = dup(fd), own = open(FILE_NAME, O_RDWR), status;
    CHECK_EQ(write(fd, "ab", 2), 2);
    CHECK_EQ(write(twin, "cd", 2), 2);
    CHECK_EQ(lseek(own, 0, SEEK_CUR), 0);
    if (fork() == 0)
        _exit(write(fd, "ef", 2) != 2);
    CHECK(wait(&status) > 0 && status == 0);
    CHECK_EQ(write(twin, "gh", 2), 2);
    CHECK_EQ(read(own, got, 100), 8);
    CHECK(memcmp(got, "abcdefgh", 8) == 0);
    close(fd);
    close(twin);
    close(own);
}

/* --- sizes ----------------------------------------------------------------------------------- */

static void ftruncate_cuts_and_stretches(void)
{
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 3 * PAGE), 3 * PAGE);
    CHECK_OK(ftruncate(fd, 5000));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 5000);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 3 * PAGE); /* the offset stays */
    CHECK_OK(ftruncate(fd, 2 * PAGE + 10));
    CHECK_EQ(pread(fd, got, sizeof got, 0), 2 * PAGE + 10);
    CHECK(memcmp(got, bytes, 5000) == 0);
    CHECK(all_are(got + 5000, 2 * PAGE + 10 - 5000, 0)); /* what was cut off is gone */
    CHECK_FAILS(ftruncate(fd, -1), EINVAL);
    close(fd);
    fd = open(FILE_NAME, O_RDONLY);
    CHECK_FAILS(ftruncate(fd, 0), EINVAL);
    close(fd);
}

static void truncate_works_by_name(void)
{
    int fd = fresh();
    CHECK_EQ(write(fd, bytes, 100), 100);
    close(fd);
    CHECK_OK(truncate(FILE_NAME, 10));
    CHECK_OK(stat(FILE_NAME, &st));
    CHECK_EQ(st.st_size, 10);
    CHECK_OK(truncate(FILE_NAME, 1L << 33));
    CHECK_OK(stat(FILE_NAME, &st));
    CHECK_EQ(st.st_size, 1L << 33);
    CHECK(st.st_blocks < 100);
    CHECK_FAILS(truncate(FILE_NAME, -1), EINVAL);
    CHECK_FAILS(truncate("/tmp", 0), EISDIR);
    CHECK_FAILS(truncate("/tmp/none", 0), ENOENT);
    CHECK_FAILS(truncate("", 0), ENOENT);
    CHECK_FAILS(truncate(FILE_NAME "/x", 0), ENOTDIR);
}

/* --- vectors --------------------------------------------------------------------------------- */

static void vectors_are_one_run_of_bytes(void)
{
    char a[3], b[1], c[10];
    struct iovec out[] = {{"one", 3}, {NULL, 0}, {"two", 3}, {"three", 5}};
    struct iovec in[] = {{a, 3}, {b, 1}, {NULL, 0}, {c, 10}};
    int fd = fresh();
    CHECK_EQ(writev(fd, out, 4), 11);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(readv(fd, in, 4), 11);
    CHECK(memcmp(a, "one", 3) == 0 && b[0] == 't' && memcmp(c, "wothree", 7) == 0);
    CHECK_EQ(readv(fd, in, 4), 0);
    CHECK_EQ(pwritev(fd, out, 1, 20), 3);
    CHECK_EQ(preadv(fd, in, 2, 19), 4);
    CHECK(a[0] == 0 && a[1] == 'o' && b[0] == 'e');
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 11);
    CHECK_FAILS(readv(fd, in, -1), EINVAL);
    CHECK_FAILS(writev(fd, out, IOV_MAX + 1), EINVAL);
    out[0].iov_len = LONG_MAX;
    out[2].iov_len = LONG_MAX;
    CHECK_FAILS(writev(fd, out, 4), EINVAL);
    close(fd);
}

static void vectors_can_be_many(void)
{
    static struct iovec many[IOV_MAX];
    int fd = fresh();
    for (int i = 0; i < IOV_MAX; i++)
        many[i] = (struct iovec){bytes + i, 1};
    CHECK_EQ(writev(fd, many, IOV_MAX), IOV_MAX);
    CHECK_EQ(pread(fd, got, IOV_MAX, 0), IOV_MAX);
    CHECK(memcmp(got, bytes, IOV_MAX) == 0);
    close(fd);
}

/* --- devices --------------------------------------------------------------------------------- */

static void the_null_device_swallows_and_gives_nothing(void)
{
    int fd = open("/dev/null", O_RDWR);
    CHECK_EQ(write(fd, bytes, sizeof bytes), (ssize_t)sizeof bytes);
    CHECK_EQ(read(fd, got, 10), 0);
    CHECK_EQ(pread(fd, got, 10, 5), 0);
    CHECK_EQ(pwrite(fd, got, 10, 5), 10);
    CHECK_OK(lseek(fd, 0, SEEK_SET));
    CHECK_OK(fstat(fd, &st));
    CHECK(S_ISCHR(st.st_mode));
    CHECK_EQ(st.st_rdev, 0x103);
    close(fd);
}

static void the_zero_device_gives_zeros(void)
{
    int fd = open("/dev/zero", O_RDWR);
    memset(got, 1, sizeof got);
    CHECK_EQ(read(fd, got, sizeof got), (ssize_t)sizeof got);
    CHECK(all_are(got, sizeof got, 0));
    CHECK_EQ(write(fd, bytes, sizeof bytes), (ssize_t)sizeof bytes);
    CHECK_EQ(pread(fd, got, 10, 5), 10);
    close(fd);
}

static void the_full_device_has_no_room(void)
{
    int fd = open("/dev/full", O_RDWR);
    CHECK_OK(fd);
    CHECK_FAILS(write(fd, bytes, 1), ENOSPC);
    CHECK_EQ(read(fd, got, 10), 10);
    CHECK(all_are(got, 10, 0));
    close(fd);
}

static void the_random_device_never_repeats_itself(void)
{
    int fd = open("/dev/urandom", O_RDONLY), other = open("/dev/random", O_RDONLY);
    char *second = got + 64;
    CHECK_EQ(read(fd, got, 64), 64);
    CHECK_EQ(read(other, second, 64), 64);
    CHECK(memcmp(got, second, 64) != 0);
    int zeros = 0;
    for (int i = 0; i < 64; i++)
        zeros += got[i] == 0;
    CHECK(zeros < 10);
    close(fd);
    close(other);
}

static void descriptors_have_names(void)
{
    int fd = fresh(), again;
    char name[32];
    CHECK_EQ(write(fd, "shared", 6), 6);
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    again = open(name, O_RDWR);
    CHECK_OK(again);
    CHECK_EQ(pread(again, got, 10, 0), 6);
    close(again);
    CHECK_OK(stat(name, &st));
    CHECK(S_ISREG(st.st_mode) && st.st_size == 6);
    close(fd);
    CHECK_FAILS(open(name, O_RDWR), ENOENT);
}

static void sync_calls_succeed(void)
{
    int fd = fresh(), quick = open(FILE_NAME, O_RDWR | O_SYNC), data = open(FILE_NAME, O_RDWR | O_DSYNC);
    CHECK_EQ(write(fd, bytes, 5000), 5000);
    CHECK_OK(fsync(fd));
    CHECK_OK(fdatasync(fd));
    CHECK_EQ(write(quick, "x", 1), 1);
    CHECK_EQ(fcntl(quick, F_GETFL) & O_SYNC, O_SYNC);
    CHECK_EQ(write(data, "y", 1), 1);
    CHECK_EQ(pread(fd, got, 1, 0), 1);
    CHECK_EQ(got[0], 'y');
    close(quick);
    close(data);
    close(fd);
    sync();
}

static void cleanup(void)
{
    CHECK_OK(unlink(FILE_NAME));
}

TAP_MAIN(setup, reads_and_writes_move_the_offset, nothing_is_moved_by_no_bytes,
         lseek_goes_anywhere_but_before_the_start, a_write_behind_the_end_leaves_a_hole,
         bytes_that_are_written_take_blocks, positional_calls_leave_the_offset_alone,
         files_have_a_largest_size, bad_descriptors_are_refused, bad_buffers_are_refused,
         appends_go_behind_everything, appends_of_many_processes_never_mix,
         one_offset_serves_duplicates_and_children, ftruncate_cuts_and_stretches,
         truncate_works_by_name, vectors_are_one_run_of_bytes, vectors_can_be_many,
         the_null_device_swallows_and_gives_nothing, the_zero_device_gives_zeros,
         the_full_device_has_no_room, the_random_device_never_repeats_itself,
         descriptors_have_names, sync_calls_succeed, cleanup)
