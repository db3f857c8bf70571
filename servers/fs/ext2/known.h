/* Remembered lookups: where a name is, or up to where it is not. Removing or adding a name forgets
 * only that name, because entries never move. It makes path walks cheap, and lets the search of a
 * directory that is larger than the cache get on from one run to the next. */
#ifndef EXT2_KNOWN_H
#define EXT2_KNOWN_H

#include "fs.h"

/* What is known of `name` in directory `dir`, or NULL. The empty name stands for any entry at all
 * but "." and "..". */
struct known *known_find(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name);

void known_found(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name, uint32_t block,
                 uint32_t off);
void known_absent(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name, uint32_t upto);
void known_forget(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name);
void known_forget_dir(struct ext2_fs *fs, uint32_t dir);

#endif
