/* The system's calls: picolibc's declarations, and those that it lacks. */
#ifndef _FAULTLINE_UNISTD_H
#define _FAULTLINE_UNISTD_H

#include_next <unistd.h>

#if __GNU_VISIBLE && !defined SEEK_DATA
#define SEEK_DATA 3 /* holes inside of a file are data like others: they read as zeros */
#define SEEK_HOLE 4
#endif

/* Names of confstr(). */
#define _CS_PATH 0
#define _CS_POSIX_V7_ILP32_OFF32_CFLAGS 1
#define _CS_POSIX_V7_ILP32_OFF32_LDFLAGS 2
#define _CS_POSIX_V7_ILP32_OFF32_LIBS 3
#define _CS_POSIX_V7_ILP32_OFFBIG_CFLAGS 4
#define _CS_POSIX_V7_ILP32_OFFBIG_LDFLAGS 5
#define _CS_POSIX_V7_ILP32_OFFBIG_LIBS 6
#define _CS_POSIX_V7_LP64_OFF64_CFLAGS 7
#define _CS_POSIX_V7_LP64_OFF64_LDFLAGS 8
#define _CS_POSIX_V7_LP64_OFF64_LIBS 9
#define _CS_POSIX_V7_LPBIG_OFFBIG_CFLAGS 10
#define _CS_POSIX_V7_LPBIG_OFFBIG_LDFLAGS 11
#define _CS_POSIX_V7_LPBIG_OFFBIG_LIBS 12
#define _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS 13
#define _CS_POSIX_V7_THREADS_CFLAGS 14
#define _CS_POSIX_V7_THREADS_LDFLAGS 15
#define _CS_V7_ENV 16

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
