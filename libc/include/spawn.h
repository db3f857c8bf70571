/* Starting programs: picolibc's declarations, and what POSIX has beside them. */
#ifndef _FAULTLINE_SPAWN_H
#define _FAULTLINE_SPAWN_H

#include <sched.h>
#include_next <spawn.h>

#ifdef __cplusplus
extern "C" {
#endif

#define POSIX_SPAWN_SETSID 0x40

int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *__restrict actions,
                                      const char *__restrict path);
int posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *actions, int fd);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *__restrict actions,
                                         const char *__restrict path);
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd);

#ifdef __cplusplus
}
#endif

#endif
