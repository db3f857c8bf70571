/* Mount, unmount, sync, and the bracket around operations. Nothing of a superblock is used before
 * it was checked here, and afterwards the checked copy in ext2_fs is used. */
#include <string.h>
#include "alloc.h"
#include "flush.h"
#include "inode.h"
#include "map.h"

/* --- memory ---------------------------------------------------------------------------------- */

#define BLOCK_MAX 4096u

static size_t round16(size_t n)
{
    return (n + 15) & ~(size_t)15;
}

static size_t fixed_bytes(uint32_t ninodes)
{
    return round16(sizeof(struct ext2_fs)) + round16(ninodes * sizeof(struct ext2_inode)) +
           round16(NNAMES * sizeof(struct known)) + round16(MAX_LATE * sizeof(struct late)) +
           round16(MAX_FREED * sizeof(struct freed));
}

size_t ext2_memory_bytes(uint32_t block_size, uint32_t nbuffers, uint32_t ninodes)
{
    return fixed_bytes(ninodes) + BLOCK_MAX + (TX_BUFS + NBOUNCE) * (size_t)block_size +
           bcache_bytes(block_size, nbuffers);
}

static void *carve(uint8_t **at, size_t bytes)
{
    void *p = *at;
    *at += round16(bytes);
    return p;
}

struct ext2_fs *ext2_new(const struct ext2_config *config)
{
    uint8_t *at = config->mem;
    size_t least = ext2_memory_bytes(4096, EXT2_MIN_BUFFERS, config->ninodes);
    if (config->ninodes < EXT2_MIN_INODES || config->mem_bytes < least ||
        (config->max_buffers && config->max_buffers < EXT2_MIN_BUFFERS))
        return NULL;
    memset(at, 0, fixed_bytes(config->ninodes));
    struct ext2_fs *fs = carve(&at, sizeof *fs);
    fs->inodes = carve(&at, config->ninodes * sizeof *fs->inodes);
    fs->known = carve(&at, NNAMES * sizeof *fs->known);
    fs->late = carve(&at, MAX_LATE * sizeof *fs->late);
    fs->freed = carve(&at, MAX_FREED * sizeof *fs->freed);
    fs->ninodes = config->ninodes;
    fs->read_only = config->read_only;
    fs->disk_bytes = config->disk_bytes;
    fs->max_buffers = config->max_buffers;
    at += -(uintptr_t)at & (BLOCK_MAX - 1); /* blocks are aligned to their size */
    fs->mem = at;
    fs->mem_bytes = config->mem_bytes - (size_t)(at - (uint8_t *)config->mem);
    fs->epoch = 1;
    for (uint32_t i = 0; i < NBOUNCE; i++)
        fs->flush.bounce_buf[i] = BUF_NONE;
    return fs;
}

/* Lay out the block-sized memory; the cache is empty then. */
static void lay_out(struct ext2_fs *fs, uint32_t block_size)
{
    uint8_t *at = fs->mem;
    fs->block_size = block_size;
    fs->block_shift = (uint32_t)__builtin_ctz(block_size);
    fs->ptrs_per_block = block_size / 4;
    fs->tx.copies = carve(&at, TX_BUFS * (size_t)block_size);
    fs->flush.bounce = carve(&at, NBOUNCE * (size_t)block_size);
    size_t left = fs->mem_bytes - (size_t)(at - fs->mem);
    if (fs->max_buffers && bcache_bytes(block_size, fs->max_buffers) < left)
        left = bcache_bytes(block_size, fs->max_buffers);
    bcache_init(&fs->bc, at, left, block_size);
}

/* --- runs and disk work ---------------------------------------------------------------------- */

void ext2_run_begin(struct ext2_fs *fs, uint64_t key)
{
    bcache_run_begin(&fs->bc);
}

void ext2_run_end(struct ext2_fs *fs, uint64_t key, int result)
{
    if (result == EXT2_WAIT) {
        if (fs->owner == 0)
            fs->owner = key;
        if (fs->owner == key)
            bcache_pin_run(&fs->bc);
    } else {
        ext2_run_cancel(fs, key);
    }
}

void ext2_run_cancel(struct ext2_fs *fs, uint64_t key)
{
    if (fs->owner != key)
        return;
    fs->owner = 0;
    bcache_unpin(&fs->bc);
}

