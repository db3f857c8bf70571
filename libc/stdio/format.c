/* See format.h. Arguments are taken as the conversions ask for them; if the format numbers them, all are
 * taken first, which needs a walk over the format to learn their types. */
#include "format.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>
#include "format_spec.h"

#define DIGITS 65 /* of a 64-bit number in binary, and a sign */

union value {
    int64_t integer;
    double real;
    _Float128 quad;
};

struct arguments {
    va_list list;
    bool is_numbered;
    enum format_type type[FORMAT_ARGS + 1];
    union value value[FORMAT_ARGS + 1];
};

/* --- output ---------------------------------------------------------------------------------- */

static size_t characters(const char *text, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

void format_text(struct output *out, const char *text, size_t n)
{
    if (n == 0)
        return;
    out->total += out->is_wide ? characters(text, n) : n;
    out->write(out, text, n);
}

void format_fill(struct output *out, char c, long n)
{
    static const char blanks[] = "                                ", zeros[] = "00000000000000000000000000000000";

    for (; n > 0; n -= 32)
        format_text(out, c == ' ' ? blanks : zeros, n < 32 ? (size_t)n : 32);
}

/* --- arguments ------------------------------------------------------------------------------- */

static union value take(va_list *list, enum format_type type)
{
    union value v = {.integer = 0};

    if (type == TYPE_INT)
        v.integer = va_arg(*list, int);
    else if (type == TYPE_LONG)
        v.integer = va_arg(*list, long);
    else if (type == TYPE_DOUBLE)
        v.real = va_arg(*list, double);
    else if (type == TYPE_LONG_DOUBLE)
        v.quad = va_arg(*list, long double);
    return v;
}

static union value argument(struct arguments *args, int which, enum format_type type)
{
    return args->is_numbered ? args->value[which] : take(&args->list, type);
}

/* Does this specification name its arguments as the whole format does? */
static bool is_consistent(const struct format_parsed *p, bool numbered)
{
    bool value = format_type_of(p) == TYPE_NONE || (p->value != ARG_NEXT) == numbered;
    bool width = p->width == ARG_ABSENT || (p->width != ARG_NEXT) == numbered;

    return value && width && (p->precision == ARG_ABSENT || (p->precision != ARG_NEXT) == numbered);
}

/* Learn the types of numbered arguments and take them. => false: they are not told without a gap. */
static bool take_all(struct arguments *args, const char *format)
{
    struct format_parsed p;
    int last = 0;

    memset(args->type, 0, sizeof args->type);
    args->value[0].integer = 0;
    for (const char *at = strchr(format, '%'); at; at = strchr(at, '%')) {
        at = format_parse(at + 1, &p);
        if (at == NULL || !is_consistent(&p, true))
            return false;
        if (format_type_of(&p) != TYPE_NONE)
            args->type[p.value] = format_type_of(&p);
        if (p.width != ARG_ABSENT)
            args->type[p.width] = TYPE_INT;
        if (p.precision != ARG_ABSENT)
            args->type[p.precision] = TYPE_INT;
    }
    for (int i = 1; i <= FORMAT_ARGS; i++)
        last = args->type[i] ? i : last;
    for (int i = 1; i <= last; i++)
        args->value[i] = take(&args->list, args->type[i] ? args->type[i] : TYPE_INT);
    return true;
}

/* --- conversions ----------------------------------------------------------------------------- */

static char *digits_of(uint64_t n, char conversion, char *end)
{
    const char *letters = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int shift = conversion == 'o' ? 3 : (conversion | 32) == 'b' ? 1 : 4;

    if (conversion == 'd' || conversion == 'i' || conversion == 'u')
        for (; n; n /= 10)
            *--end = (char)('0' + n % 10);
    else
        for (; n; n >>= shift)
            *--end = letters[n & ((1u << shift) - 1)];
    return end;
}

/* Prefix, zeros and digits within the width. */
static void put_number(struct output *out, const struct format_spec *spec, const char *prefix,
                       const char *digits, long n)
{
    long prefix_length = (long)strlen(prefix), zeros = spec->precision - n, fill;
    bool is_zero_filled = (spec->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO && spec->precision < 0;

    if (spec->precision < 0)
        zeros = is_zero_filled ? spec->width - prefix_length - n : 0;
    zeros = zeros < 0 ? 0 : zeros;
    fill = spec->width - prefix_length - zeros - n;
    if (!(spec->flags & FLAG_LEFT))
        format_fill(out, ' ', fill);
    format_text(out, prefix, (size_t)prefix_length);
    format_fill(out, '0', zeros);
    format_text(out, digits, (size_t)n);
    if (spec->flags & FLAG_LEFT)
        format_fill(out, ' ', fill);
}

static int64_t narrowed(int64_t n, const struct format_parsed *p, bool is_signed)
{
    switch (p->length) {
    case LENGTH_CHAR:
        return is_signed ? (signed char)n : (unsigned char)n;
    case LENGTH_SHORT:
        return is_signed ? (short)n : (unsigned short)n;
    case LENGTH_NONE:
        return is_signed ? (int)n : (int64_t)(unsigned)n;
    default:
        return n;
    }
}

static void put_integer(struct output *out, struct format_parsed *p, int64_t value)
{
    bool is_signed = p->spec.conversion == 'd' || p->spec.conversion == 'i';
    int64_t n = narrowed(value, p, is_signed);
    uint64_t size = is_signed && n < 0 ? -(uint64_t)n : (uint64_t)n;
    char digits[DIGITS], *first = digits_of(size, p->spec.conversion, digits + DIGITS);
    char letters[3] = {'0', p->spec.conversion, 0};
    const char *prefix = "";
    long count = digits + DIGITS - first;

    if (is_signed)
        prefix = n < 0 ? "-" : p->spec.flags & FLAG_PLUS ? "+" : p->spec.flags & FLAG_SPACE ? " " : "";
    else if (p->spec.flags & FLAG_ALTERNATE && size && strchr("xXbB", p->spec.conversion))
        prefix = letters;
    if (p->spec.flags & FLAG_ALTERNATE && p->spec.conversion == 'o' && p->spec.precision <= count &&
        (size || p->spec.precision == 0))
        prefix = "0";
    if (count == 0 && p->spec.precision < 0)
        *--first = '0', count++;
    put_number(out, &p->spec, prefix, first, count);
}

/* `n` bytes, which show as `count` characters. */
static void put_padded(struct output *out, const struct format_spec *spec, const char *text, size_t n)
{
    long fill = spec->width - (long)(out->is_wide ? characters(text, n) : n);

    if (!(spec->flags & FLAG_LEFT))
        format_fill(out, ' ', fill);
    format_text(out, text, n);
    if (spec->flags & FLAG_LEFT)
        format_fill(out, ' ', fill);
}

/* Bytes of the first `most` characters of a string. */
static size_t bytes_of(const char *text, size_t most)
{
    size_t n = 0;

    for (;; n++)
        if (((unsigned char)text[n] & 0xc0) != 0x80 && (text[n] == '\0' || most-- == 0))
            return n;
}

static void put_string(struct output *out, const struct format_spec *spec, const char *text)
{
    size_t n;

    if (text == NULL)
        text = spec->precision >= 0 && spec->precision < 6 ? "" : "(null)";
    if (spec->precision < 0)
        n = strlen(text);
    else
        n = out->is_wide ? bytes_of(text, (size_t)spec->precision) : strnlen(text, (size_t)spec->precision);
    put_padded(out, spec, text, n);
}

static int put_character(struct output *out, const struct format_parsed *p, int c)
{
    char text[MB_LEN_MAX];
    mbstate_t state = {0};
    size_t n = 1;

    text[0] = (char)c;
    if (p->length == LENGTH_LONG || (out->is_wide && (c & 0x80)))
        n = p->length == LENGTH_LONG ? wcrtomb(text, (wchar_t)c, &state) : (size_t)-1;
    if (n == (size_t)-1)
        return errno = EILSEQ, -1;
    put_padded(out, &p->spec, text, n);
    return 0;
}

/* Bytes that the string has, within the precision. => -1: a character has none. */
static long wide_bytes(const struct output *out, const struct format_spec *spec, const wchar_t *text)
{
    long n = 0, used = 0;
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};

    for (; (spec->precision < 0 || used < spec->precision) && *text; text++) {
        size_t more = wcrtomb(bytes, *text, &state);

        if (more == (size_t)-1)
            return -1;
        used += out->is_wide ? 1 : (long)more;
        if (spec->precision >= 0 && used > spec->precision)
            break;
        n += (long)more;
    }
    return n;
}

static int put_wide_string(struct output *out, const struct format_spec *spec, const wchar_t *text)
{
    long n, fill, done = 0;
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};

    if (text == NULL)
        text = spec->precision >= 0 && spec->precision < 6 ? L"" : L"(null)";
    n = wide_bytes(out, spec, text);
    if (n < 0)
        return errno = EILSEQ, -1;
    fill = spec->width - n;
    if (out->is_wide)
        fill = spec->width - (long)wcsnlen(text, spec->precision < 0 ? SIZE_MAX / 4 : (size_t)spec->precision);
    if (!(spec->flags & FLAG_LEFT))
        format_fill(out, ' ', fill);
    while (done < n) {
        size_t more = wcrtomb(bytes, *text++, &state);

        format_text(out, bytes, more);
        done += (long)more;
    }
    if (spec->flags & FLAG_LEFT)
        format_fill(out, ' ', fill);
    return 0;
}

