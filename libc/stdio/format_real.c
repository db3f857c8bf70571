/* Floating-point conversions of printf: exact digits, rounded once. See format.h. */
#include <string.h>
#include "format.h"

#define EXPONENT_TEXT 8 /* "e-4932" and the like */

/* What is written around the digits. */
struct frame {
    char prefix[4]; /* sign, and 0x */
    int prefix_length;
    long body; /* length of the rest */
};

static bool is_upper(const struct format_spec *spec)
{
    return spec->conversion < 'a';
}

static void add_sign(struct frame *f, const struct format_spec *spec, bool is_negative)
{
    if (is_negative)
        f->prefix[f->prefix_length++] = '-';
    else if (spec->flags & FLAG_PLUS)
        f->prefix[f->prefix_length++] = '+';
    else if (spec->flags & FLAG_SPACE)
        f->prefix[f->prefix_length++] = ' ';
}

/* Everything up to the first digit. => how many blanks are to follow the last. */
static long open_frame(struct output *out, const struct format_spec *spec, const struct frame *f,
                       bool zeros)
{
    long fill = spec->width - f->prefix_length - f->body;

    if (!(spec->flags & (FLAG_LEFT | FLAG_ZERO)) || (!(spec->flags & FLAG_LEFT) && !zeros))
        format_fill(out, ' ', fill);
    format_text(out, f->prefix, (size_t)f->prefix_length);
    if (zeros && (spec->flags & (FLAG_LEFT | FLAG_ZERO)) == FLAG_ZERO)
        format_fill(out, '0', fill);
    return spec->flags & FLAG_LEFT ? fill : 0;
}

/* Digits at the places [from, to), counted from the first of the `n` that there are; zeros around them. */
static void put_places(struct output *out, const char *digits, long n, long from, long to)
{
    long have_from = from < 0 ? 0 : from, have_to = to < n ? to : n;

    if (from >= to)
        return;
    if (have_from >= have_to) {
        format_fill(out, '0', to - from);
        return;
    }
    format_fill(out, '0', have_from - from);
    format_text(out, digits + have_from, (size_t)(have_to - have_from));
    format_fill(out, '0', to - have_to);
}

