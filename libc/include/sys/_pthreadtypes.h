/* Types of <pthread.h>, which <sys/types.h> and <signal.h> have too. A zeroed object of each kind but
 * barriers and attributes is what its initializer makes; all may lie in memory that processes share. */
#ifndef _SYS__PTHREADTYPES_H
#define _SYS__PTHREADTYPES_H

#include <stddef.h>

typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;

struct sched_param; /* <sched.h> */

typedef struct {
    void *__stack;
    size_t __stack_bytes, __guard_bytes;
    int __detach, __scope, __inherit, __policy, __priority;
} pthread_attr_t;

typedef struct {
    int __type, __shared, __robust;
} pthread_mutexattr_t;

typedef struct {
    unsigned __owner; /* 0: free */
    unsigned __count; /* of a recursive one: how often more it must be unlocked */
    unsigned char __type, __shared, __robust;
} pthread_mutex_t;

typedef struct {
    int __shared, __clock;
} pthread_condattr_t;

typedef struct {
    unsigned __wakes; /* changes with each signal and broadcast */
    unsigned char __shared, __clock; /* clock 0: CLOCK_REALTIME */
} pthread_cond_t;

typedef struct {
    int __shared;
} pthread_rwlockattr_t;

typedef struct {
    int __holders;    /* readers; -1: a writer */
    unsigned __owner; /* the writer */
    unsigned char __shared;
} pthread_rwlock_t;

typedef struct {
    int __shared;
} pthread_barrierattr_t;

typedef struct {
    unsigned __count, __arrived, __round, __shared;
} pthread_barrier_t;

typedef struct {
    unsigned __owner, __shared;
} pthread_spinlock_t;

typedef struct {
    int __state;
} pthread_once_t;

#endif
