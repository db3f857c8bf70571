/* Shared memory by name: files in /tmp, mapped shared. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"

static int shm_path(const char *name, char path[PATH_MAX])
{
    if (name[0] == '/')
        name++;
    if (!*name || strchr(name, '/'))
        return fail(EINVAL);
    if (strlen(name) > NAME_MAX - strlen("shm."))
        return fail(ENAMETOOLONG);
    snprintf(path, PATH_MAX, "/tmp/shm.%s", name);
    return 0;
}

int shm_open(const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];

    return shm_path(name, path) ? -1 : open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
}

int shm_unlink(const char *name)
{
    char path[PATH_MAX];

    return shm_path(name, path) ? -1 : unlink(path);
}
