/* Timers that send signals: alarm, setitimer, timer_create and its kin; and the names of signals. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MILLI 1000000L

static volatile sig_atomic_t count;
static siginfo_t last;

static void note(int sig, siginfo_t *info, void *context)
{
    count++;
    last = *info;
}

static void handle(int sig)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};

    action.sa_sigaction = note;
    count = 0;
    sigaction(sig, &action, NULL);
}

static struct itimerspec spec(long first_ms, long every_ms)
{
    return (struct itimerspec){{every_ms / 1000, every_ms % 1000 * MILLI},
                               {first_ms / 1000, first_ms % 1000 * MILLI}};
}

static void wait_for(int n)
{
    while (count < n)
        usleep(1000);
}

/* --- interval timers ------------------------------------------------------------------------- */

static void use_processor(volatile long turns)
{
    while (turns-- > 0 && count == 0)
        ;
}

static void one_interval_timer(int which, int sig)
{
    struct itimerval once = {{0, 0}, {0, 30000}}, now;

    handle(sig);
    CHECK_OK(setitimer(which, &once, NULL));
    CHECK_OK(getitimer(which, &now));
    CHECK(now.it_value.tv_sec == 0 && now.it_value.tv_usec > 0 && now.it_value.tv_usec <= 30000);
    use_processor(1L << 30);
    CHECK_EQ(count, 1);
    CHECK_EQ(last.si_code, SI_TIMER);
    CHECK_OK(getitimer(which, &now));
    CHECK_EQ(now.it_value.tv_usec, 0);
}

static void there_are_three_interval_timers(void)
{
    one_interval_timer(ITIMER_REAL, SIGALRM);
    CHECK_STILL_GOOD();
    one_interval_timer(ITIMER_VIRTUAL, SIGVTALRM);
    CHECK_STILL_GOOD();
    one_interval_timer(ITIMER_PROF, SIGPROF);
    CHECK_FAILS(setitimer(3, &(struct itimerval){0}, NULL), EINVAL);
    CHECK_FAILS(getitimer(-1, &(struct itimerval){0}), EINVAL);
    CHECK_FAILS(setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 1000000}}, NULL), EINVAL);
}

static void a_sleeper_uses_no_processor(void)
{
    struct itimerval soon = {{0, 0}, {0, 20000}}, off = {0};

    handle(SIGVTALRM);
    CHECK_OK(setitimer(ITIMER_VIRTUAL, &soon, NULL));
    usleep(60000);
    CHECK_EQ(count, 0);
    CHECK_OK(setitimer(ITIMER_VIRTUAL, &off, &soon));
    CHECK(soon.it_value.tv_usec > 10000);
}

static void alarm_tells_what_was_left(void)
{
    handle(SIGALRM);
    CHECK_EQ(alarm(50), 0);
    CHECK_EQ(alarm(1), 50);
    CHECK_EQ(pause(), -1);
    CHECK_EQ(count, 1);
    CHECK_EQ(alarm(0), 0);
}

/* --- timer_create ---------------------------------------------------------------------------- */

static void a_timer_sends_its_value(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
    struct itimerspec once = spec(50, 0), left;
    timer_t timer;

    handle(SIGRTMIN + 3);
    event.sigev_value.sival_ptr = &last;
    CHECK_OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    CHECK_OK(timer_gettime(timer, &left));
    CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
    CHECK_OK(timer_settime(timer, 0, &once, NULL));
    CHECK_OK(timer_gettime(timer, &left));
    CHECK(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 50 * MILLI);
    wait_for(1);
    CHECK_EQ(last.si_code, SI_TIMER);
    CHECK(last.si_value.sival_ptr == &last);
    CHECK_EQ(timer_getoverrun(timer), 0);
    CHECK_OK(timer_delete(timer));
    CHECK_FAILS(timer_delete(timer), EINVAL);
    CHECK_FAILS(timer_gettime(timer, &left), EINVAL);
    CHECK_FAILS(timer_settime(timer, 0, &once, NULL), EINVAL);
    CHECK_FAILS(timer_getoverrun(timer), EINVAL);
}

static void without_an_event_it_is_sigalrm_with_its_id(void)
{
    struct itimerspec once = spec(2, 0);
    timer_t timer;

    handle(SIGALRM);
    CHECK_OK(timer_create(CLOCK_REALTIME, NULL, &timer));
    CHECK_OK(timer_settime(timer, 0, &once, NULL));
    wait_for(1);
    CHECK_EQ(last.si_signo, SIGALRM);
    CHECK_OK(timer_delete(timer));
}

