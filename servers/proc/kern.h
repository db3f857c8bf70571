/* What proc asks of the kernel and of its peers. kern.c does it; host tests have a model in its place.
 * Nothing here fails but what says so. */
#ifndef PROC_KERN_H
#define PROC_KERN_H

#include "process.h"

/* --- threads: of the pool slot of `p` -------------------------------------------------------- */

/* Give the process its capabilities (badge) and its thread its fault endpoint. => 0 or an error. */
int kern_thread_prepare(const struct process *p);

/* From the loader's entry, fresh stack; a0 = argument block (0: ask). Not masked, no upcall entry. */
void kern_thread_start(const struct process *p, vaddr_t args);

/* As a copy of the parent, in whose fork call it answers 0. */
void kern_thread_fork(const struct process *child, const struct process *parent);

/* Out of any call, which fails with ERR_INTR if the thread is resumed. */
void kern_thread_stop(const struct process *p);
void kern_thread_resume(const struct process *p);

/* Is it in user mode (as opposed to waiting for an answer of a server or the pager)? */
bool kern_thread_is_running(const struct process *p);

void kern_thread_usage(const struct process *p, ticks_t *ticks, uint64_t *faults);

/* Take its capabilities away; the slot may be used again. */
void kern_thread_retire(const struct process *p);

void kern_set_entry(const struct process *p, vaddr_t entry);

/* Deliver a signal: ERR_BUSY if that isn't possible now. */
int kern_upcall(const struct process *p, const struct signal_info *info, uint64_t mask);

/* --- answers --------------------------------------------------------------------------------- */

/* Answer a parked call; the caller may have gone. `words` words at rep. */
void kern_answer(slot_t reply, int status, const void *rep, unsigned words);

/* --- peers ----------------------------------------------------------------------------------- */

enum kern_peer { KERN_PAGER, KERN_FS };

/* Post a request; life_completed() is called with (p, peer, status) when it is answered, unless p is
 * NULL: then nobody cares. */
void kern_post(enum kern_peer peer, uint32_t op, const void *req, unsigned words, struct process *p);

/* --- time, system ---------------------------------------------------------------------------- */

uint64_t kern_now(void);

/* Instructions counted while the hart waited. */
uint64_t kern_idle(void);
void kern_log(const char *line);
void kern_shutdown(uint64_t status);
void kern_quiesced(uint64_t head);

#endif
