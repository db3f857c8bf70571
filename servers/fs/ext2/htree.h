/* Indexed directories: the hash tree that mke2fs's dir_index feature allows. We read it, and keep
 * it as long as new names fit their leaf; else the directory becomes a plain one. */
#ifndef EXT2_HTREE_H
#define EXT2_HTREE_H

#include "fs.h"

/* Which leaf (file block) of the indexed directory `dir` holds `name`, if any does?
 * `*is_sure` false: the names with this hash may go on in the next leaf.
 * => ERR_NOSYS: the index makes no sense to us, search everything; EXT2_WAIT, ERR_IO. */
int htree_leaf(struct ext2_fs *fs, const struct ext2_inode *dir, const struct ext2_name *name,
               uint32_t *leaf, bool *is_sure);

/* The hash of a name. `version`: 0 legacy, 1 half MD4, 2 TEA; 3..5 the same on unsigned chars.
 * => false: unknown version. */
bool htree_hash(uint32_t version, const uint32_t seed[4], const struct ext2_name *name,
                uint32_t *hash);

#endif
