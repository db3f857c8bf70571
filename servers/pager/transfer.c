/* read and write on streams: page by page between a page of the file in the cache and a page of the
 * caller, which is resolved by the very function that serves its faults, so that lazy, copied and
 * swapped-out buffers just work. Nothing is held while waiting: each page's turn starts from the top.
 *
 *   queue for the object -> [ file page there? blocks there? user page there? copy ]* -> finish
 *
 * One request works on an object at a time, so appends, writes and truncates are atomic to each other.
 */
#include "fault.h"
#include "fileio.h"
#include "frame.h"
#include "park.h"
#include "reclaim.h"
#include "stream.h"
#include <proto/fspage.h>
#include <proto/pagefs.h>

#define PAGES_PER_TURN 4u
#define FILE_BYTES_MAX (1UL << (32 + PAGE_SHIFT))

/* What a page's turn came to, besides enum outcome. */
enum turn { TURN_MOVED, TURN_PARKED, TURN_END, TURN_AGAIN };

struct part {
    uint64_t index;          /* page of the file */
    uint64_t offset;         /* in that page */
    uint64_t uoffset, bytes; /* in the caller's page; both stay within their pages */
    uint64_t uva;
    uint32_t frame;          /* of the file page */
};

static struct object *object_of(struct pager *pg, const struct aspace *as)
{
    return &pg->objects[pg->streams[as->rw.stream].object];
}

int stream_begin(struct pager *pg, struct aspace *as, const struct stream_request *req)
{
    struct stream *s = stream_of(pg, as, req->fd);
    if (s == NULL)
        return ERR_SPIPE;
    if (!(s->flags & (req->is_write ? STREAM_WRITE : STREAM_READ)))
        return ERR_BADF;
    if (req->offset < 0 || req->len > INT64_MAX || req->addr > UINT64_MAX - req->len)
        return ERR_INVAL;
    as->rw = (struct transfer){.addr = req->addr, .len = req->len, .offset = req->offset,
                               .stream = s - pg->streams, .is_write = req->is_write,
                               .is_positional = req->is_positional};
    s->refs++;
    if (req->is_write)
        pg->stats.writes++;
    else
        pg->stats.reads++;
    return 0;
}

/* Nothing is written behind the process's limit, and the last page that a frame's index can name. */
static void limit(struct aspace *as)
{
    struct transfer *t = &as->rw;
    uint64_t allowed = as->limits[PAGER_LIMIT_FILE];
    uint64_t end = !t->is_write ? INT64_MAX : allowed < FILE_BYTES_MAX ? allowed : FILE_BYTES_MAX;
    uint64_t most = t->offset < end ? end - t->offset : 0;
    if (t->len <= most)
        return;
    t->len = most;
    as->wait_status = t->is_write && most == 0 ? ERR_FBIG : 0;
}

/* Take the object's turn. => false: parked until it is free. */
static bool take_turn(struct pager *pg, struct aspace *as)
{
    struct transfer *t = &as->rw;
    struct stream *s = &pg->streams[t->stream];
    struct object *o = &pg->objects[s->object];
    if (o->active != NONE || o->flags & OBJECT_SHRINKING) {
        park_on_object(pg, as, o);
        return false;
    }
    o->active = as->slot;
    t->is_owner = true;
    if (!t->is_positional)
        t->offset = t->is_write && s->flags & STREAM_APPEND ? o->size : s->offset;
    limit(as);
    return true;
}

static void give_turn(struct pager *pg, struct aspace *as)
{
    struct object *o = object_of(pg, as);
    if (as->rw.is_owner) {
        o->active = NONE;
        if (o->flags & OBJECT_SHRINKING)
            pg->work |= WORK_JOBS;
        else if (o->queue_head != NONE)
            park_wake_object(pg, o);
    }
    as->rw.is_owner = false;
    stream_put(pg, &pg->streams[as->rw.stream]);
}

void stream_was_read(struct pager *pg, struct stream *s)
{
    struct object *o = &pg->objects[s->object];
    uint64_t words[7] = {o->number, o->epoch};
    if (!(s->flags & STREAM_ATIME) && !(o->flags & OBJECT_UNREAD))
        return;
    s->flags &= ~STREAM_ATIME;
    o->flags &= ~OBJECT_UNREAD;
    kern_post(SRV_FS, pagefs_OP_accessed, 0, words);
}

