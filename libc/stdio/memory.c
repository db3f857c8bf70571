/* Streams over memory, and over functions of the program's. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "../internal.h"
#include "../utf8.h"
#include "stream.h"

/* Where a stream stands in memory. */
struct memory {
    char *at;
    size_t n, size, position; /* bytes (or characters) that are there, that there is room for */
    char **out;               /* of open_memstream(): where the program looks */
    wchar_t **wide_out;
    size_t *out_n;
    struct utf8_state state;
    bool is_append, is_own;
};

/* => the place, or -1 with EINVAL */
static off_t seek_to(struct memory *m, off_t offset, int whence, off_t limit)
{
    off_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (off_t)m->position : (off_t)m->n, to;

    if (__builtin_add_overflow(from, offset, &to) || to < 0 || to > limit)
        return fail(EINVAL);
    m->position = (size_t)to;
    return to;
}

/* --- a buffer of fixed size ------------------------------------------------------------------ */

static ssize_t fixed_read(FILE *f, void *to, size_t n)
{
    struct memory *m = stream_extra(f);
    size_t left = m->position < m->n ? m->n - m->position : 0;

    n = n < left ? n : left;
    memcpy(to, m->at + m->position, n);
    m->position += n;
    return (ssize_t)n;
}

/* A NUL follows what was written, if it extends the contents and there is room. */
static ssize_t fixed_write(FILE *f, const void *from, size_t n)
{
    struct memory *m = stream_extra(f);

    if (m->is_append)
        m->position = m->n;
    n = n < m->size - m->position ? n : m->size - m->position;
    if (n == 0)
        return fail(ENOSPC);
    memcpy(m->at + m->position, from, n);
    m->position += n;
    if (m->position > m->n) {
        m->n = m->position;
        if (m->n < m->size)
            m->at[m->n] = '\0';
    }
    return (ssize_t)n;
}

static off_t fixed_seek(FILE *f, off_t offset, int whence)
{
    struct memory *m = stream_extra(f);

    return seek_to(m, offset, whence, (off_t)m->size);
}

static int fixed_close(FILE *f)
{
    struct memory *m = stream_extra(f);

    if (m->is_own)
        free(m->at);
    return 0;
}

static const struct stream_ops fixed_ops = {fixed_read, fixed_write, fixed_seek, fixed_close};

FILE *fmemopen(void *restrict buffer, size_t size, const char *restrict mode)
{
    int flags = stream_mode(mode);
    struct memory *m;
    FILE *f;

    if (flags < 0 || (buffer == NULL && (flags & O_ACCMODE) != O_RDWR))
        return fail(EINVAL), NULL;
    f = stream_new(&fixed_ops, stream_flags(flags) & ~(unsigned)STREAM_APPEND, sizeof *m);
    if (f == NULL)
        return NULL;
    m = stream_extra(f);
    *m = (struct memory){.at = buffer, .size = size, .is_append = flags & O_APPEND, .is_own = !buffer};
    if (m->is_own)
        m->at = calloc(1, size ? size : 1);
    if (m->at == NULL) {
        stream_delete(f);
        return NULL;
    }
    if (flags & O_TRUNC && size)
        m->at[0] = '\0';
    m->n = flags & O_TRUNC ? 0 : m->is_own || flags & O_APPEND ? strnlen(m->at, size) : size;
    m->position = m->is_append ? m->n : 0;
    return f;
}

/* --- memory that grows ----------------------------------------------------------------------- */

static void tell(const struct memory *m)
{
    *m->out_n = m->position < m->n ? m->position : m->n;
    if (m->out)
        *m->out = m->at;
    else
        *m->wide_out = (wchar_t *)m->at;
}

/* Room for `n` units and a NUL. */
static int grow(struct memory *m, size_t n, size_t unit)
{
    size_t size = n < m->size * 2 ? m->size * 2 : n + 64;
    char *bigger;

    if (n < m->size)
        return 0;
    bigger = n < PTRDIFF_MAX / 8 ? realloc(m->at, size * unit) : NULL;
    if (bigger == NULL)
        return fail(ENOMEM);
    memset(bigger + m->size * unit, 0, (size - m->size) * unit);
    m->at = bigger;
    m->size = size;
    return 0;
}

