/* Files in memory. An object is live from fs's first stream_add until nothing of it is left: no
 * stream, no area, no page. Its pages are found through one hash over (object, index), and listed. */
#include "object.h"
#include "batch.h"
#include "frame.h"
#include "reclaim.h"
#include <proto/pagefs.h>

#define TOLD_PER_SECOND 64 /* at most: fs of stores through mappings, for each file */

static uint32_t mix(uint64_t a, uint64_t b)
{
    return (uint32_t)((a * 0x9e3779b97f4a7c15UL ^ b * 0xc2b2ae3d27d4eb4fUL) >> 32);
}

static uint32_t *object_bucket(struct pager *pg, uint64_t number)
{
    return &pg->object_hash[mix(number, 0) & pg->object_hash_mask];
}

struct object *object_find(struct pager *pg, uint64_t number, uint64_t epoch)
{
    for (uint32_t id = *object_bucket(pg, number); id != NONE; id = pg->objects[id].hash_next)
        if (pg->objects[id].number == number && pg->objects[id].epoch == epoch)
            return &pg->objects[id];
    return NULL;
}

static bool is_unused(const struct object *o)
{
    return o->nstreams == 0 && o->vmas == NONE && o->io == 0 && o->active == NONE &&
           o->queue_head == NONE;
}

static void object_free(struct pager *pg, struct object *o)
{
    uint32_t id = object_id(pg, o), *link = object_bucket(pg, o->number);
    while (*link != id)
        link = &pg->objects[*link].hash_next;
    *link = o->hash_next;
    o->number = 0;
    o->hash_next = pg->object_free;
    pg->object_free = id;
    pg->object_used--;
}

static void drop_all_pages(struct pager *pg, struct object *o)
{
    while (o->pages != NONE)
        object_page_drop(pg, o->pages);
}

static void post_idle(const struct object *o)
{
    uint64_t words[7] = {o->number, o->epoch};
    kern_post(SRV_FS, pagefs_OP_idle, 0, words);
}

void object_settle(struct pager *pg, struct object *o)
{
    if (o->number == 0 || !is_unused(o))
        return;
    if (o->flags & OBJECT_UNLINKED)
        drop_all_pages(pg, o);
    if (o->npages > 0)
        return;
    if (!(o->flags & OBJECT_DISCARDED))
        post_idle(o);
    object_free(pg, o);
}

/* Make room in the pool: forget an unused file whose pages are all clean. */
static bool forget_one(struct pager *pg)
{
    for (uint32_t i = 0; i < pg->nobjects; i++) {
        struct object *o = &pg->objects[i];
        if (o->number != 0 && is_unused(o) && o->ndirty == 0) {
            drop_all_pages(pg, o);
            object_settle(pg, o);
            return true;
        }
    }
    return false;
}

struct object *object_open(struct pager *pg, uint64_t number, uint64_t epoch, uint64_t size)
{
    struct object *o = object_find(pg, number, epoch);
    if (o != NULL)
        return o;
    if (pg->object_free == NONE && !forget_one(pg))
        return NULL;
    uint32_t id = pg->object_free, *bucket = object_bucket(pg, number);
    o = &pg->objects[id];
    pg->object_free = o->hash_next;
    pg->object_used++;
    *o = (struct object){.number = number, .epoch = epoch, .size = size, .pages = NONE,
                         .dirty_head = NONE, .dirty_tail = NONE, .vmas = NONE, .active = NONE,
                         .queue_head = NONE, .queue_tail = NONE, .hash_next = *bucket,
                         .last_read = NONE};
    *bucket = id;
    return o;
}

static uint32_t *page_bucket(struct pager *pg, uint32_t object, uint64_t index)
{
    return &pg->page_hash[mix(index, object) & pg->page_hash_mask];
}

