/* See alloc.h. A bit is set before anything on the disk can name the block, and cleared only after
 * the epoch that removed the last name is durable: a crash leaks, it never gives a block twice. */
#include "alloc.h"
#include <string.h>
#include "inode.h"
#include "tx.h"

static uint32_t table_blocks(const struct ext2_fs *fs)
{
    uint64_t bytes = (uint64_t)fs->inodes_per_group * fs->inode_size;
    return (uint32_t)((bytes + fs->block_size - 1) >> fs->block_shift);
}

static uint32_t group_first(const struct ext2_fs *fs, uint32_t g)
{
    return fs->first_data_block + g * fs->blocks_per_group;
}

static uint32_t group_nblocks(const struct ext2_fs *fs, uint32_t g)
{
    uint32_t left = fs->blocks_count - group_first(fs, g);
    return left < fs->blocks_per_group ? left : fs->blocks_per_group;
}

static uint32_t group_of(const struct ext2_fs *fs, uint32_t block)
{
    return (block - fs->first_data_block) / fs->blocks_per_group;
}

uint32_t inode_goal(const struct ext2_fs *fs, uint32_t ino)
{
    return group_first(fs, (ino - 1) / fs->inodes_per_group);
}

bool block_is_ok(const struct ext2_fs *fs, uint32_t block)
{
    return block > fs->first_data_block + fs->ngd_blocks && block < fs->blocks_count;
}

int group_get(struct ext2_fs *fs, uint32_t g, struct buf **buf, struct ext2_group **out)
{
    uint32_t per_block = fs->block_size / sizeof(struct ext2_group);
    if (g >= fs->ngroups)
        return ERR_CORRUPT;
    int err = bcache_get(&fs->bc, fs->first_data_block + 1 + g / per_block, buf);
    if (err)
        return err;
    struct ext2_group *gd = (struct ext2_group *)(*buf)->data + g % per_block;
    bool is_ok = block_is_ok(fs, gd->block_bitmap) && block_is_ok(fs, gd->inode_bitmap) &&
                 block_is_ok(fs, gd->inode_table) &&
                 (uint64_t)gd->inode_table + table_blocks(fs) <= fs->blocks_count;
    *out = gd;
    return is_ok ? 0 : ERR_CORRUPT;
}

/* Is `block` one that group `gd` uses for itself? */
static bool is_group_block(const struct ext2_fs *fs, const struct ext2_group *gd, uint32_t block)
{
    return block == gd->block_bitmap || block == gd->inode_bitmap ||
           (block >= gd->inode_table && block - gd->inode_table < table_blocks(fs));
}

/* First clear bit of `map` in [from, nbits), or nbits. */
static uint32_t clear_bit_from(const uint8_t *map, uint32_t from, uint32_t nbits)
{
    for (uint32_t i = from; i < nbits; i++) {
        if ((i & 7) == 0 && map[i / 8] == 0xff)
            i += 7;
        else if (!(map[i / 8] >> (i & 7) & 1))
            return i;
    }
    return nbits;
}

static bool bit_is_set(const uint8_t *map, uint32_t bit)
{
    return map[bit / 8] >> (bit & 7) & 1;
}

int space_shortage(struct ext2_fs *fs)
{
    if (fs->soft.nfreed == 0 && !inode_any_reapable(fs))
        return ERR_NOSPC;
    fs->want_flush = true;
    return EXT2_WAIT;
}

/* Put descriptor, bitmap `map` and superblock under the transaction. */
static int add_counters(struct ext2_fs *fs, struct buf *gd_buf, struct buf *map)
{
    int err = tx_add(fs, map, BUF_BITMAP);
    if (!err)
        err = tx_add(fs, gd_buf, BUF_SUPER);
    if (!err)
        err = tx_add(fs, fs->super_buf, BUF_SUPER);
    return err;
}

