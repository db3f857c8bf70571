/* What the files of <pthread.h> and <semaphore.h> share: who holds a lock, and waiting for one. */
#ifndef LIBC_THREAD_H
#define LIBC_THREAD_H

#include <time.h>

/* Who the caller is as the holder of a lock: its pid where processes share it, otherwise 1 (the one
 * thread, in a forked child too). */
unsigned thread_holder(int is_shared);

/* Repeat try(object), which returns an error number, while it returns EBUSY. Only another process or
 * a handler can change that: each time sleep a little.
 * => 0, what else `try` returned, ETIMEDOUT (`until`, a time of `clock`, is over; NULL: never), EINVAL
 * (`until` is no time; looked at only if the caller would wait), EINTR (a handler without SA_RESTART
 * ran). */
int thread_wait(int (*try)(void *object), void *object, clockid_t clock,
                const struct timespec *until);

/* The same, but handlers do not end it. */
int thread_wait_on(int (*try)(void *object), void *object, clockid_t clock,
                   const struct timespec *until);

#endif
