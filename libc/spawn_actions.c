/* File actions of posix_spawn(): a list that the child works off. */
#include "spawn.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    struct __posix_spawn_file_actions *list = malloc(sizeof *list);

    if (list == NULL)
        return ENOMEM;
    list->first = NULL;
    list->end = &list->first;
    *actions = list;
    return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
    struct spawn_action *next;

    for (struct spawn_action *a = (*actions)->first; a; a = next) {
        next = a->next;
        free(a);
    }
    free(*actions);
    *actions = NULL;
    return 0;
}

static int add(posix_spawn_file_actions_t *actions, struct spawn_action action, const char *path)
{
    size_t bytes = path ? strlen(path) + 1 : 0;
    struct spawn_action *a;

    if (action.fd < 0 || action.from < 0 || action.fd >= OPEN_MAX || action.from >= OPEN_MAX)
        return EBADF;
    a = malloc(sizeof *a + bytes);
    if (a == NULL)
        return ENOMEM;
    *a = action;
    if (path)
        memcpy(a->path, path, bytes);
    *(*actions)->end = a;
    (*actions)->end = &a->next;
    return 0;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd,
                                     const char *restrict path, int flags, mode_t mode)
{
    return add(actions,
               (struct spawn_action){.verb = SPAWN_OPEN, .fd = fd, .flags = flags, .mode = mode},
               path);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from, int to)
{
    return add(actions, (struct spawn_action){.verb = SPAWN_DUP2, .fd = to, .from = from}, NULL);
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
    return add(actions, (struct spawn_action){.verb = SPAWN_CLOSE, .fd = fd}, NULL);
}

int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *restrict actions,
                                      const char *restrict path)
{
    return add(actions, (struct spawn_action){.verb = SPAWN_CHDIR}, path);
}

int posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *actions, int fd)
{
    return add(actions, (struct spawn_action){.verb = SPAWN_FCHDIR, .fd = fd}, NULL);
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions,
                                         const char *restrict path)
{
    return posix_spawn_file_actions_addchdir(actions, path);
}

int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd)
{
    return posix_spawn_file_actions_addfchdir(actions, fd);
}

/* --- in the child ---------------------------------------------------------------------------- */

static int act_open(const struct spawn_action *a)
{
    int fd = open(a->path, a->flags, a->mode);

    if (fd < 0 || fd == a->fd)
        return fd;
    if (dup2(fd, a->fd) < 0)
        return -1;
    return close(fd);
}

/* Onto itself: open in the new program. */
static int act_dup2(const struct spawn_action *a)
{
    int flags;

    if (a->from != a->fd)
        return dup2(a->from, a->fd);
    flags = fcntl(a->fd, F_GETFD);
    return flags < 0 ? -1 : fcntl(a->fd, F_SETFD, flags & ~FD_CLOEXEC);
}

static int act(const struct spawn_action *a)
{
    switch (a->verb) {
    case SPAWN_OPEN:
        return act_open(a);
    case SPAWN_DUP2:
        return act_dup2(a);
    case SPAWN_CLOSE:
        close(a->fd);
        return 0;
    case SPAWN_CHDIR:
        return chdir(a->path);
    default:
        return fchdir(a->fd);
    }
}

/* The action means a descriptor of its own: the caller's goes to another number. */
static int move_away(int *keep)
{
    int fd = fcntl(*keep, F_DUPFD_CLOEXEC, *keep + 1);

    if (fd < 0)
        return -1;
    close(*keep);
    *keep = fd;
    return 0;
}

int spawn_act(const struct __posix_spawn_file_actions *actions, int *keep)
{
    for (const struct spawn_action *a = actions->first; a; a = a->next) {
        int names_keep = a->fd == *keep || (a->verb == SPAWN_DUP2 && a->from == *keep);

        if (a->verb != SPAWN_CHDIR && names_keep && move_away(keep))
            return -1;
        if (act(a) < 0)
            return -1;
    }
    return 0;
}
