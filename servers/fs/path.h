/* Path resolution. */
#ifndef FS_PATH_H
#define FS_PATH_H

#include <servers/fs/device.h>
#include <servers/fs/vfs.h>

#define SYMLINKS_MAX 40u
enum walk_flag {
    WALK_FOLLOW = 1, /* a last symbolic link is followed */
    WALK_MAKE = 2,   /* the last name may be missing: its directory is wanted */
};

/* Where a path leads. Of dir and ip each that is set is a reference of ext2's. */
struct place {
    struct ext2_inode *dir; /* holds the last name; NULL if the path has none ("/", "..") */
    struct ext2_inode *ip;  /* NULL: missing, or a device */
    enum device device;
    uint32_t fd;            /* DEVICE_FD: the caller's descriptor that the path names */
    uint32_t ino;           /* of ip */
    struct ext2_name name;
    bool has_slash;         /* the path ended with a slash */
    char bytes[EXT2_NAME_MAX];
};

/* Follow `path` from descriptor `dir` (FS_CWD: the working directory).
 * => 0, and *place is to be given back; VFS_WAIT; ERR_NOENT, ERR_NOTDIR, ERR_LOOP,
 *    ERR_NAMETOOLONG, ERR_BADF, ERR_NODEV (no disk) ... */
struct walk {
    struct process *process;
    uint64_t dir;
    const uint8_t *path;
    size_t len;
    uint32_t flags;
};
int path_walk(struct vfs *v, const struct walk *walk, struct place *place);
void place_drop(struct vfs *v, struct place *place);

/* The mode's type bits of an inode. */
uint32_t inode_type(struct vfs *v, struct ext2_inode *ip);

#endif
