/* floor, ceil and trunc: picolibc's lose the low half of some numbers and the end of great ones.
 *
 * From 2^52 on (2^23 for a float) a number has no fraction; below, it fits a long. The sign is kept even
 * where the result is zero. */
#include <math.h>

static int has_no_fraction(double x)
{
    return !(fabs(x) < 0x1p52);
}

double trunc(double x)
{
    return has_no_fraction(x) ? x : copysign((double)(long)x, x);
}

double floor(double x)
{
    double t;

    if (has_no_fraction(x))
        return x;
    t = (double)(long)x;
    return copysign(t > x ? t - 1 : t, x);
}

double ceil(double x)
{
    double t;

    if (has_no_fraction(x))
        return x;
    t = (double)(long)x;
    return copysign(t < x ? t + 1 : t, x);
}

float truncf(float x)
{
    return fabsf(x) < 0x1p23f ? copysignf((float)(int)x, x) : x;
}
