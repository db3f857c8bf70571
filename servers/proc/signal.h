/* Signals: dispositions, masks, pending sets; what a signal does to a process. */
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include "pending.h"

/* Numbers as in libc's <sys/signal.h>. */
enum signal_number {
    SIG_HUP = 1, SIG_INT = 2, SIG_QUIT = 3, SIG_ILL = 4, SIG_TRAP = 5, SIG_ABRT = 6, SIG_FPE = 8,
    SIG_KILL = 9, SIG_BUS = 10, SIG_SEGV = 11, SIG_PIPE = 13, SIG_ALRM = 14, SIG_TERM = 15,
    SIG_URG = 16, SIG_STOP = 17, SIG_TSTP = 18, SIG_CONT = 19, SIG_CHLD = 20, SIG_TTIN = 21,
    SIG_TTOU = 22, SIG_IO = 23, SIG_XCPU = 24, SIG_VTALRM = 26, SIG_PROF = 27, SIG_WINCH = 28,
};
enum signal_code { CODE_USER = 0, CODE_QUEUE = -1, CODE_TIMER = -2, CODE_KERNEL = 128,
                   CLD_EXITED = 1, CLD_KILLED = 2, CLD_STOPPED = 5, CLD_CONTINUED = 6 };

#define SIGNALS_UNBLOCKABLE (SIGNAL_BIT(SIG_KILL) | SIGNAL_BIT(SIG_STOP))

/* Send to one process; takes effect at once as far as it can. Harmless for one that ended.
 * => PENDING_KEPT if it was delivered or will be; PENDING_FULL: one of CODE_QUEUE was not sent, others
 *    without what they tell. */
enum pending_result signal_send(struct proc_service *s, struct process *p,
                                const struct signal_info *info);

/* To every process of a group. => false: there is none. */
bool signal_send_group(struct proc_service *s, uint32_t pgid, const struct signal_info *info);

/* Let pending signals that are not blocked take effect. */
void signal_deliver(struct proc_service *s, struct process *p);

/* Is there one that would be delivered to a handler or end the process? */
bool signal_is_due(const struct process *p);

/* fsproc's `background`: p uses its terminal out of turn. => 0 with *held, or ERR_IO. */
int signal_background(struct proc_service *s, struct process *p, unsigned signal, uint64_t *held);

void signal_set_action(struct proc_service *s, struct process *p, unsigned signal,
                       struct action action);
void signal_set_mask(struct proc_service *s, struct process *p, uint64_t mask);

/* Take one pending signal of `set`. => false: none. */
bool signal_take(struct proc_service *s, struct process *p, uint64_t set, struct signal_info *info);

/* Handlers of the old image are gone. */
void signal_exec(struct proc_service *s, struct process *p);

/* It is time to try again what the thread prevented. */
void signal_retry(struct proc_service *s, struct process *p);

/* Only in the books (s->nstopped); nothing happens to the thread. */
void signal_set_stopped(struct proc_service *s, struct process *p, bool is_stopped);

/* p was answered or started while it is stopped by a signal. */
void signal_stop_again(struct proc_service *s, struct process *p);

#endif
