/* Limits: told as they are; they can be lowered in name only where nothing enforces less. */
#include <sys/resource.h>
#include <sys/syslimits.h>
#include <unistd.h>
#include <abi/layout.h>
#include <proto/fs.h>
#include "internal.h"

static rlim_t limit_of(int resource)
{
    switch (resource) {
    case RLIMIT_STACK:
        return STACK_BYTES;
    case RLIMIT_NOFILE:
        return FS_MAX_FDS;
    case RLIMIT_NPROC:
        return CHILD_MAX;
    case RLIMIT_DATA:
        return HEAP_LIMIT - PROGRAM_BASE;
    case RLIMIT_CORE:
        return 0;
    default:
        return RLIM_INFINITY;
    }
}

int getrlimit(int resource, struct rlimit *limit)
{
    if (resource < 0 || resource >= RLIM_NLIMITS)
        return fail(EINVAL);
    return USER_PUT(limit, (struct rlimit){limit_of(resource), limit_of(resource)});
}

/* What asks for no less than there is changes nothing; the rest is not supported. */
int setrlimit(int resource, const struct rlimit *new)
{
    struct rlimit limit;

    if (USER_GET(limit, new))
        return -1;
    if (resource < 0 || resource >= RLIM_NLIMITS || limit.rlim_cur > limit.rlim_max)
        return fail(EINVAL);
    if (limit.rlim_max > limit_of(resource))
        return fail(EPERM);
    return limit.rlim_cur == limit_of(resource) ? 0 : fail(ENOSYS);
}

int getpriority(int which, id_t who)
{
    return which < PRIO_PROCESS || which > PRIO_USER ? fail(EINVAL) : 0;
}

int setpriority(int which, id_t who, int value)
{
    if (which < PRIO_PROCESS || which > PRIO_USER)
        return fail(EINVAL);
    return value == 0 ? 0 : fail(ENOSYS);
}

int nice(int change)
{
    return change == 0 ? 0 : fail(ENOSYS);
}

int getpagesize(void)
{
    return (int)PAGE_SIZE;
}

int getdtablesize(void)
{
    return FS_MAX_FDS;
}
