/* Bad pointers in calls: each call with each kind of bad address fails with EFAULT, without a signal,
 * whatever is set for SIGSEGV; what is read by a call that fails so is still there for the next one. */
#include <tests/target/tap/tap.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

static int ends[2], file;
static struct stat st;
static volatile sig_atomic_t signals;

struct call {
    const char *name;
    long (*with)(void *bad);
};
#define CALL(name, expression)                                                                     \
    static long name##_with(void *p)                                                               \
    {                                                                                              \
        return expression;                                                                         \
    }
#define NAMED(name) {#name, name##_with}

/* --- paths: strings that are read ------------------------------------------------------------ */

CALL(open, open(p, O_RDONLY))
CALL(creat, creat(p, 0600))
CALL(stat, stat(p, &st))
CALL(lstat, lstat(p, &st))
CALL(statvfs, statvfs(p, &(struct statvfs){0}))
CALL(access, access(p, F_OK))
CALL(mkdir, mkdir(p, 0700))
CALL(rmdir, rmdir(p))
CALL(unlink, unlink(p))
CALL(link, link(p, "/tmp/x"))
CALL(link_to, link("/bin/sh", p))
CALL(rename, rename(p, "/tmp/x"))
CALL(rename_to, rename("/tmp/efault", p))
CALL(symlink, symlink(p, "/tmp/x"))
CALL(symlink_at, symlink("target", p))
CALL(readlink, readlink(p, (char[8]){0}, 8))
CALL(chmod, chmod(p, 0600))
CALL(chown, chown(p, 0, 0))
CALL(truncate, truncate(p, 0))
CALL(chdir, chdir(p))
CALL(mkfifo, mkfifo(p, 0600))
CALL(utimensat, utimensat(AT_FDCWD, p, NULL, 0))
CALL(opendir, opendir(p) ? 0 : -1)
CALL(realpath, realpath(p, (char[1024]){0}) ? 0 : -1)
CALL(execve, execve(p, (char *[]){"x", NULL}, environ))
CALL(execvp, execvp(p, (char *[]){"x", NULL}))
CALL(exec_argument, execve("/bin/true", (char *[]){"true", p, NULL}, environ))
CALL(exec_environment, execve("/bin/true", (char *[]){"true", NULL}, (char *[]){p, NULL}))

static const struct call strings[] = {
    NAMED(open), NAMED(creat), NAMED(stat), NAMED(lstat), NAMED(statvfs), NAMED(access), NAMED(mkdir),
    NAMED(rmdir), NAMED(unlink), NAMED(link), NAMED(link_to), NAMED(rename), NAMED(rename_to),
    NAMED(symlink), NAMED(symlink_at), NAMED(readlink), NAMED(chmod), NAMED(chown), NAMED(truncate),
    NAMED(chdir), NAMED(mkfifo), NAMED(utimensat), NAMED(opendir), NAMED(realpath), NAMED(execve),
    NAMED(execvp), NAMED(exec_argument), NAMED(exec_environment),
};

/* --- structures and buffers that are read ---------------------------------------------------- */

