/* Faults as messages. */
#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H

#include "microkernel/object/tcb.h"

/* The running thread faulted: retried at once if its PTE permits the access, sent to its fault
 * endpoint, or, without one, stopped. */
void fault_raise(struct tcb *t, uint64_t scause, uint64_t stval);

/* The PTE permits by now what the thread was refused (A and D are set as needed). */
bool fault_is_resolved(struct tcb *t);

/* Words of the message about `t` into the registers of the server. */
void fault_message(const struct tcb *t, struct tcb *server);

/* It was answered, or has vanished. */
void fault_end(struct tcb *t);

#endif
