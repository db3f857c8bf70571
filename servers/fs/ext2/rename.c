/* Renaming. What makes it hard is that e2fsck mends neither a file without a name nor a directory
 * with two without asking, and that only one sector changes at a time. So:
 *
 * - A file that is replaced first gets a spare name in lost+found; then its old name is switched
 *   to the new file; then, in a later epoch, the spare name is unlinked like any other.
 * - A directory that stays in its parent moves by copying the block that holds its name: the copy
 *   has the new name instead, and one write of the parent's inode exchanges the blocks.
 * - A directory that replaces an empty one waits until that is gone.
 * - A directory that changes its parent gets the new name before the old one goes; a crash between
 *   the two needs `e2fsck -y`. Only a journal can do better. */
#include <string.h>
#include "alloc.h"
#include "inode.h"
#include "names.h"
#include "tx.h"

/* One rename being done: what was found out before the transaction. */
struct move {
    const struct ext2_rename *r;
    struct ext2_inode *ip;     /* what is renamed */
    struct ext2_inode *target; /* what is replaced, or NULL */
    struct dir_pos from, to;
    struct dir_slot slot; /* for the new name, if there is no target */
};

/* --- spare names ----------------------------------------------------------------------------- */

static size_t put_number(char *at, uint32_t n)
{
    char digits[10];
    size_t len = 0;
    do
        digits[len++] = (char)('0' + n % 10);
    while (n /= 10);
    for (size_t i = 0; i < len; i++)
        at[i] = digits[len - 1 - i];
    return len;
}

void names_spare(struct spare_name *out, uint32_t ino, uint32_t tag)
{
    size_t len = 0;
    out->bytes[len++] = '#';
    len += put_number(out->bytes + len, ino);
    if (tag) {
        out->bytes[len++] = '.';
        len += put_number(out->bytes + len, tag);
    }
    out->tag = tag;
    out->name = (struct ext2_name){out->bytes, len};
}

/* The directory for spare names: lost+found, or `other` if there is none. Takes a reference. */
static int spare_dir(struct ext2_fs *fs, struct ext2_inode *other, struct ext2_inode **out)
{
    const struct ext2_name name = {"lost+found", 10};
    struct ext2_inode *root;
    struct dir_pos pos;
    if (fs->lost_found == 0) {
        int err = ext2_iget(fs, EXT2_ROOT_INO, &root);
        if (err)
            return err;
        err = dir_find(fs, root, &name, &pos);
        ext2_iput(fs, root);
        if (err && err != ERR_NOENT)
            return err;
        fs->lost_found = err ? 0 : pos.ino;
    }
    int err = fs->lost_found ? ext2_iget(fs, fs->lost_found, out) : ERR_NOENT;
    if (err == 0 && inode_is_dir(*out))
        return 0;
    if (err == 0)
        ext2_iput(fs, *out);
    else if (err != ERR_NOENT)
        return err;
    fs->lost_found = 0;
    ext2_iref(other);
    *out = other;
    return 0;
}

/* A spare name for `target` that is free in `dir`, and room for it. */
static int find_spare(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_inode *target,
                      struct spare_name *spare, struct dir_slot *slot)
{
    struct dir_pos pos;
    int err = 0;
    uint32_t tag = 0;
    for (; err == 0 && tag < 1000; tag++) {
        names_spare(spare, target->ino, tag);
        err = dir_find(fs, dir, &spare->name, &pos);
    }
    return err == ERR_NOENT ? dir_find_slot(fs, dir, &spare->name, slot) : err ? err : ERR_EXISTS;
}

int names_drop_spare(struct ext2_fs *fs, struct ext2_inode *ip)
{
    struct ext2_inode *dir;
    struct dir_pos pos;
    struct spare_name spare;
    names_spare(&spare, ip->ino, ip->replaced_tag);
    int err = ext2_iget(fs, ip->replaced_dir, &dir);
    if (err)
        return err;
    err = dir_find(fs, dir, &spare.name, &pos);
    if (!err && pos.ino != ip->ino)
        err = ERR_NOENT;
    if (!err)
        err = ext2_unlink(fs, dir, &spare.name, fs->now);
    ext2_iput(fs, dir);
    return err;
}

/* --- files ----------------------------------------------------------------------------------- */

/* Put the inodes of a rename under the transaction. */
static int edit_all(struct ext2_fs *fs, const struct move *m)
{
    int err = inode_edit(fs, m->r->from_dir);
    if (!err)
        err = inode_edit(fs, m->r->to_dir);
    if (!err)
        err = inode_edit(fs, m->ip);
    return err;
}

static void store_all(struct ext2_fs *fs, const struct move *m)
{
    m->ip->d.ctime = fs->now;
    m->ip->d.ctime_extra = 0;
    inode_store(fs, m->ip);
    inode_store(fs, m->r->from_dir);
    inode_store(fs, m->r->to_dir);
}

static int move_in_tx(struct ext2_fs *fs, const struct move *m)
{
    int err = edit_all(fs, m);
    if (!err)
        err = dir_insert(fs, m->r->to_dir, &m->r->to, &m->slot, m->ip);
    if (!err)
        err = dir_remove(fs, m->r->from_dir, &m->r->from, &m->from);
    if (!err)
        store_all(fs, m);
    return err;
}

