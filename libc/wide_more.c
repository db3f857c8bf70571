/* Wide characters as numbers and times: by way of bytes. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>
#include "internal.h"

/* The start of `text` that can be a number, in ASCII; allocated. *skipped: white space before it. */
static char *number_text(const wchar_t *text, size_t *skipped)
{
    size_t n = 0;
    char *bytes;

    for (*skipped = 0; iswspace((wint_t)*text); text++)
        ++*skipped;
    while (text[n] > 0 && text[n] < 128 && (isalnum((int)text[n]) || strchr("+-._()", (int)text[n])))
        n++;
    bytes = malloc(n + 1);
    if (bytes == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)text[i];
    bytes[n] = '\0';
    return bytes;
}

#define NUMBER(type, name, plain)                                                                  \
    type name(const wchar_t *restrict text, wchar_t **restrict end)                                \
    {                                                                                              \
        size_t skipped;                                                                            \
        char *bytes = number_text(text, &skipped), *after = bytes;                                 \
        type value = bytes ? plain(bytes, &after) : 0;                                             \
                                                                                                   \
        if (end)                                                                                   \
            *end = (wchar_t *)text + (after == bytes ? 0 : skipped + (size_t)(after - bytes));     \
        free(bytes);                                                                               \
        return value;                                                                              \
    }                                                                                              \
    type name##_l(const wchar_t *text, wchar_t **end, locale_t locale)                             \
    {                                                                                              \
        return name(text, end);                                                                    \
    }

NUMBER(float, wcstof, strtof)
NUMBER(double, wcstod, strtod)
NUMBER(long double, wcstold, strtold)

#define INTEGER(type, name, plain)                                                                 \
    type name(const wchar_t *restrict text, wchar_t **restrict end, int base)                      \
    {                                                                                              \
        size_t skipped;                                                                            \
        char *bytes = number_text(text, &skipped), *after = bytes;                                 \
        type value = bytes ? plain(bytes, &after, base) : 0;                                       \
                                                                                                   \
        if (end)                                                                                   \
            *end = (wchar_t *)text + (after == bytes ? 0 : skipped + (size_t)(after - bytes));     \
        free(bytes);                                                                               \
        return value;                                                                              \
    }                                                                                              \
    type name##_l(const wchar_t *restrict text, wchar_t **restrict end, int base, locale_t locale) \
    {                                                                                              \
        return name(text, end, base);                                                              \
    }

INTEGER(long, wcstol, strtol)
INTEGER(unsigned long, wcstoul, strtoul)
INTEGER(long long, wcstoll, strtoll)
INTEGER(unsigned long long, wcstoull, strtoull)
INTEGER(intmax_t, wcstoimax, strtoimax)
INTEGER(uintmax_t, wcstoumax, strtoumax)

size_t wcsftime(wchar_t *restrict to, size_t most, const wchar_t *restrict format,
                const struct tm *restrict tm)
{
    size_t n = wcstombs(NULL, format, 0), room = most * MB_CUR_MAX, done = 0;
    char *how, *text;

    if (n == (size_t)-1)
        return 0;
    how = malloc(n + 1);
    text = malloc(room + 1);
    if (how && text) {
        wcstombs(how, format, n + 1);
        done = strftime(text, room, how, tm);
        done = done ? mbstowcs(to, text, most) : 0;
    }
    free(how);
    free(text);
    return done == (size_t)-1 || done >= most ? 0 : done;
}

size_t wcsftime_l(wchar_t *restrict to, size_t most, const wchar_t *restrict format,
                  const struct tm *restrict tm, locale_t locale)
{
    return wcsftime(to, most, format, tm);
}
