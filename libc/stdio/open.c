/* Opening and closing of streams, and their buffers. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal.h"
#include "stream.h"

int stream_mode(const char *mode)
{
    int flags = *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    int access = *mode == 'r' ? O_RDONLY : O_WRONLY;

    if (*mode != 'r' && *mode != 'w' && *mode != 'a')
        return fail(EINVAL);
    while (*++mode && *mode != ',')
        if (*mode == '+')
            access = O_RDWR;
        else if (*mode == 'x')
            flags |= O_EXCL;
        else if (*mode == 'e')
            flags |= O_CLOEXEC;
    return flags | access;
}

unsigned stream_flags(int flags)
{
    int access = flags & O_ACCMODE;

    return (access != O_WRONLY ? STREAM_READABLE : 0) | (access != O_RDONLY ? STREAM_WRITABLE : 0) |
           (flags & O_APPEND ? STREAM_APPEND : 0) | STREAM_ASK_TTY;
}

/* The object is allocated first: nothing is opened when there is no memory. */
FILE *fopen(const char *restrict path, const char *restrict mode)
{
    int flags = stream_mode(mode);
    FILE *f = flags < 0 ? NULL : stream_new(&stream_fd_ops, stream_flags(flags), 0);

    if (f == NULL)
        return NULL;
    f->fd = open(path, flags, 0666);
    if (f->fd < 0) {
        stream_delete(f);
        return NULL;
    }
    if (flags & O_APPEND)
        lseek(f->fd, 0, SEEK_END);
    return f;
}

/* The descriptor must permit what the mode wants. */
static int check_access(int fd, int flags)
{
    int is = fcntl(fd, F_GETFL);

    if (is < 0)
        return -1;
    if ((is & O_ACCMODE) != O_RDWR && (is & O_ACCMODE) != (flags & O_ACCMODE))
        return fail(EINVAL);
    if (flags & O_APPEND && !(is & O_APPEND) && fcntl(fd, F_SETFL, is | O_APPEND))
        return -1;
    return flags & O_CLOEXEC ? fcntl(fd, F_SETFD, FD_CLOEXEC) : 0;
}

FILE *fdopen(int fd, const char *mode)
{
    int flags = stream_mode(mode);
    FILE *f;

    if (flags < 0 || check_access(fd, flags))
        return NULL;
    f = stream_new(&stream_fd_ops, stream_flags(flags), 0);
    if (f)
        f->fd = fd;
    return f;
}

static void reset(FILE *f, unsigned flags)
{
    f->rpos = f->rend = f->wpos = f->wend = NULL;
    f->flags = flags | (f->flags & (STREAM_STATIC | STREAM_OWN_BUFFER));
    f->orientation = 0;
    memset(&f->state, 0, sizeof f->state);
    if (f == stderr)
        f->flags |= STREAM_UNBUFFERED;
}

/* Open anew under the descriptor that the stream had, if it had one. */
static int reopen(FILE *f, const char *path, int flags)
{
    int fd = open(path, flags, 0666), old = f->fd;

    if (fd < 0 || old < 0 || fd == old) {
        f->fd = fd;
        if (fd < 0 && old >= 0)
            close(old);
        return fd < 0 ? -1 : 0;
    }
    if (dup3(fd, old, flags & O_CLOEXEC) < 0)
        return -1;
    return close(fd);
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f)
{
    int flags = stream_mode(mode), rc;

    if (flags < 0)
        return NULL;
    stream_settle(f);
    if (f->ops != &stream_fd_ops) {
        f->ops->close(f);
        f->ops = &stream_fd_ops;
        f->fd = -1;
    }
    if (path)
        rc = reopen(f, path, flags);
    else
        rc = check_access(f->fd, flags) ? fail(EBADF) : 0;
    if (rc) {
        rc = errno;
        stream_delete(f);
        errno = rc;
        return NULL;
    }
    reset(f, stream_flags(flags));
    return f;
}

int fclose(FILE *f)
{
    int rc = stream_settle(f), code = errno;

    if (f->ops->close(f)) {
        code = rc ? code : errno;
        rc = EOF;
    }
    stream_delete(f);
    errno = code;
    return rc;
}

static void close_one(FILE *f)
{
    fclose(f);
}

int fcloseall(void)
{
    stdio_each(close_one);
    return 0;
}

static int flush_result;

static void flush_one(FILE *f)
{
    if (f->wpos && stream_flush(f))
        flush_result = EOF;
}

int fflush(FILE *f)
{
    if (f)
        return stream_settle(f);
    flush_result = 0;
    stdio_each(flush_one);
    return flush_result;
}

int fpurge(FILE *f)
{
    f->rpos = f->rend = f->wpos = f->wend = NULL;
    return 0;
}

/* --- buffers --------------------------------------------------------------------------------- */

static void use_buffer(FILE *f, unsigned char *buffer, size_t size, unsigned flags)
{
    if (f->flags & STREAM_OWN_BUFFER)
        free(f->buffer - UNGET);
    f->flags &= ~(STREAM_OWN_BUFFER | STREAM_LINES | STREAM_UNBUFFERED | STREAM_ASK_TTY);
    f->flags |= flags;
    f->buffer = buffer;
    f->size = size;
}

/* The caller's buffer serves if it is worth it; otherwise one of that size is allocated. */
static int choose_buffer(FILE *f, char *buffer, size_t size, unsigned flags)
{
    unsigned char *own;

    if (buffer && size >= 4 * UNGET) {
        use_buffer(f, (unsigned char *)buffer + UNGET, size - UNGET, flags);
    } else if (size <= f->first_size) {
        use_buffer(f, f->first_buffer, size && size > UNGET ? size : f->first_size, flags);
    } else {
        own = malloc(UNGET + size);
        if (own == NULL)
            return EOF;
        use_buffer(f, own + UNGET, size, flags | STREAM_OWN_BUFFER);
    }
    return 0;
}

int setvbuf(FILE *restrict f, char *restrict buffer, int mode, size_t size)
{
    if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF)
        return fail(EINVAL);
    if (stream_settle(f) || f->rpos != f->rend)
        return EOF;
    f->rpos = f->rend = NULL;
    if (mode != _IONBF)
        return choose_buffer(f, buffer, size, mode == _IOLBF ? STREAM_LINES : 0);
    use_buffer(f, f->first_buffer, 1, STREAM_UNBUFFERED);
    return 0;
}

void setbuf(FILE *restrict f, char *restrict buffer)
{
    setvbuf(f, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

void setbuffer(FILE *f, char *buffer, size_t size)
{
    setvbuf(f, buffer, buffer ? _IOFBF : _IONBF, size);
}

void setlinebuf(FILE *f)
{
    setvbuf(f, NULL, _IOLBF, 0);
}
