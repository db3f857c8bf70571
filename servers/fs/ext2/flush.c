/* See flush.h. An epoch is everything that changed since the last one. It is written in phases, a
 * disk flush behind each, and nothing changes meanwhile:
 *
 *   MARK      superblock without the clean mark (once per mount)
 *   BITMAPS   blocks and inodes are taken before anything names them; bits that are cleared
 *             were freed in an earlier epoch, so nothing on the disk names them any more
 *   FRESH     new indirect, directory and link blocks: nothing names them yet
 *   INODES    inodes and old indirect blocks. New inodes without links: e2fsck takes them for
 *             deleted. Files that lost their last name likewise, before the name goes, since
 *             e2fsck clears a name without an inode but asks about an inode without a name
 *   NAMES     new names
 *   LIVE+n    new inodes get their links; those in new directories after these
 *   DEATH+n   removed directories lose theirs; after the directories in them
 *   SWITCH    names that now mean another file
 *   NAMES_OLD old names go
 *   LINKS     link counts that shrink: a count may be too high in between, never too low
 *   SUPER+n   counters and the orphan list, step by step
 *
 * A buffer has one class (its main phase); single fields in it that belong to a later phase are
 * `late` fields, replaced by their old value in writes before.
 *
 *   IDLE --want_flush--> RUN --last phase--> IDLE (epoch + 1)
 *                        | ^
 *          write failed  v | want_flush: the phase is written again
 *                       STUCK (changes are refused) */
#include "flush.h"
#include <string.h>
#include "tx.h"

static uint32_t class_of(const struct buf *b)
{
    if (b->fresh)
        return PH_FRESH;
    switch ((enum buf_kind)b->kind) {
    case BUF_BITMAP:
        return PH_BITMAPS;
    case BUF_DIR:
        return PH_NAMES;
    case BUF_SUPER:
        return PH_SUPER;
    case BUF_INODES:
    case BUF_INDIRECT:
    case BUF_LINK:
        break;
    }
    return PH_INODES;
}

/* The phases in which `b` is written, a bit each. */
static uint64_t phases_of(const struct ext2_fs *fs, const struct buf *b)
{
    uint64_t phases = 1ull << class_of(b);
    for (uint32_t i = b->late; i != BUF_NONE; i = fs->late[i].next)
        phases |= 1ull << fs->late[i].until;
    if (b == fs->super_buf && !fs->marked && !fs->closing)
        phases |= 1ull << PH_MARK;
    return phases;
}

/* Does a field in force at `phase` hide behind `l`: the same field, due earlier or set later? */
static bool is_hidden(const struct ext2_fs *fs, const struct buf *b, uint32_t l, uint32_t phase)
{
    const struct late *mine = &fs->late[l];
    for (uint32_t i = b->late; i != BUF_NONE; i = fs->late[i].next) {
        const struct late *other = &fs->late[i];
        if (other->off != mine->off || other->until <= phase)
            continue;
        if (other->until < mine->until || (other->until == mine->until && i > l))
            return true;
    }
    return false;
}

/* Put old values into `data`, the copy of `b`, for every field that is due after `phase`. */
static void hold_back(const struct ext2_fs *fs, const struct buf *b, uint32_t phase, uint8_t *data)
{
    for (uint32_t i = b->late; i != BUF_NONE; i = fs->late[i].next)
        if (fs->late[i].until > phase && !is_hidden(fs, b, i, phase))
            memcpy(data + fs->late[i].off, &fs->late[i].value, fs->late[i].width);
}

/* The superblock says "not clean" from the first change on. */
static void mark(struct ext2_fs *fs)
{
    struct ext2_super *sb = fs_super(fs);
    sb->state &= (uint16_t)~EXT2_STATE_VALID;
    sb->mtime = sb->wtime = fs->now;
    sb->mnt_count++;
    fs->super_buf->kind = BUF_SUPER;
    bcache_set_dirty(&fs->bc, fs->super_buf, true);
}

static void start(struct ext2_fs *fs)
{
    struct flush *f = &fs->flush;
    fs->want_flush = false;
    if (fs->bc.ndirty > 0 && !fs->marked && !fs->closing)
        mark(fs);
    f->needed = 0;
    for (uint32_t i = 0; i < fs->bc.nbufs; i++)
        if (fs->bc.bufs[i].dirty)
            f->needed |= phases_of(fs, &fs->bc.bufs[i]);
    f->state = FLUSH_RUN;
    f->phase = PH_MARK;
    f->cursor = 0;
    f->failed = false;
    /* File data must be safe before pointers to it; and a sync is a flush even if all is clean. */
    f->wrote = fs->data_written || f->needed == 0;
}

