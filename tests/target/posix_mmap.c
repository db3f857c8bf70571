/* mmap, munmap, mprotect, msync, mincore, madvise and shared memory as POSIX says: each success and each
 * error. Runs on other systems too. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATH "/tmp/posix_mmap"
#define PAGE 4096L
#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

/* mmap must fail with that errno. */
#define CHECK_NO_MAP(code, ...)                                                                    \
    do {                                                                                           \
        errno = 0;                                                                                 \
        CHECK(mmap(__VA_ARGS__) == MAP_FAILED);                                                    \
        CHECK_EQ(errno, code);                                                                     \
    } while (0)

/* A file of that many bytes, all 'f'. */
static int file_of(size_t bytes)
{
    static char text[4 * PAGE];
    int fd;

    unlink(PATH);
    fd = open(PATH, O_RDWR | O_CREAT | O_TRUNC, 0644);
    memset(text, 'f', sizeof text);
    for (size_t n; bytes; bytes -= n) {
        n = bytes < sizeof text ? bytes : sizeof text;
        if (write(fd, text, n) != (ssize_t)n)
            return -1;
    }
    return fd;
}

/* --- which signal an access ends in ---------------------------------------------------------- */

static sigjmp_buf out;
static volatile char *touched;
static volatile void *fault_address;

static void jump(int sig, siginfo_t *info, void *context)
{
    fault_address = info->si_addr;
    siglongjmp(out, sig);
}

/* => the signal, 0: none */
static int access_signal(volatile char *p, bool is_store)
{
    struct sigaction catch = {.sa_sigaction = jump, .sa_flags = SA_SIGINFO}, segv, bus;
    int sig;

    sigaction(SIGSEGV, &catch, &segv);
    sigaction(SIGBUS, &catch, &bus);
    touched = p;
    sig = sigsetjmp(out, 1);
    if (sig == 0 && is_store)
        *touched = 1;
    else if (sig == 0)
        (void)*touched;
    sigaction(SIGSEGV, &segv, NULL);
    sigaction(SIGBUS, &bus, NULL);
    return sig;
}

#define LOAD(p) access_signal(p, false)
#define STORE(p) access_signal(p, true)

/* --- mmap ------------------------------------------------------------------------------------ */

static void errors_of_mmap(void)
{
    int fd = file_of(PAGE), only_read = open(PATH, O_RDONLY), only_write = open(PATH, O_WRONLY);
    int ends[2];

    CHECK_NO_MAP(EINVAL, NULL, 0, RW, MAP_SHARED, fd, 0);
    CHECK_NO_MAP(EINVAL, NULL, PAGE, RW, 0, fd, 0);
    CHECK_NO_MAP(EINVAL, NULL, PAGE, RW, MAP_SHARED, fd, 7);
    CHECK_NO_MAP(EINVAL, (void *)(1 << 20 | 1), PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK_NO_MAP(EBADF, NULL, PAGE, RW, MAP_SHARED, -1, 0);
    CHECK_NO_MAP(EBADF, NULL, PAGE, RW, MAP_PRIVATE, 99, 0);
    CHECK_NO_MAP(EACCES, NULL, PAGE, RW, MAP_SHARED, only_read, 0);
    CHECK_NO_MAP(EACCES, NULL, PAGE, PROT_READ, MAP_SHARED, only_write, 0);
    CHECK_NO_MAP(EACCES, NULL, PAGE, RW, MAP_PRIVATE, only_write, 0);
    CHECK_NO_MAP(ENOMEM, NULL, (size_t)1 << 60, RW, ANONYMOUS, -1, 0);
    CHECK_NO_MAP(ENOMEM, NULL, SIZE_MAX, RW, ANONYMOUS, -1, 0);
    CHECK_NO_MAP(ENOMEM, NULL, SIZE_MAX & -PAGE, RW, MAP_SHARED, fd, 0);
    CHECK_NO_MAP(EOVERFLOW, NULL, PAGE, PROT_READ, MAP_SHARED, fd, LONG_MIN);
    CHECK_NO_MAP(EOVERFLOW, NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, LONG_MAX & -PAGE);
    CHECK_OK(pipe(ends));
    errno = 0;
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, ends[0], 0) == MAP_FAILED);
    CHECK(errno == ENODEV || errno == EACCES);
    int dir = open("/tmp", O_RDONLY);
    CHECK_NO_MAP(ENODEV, NULL, PAGE, PROT_READ, MAP_SHARED, dir, 0);
    close(dir);
    close(ends[0]);
    close(ends[1]);
    close(only_read);
    close(only_write);
    close(fd);
}

