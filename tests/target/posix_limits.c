/* Limits of resources: told, set, inherited, and enforced. */
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
#include <sys/wait.h>
#include <unistd.h>

static int set_soft(int resource, rlim_t soft)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit))
        return -1;
    limit.rlim_cur = soft;
    return setrlimit(resource, &limit);
}

static void limits_are_told(void)
{
    struct rlimit limit;

    for (int i = 0; i < RLIM_NLIMITS; i++) {
        CHECK_OK(getrlimit(i, &limit));
        CHECK(limit.rlim_cur <= limit.rlim_max);
        CHECK_OK(setrlimit(i, &limit));
    }
    CHECK_FAILS(getrlimit(-1, &limit), EINVAL);
    CHECK_FAILS(getrlimit(RLIM_NLIMITS, &limit), EINVAL);
    CHECK_FAILS(setrlimit(RLIM_NLIMITS, &limit), EINVAL);
    CHECK_OK(getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = limit.rlim_max + 1;
    CHECK_FAILS(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
    limit.rlim_max = limit.rlim_cur;
    CHECK_FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM);
    CHECK_OK(getrlimit(RLIMIT_STACK, &limit));
    limit.rlim_cur /= 2;
    CHECK_FAILS(setrlimit(RLIMIT_STACK, &limit), EINVAL);
}

static void soft_limits_go_down_and_up(void)
{
    struct rlimit before, limit;

    CHECK_OK(getrlimit(RLIMIT_NOFILE, &before));
    CHECK_OK(set_soft(RLIMIT_NOFILE, 20));
    CHECK_OK(getrlimit(RLIMIT_NOFILE, &limit));
    CHECK_EQ(limit.rlim_cur, 20);
    CHECK_EQ(limit.rlim_max, before.rlim_max);
    CHECK_EQ(sysconf(_SC_OPEN_MAX), 20);
    CHECK_OK(set_soft(RLIMIT_NOFILE, before.rlim_max));
    CHECK_OK(setrlimit(RLIMIT_NOFILE, &before));
}

static void open_up_to(int n)
{
    int fd, last = 0;

    while ((fd = dup(0)) >= 0)
        last = fd;
    if (errno != EMFILE || last != n - 1)
        _exit(1);
    if (dup2(0, n) != -1 || errno != EBADF || fcntl(0, F_DUPFD, n) != -1 || errno != EINVAL)
        _exit(2);
}

static void descriptors_end_at_their_limit(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        int high = fcntl(0, F_DUPFD, 100);
        if (set_soft(RLIMIT_NOFILE, 30) || fork() == 0) {
            open_up_to(30);
            _exit(fcntl(high, F_GETFD) == -1);
        }
        open_up_to(30);
        close(10);
        if (open("/dev/null", O_RDONLY) != 10 || open("/dev/null", O_RDONLY) != -1 || errno != EMFILE)
            _exit(3);
        _exit(tap_status(-1) != 0);
    }
    CHECK_EQ(tap_status(pid), 0);
}

static void processes_end_at_their_limit(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        if (set_soft(RLIMIT_NPROC, 1))
            _exit(1);
        if (fork() != -1 || errno != EAGAIN)
            _exit(2);
        if (set_soft(RLIMIT_NPROC, 200))
            _exit(3);
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        _exit(child < 0 || tap_status(child));
    }
    CHECK_EQ(tap_status(pid), 0);
}

static volatile sig_atomic_t caught;

static void catch(int sig)
{
    caught++;
}

