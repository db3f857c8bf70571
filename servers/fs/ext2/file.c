/* Attributes, sizes and the data blocks of files: what the pager asks for through the shell. New
 * data blocks live in `flight` from ext2_map_write to ext2_write_done; only then does the file
 * name them. */
#include <string.h>
#include "alloc.h"
#include "inode.h"
#include "map.h"
#include "tx.h"

void ext2_getattr(const struct ext2_fs *fs, const struct ext2_inode *ip, struct ext2_attr *out)
{
    uint32_t type = inode_type(ip);
    bool is_device = type == EXT2_S_IFCHR || type == EXT2_S_IFBLK;
    *out = (struct ext2_attr){.ino = ip->ino,
                              .mode = ip->d.mode,
                              .nlink = ip->is_replaced ? 0 : ip->d.links,
                              .uid = ip->d.uid | (uint32_t)ip->d.uid_high << 16,
                              .gid = ip->d.gid | (uint32_t)ip->d.gid_high << 16,
                              .generation = ip->d.generation,
                              .atime = ip->d.atime,
                              .mtime = ip->d.mtime,
                              .ctime = ip->d.ctime,
                              .size = inode_size(ip),
                              .blocks512 = ip->d.blocks512};
    if (is_device)
        out->rdev = ip->d.block[0] ? ip->d.block[0] : ip->d.block[1];
}

static void apply_attr(struct ext2_dinode *d, const struct ext2_attr *a, uint32_t mask)
{
    if (mask & EXT2_SET_MODE)
        d->mode = (uint16_t)((d->mode & EXT2_S_IFMT) | (a->mode & 07777));
    if (mask & EXT2_SET_UID) {
        d->uid = (uint16_t)a->uid;
        d->uid_high = (uint16_t)(a->uid >> 16);
    }
    if (mask & EXT2_SET_GID) {
        d->gid = (uint16_t)a->gid;
        d->gid_high = (uint16_t)(a->gid >> 16);
    }
    if (mask & EXT2_SET_ATIME) {
        d->atime = a->atime;
        d->atime_extra = 0;
    }
    if (mask & EXT2_SET_MTIME) {
        d->mtime = a->mtime;
        d->mtime_extra = 0;
    }
    if (mask & EXT2_SET_CTIME) {
        d->ctime = a->ctime;
        d->ctime_extra = 0;
    }
}

/* Attributes beyond the classic inode exist only as far as extra_isize says. */
static void store_times(struct ext2_fs *fs, struct ext2_inode *ip)
{
    if (fs->inode_size == EXT2_GOOD_OLD_INODE_SIZE || ip->d.extra_isize < 16)
        ip->d.ctime_extra = ip->d.mtime_extra = ip->d.atime_extra = 0;
    inode_store(fs, ip);
}

int ext2_setattr(struct ext2_fs *fs, struct ext2_inode *ip, const struct ext2_attr *attr,
                 uint32_t mask)
{
    int err = tx_begin(fs, 0);
    if (err)
        return err;
    err = inode_edit(fs, ip);
    if (!err) {
        apply_attr(&ip->d, attr, mask);
        store_times(fs, ip);
    }
    return tx_close(fs, err);
}

/* --- size ------------------------------------------------------------------------------------ */

static uint64_t blocks_for(const struct ext2_fs *fs, uint64_t size)
{
    return (size + fs->block_size - 1) >> fs->block_shift;
}

static int check_truncate(const struct ext2_fs *fs, const struct ext2_inode *ip, uint64_t size)
{
    if (inode_is_dir(ip))
        return ERR_ISDIR;
    if (inode_type(ip) != EXT2_S_IFREG)
        return ERR_INVAL;
    if (size > map_max_size(fs))
        return ERR_FBIG;
    for (uint32_t i = 0; i < MAX_FLIGHT; i++)
        if (fs->flight[i].ip == ip && fs->flight[i].fblock >= blocks_for(fs, size))
            return ERR_BUSY;
    return 0;
}

