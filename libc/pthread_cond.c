/* Condition variables: a counter of wakes, which waiters watch. Both kinds of wake end all waits, as
 * POSIX allows ("spurious wakeups"). */
#include <pthread.h>
#include "internal.h"
#include "thread.h"

int pthread_condattr_init(pthread_condattr_t *attr)
{
    *attr = (pthread_condattr_t){PTHREAD_PROCESS_PRIVATE, CLOCK_REALTIME};
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
    return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock)
{
    *clock = (clockid_t)attr->__clock;
    return 0;
}

static int is_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
    if (!is_clock(clock))
        return EINVAL;
    attr->__clock = (int)clock;
    return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared)
{
    *shared = attr->__shared;
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    attr->__shared = shared;
    return 0;
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
    *cond = (pthread_cond_t){0};
    if (attr) {
        cond->__shared = (unsigned char)attr->__shared;
        cond->__clock = (unsigned char)attr->__clock;
    }
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
    return 0;
}

struct watch {
    pthread_cond_t *cond;
    unsigned seen;
};

static int was_woken(void *object)
{
    struct watch *watch = object;

    return __atomic_load_n(&watch->cond->__wakes, __ATOMIC_ACQUIRE) == watch->seen ? EBUSY : 0;
}

/* A handler that ran is a reason to look at the condition again. */
int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           clockid_t clock, const struct timespec *restrict until)
{
    struct watch watch = {cond, __atomic_load_n(&cond->__wakes, __ATOMIC_RELAXED)};
    int rc, locked;

    if (!is_clock(clock))
        return EINVAL;
    rc = pthread_mutex_unlock(mutex);
    if (rc)
        return rc;
    rc = thread_wait(was_woken, &watch, clock, until);
    locked = pthread_mutex_lock(mutex);
    return locked ? locked : rc == EINTR ? 0 : rc;
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    clockid_t clock = cond->__clock ? (clockid_t)cond->__clock : CLOCK_REALTIME;

    return pthread_cond_clockwait(cond, mutex, clock, until);
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
    return pthread_cond_clockwait(cond, mutex, CLOCK_REALTIME, NULL);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    __atomic_fetch_add(&cond->__wakes, 1, __ATOMIC_RELEASE);
    return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
    return pthread_cond_broadcast(cond);
}
