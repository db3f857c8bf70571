/* The pager's requests: pages of files to and from the disk, reservations, sizes. A page is one to
 * four blocks. While a truncate frees blocks all of them wait but `size`; while the pager
 * prepares for one they go on, because it may need them for that.
 *
 * A write maps its blocks one by one, writes them, and only then are new ones named by the file. If
 * any of the writes failed the page counts as unwritten: its new blocks go back, its credit stays. */
#include <servers/fs/handlers.h>
#include <proto/blk.h>

enum page_phase { PAGE_MAP, PAGE_MOVE, PAGE_NAME };

/* A page's blocks. */
static uint32_t page_blocks(const struct vfs *v)
{
    return (uint32_t)PAGE_SIZE / ext2_block_size(v->fs);
}

static uint64_t first_block(const struct vfs *v, uint64_t index)
{
    return index * page_blocks(v);
}

/* Find the object, and hold it while the request lasts. All requests begin with object and epoch. */
static int take_object(struct vfs *v, struct request *r)
{
    if (r->node)
        return 0;
    struct node *n = v->is_mounted ? node_find(v, (uint32_t)r->arg[0]) : NULL;
    if (!n || n->ino != r->arg[0] || n->generation != r->arg[1])
        return ERR_GONE;
    n->refs++;
    r->node = n;
    return 0;
}

/* The same, once no truncate is at work. */
static int take_quiet(struct vfs *v, struct request *r, uint64_t index)
{
    if (index > UINT32_MAX)
        return ERR_FBIG;
    int status = take_object(v, r);
    if (status == 0 && r->node->is_cutting)
        return request_park(r, WAIT_NODE, node_id(v, r->node));
    return status;
}

/* Move the mapped blocks from `from` on; neighbours on the disk in one go. */
static void move_blocks(struct vfs *v, struct request *r, uint64_t frame, bool is_write)
{
    struct page_io *io = &r->io;
    uint32_t bs = ext2_block_size(v->fs);
    for (uint32_t i = 0, n; i < io->nblocks; i += n) {
        for (n = 1; i + n < io->nblocks && io->block[i] && io->block[i + n] == io->block[i] + n;)
            n++;
        if (!io->block[i])
            continue;
        struct transfer t = {is_write, BLK_MEM_PAGER, frame, i * bs, n * bs, io->block[i] * bs};
        r->inflight++;
        disk_transfer(v, COOKIE(COOKIE_REQUEST, request_id(v, r)), &t);
    }
    r->phase = PAGE_MOVE;
    r->status = 0;
}

/* --- fill ------------------------------------------------------------------------------------ */

static int map_page(struct vfs *v, struct request *r, uint64_t index)
{
    struct page_io *io = &r->io;
    io->nblocks = (uint8_t)page_blocks(v);
    for (uint32_t i = 0; i < io->nblocks;) {
        struct ext2_run run;
        int status = ext2_map_read(v->fs, r->node->ip, first_block(v, index) + i, io->nblocks - i,
                                   &run);
        if (status)
            return status;
        for (uint32_t n = run.nblocks; n-- > 0 && i < io->nblocks; i++)
            io->block[i] = run.block ? run.block++ : 0;
    }
    return 0;
}

/* As the reply says it: 0, 1, or the bits of PAGEFS_HOLE. */
static uint64_t holes(const struct vfs *v, const struct page_io *io)
{
    uint32_t kib = ext2_block_size(v->fs) / 1024;
    uint64_t mask = 0;
    bool all = true;
    for (uint32_t i = 0; i < io->nblocks; i++) {
        all = all && !io->block[i];
        for (uint32_t q = 0; !io->block[i] && q < kib; q++)
            mask |= PAGEFS_HOLE(i * kib + q);
    }
    return all ? 1 : mask;
}

