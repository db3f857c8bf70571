/* Device numbers taken apart. */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#define major(dev) ((unsigned)((dev) >> 8 & 0xfff))
#define minor(dev) ((unsigned)(((dev) & 0xff) | ((dev) >> 12 & 0xfff00)))
#define makedev(major, minor)                                                                      \
    ((unsigned long)((minor) & 0xff) | (unsigned long)(major) << 8 |                               \
     (unsigned long)((minor) & 0xfff00) << 12)

#endif
