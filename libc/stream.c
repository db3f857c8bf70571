/* Streams: the three standard ones, those that fopen and fdopen make, and the list of all of them,
 * which picolibc does not keep: exit() and fflush(NULL) write out what each still holds.
 *
 * A stream of ours is picolibc's public bufio object in a larger one with its place in the list and
 * its buffer; its close function takes it out of the list first. */
#include <fcntl.h>
#include <stdio-bufio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"

#define BUFFER 4096

struct stream {
    struct __file_bufio bufio; /* first: a FILE * is also a struct stream * */
    struct stream *next, *prev;
    char buffer[]; /* BUFFER bytes; the standard streams have theirs elsewhere */
};

#define STANDARD(fd, n, rw, flags)                                                                 \
    {                                                                                              \
        .bufio = FDEV_SETUP_BUFIO(fd, standard_buffer[n], BUFFER, read, write, lseek, close, rw,   \
                                  flags)                                                           \
    }

static char standard_buffer[3][BUFFER];
static struct stream standard[3] = {
    STANDARD(0, 0, __SRD, 0),
    STANDARD(1, 1, __SWR, 0),
    STANDARD(2, 2, __SWR, __BLBF),
};

FILE *const stdin = (FILE *)&standard[0];
FILE *const stdout = (FILE *)&standard[1];
FILE *const stderr = (FILE *)&standard[2];

static struct stream list = {.next = &list, .prev = &list}; /* of those that are not standard */

static void link_in(struct stream *s)
{
    s->next = list.next;
    s->prev = &list;
    s->next->prev = s;
    list.next = s;
}

static int stream_close(FILE *file)
{
    struct stream *s = (struct stream *)file;

    s->next->prev = s->prev;
    s->prev->next = s->next;
    return __bufio_close(file);
}

/* stdout goes out line by line to a terminal. Asked only when something is first written. */
static int decide_put(char c, FILE *file)
{
    struct __file_bufio *bufio = (struct __file_bufio *)file;

    if (isatty(bufio->fd))
        bufio->bflags |= __BLBF;
    file->put = __bufio_put;
    return __bufio_put(c, file);
}

void stdio_start(void)
{
    stdout->put = decide_put;
}

/* "r", "w", "a", with "+", "b", "x", "e" => flags of open(), or -1. */
static int mode_flags(const char *mode)
{
    int flags = *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC : O_CREAT | O_APPEND;
    int access = *mode == 'r' ? O_RDONLY : O_WRONLY;

    if (*mode != 'r' && *mode != 'w' && *mode != 'a')
        return fail(EINVAL);
    while (*++mode)
        if (*mode == '+')
            access = O_RDWR;
        else if (*mode == 'x')
            flags |= O_EXCL;
        else if (*mode == 'e')
            flags |= O_CLOEXEC;
    return flags | access;
}

static void set_up(struct stream *s, int fd, int flags)
{
    int rw = (flags & O_ACCMODE) == O_RDONLY ? __SRD : (flags & O_ACCMODE) == O_WRONLY ? __SWR
                                                                                        : __SRD | __SWR;

    s->bufio = (struct __file_bufio)FDEV_SETUP_BUFIO(fd, s->buffer, BUFFER, read, write, lseek,
                                                     close, 0, 0);
    s->bufio.xfile.cfile.file.flags |= (uint8_t)rw;
    s->bufio.xfile.cfile.close = stream_close;
    if ((flags & O_ACCMODE) != O_RDONLY)
        s->bufio.xfile.cfile.file.put = decide_put;
    __bufio_lock_init((FILE *)s);
}

/* The object is allocated first: nothing is opened when there is no memory. */
static struct stream *stream_new(void)
{
    struct stream *s = malloc(sizeof *s + BUFFER);

    if (s)
        link_in(s);
    return s;
}

static void stream_discard(struct stream *s)
{
    s->next->prev = s->prev;
    s->prev->next = s->next;
    free(s);
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
    int flags = mode_flags(mode);
    struct stream *s = flags < 0 ? NULL : stream_new();
    int fd;

    if (s == NULL)
        return NULL;
    fd = open(path, flags, 0666);
    if (fd < 0) {
        stream_discard(s);
        return NULL;
    }
    set_up(s, fd, flags);
    if (flags & O_APPEND)
        s->bufio.pos = lseek(fd, 0, SEEK_END);
    return (FILE *)s;
}

FILE *fdopen(int fd, const char *mode)
{
    int flags = mode_flags(mode);
    struct stream *s;
    off_t pos;

    if (flags < 0 || fcntl(fd, F_GETFL) < 0)
        return NULL;
    s = stream_new();
    if (s == NULL)
        return NULL;
    set_up(s, fd, flags);
    pos = lseek(fd, 0, SEEK_CUR);
    s->bufio.pos = pos < 0 ? 0 : pos;
    return (FILE *)s;
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict file)
{
    struct __file_bufio *bufio = (struct __file_bufio *)file;
    int flags = mode_flags(mode), fd;

    if (flags < 0)
        return NULL;
    fflush(file);
    fd = path ? open(path, flags, 0666) : fail(EBADF);
    if (fd < 0)
        return NULL;
    if (fd != bufio->fd) {
        dup2(fd, bufio->fd);
        close(fd);
    }
    file->flags = (uint8_t)((file->flags & ~(__SRD | __SWR | __SERR | __SEOF)) |
                            ((flags & O_ACCMODE) == O_RDONLY   ? __SRD
                             : (flags & O_ACCMODE) == O_WRONLY ? __SWR
                                                               : __SRD | __SWR));
    file->unget = 0;
    bufio->dir = 0;
    bufio->len = bufio->off = 0;
    bufio->pos = flags & O_APPEND ? lseek(bufio->fd, 0, SEEK_END) : 0;
    return file;
}

int fflush(FILE *file)
{
    if (file == NULL) {
        stdio_flush_all();
        return 0;
    }
    return file->flush ? file->flush(file) : 0;
}

void stdio_flush_all(void)
{
    __bufio_flush(stdout);
    __bufio_flush(stderr);
    for (struct stream *s = list.next; s != &list; s = s->next)
        __bufio_flush((FILE *)s);
}

int fileno(FILE *file)
{
    return file->flags & __SBUF ? ((struct __file_bufio *)file)->fd : fail(EBADF);
}
