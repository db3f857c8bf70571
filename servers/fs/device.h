/* The devices that exist without the disk's help: their names in /dev, their numbers, and what
 * chmod, chown and utimensat leave on them (kept while the system runs). */
#ifndef FS_DEVICE_H
#define FS_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#define DEVICE_INO 0xfff00000u /* + enum device: inode numbers of built-in devices */

enum device {
    DEVICE_NONE, DEVICE_NULL, DEVICE_ZERO, DEVICE_FULL, DEVICE_RANDOM, DEVICE_URANDOM, DEVICE_TTY,
    DEVICE_CONSOLE,
    DEVICE_STDIN, DEVICE_STDOUT, DEVICE_STDERR, /* the caller's descriptors 0, 1, 2 */
    DEVICE_COUNT,
    DEVICE_FD /* a descriptor of the caller's, by its number */
};

struct device_attr {
    uint32_t mode, uid, gid; /* mode: permissions only */
    int64_t atime_ns, mtime_ns, ctime_ns;
};

void devices_init(struct device_attr attr[DEVICE_COUNT], int64_t now_ns);

const char *device_name(enum device device);

/* => DEVICE_NONE: nothing is called so. */
enum device device_named(const char *name, size_t len);

/* The device behind a device number of an inode, and the reverse. */
enum device device_of_rdev(uint32_t rdev);
uint32_t device_rdev(enum device device);

#endif