static void anonymous_memory_is_zero_and_aligned(void)
{
    char *p = mmap(NULL, 3 * PAGE - 5, RW, ANONYMOUS, -1, 0);

    CHECK(p != MAP_FAILED && ((unsigned long)p & (PAGE - 1)) == 0);
    for (long i = 0; i < 3 * PAGE; i++)
        CHECK_EQ(p[i], 0);
    CHECK_OK(munmap(p, 3 * PAGE - 5));
    CHECK_EQ(LOAD(p), SIGSEGV);
    CHECK(fault_address == p);
    CHECK_EQ(LOAD(p + 3 * PAGE - 1), SIGSEGV);
}

static void protections_hold(void)
{
    char *p = mmap(NULL, PAGE, PROT_READ, ANONYMOUS, -1, 0);

    CHECK_EQ(LOAD(p), 0);
    CHECK_EQ(STORE(p), SIGSEGV);
    munmap(p, PAGE);
    p = mmap(NULL, PAGE, PROT_NONE, ANONYMOUS, -1, 0);
    CHECK_EQ(LOAD(p), SIGSEGV);
    CHECK_EQ(STORE(p), SIGSEGV);
    munmap(p, PAGE);
}

static void a_fixed_address_is_kept_and_replaces(void)
{
    char *p = mmap(NULL, 3 * PAGE, RW, ANONYMOUS, -1, 0);
    int fd = file_of(PAGE);

    memset(p, 'a', 3 * PAGE);
    CHECK(mmap(p + PAGE, PAGE, RW, MAP_PRIVATE | MAP_FIXED, fd, 0) == p + PAGE);
    CHECK(p[PAGE - 1] == 'a' && p[PAGE] == 'f' && p[2 * PAGE - 1] == 'f' && p[2 * PAGE] == 'a');
    munmap(p, 3 * PAGE);
    close(fd);
}

static void the_rest_of_the_last_page_is_zero_and_never_written(void)
{
    int fd = file_of(100);
    char *p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), c;

    CHECK(p[99] == 'f' && p[100] == 0 && p[PAGE - 1] == 0);
    p[100] = 'x';
    p[99] = 'y';
    CHECK_OK(msync(p, PAGE, MS_SYNC));
    munmap(p, PAGE);
    struct stat st;
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 100);
    CHECK(pread(fd, &c, 1, 99) == 1 && c == 'y');
    CHECK_OK(ftruncate(fd, 200));
    CHECK(pread(fd, &c, 1, 100) == 1 && c == 0);
    close(fd);
}

static void beyond_the_end_of_the_file_is_sigbus(void)
{
    int fd = file_of(PAGE / 2);
    char *p = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0);

    CHECK_EQ(LOAD(p), 0);
    CHECK_EQ(LOAD(p + PAGE), SIGBUS);
    CHECK_EQ(STORE(p + 2 * PAGE), SIGBUS);
    CHECK(fault_address == p + 2 * PAGE);
    CHECK_OK(ftruncate(fd, 3 * PAGE));
    CHECK_EQ(STORE(p + 2 * PAGE), 0);
    CHECK_OK(ftruncate(fd, PAGE));
    CHECK_EQ(LOAD(p + 2 * PAGE), SIGBUS);
    CHECK_EQ(LOAD(p + PAGE - 1), 0);
    munmap(p, 3 * PAGE);
    close(fd);
}

static void a_mapping_outlives_descriptor_and_name(void)
{
    int fd = file_of(PAGE);
    char *p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);

    close(fd);
    CHECK_OK(unlink(PATH));
    CHECK_EQ(p[7], 'f');
    p[7] = 'x';
    CHECK_OK(msync(p, PAGE, MS_SYNC));
    CHECK_EQ(p[7], 'x');
    CHECK_OK(munmap(p, PAGE));
}

