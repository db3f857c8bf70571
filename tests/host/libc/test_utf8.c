/* UTF-8: all characters there and back, and everything that is not one. */
#include <libc/utf8.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void every_character_survives(void **state)
{
    char bytes[UTF8_MAX];

    for (uint32_t c = 0; c < 0x120000; c++) {
        struct utf8_state s = {0};
        size_t n = utf8_encode(c, bytes);
        uint32_t back = 0;

        if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            assert_int_equal(n, 0);
            continue;
        }
        for (size_t i = 0; i < n; i++)
            assert_int_equal(utf8_feed(&s, (unsigned char)bytes[i], &back), i + 1 == n);
        assert_int_equal(back, c);
    }
}

static void what_is_not_utf8_is_refused(void **state)
{
    static const char *const wrong[] = {"\x80", "\xc0", "\xc1", "\xe0\x80", "\xe0\x9f", "\xed\xa0", "\xf0\x8f",
                                        "\xf4\x90", "\xf5", "\xff", "\xc3(", "\xe2\x82(", "\xf0\x9f\x98("};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct utf8_state s = {0};
        size_t n = strlen(wrong[i]);
        uint32_t c;

        for (size_t k = 0; k < n; k++)
            assert_int_equal(utf8_feed(&s, (unsigned char)wrong[i][k], &c), k + 1 == n ? -1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_survives),
        cmocka_unit_test(what_is_not_utf8_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
