/* Time: the `time` CSR is the clock; proc says once what it counted from and how fast. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include <proto/pager.h>
#include <proto/proc.h>
#include "internal.h"

#define NANO 1000000000UL
#define MICRO 1000000UL

static struct proc_clock_rep clock_base; /* hz 0: not asked yet */

static uint64_t clock_asked; /* when */

static void clock_ask(void)
{
    if (clock_base.hz == 0) {
        RPC(proc, clock, PROG_PROC, NULL, &clock_base, NULL);
        clock_asked = time_now();
    }
}

/* Nanoseconds since 1970 when `time` was 0. Somebody else may set the clock: a second later it is known. */
static uint64_t epoch_ns(void)
{
    if (time_now() - clock_asked > clock_base.hz)
        clock_base.hz = 0;
    clock_ask();
    return clock_base.epoch_ns;
}

static uint64_t ticks_to_ns(uint64_t ticks)
{
    clock_ask();
    return ticks / clock_base.hz * NANO + ticks % clock_base.hz * NANO / clock_base.hz;
}

/* Rounded up: waiting may be longer than asked, never shorter. */
static uint64_t ns_to_ticks(uint64_t sec, uint64_t ns)
{
    clock_ask();
    if (sec > (1UL << 62) / clock_base.hz)
        return 1UL << 62;
    return sec * clock_base.hz + (ns * clock_base.hz + NANO - 1) / NANO;
}

uint64_t deadline_after_ms(int ms)
{
    return time_now() + ns_to_ticks((uint64_t)ms / 1000, (uint64_t)ms % 1000 * MICRO);
}

uint64_t deadline_after(const struct timespec *ts)
{
    return time_now() + ns_to_ticks((uint64_t)ts->tv_sec, (uint64_t)ts->tv_nsec);
}

uint64_t span_to_ticks(const struct timespec *ts)
{
    return ns_to_ticks((uint64_t)ts->tv_sec, (uint64_t)ts->tv_nsec);
}

static struct timespec to_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / NANO), (long)(ns % NANO)};
}

struct timespec ticks_to_span(uint64_t ticks)
{
    return to_timespec(ticks_to_ns(ticks));
}

uint64_t clock_deadline(clockid_t id, const struct timespec *ts)
{
    uint64_t base, ns;

    base = id == CLOCK_REALTIME ? epoch_ns() : 0;
    if ((uint64_t)ts->tv_sec > (1UL << 63) / NANO)
        return 1UL << 62;
    ns = (uint64_t)ts->tv_sec * NANO + (uint64_t)ts->tv_nsec;
    return ns > base ? ns_to_ticks((ns - base) / NANO, (ns - base) % NANO) : 0;
}

static struct timeval to_timeval(uint64_t ticks)
{
    uint64_t ns = ticks_to_ns(ticks);

    return (struct timeval){(time_t)(ns / NANO), (long)(ns % NANO / 1000)};
}

/* Of a process, 0: the caller. => 0 or ERR_SRCH. */
static int used_ticks(uint64_t pid, uint64_t *ticks)
{
    struct proc_usage_req req = {pid};
    struct proc_usage_rep rep = {0};
    int rc = RPC(proc, usage, PROG_PROC, &req, &rep, NULL);

    *ticks = rep.ticks;
    return rc;
}

/* Clocks of other processes' use of the processor. */
#define CLOCK_OF_PROCESS(pid) ((clockid_t)(pid) << 8 | CLOCK_PROCESS_CPUTIME_ID)

static int used_time(clockid_t id, struct timespec *ts)
{
    uint64_t ticks;

    if ((id & 0xff) != CLOCK_PROCESS_CPUTIME_ID || used_ticks(id >> 8, &ticks))
        return fail(EINVAL);
    return USER_PUT(ts, to_timespec(ticks_to_ns(ticks)));
}

int clock_getcpuclockid(pid_t pid, clockid_t *id)
{
    uint64_t ticks;

    if (pid < 0 || used_ticks((uint64_t)pid, &ticks))
        return ESRCH;
    *id = pid == 0 || pid == getpid() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_OF_PROCESS(pid);
    return 0;
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
    clock_ask();
    switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        return USER_PUT(ts, to_timespec(epoch_ns() + ticks_to_ns(time_now())));
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        return USER_PUT(ts, to_timespec(ticks_to_ns(time_now())));
    case CLOCK_THREAD_CPUTIME_ID:
        return used_time(CLOCK_PROCESS_CPUTIME_ID, ts);
    default:
        return used_time(id, ts);
    }
}