CALL(write_file, write(file, p, 10))
CALL(write_pipe, write(ends[1], p, 10))
CALL(writev, writev(ends[1], p, 2))
CALL(writev_part, writev(ends[1], ((struct iovec[]){{"a", 1}, {p, 10}}), 2))
CALL(execve_argv, execve("/bin/true", p, environ))
CALL(execve_envp, execve("/bin/true", (char *[]){"true", NULL}, p))
CALL(utimens_times, utimensat(AT_FDCWD, "/tmp", p, 0))
CALL(futimens_times, futimens(file, p))
CALL(utimes_times, utimes("/tmp", p))
CALL(utime_times, utime("/tmp", p))
CALL(nanosleep, nanosleep(p, NULL))
CALL(clock_settime, clock_settime(CLOCK_REALTIME, p))
CALL(settimeofday, settimeofday(p, NULL))
CALL(setitimer, setitimer(ITIMER_REAL, p, NULL))
CALL(setrlimit, setrlimit(RLIMIT_NOFILE, p))
CALL(sigaction_new, sigaction(SIGUSR1, p, NULL))
CALL(sigprocmask_set, sigprocmask(SIG_BLOCK, p, NULL))
CALL(sigsuspend, sigsuspend(p))
CALL(sigtimedwait_set, sigtimedwait(p, NULL, &(struct timespec){0, 0}))
CALL(sigaltstack_new, sigaltstack(p, NULL))
CALL(fcntl_lock, fcntl(file, F_SETLK, p))
CALL(set_waiting, ioctl(ends[0], FIONBIO, p))
CALL(select_time, select(0, NULL, NULL, NULL, p))
CALL(pselect_mask, pselect(0, NULL, NULL, NULL, &(struct timespec){0, 0}, p))

static const struct call inputs[] = {
    NAMED(write_file), NAMED(write_pipe), NAMED(writev), NAMED(writev_part), NAMED(execve_argv),
    NAMED(execve_envp), NAMED(utimens_times), NAMED(futimens_times),
    NAMED(utimes_times), NAMED(utime_times), NAMED(nanosleep), NAMED(clock_settime),
    NAMED(settimeofday), NAMED(setitimer), NAMED(setrlimit), NAMED(sigaction_new),
    NAMED(sigprocmask_set), NAMED(sigsuspend), NAMED(sigtimedwait_set), NAMED(sigaltstack_new),
    NAMED(fcntl_lock), NAMED(set_waiting), NAMED(select_time), NAMED(pselect_mask),
};

/* --- structures and buffers that are written ------------------------------------------------- */

static long wait_with(void *p)
{
    long rc;

    if (fork() == 0)
        _exit(3);
    rc = wait(p);
    wait(NULL);
    return rc;
}

CALL(read_file, pread(file, p, 10, 0))
CALL(read_pipe, read(ends[0], p, 10))
CALL(readv, readv(ends[0], ((struct iovec[]){{p, 1}, {p, 10}}), 2))
CALL(readv_list, readv(ends[0], p, 2))
CALL(stat_buffer, stat("/tmp", p))
CALL(fstat_buffer, fstat(file, p))
CALL(statvfs_buffer, statvfs("/tmp", p))
CALL(readlink_buffer, readlink("/tmp/efault.link", p, 10))
CALL(getcwd, getcwd(p, 100) ? 0 : -1)
CALL(pipe, pipe(p))
CALL(ask_waiting, ioctl(ends[0], FIONREAD, p))
CALL(ask_left, ioctl(file, FIONREAD, p))
CALL(timer_new, timer_create(CLOCK_MONOTONIC, NULL, p))
CALL(ppoll_list, ppoll(p, 1, &(struct timespec){0, 0}, NULL))
CALL(poll_list, poll(p, 2, 0))
CALL(select_set, select(8, p, NULL, NULL, &(struct timeval){0, 0}))
CALL(wait_usage, wait4(-1, NULL, WNOHANG, p))
CALL(waitid, waitid(P_ALL, 0, p, WEXITED | WNOHANG))
CALL(clock_gettime, clock_gettime(CLOCK_REALTIME, p))
CALL(clock_getres, clock_getres(CLOCK_MONOTONIC, p))
CALL(gettimeofday, gettimeofday(p, NULL))
CALL(times, times(p))
CALL(getrusage, getrusage(RUSAGE_SELF, p))
CALL(getrlimit, getrlimit(RLIMIT_NOFILE, p))
CALL(getitimer, getitimer(ITIMER_REAL, p))
CALL(uname, uname(p))
CALL(gethostname, gethostname(p, 100))
CALL(getgroups, getgroups(4, p))
CALL(sigaction_old, sigaction(SIGUSR1, NULL, p))
CALL(sigprocmask_old, sigprocmask(SIG_BLOCK, NULL, p))
CALL(sigpending, sigpending(p))
CALL(sigaltstack_old, sigaltstack(NULL, p))
CALL(mincore, mincore((void *)((long)&st & -4096L), 4096, p))

