/* The orphan list: inodes that lost their names while open, chained from the superblock through
 * i_dtime, so that a mount after a crash frees them. e2fsck refuses a chain it cannot follow, and
 * superblock and inodes cannot change together; so the list only grows and shrinks at its end,
 * each step a single field on the disk and in a phase of its own, in the order of the steps. An
 * orphan further up that is done with stays, emptied, until it is the last. */
#include "inode.h"
#include "tx.h"

#define DTIME ((uint32_t)offsetof(struct ext2_dinode, dtime))

bool orphan_is_listed(const struct ext2_fs *fs, uint32_t ino)
{
    for (uint32_t i = 0; i < fs->soft.norphans; i++)
        if (fs->soft.orphans[i] == ino)
            return true;
    return false;
}

bool orphan_is_last(const struct ext2_fs *fs, uint32_t ino)
{
    return fs->soft.norphans > 0 && fs->soft.orphans[fs->soft.norphans - 1] == ino;
}

/* Make `ino` (0: nothing) follow the first `n` orphans. */
static int set_link(struct ext2_fs *fs, uint32_t n, uint32_t ino)
{
    struct ext2_super *sb = fs_super(fs);
    uint32_t off = (uint32_t)((uint8_t *)&sb->last_orphan - fs->super_buf->data);
    uint32_t step = fs->soft.orphan_epoch == fs->epoch ? fs->soft.orphan_steps : 0;
    if (step == ORPHAN_STEPS) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    fs->soft.orphan_epoch = fs->epoch;
    fs->soft.orphan_steps = step + 1;
    if (n == 0) {
        int err = tx_add(fs, fs->super_buf, BUF_SUPER);
        if (!err)
            err = late_keep(fs, fs->super_buf, off, 4, PH_SUPER + step);
        sb->last_orphan = ino;
        return err;
    }
    struct ext2_inode *last = inode_find(fs, fs->soft.orphans[n - 1]);
    if (!last)
        return ERR_CORRUPT;
    int err = inode_edit(fs, last);
    if (!err)
        err = late_keep(fs, last->buf, last->table_off + DTIME, 4, PH_SUPER + step);
    if (err)
        return err;
    last->d.dtime = ino;
    inode_store(fs, last);
    return 0;
}

int orphan_append(struct ext2_fs *fs, struct ext2_inode *ip)
{
    uint32_t n = fs->soft.norphans;
    if (fs->orphans_foreign || n == MAX_ORPHANS || n >= fs->ninodes / 4)
        return 0;
    int err = set_link(fs, n, ip->ino);
    if (!err)
        fs->soft.orphans[fs->soft.norphans++] = ip->ino;
    return err;
}

int orphan_pop(struct ext2_fs *fs)
{
    int err = set_link(fs, fs->soft.norphans - 1, 0);
    if (!err)
        fs->soft.norphans--;
    return err;
}