static void finish(struct ext2_fs *fs)
{
    for (uint32_t i = 0; i < fs->bc.nbufs; i++) {
        struct buf *b = &fs->bc.bufs[i];
        if (!b->dirty)
            continue;
        bcache_set_dirty(&fs->bc, b, false);
        b->fresh = false;
        b->late = BUF_NONE;
    }
    memset(fs->leaving, 0, sizeof fs->leaving);
    fs->soft.nlate = 0;
    fs->data_written = false;
    fs->flush.state = FLUSH_IDLE;
    fs->epoch++;
    fs->want_flush |= fs->again;
    fs->again = false;
}

/* The next buffer to write in this phase, or NULL. The cursor stays on it. */
static struct buf *next_buffer(struct ext2_fs *fs)
{
    struct flush *f = &fs->flush;
    if (!(f->needed >> f->phase & 1))
        return NULL;
    for (; f->cursor < fs->bc.nbufs; f->cursor++) {
        struct buf *b = &fs->bc.bufs[f->cursor];
        if (b->dirty && (phases_of(fs, b) >> f->phase & 1))
            return b;
    }
    return NULL;
}

/* The bytes of `b` as this phase writes them. => NULL: no bounce block is free. */
static uint8_t *image(struct ext2_fs *fs, const struct buf *b, uint32_t index)
{
    struct flush *f = &fs->flush;
    if (b->late == BUF_NONE)
        return b->data;
    for (uint32_t i = 0; i < NBOUNCE; i++) {
        if (f->bounce_buf[i] != BUF_NONE)
            continue;
        uint8_t *data = f->bounce + (size_t)i * fs->block_size;
        memcpy(data, b->data, fs->block_size);
        hold_back(fs, b, f->phase, data);
        f->bounce_buf[i] = index;
        return data;
    }
    return NULL;
}

static bool issue(struct ext2_fs *fs, struct buf *b, struct ext2_io *io)
{
    uint32_t index = (uint32_t)(b - fs->bc.bufs);
    uint8_t *data = image(fs, b, index);
    if (!data)
        return false;
    *io = (struct ext2_io){.kind = EXT2_IO_WRITE,
                           .token = TOKEN_WRITE | index,
                           .offset = (uint64_t)b->block << fs->block_shift,
                           .len_bytes = fs->block_size,
                           .data = data};
    b->issued = true;
    fs->flush.cursor++;
    fs->flush.inflight++;
    fs->flush.wrote = true;
    return true;
}

static bool issue_sync(struct ext2_fs *fs, struct ext2_io *io)
{
    *io = (struct ext2_io){.kind = EXT2_IO_FLUSH, .token = TOKEN_FLUSH};
    fs->flush.syncing = true;
    return true;
}

static void next_phase(struct ext2_fs *fs)
{
    struct flush *f = &fs->flush;
    if (f->phase == PH_MARK && f->needed >> PH_MARK & 1)
        fs->marked = true;
    f->cursor = 0;
    do
        f->phase++;
    while (f->phase < PH_END && !(f->needed >> f->phase & 1));
    if (f->phase == PH_END)
        finish(fs);
}

static bool run(struct ext2_fs *fs, struct ext2_io *io)
{
    struct flush *f = &fs->flush;
    while (f->state == FLUSH_RUN && !f->syncing) {
        struct buf *b = next_buffer(fs);
        if (b)
            return issue(fs, b, io);
        if (f->inflight > 0)
            return false;
        if (f->failed) {
            f->state = FLUSH_STUCK;
            fs->failures++;
        } else if (f->wrote) {
            return issue_sync(fs, io);
        } else {
            next_phase(fs);
        }
    }
    return false;
}

bool flush_next(struct ext2_fs *fs, struct ext2_io *io)
{
    if (fs->flush.state != FLUSH_RUN) {
        if (!fs->want_flush || fs->tx.is_open)
            return false;
        if (fs->flush.state == FLUSH_IDLE)
            start(fs);
        fs->want_flush = false;
        fs->flush.state = FLUSH_RUN;
        fs->flush.failed = false;
        fs->flush.cursor = 0;
    }
    return run(fs, io);
}

void flush_write_done(struct ext2_fs *fs, uint32_t index, int status)
{
    struct flush *f = &fs->flush;
    if (index >= fs->bc.nbufs || !fs->bc.bufs[index].issued)
        return;
    fs->bc.bufs[index].issued = false;
    f->inflight--;
    f->failed |= status != 0;
    for (uint32_t i = 0; i < NBOUNCE; i++)
        if (f->bounce_buf[i] == index)
            f->bounce_buf[i] = BUF_NONE;
}

void flush_sync_done(struct ext2_fs *fs, int status)
{
    struct flush *f = &fs->flush;
    if (!f->syncing)
        return;
    f->syncing = false;
    if (status)
        f->failed = true;
    else
        f->wrote = false;
}
