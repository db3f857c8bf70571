/* What all functions of printf's family share: a format and its arguments become pieces of text. */
#ifndef LIBC_FORMAT_H
#define LIBC_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "real.h"

/* Where the text goes. */
struct output {
    void (*write)(struct output *out, const char *text, size_t n);
    bool is_wide; /* text is UTF-8, and what is counted are its characters, not its bytes */
    size_t total; /* written so far */
};

enum format_flag {
    FLAG_LEFT = 1,
    FLAG_PLUS = 2,
    FLAG_SPACE = 4,
    FLAG_ALTERNATE = 8,
    FLAG_ZERO = 16,
};

struct format_spec {
    unsigned flags;
    int width;
    int precision;   /* -1: none given */
    char conversion; /* its letter */
};

/* Write out `format` with its arguments. All of C11's and POSIX's conversions, `%m` and `%b` too; at most
 * 64 numbered arguments.
 * => bytes (characters) that were written, or -1: EINVAL, EILSEQ (a wide character that has no bytes),
 * EOVERFLOW; what stood before the fault was written. */
int format_write(struct output *out, const char *format, va_list ap);

/* Parts of it. */
void format_text(struct output *out, const char *text, size_t n);
void format_fill(struct output *out, char c, long n);
/* A floating-point number by one of aAeEfFgG. */
void format_real(struct output *out, const struct format_spec *spec, struct real value);

#endif
