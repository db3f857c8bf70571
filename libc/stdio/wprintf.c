/* printf and scanf for wide characters. The format becomes UTF-8 for format_write(), whose text is turned
 * back into wide characters on its way out. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "../internal.h"
#include "../utf8.h"
#include "format.h"
#include "scan.h"
#include "stream.h"

struct wide_output {
    struct output output; /* first */
    FILE *file;           /* or a string: */
    wchar_t *at;
    size_t left;
    struct utf8_state state;
    bool is_failed;
};

static void to_wide(struct output *out, const char *text, size_t n)
{
    struct wide_output *to = (struct wide_output *)out;
    uint32_t c;

    for (size_t i = 0; i < n && !to->is_failed; i++) {
        int rc = utf8_feed(&to->state, (unsigned char)text[i], &c);

        if (rc == 0)
            continue;
        if (rc < 0)
            errno = EILSEQ;
        if (rc < 0 || (to->file ? fputwc((wchar_t)c, to->file) == WEOF : to->left == 0))
            to->is_failed = true;
        else if (!to->file)
            *to->at++ = (wchar_t)c, to->left--;
    }
}

/* => the format in UTF-8, allocated; NULL: ENOMEM, EILSEQ */
static char *narrow(const wchar_t *format)
{
    char *text = malloc(wcslen(format) * UTF8_MAX + 1), *at = text;

    if (text == NULL)
        return NULL;
    for (; *format; format++) {
        size_t n = utf8_encode((uint32_t)*format, at);

        if (n == 0) {
            free(text);
            return fail(EILSEQ), NULL;
        }
        at += n;
    }
    *at = '\0';
    return text;
}

static int print(struct wide_output *to, const wchar_t *format, va_list ap)
{
    char *text = narrow(format);
    int n;

    to->output.write = to_wide;
    to->output.is_wide = true;
    if (text == NULL)
        return -1;
    n = format_write(&to->output, text, ap);
    free(text);
    return to->is_failed ? -1 : n;
}

int vfwprintf(FILE *restrict f, const wchar_t *restrict format, va_list ap)
{
    struct wide_output to = {.file = f};

    fwide(f, 1);
    return print(&to, format, ap);
}

int vswprintf(wchar_t *restrict text, size_t size, const wchar_t *restrict format, va_list ap)
{
    struct wide_output to = {.at = text, .left = size ? size - 1 : 0};
    int n = size ? print(&to, format, ap) : fail(EOVERFLOW);

    if (size)
        *to.at = 0;
    return n;
}

int vwprintf(const wchar_t *restrict format, va_list ap)
{
    return vfwprintf(stdout, format, ap);
}

/* Call a function of the family that takes a va_list. */
#define WITH_LIST(call)                                                                            \
    va_list ap;                                                                                    \
    int n;                                                                                         \
                                                                                                   \
    va_start(ap, format);                                                                          \
    n = call;                                                                                      \
    va_end(ap);                                                                                    \
    return n

int fwprintf(FILE *restrict f, const wchar_t *restrict format, ...)
{
    WITH_LIST(vfwprintf(f, format, ap));
}

int swprintf(wchar_t *restrict text, size_t size, const wchar_t *restrict format, ...)
{
    WITH_LIST(vswprintf(text, size, format, ap));
}

int wprintf(const wchar_t *restrict format, ...)
{
    WITH_LIST(vfwprintf(stdout, format, ap));
}

/* --- input ----------------------------------------------------------------------------------- */

struct wide_input {
    struct scan_input input; /* first */
    FILE *file;              /* or a string: */
    const wchar_t *at;
    wint_t last;
};

static int from_wide(struct scan_input *in)
{
    struct wide_input *from = (struct wide_input *)in;

    if (from->file)
        from->last = fgetwc(from->file);
    else
        from->last = *from->at ? (wint_t)*from->at++ : WEOF;
    return from->last == WEOF ? SCAN_END : (int)from->last;
}

static void back_to_wide(struct scan_input *in)
{
    struct wide_input *from = (struct wide_input *)in;

    if (from->file)
        ungetwc(from->last, from->file);
    else
        from->at--;
}

int vfwscanf(FILE *restrict f, const wchar_t *restrict format, va_list ap)
{
    struct wide_input in = {{from_wide, back_to_wide, true, 0}, .file = f};

    return scan_read(&in.input, format, ap);
}

int vswscanf(const wchar_t *restrict text, const wchar_t *restrict format, va_list ap)
{
    struct wide_input in = {{from_wide, back_to_wide, true, 0}, .at = text};

    return scan_read(&in.input, format, ap);
}

int vwscanf(const wchar_t *restrict format, va_list ap)
{
    return vfwscanf(stdin, format, ap);
}

int fwscanf(FILE *restrict f, const wchar_t *restrict format, ...)
{
    WITH_LIST(vfwscanf(f, format, ap));
}

int swscanf(const wchar_t *restrict text, const wchar_t *restrict format, ...)
{
    WITH_LIST(vswscanf(text, format, ap));
}

int wscanf(const wchar_t *restrict format, ...)
{
    WITH_LIST(vfwscanf(stdin, format, ap));
}
