/* Calls that only Faultline has: what its pager and process server can be asked and told. Functions
 * return 0 or a count, or -1 with errno, as POSIX functions do.
 *
 * The structures and enumerations are those of the protocols: pager_stats, pager_proc_stats,
 * pager_vma, pager_fault, pager_param, pager_action (<proto/pager.h>), proc_info (<proto/proc.h>).
 */
#ifndef FAULTLINE_H
#define FAULTLINE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <proto/pager.h>
#include <proto/proc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Counters and frame counts of the whole system. */
int fl_pager_stats(struct pager_stats *stats);
/* Of one process; pid 0: the caller. ESRCH. */
int fl_pager_proc_stats(pid_t pid, struct pager_proc_stats *stats);
/* Areas of a process's address space in order. => how many were written to `list`, at most `max`.
 */
ssize_t fl_pmap(pid_t pid, struct pager_vma *list, size_t max);
/* The last faults of a process, oldest first, as far as they were recorded (fl_tune PAGER_TRACE).
 */
ssize_t fl_faults(pid_t pid, struct pager_fault *list, size_t max);

/* The replacement policy in use, as text that ends with a NUL. */
int fl_policy(char *name, size_t bytes);
/* Switch to another policy. ENOENT: there is none of that name. */
int fl_policy_set(const char *name);
/* All policies, one a line. */
int fl_policies(char *names, size_t bytes);
/* Set a parameter; *old (unless NULL) gets what it was. */
int fl_tune(enum pager_param param, uint64_t value, uint64_t *old);

/* All processes. => how many were written to `list`, at most `max`. */
ssize_t fl_processes(struct proc_info *list, size_t max);
/* Figures of the boot. */
int fl_boot(struct proc_boot_rep *boot);
/* End of the system: all processes are ended, everything is written. Does not come back. */
int fl_shutdown(int status);

#ifdef __cplusplus
}
#endif

#endif
