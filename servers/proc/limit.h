/* Limits of processes: kept here, with those of processor time and of processes in force. */
#ifndef PROC_LIMIT_H
#define PROC_LIMIT_H

#include "process.h"

/* Those of the first process, which all inherit. */
void limit_init(struct process *first);

/* => 0 or ERR_INVAL, ERR_PERM; see proc.def's rlimit. */
int limit_set(struct proc_service *s, struct process *p, uint64_t which, struct limit to);

/* May p fork, as far as the number of processes is concerned? */
bool limit_allows_fork(const struct proc_service *s, const struct process *p);

/* Time to look at what p used: SIGXCPU each second behind the soft limit, SIGKILL at the hard one; sets
 * the timer for the next look. */
void limit_check_time(struct proc_service *s, struct process *p);

#endif
