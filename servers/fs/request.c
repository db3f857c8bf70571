/* The life of requests: pool, parking, waking, answering. What they do is in the handlers. */
#include <servers/fs/request.h>
#include <servers/fs/node.h>
#include <servers/fs/process.h>
#include <proto/pagefs.h>
#include <proto/procfs.h>
#include <string.h>

void requests_init(struct vfs *v)
{
    for (uint32_t i = VFS_REQUESTS; i-- > 0;) {
        v->requests[i].next = v->request_free;
        v->request_free = &v->requests[i];
    }
    for (v->nlarge = 0; v->nlarge < VFS_LARGE; v->nlarge++)
        v->large_free[v->nlarge] = (int16_t)v->nlarge;
}

struct request *request_new(struct vfs *v, enum source source, uint32_t op, uint64_t cookie)
{
    struct request *r = v->request_free;
    if (!r)
        return NULL;
    v->request_free = r->next;
    memset(r, 0, offsetof(struct request, small));
    r->source = (uint8_t)source;
    r->state = REQUEST_RUNS;
    r->op = (uint16_t)op;
    r->cookie = cookie;
    r->large = -1;
    return r;
}

bool request_keep_bytes(struct vfs *v, struct request *r, const uint8_t *bytes, size_t len)
{
    r->bytes = r->small;
    r->nbytes = (uint32_t)len;
    if (len > REQUEST_SMALL) {
        if (v->nlarge == 0)
            return false;
        r->large = v->large_free[--v->nlarge];
        r->bytes = v->large[r->large];
    }
    if (len > 0)
        memcpy(r->bytes, bytes, len);
    return true;
}

void request_abandon(struct vfs *v, struct request *r)
{
    if (r->node)
        node_drop(v, r->node);
    if (r->large >= 0)
        v->large_free[v->nlarge++] = r->large;
    r->state = REQUEST_FREE;
    r->next = v->request_free;
    v->request_free = r;
}

/* --- the parked list ------------------------------------------------------------------------- */

static void park(struct vfs *v, struct request *r, enum request_state state)
{
    r->state = (uint8_t)state;
    r->next = NULL;
    r->prev = v->parked_last;
    if (r->prev)
        r->prev->next = r;
    else
        v->parked_first = r;
    v->parked_last = r;
}

static void unpark(struct vfs *v, struct request *r)
{
    if (r->prev)
        r->prev->next = r->next;
    else
        v->parked_first = r->next;
    if (r->next)
        r->next->prev = r->prev;
    else
        v->parked_last = r->prev;
    r->next = r->prev = NULL;
}

int request_park(struct request *r, enum wait_kind wait, uint32_t id)
{
    r->wait = (uint8_t)wait;
    r->wait_id = id;
    return VFS_PARK;
}

static bool is_polled(enum wait_kind wait)
{
    return wait == WAIT_PIPE || wait == WAIT_TTY || wait == WAIT_INPUT || wait == WAIT_OUTPUT;
}

void request_wake(struct vfs *v, enum wait_kind wait, uint32_t id)
{
    for (struct request *r = v->parked_first; r; r = r->next) {
        if (r->state != REQUEST_EVENT)
            continue;
        if ((r->wait == wait && r->wait_id == id) || (r->wait == WAIT_POLL && is_polled(wait)))
            r->state = REQUEST_READY;
    }
}

void request_interrupt(struct vfs *v, badge_t badge)
{
    struct request *r = request_of(v, badge);
    if (!r)
        return;
    bool ends = is_polled(r->wait) || r->wait == WAIT_POLL || r->wait == WAIT_LOCK
                || r->wait == WAIT_BACKGROUND;
    r->is_interrupted = true; /* also if it waits for the disk: it may come to wait for longer */
    if (ends && r->state == REQUEST_EVENT)
        r->state = REQUEST_READY;
}

struct request *request_of(struct vfs *v, badge_t badge)
{
    for (struct request *r = v->parked_first; r; r = r->next)
        if (r->source == SOURCE_CALL && r->badge == badge)
            return r;
    return NULL;
}

/* --- answers --------------------------------------------------------------------------------- */

static uint32_t reply_words(const struct request *r)
{
    return r->source == SOURCE_CALL    ? fs_words(r->op).rep
           : r->source == SOURCE_PAGER ? pagefs_words(r->op).rep
           : r->source == SOURCE_PROC  ? procfs_words(r->op).rep
                                       : 0;
}

