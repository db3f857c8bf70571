/* Fills, credits and write-back. A page's I/O:
 *
 *   not there --fill--> READING --> UPTODATE, clean
 *   no blocks --credit-> CREDIT --> BLOCKS
 *   DIRTY --write--> WRITING, clean --> clean (EVICT: freed), or DIRTY again if stored to, or failed
 */
#include "fileio.h"
#include "batch.h"
#include "frame.h"
#include "object.h"
#include "park.h"
#include "reclaim.h"
#include "rmap.h"
#include <proto/pagefs.h>

#define WRITES_IN_FLIGHT 16u
#define WRITE_PAUSE_MS 5u /* for as many again: fs, of lower priority, must come to do them */
#define TICKS_PER_MS(pg) ((pg)->hz / 1000)

static void io_begin(struct pager *pg, uint32_t frame, uint32_t flag)
{
    struct frame *f = frame_of(pg, frame);
    f->flags |= flag;
    pg->objects[f->owner].io++;
    pg->objects[f->owner].writes += flag == FRAME_WRITING;
    pg->file_io++;
}

static void post_page(struct pager *pg, uint32_t op, uint32_t frame, uint64_t bytes)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    bool credited = f->flags & FRAME_RESERVED;
    uint64_t words[7] = {o->number, o->epoch, f->index, frame, bytes, credited};
    kern_post(SRV_FS, op, frame, words);
}

void fileio_fill(struct pager *pg, uint32_t frame)
{
    io_begin(pg, frame, FRAME_READING);
    pg->stats.file_reads++;
    post_page(pg, pagefs_OP_fill, frame, 0);
}

void fileio_credit(struct pager *pg, uint32_t frame)
{
    io_begin(pg, frame, FRAME_CREDIT);
    post_page(pg, pagefs_OP_credit, frame, 0);
}

static void clear_tail(struct pager *pg, uint32_t frame, uint64_t from)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    if (from < PAGE_SIZE)
        batch_clear(pg, b, frame, from, PAGE_SIZE - from);
    batch_run(pg, b);
}

/* Bytes of the page that are inside the file. */
static uint64_t valid_bytes(const struct object *o, uint64_t index)
{
    uint64_t start = index << PAGE_SHIFT;
    if (o->size <= start)
        return 0;
    return o->size - start < PAGE_SIZE ? o->size - start : PAGE_SIZE;
}

void fileio_write(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    uint64_t bytes = valid_bytes(o, f->index);
    object_clean(pg, frame);
    o->told = 0;
    rmap_protect(pg, frame);
    if (bytes == 0)
        return;
    if (f->flags & FRAME_STORED)
        clear_tail(pg, frame, bytes);
    f->flags &= ~FRAME_STORED;
    io_begin(pg, frame, FRAME_WRITING);
    pg->stats.file_writes++;
    post_page(pg, pagefs_OP_write, frame, bytes);
}

/* Files with small blocks: parts of the page that have none. */
static void clear_holes(struct pager *pg, uint32_t frame, uint64_t holes)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    for (uint32_t q = 0; q < 4; q++)
        if (holes & PAGEFS_HOLE(q))
            batch_clear(pg, b, frame, q * 1024, 1024);
    batch_run(pg, b);
}

static void fill_done(struct pager *pg, uint32_t frame, int status, uint64_t hole)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    if (status != 0)
        return;
    uint64_t from = hole == 1 ? 0 : valid_bytes(o, f->index);
    if (from < PAGE_SIZE)
        clear_tail(pg, frame, from);
    if (hole > 1)
        clear_holes(pg, frame, hole);
    f->flags |= FRAME_UPTODATE;
}

static void write_done(struct pager *pg, uint32_t frame, int status)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    if (status == 0) {
        f->flags &= ~FRAME_RESERVED;
        return;
    }
    o->errors++;
    pg->write_errors++;
    f->flags &= ~FRAME_EVICT;
    object_dirty(pg, frame);
    kern_log("page %u of file %lu could not be written: error %d", f->index,
             (unsigned long)o->number, status);
}

static void credit_done(struct pager *pg, uint32_t frame, int status, uint64_t reserved)
{
    if (status == 0)
        frame_of(pg, frame)->flags |= FRAME_BLOCKS | (reserved ? FRAME_RESERVED : 0);
}

/* After its I/O: a page that could not be read, lies beyond the end by now, or was to be evicted and
 * is still unused, goes. Waiters were told. */
