/* See decimal.h. */
#include "decimal.h"
#include <string.h>

#define BASE 1000000000u
#define LEFT_BITS 29 /* a limb times 2^29, plus a carry, fits into 64 bits; the carry stays below BASE */
#define RIGHT_BITS 9 /* 10^9 is a multiple of 2^9 */
#define KEPT_LIMBS 24 /* enough for 113 bits and then some, see shift_right */

const struct fp_format fp_binary32 = {24, -149, 104};
const struct fp_format fp_binary64 = {53, -1074, 971};
const struct fp_format fp_binary128 = {113, -16494, 16271};

static int bit_length(uint128_t n)
{
    uint64_t high = (uint64_t)(n >> 64), low = (uint64_t)n;

    return high ? 128 - __builtin_clzl(high) : low ? 64 - __builtin_clzl(low) : 0;
}

static void trim_right(struct decimal *d)
{
    while (d->last > d->first && d->limb[d->last - 1] == 0)
        d->last--;
}

/* d * 2^bits, bits <= LEFT_BITS. */
static void shift_left(struct decimal *d, int bits)
{
    uint64_t carry = 0;

    for (int i = d->last - 1; i >= d->first; i--) {
        uint64_t n = ((uint64_t)d->limb[i] << bits) + carry;

        carry = n / BASE;
        d->limb[i] = (uint32_t)(n - carry * BASE);
    }
    if (carry)
        d->limb[--d->first] = (uint32_t)carry;
    trim_right(d);
}

/* d / 2^bits, bits <= RIGHT_BITS. At most `most` limbs are kept (and what is lost is told by is_more):
 * what is cut off is less than one unit of the last limb, so no comparison with a whole number of such
 * units can come out otherwise, now or after more shifts to the right. */
static void shift_right(struct decimal *d, int bits, int most)
{
    uint32_t carry = 0, unit = BASE >> bits, mask = (1u << bits) - 1;

    for (int i = d->first; i < d->last; i++) {
        uint32_t n = d->limb[i];

        d->limb[i] = (n >> bits) + carry;
        carry = (n & mask) * unit;
    }
    if (carry && d->last < DECIMAL_LIMBS)
        d->limb[d->last++] = carry;
    else if (carry)
        d->is_more = true;
    if (d->first < d->last && d->limb[d->first] == 0)
        d->first++;
    while (d->last - d->first > most && d->last > DECIMAL_POINT + 1)
        d->is_more |= d->limb[--d->last] != 0;
    trim_right(d);
}

static void from_whole(struct decimal *d, uint128_t n)
{
    d->first = d->last = DECIMAL_POINT;
    d->is_more = false;
    for (; n; n /= BASE)
        d->limb[--d->first] = (uint32_t)(n % BASE);
    trim_right(d);
}

void decimal_from_binary(struct decimal *d, uint128_t mantissa, int exponent)
{
    while (exponent < 0 && mantissa && !(mantissa & 1)) {
        mantissa >>= 1;
        exponent++;
    }
    from_whole(d, mantissa);
    for (int left = exponent; left > 0; left -= LEFT_BITS)
        shift_left(d, left < LEFT_BITS ? left : LEFT_BITS);
    for (int left = -exponent; left > 0; left -= RIGHT_BITS)
        shift_right(d, left < RIGHT_BITS ? left : RIGHT_BITS, DECIMAL_LIMBS);
}

static void limb_digits(uint32_t limb, char *digits)
{
    for (int i = DECIMAL_DIGITS - 1; i >= 0; i--, limb /= 10)
        digits[i] = (char)('0' + limb % 10);
}

size_t decimal_digits(const struct decimal *d, char *digits, int *point)
{
    size_t n = 0, zeros = 0;

    *point = 0;
    if (d->first == d->last)
        return 0;
    for (int i = d->first; i < d->last; i++, n += DECIMAL_DIGITS)
        limb_digits(d->limb[i], digits + n);
    while (digits[zeros] == '0')
        zeros++;
    memmove(digits, digits + zeros, n -= zeros);
    while (digits[n - 1] == '0')
        n--;
    *point = (DECIMAL_POINT - d->first) * DECIMAL_DIGITS - (int)zeros;
    return n;
}

static bool rounds_up(const char *digits, size_t n, size_t keep)
{
    if (digits[keep] != '5' || n > keep + 1)
        return digits[keep] >= '5';
    return keep > 0 && (digits[keep - 1] & 1);
}

size_t decimal_round(char *digits, size_t n, long keep, int *point)
{
    bool is_up;

    if (keep < 0)
        return 0;
    if (n <= (size_t)keep)
        return n;
    is_up = rounds_up(digits, n, (size_t)keep);
    n = (size_t)keep;
    while (n && digits[n - 1] == (is_up ? '9' : '0'))
        n--;
    if (is_up && n == 0) {
        ++*point;
        digits[n++] = '1';
    } else if (is_up) {
        digits[n - 1]++;
    }
    return n;
}

