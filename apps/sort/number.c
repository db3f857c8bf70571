/* Parts of lines that are numbers, months or versions. Numbers have any length: they are compared digit
 * by digit. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apps/sort/sort.h"

struct number {
    bool negative;
    struct text whole, fraction; /* digits without zeros in front, and without zeros behind */
    struct text rest;            /* what follows */
};

static bool starts_with_digit(const struct text *text)
{
    return text->len && isdigit((unsigned char)*text->data);
}

static void skip(struct text *text, size_t n)
{
    text->data += n;
    text->len -= n;
}

static struct text take_digits(struct text *text)
{
    struct text digits = {text->data, 0};

    while (starts_with_digit(text)) {
        digits.len++;
        skip(text, 1);
    }
    return digits;
}

static struct number parse_number(struct text text)
{
    struct number number = {0};

    while (text.len && isspace((unsigned char)*text.data))
        skip(&text, 1);
    if (text.len && *text.data == '-') {
        number.negative = true;
        skip(&text, 1);
    }
    number.whole = take_digits(&text);
    while (number.whole.len && *number.whole.data == '0')
        skip(&number.whole, 1);
    if (text.len && *text.data == '.') {
        skip(&text, 1);
        number.fraction = take_digits(&text);
        while (number.fraction.len && number.fraction.data[number.fraction.len - 1] == '0')
            number.fraction.len--;
    }
    number.rest = text;
    if (!number.whole.len && !number.fraction.len)
        number.negative = false;
    return number;
}

static int compare_digits(struct text a, struct text b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_sizes(const struct number *a, const struct number *b)
{
    int order = (a->whole.len > b->whole.len) - (a->whole.len < b->whole.len);

    if (!order)
        order = compare_digits(a->whole, b->whole);
    return order ? order : compare_digits(a->fraction, b->fraction);
}

int compare_numbers(struct text a, struct text b)
{
    struct number x = parse_number(a), y = parse_number(b);

    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    return x.negative ? compare_sizes(&y, &x) : compare_sizes(&x, &y);
}

/* 0: no unit, or nothing that it could belong to. */
static int unit_rank(const struct number *number)
{
    static const char units[] = "KMGTPEZY";
    const char *found;

    if (!number->rest.len || (!number->whole.len && !number->fraction.len))
        return 0;
    found = strchr(units, toupper((unsigned char)*number->rest.data));
    return found && *found ? (int)(found - units) + 1 : 0;
}

int compare_human(struct text a, struct text b)
{
    struct number x = parse_number(a), y = parse_number(b);
    int order = unit_rank(&x) - unit_rank(&y);

    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    order = order ? order : compare_sizes(&x, &y);
    return x.negative ? -order : order;
}

/* => false if the text begins with no number. */
static bool parse_double(struct text text, double *value)
{
    char copy[400], *end;

    if (text.len > sizeof copy - 1)
        text.len = sizeof copy - 1;
    memcpy(copy, text.data, text.len);
    copy[text.len] = 0;
    *value = strtod(copy, &end);
    return end > copy;
}

/* What is no number comes first, then what is not a number by name (nan). */
int compare_general(struct text a, struct text b)
{
    double x, y;
    bool has_x = parse_double(a, &x), has_y = parse_double(b, &y);

    if (!has_x || !has_y)
        return has_x - has_y;
    if (x != x || y != y)
        return (x == x) - (y == y);
    return (x > y) - (x < y);
}

static int month(struct text text)
{
    static const char names[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

    while (text.len && isspace((unsigned char)*text.data))
        skip(&text, 1);
    for (int i = 0; text.len >= 3 && i < 12; i++)
        if (!strncasecmp(text.data, names + 3 * i, 3))
            return i + 1;
    return 0;
}

int compare_months(struct text a, struct text b)
{
    return month(a) - month(b);
}

/* A tilde comes before the end of the text, letters before other characters. */
static int version_rank(const struct text *text)
{
    int c = text->len ? (unsigned char)*text->data : 0;

    if (!c || isdigit(c))
        return 0;
    return isalpha(c) ? c : c == '~' ? -1 : c + 256;
}

/* Numbers in the text count as numbers. */
int compare_versions(struct text a, struct text b)
{
    while (a.len || b.len) {
        struct text x, y;
        int order;
        while ((a.len && !starts_with_digit(&a)) || (b.len && !starts_with_digit(&b))) {
            order = version_rank(&a) - version_rank(&b);
            if (order)
                return order;
            skip(&a, a.len > 0);
            skip(&b, b.len > 0);
        }
        x = take_digits(&a);
        y = take_digits(&b);
        order = compare_numbers(x, y);
        if (order)
            return order;
    }
    return 0;
}
