/* scanf's core against the host's, and what only it can tell. */
#include <libc/stdio/scan.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct text {
    struct scan_input input; /* first */
    const char *at;
};

static int get(struct scan_input *in)
{
    struct text *t = (struct text *)in;

    return *t->at ? (unsigned char)*t->at++ : SCAN_END;
}

static void back(struct scan_input *in)
{
    ((struct text *)in)->at--;
}

static const char *rest; /* of the input, after scan() */

static int scan(const char *text, const char *how, ...)
{
    struct text t = {{get, back, false, 0}, text};
    va_list ap;
    int n;

    va_start(ap, how);
    n = scan_read(&t.input, how, ap);
    va_end(ap);
    rest = t.at;
    return n;
}

struct result {
    int64_t integers[3];
    double real;
    char words[2][64];
};

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* Three pointers are enough for every format of the tables. */
static void compare(const char *text, const char *how, size_t a, size_t b, size_t c)
{
    struct result ours, theirs;
    int n, host;

    memset(&ours, 0xee, sizeof ours);
    memset(&theirs, 0xee, sizeof theirs);
    n = scan(text, how, (char *)&ours + a, (char *)&ours + b, (char *)&ours + c);
    host = sscanf(text, how, (char *)&theirs + a, (char *)&theirs + b, (char *)&theirs + c);
    if (n != host || memcmp(&ours, &theirs, sizeof ours)) {
        print_error("\"%s\" by \"%s\": %d, the host %d\n", text, how, n, host);
        fail();
    }
}

#define INTEGER(n) offsetof(struct result, integers[n])
#define REAL offsetof(struct result, real)
#define WORD(n) offsetof(struct result, words[n])

static void integers_are_as_on_the_host(void **state)
{
    static const char *const texts[] = {"12", "  -7x", "+5", "0x1f", "017", "0", "", "   ", "x", "-", "99999999999999999999",
                                        "-99999999999999999999", "12 34 56", "12,34", "1 2", "0b1", "08", "4294967296"};
    static const char *const forms[] = {"%lld", "%lli", "%llu", "%llo", "%llx", "%d", "%hd", "%hhd", "%u", "%2lld", "%1d%1d%1d",
                                        "%d %d %d", "%d,%d", "%*d %d", "%ld%n", "%p", "%jd", "%zd%td"};

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
            compare(texts[t], forms[f], INTEGER(0), INTEGER(1), INTEGER(2));
}

static void reals_are_as_on_the_host(void **state)
{
    static const char *const texts[] = {"1.5", "-2e3", "inf", "INFINITYx", "nan", "0x1.8p1", ".5.", "1e5", "5.e1", "1e-400",
                                        "3.14159265358979323846264338327950288 7", "", " ", "x", "12abc", "1..2"};
    static const char *const forms[] = {"%lf", "%le %d", "%1lf", "%4lf%d", "%*f%d", "%lg%n", "%la"};

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
            compare(texts[t], forms[f], strstr(forms[f], "*") ? INTEGER(0) : REAL, INTEGER(1), INTEGER(2));
}

static void words_are_as_on_the_host(void **state)
{
    static const char *const texts[] = {"one two", "  lead", "a,b", "aaa]b", "", "x=5;y", "12-34", "^up", "abc"};
    static const char *const forms[] = {"%s", "%s %s", "%3s%s", "%[a-z]", "%[^,]%s", "%[]a]%s", "%[^]]", "%2c", "%c%c", "%*s %s",
                                        "%1[a]%[a]", "%[0-9-]%s", "%[^a-z]%s", " %[a-z] %[a-z]", "x=%[0-9];%s", "%[^^]"};

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
            compare(texts[t], forms[f], WORD(0), WORD(1), INTEGER(0));
}

static void literals_and_numbered_arguments_are_as_on_the_host(void **state)
{
    compare("5%7", "%d%%%d", INTEGER(0), INTEGER(1), 0);
    compare("5 %7", "%d%%%d", INTEGER(0), INTEGER(1), 0);
    compare("a b", "a %c", WORD(0), 0, 0);
    compare("ab", "a %c", WORD(0), 0, 0);
    compare("7 word", "%2$d %1$s", WORD(0), INTEGER(0), 0);
    compare("10:20:30", "%d:%d:%d", INTEGER(0), INTEGER(1), INTEGER(2));
    compare("10:20-30", "%d:%d:%d", INTEGER(0), INTEGER(1), INTEGER(2));
}

static void one_character_is_given_back(void **state)
{
    char word[10];
    double real;
    int n;

    assert_int_equal(scan("12abc", "%d", &n), 1);
    assert_string_equal(rest, "abc");
    assert_int_equal(scan("1.5e+x", "%lf", &real), 0);
    assert_string_equal(rest, "x");
    assert_int_equal(scan("0xz", "%i", &n), 0);
    assert_string_equal(rest, "z");
    assert_int_equal(scan("word next", "%9s", word), 1);
    assert_string_equal(rest, " next");
}

static void strings_are_allocated_if_asked(void **state)
{
    char long_text[5000], *word = NULL, *set = NULL;
    wchar_t *wide = NULL;

    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(scan(long_text, "%ms", &word), 1);
    assert_string_equal(word, long_text);
    free(word);
    assert_int_equal(scan("abc123", "%m[a-z]%mls", &set, &wide), 2);
    assert_string_equal(set, "abc");
    assert_true(wide[0] == L'1' && wide[2] == L'3' && wide[3] == 0);
    free(set);
    free(wide);
    assert_int_equal(scan("", "%ms", &word), SCAN_END);
}

static void very_long_numbers_are_read(void **state)
{
    char text[3000];
    double real;

    memset(text, '0', sizeof text);
    text[0] = '1';
    memcpy(text + 2000, "e-2000", 7);
    assert_int_equal(scan(text, "%lf", &real), 1);
    assert_true(real == 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_as_on_the_host),
        cmocka_unit_test(reals_are_as_on_the_host),
        cmocka_unit_test(words_are_as_on_the_host),
        cmocka_unit_test(literals_and_numbered_arguments_are_as_on_the_host),
        cmocka_unit_test(one_character_is_given_back),
        cmocka_unit_test(strings_are_allocated_if_asked),
        cmocka_unit_test(very_long_numbers_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
