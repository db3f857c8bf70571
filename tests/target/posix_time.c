/* Clocks, sleeping, use of the processor; what sysconf() and its kin tell. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(clockid_t clock)
{
    struct timespec ts = {0, 0};

    clock_gettime(clock, &ts);
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void burn(long ms)
{
    long long until = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) + ms * 1000000;

    while (nanoseconds(CLOCK_PROCESS_CPUTIME_ID) < until)
        ;
}

static void clocks_go_forward(void)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID};
    struct timespec ts;

    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        long long last = nanoseconds(clocks[i]);
        for (int k = 0; k < 100; k++) {
            long long now = nanoseconds(clocks[i]);
            CHECK(now >= last);
            last = now;
        }
        CHECK_OK(clock_getres(clocks[i], &ts));
        CHECK(ts.tv_sec == 0 && ts.tv_nsec > 0 && ts.tv_nsec <= _POSIX_CLOCKRES_MIN);
        CHECK_OK(clock_getres(clocks[i], NULL));
    }
    CHECK_FAILS(clock_gettime(99, &ts), EINVAL);
    CHECK_FAILS(clock_getres(99, &ts), EINVAL);
}

static void the_time_of_day_is_set_and_kept(void)
{
    struct timespec now, bad = {1, 1000000000}, set;
    struct timeval tv;
    long long monotonic = nanoseconds(CLOCK_MONOTONIC), passed;

    CHECK_OK(clock_gettime(CLOCK_REALTIME, &now));
    CHECK(now.tv_sec > 1600000000);
    CHECK(labs((long)(time(NULL) - now.tv_sec)) <= 1);
    CHECK_FAILS(clock_settime(CLOCK_REALTIME, &bad), EINVAL);
    CHECK_FAILS(clock_settime(CLOCK_MONOTONIC, &now), EINVAL);
    set = (struct timespec){now.tv_sec + 1000, now.tv_nsec};
    CHECK_OK(clock_settime(CLOCK_REALTIME, &set));
    CHECK_OK(gettimeofday(&tv, NULL));
    CHECK(tv.tv_sec >= set.tv_sec && tv.tv_sec < set.tv_sec + 100);
    passed = nanoseconds(CLOCK_MONOTONIC) - monotonic;
    CHECK(passed >= 0 && passed < 100000000000LL);
    now.tv_sec += passed / 1000000000;
    CHECK_OK(clock_settime(CLOCK_REALTIME, &now));
}

static void sleeps_last_long_enough(void)
{
    struct timespec nap = {0, 20000000}, bad = {0, -1}, until = tap_after(CLOCK_MONOTONIC, 20);
    long long begin = nanoseconds(CLOCK_MONOTONIC);

    CHECK_OK(nanosleep(&nap, NULL));
    CHECK(nanoseconds(CLOCK_MONOTONIC) - begin >= 20000000);
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL), 0);
    until = tap_after(CLOCK_REALTIME, 20);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL), 0);
    CHECK(nanoseconds(CLOCK_REALTIME) >= until.tv_sec * 1000000000LL + until.tv_nsec);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL), 0);
    CHECK_FAILS(nanosleep(&bad, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &bad, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(99, 0, &nap, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &nap, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &nap, NULL), ENOTSUP);
}

static void catch(int sig)
{
}

static void what_is_left_of_a_sleep_is_told(void)
{
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_RESTART};
    struct timespec nap = {50, 0}, left = {0, 0};

    sigaction(SIGALRM, &action, NULL);
    ualarm(30000, 0);
    CHECK_FAILS(nanosleep(&nap, &left), EINTR);
    CHECK(left.tv_sec >= 30 && left.tv_sec < 50);
    ualarm(30000, 0);
    left.tv_sec = 0;
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, &left), EINTR);
    CHECK(left.tv_sec >= 30 && left.tv_sec < 50);
    ualarm(30000, 0);
    CHECK(sleep(50) >= 30);
    signal(SIGALRM, SIG_DFL);
}

static void work_takes_time_and_sleep_does_not(void)
{
    clock_t begin = clock();
    struct tms before, after;
    struct rusage usage;

    CHECK(times(&before) != (clock_t)-1);
    burn(30);
    CHECK((clock() - begin) * 1000 / CLOCKS_PER_SEC >= 25);
    CHECK(times(&after) != (clock_t)-1);
    CHECK((after.tms_utime + after.tms_stime - before.tms_utime - before.tms_stime) * 1000 /
              sysconf(_SC_CLK_TCK) >= 25);
    CHECK_OK(getrusage(RUSAGE_SELF, &usage));
    CHECK(usage.ru_utime.tv_sec > 0 || usage.ru_utime.tv_usec >= 25000);
    CHECK(usage.ru_minflt > 0);
    CHECK_FAILS(getrusage(77, &usage), EINVAL);
    begin = clock();
    usleep(100000);
    CHECK((clock() - begin) * 1000 / CLOCKS_PER_SEC < 50);
}

static void times_of_children_count_when_they_are_waited_for(void)
{
    struct tms before, between, after;
    clockid_t id;
    pid_t pid;

    times(&before);
    pid = fork();
    if (pid == 0) {
        burn(30);
        pause();
    }
    CHECK_EQ(clock_getcpuclockid(pid, &id), 0);
    while (nanoseconds(id) < 25000000)
        usleep(1000);
    CHECK_OK(kill(pid, SIGKILL));
    usleep(1000);
    times(&between);
    CHECK_EQ(between.tms_cutime, before.tms_cutime);
    CHECK_EQ(tap_status(pid), SIGKILL);
    times(&after);
    CHECK((after.tms_cutime - before.tms_cutime) * 1000 / sysconf(_SC_CLK_TCK) >= 25);
    CHECK_EQ(clock_getcpuclockid(pid, &id), ESRCH);
    CHECK_EQ(clock_getcpuclockid(0, &id), 0);
    CHECK_EQ(id, CLOCK_PROCESS_CPUTIME_ID);
}

static void zones_are_those_of_tz(void)
{
    time_t noon = 1751371200; /* 2025-07-01 12:00:00 UTC */
    struct tm tm;

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    CHECK(localtime_r(&noon, &tm) && tm.tm_hour == 14 && tm.tm_isdst == 1);
    CHECK_EQ(mktime(&tm), noon);
    setenv("TZ", "EST5", 1);
    tzset();
    CHECK(localtime_r(&noon, &tm) && tm.tm_hour == 7 && tm.tm_isdst == 0);
    unsetenv("TZ");
    tzset();
    CHECK(localtime_r(&noon, &tm) && tm.tm_hour == 12);
}

