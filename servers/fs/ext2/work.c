/* Work that follows from operations but that no request waits for: giving back blocks and inodes
 * whose release is durable, emptying dead files, dropping the spare names of replaced ones. Each
 * piece waits for the epoch that made its cause durable. */
#include <string.h>
#include "alloc.h"
#include "inode.h"
#include "known.h"
#include "map.h"
#include "names.h"
#include "tx.h"

#define WORK_KEY UINT64_MAX

/* Header of an extended attribute block. */
struct acl_block {
    uint32_t magic;
    uint32_t refs; /* inodes that share it */
};
#define ACL_MAGIC 0xea020000u

/* Give back the run at `i` and take it off the list. */
static int apply_freed(struct ext2_fs *fs, uint32_t i)
{
    struct freed f = fs->freed[i];
    int err = tx_begin(fs, 0);
    if (!err)
        err = tx_close(fs, freed_apply(fs, &f));
    if (err == EXT2_WAIT)
        return err;
    if (err)
        fs->was_clean = false;
    fs->freed[i] = fs->freed[--fs->soft.nfreed];
    fs->soft.freed_blocks -= f.count;
    if (f.count == 0) {
        known_forget_dir(fs, f.start);
        inode_forget(fs, f.start);
    }
    return err;
}

static int release_acl(struct ext2_fs *fs, struct ext2_inode *ip)
{
    struct buf *buf;
    uint32_t block = ip->d.file_acl;
    if (block == 0 || !block_is_ok(fs, block)) {
        ip->d.file_acl = 0;
        return 0;
    }
    int err = bcache_get(&fs->bc, block, &buf);
    if (err)
        return err;
    const struct acl_block *acl = (const struct acl_block *)buf->data;
    if (acl->magic == ACL_MAGIC && acl->refs > 1) {
        err = tx_add(fs, buf, BUF_INDIRECT);
        ((struct acl_block *)buf->data)->refs--;
    } else {
        err = block_free_later(fs, block);
    }
    ip->d.file_acl = 0;
    return err;
}

/* One step of emptying `ip`, which is dead, or too long for its size. */
static int cut_in_tx(struct ext2_fs *fs, struct ext2_inode *ip)
{
    uint64_t end, keep = 0;
    bool done = false;
    if (!ip->is_dead)
        keep = (inode_size(ip) + fs->block_size - 1) >> fs->block_shift;
    int err = inode_edit(fs, ip);
    if (!err)
        err = map_cut(fs, ip, keep, &done, &end);
    if (!err && done && ip->is_dead) {
        err = release_acl(fs, ip);
        inode_set_size(fs, ip, 0);
        ip->d.blocks512 = 0;
    }
    if (!err && done && !ip->is_dead) {
        ip->is_cutting = false;
        err = orphan_pop(fs);
    }
    if (!err)
        inode_store(fs, ip);
    return err;
}

/* `ip` is empty: off the orphan list with it, and free its number. */
static int bury_in_tx(struct ext2_fs *fs, struct ext2_inode *ip)
{
    int err = tx_add_inode(fs, ip);
    if (!err && orphan_is_listed(fs, ip->ino))
        err = orphan_pop(fs);
    if (!err)
        err = inode_free_later(fs, ip->ino);
    ip->is_done = true;
    return err;
}

/* It cannot be freed: leave that to e2fsck. */
static void give_up(struct ext2_fs *fs, struct ext2_inode *ip)
{
    fs->was_clean = false;
    ip->is_cutting = false;
    ip->is_done = true;
}

static int reap(struct ext2_fs *fs, struct ext2_inode *ip)
{
    int err;
    if (ip->is_replaced) {
        err = names_drop_spare(fs, ip);
        if (err && err != EXT2_WAIT)
            ip->is_replaced = false;
        return err == ERR_NOENT ? 0 : err;
    }
    bool is_cut = ip->is_cutting || map_any(fs, ip);
    err = tx_begin(fs, MAP_CUT_RUNS + 2);
    if (!err)
        err = tx_close(fs, is_cut ? cut_in_tx(fs, ip) : bury_in_tx(fs, ip));
    if (err && err != EXT2_WAIT)
        give_up(fs, ip);
    return err;
}

/* Will there be work on it, now or later? */
static bool is_odd(const struct ext2_inode *ip)
{
    return ip->ino != 0 && !ip->is_done && (ip->is_dead || ip->is_replaced || ip->is_cutting);
}

/* Do the first piece that can be done. => ERR_GONE: there is none; `*any`: but there will be. */
static int work(struct ext2_fs *fs, bool *any)
{
    *any = false;
    for (uint32_t i = 0; i < fs->soft.nfreed; i++) {
        *any = true;
        if (fs->freed[i].epoch < fs->epoch)
            return apply_freed(fs, i);
    }
    bool has_odd = false;
    for (uint32_t i = 0; fs->has_odd && i < fs->ninodes; i++) {
        has_odd |= is_odd(&fs->inodes[i]);
        if (!inode_is_reapable(fs, &fs->inodes[i]))
            continue;
        *any = true;
        if (fs->inodes[i].dead_epoch < fs->epoch)
            return reap(fs, &fs->inodes[i]);
    }
    fs->has_odd = has_odd;
    return ERR_GONE;
}

int ext2_work(struct ext2_fs *fs)
{
    if (!fs->is_mounted || fs->read_only)
        return ERR_GONE;
    if (fs->flush.state != FLUSH_IDLE)
        return EXT2_WAIT;
    ext2_run_begin(fs, WORK_KEY);
    fs->is_working = true;
    bool any;
    int err = work(fs, &any);
    fs->is_working = false;
    ext2_run_end(fs, WORK_KEY, err);
    return err == ERR_GONE && any ? EXT2_WAIT : err;
}