/* A name of a file that has others, or a spare one, is switched to another file. */
static int switch_in_tx(struct ext2_fs *fs, const struct move *m, struct ext2_inode *place,
                        const struct spare_name *spare, const struct dir_slot *slot)
{
    struct ext2_inode *target = m->target;
    int err = edit_all(fs, m);
    if (!err)
        err = inode_edit(fs, target);
    if (!err && place)
        err = inode_edit(fs, place);
    if (!err && place) {
        err = dir_insert(fs, place, &spare->name, slot, target);
        inode_store(fs, place);
        target->is_replaced = fs->has_odd = true;
        target->replaced_dir = place->ino;
        target->replaced_tag = spare->tag;
        target->dead_epoch = fs->epoch;
    }
    if (!err && !place)
        err = inode_set_links(fs, target, target->d.links - 1u);
    if (!err)
        err = dir_switch(fs, m->r->to_dir, &m->to, m->ip);
    if (!err)
        err = dir_remove_late(fs, m->r->from_dir, &m->r->from, &m->from);
    if (err)
        return err;
    target->d.ctime = fs->now;
    target->d.ctime_extra = 0;
    inode_store(fs, target);
    store_all(fs, m);
    return 0;
}

static int replace_file(struct ext2_fs *fs, const struct move *m)
{
    struct spare_name spare;
    struct dir_slot slot;
    struct ext2_inode *place = NULL;
    int err = 0;
    if (m->target->d.links == 1)
        err = spare_dir(fs, m->r->to_dir, &place);
    if (!err && place)
        err = find_spare(fs, place, m->target, &spare, &slot);
    if (!err)
        err = tx_begin(fs, 0);
    if (!err)
        err = tx_close(fs, switch_in_tx(fs, m, place, &spare, &slot));
    if (place)
        ext2_iput(fs, place);
    return err;
}

static int move_file(struct ext2_fs *fs, struct move *m)
{
    int err = dir_find_slot(fs, m->r->to_dir, &m->r->to, &m->slot);
    if (!err)
        err = tx_begin(fs, 0);
    return err ? err : tx_close(fs, move_in_tx(fs, m));
}

/* --- directories ----------------------------------------------------------------------------- */

/* Find room for the new name in `copy`, or in a new block behind the end of `dir`. */
static int put_in_copy(struct ext2_fs *fs, const struct move *m, struct buf *copy)
{
    uint32_t need = dir_rec_len(m->r->to.len), n = fs->block_size;
    const struct ext2_rec *rec;
    for (uint32_t off = 0; off < n; off += rec->rec_len) {
        rec = dir_rec(fs, copy, off);
        if (!rec)
            return ERR_CORRUPT;
        bool is_dot = off == 0 && m->from.fblock == 0;
        if (!is_dot && dir_has_room(fs, copy, off, need)) {
            dir_put(fs, copy, off, &m->r->to, m->ip);
            return 0;
        }
    }
    int err = dir_grow(fs, m->r->to_dir, &copy);
    if (!err)
        dir_put(fs, copy, 0, &m->r->to, m->ip);
    return err;
}

/* Exchange the block with the old name for a copy with the new one. */
static int exchange_in_tx(struct ext2_fs *fs, const struct move *m)
{
    struct ext2_inode *dir = m->r->from_dir;
    uint32_t old = dir->d.block[m->from.fblock], block;
    bool use_reserve = false;
    struct buf *from, *copy;
    int err = edit_all(fs, m);
    if (!err)
        err = bcache_get(&fs->bc, old, &from);
    if (!err)
        err = block_alloc(fs, old, &use_reserve, &block);
    if (!err)
        err = tx_get_new(fs, block, BUF_DIR, &copy);
    if (err)
        return err;
    memcpy(copy->data, from->data, fs->block_size);
    ((struct ext2_rec *)(copy->data + m->from.off))->ino = 0;
    dir->d.block[m->from.fblock] = block;
    dir->d.flags &= ~EXT2_FL_INDEX;
    dir->void_to = 0;
    dir_touch(fs, dir);
    tx_forget(fs, dir->ino, &m->r->from);
    tx_forget(fs, dir->ino, &m->r->to);
    err = put_in_copy(fs, m, copy);
    if (!err)
        err = block_free_later(fs, old);
    if (!err)
        store_all(fs, m);
    return err;
}

/* Both names are in `from_dir`. Its blocks must be direct ones, so that one sector names them. */
static int move_within(struct ext2_fs *fs, struct move *m)
{
    struct buf *buf;
    if (dir_nblocks(fs, m->r->from_dir) >= EXT2_NDIRECT)
        return move_file(fs, m);
    int err = dir_check_leaving(fs, m->r->to_dir, &m->r->to);
    if (!err)
        err = dir_block(fs, m->r->from_dir, m->from.fblock, &buf);
    if (!err && buf->dirty) {
        fs->want_flush = true;
        err = EXT2_WAIT;
    }
    if (!err)
        err = tx_begin(fs, 1);
    return err ? err : tx_close(fs, exchange_in_tx(fs, m));
}