/* --- what the system tells of itself ----------------------------------------------------------- */

static void sysconf_knows_its_names(void)
{
    CHECK_EQ(sysconf(_SC_PAGESIZE), 4096);
    CHECK_EQ(sysconf(_SC_PAGE_SIZE), getpagesize());
    CHECK(sysconf(_SC_OPEN_MAX) >= _POSIX_OPEN_MAX);
    CHECK(sysconf(_SC_CHILD_MAX) >= 256);
    CHECK_EQ(sysconf(_SC_VERSION), _POSIX_VERSION);
    CHECK_EQ(sysconf(_SC_NGROUPS_MAX), NGROUPS_MAX);
    CHECK_EQ(sysconf(_SC_IOV_MAX), IOV_MAX);
    CHECK(sysconf(_SC_PHYS_PAGES) > sysconf(_SC_AVPHYS_PAGES));
    errno = 0;
    CHECK_EQ(sysconf(_SC_THREADS), -1);
    CHECK_EQ(sysconf(_SC_ASYNCHRONOUS_IO), -1);
    CHECK_EQ(errno, 0);
    CHECK_FAILS(sysconf(-1), EINVAL);
    CHECK_FAILS(sysconf(12345), EINVAL);
}

static void confstr_fills_what_fits(void)
{
    char buf[3] = "zz";

    CHECK_EQ(confstr(_CS_PATH, NULL, 0), 5);
    CHECK_EQ(confstr(_CS_PATH, buf, sizeof buf), 5);
    CHECK(strcmp(buf, "/b") == 0);
    errno = 0;
    CHECK_EQ(confstr(-5, buf, sizeof buf), 0);
    CHECK_EQ(errno, EINVAL);
}

static void names_of_system_and_users(void)
{
    struct utsname name;
    struct passwd *root, record;
    struct group *group;
    char host[65], login[32], buf[512];
    gid_t groups[2];
    int n = 2;

    CHECK_OK(uname(&name));
    CHECK_OK(gethostname(host, sizeof host));
    CHECK(strcmp(name.nodename, host) == 0);
    CHECK_FAILS(gethostname(host, 2), ENAMETOOLONG);
    CHECK_FAILS(sethostname("x", 1), ENOSYS);
    CHECK_FAILS(chroot("/"), ENOSYS);
    CHECK_OK(getdomainname(host, sizeof host));
    CHECK_EQ(getlogin_r(login, 2), ERANGE);
    CHECK_EQ(getlogin_r(login, sizeof login), 0);
    root = getpwnam(login);
    CHECK(root && root->pw_uid == getuid() && getpwuid(0) == root);
    CHECK_EQ(getpwnam_r("nobody_here", &record, buf, sizeof buf, &root), 0);
    CHECK(root == NULL);
    group = getgrgid(getgid());
    CHECK(group && getgrnam(group->gr_name));
    CHECK_EQ(getgrouplist(login, 0, groups, &n), 1);
    CHECK_EQ(n, 1);
    n = 0;
    CHECK_EQ(getgrouplist(login, 0, groups, &n), -1);
    CHECK_EQ(sched_getcpu(), 0);
    CHECK_OK(eaccess("/bin/sh", X_OK));
    CHECK_FAILS(setuid(5), EPERM);
}

static void a_daemon_leaves_its_session(void)
{
    pid_t *told = tap_shared_page();
    pid_t pid = fork();

    if (pid == 0) {
        chdir("/tmp");
        if (daemon(0, 0) == 0) {
            char where[8];
            told[1] = getsid(0) == getpid() && getcwd(where, sizeof where) && !strcmp(where, "/");
            told[0] = getpid();
        }
        _exit(0);
    }
    CHECK_EQ(tap_status(pid), 0);
    for (int i = 0; i < 1000 && !*(volatile pid_t *)told; i++)
        usleep(1000);
    CHECK(told[0] && told[0] != pid);
    CHECK_EQ(told[1], 1);
}

TAP_MAIN(clocks_go_forward, the_time_of_day_is_set_and_kept, sleeps_last_long_enough,
         what_is_left_of_a_sleep_is_told, work_takes_time_and_sleep_does_not,
         times_of_children_count_when_they_are_waited_for, zones_are_those_of_tz,
         sysconf_knows_its_names, confstr_fills_what_fits, names_of_system_and_users,
         a_daemon_leaves_its_session)
