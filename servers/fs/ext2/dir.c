/* See dir.h. Searches start a new cache run per block, so that a directory of any size passes
 * through a small cache; they are therefore done before a transaction opens. */
#include "dir.h"
#include <string.h>
#include "alloc.h"
#include "htree.h"
#include "inode.h"
#include "known.h"
#include "map.h"
#include "tx.h"

#define HEADER 8u

uint32_t dir_nblocks(const struct ext2_fs *fs, const struct ext2_inode *dir)
{
    return (uint32_t)(inode_size(dir) >> fs->block_shift);
}

uint32_t dir_rec_len(size_t name_len)
{
    return (HEADER + (uint32_t)name_len + 3) & ~3u;
}

bool dir_rec_is(const struct ext2_rec *rec, const struct ext2_name *name)
{
    return rec->ino && rec->name_len == name->len && !memcmp(rec->name, name->bytes, name->len);
}

static bool is_dots(const char *name, size_t len)
{
    return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

int dir_check_name(const struct ext2_name *name)
{
    if (name->len == 0)
        return ERR_NOENT;
    if (name->len > EXT2_NAME_MAX)
        return ERR_NAMETOOLONG;
    if (memchr(name->bytes, '/', name->len) || memchr(name->bytes, 0, name->len))
        return ERR_INVAL;
    return 0;
}

int dir_block(struct ext2_fs *fs, const struct ext2_inode *dir, uint32_t fblock, struct buf **out)
{
    uint32_t block;
    int err = map_find(fs, dir, fblock, NULL, &block);
    if (!err && block == 0)
        err = ERR_CORRUPT;
    return err ? err : bcache_get(&fs->bc, block, out);
}

struct ext2_rec *dir_rec(const struct ext2_fs *fs, const struct buf *buf, uint32_t off)
{
    if (off + HEADER > fs->block_size || off % 4)
        return NULL;
    struct ext2_rec *rec = (struct ext2_rec *)(buf->data + off);
    bool is_ok = rec->rec_len >= HEADER && rec->rec_len % 4 == 0 &&
                 off + rec->rec_len <= fs->block_size && rec->ino <= fs->inodes_count &&
                 (rec->ino == 0 || (rec->name_len && dir_rec_len(rec->name_len) <= rec->rec_len));
    return is_ok ? rec : NULL;
}

/* --- search ---------------------------------------------------------------------------------- */

/* Look for `name` in one block. => 0 found, ERR_NOENT, or trouble. */
static int find_in_block(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t fblock,
                         const struct ext2_name *name, struct dir_pos *out)
{
    struct buf *buf;
    const struct ext2_rec *rec;
    bcache_run_begin(&fs->bc);
    int err = dir_block(fs, dir, fblock, &buf);
    for (uint32_t off = 0; !err && off < fs->block_size; off += rec->rec_len) {
        rec = dir_rec(fs, buf, off);
        if (!rec)
            return ERR_CORRUPT;
        if (dir_rec_is(rec, name)) {
            *out = (struct dir_pos){fblock, off, rec->ino};
            return 0;
        }
    }
    return err ? err : ERR_NOENT;
}

/* Is the entry where it was last seen? */
static int find_again(struct ext2_fs *fs, struct ext2_inode *dir, const struct known *k,
                      const struct ext2_name *name, struct dir_pos *out)
{
    struct buf *buf;
    int err = k->block < dir_nblocks(fs, dir) ? dir_block(fs, dir, k->block, &buf) : ERR_NOENT;
    if (err)
        return err;
    const struct ext2_rec *rec = dir_rec(fs, buf, k->off);
    if (!rec || !dir_rec_is(rec, name))
        return ERR_NOENT;
    *out = (struct dir_pos){k->block, k->off, rec->ino};
    return 0;
}

/* Search blocks from `from` on, remembering how far it got. */
static int find_linear(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                       uint32_t from, struct dir_pos *out)
{
    uint32_t n = dir_nblocks(fs, dir), k = from;
    int err = ERR_NOENT;
    for (; k < n && err == ERR_NOENT; k++)
        err = find_in_block(fs, dir, k, name, out);
    if (err == ERR_NOENT)
        known_absent(fs, dir->ino, name, n);
    else if (err == EXT2_WAIT)
        known_absent(fs, dir->ino, name, k - 1);
    else if (err == 0)
        known_found(fs, dir->ino, name, out->fblock, out->off);
    return err;
}

static bool is_indexed(const struct ext2_inode *dir)
{
    return dir->d.flags & EXT2_FL_INDEX;
}

static int find_indexed(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                        struct dir_pos *out)
{
    uint32_t leaf;
    bool is_sure;
    int err = htree_leaf(fs, dir, name, &leaf, &is_sure);
    if (!err)
        err = find_in_block(fs, dir, leaf, name, out);
    if (err == 0)
        known_found(fs, dir->ino, name, out->fblock, out->off);
    if (err == ERR_NOSYS || (err == ERR_NOENT && !is_sure))
        return find_linear(fs, dir, name, 0, out);
    return err;
}

int dir_find(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
             struct dir_pos *out)
{
    const struct known *k = known_find(fs, dir->ino, name);
    if (k && k->is_found) {
        int err = find_again(fs, dir, k, name, out);
        if (err != ERR_NOENT)
            return err;
        known_forget(fs, dir->ino, name);
        k = NULL;
    }
    if (!k && is_indexed(dir) && !is_dots(name->bytes, name->len))
        return find_indexed(fs, dir, name, out);
    return find_linear(fs, dir, name, k ? k->block : 0, out);
}

static int check_block_empty(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t fblock)
{
    struct buf *buf;
    const struct ext2_rec *rec;
    bcache_run_begin(&fs->bc);
    int err = dir_block(fs, dir, fblock, &buf);
    for (uint32_t off = 0; !err && off < fs->block_size; off += rec->rec_len) {
        rec = dir_rec(fs, buf, off);
        if (!rec)
            return ERR_CORRUPT;
        if (rec->ino && !is_dots(rec->name, rec->name_len))
            return ERR_NOTEMPTY;
    }
    return err;
}

int dir_check_empty(struct ext2_fs *fs, struct ext2_inode *dir)
{
    const struct ext2_name any = {"", 0};
    const struct known *known = known_find(fs, dir->ino, &any);
    uint32_t n = dir_nblocks(fs, dir), k = known ? known->block : 0;
    int err = 0;
    for (; k < n && !err; k++)
        err = check_block_empty(fs, dir, k);
    if (err == EXT2_WAIT)
        known_absent(fs, dir->ino, &any, k - 1);
    return err;
}

/* --- room ------------------------------------------------------------------------------------ */

static bool is_one_sector(uint32_t from, uint32_t end)
{
    return from / EXT2_SECTOR == (end - 1) / EXT2_SECTOR;
}

bool dir_has_room(const struct ext2_fs *fs, const struct buf *buf, uint32_t off, uint32_t need)
{
    const struct ext2_rec *rec = (const struct ext2_rec *)(buf->data + off);
    if (rec->ino == 0)
        return rec->rec_len >= need && is_one_sector(off, off + need) &&
               !late_covers(fs, buf, off, 6, PH_NAMES_OLD);
    uint32_t used = dir_rec_len(rec->name_len);
    return rec->rec_len - used >= need && is_one_sector(off + 4, off + used + need) &&
           !late_covers(fs, buf, off + 4, 2, PH_NAMES_OLD);
}

static int slot_in_block(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t fblock, uint32_t need,
                         struct dir_slot *out)
{
    struct buf *buf;
    const struct ext2_rec *rec;
    bcache_run_begin(&fs->bc);
    int err = dir_block(fs, dir, fblock, &buf);
    for (uint32_t off = 0; !err && off < fs->block_size; off += rec->rec_len) {
        rec = dir_rec(fs, buf, off);
        if (!rec)
            return ERR_CORRUPT;
        /* "." stays alone, as e2fsck wants it */
        if (dir_has_room(fs, buf, off, need) && (fblock || off)) {
            *out = (struct dir_slot){fblock, off, false};
            return 0;
        }
    }
    return err ? err : ERR_NOENT;
}

/* The bit for a name in `leaving` (FNV-1a). */
static uint32_t leaving_bit(const struct ext2_inode *dir, const struct ext2_name *name)
{
    uint32_t hash = 2166136261u ^ dir->ino;
    for (size_t i = 0; i < name->len; i++)
        hash = (hash ^ (uint8_t)name->bytes[i]) * 16777619u;
    return (hash ^ hash >> 16) % LEAVING_BITS;
}

int dir_check_leaving(struct ext2_fs *fs, const struct ext2_inode *dir,
                      const struct ext2_name *name)
{
    uint32_t bit = leaving_bit(dir, name);
    if (!(fs->leaving[bit / 8] >> (bit % 8) & 1))
        return 0;
    fs->want_flush = true;
    return EXT2_WAIT;
}

int dir_find_slot(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                  struct dir_slot *out)
{
    uint32_t leaf, n = dir_nblocks(fs, dir), need = dir_rec_len(name->len);
    bool is_sure;
    int err = dir_check_leaving(fs, dir, name);
    if (err)
        return err;
    err = ERR_NOENT;
    if (is_indexed(dir)) {
        err = htree_leaf(fs, dir, name, &leaf, &is_sure);
        if (!err)
            err = slot_in_block(fs, dir, leaf, need, out);
        out->keeps_index = err == 0;
        if (err != ERR_NOENT && err != ERR_NOSYS)
            return err;
        err = ERR_NOENT;
    }
    for (; dir->slot_hint < n; dir->slot_hint++) {
        err = slot_in_block(fs, dir, dir->slot_hint, need, out);
        if (err != ERR_NOENT)
            return err;
    }
    *out = (struct dir_slot){.fblock = n};
    return 0;
}

/* --- changes --------------------------------------------------------------------------------- */

static uint8_t type_of(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    static const uint8_t types[16] = {[1] = FT_FIFO, [2] = FT_CHR,  [4] = FT_DIR,  [6] = FT_BLK,
                                      [8] = FT_REG,  [10] = FT_LNK, [12] = FT_SOCK};
    return fs->has_filetype ? types[ip->d.mode >> 12] : FT_UNKNOWN;
}

static void write_rec(const struct ext2_fs *fs, struct ext2_rec *rec, const struct ext2_name *name,
                      const struct ext2_inode *ip)
{
    rec->ino = ip->ino;
    rec->name_len = (uint8_t)name->len;
    rec->type = type_of(fs, ip);
    memcpy(rec->name, name->bytes, name->len);
}

uint32_t dir_put(const struct ext2_fs *fs, struct buf *buf, uint32_t off,
                 const struct ext2_name *name, const struct ext2_inode *ip)
{
    struct ext2_rec *rec = (struct ext2_rec *)(buf->data + off);
    if (rec->ino) {
        uint32_t used = dir_rec_len(rec->name_len), left = rec->rec_len - used;
        rec->rec_len = (uint16_t)used;
        off += used;
        rec = (struct ext2_rec *)(buf->data + off);
        rec->rec_len = (uint16_t)left;
    }
    write_rec(fs, rec, name, ip);
    return off;
}

/* One unused entry per sector. */
static void format(const struct ext2_fs *fs, struct buf *buf)
{
    for (uint32_t off = 0; off < fs->block_size; off += EXT2_SECTOR)
        ((struct ext2_rec *)(buf->data + off))->rec_len = EXT2_SECTOR;
}

int dir_grow(struct ext2_fs *fs, struct ext2_inode *dir, struct buf **buf)
{
    uint32_t block, used = 0;
    bool use_reserve = false;
    if (inode_size(dir) + fs->block_size > UINT32_MAX)
        return ERR_NOSPC;
    int err = block_alloc(fs, inode_goal(fs, dir->ino), &use_reserve, &block);
    if (!err)
        err = tx_get_new(fs, block, BUF_DIR, buf);
    if (!err)
        err = map_set(fs, dir, dir_nblocks(fs, dir), block, false, &used);
    if (err)
        return err;
    inode_set_size(fs, dir, inode_size(dir) + fs->block_size);
    format(fs, *buf);
    return 0;
}

void dir_touch(struct ext2_fs *fs, struct ext2_inode *dir)
{
    dir->d.mtime = dir->d.ctime = fs->now;
    dir->d.mtime_extra = dir->d.ctime_extra = 0;
}

int dir_insert(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               const struct dir_slot *slot, const struct ext2_inode *ip)
{
    static const struct ext2_name any = {"", 0};
    struct buf *buf;
    uint32_t off = slot->off;
    int err;
    if (slot->fblock == dir_nblocks(fs, dir))
        err = dir_grow(fs, dir, &buf);
    else if (!(err = dir_block(fs, dir, slot->fblock, &buf)))
        err = tx_add(fs, buf, BUF_DIR);
    if (err)
        return err;
    off = dir_put(fs, buf, off, name, ip);
    if (!slot->keeps_index)
        dir->d.flags &= ~EXT2_FL_INDEX;
    dir_touch(fs, dir);
    dir->void_to = 0;
    tx_forget(fs, dir->ino, name);
    tx_forget(fs, dir->ino, &any);
    return late_set(fs, buf, off, 4, PH_NAMES, 0);
}

/* Bytes of unused space behind `off` that the entry there can swallow. */
static uint32_t free_behind(const struct ext2_fs *fs, const struct buf *buf, uint32_t off)
{
    if (off % EXT2_SECTOR == 0)
        return 0;
    const struct ext2_rec *next = dir_rec(fs, buf, off);
    return next && next->ino == 0 && !late_covers(fs, buf, off, 6, PH_NAMES_OLD) ? next->rec_len
                                                                                 : 0;
}

/* The entry before the one at `off`, if the two lie in one sector; else `off`. */
static uint32_t entry_before(const struct ext2_fs *fs, const struct buf *buf, uint32_t off)
{
    uint32_t before = off;
    const struct ext2_rec *rec;
    for (uint32_t at = 0; at < off; at += rec->rec_len) {
        rec = dir_rec(fs, buf, at);
        if (!rec)
            return off;
        before = at;
    }
    return before / EXT2_SECTOR == off / EXT2_SECTOR ? before : off;
}

/* Was the entry at `off` added in this epoch, so that the disk has never seen it? Then its space
 * may be used again at once. */
static bool is_young(const struct ext2_fs *fs, const struct buf *buf, uint32_t off)
{
    uint32_t value;
    return late_find(fs, buf, off, PH_NAMES, &value) &&
           !late_covers(fs, buf, off, 8, PH_NAMES_OLD) && !late_covers(fs, buf, off, 8, PH_SWITCH);
}

/* Let the entry at `off` reach up to `end`; an old one not before PH_NAMES_OLD. */
static int stretch(struct ext2_fs *fs, struct buf *buf, uint32_t off, uint32_t end, bool young)
{
    struct ext2_rec *rec = (struct ext2_rec *)(buf->data + off);
    int err = young ? 0 : late_keep(fs, buf, off + 4, 2, PH_NAMES_OLD);
    rec->rec_len = (uint16_t)(end - off);
    return err;
}

/* Take the entry at `pos` out of `buf`. */
static int take_out(struct ext2_fs *fs, struct buf *buf, const struct dir_pos *pos, bool young)
{
    int err = 0;
    uint32_t off = entry_before(fs, buf, pos->off);
    struct ext2_rec *rec = (struct ext2_rec *)(buf->data + pos->off);
    uint32_t end = pos->off + rec->rec_len;
    end += end < fs->block_size ? free_behind(fs, buf, end) : 0;
    if (young)
        err = late_set(fs, buf, pos->off, 0, PH_NAMES, 0);
    if (!err && off == pos->off) {
        err = young ? 0 : late_keep(fs, buf, off, 4, PH_NAMES_OLD);
        rec->ino = 0;
    }
    if (!err &&
        (off != pos->off || (pos->off + rec->rec_len != end && is_one_sector(off, off + 6))))
        err = stretch(fs, buf, off, end, young);
    return err;
}

static int remove_entry(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                        const struct dir_pos *pos, bool may_be_young)
{
    struct buf *buf;
    int err = dir_block(fs, dir, pos->fblock, &buf);
    if (!err)
        err = tx_add(fs, buf, BUF_DIR);
    bool young = !err && may_be_young && is_young(fs, buf, pos->off);
    uint32_t bit = leaving_bit(dir, name);
    if (!err)
        err = take_out(fs, buf, pos, young);
    if (!young)
        fs->leaving[bit / 8] |= (uint8_t)(1u << bit % 8);
    if (pos->fblock < dir->slot_hint)
        dir->slot_hint = pos->fblock;
    dir_touch(fs, dir);
    tx_forget(fs, dir->ino, name);
    return err;
}

int dir_remove(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               const struct dir_pos *pos)
{
    return remove_entry(fs, dir, name, pos, true);
}

int dir_remove_late(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                    const struct dir_pos *pos)
{
    return remove_entry(fs, dir, name, pos, false);
}

int dir_switch(struct ext2_fs *fs, struct ext2_inode *dir, const struct dir_pos *pos,
               const struct ext2_inode *ip)
{
    struct buf *buf;
    int err = dir_block(fs, dir, pos->fblock, &buf);
    if (!err)
        err = tx_add(fs, buf, BUF_DIR);
    if (!err)
        err = late_keep(fs, buf, pos->off, 4, PH_SWITCH);
    if (!err)
        err = late_keep(fs, buf, pos->off + 7, 1, PH_SWITCH);
    if (err)
        return err;
    struct ext2_rec *rec = (struct ext2_rec *)(buf->data + pos->off);
    rec->ino = ip->ino;
    rec->type = type_of(fs, ip);
    dir_touch(fs, dir);
    return 0;
}

int dir_make(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t parent)
{
    struct buf *buf;
    int err = dir_grow(fs, dir, &buf);
    if (err)
        return err;
    struct ext2_rec *dot = (struct ext2_rec *)buf->data;
    struct ext2_rec *dotdot = (struct ext2_rec *)(buf->data + 12);
    write_rec(fs, dot, &(struct ext2_name){".", 1}, dir);
    write_rec(fs, dotdot, &(struct ext2_name){"..", 2}, dir);
    dot->rec_len = 12;
    dotdot->rec_len = EXT2_SECTOR - 12;
    dotdot->ino = parent;
    return 0;
}
