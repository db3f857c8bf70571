/* The pager as its dispatchers see it. */
#ifndef PAGER_SERVICE_H
#define PAGER_SERVICE_H

#include "pager.h"
#include <lib/server/call.h>
#include <lib/server/ring.h>

struct pager_service {
    struct pager pager;
};

/* A call of a program. => 0 or an error, laid out in `call`; PARKED. */
int service_call(struct pager_service *self, struct call *call);

/* A request of fs or proc. => 0, an error, or PARKED: completed later through kern_complete. */
int service_request(struct pager_service *self, enum server_id peer, const struct ring_entry *e);

/* init asks to write everything. */
int service_quiesce(struct pager_service *self, uint64_t head);

/* fs or swap completed what was posted with `cookie`; rep[0] is the first reply word. */
void service_completed(struct pager_service *self, enum server_id peer, uint32_t op,
                       uint64_t cookie, int status, const uint64_t *rep);

#endif