/* Let ".." of the moved directory name its new parent. */
static int set_parent(struct ext2_fs *fs, struct ext2_inode *ip, const struct dir_pos *dotdot,
                      const struct ext2_inode *parent)
{
    struct buf *buf;
    int err = dir_block(fs, ip, dotdot->fblock, &buf);
    if (!err)
        err = tx_add(fs, buf, BUF_DIR);
    if (!err)
        err = late_keep(fs, buf, dotdot->off, 4, PH_SWITCH);
    if (!err)
        ((struct ext2_rec *)(buf->data + dotdot->off))->ino = parent->ino;
    return err;
}

static int move_across_in_tx(struct ext2_fs *fs, const struct move *m, const struct dir_pos *dotdot)
{
    struct ext2_inode *from = m->r->from_dir, *to = m->r->to_dir;
    int err = move_in_tx(fs, m);
    if (!err)
        err = set_parent(fs, m->ip, dotdot, to);
    if (!err)
        err = inode_set_links(fs, to, to->d.links + 1u);
    if (!err && from->d.links > 2)
        err = inode_set_links(fs, from, from->d.links - 1u);
    if (!err)
        store_all(fs, m);
    return err;
}

static int move_across(struct ext2_fs *fs, struct move *m)
{
    const struct ext2_name up = {"..", 2};
    struct dir_pos dotdot;
    if (m->r->to_dir->d.links >= EXT2_LINK_MAX)
        return ERR_MLINK;
    if (inode_is_new(fs, m->ip) || inode_is_new(fs, m->r->to_dir)) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    int err = dir_find(fs, m->ip, &up, &dotdot);
    if (!err)
        err = dir_find_slot(fs, m->r->to_dir, &m->r->to, &m->slot);
    if (!err)
        err = tx_begin(fs, 0);
    return err ? err : tx_close(fs, move_across_in_tx(fs, m, &dotdot));
}

/* --- all ------------------------------------------------------------------------------------- */

#define MAX_DEPTH 4096u

/* Is `ip` not `dir` and not above it? => ERR_INVAL if it is. */
static int check_not_above(struct ext2_fs *fs, const struct ext2_inode *ip, struct ext2_inode *dir)
{
    const struct ext2_name up = {"..", 2};
    struct ext2_inode *at = dir, *next;
    struct dir_pos pos;
    int err = 0;
    ext2_iref(at);
    for (uint32_t depth = 0; !err && at->ino != EXT2_ROOT_INO && at != ip; depth++) {
        err = depth < MAX_DEPTH ? dir_find(fs, at, &up, &pos) : ERR_CORRUPT;
        if (!err)
            err = ext2_iget(fs, pos.ino, &next);
        if (!err && !inode_is_dir(next)) {
            ext2_iput(fs, next);
            err = ERR_CORRUPT;
        }
        if (!err) {
            ext2_iput(fs, at);
            at = next;
        }
    }
    if (!err && at == ip)
        err = ERR_INVAL;
    ext2_iput(fs, at);
    return err;
}

/* May `m->ip` take the place of `m->target`? */
static int check_target(struct ext2_fs *fs, const struct move *m)
{
    if (inode_is_dir(m->ip) && !inode_is_dir(m->target))
        return ERR_NOTDIR;
    if (!inode_is_dir(m->ip) && inode_is_dir(m->target))
        return ERR_ISDIR;
    return inode_is_dir(m->target) ? dir_check_empty(fs, m->target) : 0;
}

static int move(struct ext2_fs *fs, struct move *m)
{
    bool is_dir = inode_is_dir(m->ip), is_within = m->r->from_dir == m->r->to_dir;
    int err = is_dir && !is_within ? check_not_above(fs, m->ip, m->r->to_dir) : 0;
    if (!err && m->target)
        err = check_target(fs, m);
    if (err)
        return err;
    if (m->target && is_dir) {
        err = names_remove_dir(fs, m->r->to_dir, &m->r->to, &m->to, m->target);
        if (err)
            return err;
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    if (m->target)
        return replace_file(fs, m);
    if (!is_dir)
        return move_file(fs, m);
    return is_within ? move_within(fs, m) : move_across(fs, m);
}

int ext2_rename(struct ext2_fs *fs, const struct ext2_rename *r)
{
    struct move m = {.r = r};
    int err = names_check_dir(r->from_dir, &r->from);
    if (!err)
        err = names_check_dir(r->to_dir, &r->to);
    if (!err && (names_is_dots(&r->from) || names_is_dots(&r->to)))
        err = ERR_INVAL;
    if (!err)
        err = names_find_inode(fs, r->from_dir, &r->from, &m.from, &m.ip);
    if (err)
        return err;
    err = names_find_inode(fs, r->to_dir, &r->to, &m.to, &m.target);
    if (err == ERR_NOENT)
        err = 0;
    if (!err && m.target != m.ip) {
        fs->now = r->now;
        err = move(fs, &m);
    }
    if (m.target)
        ext2_iput(fs, m.target);
    ext2_iput(fs, m.ip);
    return err;
}