bool ext2_io_next(struct ext2_fs *fs, struct ext2_io *io)
{
    struct buf *b = bcache_next_read(&fs->bc);
    if (!b)
        return flush_next(fs, io);
    *io = (struct ext2_io){.kind = EXT2_IO_READ,
                           .token = TOKEN_READ | (uint32_t)(b - fs->bc.bufs),
                           .offset = (uint64_t)b->block << fs->block_shift,
                           .len_bytes = fs->block_size,
                           .data = b->data};
    return true;
}

void ext2_io_done(struct ext2_fs *fs, uint32_t token, int status)
{
    uint32_t index = token & TOKEN_INDEX;
    switch (token & ~TOKEN_INDEX) {
    case TOKEN_READ:
        if (index < fs->bc.nbufs)
            bcache_read_done(&fs->bc.bufs[index], status);
        break;
    case TOKEN_WRITE:
        flush_write_done(fs, index, status);
        break;
    case TOKEN_FLUSH:
        flush_sync_done(fs, status);
        break;
    default:
        break;
    }
}

/* --- mount ----------------------------------------------------------------------------------- */

static int refuse(const char **reason, int err, const char *why)
{
    *reason = why;
    return err;
}

/* Features: bits that we know nothing of must not be touched (incompat) or written (ro). */
static int check_features(struct ext2_fs *fs, const struct ext2_super *sb, const char **reason)
{
    uint32_t incompat = sb->rev_level ? sb->feature_incompat & ~EXT2_INCOMPAT_FILETYPE : 0;
    uint32_t ro = sb->feature_ro_compat & ~(EXT2_RO_SPARSE_SUPER | EXT2_RO_LARGE_FILE);
    if (sb->rev_level > 1)
        return refuse(reason, ERR_NOSYS, "unknown ext2 revision");
    if (incompat & 0x0004)
        return refuse(reason, ERR_NOSYS, "has an ext3 journal to be replayed: run e2fsck");
    if (incompat & 0x0040)
        return refuse(reason, ERR_NOSYS, "uses extents: an ext4 file system, not ext2");
    if (incompat)
        return refuse(reason, ERR_NOSYS, "uses an incompatible feature that ext2 does not have");
    if (sb->rev_level && ro) {
        fs->read_only = true;
        fs->notice = "read-only: uses features that this ext2 cannot write";
    }
    fs->has_filetype = sb->rev_level && (sb->feature_incompat & EXT2_INCOMPAT_FILETYPE);
    return 0;
}

/* Take over the geometry if it makes sense. => what is wrong, or NULL. */
static const char *check_geometry(struct ext2_fs *fs, const struct ext2_super *sb)
{
    uint32_t bs = 1024u << sb->log_block_size;
    fs->inode_size = sb->rev_level ? sb->inode_size : EXT2_GOOD_OLD_INODE_SIZE;
    fs->first_ino = sb->rev_level ? sb->first_ino : EXT2_GOOD_OLD_FIRST_INO;
    fs->blocks_count = sb->blocks_count;
    fs->inodes_count = sb->inodes_count;
    fs->r_blocks = sb->r_blocks_count;
    fs->first_data_block = sb->first_data_block;
    fs->blocks_per_group = sb->blocks_per_group;
    fs->inodes_per_group = sb->inodes_per_group;
    if (fs->first_data_block != (bs == 1024))
        return "superblock: wrong first block";
    if (fs->blocks_per_group < 8 || fs->blocks_per_group > bs * 8)
        return "superblock: impossible number of blocks per group";
    if (fs->inodes_per_group == 0 || fs->inodes_per_group > bs * 8)
        return "superblock: impossible number of inodes per group";
    if (fs->inode_size < 128 || fs->inode_size > bs || (fs->inode_size & (fs->inode_size - 1)))
        return "superblock: impossible inode size";
    if (fs->blocks_count <= fs->first_data_block + 2 ||
        (uint64_t)fs->blocks_count * bs > fs->disk_bytes)
        return "superblock: larger than its disk";
    uint32_t blocks = fs->blocks_count - fs->first_data_block;
    fs->ngroups = (uint32_t)(((uint64_t)blocks + fs->blocks_per_group - 1) / fs->blocks_per_group);
    if ((uint64_t)fs->ngroups * fs->inodes_per_group != fs->inodes_count)
        return "superblock: number of inodes does not fit the groups";
    uint32_t per_block = bs / sizeof(struct ext2_group);
    fs->ngd_blocks = (fs->ngroups + per_block - 1) / per_block;
    if (fs->ngd_blocks >= blocks || fs->first_ino < EXT2_GOOD_OLD_FIRST_INO ||
        fs->first_ino > fs->inodes_count)
        return "superblock: nonsense";
    if (sb->free_blocks > fs->blocks_count || sb->free_inodes > fs->inodes_count ||
        sb->r_blocks_count > fs->blocks_count)
        return "superblock: impossible counters";
    return NULL;
}