static ssize_t growing_write(FILE *f, const void *from, size_t n)
{
    struct memory *m = stream_extra(f);

    if (grow(m, m->position + n, 1))
        return -1;
    memcpy(m->at + m->position, from, n);
    m->position += n;
    if (m->position >= m->n) {
        m->n = m->position;
        m->at[m->n] = '\0';
    }
    tell(m);
    return (ssize_t)n;
}

/* UTF-8 comes, which fputwc() made. */
static ssize_t wide_write(FILE *f, const void *from, size_t n)
{
    struct memory *m = stream_extra(f);
    const unsigned char *bytes = from;
    uint32_t c;

    if (grow(m, m->position + n, sizeof(wchar_t)))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (utf8_feed(&m->state, bytes[i], &c) == 1)
            ((wchar_t *)m->at)[m->position++] = (wchar_t)c;
    if (m->position >= m->n) {
        m->n = m->position;
        ((wchar_t *)m->at)[m->n] = 0;
    }
    tell(m);
    return (ssize_t)n;
}

static off_t growing_seek(FILE *f, off_t offset, int whence)
{
    struct memory *m = stream_extra(f);
    off_t to = seek_to(m, offset, whence, PTRDIFF_MAX / 8);

    if (to >= 0)
        tell(m);
    return to;
}

/* The program keeps the memory. */
static int growing_close(FILE *f)
{
    return 0;
}

static const struct stream_ops growing_ops = {NULL, growing_write, growing_seek, growing_close};
static const struct stream_ops wide_ops = {NULL, wide_write, growing_seek, growing_close};

static FILE *open_growing(const struct stream_ops *ops, unsigned flags, struct memory first)
{
    FILE *f = stream_new(ops, flags | STREAM_WRITABLE, sizeof first);
    struct memory *m;

    if (f == NULL)
        return NULL;
    m = stream_extra(f);
    *m = first;
    if (grow(m, 0, first.out ? 1 : sizeof(wchar_t))) {
        stream_delete(f);
        return NULL;
    }
    tell(m);
    return f;
}

FILE *open_memstream(char **to, size_t *size)
{
    return open_growing(&growing_ops, 0, (struct memory){.out = to, .out_n = size});
}

FILE *open_wmemstream(wchar_t **to, size_t *size)
{
    return open_growing(&wide_ops, STREAM_UTF8, (struct memory){.wide_out = to, .out_n = size});
}

/* --- functions of the program's -------------------------------------------------------------- */

struct functions {
    cookie_io_functions_t io;
    void *cookie;
};

static ssize_t cookie_read(FILE *f, void *to, size_t n)
{
    struct functions *c = stream_extra(f);

    return c->io.read ? c->io.read(c->cookie, to, n) : 0;
}

/* They say 0 when they fail. */
static ssize_t cookie_write(FILE *f, const void *from, size_t n)
{
    struct functions *c = stream_extra(f);
    ssize_t done = c->io.write ? c->io.write(c->cookie, from, n) : (ssize_t)n;

    return done > 0 ? done : -1;
}

static off_t cookie_seek(FILE *f, off_t offset, int whence)
{
    struct functions *c = stream_extra(f);

    if (c->io.seek == NULL)
        return fail(ENOTSUP);
    return c->io.seek(c->cookie, &offset, whence) ? -1 : offset;
}

static int cookie_close(FILE *f)
{
    struct functions *c = stream_extra(f);

    return c->io.close ? c->io.close(c->cookie) : 0;
}

FILE *fopencookie(void *restrict cookie, const char *restrict mode, cookie_io_functions_t io)
{
    static const struct stream_ops ops = {cookie_read, cookie_write, cookie_seek, cookie_close};
    int flags = stream_mode(mode);
    FILE *f = flags < 0 ? NULL : stream_new(&ops, stream_flags(flags) & ~(unsigned)STREAM_APPEND,
                                            sizeof(struct functions));

    if (f)
        *(struct functions *)stream_extra(f) = (struct functions){io, cookie};
    return f;
}
