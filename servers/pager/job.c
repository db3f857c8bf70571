/* Jobs: a fixed table, each entry a small state machine that is stepped until it is done. A step does a
 * bounded piece of work; what it waits for is found out anew at each step, never remembered.
 *
 *   CREATE    built, once there is memory
 *   CLONE     copy leaf, ... -> live child           DESTROY   release leaf, ... -> slot free
 *   TRUNCATE  take the object's turn -> no I/O beyond the end -> pages dropped, tail zeroed
 *   DISCARD   no I/O -> pages dropped                FLUSH, QUIESCE   write -> none dirty, none in flight
 *   SYNC      write -> none dirty -> sync at fs -> answer the process
 */
#include "job.h"
#include "aspace.h"
#include "batch.h"
#include "fileio.h"
#include "fork.h"
#include "frame.h"
#include "object.h"
#include "park.h"
#include "reclaim.h"
#include "rmap.h"
#include "stream.h"
#include "vma.h"
#include <proto/pagefs.h>

enum step { WAIT, MORE, ENDED };
enum sync_phase { SYNC_WRITE, SYNC_AT_FS, SYNC_ENDED };

struct job *job_new(struct pager *pg, enum job_kind kind, enum server_id peer, uint64_t head)
{
    for (uint32_t i = 0; i < JOBS; i++)
        if (pg->job[i].kind == JOB_NONE) {
            pg->job[i] = (struct job){.kind = kind, .peer = peer, .head = head, .object = NONE,
                                      .stream = NONE};
            pg->njobs++;
            pg->work |= WORK_JOBS;
            return &pg->job[i];
        }
    return NULL;
}

bool job_is_busy(const struct pager *pg, enum job_kind kind)
{
    for (uint32_t i = 0; i < JOBS && pg->njobs > 0; i++)
        if (pg->job[i].kind == kind)
            return true;
    return false;
}

/* --- address spaces --------------------------------------------------------------------------- */

static struct aspace *aspace_in(struct pager *pg, uint64_t badge, enum aspace_state state)
{
    struct aspace *as = &pg->aspaces[BADGE_SLOT(badge) % POOL_SLOTS];
    return as->badge == badge && as->state == state ? as : NULL;
}

/* There is no memory at this moment: wait as long as reclaim may still succeed. */
static enum step wait_for_memory(struct pager *pg, struct job *j)
{
    if (pg->stuck_rounds >= STUCK_ROUNDS) {
        j->status = ERR_NOMEM;
        return ENDED;
    }
    pg->jobs_wait = true;
    pg->work |= WORK_RECLAIM;
    return WAIT;
}

static bool is_out_of_pools(const struct pager *pg)
{
    return pg->node_free == NONE || pg->anon_free == NONE || pg->vma_free == NONE;
}

static enum step create_step(struct pager *pg, struct job *j)
{
    struct aspace *as;
    j->status = aspace_create(pg, j->a, &as);
    if (j->status == ERR_NOMEM && !is_out_of_pools(pg))
        return wait_for_memory(pg, j);
    if (j->status == 0)
        as->is_first = true;
    return ENDED;
}

static void undo_clone(struct pager *pg, struct job *j)
{
    struct aspace *child = aspace_in(pg, j->b, AS_BUILDING);
    if (child == NULL)
        return;
    aspace_destroy_begin(pg, child);
    while (!aspace_destroy_step(pg, child))
        ;
}

static enum step clone_begin(struct pager *pg, struct job *j)
{
    struct aspace *parent = aspace_find(pg, j->a), *child;
    j->status = parent == NULL ? ERR_GONE : fork_begin(pg, parent, j->b, &child);
    if (j->status == ERR_NOMEM && !is_out_of_pools(pg))
        return wait_for_memory(pg, j);
    j->phase = 1;
    return j->status == 0 ? MORE : ENDED;
}

