/* Text to floating-point numbers, against the host's strtod, strtof and strtof128. */
#define _GNU_SOURCE
#include <libc/stdio/number.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <tests/host/libc/random.h>

#define ROOM 20000

static void check_double(const char *text)
{
    char *host_end;
    double host = strtod(text, &host_end), value;
    struct number n;
    const char *end = number_parse(text, &fp_binary64, &n);

    value = n.is_nan ? NAN : real_to_double(n.value, n.is_negative);
    if (end != host_end || (memcmp(&host, &value, sizeof value) && !(isnan(host) && isnan(value)))) {
        print_error("%s: %a, the host %a; %td characters, the host %td\n", text, value, host, end - text,
                    host_end - text);
        fail();
    }
}

static void check_float(const char *text)
{
    float host = strtof(text, NULL), value;
    struct number n;

    number_parse(text, &fp_binary32, &n);
    value = n.is_nan ? NAN : real_to_float(n.value, n.is_negative);
    if (memcmp(&host, &value, sizeof value) && !isnan(host)) {
        print_error("%s: %a, the host %a\n", text, value, host);
        fail();
    }
}

static void check_quad(const char *text)
{
    _Float128 host = strtof128(text, NULL), value;
    struct number n;

    number_parse(text, &fp_binary128, &n);
    value = real_to_quad(n.value, n.is_negative);
    if (!n.is_nan && memcmp(&host, &value, sizeof value)) {
        print_error("%s: not the host's number in binary128\n", text);
        fail();
    }
}

static void forms_of_numbers_are_as_on_the_host(void **state)
{
    static const char *const table[] = {
        "0", "-0", "1", "+1.5", " \t\n12", "1e", "1e+", "1e+5x", ".5", "5.", ".", "-.", "", "-", "e5",
        "0x", "0x1", "0x.8", "0x1.8p3", "0x1p", "0x1p+", "0xg", "0x.p1", "0X1P-2", "inf", "INFINITY",
        "infinit", "-Inf", "nan", "NaN(12)", "nan(", "nan(a b)", "nax", "1e400", "-1e400", "1e-400",
        "4.9e-324", "2.4e-324", "2.5e-324", "2.2250738585072011e-308", "2.2250738585072014e-308",
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
        "0.1000000000000000055511151231257827021181583404541015625", "9007199254740993", "9007199254740992.5",
        "1e23", "8.5e22", "123456789012345678901234567890", "1e99999999999999999999", "0e99999999999",
        "1e-99999999999999999999", "0.00000000000000000000000000000000000000000000001e47",
        "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x0.00000000000008p-1022", "0x1p-1075",
        "0x1.0000000000000001p-1075", "00000000000000000001", "1.00000000000000000000000000000000000001",
        "0x12345678901234567890123456789012345678901234567890p-100",
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        check_double(table[i]);
        check_float(table[i]);
        check_quad(table[i]);
    }
}

/* Text that means something to a reader of numbers. */
static void some_text(char *text)
{
    uint64_t word = random_word();
    double value;

    memcpy(&value, &word, sizeof value);
    switch (random_below(6)) {
    case 0:
        snprintf(text, ROOM, "%.*g", (int)random_below(25) + 1, value);
        break;
    case 1:
        snprintf(text, ROOM, "%d.%llue%d", (int)random_below(100000), (unsigned long long)random_word(),
                 (int)random_below(700) - 350);
        break;
    case 2:
        snprintf(text, ROOM, "0x%llx.%llxp%d", (unsigned long long)word >> random_below(64),
                 (unsigned long long)random_word(), (int)random_below(2300) - 1150);
        break;
    case 3:
        snprintf(text, ROOM, "%d.%de%d", (int)random_below(10), (int)random_below(1000),
                 (int)random_below(60) - 30);
        break;
    case 4:
        word >>= 12 + random_below(50); /* subnormal */
        memcpy(&value, &word, sizeof value);
        snprintf(text, ROOM, "%.*e", (int)random_below(780), value);
        break;
    default:
        snprintf(text, ROOM, "%llu", (unsigned long long)word);
    }
}

static void numbers_at_random_are_as_on_the_host(void **state)
{
    static char text[ROOM];

    for (int i = 0; i < 40000; i++) {
        some_text(text);
        check_double(text);
        check_float(text);
        if (i % 16 == 0)
            check_quad(text);
    }
}

/* Exactly in the middle between two neighbours, and a little beside. */
static void ties_go_to_the_even_neighbour(void **state)
{
    static char text[ROOM];
    char how[10], *e;

    for (int i = 0; i < 20000; i++) {
        uint64_t word = random_word() & 0x7fefffffffffffff, next = word + 1;
        double low, high;
        int digits = random_below(2) ? 770 : 16 + (int)random_below(5);

        memcpy(&low, &word, sizeof low);
        memcpy(&high, &next, sizeof high);
        if (isinf(high))
            continue;
        snprintf(how, sizeof how, "%%.%de", digits);
        strfromf128(text, ROOM, how, ((_Float128)low + high) / 2);
        check_double(text);
        e = strchr(text, 'e');
        memmove(e + 1, e, strlen(e) + 1);
        *e = '1';
        check_double(text);
    }
}

static void binary128_is_exact(void **state)
{
    static const char *const forms[] = {"%.36e", "%.33e", "%.20g", "%.11600e"};
    static char text[ROOM];

    for (int i = 0; i < 1500; i++) {
        uint64_t words[2] = {random_word(), random_word()};
        _Float128 value;

        memcpy(&value, words, sizeof value);
        if ((words[1] >> 48 & 0x7fff) == 0x7fff)
            continue;
        strfromf128(text, ROOM, forms[i % 50 ? i % 3 : 3], value);
        check_quad(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_numbers_are_as_on_the_host),
        cmocka_unit_test(numbers_at_random_are_as_on_the_host),
        cmocka_unit_test(ties_go_to_the_even_neighbour),
        cmocka_unit_test(binary128_is_exact),
    };

    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
