/* What all functions of scanf's family share: input, taken apart by a format. */
#ifndef LIBC_SCAN_H
#define LIBC_SCAN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#define SCAN_END (-1) /* no more input, or an error of it */

/* Where characters come from. */
struct scan_input {
    int (*get)(struct scan_input *in);   /* a character (a byte, unless is_wide), or SCAN_END */
    void (*back)(struct scan_input *in); /* the last one that was got is to be got again */
    bool is_wide;                        /* characters and the format are of type wchar_t */
    size_t count;                        /* got, and not given back */
};

/* Read by `format` (char or wchar_t text, as the input) into what the arguments point to.
 * => how many were assigned, or SCAN_END: the input ended before the first conversion. */
int scan_read(struct scan_input *in, const void *format, va_list ap);

#endif
