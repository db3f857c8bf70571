/* What programs hand over as pointers: paths as they go into messages, buffers. */
#include <fcntl.h>
#include <proto/fs.h>
#include "internal.h"

int path_length(const char *path, uint64_t *len)
{
    long n = user_strnlen(path, FS_PATH_MAX);

    *len = (uint64_t)n;
    if (n <= 0)
        return fail(n < 0 ? EFAULT : ENOENT);
    return n < FS_PATH_MAX ? 0 : fail(ENAMETOOLONG);
}

uint64_t fs_dir(int dirfd)
{
    return dirfd == AT_FDCWD ? FS_CWD : (uint32_t)dirfd;
}

size_t user_room(const void *at, size_t n)
{
    uint64_t start = (uint64_t)at, end = start + n, va = start;

    while (va < end && user_touch((void *)va) == 0)
        va = (va | PAGE_MASK) + 1;
    return (va < end ? va : end) - start;
}