static const struct call outputs[] = {
    NAMED(read_file), NAMED(read_pipe), NAMED(readv), NAMED(readv_list), NAMED(stat_buffer),
    NAMED(fstat_buffer), NAMED(statvfs_buffer), NAMED(readlink_buffer), NAMED(getcwd), NAMED(pipe),
    NAMED(poll_list), NAMED(ask_waiting), NAMED(ask_left), NAMED(timer_new), NAMED(ppoll_list),
    NAMED(select_set), NAMED(wait), NAMED(wait_usage), NAMED(waitid),
    NAMED(clock_gettime), NAMED(clock_getres), NAMED(gettimeofday), NAMED(times), NAMED(getrusage),
    NAMED(getrlimit), NAMED(getitimer), NAMED(uname), NAMED(gethostname), NAMED(getgroups),
    NAMED(sigaction_old), NAMED(sigprocmask_old), NAMED(sigpending), NAMED(sigaltstack_old),
    NAMED(mincore),
};

/* --- bad addresses --------------------------------------------------------------------------- */

#define PAGE 4096
static char *pages; /* three: readable and writable, then none, then readable only */

static void *bad_addresses[5];
static const char *const bad_names[] = {"null page", "unmapped", "kernel", "no address", "no access"};

static void count(int signal)
{
    signals++;
}

static void make_pages(void)
{
    pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'x', PAGE);
    mprotect(pages + PAGE, PAGE, PROT_NONE);
    mprotect(pages + 2 * PAGE, PAGE, PROT_READ);
    bad_addresses[0] = (void *)8;
    bad_addresses[1] = (void *)0x3000000000;
    bad_addresses[2] = (void *)0xffffffc000001000;
    bad_addresses[3] = (void *)0x7000000000001000;
    bad_addresses[4] = pages + PAGE;
}

static void everything_that_calls_need(void)
{
    make_pages();
    CHECK_OK(pipe(ends));
    CHECK_EQ(write(ends[1], "0123456789", 10), 10);
    CHECK_OK(file = open("/tmp/efault", O_RDWR | O_CREAT | O_TRUNC, 0600));
    CHECK_EQ(write(file, "0123456789", 10), 10);
    unlink("/tmp/efault.link");
    CHECK_OK(symlink("target", "/tmp/efault.link"));
    signal(SIGSEGV, count);
}

static void check_one(const struct call *call, void *bad, const char *what)
{
    long rc;

    errno = 0;
    rc = call->with(bad);
    if (rc != -1 || errno != EFAULT)
        tap_note("%s with %s (%p): %ld, errno %d", call->name, what, bad, rc, errno);
    CHECK_EQ(rc, -1);
    CHECK_EQ(errno, EFAULT);
    CHECK_EQ(signals, 0);
}

static void check_all(const struct call *calls, size_t n)
{
    for (size_t i = 0; i < n && !tap_failed(); i++)
        for (size_t k = 0; k < 5 && !tap_failed(); k++)
            check_one(&calls[i], bad_addresses[k], bad_names[k]);
}
#define CHECK_ALL(calls) check_all(calls, sizeof calls / sizeof *calls)

static void bad_strings_are_efault(void)
{
    CHECK_ALL(strings);
}

static void bad_inputs_are_efault(void)
{
    CHECK_ALL(inputs);
}

static void bad_outputs_are_efault(void)
{
    CHECK_ALL(outputs);
}

static void outputs_that_can_only_be_read_are_efault(void)
{
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs && !tap_failed(); i++)
        if (outputs[i].with != readv_list_with) /* reads its argument */
            check_one(&outputs[i], pages + 2 * PAGE, "read-only page");
}

