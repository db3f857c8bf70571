/* Locks of readers and writers, spin locks, barriers: words in memory that processes may share. */
#include <pthread.h>
#include "internal.h"
#include "thread.h"

#define WRITER (-1)

static int set_shared(int *to, int shared)
{
    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    *to = shared;
    return 0;
}

/* --- locks of readers and writers ------------------------------------------------------------ */

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
    attr->__shared = PTHREAD_PROCESS_PRIVATE;
    return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
    return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr, int *restrict shared)
{
    *shared = attr->__shared;
    return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared)
{
    return set_shared(&attr->__shared, shared);
}

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attr)
{
    *lock = (pthread_rwlock_t){.__shared = (unsigned char)(attr ? attr->__shared : 0)};
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    return __atomic_load_n(&lock->__holders, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

static int change(pthread_rwlock_t *lock, int from, int to)
{
    return __atomic_compare_exchange_n(&lock->__holders, &from, to, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

static int try_read(void *object)
{
    pthread_rwlock_t *lock = object;
    int holders;

    do {
        holders = __atomic_load_n(&lock->__holders, __ATOMIC_RELAXED);
        if (holders == WRITER)
            return EBUSY;
        if (holders == 0x7fffffff)
            return EAGAIN;
    } while (!change(lock, holders, holders + 1));
    return 0;
}

static int try_write(void *object)
{
    pthread_rwlock_t *lock = object;

    if (!change(lock, 0, WRITER))
        return EBUSY;
    lock->__owner = thread_holder(lock->__shared);
    return 0;
}

/* Does the caller itself stand in its way? A private lock that is held is held by the caller. */
static int is_deadlock(const pthread_rwlock_t *lock)
{
    return !lock->__shared || (lock->__holders == WRITER && lock->__owner == thread_holder(1));
}

static int lock_until(pthread_rwlock_t *lock, int (*try)(void *), const struct timespec *until)
{
    int rc = try(lock);

    if (rc != EBUSY)
        return rc;
    if (is_deadlock(lock) && until == NULL)
        return EDEADLK;
    return thread_wait_on(try, lock, CLOCK_REALTIME, until);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    return lock_until(lock, try_read, NULL);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    return try_read(lock);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    return lock_until(lock, try_read, until);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    return lock_until(lock, try_write, NULL);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    return try_write(lock);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    return lock_until(lock, try_write, until);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    int holders = __atomic_load_n(&lock->__holders, __ATOMIC_RELAXED);

    if (holders == 0 || (holders == WRITER && lock->__owner != thread_holder(lock->__shared)))
        return EPERM;
    if (holders == WRITER)
        lock->__owner = 0;
    __atomic_fetch_add(&lock->__holders, holders == WRITER ? 1 : -1, __ATOMIC_RELEASE);
    return 0;
}

/* --- spin locks ------------------------------------------------------------------------------ */

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    *lock = (pthread_spinlock_t){0, (unsigned)shared};
    return shared == PTHREAD_PROCESS_PRIVATE || shared == PTHREAD_PROCESS_SHARED ? 0 : EINVAL;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    return __atomic_load_n(&lock->__owner, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    unsigned free = 0;

    return __atomic_compare_exchange_n(&lock->__owner, &free, thread_holder((int)lock->__shared), 0,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
               ? 0
               : EBUSY;
}

/* There is one hart: who holds it can only go on while the caller does not. */
int pthread_spin_lock(pthread_spinlock_t *lock)
{
    while (pthread_spin_trylock(lock)) {
        if (lock->__owner == thread_holder((int)lock->__shared))
            return EDEADLK;
        sched_yield();
    }
    return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (lock->__owner != thread_holder((int)lock->__shared))
        return EPERM;
    __atomic_store_n(&lock->__owner, 0, __ATOMIC_RELEASE);
    return 0;
}

/* --- barriers -------------------------------------------------------------------------------- */

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
    attr->__shared = PTHREAD_PROCESS_PRIVATE;
    return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
    return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr,
                                   int *restrict shared)
{
    *shared = attr->__shared;
    return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
    return set_shared(&attr->__shared, shared);
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
                         const pthread_barrierattr_t *restrict attr, unsigned count)
{
    if (count == 0)
        return EINVAL;
    *barrier = (pthread_barrier_t){count, 0, 0, (unsigned)(attr ? attr->__shared : 0)};
    return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    return __atomic_load_n(&barrier->__arrived, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

struct round {
    pthread_barrier_t *barrier;
    unsigned number;
};

static int is_over(void *object)
{
    struct round *round = object;
    unsigned now = __atomic_load_n(&round->barrier->__round, __ATOMIC_ACQUIRE);

    return now == round->number ? EBUSY : 0;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    struct round round = {barrier, __atomic_load_n(&barrier->__round, __ATOMIC_ACQUIRE)};

    if (__atomic_add_fetch(&barrier->__arrived, 1, __ATOMIC_ACQ_REL) < barrier->__count)
        return thread_wait_on(is_over, &round, CLOCK_REALTIME, NULL);
    __atomic_store_n(&barrier->__arrived, 0, __ATOMIC_RELAXED);
    __atomic_fetch_add(&barrier->__round, 1, __ATOMIC_RELEASE);
    return PTHREAD_BARRIER_SERIAL_THREAD;
}
