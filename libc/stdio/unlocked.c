/* Names of stdio's functions that do not lock (there is one thread: nothing locks), and the questions
 * that <stdio_ext.h> asks. */
#include <stdio_ext.h>
#include <wchar.h>
#include "../internal.h"
#include "stream.h"

#undef fgetwc_unlocked
#undef getwc_unlocked
#undef putwc_unlocked
#undef getwchar_unlocked
#undef putwchar_unlocked

#define SAME(type, name, parameters, plain, arguments)                                             \
    type name parameters                                                                           \
    {                                                                                              \
        return plain arguments;                                                                    \
    }

SAME(int, getc_unlocked, (FILE * f), fgetc, (f))
SAME(int, getchar_unlocked, (void), fgetc, (stdin))
SAME(int, putc_unlocked, (int c, FILE *f), fputc, (c, f))
SAME(int, putchar_unlocked, (int c), fputc, (c, stdout))
SAME(int, fgetc_unlocked, (FILE * f), fgetc, (f))
SAME(int, fputc_unlocked, (int c, FILE *f), fputc, (c, f))
SAME(char *, fgets_unlocked, (char *restrict line, int size, FILE *restrict f), fgets, (line, size, f))
SAME(int, fputs_unlocked, (const char *restrict text, FILE *restrict f), fputs, (text, f))
SAME(size_t, fread_unlocked, (void *restrict to, size_t size, size_t n, FILE *restrict f), fread,
     (to, size, n, f))
SAME(size_t, fwrite_unlocked, (const void *restrict from, size_t size, size_t n, FILE *restrict f),
     fwrite, (from, size, n, f))
SAME(int, fflush_unlocked, (FILE * f), fflush, (f))
SAME(int, feof_unlocked, (FILE * f), feof, (f))
SAME(int, ferror_unlocked, (FILE * f), ferror, (f))
SAME(int, fileno_unlocked, (FILE * f), fileno, (f))
SAME(wint_t, fgetwc_unlocked, (FILE * f), fgetwc, (f))
SAME(wint_t, getwc_unlocked, (FILE * f), fgetwc, (f))
SAME(wint_t, getwchar_unlocked, (void), fgetwc, (stdin))
SAME(wchar_t *, fgetws_unlocked, (wchar_t *restrict line, int size, FILE *restrict f), fgetws,
     (line, size, f))
SAME(wint_t, fputwc_unlocked, (wchar_t c, FILE *f), fputwc, (c, f))
SAME(wint_t, putwc_unlocked, (wchar_t c, FILE *f), fputwc, (c, f))
SAME(wint_t, putwchar_unlocked, (wchar_t c), fputwc, (c, stdout))
SAME(int, fputws_unlocked, (const wchar_t *restrict text, FILE *restrict f), fputws, (text, f))

void clearerr_unlocked(FILE *f)
{
    clearerr(f);
}

void flockfile(FILE *f)
{
}

int ftrylockfile(FILE *f)
{
    return 0;
}

void funlockfile(FILE *f)
{
}

/* --- <stdio_ext.h> --------------------------------------------------------------------------- */

size_t __fbufsize(FILE *f)
{
    return f->size;
}

int __freading(FILE *f)
{
    return !(f->flags & STREAM_WRITABLE) || f->rpos != NULL;
}

int __fwriting(FILE *f)
{
    return !(f->flags & STREAM_READABLE) || f->wpos != NULL;
}

int __freadable(FILE *f)
{
    return (f->flags & STREAM_READABLE) != 0;
}

int __fwritable(FILE *f)
{
    return (f->flags & STREAM_WRITABLE) != 0;
}

int __flbf(FILE *f)
{
    return (f->flags & STREAM_LINES) != 0;
}

size_t __fpending(FILE *f)
{
    return f->wpos ? (size_t)(f->wpos - f->buffer) : 0;
}

void __fpurge(FILE *f)
{
    fpurge(f);
}

void _flushlbf(void)
{
    fflush(NULL);
}

int __fsetlocking(FILE *f, int type)
{
    return FSETLOCKING_BYCALLER;
}

void __fseterr(FILE *f)
{
    f->flags |= STREAM_ERROR;
}

size_t __freadahead(FILE *f)
{
    return f->rpos ? (size_t)(f->rend - f->rpos) : 0;
}

const char *__freadptr(FILE *f, size_t *size)
{
    *size = __freadahead(f);
    return *size ? (const char *)f->rpos : NULL;
}

void __freadptrinc(FILE *f, size_t n)
{
    f->rpos += n;
}
