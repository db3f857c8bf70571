/* Several buffers in one call: they are one run of bytes, so one call of the system each. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "internal.h"

#define AT_OFFSET (-1) /* where the descriptor's own offset is */

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t at)
{
    return at == AT_OFFSET ? write(fd, bytes, n) : pwrite(fd, bytes, n, at);
}

static ssize_t read_at(int fd, void *bytes, size_t n, off_t at)
{
    return at == AT_OFFSET ? read(fd, bytes, n) : pread(fd, bytes, n, at);
}

/* The program's list of buffers, copied, and their bytes together. => NULL with errno. */
static struct iovec *take_list(const struct iovec *from, int n, size_t *bytes)
{
    struct iovec *list;
    ssize_t sum = 0;

    if (n <= 0 || n > IOV_MAX)
        return fail(EINVAL), NULL;
    list = malloc((size_t)n * sizeof *list);
    if (list == NULL)
        return NULL;
    if (result(user_copy(list, from, (size_t)n * sizeof *list)) == 0) {
        int i = 0;

        while (i < n && !__builtin_add_overflow(sum, list[i].iov_len, &sum))
            i++;
        *bytes = (size_t)sum;
        if (i == n)
            return list;
        errno = EINVAL;
    }
    free(list);
    return NULL;
}

static int gather(char *to, const struct iovec *list, int n)
{
    int rc = 0;

    for (int i = 0; i < n && rc == 0; to += list[i++].iov_len)
        rc = user_copy(to, list[i].iov_base, list[i].iov_len);
    return result(rc);
}

static ssize_t write_list(int fd, const struct iovec *iov, int n, off_t at)
{
    size_t bytes;
    struct iovec *list = take_list(iov, n, &bytes);
    ssize_t moved = -1;
    char *all;

    if (list == NULL)
        return -1;
    if (n == 1) {
        moved = write_at(fd, list->iov_base, bytes, at);
    } else if ((all = malloc(bytes + 1))) {
        if (gather(all, list, n) == 0)
            moved = write_at(fd, all, bytes, at);
        free(all);
    }
    free(list);
    return moved;
}

/* Bytes that the buffers can take, up to the first place that cannot be written. */
static size_t room(const struct iovec *list, int n)
{
    size_t sum = 0, one;

    for (int i = 0; i < n; i++) {
        sum += one = user_room(list[i].iov_base, list[i].iov_len);
        if (one < list[i].iov_len)
            break;
    }
    return sum;
}

static void scatter(const char *from, const struct iovec *list, size_t left)
{
    for (; left > 0; list++) {
        size_t part = left < list->iov_len ? left : list->iov_len;

        memcpy(list->iov_base, from, part);
        from += part;
        left -= part;
    }
}

static ssize_t read_parts(int fd, const struct iovec *list, int n, size_t bytes, off_t at)
{
    size_t most = room(list, n);
    char *all = malloc(most + 1);
    ssize_t moved = -1;

    if (all == NULL)
        return -1;
    if (most == 0 && bytes > 0)
        moved = read_at(fd, list->iov_base, bytes, at);
    else
        moved = read_at(fd, all, most, at);
    if (moved > 0)
        scatter(all, list, (size_t)moved);
    free(all);
    return moved;
}

static ssize_t read_list(int fd, const struct iovec *iov, int n, off_t at)
{
    size_t bytes;
    struct iovec *list = take_list(iov, n, &bytes);
    ssize_t moved;

    if (list == NULL)
        return -1;
    moved = n == 1 ? read_at(fd, list->iov_base, bytes, at) : read_parts(fd, list, n, bytes, at);
    free(list);
    return moved;
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
    return write_list(fd, iov, n, AT_OFFSET);
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
    return read_list(fd, iov, n, AT_OFFSET);
}

ssize_t pwritev(int fd, const struct iovec *iov, int n, off_t offset)
{
    return offset < 0 ? fail(EINVAL) : write_list(fd, iov, n, offset);
}

ssize_t preadv(int fd, const struct iovec *iov, int n, off_t offset)
{
    return offset < 0 ? fail(EINVAL) : read_list(fd, iov, n, offset);
}
