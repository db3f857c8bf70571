/* Limits and sizes of this system that programs ask for at run time. */
#include <sys/types.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <abi/layout.h>
#include <proto/fs.h>
#include <proto/pager.h>

#include "internal.h"

#define RECORD_BYTES 512 /* of a user's or group's record */

/* Memory in pages, all or free. => -1 if the pager does not answer. */
static long memory_pages(int name)
{
    struct pager_stats stats;
    struct pager_stats_rep rep;
    struct rpc_bytes bytes = {.in = &stats, .in_max = sizeof stats};

    if (result(RPC(pager, stats, PROG_PAGER, NULL, &rep, &bytes)))
        return -1;
    return (long)(name == _SC_PHYS_PAGES ? stats.frames_total : stats.frames_free);
}

/* The soft limit, where there is one. */
static long limit_now(int name)
{
    struct rlimit limit;

    if (getrlimit(name == _SC_OPEN_MAX ? RLIMIT_NOFILE : RLIMIT_NPROC, &limit))
        return -1;
    return limit.rlim_cur == RLIM_INFINITY ? -1 : (long)limit.rlim_cur;
}

/* What never changes. 0: an option that this system has not. */
static const long values[] = {
    [_SC_ARG_MAX] = ARG_MAX,
    [_SC_CLK_TCK] = CLOCKS_PER_SEC,
    [_SC_NGROUPS_MAX] = NGROUPS_MAX,
    [_SC_JOB_CONTROL] = _POSIX_JOB_CONTROL,
    [_SC_SAVED_IDS] = _POSIX_SAVED_IDS,
    [_SC_VERSION] = _POSIX_VERSION,
    [_SC_PAGESIZE] = PAGE_SIZE,
    [_SC_NPROCESSORS_CONF] = 1,
    [_SC_NPROCESSORS_ONLN] = 1,
    [_SC_SEM_VALUE_MAX] = SEM_VALUE_MAX,
    [_SC_TZNAME_MAX] = _POSIX_TZNAME_MAX,
    [_SC_FSYNC] = _POSIX_FSYNC,
    [_SC_MAPPED_FILES] = _POSIX_MAPPED_FILES,
    [_SC_MEMORY_PROTECTION] = _POSIX_MEMORY_PROTECTION,
    [_SC_REALTIME_SIGNALS] = _POSIX_REALTIME_SIGNALS,
    [_SC_SEMAPHORES] = _POSIX_SEMAPHORES,
    [_SC_SHARED_MEMORY_OBJECTS] = _POSIX_VERSION,
    [_SC_SYNCHRONIZED_IO] = _POSIX_SYNCHRONIZED_IO,
    [_SC_TIMERS] = _POSIX_VERSION,
    [_SC_TIMER_MAX] = TIMER_MAX,
    [_SC_DELAYTIMER_MAX] = DELAYTIMER_MAX,
    [_SC_RTSIG_MAX] = RTSIG_MAX,
    [_SC_SIGQUEUE_MAX] = SIGQUEUE_MAX,
    [_SC_THREAD_KEYS_MAX] = PTHREAD_KEYS_MAX,
    [_SC_THREAD_STACK_MIN] = PTHREAD_STACK_MIN,
    [_SC_THREAD_THREADS_MAX] = PTHREAD_THREADS_MAX,
    [_SC_THREAD_DESTRUCTOR_ITERATIONS] = PTHREAD_DESTRUCTOR_ITERATIONS,
    [_SC_THREAD_SAFE_FUNCTIONS] = _POSIX_THREAD_SAFE_FUNCTIONS,
    [_SC_TTY_NAME_MAX] = TTY_NAME_MAX,
    [_SC_GETGR_R_SIZE_MAX] = RECORD_BYTES,
    [_SC_GETPW_R_SIZE_MAX] = RECORD_BYTES,
    [_SC_LOGIN_NAME_MAX] = LOGIN_NAME_MAX,
    [_SC_ATEXIT_MAX] = ATEXIT_MAX,
    [_SC_BC_BASE_MAX] = BC_BASE_MAX,
    [_SC_BC_DIM_MAX] = BC_DIM_MAX,
    [_SC_BC_SCALE_MAX] = BC_SCALE_MAX,
    [_SC_BC_STRING_MAX] = BC_STRING_MAX,
    [_SC_CLOCK_SELECTION] = _POSIX_CLOCK_SELECTION,
    [_SC_COLL_WEIGHTS_MAX] = COLL_WEIGHTS_MAX,
    [_SC_CPUTIME] = _POSIX_CPUTIME,
    [_SC_EXPR_NEST_MAX] = EXPR_NEST_MAX,
    [_SC_HOST_NAME_MAX] = HOST_NAME_MAX,
    [_SC_IOV_MAX] = IOV_MAX,
    [_SC_LINE_MAX] = LINE_MAX,
    [_SC_MONOTONIC_CLOCK] = _POSIX_MONOTONIC_CLOCK,
    [_SC_RE_DUP_MAX] = RE_DUP_MAX,
    [_SC_SHELL] = 1,
    [_SC_SPAWN] = _POSIX_SPAWN,
    [_SC_SYMLOOP_MAX] = SYMLOOP_MAX,
    [_SC_THREAD_CPUTIME] = _POSIX_THREAD_CPUTIME,
    [_SC_TIMEOUTS] = _POSIX_TIMEOUTS,
    [_SC_V7_LP64_OFF64] = 1,
    [_SC_STREAM_MAX] = FS_MAX_FDS,
    [_SC_2_C_BIND] = _POSIX2_VERSION,
    [_SC_2_VERSION] = _POSIX2_VERSION,
    [_SC_POSIX_26_VERSION] = 0,
};

long sysconf(int name)
{
    if (name < 0 || (size_t)name >= sizeof values / sizeof *values)
        return fail(EINVAL);
    if (name == _SC_PHYS_PAGES || name == _SC_AVPHYS_PAGES)
        return memory_pages(name);
    if (name == _SC_OPEN_MAX || name == _SC_CHILD_MAX)
        return limit_now(name);
    return values[name] ? values[name] : -1;
}

/* => the text of a name, NULL: there is no such name; "" for flags that nothing needs. */
static const char *configuration(int name)
{
    switch (name) {
    case _CS_PATH:
        return "/bin";
    case _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS:
        return "POSIX_V7_LP64_OFF64";
    default:
        return name > _CS_PATH && name <= _CS_V7_ENV ? "" : NULL;
    }
}

size_t confstr(int name, char *buf, size_t size)
{
    const char *text = configuration(name);
    size_t n;

    if (text == NULL)
        return fail(EINVAL), 0;
    n = strlen(text) + 1;
    if (size && user_copy(buf, text, n < size ? n : size))
        return fail(EFAULT), 0;
    if (size && n > size)
        buf[size - 1] = '\0';
    return n;
}
