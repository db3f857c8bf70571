/* See stream.h: states of a stream, its buffer, and the list of all streams. */
#include "stream.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal.h"

/* --- descriptors ----------------------------------------------------------------------------- */

static ssize_t fd_read(FILE *f, void *to, size_t n)
{
    return read(f->fd, to, n);
}

static ssize_t fd_write(FILE *f, const void *from, size_t n)
{
    return write(f->fd, from, n);
}

static off_t fd_seek(FILE *f, off_t offset, int whence)
{
    return lseek(f->fd, offset, whence);
}

static int fd_close(FILE *f)
{
    return close(f->fd);
}

const struct stream_ops stream_fd_ops = {fd_read, fd_write, fd_seek, fd_close};

/* --- the list -------------------------------------------------------------------------------- */

#define STANDARD(n, descriptor, how, before, after)                                                \
    {                                                                                              \
        .buffer = standard_buffer[n] + UNGET, .size = DEFAULT_BUFFER, .flags = STREAM_STATIC | (how), \
        .fd = descriptor, .ops = &stream_fd_ops, .prev = before, .next = after,                    \
        .first_buffer = standard_buffer[n] + UNGET, .first_size = DEFAULT_BUFFER                   \
    }

static unsigned char standard_buffer[2][UNGET + DEFAULT_BUFFER], error_buffer[UNGET + 1];
static struct __file standard[3] = {
    STANDARD(0, 0, STREAM_READABLE | STREAM_ASK_TTY, NULL, &standard[1]),
    STANDARD(1, 1, STREAM_WRITABLE | STREAM_ASK_TTY, &standard[0], &standard[2]),
    {.buffer = error_buffer + UNGET, .size = 1, .fd = 2, .ops = &stream_fd_ops, .prev = &standard[1],
     .flags = STREAM_STATIC | STREAM_WRITABLE | STREAM_UNBUFFERED,
     .first_buffer = error_buffer + UNGET, .first_size = 1},
};
static FILE *first = standard;

FILE *stdin = &standard[0], *stdout = &standard[1], *stderr = &standard[2];

FILE *stream_new(const struct stream_ops *ops, unsigned flags, size_t extra)
{
    FILE *f;

    extra = (extra + 15) & ~15UL;
    f = malloc(sizeof *f + extra + UNGET + DEFAULT_BUFFER);
    if (f == NULL)
        return NULL;
    memset(f, 0, sizeof *f + extra);
    f->buffer = f->first_buffer = (unsigned char *)(f + 1) + extra + UNGET;
    f->size = f->first_size = DEFAULT_BUFFER;
    f->flags = flags;
    f->fd = -1;
    f->ops = ops;
    f->next = first;
    first->prev = f;
    first = f;
    return f;
}

void *stream_extra(FILE *f)
{
    return f + 1;
}

static void free_buffer(FILE *f)
{
    if (f->flags & STREAM_OWN_BUFFER)
        free(f->buffer - UNGET);
    f->flags &= ~STREAM_OWN_BUFFER;
}

void stream_delete(FILE *f)
{
    free_buffer(f);
    if (f->flags & STREAM_STATIC) {
        f->flags = STREAM_STATIC;
        f->fd = -1;
        f->rpos = f->rend = f->wpos = f->wend = NULL;
        return;
    }
    if (f->next)
        f->next->prev = f->prev;
    if (f->prev)
        f->prev->next = f->next;
    else
        first = f->next;
    free(f);
}

void stdio_each(void (*visit)(FILE *f))
{
    for (FILE *f = first, *next; f; f = next) {
        next = f->next;
        visit(f);
    }
}

/* At the end of the program: what was read ahead is there for the next reader of the same file. */
static void settle(FILE *f)
{
    if (f->rpos != f->rend || f->wpos)
        stream_settle(f);
}

void stdio_flush_all(void)
{
    stdio_each(settle);
}

/* --- reading --------------------------------------------------------------------------------- */

/* Terminals: lines. Asked when it begins to matter. */
static void ask_tty(FILE *f)
{
    int before = errno;

    if (f->flags & STREAM_ASK_TTY && f->fd >= 0 && isatty(f->fd))
        f->flags |= STREAM_LINES;
    f->flags &= ~STREAM_ASK_TTY;
    errno = before;
}

static int refuse(FILE *f, int code)
{
    f->flags |= STREAM_ERROR;
    errno = code;
    return EOF;
}

int stream_to_read(FILE *f)
{
    if (!(f->flags & STREAM_READABLE))
        return refuse(f, EBADF);
    if (f->wpos && stream_flush(f))
        return EOF;
    f->wpos = f->wend = NULL;
    if (f->rpos == NULL)
        f->rpos = f->rend = f->buffer;
    return 0;
}

static void flush_lines(FILE *f)
{
    if (f->flags & STREAM_LINES)
        stream_flush(f);
}