int page_fill(struct vfs *v, struct request *r)
{
    const struct pagefs_fill_req *q = REQ(pagefs, fill, r);
    if (r->phase == PAGE_MOVE)
        return r->inflight ? request_park(r, WAIT_PEER, 0) : r->status;
    int status = take_quiet(v, r, q->index);
    if (status == 0)
        status = map_page(v, r, q->index);
    if (status)
        return status;
    REP(pagefs, fill, r)->hole = holes(v, &r->io);
    if (REP(pagefs, fill, r)->hole == 1)
        return 0;
    move_blocks(v, r, q->frame, false);
    return request_park(r, WAIT_PEER, 0);
}

/* --- write ----------------------------------------------------------------------------------- */

static void undo_map(struct vfs *v, struct request *r, uint64_t first)
{
    uint32_t used;
    for (uint32_t i = 0; i < r->io.next; i++)
        if (r->io.is_new[i])
            ext2_write_done(v->fs, r->node->ip, first + i, ERR_IO, &used);
}

/* Map what is not mapped yet. */
static int map_for_write(struct vfs *v, struct request *r, const struct pagefs_write_req *q)
{
    struct page_io *io = &r->io;
    uint32_t bs = ext2_block_size(v->fs);
    io->nblocks = (uint8_t)((q->bytes + bs - 1) / bs);
    while (io->next < io->nblocks) {
        uint32_t block;
        int status = ext2_map_write(v->fs, r->node->ip, first_block(v, q->index) + io->next, &block,
                                    &io->is_new[io->next]);
        if (status == VFS_WAIT)
            return status;
        if (status) {
            undo_map(v, r, first_block(v, q->index));
            return status;
        }
        io->block[io->next++] = block;
    }
    return 0;
}

/* A hole that nobody reserved for: take its blocks now. */
static int reserve_late(struct vfs *v, struct request *r, const struct pagefs_write_req *q)
{
    uint32_t cost = ext2_cost(v->fs, first_block(v, q->index), page_blocks(v));
    if (q->credited || r->made)
        return 0;
    int status = map_page(v, r, q->index);
    if (status || holes(v, &r->io) == 0)
        return status;
    status = ext2_reserve(v->fs, cost);
    if (status == 0) {
        r->node->reserved += cost;
        r->node->credits++;
        r->made = 1;
    }
    return status;
}

/* The pager has written up to `size`. Only a truncate makes a file smaller. */
static void grow(struct vfs *v, struct node *n, uint64_t size)
{
    node_touch(v, n, size > n->size ? size : n->size);
}

/* Before the file names new blocks its size covers them: a page may come before the news of the
 * size, and a crash must not leave blocks behind the end. */
static int cover(struct vfs *v, struct request *r, const struct pagefs_write_req *q)
{
    uint64_t end = q->index * PAGE_SIZE + q->bytes;
    if (end > r->node->size)
        grow(v, r->node, end);
    return r->status ? 0 : node_settle(v, r->node);
}

/* Let the file name the new blocks that were written, or take them back. */
static int name_blocks(struct vfs *v, struct request *r, const struct pagefs_write_req *q)
{
    struct page_io *io = &r->io;
    for (; io->next < io->nblocks; io->next++) {
        uint32_t used = 0;
        if (!io->is_new[io->next])
            continue;
        int status = ext2_write_done(v->fs, r->node->ip, first_block(v, q->index) + io->next,
                                     r->status, &used);
        if (status == VFS_WAIT)
            return status;
        if (status && r->status == 0)
            r->status = status;
        io->used += r->status ? 0 : used + 1;
    }
    return 0;
}

/* The page is written: of what was reserved for it, give back what it did not need. */
static void use_credit(struct vfs *v, struct request *r, const struct pagefs_write_req *q)
{
    uint32_t cost = ext2_cost(v->fs, first_block(v, q->index), page_blocks(v));
    bool keeps_credit = r->status && !r->made;
    if (keeps_credit)
        r->node->reserved -= r->io.used < r->node->reserved ? r->io.used : r->node->reserved;
    if (keeps_credit || (!q->credited && !r->made) || r->node->reserved < cost)
        return;
    r->node->reserved -= cost;
    r->node->credits -= r->node->credits > 0;
    if (cost > r->io.used)
        ext2_release(v->fs, cost - r->io.used);
}

