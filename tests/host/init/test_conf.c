/* Reading the boot archive's configuration. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <servers/init/conf.h>
#include "../lib/random.h"

/* From an exact allocation, so that ASan sees a read behind it. */
static struct conf conf_of(const char *text)
{
    size_t n = strlen(text);
    char *exact = malloc(n ? n : 1);
    struct conf conf;

    memcpy(exact, text, n);
    conf_read(exact, n, &conf);
    free(exact);
    return conf;
}

static void empty_text_means_the_defaults(void **state)
{
    struct conf conf = conf_of("");

    (void)state;
    assert_false(conf.is_exec);
    assert_int_equal(conf.rows, 0);
    assert_string_equal(conf.policy, "clock");
    assert_string_equal(conf.unknown, "");
}

static void all_keys_are_read(void **state)
{
    struct conf conf = conf_of("mode=exec\npolicy=aging\nsize=50x132");

    (void)state;
    assert_true(conf.is_exec);
    assert_int_equal(conf.rows, 50);
    assert_int_equal(conf.cols, 132);
    assert_string_equal(conf.policy, "aging");
    assert_string_equal(conf.unknown, "");
    conf = conf_of("mode=exec\nmode=run\nsize=1x1\nsize=9999x2\n\n");
    assert_false(conf.is_exec);
    assert_int_equal(conf.rows, 9999);
}

static void first_line_not_understood_is_kept(void **state)
{
    struct conf conf = conf_of("policy=fifo\ncolour=red\nshape=round\n");

    (void)state;
    assert_string_equal(conf.policy, "fifo");
    assert_string_equal(conf.unknown, "colour=red");
    assert_string_equal(conf_of("mode").unknown, "mode");
    assert_string_equal(conf_of("mode=perhaps").unknown, "mode=perhaps");
    assert_string_equal(conf_of("=x").unknown, "=x");
    assert_string_equal(conf_of("policy=").unknown, "policy=");
    static const char *const sizes[] = {"size=", "size=3", "size=3x", "size=x3", "size=0x3",
                                        "size=3x0", "size=3x4x", "size=12345x3", "size=3x12345"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        conf = conf_of(sizes[i]);
        assert_string_equal(conf.unknown, sizes[i]);
        assert_int_equal(conf.rows, 0);
    }
}

static void long_values_are_refused_and_long_lines_cut(void **state)
{
    struct conf conf = conf_of("policy=0123456789abcdef\n");

    (void)state;
    assert_string_equal(conf.policy, "clock");
    assert_string_equal(conf_of("policy=0123456789abcde").policy, "0123456789abcde");
    conf = conf_of("0123456789012345678901234567890123456789");
    assert_int_equal(strlen(conf.unknown), sizeof conf.unknown - 1);
}

static void random_text_does_no_harm(void **state)
{
    (void)state;
    random_start();
    for (unsigned round = 0; round < 20000; round++) {
        char text[80];
        size_t n = random_below(sizeof text - 1);

        for (size_t i = 0; i < n; i++)
            text[i] = "mode=xcpliyrun\n=\1ho"[random_below(19)];
        text[n] = 0;
        conf_of(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_text_means_the_defaults),
        cmocka_unit_test(all_keys_are_read),
        cmocka_unit_test(first_line_not_understood_is_kept),
        cmocka_unit_test(long_values_are_refused_and_long_lines_cut),
        cmocka_unit_test(random_text_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
