/* Requests: taken from a pool, run, parked, woken, answered once.
 *
 *   FREE -> RUNS -> (answer) -> FREE
 *           RUNS -> DISK  -> RUNS      its run came to VFS_WAIT; again whenever the disk got on
 *           RUNS -> EVENT -> READY -> RUNS   its run came to VFS_PARK; woken by request_wake
 *           RUNS -> HELD -> (answer)   over, but posts to the pager still wait for credit
 *
 * A run never stops midway: it is the whole handler, from the top, with what request.phase and its
 * neighbours keep. Requests are run again in the order in which they parked.
 */
#ifndef FS_REQUEST_H
#define FS_REQUEST_H

#include <servers/fs/vfs.h>

/* Runs of a request end with 0, an error, VFS_WAIT or VFS_PARK. */
typedef int request_fn(struct vfs *v, struct request *r);

void requests_init(struct vfs *v);

/* => a fresh request, RUNS, or NULL: all are in use. */
struct request *request_new(struct vfs *v, enum source source, uint32_t op, uint64_t cookie);

/* => r->bytes = a copy of `bytes` if they fit what is left of the buffers. Else false. */
bool request_keep_bytes(struct vfs *v, struct request *r, const uint8_t *bytes, size_t len);

/* Give back one that never ran. */
void request_abandon(struct vfs *v, struct request *r);

/* Run it, and answer or park it. */
void request_run(struct vfs *v, struct request *r);

/* For handlers: name what to wait for. => VFS_PARK. */
int request_park(struct request *r, enum wait_kind wait, uint32_t id);

/* Let run again what waits for that; a poll whatever it is. */
void request_wake(struct vfs *v, enum wait_kind wait, uint32_t id);

/* Run again everything that is READY, and, if the disk got on, everything in DISK.
 * => whether anything ran. */
bool requests_rerun(struct vfs *v);

/* A signal has come for the process: what waits on pipe, terminal, lock or poll runs a last time. */
void request_interrupt(struct vfs *v, badge_t badge);

/* => a parked call of the process, or NULL. */
struct request *request_of(struct vfs *v, badge_t badge);

static inline uint32_t request_id(const struct vfs *v, const struct request *r)
{
    return (uint32_t)(r - v->requests);
}

/* Post on behalf of r; it parks until the completion (r->inflight reaches 0, r->status has the
 * worst of them, r->rep[0] word 0 of the last). */
void request_post(struct vfs *v, struct request *r, enum server_id peer, uint32_t op,
                  const uint64_t *words, uint32_t nwords);

/* The table of handlers (dispatch.c). NULL: no such operation. */
request_fn *request_handler(enum source source, uint32_t op);

/* request.phase of a call on the terminal: proc was asked what becomes of a background process, and
 * said that it may go on. */
enum terminal_phase { TERMINAL_ASKED = 64, TERMINAL_PASSED };

/* Operations of SOURCE_OWN. */
enum own_op { OWN_MOUNT = 1, OWN_SQUEEZE, OWN_SETTLE };

/* Cookies of what we post: kind << 32 | number. */
enum cookie_kind { COOKIE_REQUEST = 1, COOKIE_STREAM, COOKIE_DISCARD, COOKIE_EXT2, COOKIE_NONE };
#define COOKIE(kind, number) ((uint64_t)(kind) << 32 | (uint32_t)(number))

#endif
