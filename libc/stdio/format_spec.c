/* See format_spec.h. */
#include "format_spec.h"
#include <limits.h>
#include <string.h>

/* A number at *at, at most INT_MAX. => -1: too large */
static int number(const char **at)
{
    long n = 0;

    while (**at >= '0' && **at <= '9' && n <= INT_MAX)
        n = n * 10 + (*(*at)++ - '0');
    return n > INT_MAX ? -1 : (int)n;
}

/* "12$" at `at`: => where it ends, and the number. Otherwise `at`, and ARG_NEXT. */
static const char *argument(const char *at, int *which)
{
    const char *end = at;
    int n = number(&end);

    *which = ARG_NEXT;
    if (*end != '$' || n <= 0 || n > FORMAT_ARGS)
        return *end == '$' ? NULL : at;
    *which = n;
    return end + 1;
}

static const char *flags(const char *at, unsigned *set)
{
    for (*set = 0;; at++)
        switch (*at) {
        case '-':
            *set |= FLAG_LEFT;
            break;
        case '+':
            *set |= FLAG_PLUS;
            break;
        case ' ':
            *set |= FLAG_SPACE;
            break;
        case '#':
            *set |= FLAG_ALTERNATE;
            break;
        case '0':
            *set |= FLAG_ZERO;
            break;
        case '\'': /* this locale does not group digits */
            break;
        default:
            return at;
        }
}

/* A width or precision: digits, or '*' with or without the number of an argument. */
static const char *amount(const char *at, int *n, int *which)
{
    *which = ARG_ABSENT;
    if (*at == '*')
        return argument(at + 1, which);
    *n = number(&at);
    return *n < 0 ? NULL : at;
}

static const char *length(const char *at, enum format_length *l)
{
    static const char doubled[] = "hhll";

    *l = LENGTH_NONE;
    switch (*at) {
    case 'h':
        *l = at[1] == 'h' ? LENGTH_CHAR : LENGTH_SHORT;
        break;
    case 'l':
    case 'j':
    case 'z':
    case 't':
    case 'q':
        *l = LENGTH_LONG;
        break;
    case 'L':
        *l = LENGTH_LONG_DOUBLE;
        break;
    default:
        return at;
    }
    return at + 1 + (at[1] == *at && strchr(doubled, *at) != NULL);
}

const char *format_parse(const char *at, struct format_parsed *p)
{
    p->spec.width = 0;
    p->spec.precision = -1;
    p->precision = ARG_ABSENT;
    at = *at >= '1' && *at <= '9' ? argument(at, &p->value) : (p->value = ARG_NEXT, at);
    if (at == NULL)
        return NULL;
    at = flags(at, &p->spec.flags);
    at = amount(at, &p->spec.width, &p->width);
    if (at && *at == '.')
        at = amount(at + 1, &p->spec.precision, &p->precision);
    if (at == NULL)
        return NULL;
    at = length(at, &p->length);
    p->spec.conversion = *at;
    if (*at == 'C' || *at == 'S') {
        p->spec.conversion = (char)(*at | 32);
        p->length = LENGTH_LONG;
    }
    return *at ? at + 1 : NULL;
}

enum format_type format_type_of(const struct format_parsed *p)
{
    switch (p->spec.conversion) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'b':
    case 'B':
        return p->length >= LENGTH_LONG ? TYPE_LONG : TYPE_INT;
    case 'c':
        return TYPE_INT;
    case 's':
    case 'p':
    case 'n':
        return TYPE_LONG;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return p->length == LENGTH_LONG_DOUBLE ? TYPE_LONG_DOUBLE : TYPE_DOUBLE;
    default:
        return TYPE_NONE;
    }
}