static enum step clone_copy(struct pager *pg, struct job *j)
{
    struct aspace *parent = aspace_find(pg, j->a), *child = aspace_in(pg, j->b, AS_BUILDING);
    int status = parent == NULL || child == NULL ? ERR_GONE : fork_step(pg, parent, child);
    if (status >= 0)
        return status > 0 ? MORE : ENDED;
    j->status = status;
    return status == ERR_AGAIN ? wait_for_memory(pg, j) : ENDED;
}

static enum step clone_step(struct pager *pg, struct job *j)
{
    enum step step = j->phase == 0 ? clone_begin(pg, j) : clone_copy(pg, j);
    if (step != ENDED)
        j->status = 0;
    else if (j->status != 0)
        undo_clone(pg, j);
    return step;
}

static enum step destroy_step(struct pager *pg, struct job *j)
{
    struct aspace *as = aspace_in(pg, j->a, AS_DYING);
    return as == NULL || aspace_destroy_step(pg, as) ? ENDED : MORE;
}

/* --- files -------------------------------------------------------------------------------------- */

/* Drop the pages from `first` on. => false: some have I/O in flight. */
static bool drop_pages(struct pager *pg, struct object *o, uint64_t first)
{
    bool all = true;
    uint32_t next;
    for (uint32_t frame = o->pages; frame != NONE; frame = next) {
        struct frame *f = frame_of(pg, frame);
        next = f->next;
        if (f->index < first)
            continue;
        rmap_unmap(pg, frame);
        if (f->flags & FRAME_IO)
            all = false;
        else
            object_page_drop(pg, frame);
    }
    return all;
}

/* Phases of a truncate, beyond 0: waiting for the turn. */
enum truncate_phase { TRUNCATE_DROP = 1, TRUNCATE_FILLED, TRUNCATE_ZEROED, TRUNCATE_CREDITED };

static bool take_object(struct pager *pg, struct job *j, struct object *o)
{
    if (j->phase > 0)
        return true;
    if (o->active != NONE)
        return false;
    o->active = OBJECT_JOB;
    o->flags &= ~OBJECT_SHRINKING;
    j->phase = TRUNCATE_DROP;
    j->b = j->a < o->size; /* it shrinks */
    object_resize(pg, o, j->a);
    return true;
}

/* The last page, brought in if need be. => NONE: wait for it, or (FILLED) it cannot be read. */
static uint32_t tail_page(struct pager *pg, struct job *j, struct object *o)
{
    uint32_t frame = object_page(pg, o, o->size >> PAGE_SHIFT);
    if (frame == NONE && j->phase == TRUNCATE_DROP) {
        frame = frame_take(pg, FRAME_URGENT);
        if (frame == NONE)
            return NONE;
        object_page_add(pg, o, o->size >> PAGE_SHIFT, frame);
        reclaim_insert(pg, frame, POLICY_FAULT_FILE);
    }
    if (frame == NONE || frame_of(pg, frame)->flags & FRAME_UPTODATE)
        return frame;
    if (!(frame_of(pg, frame)->flags & FRAME_IO)) {
        fileio_fill(pg, frame);
        j->phase = TRUNCATE_FILLED;
    }
    return NONE;
}

/* The last page's tail must read as zeros when the file grows again: zero it in memory, and on the
 * disk if the page has blocks there. => false: wait. */
static bool tail_is_zero(struct pager *pg, struct job *j, struct object *o)
{
    if (!(o->size & PAGE_MASK) || !j->b)
        return true;
    uint32_t frame = tail_page(pg, j, o);
    if (frame == NONE) {
        bool is_lost = j->phase == TRUNCATE_FILLED && object_page(pg, o, o->size >> PAGE_SHIFT) == NONE;
        j->status = is_lost ? ERR_IO : 0;
        return is_lost;
    }
    struct frame *f = frame_of(pg, frame);
    if (j->phase < TRUNCATE_ZEROED) {
        object_resize(pg, o, o->size);
        f->flags |= FRAME_FRESH;
        j->phase = TRUNCATE_ZEROED;
    }
    if (!(f->flags & FRAME_BLOCKS) && j->phase == TRUNCATE_ZEROED && !(f->flags & FRAME_IO)) {
        j->phase = TRUNCATE_CREDITED;
        fileio_credit(pg, frame);
    }
    if (f->flags & FRAME_IO && !(f->flags & FRAME_BLOCKS))
        return false;
    if (f->flags & FRAME_BLOCKS && !(f->flags & FRAME_RESERVED))
        object_dirty(pg, frame);
    return true;
}