static void set_mtime(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t now)
{
    struct ext2_attr a = {.mtime = now, .ctime = now};
    apply_attr(&ip->d, &a, EXT2_SET_MTIME | EXT2_SET_CTIME);
    fs->now = now;
}

/* A file of 2 GiB or more must be announced in the superblock. */
static int announce_large(struct ext2_fs *fs, uint64_t size)
{
    struct ext2_super *sb = fs_super(fs);
    if (size < 0x80000000u || (sb->feature_ro_compat & EXT2_RO_LARGE_FILE))
        return 0;
    int err = tx_add(fs, fs->super_buf, BUF_SUPER);
    if (!err)
        sb->feature_ro_compat |= EXT2_RO_LARGE_FILE;
    return err;
}

/* Change the size by one transaction. => `*done`: it is `size` now; else something between. */
static int truncate_step(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size, uint32_t now,
                         bool *done)
{
    uint64_t end = 0;
    int err = tx_begin(fs, MAP_CUT_RUNS);
    if (err)
        return err;
    *done = true;
    err = inode_edit(fs, ip);
    if (!err)
        err = announce_large(fs, size);
    if (!err && size < inode_size(ip))
        err = map_cut(fs, ip, blocks_for(fs, size), done, &end);
    if (!err) {
        bool is_cut = !*done && end < blocks_for(fs, inode_size(ip));
        uint64_t reached = is_cut ? end << fs->block_shift : inode_size(ip);
        inode_set_size(fs, ip, *done ? size : reached);
        set_mtime(fs, ip, now);
        store_times(fs, ip);
    }
    return tx_close(fs, err);
}

int ext2_truncate(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size, uint32_t now)
{
    bool done = false;
    int err = check_truncate(fs, ip, size);
    while (!err && !done)
        err = truncate_step(fs, ip, size, now, &done);
    return err;
}

int ext2_wrote(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size, uint32_t mtime)
{
    if (inode_type(ip) != EXT2_S_IFREG)
        return ERR_INVAL;
    if (size > map_max_size(fs))
        return ERR_FBIG;
    int err = tx_begin(fs, 0);
    if (err)
        return err;
    err = inode_edit(fs, ip);
    if (!err)
        err = announce_large(fs, size);
    if (!err) {
        if (size > inode_size(ip))
            inode_set_size(fs, ip, size);
        if (mtime)
            set_mtime(fs, ip, mtime);
        store_times(fs, ip);
    }
    return tx_close(fs, err);
}

int ext2_readlink(struct ext2_fs *fs, struct ext2_inode *ip, char *buf, size_t size, size_t *len)
{
    uint64_t n = inode_size(ip);
    const void *from = ip->d.block;
    if (inode_type(ip) != EXT2_S_IFLNK)
        return ERR_INVAL;
    if (inode_has_blocks(fs, ip)) {
        struct buf *b;
        if (!block_is_ok(fs, ip->d.block[0]))
            return ERR_CORRUPT;
        int err = bcache_get(&fs->bc, ip->d.block[0], &b);
        if (err)
            return err;
        from = b->data;
    }
    *len = n < size ? n : size;
    memcpy(buf, from, *len);
    return 0;
}

/* --- blocks ---------------------------------------------------------------------------------- */

int ext2_map_read(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t max,
                  struct ext2_run *out)
{
    if (inode_type(ip) != EXT2_S_IFREG)
        return ERR_INVAL;
    out->nblocks = max;
    return map_find(fs, ip, fblock, &out->nblocks, &out->block);
}

/* Tables of `span` file blocks each that [first, last] touches. */
static uint64_t tables(uint64_t first, uint64_t last, uint64_t span)
{
    return last / span - first / span + 1;
}

