/* Between ext2 and blk: metadata blocks, work in the background, durability, and the squeeze that
 * makes room on a full disk. A few of blk's entries are kept free for pages, so that metadata
 * write-back cannot shut them out. */
#include <servers/fs/handlers.h>
#include <proto/blk.h>

#define SECTOR 512u
#define QUIET_TRIES 4u
#define KEPT_FOR_PAGES 160u /* blk's entries: 28 pages of 4 blocks, and a few */

void disk_transfer(struct vfs *v, uint64_t cookie, const struct transfer *t)
{
    uint64_t words[] = {0, t->address / SECTOR, t->memory, t->frame, t->offset, t->bytes};
    v->ports.post(v->ports.self, SRV_BLK, t->is_write ? blk_OP_write : blk_OP_read, cookie, words,
                  6);
}

static void start_io(struct vfs *v, const struct ext2_io *io)
{
    v->disk_ios++;
    v->quiet_tries = 0;
    uint64_t disk = 0, cookie = COOKIE(COOKIE_EXT2, io->token);
    if (io->kind == EXT2_IO_FLUSH) {
        v->ports.post(v->ports.self, SRV_BLK, blk_OP_flush, cookie, &disk, 1);
        return;
    }
    uint64_t at = (uint64_t)((uint8_t *)io->data - v->heap);
    struct transfer t = {io->kind == EXT2_IO_WRITE, BLK_MEM_FS, at / PAGE_SIZE, at % PAGE_SIZE,
                         io->len_bytes, io->offset};
    disk_transfer(v, cookie, &t);
}

/* Bounded bits of work that no request asked for. => whether any was done. */
static bool background_work(struct vfs *v)
{
    bool any = false;
    int status;
    if (!v->work_due)
        return false;
    v->work_due = false;
    while ((status = ext2_work(v->fs)) != VFS_WAIT && status != ERR_GONE)
        any = true;
    return any;
}

static bool any_waits(const struct vfs *v)
{
    for (const struct request *r = v->parked_first; r; r = r->next)
        if (r->state == REQUEST_DISK)
            return true;
    return false;
}

/* ext2 also gets on by being asked for work: a flush with nothing left to write just ends. So when
 * the disk is idle and somebody waits, they are tried again, a few times. */
static void nudge(struct vfs *v)
{
    if (v->disk_ios > 0 || v->disk_moved || v->quiet_tries >= QUIET_TRIES || !any_waits(v))
        return;
    v->quiet_tries++;
    v->disk_moved = true;
}

bool disk_pump(struct vfs *v)
{
    struct ext2_io io;
    bool any = false;
    if (!v->fs)
        return false;
    if (v->is_mounted && background_work(v))
        v->disk_moved = true;
    while (v->ports.room(v->ports.self, SRV_BLK) > KEPT_FOR_PAGES && ext2_io_next(v->fs, &io)) {
        start_io(v, &io);
        any = true;
    }
    nudge(v);
    return any || v->disk_moved;
}

void disk_done(struct vfs *v, uint32_t token, int status)
{
    if (status < 0 && status != ERR_IO) /* ext2 knows one way in which a disk fails */
        status = ERR_IO;
    v->disk_ios -= v->disk_ios > 0;
    v->quiet_tries = 0;
    ext2_io_done(v->fs, token, status);
    v->disk_moved = v->work_due = true;
}

/* --- durability ------------------------------------------------------------------------------ */

int sync_run(struct vfs *v, struct request *r)
{
    uint64_t disk = 0;
    if (r->phase < SYNC_FIRST) {
        r->ticket = ext2_sync_begin(v->fs);
        r->phase = SYNC_TICKET;
        r->status = 0;
    }
    if (r->phase == SYNC_TICKET) {
        int status = ext2_sync_poll(v->fs, &r->ticket);
        if (status)
            return status;
        r->phase = SYNC_FLUSH;
        request_post(v, r, SRV_BLK, blk_OP_flush, &disk, 1);
        return request_park(r, WAIT_PEER, 0);
    }
    return r->inflight ? request_park(r, WAIT_PEER, 0) : r->status;
}

/* All dirty pages to the disk first: phases 0 (asked) to 2 (written). => 0: go on. */
static int flush_pages(struct vfs *v, struct request *r)
{
    uint64_t everything[] = {0, 0};
    if (r->phase == 0) {
        r->phase = 1;
        request_post(v, r, SRV_PAGER, fspage_OP_flush, everything, 2);
    }
    if (r->inflight > 0)
        return request_park(r, WAIT_PEER, 0);
    if (r->phase == 1) {
        r->phase = 2;
        r->done = r->status == 0 ? 0 : (uint32_t)-r->status;
    }
    return 0;
}

int call_sync(struct vfs *v, struct request *r)
{
    int status = v->is_mounted ? flush_pages(v, r) : ERR_NODEV;
    if (status == 0 && r->phase == 2)
        status = nodes_settle(v);
    if (status == 0)
        status = sync_run(v, r);
    return status == 0 && r->done ? -(int)r->done : status;
}

int call_fsync(struct vfs *v, struct request *r)
{
    struct file *f = fd_file(v, caller(v, r), REQ(fs, fsync, r)->fd);
    if (!f)
        return ERR_BADF;
    if (f->kind != FILE_DIRECTORY && f->kind != FILE_REGULAR)
        return ERR_INVAL;
    if (r->phase == 0) {
        int status = node_settle(v, f->node);
        if (status)
            return status;
    }
    return sync_run(v, r);
}

/* Every few seconds: sizes and times to where ext2 writes them. */
int own_settle(struct vfs *v, struct request *r)
{
    return v->is_mounted ? nodes_settle(v) : 0;
}

/* A request met a full disk. Write everything, so that reservations shrink to what they cost and
 * freed blocks become free; then those that wait try once more. */
int own_squeeze(struct vfs *v, struct request *r)
{
    int status = v->is_mounted ? flush_pages(v, r) : 0;
    if (status == 0 && r->phase == 2)
        status = nodes_settle(v);
    if (status != VFS_WAIT && status != VFS_PARK && v->is_mounted)
        status = sync_run(v, r);
    if (status == VFS_WAIT || status == VFS_PARK)
        return status;
    v->squeeze = NULL;
    request_wake(v, WAIT_SQUEEZE, 0);
    return 0;
}