static void a_timer_repeats_until_it_is_disarmed(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec often = spec(3, 2), off = spec(0, 0), old;
    timer_t timer;

    handle(SIGUSR1);
    CHECK_OK(timer_create(CLOCK_REALTIME, &event, &timer));
    CHECK_OK(timer_settime(timer, 0, &often, NULL));
    wait_for(5);
    CHECK_OK(timer_settime(timer, 0, &off, &old));
    CHECK_EQ(old.it_interval.tv_nsec, 2 * MILLI);
    count = 0;
    usleep(10000);
    CHECK_EQ(count, 0);
    CHECK_OK(timer_delete(timer));
}

static void absolute_times_are_understood(void)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};

    for (int i = 0; i < 2; i++) {
        struct itimerspec at = spec(0, 0);
        struct timespec now;
        timer_t timer;

        handle(SIGALRM);
        CHECK_OK(timer_create(clocks[i], NULL, &timer));
        CHECK_OK(clock_gettime(clocks[i], &at.it_value));
        at.it_value.tv_nsec += 20 * MILLI;
        at.it_value.tv_sec += at.it_value.tv_nsec / (1000 * MILLI);
        at.it_value.tv_nsec %= 1000 * MILLI;
        CHECK_OK(timer_settime(timer, TIMER_ABSTIME, &at, NULL));
        wait_for(1);
        CHECK_OK(clock_gettime(clocks[i], &now));
        CHECK(now.tv_sec > at.it_value.tv_sec ||
              (now.tv_sec == at.it_value.tv_sec && now.tv_nsec >= at.it_value.tv_nsec));
        at.it_value = (struct timespec){1, 0}; /* long ago, or at the start */
        CHECK_OK(timer_settime(timer, TIMER_ABSTIME, &at, NULL));
        wait_for(2);
        CHECK_OK(timer_delete(timer));
    }
}

