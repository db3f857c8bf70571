/* Characters and their bytes, one at a time and in strings, in the locale's encoding. In the C locale
 * bytes and characters are the same. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
#include "internal.h"
#include "encoding.h"
#include "utf8.h"

_Static_assert(sizeof(struct utf8_state) <= sizeof(mbstate_t), "a state of ours fits");

#define ILLEGAL ((size_t)-1)
#define INCOMPLETE ((size_t)-2)

static size_t illegal(void)
{
    errno = EILSEQ;
    return ILLEGAL;
}

/* --- one character --------------------------------------------------------------------------- */

size_t mbrtowc(wchar_t *restrict to, const char *restrict bytes, size_t n, mbstate_t *restrict state)
{
    static mbstate_t own;
    struct utf8_state *s = (struct utf8_state *)(state ? state : &own);
    uint32_t c = 0;
    int rc = 0;
    size_t used = 0;

    if (bytes == NULL)
        return mbrtowc(NULL, "", 1, state ? state : &own);
    while (rc == 0 && used < n) {
        c = (unsigned char)bytes[used++];
        rc = locale_is_utf8() ? utf8_feed(s, (unsigned char)c, &c) : 1;
    }
    if (rc < 0)
        return illegal();
    if (rc == 0)
        return INCOMPLETE;
    if (to)
        *to = (wchar_t)c;
    return c ? used : 0;
}

size_t wcrtomb(char *restrict to, wchar_t c, mbstate_t *restrict state)
{
    char bytes[UTF8_MAX];
    size_t n;

    if (to == NULL)
        return 1;
    if (locale_is_utf8())
        n = utf8_encode((uint32_t)c, bytes);
    else
        bytes[0] = (char)c, n = (uint32_t)c < 256;
    if (n == 0)
        return illegal();
    memcpy(to, bytes, n);
    return n;
}

size_t mbrlen(const char *restrict bytes, size_t n, mbstate_t *restrict state)
{
    static mbstate_t own;

    return mbrtowc(NULL, bytes, n, state ? state : &own);
}

int mbsinit(const mbstate_t *state)
{
    return state == NULL || ((const struct utf8_state *)state)->missing == 0;
}

/* Encodings here have no states: asked about that (bytes == NULL), these say 0. */
int mbtowc(wchar_t *restrict to, const char *restrict bytes, size_t n)
{
    mbstate_t state = {0};
    size_t used = bytes ? mbrtowc(to, bytes, n, &state) : 0;

    return used == INCOMPLETE ? (int)illegal() : (int)used;
}

int mblen(const char *bytes, size_t n)
{
    return mbtowc(NULL, bytes, n);
}

int wctomb(char *to, wchar_t c)
{
    return to ? (int)wcrtomb(to, c, NULL) : 0;
}

wint_t btowc(int c)
{
    return c >= 0 && c < (locale_is_utf8() ? 128 : 256) ? (wint_t)c : WEOF;
}

int wctob(wint_t c)
{
    return c < (locale_is_utf8() ? 128 : 256) ? (int)c : EOF;
}

/* --- strings --------------------------------------------------------------------------------- */

size_t mbsnrtowcs(wchar_t *restrict to, const char **restrict from, size_t bytes, size_t most,
                  mbstate_t *restrict state)
{
    static mbstate_t own;
    const char *at = *from;
    size_t done = 0;

    while (bytes && (to == NULL || done < most)) {
        wchar_t c;
        size_t n = mbrtowc(&c, at, bytes, state ? state : &own);

        if (n == ILLEGAL) {
            *from = to ? at : *from;
            return ILLEGAL;
        }
        if (to && n != INCOMPLETE)
            to[done] = c;
        if (n == 0) {
            *from = to ? NULL : *from;
            return done;
        }
        at += n == INCOMPLETE ? bytes : n;
        bytes -= n == INCOMPLETE ? bytes : n;
        done += n != INCOMPLETE;
    }
    *from = to ? at : *from;
    return done;
}

size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t most, mbstate_t *restrict state)
{
    return mbsnrtowcs(to, from, SIZE_MAX, most, state);
}

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t most)
{
    mbstate_t state = {0};
    const char *at = from;

    return mbsrtowcs(to, &at, most, &state);
}

size_t wcsnrtombs(char *restrict to, const wchar_t **restrict from, size_t characters, size_t most,
                  mbstate_t *restrict state)
{
    const wchar_t *at = *from;
    char bytes[MB_LEN_MAX];
    size_t done = 0, n;

    for (; characters; characters--, at++, done += n) {
        n = wcrtomb(bytes, *at, state);
        if (n == ILLEGAL) {
            *from = to ? at : *from;
            return ILLEGAL;
        }
        if (to && n > most - done)
            break;
        if (to)
            memcpy(to + done, bytes, n);
        if (*at == 0) {
            *from = to ? NULL : *from;
            return done;
        }
    }
    *from = to ? at : *from;
    return done;
}

size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t most, mbstate_t *restrict state)
{
    return wcsnrtombs(to, from, SIZE_MAX, most, state);
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t most)
{
    const wchar_t *at = from;

    return wcsrtombs(to, &at, most, NULL);
}

/* --- <uchar.h>: char16_t and char32_t are UTF-16 and UTF-32 ---------------------------------- */

size_t mbrtoc32(char32_t *restrict to, const char *restrict bytes, size_t n, mbstate_t *restrict state)
{
    static mbstate_t own;
    wchar_t c;
    size_t used = mbrtowc(&c, bytes, n, state ? state : &own);

    if (to && used != ILLEGAL && used != INCOMPLETE)
        *to = (char32_t)c;
    return used;
}

size_t c32rtomb(char *restrict to, char32_t c, mbstate_t *restrict state)
{
    return wcrtomb(to, (wchar_t)c, state);
}

/* The second half of a pair waits in `bits`, with `length` 1 and nothing missing. */
size_t mbrtoc16(char16_t *restrict to, const char *restrict bytes, size_t n, mbstate_t *restrict state)
{
    static mbstate_t own;
    struct utf8_state *s = (struct utf8_state *)(state ? state : &own);
    char32_t c;
    size_t used;

    if (bytes && s->length == 1) {
        if (to)
            *to = (char16_t)s->bits;
        *s = (struct utf8_state){0};
        return (size_t)-3;
    }
    used = mbrtoc32(&c, bytes, n, (mbstate_t *)s);
    if (used == ILLEGAL || used == INCOMPLETE || bytes == NULL)
        return used;
    if (c >= 0x10000)
        *s = (struct utf8_state){.bits = 0xdc00 | (c & 0x3ff), .length = 1};
    if (to)
        *to = (char16_t)(c < 0x10000 ? c : 0xd7c0 + (c >> 10));
    return used;
}

size_t c16rtomb(char *restrict to, char16_t c, mbstate_t *restrict state)
{
    static mbstate_t own;
    struct utf8_state *s = (struct utf8_state *)(state ? state : &own);
    uint32_t high = s->bits;
    int has_high = s->length == 1;

    *s = (struct utf8_state){0};
    if (to == NULL)
        return 1;
    if (has_high && (c & 0xfc00) != 0xdc00)
        return illegal();
    if (has_high)
        return wcrtomb(to, (wchar_t)(0x10000 + ((high & 0x3ff) << 10) + (c & 0x3ff)), NULL);
    if ((c & 0xfc00) != 0xd800)
        return wcrtomb(to, c, NULL);
    *s = (struct utf8_state){.bits = c, .length = 1};
    return 0;
}
