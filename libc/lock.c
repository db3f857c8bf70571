/* Locks of files: lockf by way of fcntl's records, and flock. */
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

static int record(int fd, int cmd, short type, off_t len)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_CUR, .l_len = len};

    return fcntl(fd, cmd, &lock);
}

int lockf(int fd, int what, off_t len)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = len};

    switch (what) {
    case F_ULOCK:
        return record(fd, F_SETLK, F_UNLCK, len);
    case F_LOCK:
        return record(fd, F_SETLKW, F_WRLCK, len);
    case F_TLOCK:
        return record(fd, F_SETLK, F_WRLCK, len);
    case F_TEST:
        if (fcntl(fd, F_GETLK, &lock))
            return -1;
        return lock.l_type == F_UNLCK || lock.l_pid == getpid() ? 0 : fail(EACCES);
    default:
        return fail(EINVAL);
    }
}

/* The lock belongs to the open file, with all its descriptors. */
int flock(int fd, int what)
{
    static const uint8_t types[] = {[LOCK_SH] = 0, [LOCK_EX] = 1, [LOCK_UN] = 2};
    struct fs_lock_req req = {.fd = (uint64_t)fd};
    struct fs_lock_rep rep;
    int kind = what & ~LOCK_NB;

    if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
        return fail(EINVAL);
    req.cmd_type = (what & LOCK_NB ? 1 : 2) | FS_LOCK_FILE | FS_LOCK_WHOLE | types[kind] << 8;
    return result(RESTART(RPC(fs, lock, PROG_FS, &req, &rep, NULL)));
}
