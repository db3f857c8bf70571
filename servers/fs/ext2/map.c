/* See map.h. Indirect blocks are untrusted: every pointer is range-checked where it is followed,
 * and the depth is fixed, so no image can send us round in circles. */
#include "map.h"
#include <string.h>
#include "alloc.h"
#include "inode.h"
#include "tx.h"

/* A way down: `root` indexes i_block, then `depth` indices into indirect blocks. */
struct path {
    uint32_t root;
    uint32_t depth;
    uint32_t index[3];
};

static bool path_to(const struct ext2_fs *fs, uint64_t fblock, struct path *p)
{
    uint64_t n = fs->ptrs_per_block, span = 1;
    *p = (struct path){.root = (uint32_t)fblock};
    if (fblock < EXT2_NDIRECT)
        return true;
    fblock -= EXT2_NDIRECT;
    for (p->depth = 1; p->depth <= 3; p->depth++) {
        span *= n;
        if (fblock < span)
            break;
        fblock -= span;
    }
    if (p->depth > 3)
        return false;
    p->root = EXT2_IND + p->depth - 1;
    for (uint32_t i = p->depth; i-- > 0; fblock /= n)
        p->index[i] = (uint32_t)(fblock % n);
    return true;
}

uint64_t map_max_size(const struct ext2_fs *fs)
{
    uint64_t n = fs->ptrs_per_block;
    uint64_t by_map = (EXT2_NDIRECT + n + n * n + n * n * n) << fs->block_shift;
    uint64_t by_count = (uint64_t)UINT32_MAX * 512; /* i_blocks */
    return by_map < by_count ? by_map : by_count;
}

/* How many of the `max` entries at `ptr` continue a run (or a hole) that starts with ptr[0]? */
static uint32_t run_length(const uint32_t *ptr, uint32_t max)
{
    uint32_t n = 1;
    while (n < max && ptr[n] == (ptr[0] ? ptr[0] + n : 0))
        n++;
    return n;
}

