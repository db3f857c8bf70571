/* Items: page work in batches, on a reply or by SYS_ITEMS. */
#ifndef KERNEL_ITEMS_H
#define KERNEL_ITEMS_H

#include "microkernel/object/reply.h"

/* Perform the items of a tag for the running thread, from where tcb.progress says. One item comes
 * in registers (`in_registers`), more in the message page; results in place. `r`: the reply that
 * they ride on, NULL if none.
 * => 0; PREEMPTED (progress is kept); an error: a5 = index of the item, earlier ones are done. */
int items_run(struct tcb *t, uint32_t n, bool in_registers, struct reply *r);

#endif