static void put_pointer(struct output *out, struct format_parsed *p, int64_t value)
{
    p->length = LENGTH_LONG;
    p->spec.flags |= FLAG_ALTERNATE;
    p->spec.conversion = 'x';
    if (value)
        put_integer(out, p, value);
    else
        put_padded(out, &p->spec, "(nil)", 5);
}

static void store_count(const struct output *out, enum format_length length, int64_t address)
{
    void *to = (void *)(intptr_t)address;

    if (length == LENGTH_CHAR)
        *(signed char *)to = (signed char)out->total;
    else if (length == LENGTH_SHORT)
        *(short *)to = (short)out->total;
    else if (length == LENGTH_NONE)
        *(int *)to = (int)out->total;
    else
        *(long *)to = (long)out->total;
}

static int put_value(struct output *out, struct format_parsed *p, union value v, int code)
{
    switch (p->spec.conversion) {
    case '%':
        format_text(out, "%", 1);
        return 0;
    case 'm':
        put_string(out, &p->spec, strerror(code));
        return 0;
    case 'c':
        return put_character(out, p, (int)v.integer);
    case 's':
        if (p->length == LENGTH_LONG)
            return put_wide_string(out, &p->spec, (const wchar_t *)(intptr_t)v.integer);
        put_string(out, &p->spec, (const char *)(intptr_t)v.integer);
        return 0;
    case 'p':
        put_pointer(out, p, v.integer);
        return 0;
    case 'n':
        store_count(out, p->length, v.integer);
        return 0;
    default:
        break;
    }
    if (format_type_of(p) == TYPE_LONG_DOUBLE)
        format_real(out, &p->spec, real_from_quad(v.quad));
    else if (format_type_of(p) == TYPE_DOUBLE)
        format_real(out, &p->spec, real_from_double(v.real));
    else
        put_integer(out, p, v.integer);
    return 0;
}

