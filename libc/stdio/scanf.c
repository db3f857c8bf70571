/* The functions of scanf's family for bytes. */
#include <string.h>
#include "../internal.h"
#include "scan.h"
#include "stream.h"

struct stream_input {
    struct scan_input input; /* first */
    FILE *file;
};

static int from_stream(struct scan_input *in)
{
    return fgetc(((struct stream_input *)in)->file);
}

static void back_to_stream(struct scan_input *in)
{
    ((struct stream_input *)in)->file->rpos--;
}

int vfscanf(FILE *restrict f, const char *restrict format, va_list ap)
{
    struct stream_input in = {{from_stream, back_to_stream, false, 0}, f};

    return scan_read(&in.input, format, ap);
}

int vscanf(const char *restrict format, va_list ap)
{
    return vfscanf(stdin, format, ap);
}

int fscanf(FILE *restrict f, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vfscanf(f, format, ap);
    va_end(ap);
    return n;
}

int scanf(const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vfscanf(stdin, format, ap);
    va_end(ap);
    return n;
}

struct string_input {
    struct scan_input input; /* first */
    const unsigned char *at;
};

static int from_string(struct scan_input *in)
{
    struct string_input *from = (struct string_input *)in;

    return *from->at ? *from->at++ : SCAN_END;
}

static void back_to_string(struct scan_input *in)
{
    ((struct string_input *)in)->at--;
}

int vsscanf(const char *restrict text, const char *restrict format, va_list ap)
{
    struct string_input in = {{from_string, back_to_string, false, 0}, (const unsigned char *)text};

    return scan_read(&in.input, format, ap);
}

int sscanf(const char *restrict text, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsscanf(text, format, ap);
    va_end(ap);
    return n;
}
