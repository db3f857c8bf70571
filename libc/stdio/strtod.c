/* Text to float, double and long double. */
#include <math.h>
#include <stdlib.h>
#include <wchar.h>
#include "../internal.h"
#include "number.h"

static void parse(const char *text, char **end, const struct fp_format *format, struct number *n)
{
    const char *after = number_parse(text, format, n);

    if (end)
        *end = (char *)after;
    if (n->value.is_range)
        errno = ERANGE;
}

float strtof(const char *restrict text, char **restrict end)
{
    struct number n;

    parse(text, end, &fp_binary32, &n);
    return n.is_nan ? copysignf(NAN, n.is_negative ? -1 : 1) : real_to_float(n.value, n.is_negative);
}

double strtod(const char *restrict text, char **restrict end)
{
    struct number n;

    parse(text, end, &fp_binary64, &n);
    return n.is_nan ? copysign(NAN, n.is_negative ? -1 : 1) : real_to_double(n.value, n.is_negative);
}

long double strtold(const char *restrict text, char **restrict end)
{
    struct number n;

    parse(text, end, &fp_binary128, &n);
    return n.is_nan ? copysignl(NAN, n.is_negative ? -1 : 1) : real_to_quad(n.value, n.is_negative);
}

float strtof_l(const char *restrict text, char **restrict end, locale_t locale)
{
    return strtof(text, end);
}

double strtod_l(const char *restrict text, char **restrict end, locale_t locale)
{
    return strtod(text, end);
}

long double strtold_l(const char *restrict text, char **restrict end, locale_t locale)
{
    return strtold(text, end);
}

double atof(const char *text)
{
    return strtod(text, NULL);
}