/* Read the superblock through a 1 KiB cache, check it, and set up the cache of the real size. */
static int read_super(struct ext2_fs *fs, const char **reason)
{
    struct buf *buf;
    if (fs->bc.nbufs == 0)
        lay_out(fs, 1024);
    int err = bcache_get(&fs->bc, 1, &buf);
    if (err == ERR_IO)
        *reason = "cannot read the superblock";
    if (err)
        return err;
    const struct ext2_super *sb = (const struct ext2_super *)buf->data;
    if (sb->magic != EXT2_MAGIC)
        return refuse(reason, ERR_NODEV, "not an ext2 file system");
    err = check_features(fs, sb, reason);
    if (err)
        return err;
    if (sb->log_block_size > 2)
        return refuse(reason, ERR_NOSYS, "block size is not 1, 2 or 4 KiB");
    const char *why = check_geometry(fs, sb);
    if (why)
        return refuse(reason, ERR_CORRUPT, why);
    memcpy(fs->hash_seed, sb->hash_seed, sizeof fs->hash_seed);
    fs->unsigned_hash = sb->flags & EXT2_FLAGS_UNSIGNED_HASH;
    lay_out(fs, 1024u << sb->log_block_size);
    fs->has_super = true;
    return 0;
}

static int check_groups(struct ext2_fs *fs)
{
    struct buf *buf;
    struct ext2_group *gd;
    for (; fs->checked_groups < fs->ngroups; fs->checked_groups++) {
        int err = group_get(fs, fs->checked_groups, &buf, &gd);
        if (err)
            return err;
        bcache_let_go(&fs->bc, buf);
    }
    return 0;
}

/* Take up the orphan list as ext2_work will treat it. => EXT2_WAIT, ERR_IO, or ERR_CORRUPT: a
 * list that we cannot follow. */
static int read_orphans(struct ext2_fs *fs)
{
    uint32_t ino = fs_super(fs)->last_orphan;
    fs->soft.norphans = 0;
    while (ino) {
        struct ext2_inode *ip;
        if (fs->soft.norphans == MAX_ORPHANS || fs->soft.norphans >= fs->ninodes / 4 ||
            ino < fs->first_ino || ino > fs->inodes_count || orphan_is_listed(fs, ino))
            return ERR_CORRUPT;
        int err = inode_get_any(fs, ino, &ip);
        if (err)
            return err;
        ip->is_dead = ip->d.links == 0;
        ip->is_cutting = ip->d.links != 0;
        fs->has_odd = true;
        fs->soft.orphans[fs->soft.norphans++] = ino;
        ino = ip->d.dtime;
        ext2_iput(fs, ip);
    }
    return 0;
}

/* A list that makes no sense is left to e2fsck. */
static void drop_orphans(struct ext2_fs *fs)
{
    for (uint32_t i = 0; i < fs->ninodes; i++)
        fs->inodes[i].is_dead = fs->inodes[i].is_cutting = false;
    fs->soft.norphans = 0;
    fs->orphans_foreign = true;
    fs->was_clean = false;
}

static int check_root(struct ext2_fs *fs)
{
    struct ext2_inode *root;
    int err = ext2_iget(fs, EXT2_ROOT_INO, &root);
    if (err)
        return err == ERR_NOENT ? ERR_CORRUPT : err;
    err = inode_is_dir(root) ? 0 : ERR_CORRUPT;
    ext2_iput(fs, root);
    return err;
}

