/* Waiting for children. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <signal.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WNOHANG 1
#define WUNTRACED 2
#define WSTOPPED 2
#define WEXITED 4
#define WCONTINUED 8
#define WNOWAIT 16

/* exit: code << 8; signal: low 7 bits; stopped: 0x7f | signal << 8; continued: 0xffff. */
#define WIFEXITED(w) (((w) & 0x7f) == 0)
#define WEXITSTATUS(w) (((w) >> 8) & 0xff)
#define WIFSIGNALED(w) (((w) & 0x7f) != 0 && ((w) & 0x7f) != 0x7f)
#define WTERMSIG(w) ((w) & 0x7f)
#define WCOREDUMP(w) ((w) & 0x80)
#define WIFSTOPPED(w) (((w) & 0xff) == 0x7f)
#define WSTOPSIG(w) (((w) >> 8) & 0xff)
#define WIFCONTINUED(w) ((w) == 0xffff)

typedef enum { P_ALL, P_PID, P_PGID } idtype_t;

struct rusage;

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
pid_t wait3(int *status, int options, struct rusage *usage);
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
int waitid(idtype_t type, id_t id, siginfo_t *info, int options);

#ifdef __cplusplus
}
#endif

#endif
