/* Requests of fs, proc and init (<proto/fspage.def>, <proto/procpager.def>), and completions of what the
 * pager asked for. What is done at once is answered by the dispatcher; the rest becomes a job. */
#include "service.h"
#include "anon.h"
#include "aspace.h"
#include "fileio.h"
#include "job.h"
#include "kern.h"
#include "object.h"
#include "reclaim.h"
#include "stream.h"
#include <proto/fspage.h>
#include <proto/pagefs.h>
#include <proto/procpager.h>
#include <proto/swap.h>

/* --- fs ------------------------------------------------------------------------------------------ */

static int on_stream_add(struct pager *pg, const struct fspage_stream_add_req *req)
{
    struct stream_key key = {.id = req->stream, .number = req->object, .size = req->size,
                             .epoch = req->fd_epoch >> 32, .flags = req->flags};
    return stream_add(pg, req->badge, (uint32_t)req->fd_epoch, &key);
}

static int on_stream_drop(struct pager *pg, const struct fspage_stream_drop_req *req)
{
    uint32_t slot = BADGE_SLOT(req->badge);
    if (slot < POOL_SLOTS && pg->aspaces[slot].badge == req->badge &&
        pg->aspaces[slot].state != AS_FREE)
        stream_drop(pg, &pg->aspaces[slot], req->fd);
    return 0;
}

/* A job on an object; it keeps the object until it ends. */
static int object_job(struct pager *pg, enum job_kind kind, uint64_t head, struct object *o,
                      uint64_t a)
{
    struct job *j = job_new(pg, kind, SRV_FS, head);
    if (j == NULL)
        return ERR_BUSY;
    j->a = a;
    j->stamp = pg->stamp++;
    j->errors = pg->write_errors;
    if (o != NULL) {
        j->object = object_id(pg, o);
        o->nstreams++;
    }
    return PARKED;
}

static int on_truncate(struct pager *pg, uint64_t head, const struct fspage_truncate_req *req)
{
    struct object *o = object_find(pg, req->object, req->epoch);
    if (o == NULL)
        return 0;
    int status = object_job(pg, JOB_TRUNCATE, head, o, req->size);
    if (status == PARKED)
        o->flags |= OBJECT_SHRINKING;
    return status;
}

static int on_discard(struct pager *pg, uint64_t head, const struct fspage_discard_req *req)
{
    struct object *o = object_find(pg, req->object, req->epoch);
    return o == NULL ? 0 : object_job(pg, JOB_DISCARD, head, o, 0);
}

static int on_flush(struct pager *pg, uint64_t head, const struct fspage_flush_req *req)
{
    struct object *o = req->object == 0 ? NULL : object_find(pg, req->object, req->epoch);
    if (req->object != 0 && o == NULL)
        return 0;
    return object_job(pg, JOB_FLUSH, head, o, 0);
}

static int fs_request(struct pager *pg, const struct ring_entry *e)
{
    const void *req = e->word;
    const struct fspage_stream_flags_req *flags = req;
    switch (RING_OP(e->head)) {
    case fspage_OP_stream_add:
        return on_stream_add(pg, req);
    case fspage_OP_stream_drop:
        return on_stream_drop(pg, req);
    case fspage_OP_stream_flags:
        stream_set_flags(pg, flags->stream, flags->flags);
        return 0;
    case fspage_OP_truncate:
        return on_truncate(pg, e->head, req);
    case fspage_OP_discard:
        return on_discard(pg, e->head, req);
    case fspage_OP_flush:
        return on_flush(pg, e->head, req);
    default:
        return ERR_BADMSG;
    }
}

/* --- proc ---------------------------------------------------------------------------------------- */

/* A job of proc on address spaces. */
static int proc_job(struct pager *pg, enum job_kind kind, uint64_t head, uint64_t a, uint64_t b)
{
    struct job *j = job_new(pg, kind, SRV_PROC, head);
    if (j == NULL)
        return ERR_BUSY;
    j->a = a;
    j->b = b;
    return PARKED;
}

static int on_clone(struct pager *pg, uint64_t head, const struct procpager_clone_req *req)
{
    struct aspace *parent = aspace_find(pg, req->parent);
    if (parent == NULL)
        return ERR_GONE;
    aspace_cancel(pg, parent);
    return proc_job(pg, JOB_CLONE, head, req->parent, req->child);
}

static int on_destroy(struct pager *pg, uint64_t head, uint64_t badge)
{
    struct aspace *as = aspace_find(pg, badge);
    if (as == NULL)
        return ERR_GONE;
    int status = proc_job(pg, JOB_DESTROY, head, badge, 0);
    if (status == PARKED)
        aspace_destroy_begin(pg, as);
    return status;
}

static int proc_request(struct pager *pg, const struct ring_entry *e)
{
    const void *req = e->word;
    const struct procpager_exec_req *exec = req;
    struct aspace *as;
    switch (RING_OP(e->head)) {
    case procpager_OP_create:
        return proc_job(pg, JOB_CREATE, e->head, e->word[0], 0);
    case procpager_OP_clone:
        return on_clone(pg, e->head, req);
    case procpager_OP_exec:
        as = aspace_find(pg, exec->badge);
        return as == NULL ? ERR_GONE : aspace_exec(pg, as, exec->args, exec->bytes);
    case procpager_OP_destroy:
        return on_destroy(pg, e->head, e->word[0]);
    default:
        return ERR_BADMSG;
    }
}

/* --- all ------------------------------------------------------------------------------------------ */

int service_request(struct pager_service *self, enum server_id peer, const struct ring_entry *e)
{
    self->pager.now = kern_time();
    switch (peer) {
    case SRV_FS:
        return fs_request(&self->pager, e);
    case SRV_PROC:
        return proc_request(&self->pager, e);
    default:
        return ERR_BADMSG;
    }
}

int service_quiesce(struct pager_service *self, uint64_t head)
{
    struct pager *pg = &self->pager;
    struct job *j = job_new(pg, JOB_QUIESCE, SRV_INIT, head);
    if (j == NULL)
        return ERR_BUSY;
    j->stamp = pg->stamp++;
    j->errors = pg->write_errors;
    return PARKED;
}

static void fs_completed(struct pager *pg, uint32_t op, uint64_t cookie, int status, uint64_t rep)
{
    switch (op) {
    case pagefs_OP_fill:
    case pagefs_OP_write:
    case pagefs_OP_credit:
        fileio_done(pg, op, cookie, status, rep);
        break;
    case pagefs_OP_sync:
        job_sync_done(pg, cookie, status);
        break;
    default:
        break;
    }
    if (pg->nfree < pg->high || pg->memory.head != NONE)
        pg->work |= WORK_RECLAIM;
}

static void swap_info(struct pager *pg, int status, uint64_t total)
{
    pg->swap_total = status != 0 ? 0 : total < pg->nanons ? total : pg->nanons;
}

void service_completed(struct pager_service *self, enum server_id peer, uint32_t op,
                       uint64_t cookie, int status, const uint64_t *rep)
{
    struct pager *pg = &self->pager;
    if (peer == SRV_FS)
        fs_completed(pg, op, cookie, status, rep[0]);
    else if (peer == SRV_SWAP && op == swap_OP_info)
        swap_info(pg, status, rep[0]);
    else if (peer == SRV_SWAP && (op == swap_OP_in || op == swap_OP_out))
        swap_done(pg, op, cookie, status, rep[0]);
    if (peer == SRV_SWAP)
        anon_free_slots(pg);
}
