/* Scheduling: programs share the processor round robin, all with one priority. */
#include <sched.h>
#include <signal.h>
#include <lib/sys/syscall.h>
#include "internal.h"

#define SLICE_NS 10000000L

static int exists(pid_t pid)
{
    if (pid < 0)
        return fail(EINVAL);
    return pid == 0 ? 0 : kill(pid, 0);
}

int sched_yield(void)
{
    sys_yield();
    return 0;
}

int sched_get_priority_max(int policy)
{
    return policy == SCHED_OTHER ? 0 : fail(EINVAL);
}

int sched_get_priority_min(int policy)
{
    return sched_get_priority_max(policy);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
    return exists(pid) ? -1 : USER_PUT(param, (struct sched_param){.sched_priority = 0});
}

int sched_getscheduler(pid_t pid)
{
    return exists(pid) ? -1 : SCHED_OTHER;
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
    struct sched_param wanted;

    if (exists(pid) || USER_GET(wanted, param))
        return -1;
    return policy != SCHED_OTHER || wanted.sched_priority != 0 ? fail(EINVAL) : SCHED_OTHER;
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
    return sched_setscheduler(pid, SCHED_OTHER, param) < 0 ? -1 : 0;
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
    return exists(pid) ? -1 : USER_PUT(interval, (struct timespec){0, SLICE_NS});
}
