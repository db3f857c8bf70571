/* See inode.h. `d` always equals what the inode's buffer holds; an inode that died stays in
 * memory until it was freed, and is evicted by nobody. */
#include "inode.h"
#include <string.h>
#include "alloc.h"
#include "map.h"
#include "tx.h"

#define OFF(field) ((uint32_t)offsetof(struct ext2_dinode, field))

int inode_locate(struct ext2_fs *fs, uint32_t ino, uint32_t *block, uint32_t *off)
{
    if (ino == 0 || ino > fs->inodes_count || (ino != EXT2_ROOT_INO && ino < fs->first_ino))
        return ERR_CORRUPT;
    struct buf *buf;
    struct ext2_group *gd;
    int err = group_get(fs, (ino - 1) / fs->inodes_per_group, &buf, &gd);
    if (err)
        return err;
    uint64_t at = (uint64_t)((ino - 1) % fs->inodes_per_group) * fs->inode_size;
    *block = gd->inode_table + (uint32_t)(at >> fs->block_shift);
    *off = (uint32_t)(at & (fs->block_size - 1));
    return 0;
}

struct ext2_inode *inode_find(struct ext2_fs *fs, uint32_t ino)
{
    uint32_t *hint = &fs->inode_hint[ino % INODE_HINTS];
    if (fs->inodes[*hint].ino == ino)
        return &fs->inodes[*hint];
    for (uint32_t i = 0; i < fs->ninodes; i++)
        if (fs->inodes[i].ino == ino) {
            *hint = i;
            return &fs->inodes[i];
        }
    return NULL;
}

static bool is_evictable(const struct ext2_inode *ip)
{
    return ip->refs == 0 && !ip->is_dead && !ip->is_replaced && !ip->is_cutting;
}

/* Slots that only ext2_work may take, so that it can always go on. */
#define WORK_SLOTS 2u

/* An empty slot. => EXT2_WAIT: dead inodes are in the way; ERR_NFILE: references are. */
static int take_slot(struct ext2_fs *fs, struct ext2_inode **out)
{
    struct ext2_inode *best = NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < fs->ninodes; i++) {
        struct ext2_inode *ip = &fs->inodes[i];
        if (!is_evictable(ip))
            continue;
        n++;
        if (!best || !ip->ino || (best->ino && ip->used < best->used))
            best = ip;
    }
    if (n <= WORK_SLOTS && !fs->is_working) {
        bool any = inode_any_reapable(fs);
        fs->want_flush |= any;
        return any ? EXT2_WAIT : ERR_NFILE;
    }
    if (!best)
        return ERR_NFILE;
    memset(best, 0, sizeof *best);
    *out = best;
    return 0;
}

/* Would using this inode as what its mode says lead astray? */
static bool is_sane(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    uint64_t size = inode_size(ip);
    switch (inode_type(ip)) {
    case EXT2_S_IFDIR:
        return size > 0 && (size & (fs->block_size - 1)) == 0 &&
               size >> fs->block_shift <= fs->blocks_count;
    case EXT2_S_IFREG:
        return size <= map_max_size(fs);
    case EXT2_S_IFLNK:
        return size > 0 && size <= (inode_has_blocks(fs, ip) ? fs->block_size : 60);
    case EXT2_S_IFCHR:
    case EXT2_S_IFBLK:
    case EXT2_S_IFIFO:
    case EXT2_S_IFSOCK:
        return true;
    default:
        return false;
    }
}

static int read_in(struct ext2_fs *fs, uint32_t ino, struct ext2_inode **out)
{
    struct buf *buf;
    uint32_t block, off;
    int err = inode_locate(fs, ino, &block, &off);
    if (!err)
        err = bcache_get(&fs->bc, block, &buf);
    if (!err)
        err = take_slot(fs, out);
    if (err)
        return err;
    struct ext2_inode *ip = *out;
    uint32_t len = fs->inode_size < sizeof ip->d ? fs->inode_size : sizeof ip->d;
    memcpy(&ip->d, buf->data + off, len);
    ip->ino = ino;
    ip->table_block = block;
    ip->table_off = off;
    return 0;
}