bool decimal_scaled(uint128_t mantissa, int exponent, long places, uint64_t *whole)
{
    uint64_t power = 1;
    uint128_t n = mantissa, rest, half;

    if (places < 0 || places > 19 || exponent > 0 || exponent <= -128 || mantissa >> 64)
        return false;
    for (; places; places--)
        power *= 10;
    n *= power;
    if (exponent < 0) {
        half = (uint128_t)1 << (-exponent - 1);
        rest = n & (half + half - 1);
        n >>= -exponent;
        n += rest > half || (rest == half && (n & 1));
    }
    if (n >> 63)
        return false;
    *whole = (uint64_t)n;
    return true;
}

void decimal_from_digits(struct decimal *d, const char *digits, size_t n, int point, bool is_more)
{
    int whole = point > 0 ? (point + DECIMAL_DIGITS - 1) / DECIMAL_DIGITS : -(-point / DECIMAL_DIGITS);
    int skip = whole * DECIMAL_DIGITS - point; /* zeros in the first limb before the first digit */
    size_t at = 0;

    d->first = d->last = DECIMAL_POINT - whole;
    d->is_more = is_more;
    for (; at < n && d->last < DECIMAL_LIMBS; skip = 0) {
        uint32_t limb = 0;

        for (int i = skip; i < DECIMAL_DIGITS; i++, at++)
            limb = limb * 10 + (at < n ? (uint32_t)(digits[at] - '0') : 0);
        d->limb[d->last++] = limb;
    }
    d->is_more |= at < n;
    trim_right(d);
}

/* The whole part, if it is below 10^36; more otherwise. */
static uint128_t whole_part(const struct decimal *d)
{
    uint128_t n = 0;

    for (int i = d->first; i < DECIMAL_POINT; i++)
        n = n * BASE + (i < d->last ? d->limb[i] : 0);
    return n;
}

/* Is the part behind the point more than a half, a half (0), or less? */
static int compare_to_half(const struct decimal *d)
{
    if (d->first > DECIMAL_POINT || d->last <= DECIMAL_POINT || d->limb[DECIMAL_POINT] < BASE / 2)
        return -1;
    return d->limb[DECIMAL_POINT] > BASE / 2 || d->last > DECIMAL_POINT + 1 || d->is_more;
}

/* Shift d until its whole part has `bits` bits, or the exponent is at its lowest. => the exponent, above
 * the format's highest if d is too large. */
static int normalize(struct decimal *d, const struct fp_format *format)
{
    int exponent = 0, have, step;

    for (; DECIMAL_POINT - d->first > 4 && exponent <= format->highest; exponent += RIGHT_BITS)
        shift_right(d, RIGHT_BITS, KEPT_LIMBS);
    if (exponent > format->highest)
        return exponent;
    while ((have = bit_length(whole_part(d))) > format->bits) {
        step = have - format->bits > RIGHT_BITS ? RIGHT_BITS : have - format->bits;
        shift_right(d, step, KEPT_LIMBS);
        exponent += step;
    }
    while ((have = bit_length(whole_part(d))) < format->bits && exponent > format->lowest) {
        step = format->bits - have < LEFT_BITS ? format->bits - have : LEFT_BITS;
        step = exponent - step < format->lowest ? exponent - format->lowest : step;
        shift_left(d, step);
        exponent -= step;
    }
    return exponent;
}

/* Finish a rounded mantissa. */
static struct fp_number number(uint128_t mantissa, int exponent, bool is_exact,
                               const struct fp_format *format)
{
    struct fp_number n = {.mantissa = mantissa, .exponent = exponent};

    if (mantissa >> format->bits) {
        n.mantissa >>= 1;
        n.exponent++;
    }
    n.is_infinite = n.exponent > format->highest;
    n.is_range = n.is_infinite || (!is_exact && !(n.mantissa >> (format->bits - 1)));
    if (n.is_infinite)
        n.mantissa = 0;
    return n;
}

struct fp_number decimal_to_binary(struct decimal *d, const struct fp_format *format)
{
    int exponent = normalize(d, format), half = compare_to_half(d);
    uint128_t mantissa = exponent > format->highest ? 0 : whole_part(d);
    bool is_exact = d->last <= DECIMAL_POINT && !d->is_more;

    mantissa += half > 0 || (half == 0 && (mantissa & 1));
    return number(mantissa, exponent, is_exact, format);
}

struct fp_number fp_round(uint128_t mantissa, long exponent, bool is_more,
                          const struct fp_format *format)
{
    int have = bit_length(mantissa);
    long drop = have - format->bits;
    uint128_t rest, half;

    if (have == 0)
        return number(0, format->lowest, !is_more, format);
    if (exponent + drop < format->lowest)
        drop = format->lowest - exponent;
    if (exponent + drop > format->highest)
        return number(0, format->highest + 1, false, format);
    if (drop <= 0)
        return number(mantissa << -drop, (int)(exponent + drop), !is_more, format);
    if (drop > 128)
        return number(0, format->lowest, false, format);
    half = (uint128_t)1 << (drop - 1);
    rest = mantissa & (half - 1 + half);
    mantissa = drop == 128 ? 0 : mantissa >> drop;
    mantissa += rest > half || (rest == half && (is_more || (mantissa & 1)));
    return number(mantissa, (int)(exponent + drop), rest == 0 && !is_more, format);
}