/* What was moved so far counts: offset, size. */
static void settle(struct pager *pg, struct aspace *as)
{
    struct transfer *t = &as->rw;
    struct object *o = object_of(pg, as);
    if (t->moved == 0)
        return;
    if (!t->is_positional)
        pg->streams[t->stream].offset = t->offset;
    if (!t->is_write) {
        o->last_read = (t->offset - 1) >> PAGE_SHIFT;
        stream_was_read(pg, &pg->streams[t->stream]);
        return;
    }
    o->flags |= OBJECT_UNREAD;
    object_tell(pg, o);
}

void stream_abandon(struct pager *pg, struct aspace *as)
{
    settle(pg, as);
    give_turn(pg, as);
}

static struct part next_part(const struct object *o, const struct transfer *t)
{
    uint64_t user = t->addr + t->moved;
    struct part part = {.index = t->offset >> PAGE_SHIFT, .offset = t->offset & PAGE_MASK,
                        .uoffset = user & PAGE_MASK, .uva = user & ~PAGE_MASK, .frame = NONE};
    uint64_t n = t->len - t->moved;
    if (n > PAGE_SIZE - part.offset)
        n = PAGE_SIZE - part.offset;
    if (n > PAGE_SIZE - part.uoffset)
        n = PAGE_SIZE - part.uoffset;
    if (!t->is_write) {
        uint64_t left = t->offset < o->size ? o->size - t->offset : 0;
        n = n < left ? n : left;
    }
    part.bytes = n;
    return part;
}

static enum turn parked_on(struct pager *pg, struct aspace *as, uint32_t frame)
{
    park_on_frame(pg, as, frame);
    return TURN_PARKED;
}

/* A frame for a page that isn't there. => TURN_MOVED: part->frame. */
static enum turn new_page(struct pager *pg, struct aspace *as, struct part *part)
{
    struct object *o = object_of(pg, as);
    while (pg->nfree <= pg->reserve)
        if (!reclaim_now(pg)) {
            park_on_memory(pg, as);
            return TURN_PARKED;
        }
    part->frame = frame_take(pg, FRAME_NORMAL);
    object_page_add(pg, o, part->index, part->frame);
    reclaim_insert(pg, part->frame, POLICY_FAULT_FILE);
    return TURN_MOVED;
}

static enum turn fill_and_park(struct pager *pg, struct aspace *as, struct part *part)
{
    struct object *o = object_of(pg, as);
    struct frame *f = frame_of(pg, part->frame);
    if (!(f->flags & FRAME_IO)) {
        fileio_fill(pg, part->frame);
        if (part->index == 0 || part->index == o->last_read + 1 || part->offset == 0)
            fileio_read_around(pg, o, part->index);
    }
    return parked_on(pg, as, part->frame);
}

/* The file page with its contents. */
static enum turn page_for_read(struct pager *pg, struct aspace *as, struct part *part)
{
    part->frame = object_page(pg, object_of(pg, as), part->index);
    if (part->frame == NONE && new_page(pg, as, part) == TURN_PARKED)
        return TURN_PARKED;
    if (!(frame_of(pg, part->frame)->flags & FRAME_UPTODATE))
        return fill_and_park(pg, as, part);
    return TURN_MOVED;
}

/* A page wholly beyond the end has no contents but zeros. */
static void start_with_zeros(struct pager *pg, uint32_t frame)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    batch_clear(pg, b, frame, 0, PAGE_SIZE);
    batch_run(pg, b);
    frame_of(pg, frame)->flags |= FRAME_UPTODATE;
}

/* The file page with blocks on disk, and with its contents unless all of it is overwritten. */
static enum turn page_for_write(struct pager *pg, struct aspace *as, struct part *part)
{
    struct object *o = object_of(pg, as);
    part->frame = object_page(pg, o, part->index);
    if (part->frame == NONE && new_page(pg, as, part) == TURN_PARKED)
        return TURN_PARKED;
    struct frame *f = frame_of(pg, part->frame);
    if (f->flags & (FRAME_READING | FRAME_CREDIT))
        return parked_on(pg, as, part->frame);
    if (!(f->flags & FRAME_BLOCKS)) {
        if (!(f->flags & FRAME_IO))
            fileio_credit(pg, part->frame);
        return parked_on(pg, as, part->frame);
    }
    if (f->flags & FRAME_UPTODATE || part->bytes == PAGE_SIZE)
        return TURN_MOVED;
    if (part->index << PAGE_SHIFT < o->size)
        return fill_and_park(pg, as, part);
    start_with_zeros(pg, part->frame);
    return TURN_MOVED;
}