static enum step truncate_step(struct pager *pg, struct job *j)
{
    struct object *o = &pg->objects[j->object];
    if (!take_object(pg, j, o))
        return WAIT;
    if (!drop_pages(pg, o, object_npages(o)) || !tail_is_zero(pg, j, o))
        return WAIT;
    o->active = NONE;
    o->nstreams--;
    park_wake_object(pg, o);
    object_settle(pg, o);
    return ENDED;
}

static enum step discard_step(struct pager *pg, struct job *j)
{
    struct object *o = &pg->objects[j->object];
    if (o->vmas != NONE) {
        o->flags |= OBJECT_UNLINKED;
        j->status = ERR_BUSY;
    } else if (!drop_pages(pg, o, 0) || o->active != NONE) {
        return WAIT;
    } else {
        o->flags |= OBJECT_UNLINKED | OBJECT_DISCARDED;
    }
    o->nstreams--;
    object_settle(pg, o);
    return ENDED;
}

static bool flush_all(struct pager *pg, uint32_t stamp)
{
    bool done = true;
    for (uint32_t i = 0; i < pg->nobjects; i++)
        if (pg->objects[i].number != 0)
            done &= fileio_flush(pg, &pg->objects[i], stamp);
    return done;
}

static enum step flush_step(struct pager *pg, struct job *j)
{
    bool done = j->object == NONE ? flush_all(pg, j->stamp)
                                  : fileio_flush(pg, &pg->objects[j->object], j->stamp);
    if (!done || (j->kind == JOB_QUIESCE && (pg->evictions > 0 || pg->swap_reading > 0)))
        return WAIT;
    if (pg->write_errors != j->errors)
        j->status = ERR_IO;
    if (j->object != NONE) {
        pg->objects[j->object].nstreams--;
        object_settle(pg, &pg->objects[j->object]);
    }
    return ENDED;
}

/* --- syncs -------------------------------------------------------------------------------------- */

static void sync_arm(struct pager *pg, struct job *j, uint32_t object, uint32_t stream)
{
    struct object *o = &pg->objects[object];
    j->object = object;
    j->stream = stream;
    j->phase = SYNC_WRITE;
    j->stamp = pg->stamp++;
    j->errors = stream == NONE ? o->errors : pg->streams[stream].errors;
    o->nstreams++;
    if (stream != NONE)
        pg->streams[stream].refs++;
}

static void sync_disarm(struct pager *pg, struct job *j)
{
    struct object *o = &pg->objects[j->object];
    if (o->errors != j->errors)
        j->status = ERR_IO;
    if (j->stream != NONE) {
        struct stream *s = &pg->streams[j->stream];
        s->errors = o->errors;
        stream_put(pg, s);
    }
    o->nstreams--;
    object_settle(pg, o);
    j->object = NONE;
}

/* msync: the next area that is a shared mapping of a file. */
static struct vma *next_area(struct pager *pg, struct aspace *as)
{
    struct vma *v;
    while ((v = vma_above(pg, as, as->sync.next)) != NULL && v->start < as->sync.end) {
        as->sync.next = v->end;
        if (v->object != NONE && v->shared)
            return v;
    }
    return NULL;
}

