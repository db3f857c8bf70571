/* Entries from the architecture's trap code. Each returns the thread to run. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "microkernel/kernel/cpu.h"

/* A system call of the running thread `t`, whose kept registers and pc are saved; its arguments
 * come as C arguments. */
struct tcb *syscall_entry(uint64_t slots, uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2,
                          uint64_t w3, struct tcb *t, uint64_t number);

/* The same in general, its arguments in its saved registers. */
struct tcb *syscall_general(struct tcb *t, uint64_t number);

/* A fault or interrupt; all registers are saved. */
struct tcb *fault_entry(struct tcb *t, uint64_t scause, uint64_t stval);
struct tcb *fault_general(struct tcb *t, uint64_t scause, uint64_t stval);
struct tcb *interrupt_entry(bool is_timer);

/* After anything: who runs now, with what waits for it done. */
struct tcb *kernel_leave(void);

#endif