int inode_get_any(struct ext2_fs *fs, uint32_t ino, struct ext2_inode **out)
{
    if (ino == 0)
        return ERR_CORRUPT;
    struct ext2_inode *ip = inode_find(fs, ino);
    if (!ip) {
        int err = read_in(fs, ino, &ip);
        if (err)
            return err;
    }
    ip->used = ++fs->stamp;
    ip->refs++;
    *out = ip;
    return 0;
}

int ext2_iget(struct ext2_fs *fs, uint32_t ino, struct ext2_inode **out)
{
    struct ext2_inode *ip;
    int err = inode_get_any(fs, ino, &ip);
    if (err)
        return err;
    if (ip->d.links == 0)
        err = ERR_NOENT;
    else if (!is_sane(fs, ip))
        err = ERR_CORRUPT;
    if (err)
        ext2_iput(fs, ip);
    else
        *out = ip;
    return err;
}

void ext2_iref(struct ext2_inode *ip)
{
    ip->refs++;
}

void ext2_iput(struct ext2_fs *fs, struct ext2_inode *ip)
{
    ip->refs--;
}

void inode_forget(struct ext2_fs *fs, uint32_t ino)
{
    struct ext2_inode *ip = inode_find(fs, ino);
    if (ip)
        memset(ip, 0, sizeof *ip);
}

int inode_edit(struct ext2_fs *fs, struct ext2_inode *ip)
{
    int err = tx_get(fs, ip->table_block, BUF_INODES, &ip->buf);
    return err ? err : tx_add_inode(fs, ip);
}

void inode_store(struct ext2_fs *fs, struct ext2_inode *ip)
{
    uint32_t len = fs->inode_size < sizeof ip->d ? fs->inode_size : sizeof ip->d;
    memcpy(ip->buf->data + ip->table_off, &ip->d, len);
}

bool inode_is_new(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    return ip->is_new && ip->rank_epoch == fs->epoch;
}

uint64_t inode_size(const struct ext2_inode *ip)
{
    uint64_t high = inode_type(ip) == EXT2_S_IFREG ? ip->d.size_high : 0;
    return high << 32 | ip->d.size;
}

void inode_set_size(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size)
{
    ip->d.size = (uint32_t)size;
    if (inode_type(ip) == EXT2_S_IFREG)
        ip->d.size_high = (uint32_t)(size >> 32);
}

bool inode_has_blocks(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    uint32_t acl = ip->d.file_acl ? fs->block_size / 512 : 0;
    return ip->d.blocks512 > acl;
}

static uint32_t rank_of(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    return ip->rank_epoch == fs->epoch ? ip->rank : 0;
}

static int set_rank(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t rank)
{
    if (rank > MAX_RANK) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    ip->rank = (uint8_t)rank;
    ip->rank_epoch = fs->epoch;
    return 0;
}

int inode_die_after(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_inode *child)
{
    uint32_t rank = rank_of(fs, child) + 1;
    if (inode_is_new(fs, dir) || inode_is_new(fs, child) || rank <= rank_of(fs, dir))
        return 0;
    int err = set_rank(fs, dir, rank);
    dir->is_new = false;
    return err;
}

