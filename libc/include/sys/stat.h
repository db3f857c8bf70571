/* File status: picolibc's declarations, and those that it hides on this target. */
#ifndef _FAULTLINE_SYS_STAT_H
#define _FAULTLINE_SYS_STAT_H

#include_next <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#undef S_BLKSIZE
#define S_BLKSIZE 512

#define UTIME_NOW (-2L)
#define UTIME_OMIT (-1L)

int lstat(const char *__restrict path, struct stat *__restrict st);
int mknod(const char *path, mode_t mode, dev_t dev);

#ifdef __cplusplus
}
#endif

#endif
