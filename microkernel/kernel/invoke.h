/* Invocations: SYS_CALL on anything but an endpoint or a reply object. */
#ifndef KERNEL_INVOKE_H
#define KERNEL_INVOKE_H

#include "microkernel/object/tcb.h"

/* Perform what the label and the words in the registers of the running thread ask of `c`; results
 * in its registers. => 0, an error, or PREEMPTED. */
int invoke(struct tcb *t, struct cap *c);

/* The parts, by kind of object. `w`: the four words, in and out; nothing is written on error. */
int invoke_cspace(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4]);
int invoke_tcb(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4]);

#endif
