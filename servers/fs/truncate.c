/* Setting a file's size. The pager goes first if it has the file: it waits out writes, unmaps, and
 * zeroes what follows the new end in its last page. If it has not, that tail is zeroed on the disk
 * here, through the scratch page. Only then are blocks freed. From TAIL on what the pager asks for
 * this file waits.
 *
 *   FIRST -> PAGER (live)            -> BLOCKS
 *            PAGER, forgotten by now -> TAIL
 *   FIRST -> TAIL -> READ -> WRITE   -> BLOCKS    shrinking into a block that exists
 */
#include <servers/fs/handlers.h>
#include <proto/blk.h>
#include <string.h>

static void end(struct vfs *v, struct request *r, struct node *n)
{
    if (r->phase >= TRUNCATE_TAIL && r->phase <= TRUNCATE_WRITE && r->done) {
        r->done = 0;
        v->scratch_taken = false;
        request_wake(v, WAIT_SCRATCH, 0);
    }
    n->is_busy = n->is_cutting = false;
    v->work_due = true;
    request_wake(v, WAIT_NODE, node_id(v, n));
}

static int first(struct vfs *v, struct request *r, struct node *n, uint64_t size)
{
    if (n->is_busy)
        return request_park(r, WAIT_NODE, node_id(v, n));
    int status = node_settle(v, n);
    if (status)
        return status;
    n->is_busy = true;
    n->is_cutting = !n->is_live;
    r->status = 0;
    if (!n->is_live) {
        r->phase = size < n->size ? TRUNCATE_TAIL : TRUNCATE_BLOCKS;
        return 0;
    }
    uint64_t words[] = {n->ino, n->generation, size};
    r->phase = TRUNCATE_PAGER;
    request_post(v, r, SRV_PAGER, fspage_OP_truncate, words, 3);
    return request_park(r, WAIT_PEER, 0);
}

/* Move the block that holds the new end between disk and scratch page. */
static int tail_transfer(struct vfs *v, struct request *r, bool is_write)
{
    uint32_t bs = ext2_block_size(v->fs);
    struct transfer t = {is_write, BLK_MEM_FS, (uint64_t)(v->scratch - v->heap) / PAGE_SIZE, 0, bs,
                         r->value * bs};
    r->phase = is_write ? TRUNCATE_WRITE : TRUNCATE_READ;
    r->inflight++;
    disk_transfer(v, COOKIE(COOKIE_REQUEST, request_id(v, r)), &t);
    return request_park(r, WAIT_PEER, 0);
}

static int tail(struct vfs *v, struct request *r, struct node *n, uint64_t size)
{
    uint32_t bs = ext2_block_size(v->fs);
    struct ext2_run run = {0, 1};
    if (size % bs != 0) {
        int status = ext2_map_read(v->fs, n->ip, size / bs, 1, &run);
        if (status)
            return status;
    }
    if (run.block == 0) {
        r->phase = TRUNCATE_BLOCKS;
        return 0;
    }
    if (v->scratch_taken)
        return request_park(r, WAIT_SCRATCH, 0);
    v->scratch_taken = true;
    r->done = 1;
    r->value = run.block;
    return tail_transfer(v, r, false);
}

static int tail_read(struct vfs *v, struct request *r, uint64_t size)
{
    uint32_t bs = ext2_block_size(v->fs);
    if (r->status)
        return r->status;
    memset(v->scratch + size % bs, 0, bs - size % bs);
    return tail_transfer(v, r, true);
}

static int tail_written(struct vfs *v, struct request *r)
{
    v->scratch_taken = false;
    r->done = 0;
    request_wake(v, WAIT_SCRATCH, 0);
    r->phase = TRUNCATE_BLOCKS;
    return r->status;
}

static int blocks(struct vfs *v, struct request *r, struct node *n, uint64_t size)
{
    int status = ext2_truncate(v->fs, n->ip, size, vfs_now(v));
    if (status == 0 && !n->is_live)
        n->size = size;
    return status;
}

/* The pager has answered. It may have forgotten the file before it heard of this. */
static int told(struct request *r, struct node *n, uint64_t size)
{
    if (r->status == 0)
        n->size = size;
    n->is_cutting = true;
    r->phase = n->is_live ? TRUNCATE_BLOCKS : TRUNCATE_TAIL;
    return r->status;
}

static int step(struct vfs *v, struct request *r, struct node *n, uint64_t size)
{
    switch ((enum truncate_phase)r->phase) {
    case TRUNCATE_PAGER:
        if (r->inflight > 0)
            return request_park(r, WAIT_PEER, 0);
        return told(r, n, size);
    case TRUNCATE_TAIL:
        return tail(v, r, n, size);
    case TRUNCATE_READ:
        return tail_read(v, r, size);
    case TRUNCATE_WRITE:
        return tail_written(v, r);
    case TRUNCATE_BLOCKS:
        return blocks(v, r, n, size);
    default:
        return first(v, r, n, size);
    }
}

int truncate_run(struct vfs *v, struct request *r, struct node *n, uint64_t size)
{
    uint32_t phase;
    int status;
    do {
        phase = r->phase;
        status = step(v, r, n, size);
    } while (status == 0 && phase != TRUNCATE_BLOCKS);
    if (status != VFS_WAIT && status != VFS_PARK && phase >= TRUNCATE_PAGER)
        end(v, r, n);
    return status;
}

int call_truncate(struct vfs *v, struct request *r)
{
    const struct fs_truncate_req *q = REQ(fs, truncate, r);
    if (!r->node) {
        struct file *f = r->nbytes == 0 ? fd_file(v, caller(v, r), q->dir) : NULL;
        if (f && (f->kind != FILE_REGULAR || !(f->flags & FS_WRITE)))
            return ERR_INVAL;
        struct ext2_inode *ip;
        int status = inode_of(v, r, q->dir, r->nbytes, WALK_FOLLOW, &ip);
        if (status)
            return status;
        uint32_t type = inode_type(v, ip);
        status = type == EXT2_S_IFDIR   ? ERR_ISDIR
                 : type != EXT2_S_IFREG ? ERR_INVAL
                 : ext2_is_read_only(v->fs) ? ERR_ROFS
                                            : node_take(v, ip, &r->node);
        ext2_iput(v->fs, ip);
        if (status)
            return status;
    }
    if ((int64_t)q->size < 0 || q->size > ext2_max_size(v->fs))
        return (int64_t)q->size < 0 ? ERR_INVAL : ERR_FBIG;
    return truncate_run(v, r, r->node, q->size);
}
