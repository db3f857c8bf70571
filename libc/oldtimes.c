/* Times of files by the older calls, whose unit is the microsecond or the second. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>
#include "internal.h"

/* The program's pair of times. => NULL with errno. `times` NULL: now. */
static const struct timespec *convert(const struct timeval times[2], struct timespec ts[2])
{
    struct timeval tv[2];

    ts[0] = ts[1] = (struct timespec){0, UTIME_NOW};
    if (times == NULL)
        return ts;
    if (USER_GET(tv, times))
        return NULL;
    for (int i = 0; i < 2; i++) {
        if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
            return fail(EINVAL), NULL;
        ts[i] = (struct timespec){tv[i].tv_sec, tv[i].tv_usec * 1000};
    }
    return ts;
}

int futimesat(int dirfd, const char *path, const struct timeval times[2])
{
    struct timespec ts[2];

    return convert(times, ts) ? utimensat(dirfd, path, ts, 0) : -1;
}

int utimes(const char *path, const struct timeval times[2])
{
    return futimesat(AT_FDCWD, path, times);
}

int lutimes(const char *path, const struct timeval times[2])
{
    struct timespec ts[2];

    return convert(times, ts) ? utimensat(AT_FDCWD, path, ts, AT_SYMLINK_NOFOLLOW) : -1;
}

int futimes(int fd, const struct timeval times[2])
{
    struct timespec ts[2];

    return convert(times, ts) ? futimens(fd, ts) : -1;
}

int utime(const char *path, const struct utimbuf *times)
{
    struct utimbuf seconds;
    struct timespec ts[2];

    if (times == NULL)
        return utimensat(AT_FDCWD, path, NULL, 0);
    if (USER_GET(seconds, times))
        return -1;
    ts[0] = (struct timespec){seconds.actime, 0};
    ts[1] = (struct timespec){seconds.modtime, 0};
    return utimensat(AT_FDCWD, path, ts, 0);
}
