/* See number.h. Most decimal numbers are found by one or two operations in binary128, whose error is
 * known: unless the result lies too close to the middle between two numbers of the format, it rounds to
 * the right one. The others, and all of binary128 itself, are converted exactly. */
#include "number.h"
#include <string.h>

#define MOST_DIGITS 11600 /* that can matter: a tie in binary128 has up to 11,565 */
#define FAR 100000000L    /* exponents beyond are all the same */
#define ERROR_UNITS 64    /* more than the error of in_quad() in the last place */

/* A decimal number as written: 0.DIGITS * 10^point. */
struct written {
    size_t n; /* digits kept, the first and the last not '0' */
    long point;
    bool is_more;
    char digits[MOST_DIGITS];
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int digit_of(char c, int base)
{
    int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;

    return d < base ? d : -1;
}

/* Does `text` begin with `word` (of lower case letters), in any case? */
static bool begins(const char *text, const char *word)
{
    for (; *word; text++, word++)
        if ((*text | 32) != *word)
            return false;
    return true;
}

/* An exponent after its letter, if a number follows. => where it ends, or `at` */
static const char *exponent(const char *at, char letter, long *e)
{
    const char *digit = at + 1;
    bool is_negative;
    long n = 0;

    *e = 0;
    if ((*at | 32) != letter)
        return at;
    is_negative = *digit == '-';
    digit += *digit == '-' || *digit == '+';
    if (digit_of(*digit, 10) < 0)
        return at;
    for (; digit_of(*digit, 10) >= 0; digit++)
        n = n < FAR ? n * 10 + digit_of(*digit, 10) : n;
    *e = is_negative ? -n : n;
    return digit;
}

/* --- hexadecimal ----------------------------------------------------------------------------- */

static const char *parse_hexadecimal(const char *at, const struct fp_format *format, struct fp_number *n)
{
    const char *end = NULL, *after;
    bool has_point = false, is_more = false;
    uint128_t mantissa = 0;
    long e, scale = 0;

    for (;; at++) {
        int d = digit_of(*at, 16);

        if (d < 0 && (*at != '.' || has_point))
            break;
        if (d < 0) {
            has_point = true;
            continue;
        }
        end = at + 1;
        if (mantissa >> 120) {
            is_more |= d != 0;
            scale += has_point ? 0 : 4;
        } else {
            mantissa = mantissa << 4 | (unsigned)d;
            scale -= has_point ? 4 : 0;
        }
    }
    if (end == NULL)
        return NULL;
    end = *end == '.' && !memchr(end - 1, '.', 1) && at > end ? at : end;
    after = exponent(end, 'p', &e);
    *n = fp_round(mantissa, scale + e, is_more, format);
    return after;
}

/* --- decimal --------------------------------------------------------------------------------- */

static void add_digit(struct written *w, char c)
{
    if (w->n < MOST_DIGITS)
        w->digits[w->n++] = c;
    else
        w->is_more |= c != '0';
}

/* => where the number ends, or NULL: there is none. */
static const char *read_decimal(const char *at, struct written *w)
{
    const char *start = at;
    bool has_point = false;
    long e;

    w->n = 0;
    w->point = 0;
    w->is_more = false;
    for (; digit_of(*at, 10) >= 0 || (*at == '.' && !has_point); at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        if (*at != '0' || w->n)
            add_digit(w, *at);
        if (w->n && !has_point)
            w->point++;
        else if (!w->n && has_point)
            w->point--;
    }
    if (at - start == has_point)
        return NULL;
    at = exponent(at, 'e', &e);
    w->point += e;
    while (w->n && w->digits[w->n - 1] == '0' && !w->is_more)
        w->n--;
    return at;
}

/* digits * 10^exponent in binary128, with an error of less than ERROR_UNITS in the last place. */
static struct real in_quad(uint64_t digits, int exponent)
{
    static const _Float128 power[] = {1e1f128, 1e2f128, 1e4f128, 1e8f128, 1e16f128,
                                      1e32f128, 1e64f128, 1e128f128, 1e256f128};
    _Float128 scale = 1;
    unsigned e = exponent < 0 ? -(unsigned)exponent : (unsigned)exponent;

    for (int i = 0; e; i++, e >>= 1)
        if (e & 1)
            scale *= power[i];
    return real_from_quad(exponent < 0 ? digits / scale : digits * scale);
}

/* The short way. => false: it can't be told so. */
static bool round_quickly(const struct written *w, const struct fp_format *format, struct fp_number *n)
{
    int drop = fp_binary128.bits - format->bits;
    uint128_t unit = (uint128_t)1 << drop, rest;
    uint64_t digits = 0;
    struct real r;

    if (w->n > 19 || drop < 8 || w->point > 340 || w->point < -340)
        return false;
    for (size_t i = 0; i < w->n; i++)
        digits = digits * 10 + (uint64_t)(w->digits[i] - '0');
    r = in_quad(digits, (int)w->point - (int)w->n);
    rest = r.mantissa & (unit - 1);
    if (r.exponent + drop < format->lowest || r.exponent + drop > format->highest ||
        (rest > unit / 2 - ERROR_UNITS && rest < unit / 2 + ERROR_UNITS))
        return false;
    *n = fp_round(r.mantissa, r.exponent, true, format);
    return !n->is_range;
}

static struct fp_number round_exactly(const struct written *w, const struct fp_format *format)
{
    struct decimal d;

    if (w->point > 4990 || w->point < -5040)
        return fp_round(1, w->point > 0 ? FAR : -FAR, true, format);
    decimal_from_digits(&d, w->digits, w->n, (int)w->point, w->is_more);
    return decimal_to_binary(&d, format);
}

static const char *parse_decimal(const char *at, const struct fp_format *format, struct fp_number *n)
{
    struct written w;
    const char *end = read_decimal(at, &w);

    if (end == NULL)
        return NULL;
    if (w.n == 0)
        *n = fp_round(0, 0, false, format);
    else if (!round_quickly(&w, format, n))
        *n = round_exactly(&w, format);
    return end;
}

/* --- all ------------------------------------------------------------------------------------- */

/* What may stand in brackets behind "nan". */
static const char *after_nan(const char *at)
{
    const char *end = at + 1;

    if (*at != '(')
        return at;
    while (digit_of(*end, 10) >= 0 || *end == '_' || ((*end | 32) >= 'a' && (*end | 32) <= 'z'))
        end++;
    return *end == ')' ? end + 1 : at;
}

static const char *parse_unsigned(const char *at, const struct fp_format *format, struct number *n)
{
    const char *end = NULL;

    if (begins(at, "inf")) {
        n->value.is_infinite = true;
        return begins(at, "infinity") ? at + 8 : at + 3;
    }
    if (begins(at, "nan")) {
        n->is_nan = true;
        return after_nan(at + 3);
    }
    if (begins(at, "0x"))
        end = parse_hexadecimal(at + 2, format, &n->value);
    return end ? end : parse_decimal(at, format, &n->value);
}

const char *number_parse(const char *text, const struct fp_format *format, struct number *n)
{
    const char *at = text, *end;

    memset(n, 0, sizeof *n);
    n->value.exponent = format->lowest;
    while (is_space(*at))
        at++;
    n->is_negative = *at == '-';
    at += *at == '-' || *at == '+';
    end = parse_unsigned(at, format, n);
    n->is_negative &= end != NULL;
    return end ? end : text;
}
