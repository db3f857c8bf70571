/* Wide characters from and to streams. */
#include <limits.h>
#include <string.h>
#include <wchar.h>
#include "../internal.h"
#include "../utf8.h"
#include "stream.h"

#undef getwc
#undef putwc
#undef getwchar
#undef putwchar

int fwide(FILE *f, int mode)
{
    if (f->orientation == 0)
        f->orientation = mode;
    return f->orientation;
}

wint_t fgetwc(FILE *f)
{
    wchar_t wide;
    size_t n;
    char byte;
    int c;

    fwide(f, 1);
    do {
        c = fgetc(f);
        if (c == EOF)
            break;
        byte = (char)c;
        n = mbrtowc(&wide, &byte, 1, &f->state);
        if (n != (size_t)-1 && n != (size_t)-2)
            return (wint_t)wide;
    } while (n == (size_t)-2);
    if (c != EOF || !mbsinit(&f->state)) {
        memset(&f->state, 0, sizeof f->state);
        f->flags |= STREAM_ERROR;
        errno = EILSEQ;
    }
    return WEOF;
}

wint_t getwc(FILE *f)
{
    return fgetwc(f);
}

wint_t getwchar(void)
{
    return fgetwc(stdin);
}

wint_t ungetwc(wint_t c, FILE *f)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t n = c == WEOF ? (size_t)-1 : wcrtomb(bytes, (wchar_t)c, &state);

    if (n == (size_t)-1)
        return WEOF;
    while (n)
        if (ungetc((unsigned char)bytes[--n], f) == EOF)
            return WEOF;
    return c;
}

wchar_t *fgetws(wchar_t *restrict line, int size, FILE *restrict f)
{
    int n = 0;
    wint_t c;

    while (n < size - 1) {
        c = fgetwc(f);
        if (c == WEOF)
            break;
        line[n++] = (wchar_t)c;
        if (c == L'\n')
            break;
    }
    if (size <= 0 || (n == 0 && size > 1) || f->flags & STREAM_ERROR)
        return NULL;
    line[n] = 0;
    return line;
}

wint_t fputwc(wchar_t c, FILE *f)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t n;

    fwide(f, 1);
    n = f->flags & STREAM_UTF8 ? utf8_encode((uint32_t)c, bytes) : wcrtomb(bytes, c, &state);
    if (n == 0 || n == (size_t)-1) {
        f->flags |= STREAM_ERROR;
        errno = EILSEQ;
        return WEOF;
    }
    return stream_write(f, bytes, n) == n ? (wint_t)c : WEOF;
}

wint_t putwc(wchar_t c, FILE *f)
{
    return fputwc(c, f);
}

wint_t putwchar(wchar_t c)
{
    return fputwc(c, stdout);
}

int fputws(const wchar_t *restrict text, FILE *restrict f)
{
    fwide(f, 1);
    for (; *text; text++)
        if (fputwc(*text, f) == WEOF)
            return EOF;
    return 0;
}