/* Copy between the two pages, in one kernel entry with what the user page needed. */
static void copy_part(struct pager *pg, struct aspace *as, const struct part *part, struct batch *b,
                      uint32_t user)
{
    uint64_t file = (uint64_t)part->frame << PAGE_SHIFT | part->offset;
    uint64_t mem = (uint64_t)user << PAGE_SHIFT | part->uoffset;
    if (as->rw.is_write)
        batch_copy(pg, b, file, mem, part->bytes);
    else
        batch_copy(pg, b, mem, file, part->bytes);
    batch_run(pg, b);
    reclaim_touched(pg, part->frame);
    if (frame_of(pg, part->frame)->nmap == 0)
        frame_of(pg, part->frame)->flags &= ~FRAME_FRESH;
    if (as->rw.is_write) {
        frame_of(pg, part->frame)->flags |= FRAME_UPTODATE;
        object_dirty(pg, part->frame);
    }
    as->rw.moved += part->bytes;
    as->rw.offset += part->bytes;
}

static bool page_is_still_good(struct pager *pg, struct aspace *as, const struct part *part)
{
    if (object_page(pg, object_of(pg, as), part->index) != part->frame)
        return false;
    uint32_t flags = frame_of(pg, part->frame)->flags;
    if (as->rw.is_write)
        return flags & FRAME_BLOCKS && (flags & FRAME_UPTODATE || part->bytes == PAGE_SIZE);
    return flags & FRAME_UPTODATE;
}

static enum turn move_page(struct pager *pg, struct aspace *as)
{
    struct transfer *t = &as->rw;
    struct object *o = object_of(pg, as);
    struct part part = next_part(o, t);
    struct resolution r = {.is_valid = true};
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    if (part.bytes == 0)
        return TURN_END;
    enum turn turn = t->is_write ? page_for_write(pg, as, &part) : page_for_read(pg, as, &part);
    if (turn != TURN_MOVED)
        return turn;
    enum outcome out = fault_resolve(pg, as, part.uva, t->is_write ? ACCESS_READ : ACCESS_WRITE, b,
                                     &r);
    if (out == OUTCOME_PARKED)
        return TURN_PARKED;
    if (out == OUTCOME_FAILED) {
        as->wait_status = r.why == DEATH_IO ? ERR_IO : r.why == DEATH_NO_SPACE ? ERR_NOSPC
                                                                               : ERR_FAULT;
        return TURN_END;
    }
    if (r.action != PAGER_ACTION_spurious)
        fault_count(pg, as, r.action);
    if (!page_is_still_good(pg, as, &part)) {
        batch_run(pg, b);
        return TURN_AGAIN;
    }
    if (t->is_write && t->offset + part.bytes > o->size)
        object_resize(pg, o, t->offset + part.bytes);
    copy_part(pg, as, &part, b, r.frame);
    return TURN_MOVED;
}

static enum outcome finish(struct pager *pg, struct aspace *as, int *status, uint64_t *moved)
{
    *status = as->rw.moved > 0 ? 0 : as->wait_status;
    *moved = as->rw.moved;
    as->wait_status = 0;
    as->io_action = 0;
    settle(pg, as);
    give_turn(pg, as);
    return OUTCOME_DONE;
}

enum outcome stream_run(struct pager *pg, struct aspace *as, int *status, uint64_t *moved)
{
    if (as->wait_status != 0)
        return finish(pg, as, status, moved);
    if (!as->rw.is_owner && !take_turn(pg, as))
        return OUTCOME_PARKED;
    for (uint32_t pages = 0; pages < PAGES_PER_TURN; pages++) {
        if (as->rw.moved == as->rw.len)
            return finish(pg, as, status, moved);
        switch (move_page(pg, as)) {
        case TURN_PARKED:
            return OUTCOME_PARKED;
        case TURN_END:
            return finish(pg, as, status, moved);
        case TURN_MOVED:
        case TURN_AGAIN:
            break;
        }
    }
    if (as->rw.moved == as->rw.len)
        return finish(pg, as, status, moved);
    park_to_run(pg, as);
    return OUTCOME_PARKED;
}
