/* ext2: the file system logic behind fs. Pure: no IPC, no clock, no globals, no memory but what
 * it was handed. It owns names, inodes, block maps and free space; it never sees file data, which
 * the pager reads and writes at the disk blocks named here.
 *
 * Waiting. Any function returning int may answer EXT2_WAIT: a block is missing, or changes must
 * reach the disk first. Nothing has changed then. The shell performs what ext2_io_next() asks
 * for, reports it with ext2_io_done(), calls ext2_work(), and runs the operation again from the
 * top. After any of these that made progress, every waiting operation should be tried again.
 * Other answers: 0, or a negative ERR_* (abi/error.h); on error nothing has changed either.
 *
 * Crashes. Changes collect in the cache and reach the disk in epochs (flush.h has the order). A
 * crash at any write leaves an image that `e2fsck -p` mends without questions, and in which no
 * block or inode has two owners. Moving a directory to another parent is the one exception: it
 * takes three sectors that only a journal could change together.
 */
#ifndef EXT2_H
#define EXT2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <abi/error.h>

#define EXT2_WAIT 1 /* not an error: run it again later */
#define EXT2_ROOT_INO 2u
#define EXT2_NAME_MAX 255u
#define EXT2_LINK_MAX 32000u
#define EXT2_MIN_BUFFERS 72u /* fewest cache blocks with which every operation can finish */
#define EXT2_MIN_INODES 16u

/* File types in a mode, as POSIX and ext2 number them. */
#define EXT2_S_IFMT 0xf000u
#define EXT2_S_IFSOCK 0xc000u
#define EXT2_S_IFLNK 0xa000u
#define EXT2_S_IFREG 0x8000u
#define EXT2_S_IFBLK 0x6000u
#define EXT2_S_IFDIR 0x4000u
#define EXT2_S_IFCHR 0x2000u
#define EXT2_S_IFIFO 0x1000u

struct ext2_fs;
struct ext2_inode;

/* --- memory ---------------------------------------------------------------------------------- */

struct ext2_config {
    void *mem;            /* page aligned; must live as long as the file system */
    size_t mem_bytes;     /* what remains after the inode table becomes cache blocks */
    uint32_t ninodes;     /* in-memory inodes, at least EXT2_MIN_INODES; open files + ~32 */
    uint64_t disk_bytes;  /* size of the disk; an image that claims more is refused */
    bool read_only;       /* refuse every change with ERR_ROFS */
    uint32_t max_buffers; /* fewer cache blocks than the memory holds; 0: as many as fit */
};

/* Memory for `nbuffers` (at least EXT2_MIN_BUFFERS) cache blocks of `block_size` bytes. */
size_t ext2_memory_bytes(uint32_t block_size, uint32_t nbuffers, uint32_t ninodes);

/* Lay a file system object out in `config->mem`. NULL if the memory cannot hold
 * EXT2_MIN_BUFFERS blocks of 4 KiB or the configuration is out of range. */
struct ext2_fs *ext2_new(const struct ext2_config *config);

/* --- disk ------------------------------------------------------------------------------------ */

enum ext2_io_kind { EXT2_IO_READ, EXT2_IO_WRITE, EXT2_IO_FLUSH };

/* One piece of work for the disk. Between next and done the bytes at `data` belong to the disk.
 * Several may be outstanding and may complete in any order. FLUSH: every write that was reported
 * done must be on stable storage before this is reported done. */
struct ext2_io {
    enum ext2_io_kind kind;
    uint32_t token;     /* names it in ext2_io_done */
    uint64_t offset;    /* in bytes, a multiple of 1024 */
    uint32_t len_bytes; /* 0 for FLUSH; one block */
    void *data;         /* aligned to len_bytes: the device takes whole sectors within one page */
};

/* Take the next piece of disk work. => false: nothing to do now. */
bool ext2_io_next(struct ext2_fs *fs, struct ext2_io *io);

/* Report the end of `token`. `status` is 0 or ERR_IO. An unknown token is ignored. */
void ext2_io_done(struct ext2_fs *fs, uint32_t token, int status);

/* --- running operations ---------------------------------------------------------------------- */

/* Bracket each run of an operation (one or several calls below that make up one request). `key`
 * is non-zero and the shell's own: the same for re-runs of the same request, different for
 * requests that wait at the same time. The oldest waiting request keeps the cache blocks it has
 * used so far, so it always gets to its end however small the cache is.
 * => `result` of end: what the run came to; EXT2_WAIT means that it will be run again. */
void ext2_run_begin(struct ext2_fs *fs, uint64_t key);
void ext2_run_end(struct ext2_fs *fs, uint64_t key, int result);

/* The request `key`, which last came to EXT2_WAIT, will not be run again. */
void ext2_run_cancel(struct ext2_fs *fs, uint64_t key);

