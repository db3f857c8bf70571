/* Matching a name against a pattern of the shell: * ? [...] and \, by characters of the locale.
 *
 * A pattern's stars match as little as they can; when something after the last star does not match, that
 * star takes one character more. Earlier stars are never looked at again: what followed them has matched
 * as early as possible, so the work is at most pattern times text. */
#include <fnmatch.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define CLASS_MAX 16

/* The character at *s, which moves behind it. Bytes that are none stand for themselves, above all. */
static wint_t next(const char **s)
{
    mbstate_t state = {0};
    wchar_t c;
    size_t n = mbrtowc(&c, *s, MB_LEN_MAX, &state);

    if (n == (size_t)-1 || n == (size_t)-2) {
        c = 0x110000 + (unsigned char)**s;
        n = 1;
    }
    *s += n;
    return (wint_t)c;
}

static wint_t fold(wint_t c, int flags)
{
    return flags & FNM_CASEFOLD ? (wint_t)towlower(c) : c;
}

/* "[:name:]" at p: does c belong to the class? => behind it, or NULL: there is no such thing here. */
static const char *class_at(const char *p, wint_t c, int flags, bool *hit)
{
    const char *end = strstr(p, ":]");
    char name[CLASS_MAX];
    wctype_t type;

    if (end == NULL || end - p - 2 >= CLASS_MAX)
        return NULL;
    memcpy(name, p + 2, (size_t)(end - p - 2));
    name[end - p - 2] = '\0';
    type = wctype(name);
    if (type == 0)
        return NULL;
    *hit |= iswctype(c, type) || (flags & FNM_CASEFOLD && (iswctype((wint_t)towlower(c), type) ||
                                                           iswctype((wint_t)towupper(c), type)));
    return end + 2;
}

/* One end of a range, "[.x.]" and "[=x=]" too. => behind it, or NULL: the pattern ends. */
static const char *range_end(const char *p, int flags, wint_t *c)
{
    if (p[0] == '[' && (p[1] == '.' || p[1] == '=')) {
        const char *x = p + 2;

        *c = next(&x);
        if (x[0] == p[1] && x[1] == ']')
            return x + 2;
    }
    if (*p == '\\' && !(flags & FNM_NOESCAPE))
        p++;
    if (*p == '\0')
        return NULL;
    *c = next(&p);
    return p;
}

/* A bracket expression, p behind its '['. => behind its ']', *hit: c is in it; NULL: it is none. */
static const char *bracket(const char *p, wint_t c, int flags, bool *hit)
{
    bool negated = *p == '!' || *p == '^', in = false;
    const char *first;
    wint_t low, high, folded = fold(c, flags);

    p += negated;
    for (first = p; *p != ']' || p == first;) {
        if (*p == '\0' || (*p == '/' && flags & FNM_PATHNAME))
            return NULL;
        if (p[0] == '[' && p[1] == ':') {
            const char *after = class_at(p, c, flags, &in);

            if (after) {
                p = after;
                continue;
            }
        }
        p = range_end(p, flags, &low);
        high = low;
        if (p && p[0] == '-' && p[1] && p[1] != ']')
            p = range_end(p + 1, flags, &high);
        if (p == NULL)
            return NULL;
        in |= (low <= c && c <= high) || (fold(low, flags) <= folded && folded <= fold(high, flags));
    }
    *hit = in != negated;
    return p + 1;
}

/* One element of the pattern that is no star, against one character. => behind it, or NULL: no match. */
static const char *element(const char *p, wint_t c, int flags)
{
    bool hit;

    if (*p == '?')
        return c == '/' && flags & FNM_PATHNAME ? NULL : p + 1;
    if (*p == '[') {
        const char *after = bracket(p + 1, c, flags, &hit);

        if (after)
            return hit && !(c == '/' && flags & FNM_PATHNAME) ? after : NULL;
    }
    if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
        p++;
    return fold(next(&p), flags) == fold(c, flags) ? p : NULL;
}

/* Is the '.' at s one that only a '.' in the pattern matches? */
static bool is_hidden(const char *text, const char *s, int flags)
{
    return flags & FNM_PERIOD && *s == '.' && (s == text || (flags & FNM_PATHNAME && s[-1] == '/'));
}

int fnmatch(const char *pattern, const char *text, int flags)
{
    const char *p = pattern, *s = text, *star = NULL, *taken = NULL; /* last star, end of what it takes */

    for (;;) {
        const char *after = NULL, *rest = s;

        if (*p == '*' && !is_hidden(text, s, flags)) {
            star = ++p;
            taken = s;
            continue;
        }
        if (*p == '\0' && (*s == '\0' || (flags & FNM_LEADING_DIR && *s == '/')))
            return 0;
        if (*p && *s && (*p == '.' || *p == '\\' || !is_hidden(text, s, flags)))
            after = element(p, next(&rest), flags);
        if (after) {
            if (*s == '/' && flags & FNM_PATHNAME)
                star = NULL;
            p = after;
            s = rest;
        } else {
            if (star == NULL || *taken == '\0' || (*taken == '/' && flags & FNM_PATHNAME))
                return FNM_NOMATCH;
            next(&taken);
            p = star;
            s = taken;
        }
    }
}