static void fill_new(struct ext2_fs *fs, struct ext2_inode *ip, const struct ext2_make *make)
{
    ip->d = (struct ext2_dinode){.mode = (uint16_t)make->mode,
                                 .uid = (uint16_t)make->uid,
                                 .uid_high = (uint16_t)(make->uid >> 16),
                                 .gid = (uint16_t)make->gid,
                                 .gid_high = (uint16_t)(make->gid >> 16),
                                 .atime = make->now,
                                 .ctime = make->now,
                                 .mtime = make->now,
                                 .crtime = make->now};
    ip->d.links = inode_is_dir(ip) ? 2 : 1;
    if (fs->inode_size >= EXT2_GOOD_OLD_INODE_SIZE + EXT2_EXTRA_ISIZE)
        ip->d.extra_isize = EXT2_EXTRA_ISIZE;
    if (inode_type(ip) == EXT2_S_IFCHR || inode_type(ip) == EXT2_S_IFBLK)
        ip->d.block[make->rdev > 0xffff ? 1 : 0] = make->rdev;
}

int inode_new(struct ext2_fs *fs, uint32_t ino, const struct ext2_inode *parent,
              const struct ext2_make *make, struct ext2_inode **out)
{
    struct ext2_inode *ip;
    uint32_t block, off, generation = 0;
    int err = inode_locate(fs, ino, &block, &off);
    if (!err) {
        inode_forget(fs, ino);
        err = take_slot(fs, &ip);
    }
    if (!err)
        err = tx_add_inode(fs, ip);
    if (!err)
        err = tx_get(fs, block, BUF_INODES, &ip->buf);
    if (err)
        return err;
    generation = ((struct ext2_dinode *)(ip->buf->data + off))->generation + 1;
    memset(ip->buf->data + off, 0, fs->inode_size);
    ip->ino = ino;
    ip->refs = 1;
    ip->used = ++fs->stamp;
    ip->table_block = block;
    ip->table_off = off;
    ip->is_new = true;
    *out = ip;
    fill_new(fs, ip, make);
    ip->d.generation = generation;
    err = set_rank(fs, ip, inode_is_new(fs, parent) ? rank_of(fs, parent) + 1u : 0);
    if (!err)
        err = late_set(fs, ip->buf, off + OFF(links), 2, PH_LIVE + ip->rank, 0);
    return err;
}

/* The last name of `ip` goes. A file dies before its name does; a directory dies after all that
 * was in it. Without links, e2fsck takes an inode for deleted and clears what names it. */
static int die(struct ext2_fs *fs, struct ext2_inode *ip)
{
    uint32_t shown = ip->d.links, off = ip->table_off + OFF(links);
    int err = 0;
    if (late_find(fs, ip->buf, off, PH_LINKS, &shown))
        err = late_set(fs, ip->buf, off, 2, PH_LINKS, 0);
    if (!err && inode_is_dir(ip) && !inode_is_new(fs, ip))
        err = late_set(fs, ip->buf, off, 2, PH_DEATH + rank_of(fs, ip), shown);
    ip->is_dead = fs->has_odd = true;
    ip->is_replaced = false;
    ip->dead_epoch = fs->epoch;
    return err;
}

int inode_set_links(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t links)
{
    uint32_t shown, off = ip->table_off + OFF(links);
    int err = 0;
    if (links == 0)
        err = die(fs, ip);
    else if (links < ip->d.links &&
             (!late_find(fs, ip->buf, off, PH_LINKS, &shown) || shown < ip->d.links))
        err = late_set(fs, ip->buf, off, 2, PH_LINKS, ip->d.links);
    ip->d.links = (uint16_t)links;
    return err;
}

bool inode_is_reapable(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    if (ip->ino == 0 || ip->is_done)
        return false;
    if (ip->is_replaced)
        return true;
    if (ip->is_cutting)
        return orphan_is_last(fs, ip->ino);
    if (!ip->is_dead || ip->refs > 0)
        return false;
    bool is_stuck = orphan_is_listed(fs, ip->ino) && !orphan_is_last(fs, ip->ino);
    return !is_stuck || map_any(fs, ip);
}

bool inode_any_reapable(const struct ext2_fs *fs)
{
    for (uint32_t i = 0; fs->has_odd && i < fs->ninodes; i++)
        if (inode_is_reapable(fs, &fs->inodes[i]))
            return true;
    return false;
}
