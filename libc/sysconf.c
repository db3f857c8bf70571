/* Limits and sizes of this system that programs ask for at run time. */
#include <sys/types.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include <abi/layout.h>
#include <proto/fs.h>
#include <proto/pager.h>

#include "internal.h"

#define CHILDREN_MAX 256 /* processes at a time, in all */

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

long sysconf(int name)
{
    switch (name) {
    case _SC_PAGESIZE:
        return PAGE_SIZE;
    case _SC_CLK_TCK:
        return CLOCKS_PER_SEC;
    case _SC_OPEN_MAX:
        return FS_MAX_FDS;
    case _SC_CHILD_MAX:
        return CHILDREN_MAX;
    case _SC_ARG_MAX:
        return ARG_MAX;
    case _SC_NGROUPS_MAX:
        return 0;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
    case _SC_JOB_CONTROL:
    case _SC_SAVED_IDS:
    case _SC_FSYNC:
        return 1;
    case _SC_MAPPED_FILES:
    case _SC_MEMORY_PROTECTION:
    case _SC_VERSION:
        return 200809L;
    case _SC_PHYS_PAGES:
    case _SC_AVPHYS_PAGES:
        return memory_pages(name);
    default:
        return fail(EINVAL);
    }
}
