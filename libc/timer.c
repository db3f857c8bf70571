/* Timers that send a signal each: proc keeps them, in ticks of `time`. */
#include <time.h>
#include "internal.h"
#include <proto/proc.h>

static int is_clock(clockid_t id)
{
    return id == CLOCK_REALTIME || id == CLOCK_MONOTONIC;
}

/* The clock of each timer is in its id: absolute times need it. */
static timer_t id_of(uint64_t id, clockid_t clock)
{
    return (timer_t)(id << 1 | (clock == CLOCK_REALTIME));
}

static clockid_t clock_of(timer_t timer)
{
    return timer & 1 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer)
{
    struct proc_timer_create_req req = {SIGALRM, 0, event == NULL};
    struct proc_timer_create_rep rep;
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    int rc;

    if (event && USER_GET(e, event))
        return -1;
    if (!is_clock(clock) || (e.sigev_notify != SIGEV_SIGNAL && e.sigev_notify != SIGEV_NONE))
        return fail(EINVAL);
    if (e.sigev_notify == SIGEV_SIGNAL && (e.sigev_signo <= 0 || e.sigev_signo >= NSIG))
        return fail(EINVAL);
    if (user_room(timer, sizeof *timer) < sizeof *timer)
        return fail(EFAULT);
    req.signal = e.sigev_notify == SIGEV_SIGNAL ? (uint64_t)e.sigev_signo : 0;
    req.value = (uint64_t)e.sigev_value.sival_ptr;
    rc = RPC(proc, timer_create, PROG_PROC, &req, &rep, NULL);
    if (rc == 0)
        *timer = id_of(rep.id, clock);
    return result(rc);
}

int timer_delete(timer_t timer)
{
    struct proc_timer_delete_req req = {timer >> 1};

    return result(RPC(proc, timer_delete, PROG_PROC, &req, NULL, NULL));
}

/* When it is to go off, as an absolute `time`; what has passed already is now. */
static uint64_t first_time(timer_t timer, int flags, const struct timespec *value)
{
    uint64_t now = time_now(), at;

    at = flags & TIMER_ABSTIME ? clock_deadline(clock_of(timer), value) : deadline_after(value);
    return at > now ? at : now;
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict value,
                  struct itimerspec *restrict old)
{
    struct proc_timer_set_req req = {timer >> 1, 0, 0, 0};
    struct proc_timer_set_rep rep;
    struct itimerspec new;
    int rc;

    if (get_span(&new.it_value, &value->it_value) || get_span(&new.it_interval, &value->it_interval))
        return -1;
    if (new.it_value.tv_sec || new.it_value.tv_nsec)
        req.at = first_time(timer, flags, &new.it_value);
    req.is_wall = (flags & TIMER_ABSTIME) && clock_of(timer) == CLOCK_REALTIME;
    req.interval = span_to_ticks(&new.it_interval);
    rc = RPC(proc, timer_set, PROG_PROC, &req, &rep, NULL);
    if (rc || !old)
        return result(rc);
    return USER_PUT(old, (struct itimerspec){ticks_to_span(rep.interval), ticks_to_span(rep.left)});
}

static int get(timer_t timer, struct proc_timer_get_rep *rep)
{
    struct proc_timer_get_req req = {timer >> 1};

    return result(RPC(proc, timer_get, PROG_PROC, &req, rep, NULL));
}

int timer_gettime(timer_t timer, struct itimerspec *value)
{
    struct proc_timer_get_rep rep;

    if (get(timer, &rep))
        return -1;
    return USER_PUT(value, (struct itimerspec){ticks_to_span(rep.interval), ticks_to_span(rep.left)});
}

int timer_getoverrun(timer_t timer)
{
    struct proc_timer_get_rep rep;

    return get(timer, &rep) ? -1 : (int)rep.overrun;
}
