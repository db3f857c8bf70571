/* What programs and peers ask of proc: the handlers behind the dispatchers. */
#ifndef PROC_CALLS_H
#define PROC_CALLS_H

#include <lib/server/call.h>
#include <lib/server/peer.h>
#include "process.h"

/* Handle one call. => as a server's call handler. */
int calls_dispatch(struct proc_service *s, struct call *call);

/* Handle one request of a peer. */
void calls_from_pager(struct proc_service *s, struct peer *peer, const struct ring_entry *e);
void calls_from_files(struct proc_service *s, struct peer *peer, const struct ring_entry *e);

/* Timers that are due take effect. */
void calls_tick(struct proc_service *s);

#endif
