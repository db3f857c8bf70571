/* Exact conversion between binary floating-point numbers and decimal digits, both ways, for every
 * format up to IEEE binary128, in integers alone.
 *
 * A number is a row of limbs in base 10^9 around a fixed decimal point. A factor 2^k is applied to all
 * of them; nothing is lost, except where stated, so each rounding is made once and from exact digits. */
#ifndef LIBC_DECIMAL_H
#define LIBC_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned __int128 uint128_t;

#define DECIMAL_POINT 560  /* limbs before it are whole: 5,040 digits; binary128 has up to 4,933 */
#define DECIMAL_LIMBS 2400 /* 16,560 digits behind the point; binary128 has up to 16,494 */
#define DECIMAL_DIGITS 9   /* of a limb */

struct decimal {
    int first, last; /* limbs in use: [first, last), equal for 0; limb[first] is not 0 */
    bool is_more;    /* the number is a little larger than its limbs say */
    uint32_t limb[DECIMAL_LIMBS];
};

/* A format of floating-point numbers: value = mantissa * 2^exponent, mantissa < 2^bits. */
struct fp_format {
    int bits;                 /* of the mantissa, with the leading one */
    int lowest, highest;      /* exponent of the smallest subnormal, and of the largest number */
};
extern const struct fp_format fp_binary32, fp_binary64, fp_binary128;

struct fp_number {
    uint128_t mantissa; /* full (its top bit set), or exponent == lowest */
    int exponent;
    bool is_range;      /* too large (infinite: mantissa is 0), or too small and not exact */
    bool is_infinite;
};

/* mantissa * 2^exponent, exactly.
 * => exponent is one of binary128's finite numbers. */
void decimal_from_binary(struct decimal *d, uint128_t mantissa, int exponent);

/* All digits of d, without leading and trailing zeros, as characters.
 * => how many there are; *point: the value is 0.DIGITS * 10^*point. `digits` has room for 9 a limb. */
size_t decimal_digits(const struct decimal *d, char *digits, int *point);

/* Round `n` digits to the first `keep` (which may be 0 or negative), a tie to even.
 * => how many are left, without trailing zeros; *point grows by 1 if a digit was carried out in front. */
size_t decimal_round(char *digits, size_t n, long keep, int *point);

/* mantissa * 2^exponent * 10^places, rounded to a whole number, a tie to even: exact, where 128 bits are
 * enough for it. => false: they are not; *whole is unchanged. */
bool decimal_scaled(uint128_t mantissa, int exponent, long places, uint64_t *whole);

/* The number 0.DIGITS * 10^point, from `n` digit characters of which the first is not '0'; `is_more`:
 * other digits that are not all zero were left out behind. */
void decimal_from_digits(struct decimal *d, const char *digits, size_t n, int point, bool is_more);

/* d, rounded to the nearest number of a format, a tie to even. Changes d. */
struct fp_number decimal_to_binary(struct decimal *d, const struct fp_format *format);

/* mantissa * 2^exponent (+ a little, if is_more), rounded likewise. */
struct fp_number fp_round(uint128_t mantissa, long exponent, bool is_more,
                          const struct fp_format *format);

#endif
