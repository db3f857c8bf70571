/* The system's calls: picolibc's declarations, and those that it lacks. */
#ifndef _FAULTLINE_UNISTD_H
#define _FAULTLINE_UNISTD_H

#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

int brk(void *end);
int getresuid(uid_t *real, uid_t *effective, uid_t *saved);
int getresgid(gid_t *real, gid_t *effective, gid_t *saved);

#ifdef __cplusplus
}
#endif

#endif
