/* Our strptime beside the host's: the same texts, the same times and ends. */
#define _GNU_SOURCE
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

char *our_strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm);
char *our_strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm,
                     locale_t locale);
#define strptime our_strptime
#define strptime_l our_strptime_l
#include "libc/strptime.c"
#undef strptime
#undef strptime_l

/* The host guesses a weekday for parts of dates as well: only where we say one it must agree. */
static void compare(const char *text, const char *format)
{
    struct tm ours = {.tm_mday = 1}, theirs = {.tm_mday = 1};
    const char *our_end = our_strptime(text, format, &ours), *end = strptime(text, format, &theirs);

    if (our_end != end)
        fail_msg("'%s' by '%s': %s, host %s", text, format, our_end ? our_end : "refused",
                 end ? end : "refused");
    if (end && (ours.tm_year != theirs.tm_year || ours.tm_mon != theirs.tm_mon ||
                ours.tm_mday != theirs.tm_mday || ours.tm_hour != theirs.tm_hour ||
                ours.tm_min != theirs.tm_min || ours.tm_sec != theirs.tm_sec ||
                ((ours.tm_wday || ours.tm_yday) &&
                 (ours.tm_wday != theirs.tm_wday || ours.tm_yday != theirs.tm_yday))))
        fail_msg("'%s' by '%s': %d-%d-%d %d:%d:%d, weekday %d, day %d", text, format, ours.tm_year,
                 ours.tm_mon, ours.tm_mday, ours.tm_hour, ours.tm_min, ours.tm_sec, ours.tm_wday,
                 ours.tm_yday);
}

static void texts_are_read_as_on_the_host(void **state)
{
    static const char *const cases[][2] = {
        {"2:22:46 AM", "%I:%M:%S %p"},  {"12:22:46 AM", "%I:%M:%S %p"},
        {"12:22:46 pm", "%I:%M:%S %p"}, {"02:22:46 PM", "%r"},
        {"PM 2", "%p %I"},              {"13:00 AM", "%I:%M %p"},
        {"1990-11-04 02:22", "%Y-%m-%d %H:%M"},
        {"Nov 04 1990", "%b %d %Y"},    {"november4,1990", "%B%d,%Y"},
        {"Sunday, 4 November 90", "%A, %d %B %y"},
        {"Sun Nov  4 02:22:46 1990", "%c"},
        {"12/25/68", "%D"},             {"12/25/69", "%x"},
        {"13:14", "%R"},                {"13:14:60", "%T"},
        {"13:14:62", "%T"},             {"24:00", "%R"},
        {"2024-02-29T01:02:03Z", "%FT%TZ"},
        {"2024 60", "%Y %j"},           {"2023 365", "%Y %j"},
        {"2024 366", "%Y %j"},          {"367", "%j"},
        {"5 % x", "%H %% x"},           {"5 x", "%H %%"},
        {"\n\t 5", "%n%H"},             {"7:05", "%k:%M"},
        {"3", "%u"},                    {"7", "%u"},
        {"0", "%u"},                    {"6", "%w"},
        {"19", "%H"},                   {"1", "%d:"},
        {"x", "%d"},                    {"", "%d"},
        {"", ""},                       {"", " %n"},
        {"53", "%U"},                   {"54", "%U"},
        {"99", "%m"},                   {"0", "%m"},
        {"32", "%d"},                   {"Fooday", "%a"},
        {"Monda", "%A"},                {"may 3 2001", "%b %e %Y"},
        {"20010203", "%Y%m%d"},         {"20010203040506", "%Y%m%d%H%M%S"},
        {"5", "%"},                     {"5", "%Q"},
        {"12", "%Om"},                  {"1999", "%EY"},
        {"19 98 03 04", "%C %y %m %d"}, {"98 19 03 04", "%y %C %m %d"},
        {"abc", "abd"},                 {"abc", "abc def"},
        {"+0130x", "%z"},               {"-05:00", "%z"},
        {"Z", "%z"},                    {"0130", "%z"},
        {"86400", "%s"},                {"1e9", "%s"},
        {"GMT rest", "%Z"},             {"1 AM", "%l %p"},
    };

    setenv("TZ", "UTC0", 1);
    tzset();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        compare(cases[i][0], cases[i][1]);
}

static void each_day_comes_back(void **state)
{
    for (time_t day = -25567; day < 47482; day++) {
        time_t t = day * 86400 + 12345;
        struct tm want, got = {0};
        char text[80];

        gmtime_r(&t, &want);
        strftime(text, sizeof text, day % 2 ? "%Y-%m-%d %T" : "%b %e %Y, %I:%M:%S %p", &want);
        assert_non_null(our_strptime(text, day % 2 ? "%Y-%m-%d %T" : "%b %e %Y, %I:%M:%S %p", &got));
        assert_int_equal(got.tm_wday, want.tm_wday);
        assert_int_equal(got.tm_yday, want.tm_yday);
        assert_int_equal(timegm(&got), t);
        strftime(text, sizeof text, "%Y %j", &want);
        assert_non_null(our_strptime(text, "%Y %j", &got));
        assert_int_equal(got.tm_mon * 100 + got.tm_mday, want.tm_mon * 100 + want.tm_mday);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_as_on_the_host),
        cmocka_unit_test(each_day_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
