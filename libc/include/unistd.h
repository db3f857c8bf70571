/* The system's calls: picolibc's declarations, and those that it lacks. */
#ifndef _FAULTLINE_UNISTD_H
#define _FAULTLINE_UNISTD_H

#include_next <unistd.h>

#if __GNU_VISIBLE && !defined SEEK_DATA
#define SEEK_DATA 3 /* holes inside of a file are data like others: they read as zeros */
#define SEEK_HOLE 4
#endif

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
