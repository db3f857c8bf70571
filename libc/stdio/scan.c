/* See scan.h. Each conversion takes as much of the input as can still become what it wants, so that one
 * character has to be given back at most. */
#include "scan.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <wctype.h>
#include "scan_parts.h"

#define ARGS 32 /* that can be numbered */

unsigned scan_format(const struct scan *s, size_t at)
{
    return s->in->is_wide ? (unsigned)((const wchar_t *)s->format)[at]
                          : ((const unsigned char *)s->format)[at];
}

bool scan_is_space(const struct scan *s, int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (s->in->is_wide && c > 127 && iswspace((wint_t)c));
}

/* --- input ----------------------------------------------------------------------------------- */

static int get(struct scan *s)
{
    int c = s->in->get(s->in);

    if (c != SCAN_END)
        s->in->count++;
    return c;
}

static void back(struct scan *s, int c)
{
    if (c == SCAN_END)
        return;
    s->in->back(s->in);
    s->in->count--;
}

/* The next character within the width. */
int scan_next(struct scan *s)
{
    if (s->width == 0)
        return SCAN_END;
    s->width--;
    return get(s);
}

/* A character that scan_next() gave is not wanted. */
void scan_refuse(struct scan *s, int c)
{
    if (c != SCAN_END)
        s->width++;
    back(s, c);
}

/* Is there any input? Looks at one character. */
static bool has_input(struct scan *s)
{
    int c = get(s);

    back(s, c);
    return c != SCAN_END;
}

static void skip_space(struct scan *s)
{
    int c;

    do
        c = get(s);
    while (c != SCAN_END && scan_is_space(s, c));
    back(s, c);
}

int scan_digit(int c, unsigned base)
{
    int d = c >= '0' && c <= '9' ? c - '0' : c < 128 && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;

    return c >= 0 && d < (int)base ? d : -1;
}

/* --- integers -------------------------------------------------------------------------------- */

static void store_integer(const struct scan *s, uint64_t n)
{
    if (s->to == NULL)
        return;
    if (s->length == 'H')
        *(unsigned char *)s->to = (unsigned char)n;
    else if (s->length == 'h')
        *(unsigned short *)s->to = (unsigned short)n;
    else if (s->length == 0)
        *(unsigned *)s->to = (unsigned)n;
    else
        *(uint64_t *)s->to = n;
}

/* Sign and "0x". => the first character behind; *base 0: what the prefix says. */
static int prefix(struct scan *s, unsigned *base, bool *is_negative, bool *has_digit)
{
    int c = scan_next(s);

    *is_negative = c == '-';
    if (c == '-' || c == '+')
        c = scan_next(s);
    if (c != '0' || (*base != 0 && *base != 16)) {
        *base = *base ? *base : 10;
        return c;
    }
    *has_digit = true;
    c = scan_next(s);
    if (c == 'x' || c == 'X') {
        *has_digit = false;
        *base = 16;
        return scan_next(s);
    }
    *base = *base ? *base : 8;
    return c;
}

static enum scan_outcome scan_integer(struct scan *s, unsigned base, bool is_signed)
{
    bool is_negative, has_digit = false, is_over = false;
    int c = prefix(s, &base, &is_negative, &has_digit), d;
    uint64_t n = 0;

    for (; (d = scan_digit(c, base)) >= 0; c = scan_next(s)) {
        is_over |= __builtin_mul_overflow(n, base, &n) || __builtin_add_overflow(n, (unsigned)d, &n);
        has_digit = true;
    }
    scan_refuse(s, c);
    if (!has_digit)
        return NO_MATCH;
    if (is_signed && (is_over || n > INT64_MAX + (uint64_t)is_negative))
        n = is_negative ? (uint64_t)INT64_MIN : INT64_MAX;
    else if (is_over)
        n = UINT64_MAX;
    else if (is_negative)
        n = -n;
    store_integer(s, n);
    return DONE;
}

/* --- the format ------------------------------------------------------------------------------ */

static bool number_in_format(struct scan *s, size_t *n)
{
    size_t start = s->at;

    for (*n = 0; scan_format(s, s->at) - '0' < 10 && *n < INT_MAX; s->at++)
        *n = *n * 10 + scan_format(s, s->at) - '0';
    return s->at > start;
}

/* The n-th argument: all are pointers. */
static void *numbered(struct scan *s, size_t n)
{
    va_list list;
    void *p = NULL;

    va_copy(list, s->start);
    for (; n; n--)
        p = va_arg(list, void *);
    va_end(list);
    return p;
}