/* Do one bounded piece of work that no request asked for: give back freed blocks and inodes whose
 * release is durable, empty deleted files. Brackets itself: call it outside run_begin/run_end.
 * => 0: some was done, call again; EXT2_WAIT: the disk must go on first; ERR_GONE: nothing to do;
 *    other errors: that piece failed and was given up (leaked until e2fsck), call again. */
int ext2_work(struct ext2_fs *fs);

/* --- mount, sync, unmount -------------------------------------------------------------------- */

/* Read the superblock and descriptors and check them; take up the orphan list.
 * => ERR_NODEV: not ext2. ERR_NOSYS: a feature that we lack. ERR_CORRUPT, ERR_IO. `*reason` is
 *    one line without newline, also set ("read-only: ...", "was not cleanly unmounted") if there
 *    is something to say on success, else NULL. Run it under run_begin/end like any operation. */
int ext2_mount(struct ext2_fs *fs, uint32_t now, const char **reason);

/* Write everything and mark the disk clean. Keep calling (with ext2_work and disk work between)
 * until it is not EXT2_WAIT. => ERR_BUSY: inodes still referenced; ERR_IO: the disk failed (call
 * again to try again). After 0 only ext2_mount may follow. */
int ext2_unmount(struct ext2_fs *fs);

bool ext2_is_read_only(const struct ext2_fs *fs);
uint32_t ext2_block_size(const struct ext2_fs *fs);
uint64_t ext2_max_size(const struct ext2_fs *fs); /* of a file, in bytes */

struct ext2_ticket {
    uint64_t epoch;
    uint64_t failures;
};

/* Everything changed up to now shall become durable: poll the ticket until it is.
 * => poll: 0 durable; EXT2_WAIT; ERR_IO a write failed (each failure is reported to every ticket
 *    that waits for it, or else to the next one). The data stays in the cache and a new
 *    sync tries again. */
struct ext2_ticket ext2_sync_begin(struct ext2_fs *fs);
int ext2_sync_poll(struct ext2_fs *fs, const struct ext2_ticket *ticket);

/* To be called every few seconds: starts writing what is dirty, or tries a failed write again. */
void ext2_tick(struct ext2_fs *fs);

struct ext2_statfs {
    uint32_t block_size;
    uint32_t blocks, blocks_free, blocks_avail; /* avail: less reservations and root's share */
    uint32_t inodes, inodes_free;
};
void ext2_statfs(const struct ext2_fs *fs, struct ext2_statfs *out);

/* --- inodes ---------------------------------------------------------------------------------- */

struct ext2_attr {
    uint32_t ino, mode, nlink, uid, gid;
    uint32_t rdev; /* device number as stored, 0 if none */
    uint32_t generation;
    uint32_t atime, mtime, ctime;
    uint64_t size;      /* bytes */
    uint64_t blocks512; /* units of 512 bytes, indirect blocks included */
};

enum ext2_attr_mask {
    EXT2_SET_MODE = 1,
    EXT2_SET_UID = 2,
    EXT2_SET_GID = 4,
    EXT2_SET_ATIME = 8,
    EXT2_SET_MTIME = 16,
    EXT2_SET_CTIME = 32,
};

/* Take a reference on inode `ino`. Each success needs one ext2_iput.
 * => ERR_NOENT: not in use. ERR_CORRUPT. ERR_NFILE: all in-memory inodes are referenced. */
int ext2_iget(struct ext2_fs *fs, uint32_t ino, struct ext2_inode **out);

/* One more reference to an inode already held. */
void ext2_iref(struct ext2_inode *ip);

/* Drop a reference. If it was the last one of an inode without names, ext2_work frees it. */
void ext2_iput(struct ext2_fs *fs, struct ext2_inode *ip);

void ext2_getattr(const struct ext2_fs *fs, const struct ext2_inode *ip, struct ext2_attr *out);

/* Change the fields named in `mask`; the file type in `mode` is kept. */
int ext2_setattr(struct ext2_fs *fs, struct ext2_inode *ip, const struct ext2_attr *attr,
                 uint32_t mask);

/* Set the size of a regular file. Growing makes a hole. Shrinking frees blocks: the pager must
 * have dropped the pages and write-backs behind `size` and zeroed the tail before.
 * => ERR_ISDIR, ERR_INVAL (not a regular file), ERR_FBIG, ERR_BUSY (ext2_map_write without
 *    ext2_write_done behind `size`). Big files shrink in several steps with EXT2_WAIT between
 *    them; each step leaves a consistent, shorter file. */
int ext2_truncate(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size, uint32_t now);

/* The pager's report after writes: raise the size to `size` if it is smaller; set mtime, ctime
 * to `mtime` unless that is 0. */
int ext2_wrote(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size, uint32_t mtime);

