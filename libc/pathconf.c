/* Limits of files and paths. */
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"

static long value_of(int name)
{
    switch (name) {
    case _PC_LINK_MAX:
        return LINK_MAX;
    case _PC_MAX_CANON:
        return MAX_CANON;
    case _PC_MAX_INPUT:
        return MAX_INPUT;
    case _PC_NAME_MAX:
        return NAME_MAX;
    case _PC_PATH_MAX:
        return PATH_MAX;
    case _PC_PIPE_BUF:
        return PIPE_BUF;
    case _PC_CHOWN_RESTRICTED:
        return 0;
    case _PC_NO_TRUNC:
        return 1;
    case _PC_VDISABLE:
        return _POSIX_VDISABLE;
    case _PC_SYNC_IO:
        return 1;
    case _PC_FILESIZEBITS:
        return 43;
    case _PC_SYMLINK_MAX:
        return SYMLINK_MAX;
    default:
        return fail(EINVAL);
    }
}

long pathconf(const char *path, int name)
{
    struct stat st;

    return stat(path, &st) ? -1 : value_of(name);
}

long fpathconf(int fd, int name)
{
    struct stat st;

    return fstat(fd, &st) ? -1 : value_of(name);
}
