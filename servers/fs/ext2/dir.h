/* Directories as files of entries: search, room for a new entry, insertion, removal. Entries that
 * we write never cross a sector, and an entry is added only where the field that makes it visible
 * is in the same sector: so a torn write shows it whole or not at all. */
#ifndef EXT2_DIR_H
#define EXT2_DIR_H

#include "fs.h"

/* Where an entry is, and what it says. */
struct dir_pos {
    uint32_t fblock, off; /* file block, offset in it */
    uint32_t ino;
};

/* Where a new entry can go. */
struct dir_slot {
    uint32_t fblock;  /* == number of blocks: behind the end */
    uint32_t off;     /* of the header to change */
    bool keeps_index; /* in the right leaf of an indexed directory */
};

/* Read block `fblock` of `dir`. */
int dir_block(struct ext2_fs *fs, const struct ext2_inode *dir, uint32_t fblock, struct buf **out);

/* The entry at `off` if it is well-formed, else NULL. */
struct ext2_rec *dir_rec(const struct ext2_fs *fs, const struct buf *buf, uint32_t off);

uint32_t dir_nblocks(const struct ext2_fs *fs, const struct ext2_inode *dir);
uint32_t dir_rec_len(size_t name_len);
bool dir_rec_is(const struct ext2_rec *rec, const struct ext2_name *name);

/* 0, or what is wrong with `name`. */
int dir_check_name(const struct ext2_name *name);

/* Search (not within a transaction). => ERR_NOENT, ERR_CORRUPT. */
int dir_find(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
             struct dir_pos *out);

/* Is there anything but "." and ".."? (Not within a transaction.) => 0 or ERR_NOTEMPTY. */
int dir_check_empty(struct ext2_fs *fs, struct ext2_inode *dir);

/* May `name` be added? Not while the disk still has an entry of that name, removed in this epoch:
 * EXT2_WAIT then. */
int dir_check_leaving(struct ext2_fs *fs, const struct ext2_inode *dir,
                      const struct ext2_name *name);

/* Find room for `name` (not within a transaction). */
int dir_find_slot(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                  struct dir_slot *out);

/* Changes, each within a transaction, of the edited inode `dir`; the caller stores it. */
int dir_insert(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               const struct dir_slot *slot, const struct ext2_inode *ip);
int dir_remove(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
               const struct dir_pos *pos);

/* Remove an entry whose inode has no other name before PH_SWITCH. */
int dir_remove_late(struct ext2_fs *fs, struct ext2_inode *dir, const struct ext2_name *name,
                    const struct dir_pos *pos);

/* Let the entry at `pos` name `ip` instead. */
int dir_switch(struct ext2_fs *fs, struct ext2_inode *dir, const struct dir_pos *pos,
               const struct ext2_inode *ip);

/* First block of the new directory `dir`, in `parent`. */
int dir_make(struct ext2_fs *fs, struct ext2_inode *dir, uint32_t parent);

/* Add a block of unused space to the edited inode `dir`. */
int dir_grow(struct ext2_fs *fs, struct ext2_inode *dir, struct buf **buf);

/* Can an entry of `need` bytes go to the well-formed header at `off`? Space freed in this epoch
 * cannot be used: the disk still has the old entry there. */
bool dir_has_room(const struct ext2_fs *fs, const struct buf *buf, uint32_t off, uint32_t need);

/* Write an entry for `ip` into space where dir_has_room said yes. => its offset. */
uint32_t dir_put(const struct ext2_fs *fs, struct buf *buf, uint32_t off,
                 const struct ext2_name *name, const struct ext2_inode *ip);

/* The names in the edited inode `dir` change: set its times. */
void dir_touch(struct ext2_fs *fs, struct ext2_inode *dir);

#endif
