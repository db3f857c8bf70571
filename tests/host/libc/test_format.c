/* printf's core against the host's: a table of formats, then numbers at random in all floating-point
 * conversions, double and binary128. */
#define _GNU_SOURCE
#include <libc/stdio/format.h>

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <cmocka.h>

#include <tests/host/libc/random.h>

#define ROOM 60000

struct text {
    struct output output; /* first */
    size_t n;
    char at[ROOM];
};

static struct text ours;
static char theirs[ROOM];

static void append(struct output *out, const char *text, size_t n)
{
    struct text *t = (struct text *)out;

    assert_true(t->n + n < ROOM);
    memcpy(t->at + t->n, text, n);
    t->n += n;
    t->at[t->n] = '\0';
}

static void begin(bool is_wide)
{
    ours.output = (struct output){.write = append, .is_wide = is_wide};
    ours.n = 0;
    ours.at[0] = '\0';
}

static int format(const char *how, ...)
{
    va_list ap;
    int n;

    begin(false);
    va_start(ap, how);
    n = format_write(&ours.output, how, ap);
    va_end(ap);
    return n;
}

static void compare(const char *how, int got, int want)
{
    if (got != want || strcmp(ours.at, theirs)) {
        print_error("%s: %d [%s], the host %d [%s]\n", how, got, ours.at, want, theirs);
        fail();
    }
}

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-zero-length"
#pragma GCC diagnostic ignored "-Wformat-truncation"

#define SAME(how, ...) compare(how, format(how, ##__VA_ARGS__), snprintf(theirs, ROOM, how, ##__VA_ARGS__))