int ext2_mount(struct ext2_fs *fs, uint32_t now, const char **reason)
{
    *reason = NULL;
    int err = fs->has_super ? 0 : read_super(fs, reason);
    if (!err)
        err = bcache_get(&fs->bc, fs->block_size == 1024 ? 1 : 0, &fs->super_buf);
    if (err)
        return err;
    fs->super_buf->wired = true;
    err = check_groups(fs);
    if (err == ERR_CORRUPT)
        return refuse(reason, err, "group descriptors are corrupt");
    if (!err)
        err = check_root(fs);
    if (err)
        return err == ERR_CORRUPT ? refuse(reason, err, "the root directory is corrupt") : err;
    uint16_t state = fs_super(fs)->state;
    fs->was_clean = (state & EXT2_STATE_VALID) && !(state & EXT2_STATE_ERRORS);
    err = fs->read_only ? 0 : read_orphans(fs);
    if (err == EXT2_WAIT)
        return err;
    if (err)
        drop_orphans(fs);
    *reason = fs->notice;
    if (fs->read_only && !fs->notice)
        *reason = "read-only";
    if (!fs->was_clean)
        *reason = "was not cleanly unmounted: e2fsck should be run";
    fs->now = now;
    fs->is_mounted = true;
    return 0;
}

/* --- sync, unmount --------------------------------------------------------------------------- */

struct ext2_ticket ext2_sync_begin(struct ext2_fs *fs)
{
    struct ext2_ticket t = {fs->epoch, fs->failures_told};
    if (fs->flush.state == FLUSH_RUN) {
        fs->again = true; /* what was written just now may have missed this one's flushes */
        t.epoch++;
    } else {
        fs->want_flush = true;
    }
    return t;
}

int ext2_sync_poll(struct ext2_fs *fs, const struct ext2_ticket *ticket)
{
    if (fs->failures != ticket->failures) {
        fs->failures_told = fs->failures;
        return ERR_IO;
    }
    return fs->epoch > ticket->epoch ? 0 : EXT2_WAIT;
}

void ext2_tick(struct ext2_fs *fs)
{
    if (fs->flush.state == FLUSH_STUCK || (fs->flush.state == FLUSH_IDLE && fs->bc.ndirty > 0))
        fs->want_flush = true;
}

static int check_quiet(const struct ext2_fs *fs)
{
    for (uint32_t i = 0; i < fs->ninodes; i++)
        if (fs->inodes[i].refs > 0)
            return ERR_BUSY;
    for (uint32_t i = 0; i < MAX_FLIGHT; i++)
        if (fs->flight[i].ip)
            return ERR_BUSY;
    return 0;
}

/* Nothing is left to write but, perhaps, the clean mark. */
static int write_mark(struct ext2_fs *fs)
{
    if (fs->closing || !fs->marked) {
        fs->is_mounted = false;
        return 0;
    }
    if (fs->was_clean)
        fs_super(fs)->state |= EXT2_STATE_VALID;
    fs_super(fs)->wtime = fs->now;
    bcache_set_dirty(&fs->bc, fs->super_buf, true);
    fs->closing = true;
    fs->want_flush = true;
    return EXT2_WAIT;
}

int ext2_unmount(struct ext2_fs *fs)
{
    int err = fs->is_mounted ? check_quiet(fs) : 0;
    if (err || !fs->is_mounted)
        return err;
    if (fs->failures != fs->failures_told) {
        fs->failures_told = fs->failures;
        return ERR_IO;
    }
    if (fs->flush.state == FLUSH_RUN)
        return EXT2_WAIT;
    bool has_work = fs->soft.nfreed > 0 || inode_any_reapable(fs);
    if (fs->flush.state == FLUSH_STUCK || has_work || fs->bc.ndirty > 0 || fs->data_written) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    return write_mark(fs);
}

bool ext2_is_read_only(const struct ext2_fs *fs)
{
    return fs->read_only;
}

uint64_t ext2_max_size(const struct ext2_fs *fs)
{
    return map_max_size(fs);
}

uint32_t ext2_block_size(const struct ext2_fs *fs)
{
    return fs->block_size;
}

void ext2_statfs(const struct ext2_fs *fs, struct ext2_statfs *out)
{
    const struct ext2_super *sb = fs_super(fs);
    uint32_t held = fs->soft.reserved + fs->r_blocks;
    *out = (struct ext2_statfs){.block_size = fs->block_size,
                                .blocks = fs->blocks_count,
                                .blocks_free = sb->free_blocks,
                                .blocks_avail = sb->free_blocks > held ? sb->free_blocks - held : 0,
                                .inodes = fs->inodes_count,
                                .inodes_free = sb->free_inodes};
}
