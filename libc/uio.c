/* Several buffers in one call: they are one run of bytes, so one call of the system each. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "internal.h"

/* Bytes of all buffers, or -1. */
static ssize_t total(const struct iovec *iov, int n)
{
    ssize_t sum = 0;

    if (n <= 0 || n > IOV_MAX)
        return fail(EINVAL);
    for (int i = 0; i < n; i++)
        if (__builtin_add_overflow(sum, iov[i].iov_len, &sum))
            return fail(EINVAL);
    return sum;
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
    ssize_t bytes = total(iov, n), at = 0;
    char *all;

    if (bytes < 0 || n == 1)
        return bytes < 0 ? -1 : write(fd, iov->iov_base, iov->iov_len);
    all = malloc((size_t)bytes + 1);
    if (all == NULL)
        return -1;
    for (int i = 0; i < n; at += (ssize_t)iov[i++].iov_len)
        memcpy(all + at, iov[i].iov_base, iov[i].iov_len);
    bytes = write(fd, all, (size_t)bytes);
    free(all);
    return bytes;
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
    ssize_t bytes = total(iov, n), left;
    char *all, *at;

    if (bytes < 0 || n == 1)
        return bytes < 0 ? -1 : read(fd, iov->iov_base, iov->iov_len);
    at = all = malloc((size_t)bytes + 1);
    if (all == NULL)
        return -1;
    left = bytes = read(fd, all, (size_t)bytes);
    for (int i = 0; left > 0; i++) {
        size_t part = (size_t)left < iov[i].iov_len ? (size_t)left : iov[i].iov_len;

        memcpy(iov[i].iov_base, at, part);
        at += part;
        left -= (ssize_t)part;
    }
    free(all);
    return bytes;
}