static void children_share_what_is_shared(void)
{
    char *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *private = mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0);
    int status;

    shared[0] = private[0] = 'p';
    if (fork() == 0) {
        bool good = shared[0] == 'p' && private[0] == 'p';

        shared[0] = private[0] = 'c';
        _exit(good ? 0 : 1);
    }
    CHECK(wait(&status) > 0 && status == 0);
    CHECK(shared[0] == 'c' && private[0] == 'p');
    munmap(shared, PAGE);
    munmap(private, PAGE);
}

static void private_pages_keep_what_was_stored(void)
{
    int fd = file_of(2 * PAGE);
    char *p = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0), c;

    p[0] = 'p';
    CHECK(pwrite(fd, "new", 3, 0) == 3);
    CHECK_EQ(p[0], 'p');
    CHECK_OK(msync(p, PAGE, MS_SYNC));
    CHECK(pread(fd, &c, 1, 0) == 1 && c == 'n');
    munmap(p, 2 * PAGE);
    close(fd);
}

static void one_file_mapped_twice_is_one(void)
{
    int fd = file_of(PAGE);
    char *a = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), *b = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);

    CHECK(a != b);
    a[5] = '5';
    CHECK_EQ(b[5], '5');
    CHECK(pwrite(fd, "6", 1, 6) == 1 && b[6] == '6' && a[6] == '6');
    munmap(a, PAGE);
    munmap(b, PAGE);
    close(fd);
}

static void stores_change_the_times_of_the_file(void)
{
    int fd = file_of(PAGE);
    struct timespec past[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    char *p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
    struct stat st;

    CHECK_OK(futimens(fd, past));
    p[0] = 'x';
    CHECK_OK(msync(p, PAGE, MS_SYNC));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_mtime > 1000);
    CHECK(st.st_ctime > 1000);
    munmap(p, PAGE);
    close(fd);
}

/* --- munmap ---------------------------------------------------------------------------------- */

static void errors_of_munmap(void)
{
    char *p = mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0);

    CHECK_FAILS(munmap(p, 0), EINVAL);
    CHECK_FAILS(munmap(p + 1, PAGE), EINVAL);
    CHECK_FAILS(munmap(p, SIZE_MAX & -PAGE), EINVAL);
    CHECK_OK(munmap(p, 1));
    CHECK_OK(munmap(p, PAGE));
}

static void unmapping_may_leave_both_ends_and_cross_holes(void)
{
    char *p = mmap(NULL, 5 * PAGE, RW, ANONYMOUS, -1, 0);

    memset(p, 'm', 5 * PAGE);
    CHECK_OK(munmap(p + 2 * PAGE, PAGE));
    CHECK(p[2 * PAGE - 1] == 'm' && p[3 * PAGE] == 'm');
    CHECK_EQ(LOAD(p + 2 * PAGE), SIGSEGV);
    CHECK_OK(munmap(p + PAGE, 3 * PAGE));
    CHECK(p[0] == 'm' && p[4 * PAGE] == 'm');
    CHECK_EQ(STORE(p + 3 * PAGE), SIGSEGV);
    CHECK_OK(munmap(p, 5 * PAGE));
}

/* --- mprotect -------------------------------------------------------------------------------- */

static void errors_of_mprotect(void)
{
    int fd = file_of(PAGE), only_read = open(PATH, O_RDONLY);
    char *p = mmap(NULL, 3 * PAGE, RW, ANONYMOUS, -1, 0);
    char *f = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, only_read, 0);

    CHECK_FAILS(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
    CHECK_FAILS(mprotect(p, PAGE, 0x7000), EINVAL);
    CHECK_FAILS(mprotect(f, PAGE, RW), EACCES);
    munmap(p + PAGE, PAGE);
    CHECK_FAILS(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
    munmap(f, PAGE);
    f = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, only_read, 0);
    CHECK_OK(mprotect(f, PAGE, RW));
    CHECK_EQ(STORE(f), 0);
    munmap(f, PAGE);
    munmap(p, 3 * PAGE);
    close(only_read);
    close(fd);
}