uint32_t object_page(struct pager *pg, const struct object *o, uint64_t index)
{
    uint32_t id = object_id(pg, o), frame = *page_bucket(pg, id, index);
    while (frame != NONE) {
        const struct frame *f = frame_of(pg, frame);
        if (f->owner == id && f->index == index)
            return frame;
        frame = f->hash_next;
    }
    return NONE;
}

void object_page_add(struct pager *pg, struct object *o, uint64_t index, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    uint32_t *bucket = page_bucket(pg, object_id(pg, o), index);
    f->state = FRAME_FILE;
    f->owner = object_id(pg, o);
    f->index = index;
    f->hash_next = *bucket;
    *bucket = frame;
    f->prev = NONE;
    f->next = o->pages;
    if (o->pages != NONE)
        frame_of(pg, o->pages)->prev = frame;
    o->pages = frame;
    o->npages++;
    pg->nfile_frames++;
}

static void page_unlink(struct pager *pg, struct object *o, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    uint32_t *link = page_bucket(pg, f->owner, f->index);
    while (*link != frame)
        link = &frame_of(pg, *link)->hash_next;
    *link = f->hash_next;
    if (f->prev == NONE)
        o->pages = f->next;
    else
        frame_of(pg, f->prev)->next = f->next;
    if (f->next != NONE)
        frame_of(pg, f->next)->prev = f->prev;
    o->npages--;
    pg->nfile_frames--;
}

void object_page_drop(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    if (f->flags & FRAME_DIRTY)
        object_clean(pg, frame);
    if (f->flags & FRAME_RESERVED && !(o->flags & OBJECT_UNLINKED)) {
        uint64_t words[7] = {o->number, o->epoch, f->index};
        kern_post(SRV_FS, pagefs_OP_uncredit, 0, words);
    }
    page_unlink(pg, o, frame);
    reclaim_forget(pg, frame);
    frame_free(pg, frame);
}

void object_tell(struct pager *pg, const struct object *o)
{
    uint64_t words[7] = {o->number, o->epoch, o->size};
    kern_post(SRV_FS, pagefs_OP_size, 0, words);
}

void object_tell_stored(struct pager *pg, struct object *o)
{
    if (pg->now - o->told < pg->hz / TOLD_PER_SECOND && o->told != 0)
        return;
    o->told = pg->now;
    object_tell(pg, o);
}

void object_dirty(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->flags &= ~FRAME_EVICT;
    if (f->flags & FRAME_DIRTY)
        return;
    struct object *o = &pg->objects[f->owner];
    f->flags |= FRAME_DIRTY;
    f->stamp = pg->stamp;
    f->dirtied = pg->now;
    f->dnext = NONE;
    f->dprev = o->dirty_tail;
    if (o->dirty_tail == NONE)
        o->dirty_head = frame;
    else
        frame_of(pg, o->dirty_tail)->dnext = frame;
    o->dirty_tail = frame;
    o->ndirty++;
    if (pg->dirty_files++ == 0)
        pg->work |= WORK_WRITE;
    reclaim_dirty(pg, frame);
}

void object_clean(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    f->flags &= ~FRAME_DIRTY;
    *(f->dprev == NONE ? &o->dirty_head : &frame_of(pg, f->dprev)->dnext) = f->dnext;
    *(f->dnext == NONE ? &o->dirty_tail : &frame_of(pg, f->dnext)->dprev) = f->dprev;
    o->ndirty--;
    pg->dirty_files--;
}

void object_resize(struct pager *pg, struct object *o, uint64_t size)
{
    bool grows = size > o->size;
    uint64_t end = grows ? o->size : size;
    uint32_t frame = end & PAGE_MASK ? object_page(pg, o, end >> PAGE_SHIFT) : NONE;
    o->size = size;
    uint32_t flags = frame == NONE ? 0 : frame_of(pg, frame)->flags;
    if (!(flags & FRAME_UPTODATE) || (grows && !(flags & FRAME_STORED)))
        return;
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    batch_clear(pg, b, frame, end & PAGE_MASK, PAGE_SIZE - (end & PAGE_MASK));
    batch_run(pg, b);
}
