/* Limits of this system. */
#ifndef _SYS_SYSLIMITS_H_
#define _SYS_SYSLIMITS_H_

#define ARG_MAX 524288 /* bytes of arguments, environment and their pointers */
#define CHILD_MAX 256
#define OPEN_MAX 256
#define LINK_MAX 32000
#define MAX_CANON 255
#define MAX_INPUT 255
#define NAME_MAX 255
#define PATH_MAX 1024
#define PIPE_BUF 4096
#define NGROUPS_MAX 16
#define IOV_MAX 1024
#define HOST_NAME_MAX 64
#define LOGIN_NAME_MAX 32
#define TTY_NAME_MAX 32
#define SYMLINK_MAX 1023
#define SYMLOOP_MAX 40
#define PASS_MAX 128
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_KEYS_MAX 128
#define PTHREAD_STACK_MIN 16384
#define PTHREAD_THREADS_MAX 1
#define SEM_VALUE_MAX 0x7fffffff
#define RTSIG_MAX 32
#define SIGQUEUE_MAX 128 /* signals queued for one process */
#define TIMER_MAX 32
#define DELAYTIMER_MAX 0x7fffffff
#define SSIZE_MAX 9223372036854775807L
#define PAGESIZE 4096
#define ATEXIT_MAX 32
#define RE_DUP_MAX 255
#define LINE_MAX 2048
#define BC_BASE_MAX 99
#define BC_DIM_MAX 2048
#define BC_SCALE_MAX 99
#define BC_STRING_MAX 1000
#define COLL_WEIGHTS_MAX 2
#define EXPR_NEST_MAX 32
#define CHARCLASS_NAME_MAX 14

#endif
