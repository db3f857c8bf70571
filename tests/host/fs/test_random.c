/* Random bytes: the cipher against the standard's example, and what a generator must not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <servers/fs/random.h>

/* RFC 8439, "Test Vector for the ChaCha20 Block Function". */
static void a_block_is_the_standard_s(void **state)
{
    static const uint8_t start[] = {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15,
                                    0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4};
    uint32_t key[8], nonce[3] = {0x09000000, 0x4a000000, 0};
    uint8_t out[64];
    for (uint8_t i = 0; i < 32; i++)
        ((uint8_t *)key)[i] = i;
    chacha20_block(key, 1, nonce, out);
    assert_memory_equal(out, start, sizeof start);
}

static void draws_differ_and_depend_on_what_was_stirred_in(void **state)
{
    struct random_pool a = {{0}}, b = {{0}};
    uint8_t one[100], two[100];
    random_draw(&a, one, sizeof one);
    random_draw(&b, two, sizeof two);
    assert_memory_equal(one, two, sizeof one);
    random_draw(&a, one, sizeof one);
    assert_memory_not_equal(one, two, sizeof one);
    random_draw(&b, two, sizeof two);
    random_stir(&b, "x", 1);
    random_draw(&a, one, sizeof one);
    random_draw(&b, two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
}

static void bits_are_balanced(void **state)
{
    struct random_pool pool = {{1}};
    static uint8_t bytes[100000];
    uint32_t ones = 0;
    random_draw(&pool, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        ones += (uint32_t)__builtin_popcount(bytes[i]);
    assert_in_range(ones, 400000 - 2500, 400000 + 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_is_the_standard_s),
        cmocka_unit_test(draws_differ_and_depend_on_what_was_stirred_in),
        cmocka_unit_test(bits_are_balanced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