static void parse_length(struct scan *s)
{
    unsigned c = scan_format(s, s->at);

    s->length = 0;
    if (c == 'h' || c == 'l' || c == 'L' || c == 'j' || c == 'z' || c == 't' || c == 'q') {
        s->length = c == 'h' || c == 'L' ? (char)c : 'l';
        s->at++;
    }
    if ((c == 'h' || c == 'l') && scan_format(s, s->at) == c) {
        s->length = c == 'h' ? 'H' : 'L';
        s->at++;
    }
}

/* What stands between '%' and the conversion's letter. => the letter, or 0: the format is wrong. */
static unsigned parse(struct scan *s)
{
    size_t start = s->at, n;
    bool is_numbered = number_in_format(s, &n) && scan_format(s, s->at) == '$', is_silent;

    s->at = is_numbered ? s->at + 1 : start;
    if (is_numbered && (n == 0 || n > ARGS))
        return 0;
    is_silent = scan_format(s, s->at) == '*';
    s->at += is_silent;
    s->at += scan_format(s, s->at) == '\'';
    if (!number_in_format(s, &s->width))
        s->width = SIZE_MAX;
    s->is_allocating = scan_format(s, s->at) == 'm';
    s->at += s->is_allocating;
    parse_length(s);
    if (is_silent || scan_format(s, s->at) == '%' || scan_format(s, s->at) == '\0')
        s->to = NULL;
    else
        s->to = is_numbered ? numbered(s, n) : va_arg(s->list, void *);
    return scan_format(s, s->at) ? scan_format(s, s->at++) : 0;
}

/* Where the characters of %[ begin and end. => false: there is no ']'. */
static bool parse_set(struct scan *s)
{
    size_t at = s->set = s->at;

    at += scan_format(s, at) == '^';
    at += scan_format(s, at) == ']';
    while (scan_format(s, at) && scan_format(s, at) != ']')
        at++;
    s->set_end = at;
    s->at = at + 1;
    return scan_format(s, at) == ']';
}

static enum scan_outcome scan_percent(struct scan *s)
{
    int c = get(s);

    if (c == '%')
        return DONE;
    back(s, c);
    return c == SCAN_END ? NO_INPUT : NO_MATCH;
}

static enum scan_outcome convert(struct scan *s, unsigned letter)
{
    switch (letter) {
    case 'd':
        return scan_integer(s, 10, true);
    case 'i':
        return scan_integer(s, 0, true);
    case 'o':
        return scan_integer(s, 8, false);
    case 'u':
        return scan_integer(s, 10, false);
    case 'b':
        return scan_integer(s, 2, false);
    case 'p':
        s->length = 'l';
        return scan_integer(s, 16, false);
    case 'x':
    case 'X':
        return scan_integer(s, 16, false);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return scan_real(s);
    case 'c':
        s->width = s->width == SIZE_MAX ? 1 : s->width;
        return scan_characters(s, 'c');
    case 's':
    case '[':
        return scan_characters(s, (char)letter);
    case '%':
        return scan_percent(s);
    default:
        return NO_MATCH;
    }
}

/* One conversion, its white space first. */
static enum scan_outcome directive(struct scan *s)
{
    unsigned letter = parse(s);
    enum scan_outcome outcome;

    if (letter == 'C' || letter == 'S') {
        letter |= 32;
        s->length = 'l';
    }
    if (letter == 0 || (letter == '[' && !parse_set(s)))
        return NO_MATCH;
    if (letter == 'n') {
        store_integer(s, s->in->count);
        return DONE;
    }
    if (letter != 'c' && letter != '[')
        skip_space(s);
    if (!has_input(s))
        return NO_INPUT;
    outcome = convert(s, letter);
    if (outcome == DONE && s->to)
        s->assigned++;
    return outcome;
}

/* A character of the format that stands for itself. */
static enum scan_outcome literal(struct scan *s)
{
    int c = get(s);

    if (c != SCAN_END && (unsigned)c == scan_format(s, s->at)) {
        s->at++;
        return DONE;
    }
    back(s, c);
    return c == SCAN_END ? NO_INPUT : NO_MATCH;
}

int scan_read(struct scan_input *in, const void *format, va_list ap)
{
    struct scan s = {.in = in, .format = format};
    enum scan_outcome outcome = DONE;

    va_copy(s.list, ap);
    va_copy(s.start, ap);
    while (outcome == DONE && scan_format(&s, s.at)) {
        if (scan_is_space(&s, (int)scan_format(&s, s.at))) {
            s.at++;
            skip_space(&s);
        } else if (scan_format(&s, s.at) == '%') {
            s.at++;
            outcome = directive(&s);
        } else {
            outcome = literal(&s);
        }
    }
    va_end(s.list);
    va_end(s.start);
    if (outcome == NO_MEMORY || (outcome == NO_INPUT && s.assigned == 0))
        return SCAN_END;
    return s.assigned;
}
