/* Bytes, lines and blocks from and to streams. */
#include <string.h>
#include "../internal.h"
#include "stream.h"

#undef getc
#undef putc
#undef getchar
#undef putchar

/* --- reading --------------------------------------------------------------------------------- */

int fgetc(FILE *f)
{
    if (__builtin_expect(f->rpos == f->rend, 0) && stream_fill(f))
        return EOF;
    return *f->rpos++;
}

int getc(FILE *f)
{
    return fgetc(f);
}

int getchar(void)
{
    return fgetc(stdin);
}

int ungetc(int c, FILE *f)
{
    if (c == EOF || (f->rpos == NULL && stream_to_read(f)) || f->rpos == f->buffer - UNGET)
        return EOF;
    *--f->rpos = (unsigned char)c;
    f->flags &= ~STREAM_EOF;
    return (unsigned char)c;
}

/* Copy what is there, at most `most` bytes and no further than the first `end`. => how much */
static size_t take(FILE *f, char *to, size_t most, int end, bool *is_end)
{
    size_t n = (size_t)(f->rend - f->rpos);
    unsigned char *found;

    n = n < most ? n : most;
    found = memchr(f->rpos, end, n);
    n = found ? (size_t)(found + 1 - f->rpos) : n;
    memcpy(to, f->rpos, n);
    f->rpos += n;
    *is_end = found != NULL;
    return n;
}

char *fgets(char *restrict line, int size, FILE *restrict f)
{
    size_t n = 0, room = (size_t)size - 1;
    bool is_end = false;

    if (size <= 0)
        return NULL;
    while (n < room && !is_end) {
        if (f->rpos == f->rend && stream_fill(f)) {
            if (n == 0 || f->flags & STREAM_ERROR)
                return NULL;
            break;
        }
        n += take(f, line + n, room - n, '\n', &is_end);
    }
    line[n] = '\0';
    return line;
}

char *gets(char *line)
{
    char *at = line;
    int c;

    while ((c = getchar()) != EOF && c != '\n')
        *at++ = (char)c;
    *at = '\0';
    return c == EOF && at == line ? NULL : line;
}

/* Read whole buffers' worth straight to where it goes. => 0 or EOF */
static int read_direct(FILE *f, unsigned char *to, size_t n, size_t *got)
{
    ssize_t more;

    if (f->flags & STREAM_EOF || stream_to_read(f))
        return EOF;
    more = f->ops->read(f, to, n / f->size * f->size);
    if (more <= 0) {
        f->flags |= more ? STREAM_ERROR : STREAM_EOF;
        return EOF;
    }
    *got += (size_t)more;
    return 0;
}

size_t fread(void *restrict to, size_t size, size_t n, FILE *restrict f)
{
    size_t want = size * n, got = 0, part;

    if (want == 0)
        return 0;
    while (got < want) {
        part = (size_t)(f->rend - f->rpos);
        if (part == 0 && want - got >= f->size && !(f->flags & STREAM_UNBUFFERED)) {
            if (read_direct(f, (unsigned char *)to + got, want - got, &got))
                break;
            continue;
        }
        if (part == 0 && stream_fill(f))
            break;
        part = (size_t)(f->rend - f->rpos) < want - got ? (size_t)(f->rend - f->rpos) : want - got;
        memcpy((char *)to + got, f->rpos, part);
        f->rpos += part;
        got += part;
    }
    return got == want ? n : got / size;
}

int getw(FILE *f)
{
    int word;

    return fread(&word, sizeof word, 1, f) == 1 ? word : EOF;
}

/* --- writing --------------------------------------------------------------------------------- */

int fputc(int c, FILE *f)
{
    if (__builtin_expect(f->wpos == f->wend, 0))
        return stream_overflow(f, (unsigned char)c);
    return *f->wpos++ = (unsigned char)c;
}

int putc(int c, FILE *f)
{
    return fputc(c, f);
}

int putchar(int c)
{
    return fputc(c, stdout);
}

int fputs(const char *restrict text, FILE *restrict f)
{
    size_t n = strlen(text);

    return stream_write(f, text, n) == n ? 0 : EOF;
}

int puts(const char *text)
{
    return fputs(text, stdout) == EOF || fputc('\n', stdout) == EOF ? EOF : 0;
}

size_t fwrite(const void *restrict from, size_t size, size_t n, FILE *restrict f)
{
    size_t bytes = size * n, done = bytes ? stream_write(f, from, bytes) : 0;

    return done == bytes ? (bytes ? n : 0) : done / size;
}

int putw(int word, FILE *f)
{
    return fwrite(&word, sizeof word, 1, f) == 1 ? 0 : EOF;
}

/* --- state ----------------------------------------------------------------------------------- */

#undef feof
#undef ferror
void clearerr(FILE *f)
{
    f->flags &= ~(unsigned)(STREAM_EOF | STREAM_ERROR);
}

int feof(FILE *f)
{
    return (f->flags & STREAM_EOF) != 0;
}

int ferror(FILE *f)
{
    return (f->flags & STREAM_ERROR) != 0;
}

int fileno(FILE *f)
{
    return f->fd >= 0 ? f->fd : fail(EBADF);
}
