/* What the library remembers of descriptors: only their kind, so that read and write go straight to
 * the server that has the bytes. Nothing depends on it: an unknown kind costs one more message. */
#include <proto/fs.h>
#include "internal.h"

static uint8_t kinds[FS_MAX_FDS];

void fd_learn(int fd, unsigned kind)
{
    if (fd >= 0 && fd < FS_MAX_FDS)
        kinds[fd] = (uint8_t)kind;
}

unsigned fd_kind(int fd)
{
    return fd >= 0 && fd < FS_MAX_FDS ? kinds[fd] : 0;
}