int clock_getres(clockid_t id, struct timespec *ts)
{
    struct timespec probe;

    if (clock_gettime(id, &probe))
        return -1;
    return ts ? USER_PUT(ts, to_timespec((NANO + clock_base.hz - 1) / clock_base.hz)) : 0;
}

int get_span(struct timespec *ts, const struct timespec *from)
{
    if (USER_GET(*ts, from))
        return -1;
    return ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= (long)NANO ? fail(EINVAL) : 0;
}

int clock_settime(clockid_t id, const struct timespec *time)
{
    struct proc_clock_set_req req;
    struct timespec ts;

    if (id != CLOCK_REALTIME)
        return fail(EINVAL);
    if (get_span(&ts, time))
        return -1;
    req.epoch_ns = (uint64_t)ts.tv_sec * NANO + (uint64_t)ts.tv_nsec - ticks_to_ns(time_now());
    clock_base.hz = 0;
    return result(RPC(proc, clock_set, PROG_PROC, &req, NULL, NULL));
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return tv ? USER_PUT(tv, (struct timeval){ts.tv_sec, ts.tv_nsec / 1000}) : 0;
}

int settimeofday(const struct timeval *time, const struct timezone *zone)
{
    struct timeval tv;

    if (USER_GET(tv, time))
        return -1;
    return clock_settime(CLOCK_REALTIME, &(struct timespec){tv.tv_sec, tv.tv_usec * 1000});
}

/* Sleep until the absolute `time`. => 0 or ERR_INTR. */
static int sleep_until(uint64_t until, int is_wall)
{
    struct proc_sleep_req req = {until, (uint64_t)is_wall};
    struct proc_sleep_rep rep;
    int rc;

    do {
        signal_interrupted = 0;
        signal_handled = 0;
        rc = RPC(proc, sleep, PROG_PROC, &req, &rep, NULL);
    } while (rc == ERR_INTR && !signal_handled);
    return rc;
}

int nanosleep(const struct timespec *span, struct timespec *left)
{
    struct timespec ts;
    uint64_t until, now;
    int rc;

    if (get_span(&ts, span))
        return -1;
    until = deadline_after(&ts);
    rc = sleep_until(until, 0);
    now = time_now();
    if (rc && left && USER_PUT(left, to_timespec(ticks_to_ns(until > now ? until - now : 0))))
        return -1;
    return result(rc);
}

/* To a time of the clock: nothing is left that could be told. => errno value. */
static int sleep_to(clockid_t id, const struct timespec *time)
{
    struct timespec ts;

    if (get_span(&ts, time))
        return errno;
    return error_errno(sleep_until(clock_deadline(id, &ts), id == CLOCK_REALTIME));
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *time, struct timespec *left)
{
    int before = errno, code = 0;

    if (id == CLOCK_THREAD_CPUTIME_ID)
        return EINVAL;
    if ((id & 0xff) == CLOCK_PROCESS_CPUTIME_ID)
        return ENOTSUP;
    if (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC)
        return EINVAL;
    if (flags & TIMER_ABSTIME)
        code = sleep_to(id, time);
    else if (nanosleep(time, left))
        code = errno;
    errno = before;
    return code;
}

unsigned sleep(unsigned seconds)
{
    struct timespec ts = {seconds, 0}, left = {0, 0};

    if (nanosleep(&ts, &left) == 0)
        return 0;
    return (unsigned)left.tv_sec + (left.tv_nsec >= (long)NANO / 2);
}

int usleep(useconds_t us)
{
    struct timespec ts = {(time_t)(us / MICRO), (long)(us % MICRO * 1000)};

    return nanosleep(&ts, NULL);
}

/* --- use of the processor -------------------------------------------------------------------- */

clock_t times(struct tms *t)
{
    struct proc_usage_req req = {0};
    struct proc_usage_rep rep = {0};

    RPC(proc, usage, PROG_PROC, &req, &rep, NULL);
    if (t && USER_PUT(t, (struct tms){.tms_utime = ticks_to_ns(rep.ticks) / 1000,
                                      .tms_cutime = ticks_to_ns(rep.child_ticks) / 1000}))
        return (clock_t)-1;
    return ticks_to_ns(time_now()) / 1000;
}