static void page_after_io(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    struct object *o = &pg->objects[f->owner];
    bool evict = f->flags & FRAME_EVICT && !(f->flags & FRAME_DIRTY) && f->nmap == 0;
    bool empty = !(f->flags & (FRAME_UPTODATE | FRAME_BLOCKS));
    f->flags &= ~FRAME_EVICT;
    if (evict)
        pg->stats.evicted_file++;
    if (evict || empty)
        object_page_drop(pg, frame);
    object_settle(pg, o);
}

static uint32_t flag_of(uint32_t op)
{
    switch (op) {
    case pagefs_OP_fill:
        return FRAME_READING;
    case pagefs_OP_write:
        return FRAME_WRITING;
    case pagefs_OP_credit:
        return FRAME_CREDIT;
    default:
        return 0;
    }
}

void fileio_done(struct pager *pg, uint32_t op, uint64_t cookie, int status, uint64_t result)
{
    uint32_t flag = flag_of(op), frame = cookie;
    if (cookie >= pg->nframes || frame_of(pg, frame)->state != FRAME_FILE ||
        !(frame_of(pg, frame)->flags & flag))
        return;
    frame_of(pg, frame)->flags &= ~flag;
    pg->objects[frame_of(pg, frame)->owner].io--;
    pg->objects[frame_of(pg, frame)->owner].writes -= flag == FRAME_WRITING;
    pg->file_io--;
    if (op == pagefs_OP_fill)
        fill_done(pg, frame, status, result);
    else if (op == pagefs_OP_write)
        write_done(pg, frame, status);
    else
        credit_done(pg, frame, status, result);
    if (frame_of(pg, frame)->waiters != NONE && status == 0)
        frame_of(pg, frame)->flags |= FRAME_FRESH;
    park_wake_frame(pg, frame, op == pagefs_OP_write ? 0 : status);
    page_after_io(pg, frame);
    pg->work |= WORK_JOBS;
}

bool fileio_flush(struct pager *pg, struct object *o, uint32_t stamp)
{
    while (o->dirty_head != NONE) {
        uint32_t frame = o->dirty_head;
        struct frame *f = frame_of(pg, frame);
        if ((int32_t)(stamp - f->stamp) < 0)
            break;
        if (f->flags & FRAME_IO || kern_room(SRV_FS) == 0)
            return false;
        fileio_write(pg, frame);
    }
    return o->writes == 0; /* a credit may be waiting at fs for this very flush to make room */
}

/* => false: no more can be written until some writes are done. */
static bool age_object(struct pager *pg, struct object *o, uint64_t age)
{
    while (o->dirty_head != NONE) {
        uint32_t frame = o->dirty_head;
        struct frame *f = frame_of(pg, frame);
        if (pg->now - f->dirtied < age || f->flags & FRAME_IO)
            return true;
        if (pg->file_io >= WRITES_IN_FLIGHT || kern_room(SRV_FS) == 0)
            return false;
        fileio_write(pg, frame);
    }
    return true;
}

void fileio_age(struct pager *pg)
{
    uint64_t age = pg->write_ms * TICKS_PER_MS(pg), pause = pg->hz;
    pg->work &= ~WORK_WRITE;
    for (uint32_t i = 0; i < pg->nobjects && pg->dirty_files > 0; i++)
        if (pg->objects[i].number != 0 && pg->objects[i].ndirty > 0 &&
            !age_object(pg, &pg->objects[i], age)) {
            pause = WRITE_PAUSE_MS * TICKS_PER_MS(pg);
            break;
        }
    pg->write_due = pg->dirty_files == 0 ? 0 : pg->now + pause;
}

void fileio_read_around(struct pager *pg, struct object *o, uint64_t index)
{
    uint64_t want = reclaim_read_around(pg, o, index);
    for (uint64_t i = index + 1; i < index + want && i < object_npages(o); i++) {
        if (pg->nfree <= pg->high || kern_room(SRV_FS) < 8)
            return;
        if (object_page(pg, o, i) != NONE)
            continue;
        uint32_t frame = frame_take(pg, FRAME_NORMAL);
        if (frame == NONE)
            return;
        object_page_add(pg, o, i, frame);
        reclaim_insert(pg, frame, POLICY_READ_AROUND);
        fileio_fill(pg, frame);
    }
}
