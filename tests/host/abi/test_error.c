/* The error list: values distinct, negative, and small enough for a message label. */
#include <abi/error.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void every_error_has_its_own_negative_value(void **state)
{
    static const int values[] = {
#define X(name, value, posix, text) value,
        ERR_LIST(X)
#undef X
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_in_range(-values[i], 1, 1023);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(values[i], values[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_negative_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
