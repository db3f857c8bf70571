/* What the files of this library share among each other: errors, restarting of interrupted calls,
 * kinds of descriptors, start and end of the parts. */
#ifndef LIBC_INTERNAL_H
#define LIBC_INTERNAL_H

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/types.h>
#include <lib/server/boot.h>
#include <lib/sys/rpc.h>
#include <lib/sys/user.h>

/* errno for an error of the kernel or a server. */
int error_errno(int rc);

/* 0 for success, otherwise errno is set and -1 returned. */
static inline int result(int rc)
{
    if (__builtin_expect(rc == 0, 1))
        return 0;
    errno = error_errno(rc);
    return -1;
}

static inline int fail(int code)
{
    errno = code;
    return -1;
}

/* What the caller of a function points to, taken or given: 0, or -1 with EFAULT. Memory that the program
 * names is touched in no other way (<lib/sys/user.h>). */
#define USER_GET(object, from) result(user_copy(&(object), (from), sizeof(object)))
#define USER_PUT(to, ...)                                                                          \
    ({                                                                                             \
        const __typeof__(*(to)) user_put_ = __VA_ARGS__;                                           \
        result(user_copy((to), &user_put_, sizeof user_put_));                                     \
    })

/* How many of the n bytes at `at` can be written, from the start. */
size_t user_room(const void *at, size_t n);

/* Set when a handler without SA_RESTART ran; see RESTART. */
extern volatile int signal_interrupted;
extern volatile int signal_handled; /* set when any handler ran */

/* sys_call() that gives ERR_INTR instead if signal_handled is set, which a handler does: set it to 0
 * before anything that a signal should end. No moment is left in which one could be missed. */
int signal_call(slot_t slot, struct message *m);

/* Repeat a call that was interrupted, unless a handler ran that wants to be seen. */
#define RESTART(call)                                                                              \
    ({                                                                                             \
        int restart_rc_;                                                                           \
        do {                                                                                       \
            signal_interrupted = 0;                                                                \
            restart_rc_ = (call);                                                                  \
        } while (restart_rc_ == ERR_INTR && !signal_interrupted);                                  \
        restart_rc_;                                                                               \
    })

/* Length of a path for a message: 0 with *len, or ENOENT (empty), ENAMETOOLONG, EFAULT as errno. */
int path_length(const char *path, uint64_t *len);

/* fs's name for the directory argument of the *at functions. */
uint64_t fs_dir(int dirfd);

/* What is known of descriptors without asking: enum fs_kind, 0 = unknown. */
void fd_learn(int fd, unsigned kind);
unsigned fd_kind(int fd);

/* FIONREAD and FIONBIO of ioctl. */
int fd_pending(int fd, int *bytes);
int fd_set_nonblock(int fd, int on);

/* Absolute `time` values. */
struct timespec;
uint64_t deadline_after_ms(int ms);
uint64_t deadline_after(const struct timespec *ts);

/* The absolute `time` at which that clock shows *ts; 0: it was before the start. */
uint64_t clock_deadline(clockid_t id, const struct timespec *ts);

/* Spans of time and ticks of `time`; rounded up to ticks. */
uint64_t span_to_ticks(const struct timespec *ts);
struct timespec ticks_to_span(uint64_t ticks);

/* A valid span of time that the program points to, or -1 with EFAULT or EINVAL. */
int get_span(struct timespec *ts, const struct timespec *from);

/* waitpid() with the options of waitid(). => 0 or ERR_CHILD, ERR_INTR. */
struct proc_wait_rep;
int wait_call(pid_t pid, int options, struct proc_wait_rep *rep);

/* A file that is to be longer than RLIMIT_FSIZE: SIGXFSZ, ERR_FBIG. 0: it may. */
int file_too_large(off_t end);

struct rusage;
struct rusage rusage_of(uint64_t ticks, uint64_t faults);

/* What pthread_atfork() registered is run by this, if anything was. */
enum fork_stage { FORK_PREPARE, FORK_PARENT, FORK_CHILD };
extern void (*fork_handlers)(enum fork_stage stage);

/* fork() without those. */
int fork_plain(void);

/* What a handler or sigwaitinfo() is told, from the words that come with a signal. */
siginfo_t signal_info(int sig, int code, uint64_t from, uint64_t value);

void signal_start(void);
void signal_leave_faults(void); /* handlers of bad accesses are left by a jump */
void stdio_flush_all(void);

#endif
