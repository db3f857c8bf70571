/* Path resolution, and the devices that exist without the disk's help. */
#ifndef FS_PATH_H
#define FS_PATH_H

#include <servers/fs/vfs.h>

#define SYMLINKS_MAX 40u
#define DEVICE_INO 0xfff00000u /* + enum device: inode numbers of built-in devices */

enum device {
    DEVICE_NONE, DEVICE_NULL, DEVICE_ZERO, DEVICE_TTY, DEVICE_CONSOLE,
    DEVICE_STDIN, DEVICE_STDOUT, DEVICE_STDERR, /* the caller's descriptors 0, 1, 2 */
    DEVICE_COUNT
};

enum walk_flag {
    WALK_FOLLOW = 1, /* a last symbolic link is followed */
    WALK_MAKE = 2,   /* the last name may be missing: its directory is wanted */
};

/* Where a path leads. Of dir and ip each that is set is a reference of ext2's. */
struct place {
    struct ext2_inode *dir; /* holds the last name; NULL if the path has none ("/", "..") */
    struct ext2_inode *ip;  /* NULL: missing, or a device */
    enum device device;
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

/* Names of built-in devices, and the device behind a device number of an inode. */
const char *device_name(enum device device);
enum device device_of_rdev(uint32_t rdev);
uint32_t device_rdev(enum device device);

#endif