static void what_a_blocked_signal_misses_is_overrun(void)
{
    struct itimerspec often = spec(2, 2), off = spec(0, 0);
    sigset_t set, before;
    timer_t timer;

    handle(SIGALRM);
    CHECK_OK(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &before);
    CHECK_OK(timer_settime(timer, 0, &often, NULL));
    usleep(50000);
    CHECK_OK(timer_settime(timer, 0, &off, NULL));
    CHECK_EQ(count, 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    CHECK_EQ(count, 1);
    tap_note("overrun %d", timer_getoverrun(timer));
    CHECK(timer_getoverrun(timer) >= 20);
    CHECK_OK(timer_delete(timer));
}

static void intervals_may_be_as_short_as_they_like(void)
{
    struct itimerspec often = {{0, 1}, {0, 1}}, off = spec(0, 0);
    struct itimerval as_often = {{0, 1}, {0, 1}}, never = {{0, 0}, {0, 0}};
    timer_t timer;

    handle(SIGALRM);
    CHECK_OK(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    CHECK_OK(timer_settime(timer, 0, &often, NULL));
    CHECK_OK(setitimer(ITIMER_REAL, &as_often, NULL));
    wait_for(20);
    CHECK_OK(timer_settime(timer, 0, &off, NULL));
    CHECK_OK(setitimer(ITIMER_REAL, &never, NULL));
    CHECK_OK(timer_delete(timer));
}

static void a_timer_can_be_silent(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec long_time = spec(60000, 0), left;
    timer_t timer;

    CHECK_OK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    CHECK_OK(timer_settime(timer, 0, &long_time, NULL));
    CHECK_OK(timer_gettime(timer, &left));
    CHECK(left.it_value.tv_sec == 59);
    CHECK_OK(timer_delete(timer));
}

static void impossible_timers_are_refused(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = NSIG};
    struct itimerspec bad = spec(1, 0);
    timer_t timer, many[TIMER_MAX];
    int n = 0;

    CHECK_FAILS(timer_create(77, NULL, &timer), EINVAL);
    CHECK_FAILS(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
    event.sigev_notify = SIGEV_THREAD;
    CHECK_FAILS(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
    CHECK_FAILS(timer_create(CLOCK_MONOTONIC, NULL, (timer_t *)8), EFAULT);
    while (n < TIMER_MAX && timer_create(CLOCK_MONOTONIC, NULL, &many[n]) == 0)
        n++;
    CHECK_EQ(n, TIMER_MAX);
    CHECK_EQ(sysconf(_SC_TIMER_MAX), TIMER_MAX);
    CHECK_FAILS(timer_create(CLOCK_MONOTONIC, NULL, &timer), EAGAIN);
    bad.it_value.tv_nsec = 1000 * MILLI;
    CHECK_FAILS(timer_settime(many[0], 0, &bad, NULL), EINVAL);
    CHECK_FAILS(timer_settime(many[0], 0, (struct itimerspec *)8, NULL), EFAULT);
    while (n > 0)
        CHECK_OK(timer_delete(many[--n]));
}

static void arm_one(void)
{
    struct itimerspec soon = spec(1, 1);
    timer_t timer;

    CHECK_OK(timer_create(CLOCK_MONOTONIC, NULL, &timer));
    handle(SIGALRM);
    timer_settime(timer, 0, &soon, NULL);
    wait_for(2);
    if (fork() == 0) {
        count = 0;
        usleep(20000);
        _exit(count != 0 || timer_delete(timer) == 0);
    }
    while (wait(NULL) < 0 && errno == EINTR)
        ;
}

static void a_child_has_no_timers(void)
{
    CHECK_EQ(tap_in_child(arm_one), 0);
}

static void sleep_until(void *at)
{
    _exit(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, at, NULL));
}

/* An hour goes by in a moment. */
static void times_of_the_clock_move_with_it(void)
{
    struct timespec start, later, end;
    pid_t pid;
    int status;

    CHECK_OK(clock_gettime(CLOCK_REALTIME, &start));
    later = (struct timespec){start.tv_sec + 3600, start.tv_nsec};
    pid = fork();
    if (pid == 0)
        sleep_until(&later);
    usleep(20000);
    CHECK_OK(clock_settime(CLOCK_REALTIME, &later));
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK_OK(clock_gettime(CLOCK_REALTIME, &end));
    CHECK(end.tv_sec >= later.tv_sec && end.tv_sec < later.tv_sec + 60);
    end.tv_sec -= 3600;
    CHECK_OK(clock_settime(CLOCK_REALTIME, &end));
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){0, 1}, NULL), 0);
    CHECK_EQ(clock_nanosleep(77, 0, &start, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){1, -1}, NULL), EINVAL);
    CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, 0, (struct timespec *)8, NULL), EFAULT);
}

/* --- names ----------------------------------------------------------------------------------- */

static void signals_have_names(void)
{
    char name[SIG2STR_MAX];
    int sig;

    for (int i = 1; i < NSIG; i++) {
        CHECK_OK(sig2str(i, name));
        CHECK(strlen(name) > 0 && strlen(name) < SIG2STR_MAX);
        CHECK_OK(str2sig(name, &sig));
        CHECK_EQ(sig, i);
        CHECK(strlen(strsignal(i)) > 0);
    }
    CHECK_OK(sig2str(SIGCHLD, name));
    CHECK(strcmp(name, "CHLD") == 0);
    CHECK_OK(sig2str(SIGRTMIN + 1, name));
    CHECK(strcmp(name, "RTMIN+1") == 0);
    CHECK_OK(str2sig("15", &sig));
    CHECK_EQ(sig, SIGTERM);
    CHECK_EQ(str2sig("SIGTERM", &sig), -1);
    CHECK_EQ(str2sig("RTMAX-99", &sig), -1);
    CHECK_EQ(sig2str(0, name), -1);
    CHECK_EQ(sig2str(NSIG, name), -1);
    CHECK(strcmp(strsignal(SIGSEGV), "Segmentation fault") == 0);
    CHECK(strstr(strsignal(1000), "1000") != NULL);
}

TAP_MAIN(there_are_three_interval_timers, a_sleeper_uses_no_processor, alarm_tells_what_was_left,
         a_timer_sends_its_value, without_an_event_it_is_sigalrm_with_its_id,
         a_timer_repeats_until_it_is_disarmed, absolute_times_are_understood,
         what_a_blocked_signal_misses_is_overrun, a_timer_can_be_silent,
         intervals_may_be_as_short_as_they_like,
         impossible_timers_are_refused, a_child_has_no_timers,
         times_of_the_clock_move_with_it, signals_have_names)