static uint32_t at_most(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int map_find(struct ext2_fs *fs, const struct ext2_inode *ip, uint64_t fblock, uint32_t *nrun,
             uint32_t *block)
{
    struct path p;
    if (!path_to(fs, fblock, &p))
        return ERR_FBIG;
    const uint32_t *ptr = &ip->d.block[p.root];
    uint32_t left = p.depth ? 1 : EXT2_NDIRECT - p.root;
    for (uint32_t i = 0; i < p.depth && *ptr; i++) {
        struct buf *buf;
        if (!block_is_ok(fs, *ptr))
            return ERR_CORRUPT;
        int err = bcache_get(&fs->bc, *ptr, &buf);
        if (err)
            return err;
        ptr = (uint32_t *)buf->data + p.index[i];
        left = i + 1 == p.depth ? fs->ptrs_per_block - p.index[i] : 1;
    }
    *block = *ptr;
    if (nrun)
        *nrun = run_length(ptr, at_most(*nrun, left));
    return *ptr == 0 || (block_is_ok(fs, *ptr) && (!nrun || block_is_ok(fs, *ptr + *nrun - 1)))
               ? 0
               : ERR_CORRUPT;
}

/* A new zeroed indirect block for `ip`. */
static int add_table(struct ext2_fs *fs, struct ext2_inode *ip, bool use_reserve, uint32_t *used,
                     uint32_t *block)
{
    struct buf *buf;
    int err = block_alloc(fs, inode_goal(fs, ip->ino), &use_reserve, block);
    if (!err)
        err = tx_get_new(fs, *block, BUF_INDIRECT, &buf);
    if (err)
        return err;
    *used += use_reserve;
    ip->d.blocks512 += fs->block_size / 512;
    return 0;
}

int map_set(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t block,
            bool use_reserve, uint32_t *used)
{
    struct path p;
    struct buf *holder = NULL;
    if (!path_to(fs, fblock, &p))
        return ERR_FBIG;
    uint32_t *ptr = &ip->d.block[p.root];
    for (uint32_t i = 0; i < p.depth; i++) {
        uint32_t table = *ptr;
        int err = 0;
        if (table == 0) {
            err = add_table(fs, ip, use_reserve, used, &table);
            if (!err && holder)
                err = tx_add(fs, holder, BUF_INDIRECT);
            if (err)
                return err;
            *ptr = table;
        }
        err = block_is_ok(fs, table) ? bcache_get(&fs->bc, table, &holder) : ERR_CORRUPT;
        if (err)
            return err;
        ptr = (uint32_t *)holder->data + p.index[i];
    }
    if (holder) {
        int err = tx_add(fs, holder, BUF_INDIRECT);
        if (err)
            return err;
    }
    if (*ptr == 0)
        ip->d.blocks512 += fs->block_size / 512;
    *ptr = block;
    return 0;
}

static bool is_short_link(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    return inode_type(ip) == EXT2_S_IFLNK && !inode_has_blocks(fs, ip);
}

static bool has_map(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    uint32_t type = inode_type(ip);
    return type == EXT2_S_IFREG || type == EXT2_S_IFDIR ||
           (type == EXT2_S_IFLNK && !is_short_link(fs, ip));
}

bool map_any(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
    bool any = ip->d.file_acl != 0;
    for (uint32_t i = 0; has_map(fs, ip) && i < EXT2_NPTR; i++)
        any |= ip->d.block[i] != 0;
    return any;
}

/* --- cutting --------------------------------------------------------------------------------- */

/* Tables changed by one step at most; with their parents they must fit a transaction. */
#define CUT_TABLES 8u

struct cut {
    struct ext2_fs *fs;
    struct ext2_inode *ip;
    uint32_t runs_end; /* stop when the freed list has grown to this */
    uint32_t tables;   /* looked into so far */
    uint64_t end;      /* all file blocks from here on are gone */
    bool is_full;      /* the step's bounds are reached */
};

/* What lies below one pointer. */
struct subtree {
    uint32_t block;
    uint32_t level; /* 0: a data block */
    uint64_t base;  /* its first file block */
    uint64_t span;  /* file blocks below it */
};

static int cut_subtree(struct cut *c, const struct subtree *t, uint64_t keep, bool *is_gone);

static int cut_free(struct cut *c, uint32_t block)
{
    uint32_t unit = c->fs->block_size / 512;
    int err = block_free_later(c->fs, block);
    if (!err)
        c->ip->d.blocks512 -= at_most(unit, c->ip->d.blocks512);
    return err;
}

/* Cut the table in `buf` from its last entry backwards. => `*is_empty`: no entry is left. */
static int cut_table(struct cut *c, const struct subtree *t, struct buf *buf, uint64_t keep)
{
    uint32_t *ptr = (uint32_t *)buf->data, n = c->fs->ptrs_per_block;
    struct subtree sub = {.level = t->level - 1, .span = t->span / n};
    for (uint32_t i = n; i-- > 0 && !c->is_full;) {
        bool is_gone = false;
        sub.block = ptr[i];
        sub.base = t->base + i * sub.span;
        if (sub.base + sub.span <= keep)
            break;
        if (ptr[i] == 0)
            continue;
        int err = cut_subtree(c, &sub, keep, &is_gone);
        if (!err && is_gone)
            err = tx_add(c->fs, buf, BUF_INDIRECT);
        if (err)
            return err;
        if (is_gone)
            ptr[i] = 0;
    }
    return 0;
}

static bool is_all_zero(const uint32_t *ptr, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (ptr[i])
            return false;
    return true;
}

/* Free what lies at or behind file block `keep` below `t`. => `*is_gone`: `t` itself too. */
static int cut_subtree(struct cut *c, const struct subtree *t, uint64_t keep, bool *is_gone)
{
    struct buf *buf;
    if (t->base + t->span <= keep)
        return 0;
    if (!block_is_ok(c->fs, t->block)) {
        *is_gone = true; /* nothing of ours: drop the pointer */
        return 0;
    }
    bool is_table_limit = t->level > 0 && c->tables == CUT_TABLES;
    if (c->fs->soft.nfreed >= c->runs_end || is_table_limit) {
        c->is_full = true;
        return 0;
    }
    if (t->level > 0) {
        c->tables++;
        int err = bcache_get(&c->fs->bc, t->block, &buf);
        if (!err)
            err = cut_table(c, t, buf, keep);
        if (err)
            return err;
        if (!is_all_zero((uint32_t *)buf->data, c->fs->ptrs_per_block))
            return 0;
        tx_drop(c->fs, buf);
    }
    *is_gone = true;
    uint64_t from = t->base > keep ? t->base : keep;
    if (from < c->end)
        c->end = from;
    return cut_free(c, t->block);
}

int map_cut(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t keep, bool *done, uint64_t *end)
{
    struct cut c = {fs, ip, fs->soft.nfreed + MAP_CUT_RUNS - 8, 0, UINT64_MAX, false};
    uint64_t n = fs->ptrs_per_block;
    uint64_t base[4] = {0, EXT2_NDIRECT, EXT2_NDIRECT + n, EXT2_NDIRECT + n + n * n};
    uint64_t span[4] = {1, n, n * n, n * n * n};
    for (uint32_t i = has_map(fs, ip) ? EXT2_NPTR : 0; i-- > 0 && !c.is_full;) {
        uint32_t level = i < EXT2_IND ? 0 : i - EXT2_IND + 1;
        struct subtree t = {ip->d.block[i], level, level ? base[level] : i, span[level]};
        bool is_gone = false;
        if (t.block == 0)
            continue;
        int err = cut_subtree(&c, &t, keep, &is_gone);
        if (err)
            return err;
        if (is_gone)
            ip->d.block[i] = 0;
    }
    *done = !c.is_full;
    *end = c.end;
    return 0;
}