static void answer(struct vfs *v, struct request *r, int status)
{
    const struct vfs_ports *p = &v->ports;
    uint32_t nwords = reply_words(r), nout = status == 0 ? r->nout : 0;
    if (r->source == SOURCE_CALL)
        p->answer(p->self, r->cookie, status, r->rep, nwords, r->out, nout);
    else if (r->source == SOURCE_PAGER)
        p->complete(p->self, SRV_PAGER, r->cookie, status, r->rep, nwords);
    else if (r->source == SOURCE_PROC)
        p->complete(p->self, SRV_PROC, r->cookie, status, r->rep, nwords);
    else if (r->source == SOURCE_INIT)
        p->complete(p->self, SRV_INIT, r->cookie, status, r->rep, nwords);
    badge_t badge = r->badge;
    bool is_call = r->source == SOURCE_CALL;
    request_abandon(v, r);
    if (is_call)
        request_wake(v, WAIT_PROCESS, BADGE_SLOT(badge));
}

static void finish(struct vfs *v, struct request *r, int status)
{
    if (r->has_posted && r->nout == 0 && v->ports.has_backlog(v->ports.self, SRV_PAGER)) {
        r->status = status;
        park(v, r, REQUEST_HELD);
    } else {
        answer(v, r, status);
    }
}

/* --- running --------------------------------------------------------------------------------- */

/* A disk that is full for now may have blocks that are free but not yet given back. */
static bool may_squeeze(const struct vfs *v, const struct request *r, int status)
{
    bool is_write = r->source == SOURCE_PAGER && r->op == pagefs_OP_write;
    return status == ERR_NOSPC && !r->is_squeezed && !is_write && r->source != SOURCE_OWN
           && v->is_mounted;
}

static int squeeze(struct vfs *v, struct request *r)
{
    r->is_squeezed = true;
    if (!v->squeeze) {
        v->squeeze = request_new(v, SOURCE_OWN, OWN_SQUEEZE, 0);
        if (!v->squeeze)
            return ERR_NOSPC;
        park(v, v->squeeze, REQUEST_READY);
    }
    return request_park(r, WAIT_SQUEEZE, 0);
}

static int run_once(struct vfs *v, struct request *r)
{
    request_fn *handler = request_handler(r->source, r->op);
    uint64_t key = request_id(v, r) + 1;
    if (v->ports.room(v->ports.self, SRV_PAGER) < VFS_MAX_POSTS)
        return request_park(r, WAIT_ROOM, 0);
    r->nout = 0;
    if (!v->fs)
        return handler(v, r);
    ext2_run_begin(v->fs, key);
    int status = handler(v, r);
    ext2_run_end(v->fs, key, status == VFS_PARK ? 0 : status);
    return status;
}

void request_run(struct vfs *v, struct request *r)
{
    r->state = REQUEST_RUNS;
    int status = run_once(v, r);
    if (may_squeeze(v, r, status))
        status = squeeze(v, r);
    v->work_due |= status == VFS_WAIT;
    if (status == VFS_WAIT)
        park(v, r, REQUEST_DISK);
    else if (status == VFS_PARK)
        park(v, r, r->wait == WAIT_PEER && r->inflight == 0 ? REQUEST_READY : REQUEST_EVENT);
    else
        finish(v, r, status);
}

static bool is_runnable(const struct vfs *v, const struct request *r, bool disk)
{
    if (r->state == REQUEST_HELD)
        return !v->ports.has_backlog(v->ports.self, SRV_PAGER);
    if (r->state == REQUEST_EVENT && r->wait == WAIT_ROOM)
        return v->ports.room(v->ports.self, SRV_PAGER) >= VFS_MAX_POSTS;
    return r->state == REQUEST_READY || (disk && r->state == REQUEST_DISK);
}

bool requests_rerun(struct vfs *v)
{
    bool any = false, disk = v->disk_moved;
    struct request *last = v->parked_last, *next = v->parked_first;
    v->disk_moved = false;
    v->work_due |= disk;
    for (struct request *r = next; r; r = next) {
        next = r == last ? NULL : r->next;
        if (!is_runnable(v, r, disk))
            continue;
        any = true;
        unpark(v, r);
        r->out = v->out[1];
        if (r->state == REQUEST_HELD)
            answer(v, r, r->status);
        else
            request_run(v, r);
    }
    return any;
}

void request_post(struct vfs *v, struct request *r, enum server_id peer, uint32_t op,
                  const uint64_t *words, uint32_t nwords)
{
    r->inflight++;
    v->ports.post(v->ports.self, peer, op, COOKIE(COOKIE_REQUEST, request_id(v, r)), words, nwords);
}