int page_write(struct vfs *v, struct request *r)
{
    const struct pagefs_write_req *q = REQ(pagefs, write, r);
    int status;
    if (q->bytes == 0 || q->bytes > PAGE_SIZE)
        return ERR_INVAL;
    if (r->phase == PAGE_MAP) {
        status = r->io.next ? 0 : take_quiet(v, r, q->index);
        if (status == 0 && r->io.next == 0)
            status = reserve_late(v, r, q);
        if (status == 0)
            status = map_for_write(v, r, q);
        if (status) {
            if (status != VFS_WAIT && status != VFS_PARK && r->node) {
                r->status = status;
                use_credit(v, r, q);
            }
            return status;
        }
        r->io.next = 0;
        move_blocks(v, r, q->frame, true);
        return request_park(r, WAIT_PEER, 0);
    }
    if (r->inflight > 0)
        return request_park(r, WAIT_PEER, 0);
    r->phase = PAGE_NAME;
    status = cover(v, r, q);
    if (status == VFS_WAIT)
        return status;
    status = name_blocks(v, r, q);
    if (status)
        return status;
    use_credit(v, r, q);
    return r->status;
}

/* --- reservations ---------------------------------------------------------------------------- */

int page_credit(struct vfs *v, struct request *r)
{
    const struct pagefs_credit_req *q = REQ(pagefs, credit, r);
    int status = take_quiet(v, r, q->index);
    if (status)
        return status;
    if (ext2_is_read_only(v->fs))
        return ERR_ROFS;
    status = map_page(v, r, q->index);
    if (status)
        return status;
    REP(pagefs, credit, r)->reserved = holes(v, &r->io) != 0;
    if (!REP(pagefs, credit, r)->reserved)
        return 0;
    uint32_t cost = ext2_cost(v->fs, first_block(v, q->index), page_blocks(v));
    status = ext2_reserve(v->fs, cost);
    if (status == 0) {
        r->node->reserved += cost;
        r->node->credits++;
    }
    return status;
}

int page_uncredit(struct vfs *v, struct request *r)
{
    const struct pagefs_uncredit_req *q = REQ(pagefs, uncredit, r);
    int status = q->index > UINT32_MAX ? ERR_FBIG : take_object(v, r);
    if (status)
        return status;
    uint32_t cost = ext2_cost(v->fs, first_block(v, q->index), page_blocks(v));
    if (r->node->reserved < cost)
        return ERR_INVAL;
    r->node->reserved -= cost;
    r->node->credits -= r->node->credits > 0;
    ext2_release(v->fs, cost);
    return 0;
}

/* --- sizes and ends -------------------------------------------------------------------------- */

int page_size(struct vfs *v, struct request *r)
{
    int status = take_object(v, r);
    if (status)
        return status;
    grow(v, r->node, REQ(pagefs, size, r)->size);
    return 0;
}

int page_accessed(struct vfs *v, struct request *r)
{
    int status = take_object(v, r);
    if (status)
        return status;
    if (r->phase++ > 0)
        return node_tell_atime(v, r->node); /* unless it was set to something else meanwhile */
    return node_accessed(v, r->node);
}

int page_sync(struct vfs *v, struct request *r)
{
    const struct pagefs_sync_req *q = REQ(pagefs, sync, r);
    int status = q->object ? take_object(v, r) : 0;
    if (status)
        return status;
    if (r->phase == 0) {
        status = q->object ? node_settle(v, r->node) : nodes_settle(v);
        if (status)
            return status;
    }
    return v->is_mounted ? sync_run(v, r) : 0;
}

int page_idle(struct vfs *v, struct request *r)
{
    int status = take_object(v, r);
    if (status)
        return status;
    if (r->node->adds > 0)
        return 0; /* a stream is on its way to the pager: the object is live again */
    if (r->phase == 0)
        r->node->is_live = false;
    r->phase = 1;
    return r->node->is_touched ? node_settle(v, r->node) : 0;
}
