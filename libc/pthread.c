/* The one thread of a process: identity, its end, data of its own, cancellation. Its end is the
 * process's, after cleanup handlers and destructors. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

#define SELF 1UL
#define NAME_BYTES 16

static struct __pthread_cleanup *cleanups; /* the innermost */
static int is_detached, is_cancelled, cancel_state, cancel_type, concurrency;
static char thread_name[NAME_BYTES];

/* There is room for no other thread. */
int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
                   void *(*start)(void *), void *restrict arg)
{
    return EAGAIN;
}

pthread_t pthread_self(void)
{
    return SELF;
}

int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int pthread_join(pthread_t thread, void **value)
{
    if (thread != SELF)
        return ESRCH;
    return is_detached ? EINVAL : EDEADLK;
}

int pthread_detach(pthread_t thread)
{
    if (thread != SELF)
        return ESRCH;
    if (is_detached)
        return EINVAL;
    is_detached = 1;
    return 0;
}

int pthread_kill(pthread_t thread, int sig)
{
    int before = errno, code = 0;

    if (thread != SELF)
        return ESRCH;
    if (kill(getpid(), sig))
        code = errno;
    errno = before;
    return code;
}

int pthread_once(pthread_once_t *once, void (*init)(void))
{
    if (!once->__state) {
        once->__state = 1;
        init();
    }
    return 0;
}

int pthread_getconcurrency(void)
{
    return concurrency;
}

int pthread_setconcurrency(int level)
{
    if (level < 0)
        return EINVAL;
    concurrency = level;
    return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    *clock = CLOCK_THREAD_CPUTIME_ID;
    return thread == SELF ? 0 : ESRCH;
}

int pthread_getschedparam(pthread_t thread, int *restrict policy,
                          struct sched_param *restrict param)
{
    *policy = SCHED_OTHER;
    *param = (struct sched_param){0};
    return thread == SELF ? 0 : ESRCH;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
    if (thread != SELF)
        return ESRCH;
    if (policy < SCHED_OTHER || policy > SCHED_RR)
        return EINVAL;
    if (policy != SCHED_OTHER)
        return ENOTSUP;
    return param->sched_priority == 0 ? 0 : EINVAL;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
    return pthread_setschedparam(thread, SCHED_OTHER, &(struct sched_param){priority});
}

int pthread_getname_np(pthread_t thread, char *name, size_t size)
{
    if (thread != SELF)
        return ESRCH;
    if (strlen(thread_name) >= size)
        return ERANGE;
    strcpy(name, thread_name);
    return 0;
}

int pthread_setname_np(pthread_t thread, const char *name)
{
    if (thread != SELF)
        return ESRCH;
    if (strlen(name) >= sizeof thread_name)
        return ERANGE;
    strcpy(thread_name, name);
    return 0;
}

/* --- data of the thread ---------------------------------------------------------------------- */

static struct {
    void (*destructor)(void *);
    const void *value;
    int is_used;
} keys[PTHREAD_KEYS_MAX];

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++)
        if (!keys[k].is_used) {
            keys[k].is_used = 1;
            keys[k].destructor = destructor;
            keys[k].value = NULL;
            *key = k;
            return 0;
        }
    return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
    if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used)
        return EINVAL;
    keys[key].is_used = 0;
    return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
    return key < PTHREAD_KEYS_MAX && keys[key].is_used ? (void *)keys[key].value : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    if (key >= PTHREAD_KEYS_MAX || !keys[key].is_used)
        return EINVAL;
    keys[key].value = value;
    return 0;
}

/* => was there one to call? Destructors may set values again. */
static int call_destructors(void)
{
    int any = 0;

    for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++) {
        const void *value = keys[k].value;

        if (!keys[k].is_used || !keys[k].destructor || !value)
            continue;
        keys[k].value = NULL;
        keys[k].destructor((void *)value);
        any = 1;
    }
    return any;
}

/* --- the end --------------------------------------------------------------------------------- */

void __pthread_cleanup_push(struct __pthread_cleanup *c, void (*routine)(void *), void *arg)
{
    *c = (struct __pthread_cleanup){routine, arg, cleanups};
    cleanups = c;
}

void __pthread_cleanup_pop(int execute)
{
    struct __pthread_cleanup *c = cleanups;

    cleanups = c->__outer;
    if (execute)
        c->__routine(c->__arg);
}

void pthread_exit(void *value)
{
    cancel_state = PTHREAD_CANCEL_DISABLE;
    while (cleanups)
        __pthread_cleanup_pop(1);
    for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS && call_destructors(); i++)
        ;
    exit(0);
}

void pthread_testcancel(void)
{
    if (is_cancelled && cancel_state == PTHREAD_CANCEL_ENABLE)
        pthread_exit(PTHREAD_CANCELED);
}

/* Deferred: acts in pthread_testcancel() and where this library waits for locks and semaphores. */
int pthread_cancel(pthread_t thread)
{
    if (thread != SELF)
        return ESRCH;
    is_cancelled = 1;
    if (cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS)
        pthread_testcancel();
    return 0;
}

int pthread_setcancelstate(int state, int *old)
{
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old)
        *old = cancel_state;
    cancel_state = state;
    if (cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS)
        pthread_testcancel();
    return 0;
}

int pthread_setcanceltype(int type, int *old)
{
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old)
        *old = cancel_type;
    cancel_type = type;
    if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
        pthread_testcancel();
    return 0;
}
