/* Locks of files by way of fcntl's records. */
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
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

/* The lock belongs to the process, not to the open file: enough where each has its own. */
int flock(int fd, int what)
{
    struct flock lock = {.l_whence = SEEK_SET};
    int rc;

    switch (what & ~LOCK_NB) {
    case LOCK_SH:
        lock.l_type = F_RDLCK;
        break;
    case LOCK_EX:
        lock.l_type = F_WRLCK;
        break;
    case LOCK_UN:
        lock.l_type = F_UNLCK;
        break;
    default:
        return fail(EINVAL);
    }
    rc = fcntl(fd, what & LOCK_NB ? F_SETLK : F_SETLKW, &lock);
    return rc && errno == EACCES ? fail(EWOULDBLOCK) : rc;
}
