/* The order in which the system goes down: quiesce proc, pager, fs, swap, blk, one after the other,
 * then finish to the console, then power off. Pure: events in, the next step out. A server that is
 * dead is skipped; one that does not answer in time is given up and named.
 *
 *   IDLE -> QUIESCE(proc) -> QUIESCE(pager) -> QUIESCE(fs) -> QUIESCE(swap) -> QUIESCE(blk)
 *        -> FINISH(console) -> OFF
 */
#ifndef SERVERS_INIT_SHUTDOWN_H
#define SERVERS_INIT_SHUTDOWN_H

#include <stdbool.h>
#include <stdint.h>
#include <lib/server/boot.h>

enum shutdown_step { SHUTDOWN_IDLE, SHUTDOWN_QUIESCE, SHUTDOWN_FINISH, SHUTDOWN_OFF };

struct shutdown {
    enum shutdown_step step;
    enum server_id server;  /* whose answer is awaited */
    unsigned place;         /* in the order */
    bool has_failed;        /* some server was dead, late, or reported an error */
    uint64_t status;        /* for the host */
};

/* Begin, unless it has begun. `dead`: bit per server that cannot be asked. => true: it has begun now;
 * do what `step` and `server` say. */
bool shutdown_begin(struct shutdown *s, uint64_t status, uint32_t dead);

/* The server awaited answered with `status`, or died (`dead` has its bit), or its time is over.
 * => true: there is a new step to do. Answers of others change nothing. */
bool shutdown_answered(struct shutdown *s, enum server_id from, int status, uint32_t dead);
bool shutdown_gave_up(struct shutdown *s, uint32_t dead);

#endif
