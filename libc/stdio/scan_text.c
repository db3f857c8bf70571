/* Characters and words in scanf's input: %c, %s, %[, to bytes or wide characters, with %m allocated. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <wctype.h>
#include "scan_parts.h"

/* Where characters go: an array of the program's, or one that is allocated. */
struct target {
    char *at;
    size_t n, size; /* in units */
    bool is_wide, is_allocating, is_failed;
    mbstate_t state;
};

static bool make_room(struct target *t)
{
    size_t unit = t->is_wide ? sizeof(wchar_t) : 1;
    char *bigger;

    if (!t->is_allocating || t->n < t->size)
        return true;
    bigger = realloc(t->at, (t->size * 2 + 16) * unit);
    if (bigger == NULL)
        return !(t->is_failed = true);
    t->at = bigger;
    t->size = t->size * 2 + 16;
    return true;
}

static void put_unit(struct target *t, wchar_t c)
{
    if (t->at == NULL && !t->is_allocating)
        return;
    if (t->is_failed || !make_room(t))
        return;
    if (t->is_wide)
        ((wchar_t *)t->at)[t->n++] = c;
    else
        t->at[t->n++] = (char)c;
}

/* => false: there is no such character on the other side */
static bool put(struct target *t, int c, bool from_wide)
{
    char bytes[MB_LEN_MAX], byte = (char)c;
    wchar_t wide;
    size_t n;

    if (t->is_wide == from_wide) {
        put_unit(t, (wchar_t)c);
    } else if (from_wide) {
        n = wcrtomb(bytes, (wchar_t)c, &t->state);
        if (n == (size_t)-1)
            return false;
        for (size_t i = 0; i < n; i++)
            put_unit(t, bytes[i]);
    } else {
        n = mbrtowc(&wide, &byte, 1, &t->state);
        if (n == (size_t)-1)
            return false;
        if (n != (size_t)-2)
            put_unit(t, wide);
    }
    return true;
}

/* Is c among the characters of %[? Those in the format, with ranges. */
static bool is_in_set(const struct scan *s, int c)
{
    size_t at = s->set;
    bool is_inverse = scan_format(s, at) == '^';

    for (at += is_inverse; at < s->set_end; at++) {
        unsigned low = scan_format(s, at), high = low;

        if (at + 2 < s->set_end && scan_format(s, at + 1) == '-') {
            high = scan_format(s, at + 2);
            at += 2;
        }
        if ((unsigned)c >= low && (unsigned)c <= high)
            return !is_inverse;
    }
    return is_inverse;
}

static bool is_wanted(const struct scan *s, char conversion, int c)
{
    return conversion == 'c' || (conversion == 's' ? !scan_is_space(s, c) : is_in_set(s, c));
}

/* Hand over what was allocated. */
static enum scan_outcome finish_target(struct scan *s, struct target *t, char conversion)
{
    if (conversion != 'c')
        put_unit(t, 0);
    if (t->is_failed) {
        free(t->at);
        return NO_MEMORY;
    }
    if (s->is_allocating && s->to)
        *(void **)s->to = t->at;
    return DONE;
}

enum scan_outcome scan_characters(struct scan *s, char conversion)
{
    struct target t = {.is_wide = s->length == 'l', .is_allocating = s->is_allocating && s->to};
    size_t want = s->width, n = 0;
    bool is_good = true;
    int c = SCAN_END;

    t.at = t.is_allocating ? NULL : s->to;
    for (; n < want && is_good; n++) {
        c = scan_next(s);
        if (c == SCAN_END || !is_wanted(s, conversion, c))
            break;
        is_good = put(&t, c, s->in->is_wide);
    }
    if (n < want && is_good)
        scan_refuse(s, c);
    if (is_good && n && (conversion != 'c' || n == want))
        return finish_target(s, &t, conversion);
    if (t.is_allocating)
        free(t.at);
    if (!is_good)
        errno = EILSEQ;
    return is_good && n == 0 && c != SCAN_END ? NO_MATCH : NO_INPUT;
}

