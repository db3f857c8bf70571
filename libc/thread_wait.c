/* See thread.h. */
#include "thread.h"
#include <pthread.h>
#include <unistd.h>
#include "internal.h"

#define NANO 1000000000L
#define NAP_FIRST 500000L /* ns */
#define NAP_LONGEST 16000000L

unsigned thread_holder(int is_shared)
{
    return is_shared ? (unsigned)getpid() : 1;
}

/* Nanoseconds from now to `until`, at most `most`; 0: it is over. */
static long time_left(clockid_t clock, const struct timespec *until, long most)
{
    struct timespec now;
    long sec;

    if (until == NULL)
        return most;
    clock_gettime(clock, &now);
    sec = until->tv_sec - now.tv_sec;
    if (sec > 1)
        return most;
    sec = sec * NANO + until->tv_nsec - now.tv_nsec;
    return sec <= 0 ? 0 : sec < most ? sec : most;
}

static int wait_some(int (*try)(void *), void *object, clockid_t clock,
                     const struct timespec *until)
{
    int rc = try(object), is_interrupted = 0;

    if (rc == EBUSY && until && (until->tv_nsec < 0 || until->tv_nsec >= NANO))
        return EINVAL;
    for (long nap = NAP_FIRST; rc == EBUSY && !is_interrupted; rc = try(object)) {
        struct timespec ts = {0, time_left(clock, until, nap)};

        if (ts.tv_nsec == 0)
            return ETIMEDOUT;
        pthread_testcancel();
        signal_interrupted = 0;
        is_interrupted = nanosleep(&ts, NULL) && signal_interrupted;
        nap = nap < NAP_LONGEST ? nap * 2 : nap;
    }
    return rc == EBUSY ? EINTR : rc;
}

int thread_wait(int (*try)(void *), void *object, clockid_t clock, const struct timespec *until)
{
    int before = errno, rc = wait_some(try, object, clock, until);

    errno = before;
    return rc;
}

int thread_wait_on(int (*try)(void *), void *object, clockid_t clock,
                   const struct timespec *until)
{
    int rc;

    do
        rc = thread_wait(try, object, clock, until);
    while (rc == EINTR);
    return rc;
}
