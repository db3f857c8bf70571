/* One conversion specification of a format, taken apart. */
#ifndef LIBC_FORMAT_SPEC_H
#define LIBC_FORMAT_SPEC_H

#include "format.h"

/* Length modifiers; those of 64-bit integers are one. */
enum format_length { LENGTH_NONE, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG, LENGTH_LONG_DOUBLE };

/* How an argument is passed. */
enum format_type { TYPE_NONE, TYPE_INT, TYPE_LONG, TYPE_DOUBLE, TYPE_LONG_DOUBLE };

#define FORMAT_ARGS 64  /* that can be numbered */
#define ARG_NEXT 0      /* the next one */
#define ARG_ABSENT (-1) /* the format itself says the width or precision, or there is none */

struct format_parsed {
    struct format_spec spec;
    enum format_length length;
    int value, width, precision; /* which argument, from 1; or ARG_NEXT, ARG_ABSENT */
};

/* Take apart what follows a '%'. => where the text goes on, or NULL: it is no specification. */
const char *format_parse(const char *at, struct format_parsed *p);

/* How the value of a conversion is passed; TYPE_NONE: it has none ('%', 'm'). */
enum format_type format_type_of(const struct format_parsed *p);

#endif
