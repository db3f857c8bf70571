/* Mutexes. The word __owner is taken and given back with one atomic operation, so that the same code
 * serves mutexes in memory that processes share. A robust mutex also keeps what became of it when an
 * owner died: STATE_* in __robust. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include <proto/proc.h>
#include "internal.h"
#include "thread.h"

enum { STATE_PLAIN, STATE_ROBUST, STATE_OWNER_DIED, STATE_LOST };

/* --- attributes ------------------------------------------------------------------------------ */

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    *attr = (pthread_mutexattr_t){.__type = PTHREAD_MUTEX_DEFAULT};
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    attr->__type = -1;
    return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr, int *restrict type)
{
    *type = attr->__type;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
        return EINVAL;
    attr->__type = type;
    return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr, int *restrict shared)
{
    *shared = attr->__shared;
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    attr->__shared = shared;
    return 0;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attr, int *restrict robust)
{
    *robust = attr->__robust;
    return 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
    if (robust != PTHREAD_MUTEX_STALLED && robust != PTHREAD_MUTEX_ROBUST)
        return EINVAL;
    attr->__robust = robust;
    return 0;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr,
                                  int *restrict protocol)
{
    *protocol = PTHREAD_PRIO_NONE;
    return 0;
}

/* There is one priority: nothing could be inherited or raised. */
int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
    if (protocol < PTHREAD_PRIO_NONE || protocol > PTHREAD_PRIO_PROTECT)
        return EINVAL;
    return protocol == PTHREAD_PRIO_NONE ? 0 : ENOTSUP;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict attr,
                                     int *restrict ceiling)
{
    *ceiling = sched_get_priority_max(SCHED_OTHER);
    return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
    return ceiling == sched_get_priority_max(SCHED_OTHER) ? 0 : EINVAL;
}

/* --- mutexes --------------------------------------------------------------------------------- */

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
    *mutex = (pthread_mutex_t){.__type = PTHREAD_MUTEX_DEFAULT};
    if (attr == NULL)
        return 0;
    if (attr->__type < 0)
        return EINVAL;
    mutex->__type = (unsigned char)attr->__type;
    mutex->__shared = (unsigned char)attr->__shared;
    mutex->__robust = attr->__robust == PTHREAD_MUTEX_ROBUST ? STATE_ROBUST : STATE_PLAIN;
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__owner, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

static int is_alive(unsigned pid)
{
    struct proc_list_req req = {pid};
    struct proc_list_rep rep;
    struct proc_info info;
    struct rpc_bytes bytes = {.in = &info, .in_max = sizeof info};
    int rc = RPC(proc, list, PROG_PROC, &req, &rep, &bytes);

    return rc != 0 || (rep.len && info.pid == pid && info.state != PROC_ZOMBIE);
}

static int take(pthread_mutex_t *mutex, unsigned from, unsigned to)
{
    return __atomic_compare_exchange_n(&mutex->__owner, &from, to, 0, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* The owner of a robust mutex may have died. */
static int take_from_dead(pthread_mutex_t *mutex, unsigned me)
{
    unsigned owner = __atomic_load_n(&mutex->__owner, __ATOMIC_RELAXED);

    if (owner == 0 || is_alive(owner) || !take(mutex, owner, me))
        return EBUSY;
    mutex->__count = 0;
    mutex->__robust = STATE_OWNER_DIED;
    return EOWNERDEAD;
}

static int is_mine(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__owner, __ATOMIC_RELAXED) == thread_holder(mutex->__shared);
}

static int lock_again(pthread_mutex_t *mutex)
{
    if (mutex->__count == ~0U)
        return EAGAIN;
    mutex->__count++;
    return 0;
}

/* EBUSY: another process has it, or the caller, for whom that is no special case. */
static int try_lock(void *object)
{
    pthread_mutex_t *mutex = object;
    unsigned me = thread_holder(mutex->__shared);

    if (mutex->__robust == STATE_LOST)
        return ENOTRECOVERABLE;
    if (take(mutex, 0, me))
        return 0;
    if (mutex->__type == PTHREAD_MUTEX_RECURSIVE && is_mine(mutex))
        return lock_again(mutex);
    return mutex->__robust && mutex->__shared ? take_from_dead(mutex, me) : EBUSY;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    return try_lock(mutex);
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock,
                            const struct timespec *restrict until)
{
    int rc = try_lock(mutex);

    if (rc == EBUSY && mutex->__type == PTHREAD_MUTEX_ERRORCHECK && is_mine(mutex))
        return EDEADLK;
    return rc == EBUSY ? thread_wait_on(try_lock, mutex, clock, until) : rc;
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex,
                            const struct timespec *restrict until)
{
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, NULL);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (!is_mine(mutex))
        return EPERM;
    if (mutex->__count) {
        mutex->__count--;
        return 0;
    }
    if (mutex->__robust == STATE_OWNER_DIED)
        mutex->__robust = STATE_LOST;
    __atomic_store_n(&mutex->__owner, 0, __ATOMIC_RELEASE);
    return 0;
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    if (mutex->__robust != STATE_OWNER_DIED || !is_mine(mutex))
        return EINVAL;
    mutex->__robust = STATE_ROBUST;
    return 0;
}

/* No mutex has a protocol with a ceiling. */
int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
    return EINVAL;
}

int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
    return EINVAL;
}