int stream_fill(FILE *f)
{
    ssize_t n;

    if (f->rpos == NULL && stream_to_read(f))
        return EOF;
    if (f->flags & STREAM_EOF)
        return EOF;
    if (f->flags & STREAM_ASK_TTY)
        ask_tty(f);
    if (f->flags & (STREAM_LINES | STREAM_UNBUFFERED))
        stdio_each(flush_lines);
    n = f->ops->read(f, f->buffer, f->size);
    f->rpos = f->rend = f->buffer;
    if (n <= 0) {
        f->flags |= n ? STREAM_ERROR : STREAM_EOF;
        return EOF;
    }
    f->rend += n;
    return 0;
}

/* --- writing --------------------------------------------------------------------------------- */

static void open_room(FILE *f)
{
    f->wpos = f->buffer;
    f->wend = f->flags & (STREAM_LINES | STREAM_UNBUFFERED) ? f->buffer : f->buffer + f->size;
}

int stream_to_write(FILE *f)
{
    if (!(f->flags & STREAM_WRITABLE))
        return refuse(f, EBADF);
    if (f->rpos && f->rpos != f->rend)
        f->ops->seek(f, f->rpos - f->rend, SEEK_CUR);
    f->rpos = f->rend = NULL;
    f->flags &= ~STREAM_EOF;
    if (f->flags & STREAM_ASK_TTY)
        ask_tty(f);
    if (f->wpos == NULL)
        open_room(f);
    return 0;
}

/* => how much was written; less than n: STREAM_ERROR. */
static size_t write_all(FILE *f, const unsigned char *from, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t more = f->ops->write(f, from + done, n - done);

        if (more < 0) {
            f->flags |= STREAM_ERROR;
            break;
        }
        done += (size_t)more;
    }
    return done;
}

int stream_flush(FILE *f)
{
    size_t n, done;

    if (f->wpos == NULL || f->wpos == f->buffer)
        return 0;
    n = (size_t)(f->wpos - f->buffer);
    done = write_all(f, f->buffer, n);
    open_room(f);
    if (done == n)
        return 0;
    memmove(f->buffer, f->buffer + done, n - done);
    f->wpos = f->buffer + n - done;
    return EOF;
}

int stream_settle(FILE *f)
{
    int rc = stream_flush(f), before = errno;

    if (rc == 0)
        f->wpos = f->wend = NULL;
    if (f->rpos != f->rend && f->ops->seek(f, f->rpos - f->rend, SEEK_CUR) < 0) {
        errno = before; /* what cannot seek keeps what it has */
        return rc;
    }
    f->rpos = f->rend = NULL;
    return rc;
}

int stream_overflow(FILE *f, unsigned char c)
{
    return stream_write(f, &c, 1) == 1 ? c : EOF;
}

/* Copy into the buffer, which has the room. */
static void buffer_add(FILE *f, const unsigned char *from, size_t n)
{
    memcpy(f->wpos, from, n);
    f->wpos += n;
}

/* Bytes at the start of what is to be written that have to go out now. */
static size_t urgent(const FILE *f, const unsigned char *from, size_t n)
{
    const unsigned char *end = NULL;

    if (f->flags & STREAM_UNBUFFERED)
        return n;
    if (f->flags & STREAM_LINES)
        end = memrchr(from, '\n', n);
    return end ? (size_t)(end + 1 - from) : 0;
}

static size_t room(const FILE *f)
{
    return f->size - (size_t)(f->wpos - f->buffer);
}

/* Add n bytes, for which there is room, and write all out. => how many of them were taken */
static size_t add_and_flush(FILE *f, const unsigned char *from, size_t n)
{
    size_t left;

    buffer_add(f, from, n);
    if (stream_flush(f) == 0)
        return n;
    left = (size_t)(f->wpos - f->buffer);
    left = left < n ? left : n;
    f->wpos -= left;
    return n - left;
}

static size_t write_now(FILE *f, const unsigned char *from, size_t n)
{
    if (f->wpos != f->buffer && n <= room(f))
        return add_and_flush(f, from, n);
    return stream_flush(f) ? 0 : write_all(f, from, n);
}

static size_t write_later(FILE *f, const unsigned char *from, size_t n)
{
    size_t done = 0, part, taken;

    while (n - done > room(f) || (f->wpos == f->buffer && n - done >= f->size)) {
        bool is_direct = f->wpos == f->buffer;

        part = is_direct ? (n - done) / f->size * f->size : room(f);
        taken = is_direct ? write_all(f, from + done, part) : add_and_flush(f, from + done, part);
        done += taken;
        if (taken < part)
            return done;
    }
    buffer_add(f, from + done, n - done);
    return n;
}

size_t stream_write(FILE *f, const void *from, size_t n)
{
    size_t now, done;

    if (n == 0 || (f->wpos == NULL && stream_to_write(f)))
        return 0;
    now = urgent(f, from, n);
    done = now ? write_now(f, from, now) : 0;
    if (done < now || done == n)
        return done;
    return done + write_later(f, (const unsigned char *)from + done, n - done);
}
