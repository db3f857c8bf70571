/* Calls of programs to fs: names, descriptors, pipes, the terminal. */
#ifndef PROTO_FS_H
#define PROTO_FS_H

#define PROTO_NAME fs
#define PROTO_FILE <proto/fs.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#define FS_CWD (~0UL)
#define FS_TIME_NOW (1UL << 63)  /* of times in nanoseconds since 1970, which are signed */
#define FS_TIME_OMIT (FS_TIME_NOW + 1)
#define FS_PATH_MAX 1024 /* with the NUL; both paths of link and rename fit a message */
#define FS_NAME_MAX 255
#define FS_MAX_FDS 256
#define FS_PIPE_BUF 4096 /* bytes of one write() that stay together in a pipe */
#define FS_READDIR_BYTES 3072 /* of entries in one answer at most: the caller must take them all */

enum fs_open_flag {
    FS_READ = 1,
    FS_WRITE = 2,
    FS_APPEND = 4,
    FS_CREATE = 8,
    FS_EXCL = 16,
    FS_TRUNC = 32,
    FS_CLOEXEC = 64,
    FS_NONBLOCK = 128,
    FS_DIRECTORY = 256,
    FS_NOFOLLOW = 512,
    FS_SYNC = 1024,
    FS_NOCTTY = 2048,
};

/* FS_KIND_FILE: read, write, lseek, mmap go to the pager. */
enum fs_kind { FS_KIND_FILE = 1, FS_KIND_DIR, FS_KIND_PIPE, FS_KIND_TTY, FS_KIND_DEVICE };

/* Flags in the `cmd` of lock. */
enum fs_lock_flag { FS_LOCK_FILE = 4, FS_LOCK_WHOLE = 8 };

struct fs_dirent {
    uint64_t ino, cookie; /* cookie: to go on behind this entry */
    uint16_t bytes; /* of this entry, name and padding included */
    uint8_t type;   /* DT_* of libc's dirent.h: FIFO 1, CHR 2, DIR 4, BLK 6, REG 8, LNK 10, SOCK 12 */
    uint8_t name_len;
    char name[4];   /* name_len bytes, then padding to 8 */
};

struct fs_stat {
    uint64_t dev, ino, mode, nlink, uid, gid, rdev, size, blksize, blocks;
    int64_t atime_ns, mtime_ns, ctime_ns;
};

struct fs_statfs {
    uint64_t bsize, blocks, bfree, files, ffree, namelen, read_only;
};

enum fs_tty_op {
    FS_TTY_GETATTR = 1,
    FS_TTY_SETATTR,      /* value: 0 now, 1 drain, 2 flush input too */
    FS_TTY_GETWINSZ,
    FS_TTY_SETWINSZ,     /* a change is a SIGWINCH for the foreground group */
    FS_TTY_GETPGRP,
    FS_TTY_SETPGRP,      /* value: group, of the caller's session */
    FS_TTY_FLUSH,        /* value: 0 input, 1 output, 2 both */
    FS_TTY_DRAIN,
    FS_TTY_FLOW,         /* value: 0 hold output, 1 let it go, 2 send STOP, 3 send START */
    FS_TTY_GETSID,
    FS_TTY_TAKE,         /* a session leader without a terminal makes it the session's */
    FS_TTY_LEAVE,        /* and gives it up */
};

/* c_iflag … as newlib-independent bits: enum fs_tty_flag; cc as enum fs_tty_cc. Speeds in baud. */
struct fs_termios {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t cc[16];
    uint32_t ispeed, ospeed;
};
enum fs_tty_flag {
    FS_I_ICRNL = 1, FS_I_INLCR = 2, FS_I_IGNCR = 4, FS_I_IXON = 8, FS_I_ISTRIP = 16, FS_I_BRKINT = 32,
    FS_I_PARMRK = 256, FS_I_IXOFF = 1024, FS_I_IXANY = 2048, FS_I_IMAXBEL = 4096, FS_I_IUTF8 = 8192,
    FS_O_OPOST = 1, FS_O_ONLCR = 2, FS_O_OCRNL = 4, FS_O_ONOCR = 8, FS_O_ONLRET = 16,
    FS_O_TABDLY = 3 << 9, FS_O_TAB3 = 3 << 9,
    FS_C_CS8 = 3, FS_C_CREAD = 8, FS_C_HUPCL = 64, FS_C_CLOCAL = 128,
    FS_L_ISIG = 1, FS_L_ICANON = 2, FS_L_ECHO = 4, FS_L_ECHOE = 8, FS_L_ECHOK = 16, FS_L_ECHONL = 32,
    FS_L_IEXTEN = 64, FS_L_TOSTOP = 128, FS_L_NOFLSH = 256, FS_L_ECHOCTL = 512, FS_L_ECHOKE = 1024,
};
enum fs_tty_cc {
    FS_CC_INTR, FS_CC_QUIT, FS_CC_ERASE, FS_CC_KILL, FS_CC_EOF, FS_CC_EOL, FS_CC_SUSP, FS_CC_START,
    FS_CC_STOP, FS_CC_MIN, FS_CC_TIME, FS_CC_WERASE, FS_CC_REPRINT, FS_CC_LNEXT, FS_CC_EOL2,
};

struct fs_winsize {
    uint16_t rows, cols, xpixel, ypixel;
};

struct fs_pollfd {
    int32_t fd;
    int16_t events, revents; /* enum fs_poll */
};
enum fs_poll {
    FS_POLLIN = 1, FS_POLLOUT = 4, FS_POLLERR = 8, FS_POLLHUP = 16, FS_POLLNVAL = 32,
    FS_POLLRDNORM = 64, FS_POLLWRNORM = 256,
};

#endif