static void protection_of_a_part_changes_that_part(void)
{
    char *p = mmap(NULL, 3 * PAGE, RW, ANONYMOUS, -1, 0);

    memset(p, 'p', 3 * PAGE);
    CHECK_OK(mprotect(p + PAGE, PAGE, PROT_READ));
    CHECK(STORE(p) == 0 && STORE(p + PAGE) == SIGSEGV && STORE(p + 2 * PAGE) == 0);
    CHECK_OK(mprotect(p, 3 * PAGE, PROT_NONE));
    CHECK(LOAD(p) == SIGSEGV && LOAD(p + 2 * PAGE) == SIGSEGV);
    CHECK_OK(mprotect(p, 3 * PAGE, RW));
    CHECK(p[PAGE] == 'p' && STORE(p + PAGE) == 0);
    CHECK_OK(mprotect(p, 0, PROT_NONE));
    munmap(p, 3 * PAGE);
}

/* --- msync ----------------------------------------------------------------------------------- */

static void errors_of_msync(void)
{
    char *p = mmap(NULL, 3 * PAGE, RW, ANONYMOUS, -1, 0);

    CHECK_FAILS(msync(p + 1, PAGE, MS_SYNC), EINVAL);
    CHECK_FAILS(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
    CHECK_FAILS(msync(p, PAGE, 0x4000), EINVAL);
    munmap(p + PAGE, PAGE);
    CHECK_FAILS(msync(p, 3 * PAGE, MS_SYNC), ENOMEM);
    CHECK_FAILS(msync(p, 3 * PAGE, MS_ASYNC), ENOMEM);
    CHECK_OK(msync(p, PAGE, MS_ASYNC));
    CHECK_OK(msync(p, PAGE, MS_SYNC | MS_INVALIDATE));
    CHECK_OK(msync(p, 0, MS_SYNC));
    munmap(p, 3 * PAGE);
}

/* --- mincore, madvise ------------------------------------------------------------------------ */

static void mincore_tells_which_pages_are_there(void)
{
    char *p = mmap(NULL, 4 * PAGE, RW, ANONYMOUS, -1, 0);
    unsigned char vec[4] = {9, 9, 9, 9};

    p[PAGE] = 1;
    CHECK_OK(mincore(p, 3 * PAGE + 1, vec));
    CHECK(!(vec[0] & 1) && (vec[1] & 1) && !(vec[2] & 1) && !(vec[3] & 1));
    CHECK_FAILS(mincore(p + 1, PAGE, vec), EINVAL);
    munmap(p + 2 * PAGE, PAGE);
    CHECK_FAILS(mincore(p, 4 * PAGE, vec), ENOMEM);
    munmap(p, 4 * PAGE);
}

static void advice_keeps_its_meaning(void)
{
    int fd = file_of(PAGE);
    char *p = mmap(NULL, 2 * PAGE, RW, ANONYMOUS, -1, 0);
    char *f = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);

    memset(p, 'x', 2 * PAGE);
    CHECK_OK(madvise(p, PAGE, MADV_DONTNEED));
    CHECK(p[0] == 0 && p[PAGE] == 'x');
    f[0] = 'y';
    CHECK_OK(madvise(f, PAGE, MADV_DONTNEED));
    CHECK_EQ(f[0], 'f');
    CHECK_OK(madvise(f, PAGE, MADV_WILLNEED));
    CHECK_OK(madvise(p, 2 * PAGE, MADV_RANDOM));
    CHECK_FAILS(madvise(p + 1, PAGE, MADV_NORMAL), EINVAL);
    CHECK_FAILS(madvise(p, PAGE, 777), EINVAL);
    p[PAGE] = 'z';
    CHECK_EQ(posix_madvise(p, 2 * PAGE, POSIX_MADV_DONTNEED), 0);
    CHECK_EQ(p[PAGE], 'z');
    CHECK_EQ(posix_madvise(p, PAGE, POSIX_MADV_WILLNEED), 0);
    CHECK_EQ(posix_madvise(p, PAGE, 777), EINVAL);
    munmap(p, PAGE);
    CHECK_EQ(posix_madvise(p, 2 * PAGE, POSIX_MADV_NORMAL), ENOMEM);
    CHECK_FAILS(madvise(p, 2 * PAGE, MADV_NORMAL), ENOMEM);
    munmap(p, 2 * PAGE);
    munmap(f, PAGE);
    close(fd);
}

