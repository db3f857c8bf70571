/* Calls that wait here: for children, for time, for signals. */
#ifndef PROC_PARK_H
#define PROC_PARK_H

#include "process.h"
#include "signal.h"

/* Answer the call that p is parked in. */
void park_answer(struct proc_service *s, struct process *p, int status, const void *rep, unsigned words);

/* The process ends: nobody hears the answer. */
void park_drop(struct proc_service *s, struct process *p);

/* Bodies of the calls: 0, an error, or PARKED with p->reply = reply. */
int park_wait(struct proc_service *s, struct process *p, slot_t reply,
              const struct proc_wait_req *req, struct proc_wait_rep *rep);
int park_sleep(struct proc_service *s, struct process *p, slot_t reply,
               const struct proc_sleep_req *req);
int park_suspend(struct proc_service *s, struct process *p, slot_t reply, uint64_t mask);
int park_sigwait(struct proc_service *s, struct process *p, slot_t reply,
                 const struct proc_sigwait_req *req, struct proc_sigwait_rep *rep);

/* A child of `parent` changed: it may be what the parent waits for. */
void park_child_changed(struct proc_service *s, struct process *parent);

/* Does p wait for that signal with sigwait? */
bool park_sigwait_wants(const struct process *p, unsigned signal);

/* Is something pending that p waits for with sigwait? Then it is answered. */
void park_sigwait_look(struct proc_service *s, struct process *p);

/* For calls that may stop their caller: if it is stopped now, hold the answer until it goes on.
 * => 0 or PARKED. */
int park_if_stopped(struct process *p, slot_t reply, const void *rep, unsigned words);

/* The time p waits for has come. */
void park_timeout(struct proc_service *s, struct process *p);

/* p was stopped while something may have happened that it waits for. */
void park_look_again(struct proc_service *s, struct process *p);

#endif
