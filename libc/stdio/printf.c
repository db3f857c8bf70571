/* The functions of printf's family for bytes. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "../internal.h"
#include "format.h"
#include "stream.h"

/* --- streams --------------------------------------------------------------------------------- */

struct stream_output {
    struct output output; /* first */
    FILE *file;
    bool is_failed;
};

static void to_stream(struct output *out, const char *text, size_t n)
{
    struct stream_output *to = (struct stream_output *)out;

    if (!to->is_failed)
        to->is_failed = stream_write(to->file, text, n) != n;
}

static int print(FILE *f, const char *format, va_list ap)
{
    struct stream_output to = {.output = {.write = to_stream}, .file = f};
    int n = format_write(&to.output, format, ap);

    return to.is_failed ? -1 : n;
}

/* What is not buffered leaves in one piece all the same. */
static int print_at_once(FILE *f, const char *format, va_list ap)
{
    unsigned char piece[1024], *buffer = f->buffer;
    size_t size = f->size;
    int n, rc;

    f->buffer = piece;
    f->size = sizeof piece;
    f->flags &= ~(unsigned)STREAM_UNBUFFERED;
    f->wpos = f->wend = NULL;
    n = print(f, format, ap);
    rc = stream_flush(f);
    f->buffer = buffer;
    f->size = size;
    f->flags |= STREAM_UNBUFFERED;
    f->wpos = f->wend = NULL;
    return rc ? -1 : n;
}

int vfprintf(FILE *restrict f, const char *restrict format, va_list ap)
{
    if (f->wpos == NULL && stream_to_write(f))
        return -1;
    return f->flags & STREAM_UNBUFFERED ? print_at_once(f, format, ap) : print(f, format, ap);
}

int vprintf(const char *restrict format, va_list ap)
{
    return vfprintf(stdout, format, ap);
}

int printf(const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vfprintf(stdout, format, ap);
    va_end(ap);
    return n;
}

int fprintf(FILE *restrict f, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vfprintf(f, format, ap);
    va_end(ap);
    return n;
}

/* --- strings --------------------------------------------------------------------------------- */

struct string_output {
    struct output output; /* first */
    char *at;
    size_t left;
};

static void to_string(struct output *out, const char *text, size_t n)
{
    struct string_output *to = (struct string_output *)out;

    n = n < to->left ? n : to->left;
    memcpy(to->at, text, n);
    to->at += n;
    to->left -= n;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list ap)
{
    char none[1];
    struct string_output out = {.output = {.write = to_string}, .at = size ? to : none,
                                .left = size ? size - 1 : 0};
    int n = format_write(&out.output, format, ap);

    *out.at = '\0';
    return n;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(to, size, format, ap);
    va_end(ap);
    return n;
}

int vsprintf(char *restrict to, const char *restrict format, va_list ap)
{
    return vsnprintf(to, SIZE_MAX / 2, format, ap);
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsprintf(to, format, ap);
    va_end(ap);
    return n;
}

/* --- allocated strings ----------------------------------------------------------------------- */

struct growing_output {
    struct output output; /* first */
    char *text;
    size_t n, size;
    bool is_failed;
};

static void to_growing(struct output *out, const char *text, size_t n)
{
    struct growing_output *to = (struct growing_output *)out;
    char *bigger;

    if (!to->is_failed && to->n + n >= to->size) {
        to->size = (to->n + n) * 2 + 64;
        bigger = realloc(to->text, to->size);
        to->is_failed = bigger == NULL;
        to->text = bigger ? bigger : to->text;
    }
    if (to->is_failed)
        return;
    memcpy(to->text + to->n, text, n);
    to->n += n;
}

int vasprintf(char **restrict to, const char *restrict format, va_list ap)
{
    struct growing_output out = {.output = {.write = to_growing}};
    int n = format_write(&out.output, format, ap);
    char *fitting;

    if (n == 0)
        out.text = malloc(1);
    if (n < 0 || out.is_failed || out.text == NULL) {
        free(out.text);
        *to = NULL;
        return -1;
    }
    out.text[out.n] = '\0';
    fitting = realloc(out.text, out.n + 1);
    *to = fitting ? fitting : out.text;
    return n;
}

int asprintf(char **restrict to, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vasprintf(to, format, ap);
    va_end(ap);
    return n;
}
