/* See real.h. IEEE 754, "Binary interchange format encodings": sign, biased exponent, mantissa without
 * its leading one; an exponent of all ones is an infinity (mantissa 0) or no number. */
#include "real.h"
#include <string.h>

static struct real take_apart(uint128_t word, int bits, int exponent_bits)
{
    int top = (1 << exponent_bits) - 1;
    int biased = (int)(word >> (bits - 1)) & top;
    struct real r = {.bits = bits, .is_negative = (word >> (bits - 1 + exponent_bits)) & 1};

    r.mantissa = word & (((uint128_t)1 << (bits - 1)) - 1);
    r.exponent = (biased ? biased : 1) - (top >> 1) - (bits - 1);
    if (biased == top)
        r.kind = r.mantissa ? REAL_NAN : REAL_INFINITE;
    else if (biased)
        r.mantissa |= (uint128_t)1 << (bits - 1);
    return r;
}

struct real real_from_double(double value)
{
    uint64_t word;

    memcpy(&word, &value, sizeof word);
    return take_apart(word, fp_binary64.bits, 11);
}

struct real real_from_quad(_Float128 value)
{
    uint128_t word;

    memcpy(&word, &value, sizeof word);
    return take_apart(word, fp_binary128.bits, 15);
}

static uint128_t put_together(struct fp_number n, bool is_negative, const struct fp_format *format,
                              int exponent_bits)
{
    int biased = n.exponent - format->lowest + 1;
    uint128_t leading = (uint128_t)1 << (format->bits - 1);

    if (n.is_infinite)
        biased = (1 << exponent_bits) - 1;
    else if (!(n.mantissa & leading))
        biased = 0;
    return (uint128_t)is_negative << (format->bits - 1 + exponent_bits) |
           (uint128_t)biased << (format->bits - 1) | (n.mantissa & (leading - 1));
}

float real_to_float(struct fp_number n, bool is_negative)
{
    uint32_t word = (uint32_t)put_together(n, is_negative, &fp_binary32, 8);
    float value;

    memcpy(&value, &word, sizeof value);
    return value;
}

double real_to_double(struct fp_number n, bool is_negative)
{
    uint64_t word = (uint64_t)put_together(n, is_negative, &fp_binary64, 11);
    double value;

    memcpy(&value, &word, sizeof value);
    return value;
}

_Float128 real_to_quad(struct fp_number n, bool is_negative)
{
    uint128_t word = put_together(n, is_negative, &fp_binary128, 15);
    _Float128 value;

    memcpy(&value, &word, sizeof value);
    return value;
}