/* One specification with its arguments. => -1 with errno */
static int convert(struct output *out, struct format_parsed *p, struct arguments *args, int code)
{
    enum format_type type = format_type_of(p);

    if (!is_consistent(p, args->is_numbered) || (type == TYPE_NONE && !strchr("%m", p->spec.conversion)))
        return errno = EINVAL, -1;
    if (p->width != ARG_ABSENT)
        p->spec.width = (int)argument(args, p->width, TYPE_INT).integer;
    if (p->spec.width < 0 && p->spec.width != INT_MIN) {
        p->spec.flags |= FLAG_LEFT;
        p->spec.width = -p->spec.width;
    }
    if (p->precision != ARG_ABSENT)
        p->spec.precision = (int)argument(args, p->precision, TYPE_INT).integer;
    if (p->spec.precision < 0)
        p->spec.precision = -1;
    if (p->spec.width < 0 || p->spec.width == INT_MAX || p->spec.precision == INT_MAX)
        return errno = EOVERFLOW, -1;
    return put_value(out, p, argument(args, p->value, type), code);
}

/* The commonest conversions, without anything between '%' and their letter. => behind it, or NULL: it is
 * none of them. */
static const char *convert_plain(struct output *out, const char *at, struct arguments *args)
{
    char digits[DIGITS], *first;
    const char *text;
    int64_t n;

    switch (*at) {
    case 's':
        text = va_arg(args->list, const char *);
        text = text ? text : "(null)";
        format_text(out, text, strlen(text));
        return at + 1;
    case 'd':
    case 'u':
        n = *at == 'd' ? va_arg(args->list, int) : (int64_t)va_arg(args->list, unsigned);
        first = digits_of(n < 0 ? -(uint64_t)n : (uint64_t)n, 'u', digits + DIGITS);
        if (n == 0)
            *--first = '0';
        if (n < 0)
            *--first = '-';
        format_text(out, first, (size_t)(digits + DIGITS - first));
        return at + 1;
    default:
        return NULL;
    }
}

/* Length of the text before the next '%'. */
static size_t plain_length(const char *at)
{
    const char *end = at;

    while (*end && *end != '%')
        end++;
    return (size_t)(end - at);
}

int format_write(struct output *out, const char *format, va_list ap)
{
    struct arguments args;
    struct format_parsed p;
    int code = errno, rc = 0;
    const char *next;

    va_copy(args.list, ap);
    args.is_numbered = false;
    for (const char *at = format; rc == 0 && *at;) {
        size_t n = plain_length(at);

        format_text(out, at, n);
        at += n;
        if (*at == '\0')
            break;
        next = args.is_numbered ? NULL : convert_plain(out, at + 1, &args);
        if (next) {
            at = next;
            continue;
        }
        at = format_parse(at + 1, &p);
        if (at && p.value != ARG_NEXT && !args.is_numbered)
            args.is_numbered = take_all(&args, format);
        if (at == NULL || (p.value != ARG_NEXT && !args.is_numbered)) {
            errno = EINVAL;
            rc = -1;
        } else {
            rc = convert(out, &p, &args, code);
        }
    }
    va_end(args.list);
    if (rc == 0 && out->total > INT_MAX) {
        errno = EOVERFLOW;
        rc = -1;
    }
    return rc ? -1 : (int)out->total;
}
