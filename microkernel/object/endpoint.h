/* Endpoints: where callers and servers meet. At most one of the queues is not empty. */
#ifndef OBJECT_ENDPOINT_H
#define OBJECT_ENDPOINT_H

#include "microkernel/object/tcb.h"

struct endpoint {
    struct object object;
    struct queue receivers, senders; /* by priority, then in order of arrival */
    uint64_t unused[3];
};

/* It ends: some waiting threads get ERR_DEAD, queued faults are raised again.
 * => true when nobody waits any more. */
bool endpoint_drain_step(struct endpoint *ep);

#endif
