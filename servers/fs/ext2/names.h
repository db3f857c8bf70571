/* What rename and the background work share with the simple name operations. */
#ifndef EXT2_NAMES_H
#define EXT2_NAMES_H

#include "dir.h"

/* Is `dir` a directory that is not removed, and `name` a possible name? */
int names_check_dir(const struct ext2_inode *dir, const struct ext2_name *name);

/* Is it "." or ".."? */
bool names_is_dots(const struct ext2_name *name);

/* Find `name` and take a reference on what it names. */
int names_find_inode(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                     struct dir_pos *pos, struct ext2_inode **ip);

/* Lower the links of the edited inode `ip`, on which the caller has one reference, and store it. */
int names_drop_link(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t links);

/* Remove the directory `ip`, named `name` at `pos` of `dir`, by a transaction of its own. */
int names_remove_dir(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                     const struct dir_pos *pos, struct ext2_inode *ip);

/* The name under which a replaced inode waits in lost+found: "#12", or "#12.3". */
struct spare_name {
    char bytes[24];
    uint32_t tag;
    struct ext2_name name;
};
void names_spare(struct spare_name *out, uint32_t ino, uint32_t tag);

/* Remove the spare name of the replaced inode `ip`. (rename.c) */
int names_drop_spare(struct ext2_fs *fs, struct ext2_inode *ip);

#endif