/* => length of "e+05" */
static int exponent_text(char text[EXPONENT_TEXT], char letter, int exponent, int at_least)
{
    char digits[6];
    int n = 0, at = 0;
    unsigned rest = exponent < 0 ? -(unsigned)exponent : (unsigned)exponent;

    text[at++] = letter;
    text[at++] = exponent < 0 ? '-' : '+';
    for (; rest || n < at_least; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
    while (n)
        text[at++] = digits[--n];
    return at;
}

/* DDD.DDD: `point` digits before the point, `places` behind it. */
static void put_fixed(struct output *out, const struct format_spec *spec, struct frame *f,
                      const char *digits, long n, long point, long places)
{
    bool has_point = places > 0 || (spec->flags & FLAG_ALTERNATE);
    long after;

    f->body = (point > 0 ? point : 1) + has_point + places;
    after = open_frame(out, spec, f, true);
    if (point > 0)
        put_places(out, digits, n, 0, point);
    else
        format_fill(out, '0', 1);
    format_text(out, ".", has_point);
    put_places(out, digits, n, point, point + places);
    format_fill(out, ' ', after);
}

/* D.DDDe+DD */
static void put_scientific(struct output *out, const struct format_spec *spec, struct frame *f,
                           const char *digits, long n, long point, long places)
{
    bool has_point = places > 0 || (spec->flags & FLAG_ALTERNATE);
    char text[EXPONENT_TEXT];
    int length = exponent_text(text, is_upper(spec) ? 'E' : 'e', n ? (int)point - 1 : 0, 2);
    long after;

    f->body = 1 + has_point + places + length;
    after = open_frame(out, spec, f, true);
    put_places(out, digits, n, 0, 1);
    format_text(out, ".", has_point);
    put_places(out, digits, n, 1, 1 + places);
    format_text(out, text, (size_t)length);
    format_fill(out, ' ', after);
}

static void put_general(struct output *out, const struct format_spec *spec, struct frame *f,
                        char *digits, long n, int point, long significant)
{
    long exponent, limit = significant;

    n = (long)decimal_round(digits, (size_t)n, significant, &point);
    exponent = n ? point - 1 : 0;
    if (!(spec->flags & FLAG_ALTERNATE))
        significant = n ? n : 1;
    if (exponent < -4 || exponent >= limit)
        put_scientific(out, spec, f, digits, n, point, significant - 1);
    else
        put_fixed(out, spec, f, digits, n, n ? point : 1,
                  significant - 1 - exponent > 0 ? significant - 1 - exponent : 0);
}

#define QUICK_DIGITS 20

/* Digits of a whole number that stands for 10^-places, as decimal_round() leaves them. => how many */
static long whole_digits(uint64_t whole, long places, char *digits, int *point)
{
    long n = 0, all;
    char reversed[QUICK_DIGITS];

    for (all = 0; whole; whole /= 10)
        reversed[all++] = (char)('0' + whole % 10);
    for (long i = 0; i < all; i++) {
        digits[i] = reversed[all - 1 - i];
        n = digits[i] == '0' ? n : i + 1;
    }
    *point = (int)(all - places);
    return n;
}

/* Where the leading digit stands: 10^guess is at most the value, or ten times it. */
static long guess_exponent(struct real value)
{
    int bits = value.mantissa >> 64 ? 128 : 64 - __builtin_clzl((uint64_t)value.mantissa | 1);

    return (long)(value.exponent + bits - 1) * 1233 >> 12;
}

/* The digits that are wanted, rounded, if they can be had in 128 bits. => how many, or -1 */
static long quick_digits(struct real value, bool is_fixed, long wanted, char *digits, int *point)
{
    static const uint64_t power[] = {1,         10,         100,         1000,         10000,         100000,
                                     1000000,   10000000,   100000000,   1000000000,   10000000000,   100000000000,
                                     1000000000000, 10000000000000, 100000000000000, 1000000000000000,
                                     10000000000000000, 100000000000000000};
    long places = wanted;
    uint64_t whole;

    if (!is_fixed && (wanted > 17 || value.mantissa == 0))
        return -1;
    if (!is_fixed)
        places = wanted - 1 - guess_exponent(value);
    if (!decimal_scaled(value.mantissa, value.exponent, places, &whole))
        return -1;
    if (!is_fixed && whole >= power[wanted] && !decimal_scaled(value.mantissa, value.exponent, --places, &whole))
        return -1;
    if (!is_fixed && whole < power[wanted - 1])
        return -1;
    return whole_digits(whole, places, digits, point);
}

/* Write `n` digits of 0.DIGITS * 10^point, which may be more than are wanted. */
static void put_digits(struct output *out, const struct format_spec *spec, struct frame *f, char *digits,
                       long n, int point, int precision)
{
    switch (spec->conversion | 32) {
    case 'e':
        n = (long)decimal_round(digits, (size_t)n, precision + 1L, &point);
        put_scientific(out, spec, f, digits, n, point, precision);
        break;
    case 'f':
        n = (long)decimal_round(digits, (size_t)n, (long)point + precision, &point);
        put_fixed(out, spec, f, digits, n, n ? point : 0, precision);
        break;
    default:
        put_general(out, spec, f, digits, n, point, precision);
    }
}

static void put_exactly(struct output *out, const struct format_spec *spec, struct frame *f,
                        struct real value, int precision)
{
    struct decimal d;
    int point;
    long n;

    decimal_from_binary(&d, value.mantissa, value.exponent);
    char digits[(d.last - d.first) * DECIMAL_DIGITS + 1];
    n = (long)decimal_digits(&d, digits, &point);
    put_digits(out, spec, f, digits, n, point, precision);
}

static void put_decimal(struct output *out, const struct format_spec *spec, struct frame *f,
                        struct real value)
{
    int precision = spec->precision < 0 ? 6 : spec->precision, point;
    char kind = (char)(spec->conversion | 32), digits[QUICK_DIGITS + 1];
    long n;

    if (kind == 'g' && precision == 0)
        precision = 1;
    n = quick_digits(value, kind == 'f', precision + (kind == 'e'), digits, &point);
    if (n >= 0)
        put_digits(out, spec, f, digits, n, point, precision);
    else
        put_exactly(out, spec, f, value, precision);
}

/* H.HHHp+D: the leading one of a normal number stands before the point. */
static void put_hexadecimal(struct output *out, const struct format_spec *spec, struct frame *f,
                            struct real value)
{
    const char *letters = is_upper(spec) ? "0123456789ABCDEF" : "0123456789abcdef";
    int places = (value.bits + 2) / 4, shift = places * 4 - (value.bits - 1), n = places;
    uint128_t m = value.mantissa << shift, unit;
    char digits[32], text[EXPONENT_TEXT];
    int length = exponent_text(text, is_upper(spec) ? 'P' : 'p',
                               value.mantissa ? value.exponent + value.bits - 1 : 0, 1);
    long after, wanted = spec->precision;

    if (wanted >= 0 && wanted < places) {
        unit = (uint128_t)1 << 4 * (places - wanted);
        if ((m & (unit - 1)) > unit / 2 || ((m & (unit - 1)) == unit / 2 && (m & unit)))
            m += unit;
        m &= -unit;
    }
    for (int i = 0; i <= places; i++)
        digits[i] = letters[m >> 4 * (places - i) & 15];
    while (n > 0 && digits[n] == '0')
        n--;
    wanted = wanted < 0 ? n : wanted;
    f->prefix[f->prefix_length++] = '0';
    f->prefix[f->prefix_length++] = is_upper(spec) ? 'X' : 'x';
    f->body = 1 + (wanted > 0 || (spec->flags & FLAG_ALTERNATE)) + wanted + length;
    after = open_frame(out, spec, f, true);
    format_text(out, digits, 1);
    format_text(out, ".", f->body > 1 + wanted + length);
    put_places(out, digits, places + 1, 1, 1 + wanted);
    format_text(out, text, (size_t)length);
    format_fill(out, ' ', after);
}

static void put_name(struct output *out, const struct format_spec *spec, struct frame *f,
                     const char *name)
{
    f->body = 3;
    long after = open_frame(out, spec, f, false);

    format_text(out, name, 3);
    format_fill(out, ' ', after);
}

void format_real(struct output *out, const struct format_spec *spec, struct real value)
{
    struct frame f = {.prefix_length = 0};

    add_sign(&f, spec, value.is_negative);
    if (value.kind == REAL_NAN)
        put_name(out, spec, &f, is_upper(spec) ? "NAN" : "nan");
    else if (value.kind == REAL_INFINITE)
        put_name(out, spec, &f, is_upper(spec) ? "INF" : "inf");
    else if ((spec->conversion | 32) == 'a')
        put_hexadecimal(out, spec, &f, value);
    else
        put_decimal(out, spec, &f, value);
}
