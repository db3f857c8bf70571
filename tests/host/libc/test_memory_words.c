/* Copying by words, at every alignment, against the plain way. The functions get names of their own. */
#include <stddef.h>

void *our_memcpy(void *restrict to, const void *restrict from, size_t n);
void *our_memmove(void *to, const void *from, size_t n);
int our_memcmp(const void *a, const void *b, size_t n);
#include <string.h>
#define memcpy our_memcpy
#define memmove our_memmove
#include <libc/memory_words.c>
#undef memcpy
#undef memmove

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <tests/host/libc/random.h>

#define ROOM 320

static unsigned char ours[ROOM] __attribute__((aligned(8))), theirs[ROOM] __attribute__((aligned(8)));

static void fill(void)
{
    for (size_t i = 0; i < ROOM; i++)
        ours[i] = theirs[i] = (unsigned char)random_word();
}

static void copies_are_right_at_every_alignment(void **state)
{
    unsigned char from[ROOM] __attribute__((aligned(8)));

    for (size_t n = 0; n < 200; n++)
        for (size_t t = 0; t < 8; t++)
            for (size_t f = 0; f < 8; f++) {
                fill();
                memcpy(from, ours, ROOM);
                assert_ptr_equal(our_memcpy(ours + 16 + t, from + 16 + f, n), ours + 16 + t);
                memcpy(theirs + 16 + t, from + 16 + f, n);
                assert_memory_equal(ours, theirs, ROOM);
            }
}

static void moves_are_right_however_they_overlap(void **state)
{
    for (int i = 0; i < 100000; i++) {
        size_t n = random_below(120), to = 16 + random_below(100), from = 16 + random_below(100);

        fill();
        assert_ptr_equal(our_memmove(ours + to, ours + from, n), ours + to);
        memmove(theirs + to, theirs + from, n);
        assert_memory_equal(ours, theirs, ROOM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_right_at_every_alignment),
        cmocka_unit_test(moves_are_right_however_they_overlap),
    };

    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