/* Take a free block of group `g` at or behind bit `from`. => ERR_NOSPC: none there. */
static int alloc_in_group(struct ext2_fs *fs, uint32_t g, uint32_t from, uint32_t *block)
{
    struct buf *gd_buf, *map;
    struct ext2_group *gd;
    int err = group_get(fs, g, &gd_buf, &gd);
    if (err)
        return err;
    if (gd->free_blocks == 0) {
        bcache_let_go(&fs->bc, gd_buf);
        return ERR_NOSPC;
    }
    err = bcache_get(&fs->bc, gd->block_bitmap, &map);
    if (err)
        return err;
    uint32_t nbits = group_nblocks(fs, g), first = group_first(fs, g);
    uint32_t bit = clear_bit_from(map->data, from, nbits);
    while (bit < nbits && (is_group_block(fs, gd, first + bit) || !block_is_ok(fs, first + bit)))
        bit = clear_bit_from(map->data, bit + 1, nbits);
    if (bit == nbits)
        return ERR_NOSPC;
    err = add_counters(fs, gd_buf, map);
    if (err)
        return err;
    map->data[bit / 8] |= (uint8_t)(1u << (bit & 7));
    gd->free_blocks--;
    *block = first + bit;
    return 0;
}

int block_alloc(struct ext2_fs *fs, uint32_t goal, bool *from_reserve, uint32_t *block)
{
    struct ext2_super *sb = fs_super(fs);
    if (*from_reserve && fs->soft.reserved == 0)
        *from_reserve = false;
    if (sb->free_blocks == 0 || (!*from_reserve && sb->free_blocks <= fs->soft.reserved))
        return space_shortage(fs);
    if (!block_is_ok(fs, goal))
        goal = fs->first_data_block;
    uint32_t g0 = group_of(fs, goal);
    int err = ERR_NOSPC;
    for (uint32_t i = 0; i <= fs->ngroups && err == ERR_NOSPC; i++) {
        uint32_t g = (g0 + i) % fs->ngroups;
        err = alloc_in_group(fs, g, i == 0 ? goal - group_first(fs, g) : 0, block);
    }
    if (err == ERR_NOSPC)
        return space_shortage(fs);
    if (err)
        return err;
    sb->free_blocks--;
    if (*from_reserve)
        fs->soft.reserved--;
    return 0;
}

static int inode_in_group(struct ext2_fs *fs, uint32_t g, bool is_dir, uint32_t *ino)
{
    struct buf *gd_buf, *map;
    struct ext2_group *gd;
    int err = group_get(fs, g, &gd_buf, &gd);
    if (err)
        return err;
    if (gd->free_inodes == 0) {
        bcache_let_go(&fs->bc, gd_buf);
        return ERR_NOSPC;
    }
    err = bcache_get(&fs->bc, gd->inode_bitmap, &map);
    if (err)
        return err;
    uint32_t from = g == 0 ? fs->first_ino - 1 : 0;
    uint32_t bit = clear_bit_from(map->data, from, fs->inodes_per_group);
    if (bit == fs->inodes_per_group)
        return ERR_NOSPC;
    err = add_counters(fs, gd_buf, map);
    if (err)
        return err;
    map->data[bit / 8] |= (uint8_t)(1u << (bit & 7));
    gd->free_inodes--;
    gd->used_dirs += is_dir;
    *ino = g * fs->inodes_per_group + bit + 1;
    return 0;
}

int inode_alloc(struct ext2_fs *fs, uint32_t near, bool is_dir, uint32_t *ino)
{
    struct ext2_super *sb = fs_super(fs);
    if (sb->free_inodes == 0)
        return space_shortage(fs);
    uint32_t g0 = (near - 1) / fs->inodes_per_group;
    int err = ERR_NOSPC;
    for (uint32_t i = 0; i < fs->ngroups && err == ERR_NOSPC; i++)
        err = inode_in_group(fs, (g0 + i) % fs->ngroups, is_dir, ino);
    if (err == ERR_NOSPC)
        return space_shortage(fs);
    if (err == 0)
        sb->free_inodes--;
    return err;
}

