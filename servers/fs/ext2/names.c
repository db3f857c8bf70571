/* Operations on names: lookup, make, link, unlink, rmdir, readdir. Each searches first, then
 * changes everything in one transaction. rename.c has the hardest one. */
#include "names.h"
#include <string.h>
#include "alloc.h"
#include "dir.h"
#include "inode.h"
#include "tx.h"

int names_check_dir(const struct ext2_inode *dir, const struct ext2_name *name)
{
    if (!inode_is_dir(dir))
        return ERR_NOTDIR;
    if (dir->d.links == 0)
        return ERR_NOENT;
    return dir_check_name(name);
}

bool names_is_dots(const struct ext2_name *name)
{
    return name->bytes[0] == '.' && (name->len == 1 || (name->len == 2 && name->bytes[1] == '.'));
}

int ext2_lookup(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                uint32_t *ino)
{
    struct dir_pos pos;
    int err = names_check_dir(dir, name);
    if (!err)
        err = dir_find(fs, dir, name, &pos);
    if (!err)
        *ino = pos.ino;
    return err;
}

/* --- make, link ------------------------------------------------------------------------------ */

/* `name` must not exist; find room for it. */
static int find_free_name(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                          struct dir_slot *slot)
{
    struct dir_pos pos;
    int err = names_check_dir(dir, name);
    if (!err)
        err = dir_find(fs, dir, name, &pos);
    if (err != ERR_NOENT || dir->d.links == 0)
        return err ? err : ERR_EXISTS;
    err = dir_check_name(name);
    return err ? err : dir_find_slot(fs, dir, name, slot);
}

static int check_make(const struct ext2_fs *fs, const struct ext2_inode *dir,
                      const struct ext2_make *make)
{
    switch (make->mode & EXT2_S_IFMT) {
    case EXT2_S_IFDIR:
        return dir->d.links >= EXT2_LINK_MAX ? ERR_MLINK : 0;
    case EXT2_S_IFLNK:
        if (make->target_len >= fs->block_size)
            return ERR_NAMETOOLONG;
        return make->target_len ? 0 : ERR_NOENT;
    case EXT2_S_IFREG:
    case EXT2_S_IFCHR:
    case EXT2_S_IFBLK:
    case EXT2_S_IFIFO:
    case EXT2_S_IFSOCK:
        return 0;
    default:
        return ERR_INVAL;
    }
}

/* Targets of up to 59 bytes lie in the inode itself, others in a block. */
static int fill_link(struct ext2_fs *fs, struct ext2_inode *ip, const struct ext2_make *make)
{
    struct buf *buf;
    bool use_reserve = false;
    inode_set_size(fs, ip, make->target_len);
    if (make->target_len < sizeof ip->d.block) {
        memcpy(ip->d.block, make->target, make->target_len);
        return 0;
    }
    int err = block_alloc(fs, inode_goal(fs, ip->ino), &use_reserve, &ip->d.block[0]);
    if (!err)
        err = tx_get_new(fs, ip->d.block[0], BUF_LINK, &buf);
    if (err)
        return err;
    ip->d.blocks512 = fs->block_size / 512;
    memcpy(buf->data, make->target, make->target_len);
    return 0;
}

static int fill(struct ext2_fs *fs, struct ext2_inode *dir, struct ext2_inode *ip,
                const struct ext2_make *make)
{
    int err = 0;
    if (inode_type(ip) == EXT2_S_IFLNK)
        err = fill_link(fs, ip, make);
    if (inode_is_dir(ip)) {
        err = dir_make(fs, ip, dir->ino);
        if (!err)
            err = inode_set_links(fs, dir, dir->d.links + 1u);
    }
    return err;
}

int ext2_make(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
              const struct ext2_make *make, uint32_t *ino)
{
    struct dir_slot slot;
    struct ext2_inode *ip = NULL;
    int err = find_free_name(fs, dir, name, &slot);
    if (!err)
        err = check_make(fs, dir, make);
    if (!err)
        err = tx_begin(fs, 0);
    if (err)
        return err;
    fs->now = make->now;
    err = inode_edit(fs, dir);
    if (!err)
        err = inode_alloc(fs, dir->ino, (make->mode & EXT2_S_IFMT) == EXT2_S_IFDIR, ino);
    if (!err)
        err = inode_new(fs, *ino, dir, make, &ip);
    if (!err)
        err = fill(fs, dir, ip, make);
    if (!err)
        err = dir_insert(fs, dir, name, &slot, ip);
    if (!err) {
        inode_store(fs, ip);
        inode_store(fs, dir);
    }
    tx_close(fs, err);
    if (ip)
        ext2_iput(fs, ip);
    return err;
}

static void set_ctime(struct ext2_fs *fs, struct ext2_inode *ip)
{
    ip->d.ctime = fs->now;
    ip->d.ctime_extra = 0;
}

int ext2_link(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
              struct ext2_inode *ip, uint32_t now)
{
    struct dir_slot slot;
    if (inode_is_dir(ip))
        return ERR_PERM;
    if (ip->d.links == 0 || ip->is_replaced)
        return ERR_NOENT;
    if (ip->d.links >= EXT2_LINK_MAX)
        return ERR_MLINK;
    int err = find_free_name(fs, dir, name, &slot);
    if (!err)
        err = tx_begin(fs, 0);
    if (err)
        return err;
    fs->now = now;
    err = inode_edit(fs, dir);
    if (!err)
        err = inode_edit(fs, ip);
    if (!err)
        err = inode_set_links(fs, ip, ip->d.links + 1u);
    if (!err)
        err = dir_insert(fs, dir, name, &slot, ip);
    if (!err) {
        set_ctime(fs, ip);
        inode_store(fs, ip);
        inode_store(fs, dir);
    }
    return tx_close(fs, err);
}

