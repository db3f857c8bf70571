/* Paths as they go into messages. */
#include <fcntl.h>
#include <string.h>
#include <proto/fs.h>
#include "internal.h"

int path_length(const char *path, uint64_t *len)
{
    size_t n = strnlen(path, FS_PATH_MAX);

    *len = n;
    if (n == 0)
        return fail(ENOENT);
    return n < FS_PATH_MAX ? 0 : fail(ENAMETOOLONG);
}

uint64_t fs_dir(int dirfd)
{
    return dirfd == AT_FDCWD ? FS_CWD : (uint64_t)dirfd;
}
