/* From file blocks to disk blocks: direct, single, double and triple indirect, with holes. */
#ifndef EXT2_MAP_H
#define EXT2_MAP_H

#include "fs.h"

/* Largest size of a regular file, in bytes. */
uint64_t map_max_size(const struct ext2_fs *fs);

/* Where does file block `fblock` lie; 0: a hole. `*nrun` (may be NULL): how many blocks from there
 * on, at most as many as it says, lie in a row. => 0, EXT2_WAIT, ERR_IO, ERR_CORRUPT, ERR_FBIG. */
int map_find(struct ext2_fs *fs, const struct ext2_inode *ip, uint64_t fblock, uint32_t *nrun,
             uint32_t *block);

/* Let file block `fblock` of the edited inode `ip` be `block`. Missing indirect blocks are taken
 * from the reservation if `use_reserve`; `*used` counts those that were. The caller stores `ip`. */
int map_set(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t fblock, uint32_t block,
            bool use_reserve, uint32_t *used);

/* Does `ip` name any block, or an attribute block? */
bool map_any(const struct ext2_fs *fs, const struct ext2_inode *ip);

/* One step of cutting the edited inode `ip` down to its first `keep` blocks: frees from the end,
 * bounded. => 0; `*done`: nothing is left behind `keep`; else all from `*end` on is gone. */
int map_cut(struct ext2_fs *fs, struct ext2_inode *ip, uint64_t keep, bool *done, uint64_t *end);

/* Runs that one map_cut frees at most: what to tell tx_begin. */
#define MAP_CUT_RUNS 256u

#endif