/* --- unlink, rmdir --------------------------------------------------------------------------- */

int names_find_inode(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                     struct dir_pos *pos, struct ext2_inode **ip)
{
    int err = names_check_dir(dir, name);
    if (!err)
        err = dir_find(fs, dir, name, pos);
    if (err)
        return err;
    err = ext2_iget(fs, pos->ino, ip);
    return err == ERR_NOENT ? ERR_CORRUPT : err;
}

int names_drop_link(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t links)
{
    int err = inode_set_links(fs, ip, links);
    if (!err && links == 0 && ip->refs > 1)
        err = orphan_append(fs, ip);
    if (!err) {
        set_ctime(fs, ip);
        inode_store(fs, ip);
    }
    return err;
}

static int unlink_in_tx(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                        const struct dir_pos *pos, struct ext2_inode *ip)
{
    int err = inode_edit(fs, dir);
    if (!err)
        err = inode_edit(fs, ip);
    if (!err)
        err = dir_remove(fs, dir, name, pos);
    if (!err && inode_is_dir(ip))
        err = inode_die_after(fs, dir, ip);
    if (!err && inode_is_dir(ip) && dir->d.links > 2)
        err = inode_set_links(fs, dir, dir->d.links - 1u);
    if (!err)
        err = names_drop_link(fs, ip, inode_is_dir(ip) ? 0 : ip->d.links - 1u);
    if (!err)
        inode_store(fs, dir);
    return err;
}

int ext2_unlink(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                uint32_t now)
{
    struct dir_pos pos;
    struct ext2_inode *ip;
    int err = names_find_inode(fs, dir, name, &pos, &ip);
    if (err)
        return err;
    err = inode_is_dir(ip) ? ERR_ISDIR : tx_begin(fs, 0);
    if (!err) {
        fs->now = now;
        err = tx_close(fs, unlink_in_tx(fs, dir, name, &pos, ip));
    }
    ext2_iput(fs, ip);
    return err;
}

int names_remove_dir(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                     const struct dir_pos *pos, struct ext2_inode *ip)
{
    int err = inode_is_dir(ip) ? dir_check_empty(fs, ip) : ERR_NOTDIR;
    if (!err && ip->ino == EXT2_ROOT_INO)
        err = ERR_BUSY;
    if (!err)
        err = tx_begin(fs, 0);
    if (!err)
        err = tx_close(fs, unlink_in_tx(fs, dir, name, pos, ip));
    if (!err && ip->ino == fs->lost_found)
        fs->lost_found = 0;
    return err;
}

int ext2_rmdir(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               uint32_t now)
{
    struct dir_pos pos;
    struct ext2_inode *ip;
    int err = names_check_dir(dir, name);
    if (!err && names_is_dots(name))
        err = name->len == 1 ? ERR_INVAL : ERR_NOTEMPTY;
    if (!err)
        err = names_find_inode(fs, dir, name, &pos, &ip);
    if (err)
        return err;
    fs->now = now;
    err = names_remove_dir(fs, dir, name, &pos, ip);
    ext2_iput(fs, ip);
    return err;
}

/* --- readdir --------------------------------------------------------------------------------- */

static uint8_t dt_type(uint8_t ft)
{
    static const uint8_t types[] = {0, 8, 4, 2, 6, 1, 12, 10};
    return ft < sizeof types ? types[ft] : 0;
}

/* The first entry of block `fblock` at or behind offset `from`. => ERR_NOENT: none. */
static int next_in_block(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t fblock, uint32_t from,
                         struct ext2_dirent *out)
{
    struct buf *buf;
    const struct ext2_rec *rec;
    bcache_run_begin(&fs->bc);
    int err = dir_block(fs, dir, fblock, &buf);
    for (uint32_t off = 0; !err && off < fs->block_size; off += rec->rec_len) {
        rec = dir_rec(fs, buf, off);
        if (!rec)
            return ERR_CORRUPT;
        if (off < from || rec->ino == 0)
            continue;
        out->cookie = ((uint64_t)fblock << fs->block_shift) + off + rec->rec_len;
        out->ino = rec->ino;
        out->type = fs->has_filetype ? dt_type(rec->type) : 0;
        out->name_len = rec->name_len;
        memcpy(out->name, rec->name, rec->name_len);
        out->name[rec->name_len] = 0;
        return 0;
    }
    return err ? err : ERR_NOENT;
}

int ext2_readdir(struct ext2_fs *fs, struct ext2_inode *dir, uint64_t cookie,
                 struct ext2_dirent *out)
{
    if (!inode_is_dir(dir))
        return ERR_NOTDIR;
    uint32_t from = (uint32_t)(cookie & (fs->block_size - 1));
    uint64_t k = cookie >> fs->block_shift, n = dir->d.links ? dir_nblocks(fs, dir) : 0;
    int err = ERR_NOENT;
    while (k < n && err == ERR_NOENT) {
        bool is_void = k >= dir->void_from && k < dir->void_to;
        err = is_void ? ERR_NOENT : next_in_block(fs, dir, (uint32_t)k, from, out);
        if (err != ERR_NOENT)
            break;
        if (!is_void && from == 0 && k != dir->void_to)
            dir->void_from = dir->void_to = (uint32_t)k;
        if (!is_void && from == 0)
            dir->void_to++;
        from = 0;
        k++;
    }
    return err;
}
