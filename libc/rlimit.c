/* Limits: proc keeps them; each is told to whoever enforces it. Priorities. */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <abi/layout.h>
#include <proto/fs.h>
#include <proto/pager.h>
#include <proto/proc.h>
#include "internal.h"

int getrlimit(int resource, struct rlimit *limit)
{
    struct proc_rlimit_req req = {(uint64_t)resource | PROC_RLIMIT_TELL, 0, 0};
    struct proc_rlimit_rep rep;
    int rc = resource < 0 || resource >= RLIM_NLIMITS ? ERR_INVAL
                                                      : RPC(proc, rlimit, PROG_PROC, &req, &rep, NULL);

    return rc ? result(rc) : USER_PUT(limit, (struct rlimit){rep.soft, rep.hard});
}

/* To whoever enforces it: the pager, fs, or proc itself. */
static int tell(int resource, rlim_t soft)
{
    struct pager_limit_req space = {.bytes = soft};
    struct fs_fdlimit_req files = {soft};
    struct fs_fdlimit_rep before;

    switch (resource) {
    case RLIMIT_NOFILE:
        return RPC(fs, fdlimit, PROG_FS, &files, &before, NULL);
    case RLIMIT_FSIZE:
        space.which = PAGER_LIMIT_FILE;
        break;
    case RLIMIT_DATA:
        space.which = PAGER_LIMIT_HEAP;
        break;
    case RLIMIT_AS:
        space.which = PAGER_LIMIT_SPACE;
        break;
    default:
        return 0;
    }
    return RPC(pager, limit, PROG_PAGER, &space, NULL, NULL);
}

int setrlimit(int resource, const struct rlimit *new)
{
    struct rlimit limit;
    struct proc_rlimit_req req;
    struct proc_rlimit_rep rep;
    int rc;

    if (USER_GET(limit, new))
        return -1;
    if (resource < 0 || resource >= RLIM_NLIMITS)
        return fail(EINVAL);
    req = (struct proc_rlimit_req){(uint64_t)resource, limit.rlim_cur, limit.rlim_max};
    rc = RPC(proc, rlimit, PROG_PROC, &req, &rep, NULL);
    return result(rc ? rc : tell(resource, limit.rlim_cur));
}

int file_too_large(off_t end)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && (rlim_t)end > limit.rlim_cur) {
        raise(SIGXFSZ);
        return ERR_FBIG;
    }
    return 0;
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
    return (int)sysconf(_SC_OPEN_MAX);
}
