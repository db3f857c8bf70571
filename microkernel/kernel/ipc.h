/* Messages between threads: calls, faults, answers, receiving. */
#ifndef KERNEL_IPC_H
#define KERNEL_IPC_H

#include <abi/syscall.h>
#include "microkernel/object/endpoint.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/reply.h"

/* A system call that returned this has no result: its thread waits. Never seen by users. */
#define BLOCKED 2

/* The message that `t` wants to send by its tag is well formed. => ERR_BADMSG, ERR_RANGE (words or a
 * capability, but no message page), ERR_RIGHTS (a capability, but it may not). */
int ipc_check_message(const struct tcb *t, uint64_t tag, bool may_grant);

/* The running thread calls. => BLOCKED, or an error of ipc_check_message(). */
int ipc_call(struct tcb *t, const struct cap *ep);

/* `t` sends what its fields say (a call or a fault) and waits for the answer. */
void ipc_send(struct tcb *t, struct endpoint *ep);

/* The running thread receives. `r` is FREE. => 0, BLOCKED, ERR_AGAIN (if it must not block). */
int ipc_receive(struct tcb *t, struct reply *r, struct endpoint *ep, bool may_block);
int ipc_wait(struct tcb *t, struct notification *n, bool may_block);

/* `r`, which holds a caller, may be answered by `t` with that tag.
 * => ipc_check_message(); ERR_BUSY: an upcall that cannot be. */
int ipc_check_answer(const struct tcb *t, const struct reply *r, uint64_t tag);

/* Answer with the words in the registers of `t`. => ipc_check_answer() was 0. */
void ipc_answer(struct tcb *t, struct reply *r, uint64_t tag);

#endif
