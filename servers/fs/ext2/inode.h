/* The in-memory inode table, and changes to inodes within transactions. */
#ifndef EXT2_INODE_H
#define EXT2_INODE_H

#include "fs.h"

/* Where inode `ino` lies on the disk. => 0, EXT2_WAIT, ERR_IO, ERR_CORRUPT. */
int inode_locate(struct ext2_fs *fs, uint32_t ino, uint32_t *block, uint32_t *off);

/* The in-memory inode if there is one, else NULL. No reference is taken. */
struct ext2_inode *inode_find(struct ext2_fs *fs, uint32_t ino);

/* Like ext2_iget, but takes up an inode without links too (orphan list). */
int inode_get_any(struct ext2_fs *fs, uint32_t ino, struct ext2_inode **out);

/* Forget the in-memory copy of `ino`, which is being freed. */
void inode_forget(struct ext2_fs *fs, uint32_t ino);

/* `ip` is about to change: put its block and itself under the open transaction. Change `ip->d`
 * after that, then inode_store. */
int inode_edit(struct ext2_fs *fs, struct ext2_inode *ip);
void inode_store(struct ext2_fs *fs, struct ext2_inode *ip);

/* Make the in-memory inode for the newly allocated `ino`; the open transaction writes it. The
 * parent directory decides when its links may reach the disk. Reference taken, abort or not. */
int inode_new(struct ext2_fs *fs, uint32_t ino, const struct ext2_inode *parent,
              const struct ext2_make *make, struct ext2_inode **out);

/* Change the link count of an edited inode, with the order that makes it crash-safe. 0 kills it:
 * from then on it is freed when the last reference goes. */
int inode_set_links(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t links);

/* Directory `dir` loses its subdirectory `child`: it may only die after it. */
int inode_die_after(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_inode *child);

/* Does `ip` wait for ext2_work (now or when an epoch is durable)? */
bool inode_is_reapable(const struct ext2_fs *fs, const struct ext2_inode *ip);
bool inode_any_reapable(const struct ext2_fs *fs);

bool inode_is_new(const struct ext2_fs *fs, const struct ext2_inode *ip);
uint64_t inode_size(const struct ext2_inode *ip);
void inode_set_size(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t size);
bool inode_has_blocks(const struct ext2_fs *fs, const struct ext2_inode *ip);

static inline uint32_t inode_type(const struct ext2_inode *ip)
{
    return ip->d.mode & EXT2_S_IFMT;
}

static inline bool inode_is_dir(const struct ext2_inode *ip)
{
    return inode_type(ip) == EXT2_S_IFDIR;
}

/* Orphan list: `ip`, just killed but still open, goes to its end. */
int orphan_append(struct ext2_fs *fs, struct ext2_inode *ip);

/* Is it on the list; is it the last? */
bool orphan_is_listed(const struct ext2_fs *fs, uint32_t ino);
bool orphan_is_last(const struct ext2_fs *fs, uint32_t ino);

/* Take the last one off the list. */
int orphan_pop(struct ext2_fs *fs);

#endif
