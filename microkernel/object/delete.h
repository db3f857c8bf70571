/* Deletion and revocation, in bounded steps that can be repeated from the start. */
#ifndef OBJECT_DELETE_H
#define OBJECT_DELETE_H

#include "microkernel/object/cap.h"

/* Result of an operation that stopped because an interrupt waits: the system call is to be made
 * again, and goes on where it was. Never seen by users. */
#define PREEMPTED 1

/* Empty `c`. Its children move up to its parent; the last capability ends the object, with
 * everything that the object holds. An empty `c` is fine.
 * => 0, PREEMPTED, or ERR_BUSY: a region with frames in use. */
int cap_delete(struct cap *c);

/* Delete all that was derived from `c`, directly or not. => as cap_delete(). */
int cap_revoke(struct cap *c);

#endif
