/* One run of scan_read(), and its conversions in other files. */
#ifndef LIBC_SCAN_PARTS_H
#define LIBC_SCAN_PARTS_H

#include <stdarg.h>
#include <stdint.h>
#include "scan.h"

/* NO_INPUT: nothing (more) came; NO_MATCH: something else came; NO_MEMORY: no room for it. */
enum scan_outcome { DONE, NO_INPUT, NO_MATCH, NO_MEMORY };

struct scan {
    struct scan_input *in;
    const void *format;
    size_t at; /* in the format */
    va_list list, start;
    int assigned;
    /* The conversion under way. */
    void *to; /* NULL: '*', nothing is assigned */
    size_t width;
    char length; /* 'H' for hh, 'h', 'l' (also of ll, j, z, t), 'L', or 0 */
    bool is_allocating;
    size_t set, set_end; /* of %[: its characters in the format */
};

/* A character of the format. */
unsigned scan_format(const struct scan *s, size_t at);
bool scan_is_space(const struct scan *s, int c);
/* The value of a digit, or -1. */
int scan_digit(int c, unsigned base);

/* The next character within the width, or SCAN_END. */
int scan_next(struct scan *s);
/* A character that scan_next() gave is not wanted. */
void scan_refuse(struct scan *s, int c);

/* %a %e %f %g */
enum scan_outcome scan_real(struct scan *s);
/* %c, %s, %[ */
enum scan_outcome scan_characters(struct scan *s, char conversion);

#endif