static void integers_are_as_on_the_host(void **state)
{
    static const char *const flags[] = {"", "-", "+", " ", "#", "0", "-#", "+0", "#0", " -", "'"};
    static const char *const sizes[] = {"", "5", "12", ".0", ".1", ".7", "9.4", "3.", "20.19"};
    static const int64_t values[] = {0, 1, -1, 7, 8, 255, -256, 65535, INT32_MAX, INT32_MIN, INT64_MAX,
                                     INT64_MIN, 1234567890123};
    static const char *const lengths[] = {"hh", "h", "", "l", "ll", "j", "z", "t"};
    char how[40];

    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        for (size_t w = 0; w < sizeof sizes / sizeof *sizes; w++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (size_t v = 0; v < sizeof values / sizeof *values; v++)
                    for (const char *c = "diouxX"; *c; c++) {
                        snprintf(how, sizeof how, "%%%s%s%s%c", flags[f], sizes[w], lengths[l], *c);
                        SAME(how, values[v]);
                    }
}

static void strings_and_the_rest_are_as_on_the_host(void **state)
{
    int n = 0, m = 0;
    long k = 0;
    short h = 0;
    signed char b = 0;

    SAME("");
    SAME("plain text");
    SAME("100%% of %s", "it");
    SAME("[%10s][%-10s][%.2s][%5.1s][%s]", "abc", "abc", "abc", "abc", (char *)NULL);
    SAME("[%.3s][%.6s]", (char *)NULL, (char *)NULL);
    SAME("[%c%5c%-5c]", 'x', 'y', 'z');
    SAME("[%p][%20p][%-20p][%p]", (void *)&n, (void *)16, (void *)255, NULL);
    SAME("[%*d][%-*d][%*d]", 8, 5, 8, 5, -8, 5);
    SAME("[%.*d][%.*s][%.*f]", 4, 5, 2, "abcd", -1, 1.5);
    SAME("[%ls][%8ls][%.3ls][%lc]", L"wide", L"wide", L"wide", L'w');
    SAME("[%S][%C]", L"wide", L'w');
    errno = ENOENT;
    SAME("[%m]");
    SAME("%d %f %Lf %s %d", 1, 2.5, 3.25L, "four", 5);
    assert_int_equal(format("abc%nde%lnf%hn%hhn", &n, &k, &h, &b), 6);
    assert_true(n == 3 && k == 5 && h == 6 && b == 6 && m == 0);
    assert_int_equal(format("%b %#b %010b %B", 10, 10, 10, 5), 4 + 1 + 6 + 1 + 10 + 1 + 3);
    assert_string_equal(ours.at, "1010 0b1010 0000001010 101");
}

static void numbered_arguments_are_as_on_the_host(void **state)
{
    SAME("%2$s %1$d", 5, "five");
    SAME("%1$d %1$x %1$o", 255);
    SAME("%3$*1$d|%3$-*1$d|%4$.*2$f", 7, 3, 42, 2.718281828);
    SAME("%3$s %1$lld %2$g", 123456789012LL, 0.5, "z");
    SAME("%2$Lg %1$c", 'c', 1.25L);
    SAME("100%% %1$s%%", "x");
}

static void wrong_formats_are_refused(void **state)
{
    static const char *const wrong[] = {"%1$d %d", "%d %1$d", "%0$d", "%99999999999d", "%65$d", "%", "%y",
                                        "%1$*d"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        errno = 0;
        assert_int_equal(format(wrong[i], 1, 2, 3), -1);
        assert_true(errno == EINVAL || errno == EOVERFLOW);
    }
    errno = 0;
    assert_int_equal(format("%lc", (wint_t)0x7fffffff), -1);
    assert_int_equal(errno, EILSEQ);
    assert_int_equal(format("%ls", L"\x7fffffff"), -1);
}

/* As wprintf counts: characters, not bytes. */
static int format_wide(const char *how, ...)
{
    va_list ap;
    int n;

    begin(true);
    va_start(ap, how);
    n = format_write(&ours.output, how, ap);
    va_end(ap);
    return n;
}

static void characters_are_counted_where_they_are_wide(void **state)
{
    assert_int_equal(format_wide("[%5s]\xc3\xa4", "\xc3\xa4\xc3\xb6"), 8);
    assert_string_equal(ours.at, "[   \xc3\xa4\xc3\xb6]\xc3\xa4");
    assert_int_equal(format_wide("%.1s|%-3s|", "\xc3\xa4\xc3\xb6", "\xe2\x82\xac"), 6);
    assert_string_equal(ours.at, "\xc3\xa4|\xe2\x82\xac  |");
}

/* --- floating-point numbers ------------------------------------------------------------------ */

static const char *const real_flags[] = {"", "-", "+", " ", "#", "0", "+0", "-#", " 0"};

/* A rounding to the next power of ten with %#g: the host then prints a digit too little. */
static bool is_hosts_error(const char *how)
{
    return strchr(how, '#') && strpbrk(how, "gG");
}

static double some_double(void)
{
    uint64_t word = random_word();
    double value;

    switch (random_below(5)) {
    case 0:
        return (double)(int64_t)random_below(4000000) / 1000 - 2000;
    case 1:
        return (double)random_below(100000) * pow(10, (int)random_below(40) - 20);
    case 2:
        return (double)random_below(1000) / 8;
    case 3:
        word >>= random_below(60);
        break;
    default:
        break;
    }
    memcpy(&value, &word, sizeof value);
    return value;
}

static void doubles_are_as_on_the_host(void **state)
{
    char how[40];

    for (int i = 0; i < 40000; i++) {
        const char *flags = real_flags[random_below(9)];
        char conversion = "eEfFgGaA"[random_below(8)];
        int precision = (int)random_below(random_below(12) ? 20 : 400);
        double value = some_double();

        if (random_below(4))
            snprintf(how, sizeof how, "%%%s%d.%d%c", flags, (int)random_below(30), precision, conversion);
        else
            snprintf(how, sizeof how, "%%%s%c", flags, conversion);
        if (!is_hosts_error(how))
            SAME(how, value);
    }
    SAME("%f %F %e %g %a", INFINITY, -INFINITY, NAN, -INFINITY, INFINITY);
    SAME("[%010f][%-10f][%+f]", INFINITY, INFINITY, INFINITY);
    SAME("%.0f %.0f %.0f %.0f %#.0f", 0.5, 1.5, 2.5, 3.5, 4.0);
    SAME("%g %g %g %g %g", 100000.0, 1000000.0, 1e-4, 1e-5, 0.0);
    SAME("%.1000f", 5e-324);
}

static void significant_digits_of_long_double_are_all_right(void **state)
{
    static const char conversions[] = "eEfFgGaA";
    char how[20];

    for (int i = 0; i < 4000; i++) {
        struct format_spec spec = {.precision = (int)random_below(60)};
        uint64_t words[2] = {random_word(), random_word()};
        _Float128 value;

        if (random_below(4))
            words[1] = (words[1] & 0x8000ffffffffffff) | (0x3f00 + random_below(0x200)) << 48;
        memcpy(&value, words, sizeof value);
        spec.conversion = conversions[random_below(8)];
        snprintf(how, sizeof how, "%%.%d%c", spec.precision, spec.conversion);
        strfromf128(theirs, ROOM, how, value);
        begin(false);
        format_real(&ours.output, &spec, real_from_quad(value));
        compare(how, 0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_as_on_the_host),
        cmocka_unit_test(strings_and_the_rest_are_as_on_the_host),
        cmocka_unit_test(numbered_arguments_are_as_on_the_host),
        cmocka_unit_test(wrong_formats_are_refused),
        cmocka_unit_test(characters_are_counted_where_they_are_wide),
        cmocka_unit_test(doubles_are_as_on_the_host),
        cmocka_unit_test(significant_digits_of_long_double_are_all_right),
    };

    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
