/* Floating-point numbers in scanf's input: the characters of one are collected, strtod does the rest. */
#include <stdlib.h>
#include <string.h>
#include <wctype.h>
#include "scan_parts.h"

/* What was taken for a number so far. */
struct text {
    char *at;
    size_t n, size;
    bool is_failed;
    char first[256];
};

static void add(struct text *t, int c)
{
    char *bigger;

    if (t->n + 1 == t->size && !t->is_failed) {
        bigger = realloc(t->at == t->first ? NULL : t->at, t->size * 2);
        t->is_failed = bigger == NULL;
        if (bigger && t->at == t->first)
            memcpy(bigger, t->first, t->n);
        t->at = bigger ? bigger : t->at;
        t->size *= bigger ? 2 : 1;
    }
    if (!t->is_failed)
        t->at[t->n++] = (char)c;
}

/* The rest of a word of which `c` is the next character. => how many letters came */
static int word(struct scan *s, struct text *t, const char *letters, int c)
{
    int n = 0;

    for (; letters[n] && c > 0 && c < 128 && (c | 32) == letters[n]; c = scan_next(s), n++)
        add(t, c);
    scan_refuse(s, c);
    return n;
}

/* What may stand behind "nan". */
static bool brackets(struct scan *s, struct text *t)
{
    int c = scan_next(s);

    if (c != '(') {
        scan_refuse(s, c);
        return true;
    }
    do
        add(t, c);
    while ((c = scan_next(s)) == '_' || (c > 0 && c < 128 && iswalnum((wint_t)c)));
    if (c != ')') {
        scan_refuse(s, c);
        return false;
    }
    add(t, c);
    return true;
}

static bool digits(struct scan *s, struct text *t, unsigned base, int *c)
{
    bool any = false;

    for (; scan_digit(*c, base) >= 0; *c = scan_next(s), any = true)
        add(t, *c);
    return any;
}

/* Digits with or without point and exponent, from `c` on. => is it a number? */
static bool amount(struct scan *s, struct text *t, int c)
{
    unsigned base = 10;
    bool any = false;

    if (c == '0') {
        add(t, c);
        any = true;
        c = scan_next(s);
        if (c == 'x' || c == 'X') {
            add(t, c);
            any = false;
            base = 16;
            c = scan_next(s);
        }
    }
    any |= digits(s, t, base, &c);
    if (c == '.') {
        add(t, c);
        c = scan_next(s);
        any |= digits(s, t, base, &c);
    }
    if (any && (c == (base == 16 ? 'p' : 'e') || c == (base == 16 ? 'P' : 'E'))) {
        add(t, c);
        c = scan_next(s);
        if (c == '-' || c == '+') {
            add(t, c);
            c = scan_next(s);
        }
        any = digits(s, t, 10, &c);
    }
    scan_refuse(s, c);
    return any;
}

static bool take_number(struct scan *s, struct text *t)
{
    int c = scan_next(s), n;

    if (c == '-' || c == '+') {
        add(t, c);
        c = scan_next(s);
    }
    if (c == 'i' || c == 'I') {
        n = word(s, t, "infinity", c);
        return n == 3 || n == 8;
    }
    if (c == 'n' || c == 'N')
        return word(s, t, "nan", c) == 3 && brackets(s, t);
    return amount(s, t, c);
}

static void store_real(const struct scan *s, const char *text)
{
    if (s->to == NULL)
        return;
    if (s->length == 'L')
        *(long double *)s->to = strtold(text, NULL);
    else if (s->length == 'l')
        *(double *)s->to = strtod(text, NULL);
    else
        *(float *)s->to = strtof(text, NULL);
}

enum scan_outcome scan_real(struct scan *s)
{
    struct text t = {.size = sizeof t.first};
    bool is_number;

    t.at = t.first;
    is_number = take_number(s, &t);
    if (is_number && !t.is_failed) {
        t.at[t.n] = '\0';
        store_real(s, t.at);
    }
    if (t.at != t.first)
        free(t.at);
    return t.is_failed ? NO_MEMORY : is_number ? DONE : NO_MATCH;
}

