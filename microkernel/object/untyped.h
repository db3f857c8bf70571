/* Untyped memory: the only source of objects. Its state (base, size, first free byte) lives in its
 * one capability, which can be moved but not copied. */
#ifndef OBJECT_UNTYPED_H
#define OBJECT_UNTYPED_H

#include "microkernel/object/cspace.h"

#define RETYPE_COUNT_MAX 1024u

/* Make `count` objects of `type` in consecutive slots of `cs` from `slot` on. *left: bytes left.
 * => ERR_TYPE (not made from memory), ERR_RANGE, ERR_EXISTS, ERR_NOMEM, PREEMPTED (memory is
 * being cleared). On error nothing changed. */
int untyped_retype(struct cap *ut, uint32_t type, uint64_t count, uint64_t size,
                   struct cspace *cs, uint64_t slot, uint64_t *left);

/* Bytes that are left; all, if it has no children any more. */
uint64_t untyped_left(const struct cap *ut);

#endif
