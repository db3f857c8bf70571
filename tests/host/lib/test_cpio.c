/* cpio_read: archives written here, cut short, and with random damage. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <abi/error.h>
#include <lib/cpio/cpio.h>
#include "random.h"

struct archive {
    char bytes[4096];
    size_t n;
};

static void add(struct archive *a, const char *name, const char *data, size_t bytes)
{
    size_t name_bytes = strlen(name) + 1;
    char head[2 * CPIO_HEADER_BYTES];

    snprintf(head, sizeof head, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 1,
             0100644, 0, 0, 1, 0, bytes, 0, 0, 0, 0, name_bytes, 0);
    memcpy(a->bytes + a->n, head, CPIO_HEADER_BYTES);
    memcpy(a->bytes + a->n + CPIO_HEADER_BYTES, name, name_bytes);
    a->n = (a->n + CPIO_HEADER_BYTES + name_bytes + 3) & ~3UL;
    memcpy(a->bytes + a->n, data, bytes);
    a->n = (a->n + bytes + 3) & ~3UL;
}

static struct archive sample(void)
{
    struct archive a = {.n = 0};

    add(&a, "console", "abcde", 5);
    add(&a, "empty", "", 0);
    add(&a, "conf", "mode=run\n", 9);
    add(&a, "TRAILER!!!", "", 0);
    return a;
}

/* Walk as init does, through a copy of exactly the bytes that exist. => entries, or the error. */
static int walk(const char *bytes, size_t n, struct cpio_entry *entries, int max)
{
    char *exact = malloc(n ? n : 1);
    uint64_t at = 0;
    int count = 0, rc;
    struct cpio_entry e;

    memcpy(exact, bytes, n);
    while ((rc = cpio_read(exact + at, n - at, at, n, &e)) == 0) {
        assert_true(e.data + e.bytes <= n);
        assert_true(e.next > at);
        assert_true(memchr(e.name, 0, sizeof e.name) != NULL);
        if (count < max)
            entries[count] = e;
        count++;
        at = e.next;
        if (at > n)
            break;
    }
    free(exact);
    return rc == ERR_CORRUPT ? rc : count;
}

static void entries_are_found_with_their_contents(void **state)
{
    struct archive a = sample();
    struct cpio_entry e[4];

    (void)state;
    assert_int_equal(walk(a.bytes, a.n, e, 4), 3);
    assert_string_equal(e[0].name, "console");
    assert_memory_equal(a.bytes + e[0].data, "abcde", 5);
    assert_int_equal(e[1].bytes, 0);
    assert_string_equal(e[2].name, "conf");
    assert_memory_equal(a.bytes + e[2].data, "mode=run\n", 9);
}

static void archive_cut_anywhere_is_corrupt_or_shorter(void **state)
{
    struct archive a = sample();
    struct cpio_entry e[4];

    (void)state;
    for (size_t n = 0; n < a.n; n++) {
        int count = walk(a.bytes, n, e, 4);

        assert_true(count == ERR_CORRUPT || (count >= 0 && count <= 3));
    }
    assert_int_equal(walk(a.bytes, 0, e, 4), 0);
    assert_int_equal(walk(a.bytes, 50, e, 4), ERR_CORRUPT);
}

static void long_and_empty_names_are_corrupt(void **state)
{
    char name[100];
    struct archive a = {.n = 0};
    struct cpio_entry e[1];

    (void)state;
    memset(name, 'x', sizeof name);
    name[CPIO_NAME_MAX - 1] = 0;
    add(&a, name, "", 0);
    assert_int_equal(walk(a.bytes, a.n, e, 1), 1);
    a.n = 0;
    name[CPIO_NAME_MAX - 1] = 'x';
    name[CPIO_NAME_MAX] = 0;
    add(&a, name, "", 0);
    assert_int_equal(walk(a.bytes, a.n, e, 1), ERR_CORRUPT);
    a = sample();
    memcpy(a.bytes + 94, "00000000", 8);
    assert_int_equal(walk(a.bytes, a.n, e, 1), ERR_CORRUPT);
    memcpy(a.bytes + 94, "ffffffff", 8);
    assert_int_equal(walk(a.bytes, a.n, e, 1), ERR_CORRUPT);
}

static void random_damage_stays_inside(void **state)
{
    (void)state;
    random_start();
    for (unsigned round = 0; round < 50000; round++) {
        struct archive a = sample();
        struct cpio_entry e[4];

        for (uint64_t n = 1 + random_below(4); n > 0; n--)
            a.bytes[random_below(a.n)] = "0123456789abcdefABCDEF\0xyz"[random_below(27)];
        walk(a.bytes, a.n - random_below(8), e, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_found_with_their_contents),
        cmocka_unit_test(archive_cut_anywhere_is_corrupt_or_shorter),
        cmocka_unit_test(long_and_empty_names_are_corrupt),
        cmocka_unit_test(random_damage_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