static int freed_add(struct ext2_fs *fs, uint32_t start, uint32_t count)
{
    if (fs->soft.nfreed == MAX_FREED) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    fs->freed[fs->soft.nfreed++] = (struct freed){fs->epoch, start, count};
    return 0;
}

/* Grow the newest run of this very transaction by `block` if it is its neighbour. */
static bool freed_extend(struct ext2_fs *fs, uint32_t block)
{
    if (fs->soft.nfreed == fs->tx.soft.nfreed)
        return false;
    struct freed *f = &fs->freed[fs->soft.nfreed - 1];
    if (f->count == 0 || group_of(fs, f->start) != group_of(fs, block))
        return false;
    if (block != f->start + f->count && block + 1 != f->start)
        return false;
    if (block < f->start)
        f->start = block;
    f->count++;
    return true;
}

int block_free_later(struct ext2_fs *fs, uint32_t block)
{
    if (!block_is_ok(fs, block))
        return ERR_CORRUPT;
    if (!freed_extend(fs, block)) {
        int err = freed_add(fs, block, 1);
        if (err)
            return err;
    }
    fs->soft.freed_blocks++;
    return 0;
}

int inode_free_later(struct ext2_fs *fs, uint32_t ino)
{
    return freed_add(fs, ino, 0);
}

/* Clear the bits of `count` blocks of one group. Bits that are clear already, or that are not a
 * file's to give, are left alone. */
static int blocks_clear(struct ext2_fs *fs, uint32_t start, uint32_t count)
{
    struct buf *gd_buf, *map;
    struct ext2_group *gd;
    uint32_t g = group_of(fs, start), bit = start - group_first(fs, g);
    int err = group_get(fs, g, &gd_buf, &gd);
    if (!err)
        err = bcache_get(&fs->bc, gd->block_bitmap, &map);
    if (!err)
        err = add_counters(fs, gd_buf, map);
    if (err)
        return err;
    for (uint32_t i = 0; i < count; i++, bit++) {
        if (!bit_is_set(map->data, bit) || is_group_block(fs, gd, start + i))
            continue;
        map->data[bit / 8] &= (uint8_t) ~(1u << (bit & 7));
        gd->free_blocks++;
        fs_super(fs)->free_blocks++;
    }
    return 0;
}

int block_unalloc(struct ext2_fs *fs, uint32_t block)
{
    return blocks_clear(fs, block, 1);
}

static int inode_clear(struct ext2_fs *fs, uint32_t ino)
{
    struct buf *gd_buf, *map, *table;
    struct ext2_group *gd;
    uint32_t g = (ino - 1) / fs->inodes_per_group, bit = (ino - 1) % fs->inodes_per_group;
    uint32_t block, off;
    int err = inode_locate(fs, ino, &block, &off);
    if (!err)
        err = group_get(fs, g, &gd_buf, &gd);
    if (!err)
        err = bcache_get(&fs->bc, gd->inode_bitmap, &map);
    if (!err)
        err = tx_get(fs, block, BUF_INODES, &table);
    if (!err)
        err = add_counters(fs, gd_buf, map);
    if (err || !bit_is_set(map->data, bit))
        return err;
    struct ext2_dinode *d = (struct ext2_dinode *)(table->data + off);
    d->dtime = fs->now ? fs->now : d->ctime;
    map->data[bit / 8] &= (uint8_t) ~(1u << (bit & 7));
    gd->free_inodes++;
    if ((d->mode & EXT2_S_IFMT) == EXT2_S_IFDIR && gd->used_dirs > 0)
        gd->used_dirs--;
    fs_super(fs)->free_inodes++;
    return 0;
}

int freed_apply(struct ext2_fs *fs, const struct freed *f)
{
    return f->count ? blocks_clear(fs, f->start, f->count) : inode_clear(fs, f->start);
}