static void strings_that_run_off_their_mapping_are_efault(void)
{
    for (size_t i = 0; i < sizeof strings / sizeof *strings && !tap_failed(); i++)
        check_one(&strings[i], pages + PAGE - 7, "string without an end");
}

static void structures_that_run_off_their_mapping_are_efault(void)
{
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs && !tap_failed(); i++)
        if (inputs[i].with != write_file_with) /* moves what is there */
            check_one(&inputs[i], pages + PAGE - 2, "structure without an end");
}

static void bytes_of_a_pipe_outlive_a_bad_read(void)
{
    char got[10];

    CHECK_EQ(read(ends[0], pages + PAGE - 3, 10), 3);
    CHECK(memcmp(pages + PAGE - 3, "012", 3) == 0);
    CHECK_EQ(readv(ends[0], (struct iovec[]){{pages, 2}, {(void *)8, 10}}, 2), 2);
    CHECK_EQ(read(ends[0], got, 10), 5);
    CHECK(memcmp(got, "56789", 5) == 0);
}

static void a_short_read_leaves_the_rest_of_the_buffer(void)
{
    char got[32];

    memset(got, '.', sizeof got);
    CHECK_EQ(write(ends[1], "ab", 2), 2);
    CHECK_EQ(read(ends[0], got, sizeof got), 2);
    CHECK(memcmp(got, "ab......", 8) == 0);
}

static void a_bad_descriptor_comes_before_a_bad_buffer(void)
{
    CHECK_FAILS(read(77, (void *)8, 1), EBADF);
    CHECK_FAILS(write(77, (void *)8, 1), EBADF);
    CHECK_FAILS(write(ends[0], (void *)8, 1), EBADF);
}

static void a_child_outlives_a_bad_wait(void)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        _exit(5);
    CHECK_FAILS(waitpid(pid, (int *)8, 0), EFAULT);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(WEXITSTATUS(status), 5);
}

static void ask_in_vain(void)
{
    sigset_t all;

    CHECK_FAILS(stat((char *)8, &st), EFAULT);
    signal(SIGSEGV, SIG_IGN);
    CHECK_FAILS(stat((char *)8, &st), EFAULT);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    CHECK_FAILS(stat("/tmp", (struct stat *)8), EFAULT);
}

static void no_disposition_of_sigsegv_matters(void)
{
    signal(SIGSEGV, SIG_DFL);
    CHECK_EQ(tap_in_child(ask_in_vain), 0);
}

static void bad_buffers_do_not_hurt_good_ones(void)
{
    char *big = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fds[2];

    CHECK(big != MAP_FAILED);
    CHECK_OK(pipe(fds));
    for (int i = 0; i < 3072; i++)
        big[i + 1] = (char)i;
    for (int shift = 0; shift < 9; shift++) { /* every alignment of both sides */
        CHECK_EQ(write(fds[1], big + 1, 3000), 3000);
        CHECK_EQ(read(fds[0], big + 2 * PAGE - 1500 + shift, 3000), 3000);
        CHECK(memcmp(big + 1, big + 2 * PAGE - 1500 + shift, 3000) == 0);
    }
    munmap(big, 64 * PAGE);
    close(fds[0]);
    close(fds[1]);
}

TAP_MAIN(everything_that_calls_need, bad_strings_are_efault, bad_inputs_are_efault,
         bad_outputs_are_efault, outputs_that_can_only_be_read_are_efault,
         strings_that_run_off_their_mapping_are_efault,
         structures_that_run_off_their_mapping_are_efault, bytes_of_a_pipe_outlive_a_bad_read,
         a_short_read_leaves_the_rest_of_the_buffer, a_bad_descriptor_comes_before_a_bad_buffer,
         a_child_outlives_a_bad_wait, no_disposition_of_sigsegv_matters,
         bad_buffers_do_not_hurt_good_ones)
