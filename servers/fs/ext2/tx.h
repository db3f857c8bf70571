/* Transactions: every change of metadata happens between tx_begin and tx_end, and tx_abort puts
 * everything back. This is the seam behind which a journal can come: tx_add is told of each block
 * before it changes, and the late fields are all there is of ordering. */
#ifndef EXT2_TX_H
#define EXT2_TX_H

#include "fs.h"

/* Open a transaction that frees at most `nfreed` runs.
 * => 0; EXT2_WAIT: an epoch is being, or must be, written first; ERR_ROFS; ERR_IO: the disk
 *    refuses writes (until a sync has tried again with success). */
int tx_begin(struct ext2_fs *fs, uint32_t nfreed);

/* Keep the changes. */
void tx_end(struct ext2_fs *fs);

/* Undo all changes. */
void tx_abort(struct ext2_fs *fs);

/* tx_end if `result` is 0, else tx_abort. => `result`. */
int tx_close(struct ext2_fs *fs, int result);

/* `b` is about to change; it holds `kind`. => 0 or ERR_NOMEM (too many in one transaction). */
int tx_add(struct ext2_fs *fs, struct buf *b, enum buf_kind kind);

/* bcache_get and tx_add. */
int tx_get(struct ext2_fs *fs, uint32_t block, enum buf_kind kind, struct buf **out);

/* A zeroed buffer for a block just allocated. */
int tx_get_new(struct ext2_fs *fs, uint32_t block, enum buf_kind kind, struct buf **out);

/* `b` was freed: it need not be written. */
void tx_drop(struct ext2_fs *fs, struct buf *b);

/* `ip` is about to change: remember it. => 0 or ERR_NOMEM. */
int tx_add_inode(struct ext2_fs *fs, struct ext2_inode *ip);

/* Forget what is known of `name` in directory `dir` once the transaction is kept. `name` must live
 * until then. */
void tx_forget(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name);

/* The field of `width` bytes at `off` of `b` must reach the disk in phase `until` and show
 * `value` before. A newer one for the same field and phase replaces the older.
 * => 0; EXT2_WAIT: too many in this epoch. */
int late_set(struct ext2_fs *fs, struct buf *b, uint32_t off, uint32_t width, uint32_t until,
             uint32_t value);

/* The same for a 2-byte or 4-byte field: keep what it holds now, unless it is late already. */
int late_keep(struct ext2_fs *fs, struct buf *b, uint32_t off, uint32_t width, uint32_t until);

/* Does a field in [off, off + len) of `b` wait for phase `until`? */
bool late_covers(const struct ext2_fs *fs, const struct buf *b, uint32_t off, uint32_t len,
                 uint32_t until);

/* Value of the late field at `off` for phase `until`. => false: none. */
bool late_find(const struct ext2_fs *fs, const struct buf *b, uint32_t off, uint32_t until,
               uint32_t *value);

#endif
