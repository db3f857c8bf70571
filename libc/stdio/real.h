/* Floating-point numbers taken apart and put together again. */
#ifndef LIBC_REAL_H
#define LIBC_REAL_H

#include "decimal.h"

enum real_kind { REAL_FINITE, REAL_INFINITE, REAL_NAN };

/* +-mantissa * 2^exponent; `bits` is the width of its format's mantissa. */
struct real {
    uint128_t mantissa;
    int exponent, bits;
    bool is_negative;
    enum real_kind kind;
};

struct real real_from_double(double value);
struct real real_from_quad(_Float128 value);

/* Of the format's width; the number is one of that format. */
float real_to_float(struct fp_number n, bool is_negative);
double real_to_double(struct fp_number n, bool is_negative);
_Float128 real_to_quad(struct fp_number n, bool is_negative);

#endif
