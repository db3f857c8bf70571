/* Matching of names: cases of each element, and random ones against the host's fnmatch. */
#include <fnmatch.h>
#include <locale.h>
#include <string.h>
#include "random.h"

int ours(const char *pattern, const char *text, int flags);

#define fnmatch ours
#include <libc/fnmatch.c>
#undef fnmatch

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void elements_match_what_posix_says(void **state)
{
    static const struct {
        const char *pattern, *text;
        int flags, want;
    } table[] = {
        {"", "", 0, 0},
        {"a*b*c", "axxbyybzc", 0, 0},
        {"a*b*c", "axxbyybz", 0, 1},
        {"*", "", 0, 0},
        {"?", "\xc3\xa4", 0, 0},
        {"[\xc3\xa4-\xc3\xbc]", "\xc3\xb6", 0, 0},
        {"?", "\xff", 0, 0},
        {"[[:alpha:]][[:digit:]]", "a7", 0, 0},
        {"[![:alpha:]]", "a", 0, 1},
        {"[[:nonsense:]]", "x", 0, 1},
        {"[[=a=]]", "a", 0, 0},
        {"[[.-.]]", "-", 0, 0},
        {"[]x]", "]", 0, 0},
        {"[!]x]", "]", 0, 1},
        {"[a-]", "-", 0, 0},
        {"[a", "[a", 0, 0},
        {"\\*", "*", 0, 0},
        {"\\*", "\\x", FNM_NOESCAPE, 0},
        {"*/b", "a/c/b", 0, 0},
        {"*/b", "a/c/b", FNM_PATHNAME, 1},
        {"a?b", "a/b", FNM_PATHNAME, 1},
        {"a[/]b", "a/b", FNM_PATHNAME, 1},
        {"*", ".x", FNM_PERIOD, 1},
        {"?x", ".x", FNM_PERIOD, 1},
        {"[.]x", ".x", FNM_PERIOD, 1},
        {".*", ".x", FNM_PERIOD, 0},
        {"a/*", "a/.x", FNM_PERIOD, 0},
        {"a/*", "a/.x", FNM_PERIOD | FNM_PATHNAME, 1},
        {"a*", "a.x", FNM_PERIOD, 0},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((ours(table[i].pattern, table[i].text, table[i].flags) != 0) != table[i].want)
            fail_msg("%s against %s", table[i].pattern, table[i].text);
}

static void flags_beyond_posix(void **state)
{
    assert_int_equal(ours("A[b-C]*D", "abxd", FNM_CASEFOLD), 0);
    assert_int_equal(ours("[[:upper:]]", "a", FNM_CASEFOLD), 0);
    assert_int_equal(ours("a*b", "axb/c", FNM_LEADING_DIR), 0);
    assert_int_equal(ours("a*b", "axbx/c", FNM_LEADING_DIR), FNM_NOMATCH);
}

/* A star is never gone back to once a later one was reached: this would take for ever otherwise. */
static void many_stars_take_no_time(void **state)
{
    char pattern[201], text[2001];

    for (int i = 0; i < 200; i++)
        pattern[i] = "a*"[i % 2];
    pattern[200] = '\0';
    memset(text, 'a', 2000);
    strcpy(text + 2000, "");
    assert_int_equal(ours(pattern, text, 0), 0);
    pattern[199] = 'b';
    assert_int_equal(ours(pattern, text, 0), FNM_NOMATCH);
}

/* Brackets are whole, so that no unspecified pattern comes up. */
static void random_pattern(char *p)
{
    static const char *const parts[] = {"a", "b", "/", ".", "*", "?", "[ab]", "[!a]", "[a-b]", "\\*", "\\a"};

    *p = '\0';
    for (uint64_t n = random_below(7); n > 0; n--)
        strcat(p, parts[random_below(sizeof parts / sizeof *parts)]);
}

static void the_host_says_the_same(void **state)
{
    static const int flags[] = {0, FNM_PATHNAME, FNM_PERIOD, FNM_PATHNAME | FNM_PERIOD, FNM_NOESCAPE};
    char pattern[64], text[16];

    random_start();
    for (int i = 0; i < 200000; i++) {
        size_t n = random_below(7);

        random_pattern(pattern);
        for (size_t k = 0; k < n; k++)
            text[k] = "ab/.*\\"[random_below(6)];
        text[n] = '\0';
        for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) {
            if (flags[k] & FNM_PERIOD && strstr(pattern, "*?"))
                continue; /* glibc then takes any '.' for a leading one */
            if (ours(pattern, text, flags[k]) != fnmatch(pattern, text, flags[k]))
                fail_msg("'%s' against '%s', flags %#x: we say %d", pattern, text, flags[k],
                         ours(pattern, text, flags[k]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_match_what_posix_says),
        cmocka_unit_test(flags_beyond_posix),
        cmocka_unit_test(many_stars_take_no_time),
        cmocka_unit_test(the_host_says_the_same),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("fnmatch", tests, NULL, NULL);
}
