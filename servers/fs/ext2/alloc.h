/* Free space: block and inode bitmaps, group descriptors, what is promised to the pager, and what
 * is freed but may still be named on the disk. */
#ifndef EXT2_ALLOC_H
#define EXT2_ALLOC_H

#include "fs.h"

/* Find the descriptor of group `g`, checked: its bitmaps and table lie on the disk.
 * => 0, EXT2_WAIT, ERR_IO, ERR_CORRUPT. `*out` points into `*buf`. */
int group_get(struct ext2_fs *fs, uint32_t g, struct buf **buf, struct ext2_group **out);

/* Can `block` belong to a file? (In range, and not one of the descriptors.) */
bool block_is_ok(const struct ext2_fs *fs, uint32_t block);

/* First block of the group in which inode `ino` lies. */
uint32_t inode_goal(const struct ext2_fs *fs, uint32_t ino);

/* Take a free block, at or near `goal`, in the open transaction. `*from_reserve` asks to pay with
 * the reservation; it turns false if there was none and a free block had to do.
 * => ERR_NOSPC; EXT2_WAIT also if space is on its way back. */
int block_alloc(struct ext2_fs *fs, uint32_t goal, bool *from_reserve, uint32_t *block);

/* Take a free inode, in the group of inode `near` if possible. */
int inode_alloc(struct ext2_fs *fs, uint32_t near, bool is_dir, uint32_t *ino);

/* The open transaction removed the last pointer to a block, or the last trace of an inode: give
 * it back when that is durable. => 0; ERR_CORRUPT: no such block; EXT2_WAIT: list full. */
int block_free_later(struct ext2_fs *fs, uint32_t block);
int inode_free_later(struct ext2_fs *fs, uint32_t ino);

/* Give back one block that nothing on the disk ever named. Within a transaction. */
int block_unalloc(struct ext2_fs *fs, uint32_t block);

/* Give back the run `f`. Within a transaction. */
int freed_apply(struct ext2_fs *fs, const struct freed *f);

/* No room: EXT2_WAIT (and a flush asked for) if something is being freed, else ERR_NOSPC. */
int space_shortage(struct ext2_fs *fs);

#endif
