/* Patterns: cases by hand, and random ones against the host's fnmatch(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "apps/sh/pattern.h"

static void stars_and_questions_match(void **state)
{
    assert_true(pattern_matches("", ""));
    assert_true(pattern_matches("*", ""));
    assert_true(pattern_matches("a*b*c", "axxbyyc"));
    assert_true(pattern_matches("*.c", "main.c"));
    assert_true(pattern_matches("?*", "x"));
    assert_false(pattern_matches("?", ""));
    assert_false(pattern_matches("a*b", "axxbc"));
    assert_false(pattern_matches("", "x"));
}

static void sets_match(void **state)
{
    assert_true(pattern_matches("[abc]", "b"));
    assert_true(pattern_matches("[a-c]x", "bx"));
    assert_true(pattern_matches("[!a-c]", "d"));
    assert_true(pattern_matches("[]]", "]"));
    assert_true(pattern_matches("[!]]", "x"));
    assert_true(pattern_matches("[[:digit:]x]", "7"));
    assert_true(pattern_matches("[a-]", "-"));
    assert_false(pattern_matches("[[:alpha:]]", "7"));
    assert_true(pattern_matches("[a", "[a"));
}

static void backslash_takes_the_meaning_away(void **state)
{
    struct arena *arena = arena_new();

    assert_true(pattern_matches("\\*", "*"));
    assert_false(pattern_matches("\\*", "x"));
    assert_false(pattern_is_magic("a\\*b\\[c]"));
    assert_true(pattern_is_magic("a[b]"));
    assert_false(pattern_is_magic("a[b"));
    assert_string_equal(pattern_text(arena, "a\\*b\\\\"), "a*b\\");
    arena_drop(arena);
}

static void many_stars_end_soon(void **state)
{
    assert_false(pattern_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b",
                                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void random_text(char *text, const char *letters, int most)
{
    int n = rand() % (most + 1);

    for (int i = 0; i < n; i++)
        text[i] = letters[(size_t)rand() % strlen(letters)];
    text[n] = 0;
}

static void random_patterns_match_as_in_the_host(void **state)
{
    unsigned seed = getenv("SEED") ? (unsigned)atoi(getenv("SEED")) : (unsigned)time(NULL);
    char pattern[16], text[16];

    srand(seed);
    for (int i = 0; i < 200000; i++) {
        random_text(pattern, "ab*?[!]", 10);
        random_text(text, "ab[!]", 8);
        /* An unfinished set that looks like a class, or ranges of one's own taste: not generated.
         */
        if (pattern_matches(pattern, text) != !fnmatch(pattern, text, 0))
            fail_msg("SEED=%u: pattern \"%s\", text \"%s\"", seed, pattern, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stars_and_questions_match),
        cmocka_unit_test(sets_match),
        cmocka_unit_test(backslash_takes_the_meaning_away),
        cmocka_unit_test(many_stars_end_soon),
        cmocka_unit_test(random_patterns_match_as_in_the_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
