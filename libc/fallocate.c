/* Room for a file's bytes, and advice about them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <abi/types.h>
#include "internal.h"

/* => 0, or why the descriptor's file cannot be given room. */
static int check(int fd, struct stat *st)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fstat(fd, st))
        return errno;
    if (S_ISFIFO(st->st_mode))
        return ESPIPE;
    if (!S_ISREG(st->st_mode))
        return ENODEV;
    return (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
}

/* A write, even of what is there already, takes the page's blocks. */
static int take_room(int fd, off_t at)
{
    char byte = 0;
    ssize_t n = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR ? pread(fd, &byte, 1, at) : 0;

    return n < 0 || pwrite(fd, &byte, 1, at) < 0 ? errno : 0;
}

int posix_fallocate(int fd, off_t offset, off_t len)
{
    struct stat st;
    off_t end, from;
    int before = errno, code = check(fd, &st);

    if (code == 0 && (offset < 0 || len <= 0))
        code = EINVAL;
    if (code == 0 && __builtin_add_overflow(offset, len, &end))
        code = EFBIG;
    if (code == 0 && end > st.st_size && ftruncate(fd, end))
        code = errno;
    if (code)
        return errno = before, code;
    /* Opened for writing only, bytes that are there cannot be written again: only what is new. */
    from = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR || offset > st.st_size ? offset : st.st_size;
    for (off_t at = from; code == 0 && at < end; at = (at | (off_t)PAGE_MASK) + 1)
        code = take_room(fd, at);
    if (code && end > st.st_size)
        ftruncate(fd, st.st_size);
    errno = before;
    return code;
}

/* Reading ahead follows what is read, so there is nothing to do but to look at the arguments. */
int posix_fadvise(int fd, off_t offset, off_t len, int advice)
{
    struct stat st;
    int before = errno, code = fstat(fd, &st) ? errno : 0;

    errno = before;
    if (code)
        return code;
    if (S_ISFIFO(st.st_mode))
        return ESPIPE;
    return len < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE ? EINVAL : 0;
}
