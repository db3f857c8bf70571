/* Calls of programs to proc: processes, signals, time. */
#ifndef PROTO_PROC_H
#define PROTO_PROC_H

#define PROTO_NAME proc
#define PROTO_FILE <proto/proc.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#define PROC_SIG_TELL 3        /* disposition of sigaction: change nothing */
#define PROC_ITIMER_TELL 0x100 /* in `which` of itimer: change nothing */

#define PROC_RLIMIT_TELL 0x100 /* in `which` of rlimit: change nothing */
#define PROC_LIMITS 8
#define PROC_WAIT_GROUP 32     /* in `options` of wait: pid is a group; 0: the own one */

struct proc_info {
    uint64_t pid, ppid, pgid, sid, badge, state; /* enum proc_state */
    uint64_t ticks;
    char name[24];
};

enum proc_state { PROC_RUN = 0, PROC_SLEEP = 1, PROC_STOPPED = 2, PROC_ZOMBIE = 3 };

/* What exec hands over: this header, then argc + 1 and envc + 1 pointers (argv and envp, NULL at their ends, absolute in a
 * page-aligned block; offsets from the block in the reply to `args`), then the strings. */
struct exec_args {
    uint64_t bytes, argc, envc, argv, envp, path, fd; /* fd ~0: the loader opens path */
};

#endif
