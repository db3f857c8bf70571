/* Attributes of posix_spawn(): kept, and told again. */
#include "spawn.h"
#include <stdlib.h>
#include "internal.h"

#define KNOWN                                                                                      \
    (POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSCHEDPARAM |                    \
     POSIX_SPAWN_SETSCHEDULER | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID)

int posix_spawnattr_init(posix_spawnattr_t *attr)
{
    *attr = calloc(1, sizeof **attr);
    return *attr ? 0 : ENOMEM;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attr)
{
    free(*attr);
    *attr = NULL;
    return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags)
{
    if (flags & ~KNOWN)
        return EINVAL;
    (*attr)->flags = flags;
    return 0;
}

/* The rest differs in the field only. */
#define GET(name, type, field)                                                                     \
    int posix_spawnattr_get##name(const posix_spawnattr_t *restrict attr, type *restrict value)    \
    {                                                                                              \
        *value = (*attr)->field;                                                                   \
        return 0;                                                                                  \
    }
#define SET(name, type, field)                                                                     \
    int posix_spawnattr_set##name(posix_spawnattr_t *attr, type value)                             \
    {                                                                                              \
        (*attr)->field = value;                                                                    \
        return 0;                                                                                  \
    }
#define SET_BY_ADDRESS(name, type, field)                                                          \
    int posix_spawnattr_set##name(posix_spawnattr_t *restrict attr, const type *restrict value)    \
    {                                                                                              \
        (*attr)->field = *value;                                                                   \
        return 0;                                                                                  \
    }

GET(flags, short, flags)
GET(pgroup, pid_t, group)
SET(pgroup, pid_t, group)
GET(schedpolicy, int, policy)
SET(schedpolicy, int, policy)
GET(schedparam, struct sched_param, param)
SET_BY_ADDRESS(schedparam, struct sched_param, param)
GET(sigdefault, sigset_t, defaults)
SET_BY_ADDRESS(sigdefault, sigset_t, defaults)
GET(sigmask, sigset_t, mask)
SET_BY_ADDRESS(sigmask, sigset_t, mask)
