/* Text to floating-point numbers, for each format: what strtod's family shares. */
#ifndef LIBC_NUMBER_H
#define LIBC_NUMBER_H

#include "real.h"

struct number {
    struct fp_number value;
    bool is_negative, is_nan;
};

/* The number at the start of `text`, after white space: decimal, hexadecimal, infinity or nan, as ISO C
 * says for strtod(). => where it ends; `text` itself if there is none (the value is then 0). */
const char *number_parse(const char *text, const struct fp_format *format, struct number *n);

#endif