/* --- the device of zeros --------------------------------------------------------------------- */

static void zeros_are_mapped_as_anonymous_memory(void)
{
    int fd = open("/dev/zero", O_RDWR), reader = open("/dev/zero", O_RDONLY);
    int writer = open("/dev/zero", O_WRONLY), null = open("/dev/null", O_RDWR);
    char *own = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
    char *both = mmap(NULL, PAGE, RW, MAP_SHARED, fd, PAGE);
    char *from = mmap(NULL, PAGE, RW, MAP_PRIVATE, reader, 0);

    CHECK(own != MAP_FAILED && both != MAP_FAILED && from != MAP_FAILED);
    CHECK(own[0] == 0 && own[2 * PAGE - 1] == 0 && both[0] == 0 && from[PAGE - 1] == 0);
    CHECK_NO_MAP(EACCES, NULL, PAGE, RW, MAP_SHARED, reader, 0);
    CHECK_NO_MAP(EACCES, NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0);
    CHECK_NO_MAP(ENODEV, NULL, PAGE, RW, MAP_SHARED, null, 0);
    close(reader);
    close(writer);
    close(null);
    close(fd);
    pid_t pid = fork();
    if (pid == 0) {
        own[0] = both[0] = from[0] = 'c';
        _exit(0);
    }
    CHECK_EQ(tap_status(pid), 0);
    CHECK(own[0] == 0 && from[0] == 0 && both[0] == 'c');
    CHECK_OK(munmap(own, 2 * PAGE) || munmap(both, PAGE) || munmap(from, PAGE) ? -1 : 0);
}

/* --- shared memory by name ------------------------------------------------------------------- */

static void shared_memory_has_a_name(void)
{
    char long_name[NAME_MAX + 10] = "/";
    struct stat st;
    int fd, other;
    char *p;

    shm_unlink("/posix_shm");
    fd = shm_open("/posix_shm", O_RDWR | O_CREAT | O_EXCL, 0640);
    CHECK_OK(fd);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_size == 0 && (st.st_mode & 0777) == 0640);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_FAILS(shm_open("/posix_shm", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_OK(ftruncate(fd, 2 * PAGE));
    p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
    p[PAGE] = 's';
    other = shm_open("/posix_shm", O_RDONLY, 0);
    CHECK_OK(other);
    char *q = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, other, 0);
    CHECK_EQ(q[PAGE], 's');
    CHECK_NO_MAP(EACCES, NULL, PAGE, RW, MAP_SHARED, other, 0);
    CHECK_OK(shm_unlink("/posix_shm"));
    CHECK_EQ(q[PAGE], 's');
    CHECK_FAILS(shm_unlink("/posix_shm"), ENOENT);
    CHECK_FAILS(shm_open("/posix_shm", O_RDWR, 0), ENOENT);
    memset(long_name + 1, 'n', NAME_MAX + 5);
    CHECK_FAILS(shm_open(long_name, O_RDWR | O_CREAT, 0600), ENAMETOOLONG);
    CHECK_FAILS(shm_unlink(long_name), ENAMETOOLONG);
    munmap(p, 2 * PAGE);
    munmap(q, 2 * PAGE);
    close(fd);
    close(other);
}

TAP_MAIN(errors_of_mmap, anonymous_memory_is_zero_and_aligned, protections_hold,
         a_fixed_address_is_kept_and_replaces, the_rest_of_the_last_page_is_zero_and_never_written,
         beyond_the_end_of_the_file_is_sigbus, a_mapping_outlives_descriptor_and_name,
         children_share_what_is_shared, private_pages_keep_what_was_stored, one_file_mapped_twice_is_one,
         stores_change_the_times_of_the_file, errors_of_munmap,
         unmapping_may_leave_both_ends_and_cross_holes, errors_of_mprotect,
         protection_of_a_part_changes_that_part, errors_of_msync, mincore_tells_which_pages_are_there,
         advice_keeps_its_meaning, zeros_are_mapped_as_anonymous_memory,
         shared_memory_has_a_name)
