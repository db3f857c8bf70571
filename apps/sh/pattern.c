/* Patterns of the shell (POSIX, "Pattern Matching Notation"), bytes taken as characters. */
#include "apps/sh/pattern.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *name;
    int (*is)(int c);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

/* At "[:name:]": whether `c` is of that class; *next is moved behind it. */
static bool class_matches(const char **next, unsigned char c)
{
    const char *name = *next + 2, *end = strstr(name, ":]");

    *next = end + 2;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strlen(classes[i].name) == (size_t)(end - name) &&
            !memcmp(classes[i].name, name, end - name))
            return classes[i].is(c);
    return false;
}

/* Behind [:name:], [.x.] or [=x=] at `p`; NULL: there is none. */
static const char *inner_end(const char *p)
{
    char mark[] = {p[1], ']', 0};
    const char *end;

    if (p[0] != '[' || !p[1] || !strchr(":.=", p[1]))
        return NULL;
    end = strstr(p + 2, mark);
    return end ? end + 2 : NULL;
}

static unsigned char take_char(const char **next)
{
    const char *end = inner_end(*next);

    if (end) { /* a collating symbol: its first character */
        unsigned char c = (unsigned char)(*next)[2];
        *next = end;
        return c;
    }
    if (**next == '\\' && (*next)[1])
        ++*next;
    return (unsigned char)*(*next)++;
}

/* The ] that ends the set which begins after [ at `set`, or NULL. */
static const char *set_end(const char *set)
{
    const char *p = set + (*set == '!' || *set == '^');

    if (*p == ']')
        p++;
    while (*p && *p != ']') {
        const char *class_end = inner_end(p);
        p = class_end ? class_end : p + 1 + (p[0] == '\\' && p[1]);
    }
    return *p ? p : NULL;
}

static bool set_matches(const char *set, const char *end, unsigned char c)
{
    bool negated = *set == '!' || *set == '^', found = false;

    for (const char *p = set + negated; p < end;) {
        if (p[0] == '[' && p[1] == ':' && strstr(p + 2, ":]")) {
            found |= class_matches(&p, c);
        } else {
            unsigned char low = take_char(&p), high = low;
            if (p[0] == '-' && p + 1 < end) {
                p++;
                high = take_char(&p);
            }
            found |= low <= c && c <= high;
        }
    }
    return found != negated;
}

/* One element of the pattern, not *, against one character; *pattern is moved behind it. */
static bool element_matches(const char **pattern, unsigned char c)
{
    const char *end;

    if (**pattern == '?') {
        ++*pattern;
        return true;
    }
    if (**pattern == '[' && (end = set_end(*pattern + 1))) {
        const char *set = *pattern + 1;
        *pattern = end + 1;
        return set_matches(set, end, c);
    }
    return take_char(pattern) == c;
}

/* On a mismatch go back to the last *, and let it take one character more. */
bool pattern_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *star_text = NULL;

    while (*text || *pattern) {
        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
        } else if (*text && *pattern && element_matches(&pattern, (unsigned char)*text)) {
            text++;
        } else {
            if (!star || !*star_text)
                return false;
            pattern = star;
            text = ++star_text;
        }
    }
    return true;
}

bool pattern_is_magic(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern == '*' || *pattern == '?' || (*pattern == '[' && set_end(pattern + 1)))
            return true;
    }
    return false;
}

char *pattern_text(struct arena *arena, const char *pattern)
{
    struct buf text = buf_new(arena);

    while (*pattern)
        buf_char(&text, (char)take_char(&pattern));
    return text.data;
}