clock_t clock(void)
{
    uint64_t ticks;

    used_ticks(0, &ticks);
    return (clock_t)(ticks_to_ns(ticks) / 1000);
}

struct rusage rusage_of(uint64_t ticks, uint64_t faults)
{
    return (struct rusage){.ru_utime = to_timeval(ticks), .ru_minflt = (long)faults};
}

/* Faults that waited for a disk are the major ones. */
static void tell_major_faults(struct rusage *usage)
{
    struct pager_proc_stats_req req = {0};
    struct pager_proc_stats_rep rep;
    struct pager_proc_stats stats;
    struct rpc_bytes bytes = {.in = &stats, .in_max = sizeof stats};

    if (RPC(pager, proc_stats, PROG_PAGER, &req, &rep, &bytes))
        return;
    usage->ru_majflt = (long)(stats.actions[PAGER_ACTION_file_fill] +
                              stats.actions[PAGER_ACTION_swap_in]);
    usage->ru_minflt -= usage->ru_majflt < usage->ru_minflt ? usage->ru_majflt : usage->ru_minflt;
}

int getrusage(int who, struct rusage *usage)
{
    struct proc_usage_req req = {0};
    struct proc_usage_rep rep;
    struct rusage own;
    int rc;

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN)
        return fail(EINVAL);
    rc = RPC(proc, usage, PROG_PROC, &req, &rep, NULL);
    if (rc)
        return result(rc);
    own = rusage_of(who == RUSAGE_SELF ? rep.ticks : rep.child_ticks,
                    who == RUSAGE_SELF ? rep.faults : rep.child_faults);
    if (who == RUSAGE_SELF)
        tell_major_faults(&own);
    return USER_PUT(usage, own);
}

/* --- the interval timer ---------------------------------------------------------------------- */

static int is_timeval(const struct timeval *tv)
{
    return tv->tv_sec >= 0 && tv->tv_usec >= 0 && tv->tv_usec < (long)MICRO;
}

static uint64_t timeval_to_ticks(const struct timeval *tv)
{
    return ns_to_ticks((uint64_t)tv->tv_sec, (uint64_t)tv->tv_usec * 1000);
}

static int itimer(struct proc_itimer_req *req, struct itimerval *old)
{
    struct proc_itimer_rep rep;
    int rc = RPC(proc, itimer, PROG_PROC, req, &rep, NULL);

    if (rc || !old)
        return result(rc);
    return USER_PUT(old, (struct itimerval){to_timeval(rep.interval), to_timeval(rep.value)});
}

int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
    struct proc_itimer_req req = {(uint64_t)which, 0, 0};
    struct itimerval new;

    if (USER_GET(new, value))
        return -1;
    if (which < ITIMER_REAL || which > ITIMER_PROF || !is_timeval(&new.it_value) || !is_timeval(&new.it_interval))
        return fail(EINVAL);
    req.value = timeval_to_ticks(&new.it_value);
    req.interval = timeval_to_ticks(&new.it_interval);
    return itimer(&req, old);
}

/* what was left, without changing it */
int getitimer(int which, struct itimerval *value)
{
    struct proc_itimer_req req = {(uint64_t)which | PROC_ITIMER_TELL, 0, 0};

    return which < ITIMER_REAL || which > ITIMER_PROF ? fail(EINVAL) : itimer(&req, value);
}

unsigned alarm(unsigned seconds)
{
    struct itimerval value = {.it_value = {seconds, 0}}, old = {0};

    setitimer(ITIMER_REAL, &value, &old);
    return (unsigned)old.it_value.tv_sec + (old.it_value.tv_usec != 0);
}

useconds_t ualarm(useconds_t us, useconds_t interval)
{
    struct itimerval value = {{(time_t)(interval / MICRO), (long)(interval % MICRO)},
                              {(time_t)(us / MICRO), (long)(us % MICRO)}};
    struct itimerval old = {0};

    setitimer(ITIMER_REAL, &value, &old);
    return (useconds_t)old.it_value.tv_sec * MICRO + (useconds_t)old.it_value.tv_usec;
}