static void files_end_at_their_limit(void)
{
    char block[1000] = "";
    struct stat st;
    int fd = open("/tmp/limits.out", O_RDWR | O_CREAT | O_TRUNC, 0600);

    CHECK(fd >= 0);
    signal(SIGXFSZ, catch);
    caught = 0;
    CHECK_OK(set_soft(RLIMIT_FSIZE, 2500));
    CHECK_EQ(write(fd, block, 1000), 1000);
    CHECK_EQ(write(fd, block, 1000), 1000);
    CHECK_EQ(write(fd, block, 1000), 500);
    CHECK_EQ(caught, 0);
    CHECK_FAILS(write(fd, block, 1000), EFBIG);
    CHECK_EQ(caught, 1);
    CHECK_FAILS(pwrite(fd, block, 1, 2500), EFBIG);
    CHECK_EQ(pwrite(fd, block, 1000, 100), 1000);
    CHECK_FAILS(ftruncate(fd, 2501), EFBIG);
    CHECK_FAILS(truncate("/tmp/limits.out", 2501), EFBIG);
    CHECK_EQ(caught, 4);
    CHECK_OK(ftruncate(fd, 2400));
    signal(SIGXFSZ, SIG_DFL);
    pid_t pid = fork();
    if (pid == 0) {
        lseek(fd, 0, SEEK_END);
        if (write(fd, block, 1000) != 100)
            _exit(1);
        write(fd, block, 1);
        _exit(2);
    }
    CHECK_EQ(WTERMSIG(tap_status(pid)), SIGXFSZ);
    CHECK_OK(set_soft(RLIMIT_FSIZE, RLIM_INFINITY));
    CHECK_EQ(write(fd, block, 1000), 1000);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_size > 2500);
    close(fd);
    unlink("/tmp/limits.out");
}

static void memory_ends_at_its_limit(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        if (set_soft(RLIMIT_AS, 32 << 20))
            _exit(1);
        if (mmap(NULL, 64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ||
            errno != ENOMEM)
            _exit(2);
        if (malloc(64 << 20) || errno != ENOMEM)
            _exit(3);
        void *p = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED || munmap(p, 8 << 20))
            _exit(4);
        if (fork() == 0)
            _exit(sbrk(64 << 20) != (void *)-1 || errno != ENOMEM);
        if (tap_status(-1) || set_soft(RLIMIT_AS, RLIM_INFINITY))
            _exit(5);
        free(malloc(64 << 20));
        _exit(set_soft(RLIMIT_DATA, 1 << 20) || sbrk(8 << 20) != (void *)-1 || errno != ENOMEM);
    }
    CHECK_EQ(tap_status(pid), 0);
}

static void time_ends_at_its_limit(void)
{
    struct rlimit limit = {1, 2};
    volatile int *count = tap_shared_page();
    pid_t pid = fork();

    if (pid == 0) {
        caught = 0;
        signal(SIGXCPU, catch);
        if (setrlimit(RLIMIT_CPU, &limit))
            _exit(1);
        for (;;)
            *count = caught;
    }
    CHECK_EQ(tap_status(pid), SIGKILL);
    CHECK_EQ(*count, 1);
    munmap((void *)count, 4096);
    pid = fork();
    if (pid == 0) {
        limit.rlim_cur = 0;
        setrlimit(RLIMIT_CPU, &limit);
        for (;;)
            ;
    }
    CHECK_EQ(tap_status(pid), SIGXCPU);
}

static void limits_pass_over_exec(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        if (set_soft(RLIMIT_NOFILE, 12) || set_soft(RLIMIT_FSIZE, 10))
            _exit(1);
        signal(SIGXFSZ, SIG_IGN);
        execl("/bin/sh", "sh", "-c",
              "exec 3>/tmp/limits.out; echo 0123456789abc >&3 && exit 1; test -s /tmp/limits.out",
              (char *)NULL);
        _exit(9);
    }
    CHECK_EQ(tap_status(pid), 0);
    unlink("/tmp/limits.out");
}

TAP_MAIN(limits_are_told, soft_limits_go_down_and_up, descriptors_end_at_their_limit,
         processes_end_at_their_limit, files_end_at_their_limit, memory_ends_at_its_limit,
         time_ends_at_its_limit, limits_pass_over_exec)