/* Copy the target of a symbolic link, at most `size` bytes, no NUL. => ERR_INVAL: not a link. */
int ext2_readlink(struct ext2_fs *fs, struct ext2_inode *ip, char *buf, size_t size, size_t *len);

/* --- names ----------------------------------------------------------------------------------- */

struct ext2_name {
    const char *bytes;
    size_t len; /* 1..255, no '/' and no NUL inside; else ERR_NOENT, ERR_NAMETOOLONG, ERR_INVAL */
};

/* What a new inode is. */
struct ext2_make {
    uint32_t mode, uid, gid; /* file type in mode: REG, DIR, LNK, FIFO, SOCK, CHR, BLK */
    uint32_t rdev;           /* CHR, BLK */
    uint32_t now;
    const char *target; /* LNK: not NUL-terminated, 1 .. block size - 1 bytes */
    size_t target_len;
};

/* Find `name` ("." and ".." too) in `dir`. => ERR_NOTDIR, ERR_NOENT. */
int ext2_lookup(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                uint32_t *ino);

/* Make an inode of any type, mkdir and symlink included, and name it. The caller gets the number;
 * it takes its reference with ext2_iget.
 * => ERR_EXISTS, ERR_NOTDIR, ERR_NOENT (`dir` was removed), ERR_NOSPC, ERR_MLINK. */
int ext2_make(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
              const struct ext2_make *make, uint32_t *ino);

/* One more name for `ip`. => ERR_PERM: a directory. ERR_NOENT: it has lost its last name. */
int ext2_link(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
              struct ext2_inode *ip, uint32_t now);

/* Remove a name of anything but a directory (=> ERR_ISDIR). */
int ext2_unlink(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                uint32_t now);

/* Remove an empty directory. => ERR_NOTDIR, ERR_NOTEMPTY, ERR_INVAL ("."), ERR_BUSY (root). */
int ext2_rmdir(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               uint32_t now);

struct ext2_rename {
    struct ext2_inode *from_dir, *to_dir; /* may be the same */
    struct ext2_name from, to;
    uint32_t now;
};

/* POSIX rename. A name that is replaced points at the old or the new inode at every moment, also
 * on the disk. => ERR_INVAL: into its own subtree, or "." or "..". ERR_ISDIR, ERR_NOTDIR,
 * ERR_NOTEMPTY: the target does not fit. */
int ext2_rename(struct ext2_fs *fs, const struct ext2_rename *rename);

struct ext2_dirent {
    uint64_t cookie; /* pass it to get the entry after this one */
    uint32_t ino;
    uint8_t type; /* DT_* numbering: REG 8, DIR 4, LNK 10, CHR 2, BLK 6, FIFO 1, SOCK 12; 0 */
    uint8_t name_len;
    char name[EXT2_NAME_MAX + 1]; /* NUL-terminated */
};

/* The first entry behind `cookie` (0: from the start), "." and ".." included. A cookie stays
 * valid while the directory changes: entries that stay are seen exactly once.
 * => ERR_NOENT: no more. */
int ext2_readdir(struct ext2_fs *fs, struct ext2_inode *dir, uint64_t cookie,
                 struct ext2_dirent *out);

/* --- file data: where it lies ---------------------------------------------------------------- */

struct ext2_run {
    uint32_t block;   /* disk block of the first; 0: a hole. Byte offset = block * block size */
    uint32_t nblocks; /* at least 1: so many file blocks lie in a row (or are a hole) */
};

/* Where do `max` (at least 1) blocks from file block `fblock` lie? */
int ext2_map_read(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t max,
                  struct ext2_run *out);

/* Disk blocks that dirtying `nblocks` holes from `fblock` on can cost at worst, indirect blocks
 * included. Pure arithmetic. */
uint32_t ext2_cost(const struct ext2_fs *fs, uint64_t fblock, uint32_t nblocks);

/* Set `nblocks` free blocks aside, so that write-back cannot run out. => ERR_NOSPC. */
int ext2_reserve(struct ext2_fs *fs, uint32_t nblocks);

/* Give back what was reserved and not used. */
void ext2_release(struct ext2_fs *fs, uint32_t nblocks);

/* Where shall file block `fblock` be written? An existing block (`*is_new` false), or one newly
 * taken out of the reservation (one block of it is then used up). The file does not name a new
 * block until ext2_write_done, so a crash before leaves a hole, never garbage.
 * => ERR_NOSPC: nothing reserved. ERR_BUSY: that block is being written already. */
int ext2_map_write(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t *block,
                   bool *is_new);

/* The data write of a *new* block ended with `status`. 0: the file names the block from now on;
 * `*used` blocks of the reservation went into indirect blocks. Else the block is freed and is
 * back in the reservation; `*used` is 0. */
int ext2_write_done(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, int status,
                    uint32_t *used);

#endif
