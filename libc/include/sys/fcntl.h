/* File control: picolibc's declarations, with a record of locks that holds any process's number, and
 * what this system has beside them. */
#ifndef _FAULTLINE_SYS_FCNTL_H
#define _FAULTLINE_SYS_FCNTL_H

#define flock _narrow_flock
#include_next <sys/fcntl.h>
#undef flock

struct flock {
    short l_type, l_whence;
    off_t l_start, l_len; /* l_len 0: to the end */
    pid_t l_pid;          /* F_GETLK: who is in the way; -1: an open file's lock */
};

#ifndef O_DSYNC
#define O_DSYNC O_SYNC
#define O_RSYNC O_SYNC
#endif

#if __GNU_VISIBLE
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif

#if __BSD_VISIBLE
#ifdef __cplusplus
extern "C" {
#endif
int flock(int fd, int operation);
#ifdef __cplusplus
}
#endif
#endif

#endif