uint32_t ext2_cost(const struct ext2_fs *fs, uint64_t fblock, uint32_t nblocks)
{
    uint64_t n = fs->ptrs_per_block, cost = nblocks, base = EXT2_NDIRECT, span = 1;
    uint64_t end = fblock + nblocks;
    for (uint32_t level = 1; level <= 3 && nblocks > 0; level++) {
        span *= n;
        uint64_t first = fblock > base ? fblock - base : 0;
        uint64_t last = end > base ? (end - base < span ? end - base : span) : 0;
        for (uint64_t s = n; first < last && s <= span; s *= n)
            cost += tables(first, last - 1, s);
        base += span;
    }
    return cost < UINT32_MAX ? (uint32_t)cost : UINT32_MAX;
}

int ext2_reserve(struct ext2_fs *fs, uint32_t nblocks)
{
    uint32_t free_blocks = fs_super(fs)->free_blocks;
    if (fs->read_only)
        return ERR_ROFS;
    if (free_blocks < fs->soft.reserved || free_blocks - fs->soft.reserved < nblocks)
        return space_shortage(fs);
    fs->soft.reserved += nblocks;
    return 0;
}

void ext2_release(struct ext2_fs *fs, uint32_t nblocks)
{
    fs->soft.reserved -= nblocks < fs->soft.reserved ? nblocks : fs->soft.reserved;
}

static struct flight *find_flight(struct ext2_fs *fs, const struct ext2_inode *ip, uint64_t fblock)
{
    for (uint32_t i = 0; i < MAX_FLIGHT; i++)
        if (fs->flight[i].ip == ip && (!ip || fs->flight[i].fblock == fblock))
            return &fs->flight[i];
    return NULL;
}

/* Where a new block for `fblock` would best lie: behind the block before it. */
static int find_goal(struct ext2_fs *fs, const struct ext2_inode *ip, uint64_t fblock,
                     uint32_t *goal)
{
    const struct flight *before = fblock ? find_flight(fs, ip, fblock - 1) : NULL;
    uint32_t block = before ? before->block : 0;
    *goal = inode_goal(fs, ip->ino);
    int err = fblock && !before ? map_find(fs, ip, fblock - 1, NULL, &block) : 0;
    if (!err && block)
        *goal = block + 1;
    return err;
}

int ext2_map_write(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t *block,
                   bool *is_new)
{
    uint32_t goal;
    bool use_reserve = true;
    if (inode_type(ip) != EXT2_S_IFREG)
        return ERR_INVAL;
    if (find_flight(fs, ip, fblock))
        return ERR_BUSY;
    int err = map_find(fs, ip, fblock, NULL, block);
    *is_new = false;
    if (err || *block)
        return fs->read_only && !err ? ERR_ROFS : err;
    struct flight *f = find_flight(fs, NULL, 0);
    if (!f)
        return EXT2_WAIT;
    if (fs->soft.reserved == 0)
        return ERR_NOSPC;
    err = find_goal(fs, ip, fblock, &goal);
    if (!err)
        err = tx_begin(fs, 0);
    if (err)
        return err;
    err = tx_close(fs, block_alloc(fs, goal, &use_reserve, block));
    if (err)
        return err;
    *f = (struct flight){ip, fblock, *block};
    *is_new = true;
    return 0;
}

int ext2_write_done(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, int status,
                    uint32_t *used)
{
    struct flight *f = find_flight(fs, ip, fblock);
    *used = 0;
    if (!f)
        return ERR_INVAL;
    int err = tx_begin(fs, 1);
    if (err)
        return err;
    if (status) {
        err = block_unalloc(fs, f->block);
        fs->soft.reserved += err == 0;
    } else {
        err = inode_edit(fs, ip);
        if (!err)
            err = map_set(fs, ip, fblock, f->block, true, used);
        if (!err)
            inode_store(fs, ip);
        fs->data_written = true;
    }
    if (err)
        *used = 0;
    else
        f->ip = NULL;
    return tx_close(fs, err);
}
