/* Attributes of threads: kept, and told again. */
#include <pthread.h>
#include <unistd.h>
#include <abi/layout.h>
#include "internal.h"

int pthread_attr_init(pthread_attr_t *attr)
{
    *attr = (pthread_attr_t){.__stack_bytes = STACK_BYTES,
                             .__guard_bytes = PAGE_SIZE,
                             .__detach = PTHREAD_CREATE_JOINABLE,
                             .__scope = PTHREAD_SCOPE_SYSTEM,
                             .__inherit = PTHREAD_INHERIT_SCHED,
                             .__policy = SCHED_OTHER};
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
    return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = attr->__detach;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
        return EINVAL;
    attr->__detach = state;
    return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attr->__guard_bytes;
    return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
    attr->__guard_bytes = size;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attr->__stack_bytes;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    if (size < PTHREAD_STACK_MIN)
        return EINVAL;
    attr->__stack_bytes = size;
    return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack,
                          size_t *restrict size)
{
    *stack = attr->__stack;
    *size = attr->__stack_bytes;
    return 0;
}

int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size)
{
    if (size < PTHREAD_STACK_MIN || ((size_t)stack | size) % 16)
        return EINVAL;
    attr->__stack = stack;
    attr->__stack_bytes = size;
    return 0;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr, int *restrict scope)
{
    *scope = attr->__scope;
    return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
    if (scope == PTHREAD_SCOPE_PROCESS)
        return ENOTSUP;
    return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherit)
{
    *inherit = attr->__inherit;
    return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
    if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
        return EINVAL;
    attr->__inherit = inherit;
    return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr, int *restrict policy)
{
    *policy = attr->__policy;
    return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
    if (policy < SCHED_OTHER || policy > SCHED_RR)
        return EINVAL;
    return policy == SCHED_OTHER ? 0 : ENOTSUP;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr,
                               struct sched_param *restrict param)
{
    param->sched_priority = attr->__priority;
    return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *restrict attr,
                               const struct sched_param *restrict param)
{
    return param->sched_priority == sched_get_priority_max(attr->__policy) ? 0 : EINVAL;
}

/* Of the one thread. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
    pthread_attr_init(attr);
    attr->__stack = (void *)(STACK_TOP - STACK_BYTES);
    return thread == pthread_self() ? 0 : ESRCH;
}