static enum step sync_step(struct pager *pg, struct job *j)
{
    struct object *o = &pg->objects[j->object];
    struct aspace *as = aspace_find(pg, j->a);
    if (j->phase == SYNC_WRITE && fileio_flush(pg, o, j->stamp)) {
        uint64_t words[7] = {o->number, o->epoch};
        j->phase = SYNC_AT_FS;
        kern_post(SRV_FS, pagefs_OP_sync, j - pg->job, words);
    }
    if (j->phase != SYNC_ENDED)
        return WAIT;
    bool is_range = j->stream == NONE;
    sync_disarm(pg, j);
    struct vma *v = is_range && as != NULL ? next_area(pg, as) : NULL;
    if (v == NULL)
        return ENDED;
    sync_arm(pg, j, v->object, NONE);
    return MORE;
}

void job_sync_done(struct pager *pg, uint64_t cookie, int status)
{
    if (cookie >= JOBS || pg->job[cookie].kind != JOB_SYNC || pg->job[cookie].phase != SYNC_AT_FS)
        return;
    pg->job[cookie].phase = SYNC_ENDED;
    if (status != 0)
        pg->job[cookie].status = status;
    pg->work |= WORK_JOBS;
}

static int sync_begin(struct pager *pg, struct aspace *as, uint32_t object, uint32_t stream)
{
    struct job *j = job_new(pg, JOB_SYNC, SRV_COUNT, 0);
    if (j == NULL)
        return ERR_BUSY;
    j->a = as->badge;
    sync_arm(pg, j, object, stream);
    as->pending = PENDING_SYNC;
    return OUTCOME_PARKED;
}

int sync_stream(struct pager *pg, struct aspace *as, struct stream *s)
{
    as->sync.next = as->sync.end = 0;
    return sync_begin(pg, as, s->object, s - pg->streams);
}

int sync_range(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    as->sync.next = start;
    as->sync.end = end;
    struct vma *v = next_area(pg, as);
    return v == NULL ? 0 : sync_begin(pg, as, v->object, NONE);
}

/* The job goes on to its end, for nobody. */
void sync_abandon(struct pager *pg, struct aspace *as)
{
    for (uint32_t i = 0; i < JOBS; i++)
        if (pg->job[i].kind == JOB_SYNC && pg->job[i].a == as->badge)
            pg->job[i].a = 0;
}

/* --- all ------------------------------------------------------------------------------------------ */

static enum step job_step(struct pager *pg, struct job *j)
{
    switch ((enum job_kind)j->kind) {
    case JOB_CREATE:
        return create_step(pg, j);
    case JOB_CLONE:
        return clone_step(pg, j);
    case JOB_DESTROY:
        return destroy_step(pg, j);
    case JOB_TRUNCATE:
        return truncate_step(pg, j);
    case JOB_DISCARD:
        return discard_step(pg, j);
    case JOB_FLUSH:
    case JOB_QUIESCE:
        return flush_step(pg, j);
    case JOB_SYNC:
        return sync_step(pg, j);
    case JOB_NONE:
        break;
    }
    return ENDED;
}

static void job_end(struct pager *pg, struct job *j)
{
    struct job ended = *j;
    j->kind = JOB_NONE;
    pg->njobs--;
    if (ended.kind != JOB_SYNC) {
        kern_complete(ended.peer, ended.head, ended.status);
        return;
    }
    struct aspace *as = aspace_find(pg, ended.a);
    if (as == NULL || as->pending != PENDING_SYNC)
        return;
    as->pending = PENDING_NONE;
    kern_answer_call(as->reply, ended.status, NULL, 0);
}

void job_step_all(struct pager *pg)
{
    uint32_t left = pg->njobs; /* a job that begins meanwhile asks for the next round */
    pg->work &= ~WORK_JOBS;
    pg->jobs_wait = false;
    for (uint32_t i = 0; i < JOBS && left > 0; i++) {
        struct job *j = &pg->job[i];
        if (j->kind == JOB_NONE)
            continue;
        left--;
        enum step step = job_step(pg, j);
        if (step == ENDED)
            job_end(pg, j);
        else if (step == MORE)
            pg->work |= WORK_JOBS;
    }
}
