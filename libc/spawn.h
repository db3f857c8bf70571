/* What the files of <spawn.h> share: attributes, and actions in the order in which they were added. */
#ifndef LIBC_SPAWN_H
#define LIBC_SPAWN_H

#include <sched.h>
#include <signal.h>
#include <spawn.h>

struct __posix_spawnattr {
    short flags;
    pid_t group;
    sigset_t defaults, mask;
    int policy;
    struct sched_param param;
};

enum spawn_verb { SPAWN_OPEN, SPAWN_DUP2, SPAWN_CLOSE, SPAWN_CHDIR, SPAWN_FCHDIR };

struct spawn_action {
    struct spawn_action *next;
    enum spawn_verb verb;
    int fd, from; /* from: of dup2 */
    int flags;
    mode_t mode;
    char path[];
};

struct __posix_spawn_file_actions {
    struct spawn_action *first, **end;
};

/* In the child. => 0, or -1 with errno at the first that fails. `*keep` is a descriptor of the caller
 * that stays open: it moves if an action asks for its number. */
int spawn_act(const struct __posix_spawn_file_actions *actions, int *keep);

#endif
