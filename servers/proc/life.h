/* Birth, exec and death of processes: what proc does together with pager and fs. */
#ifndef PROC_LIFE_H
#define PROC_LIFE_H

#include "kern.h"
#include "process.h"

/* The first process; it runs when both peers have made their part. */
void life_first(struct proc_service *s);

/* 0 is never returned: PARKED, or ERR_AGAIN (no slot). */
int life_fork(struct proc_service *s, struct process *p, slot_t reply);

/* PARKED, or an error. `name`: of the new image. */
int life_exec(struct proc_service *s, struct process *p, slot_t reply,
              const struct proc_exec_req *req, const char *name);

/* The process ends with this wait status (exit: code << 8; signal: its number). Now, or when the
 * operation that it takes part in is complete. */
void life_end(struct proc_service *s, struct process *p, uint32_t status);

/* A peer answered what was posted for p. */
void life_completed(struct proc_service *s, struct process *p, enum kern_peer peer, int status);

/* End all processes; kern_quiesced(head) when they are gone. */
void life_quiesce(struct proc_service *s, uint64_t head);

#endif
