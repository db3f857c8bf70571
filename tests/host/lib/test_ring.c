/* Rings between servers against a naive queue, and against a peer that lies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <lib/server/ring.h>
#include "random.h"

static struct ring_page page[2];
static struct ring a, b;

static int setup(void **state)
{
    (void)state;
    memset(page, 0, sizeof page);
    ring_attach(&a, &page[0], &page[1], 1);
    ring_attach(&b, &page[1], &page[0], 1);
    return 0;
}

static struct ring_entry numbered(uint64_t n)
{
    struct ring_entry e = {.head = n};

    for (unsigned i = 0; i < RING_WORDS; i++)
        e.word[i] = n * 8 + i;
    return e;
}

static void assert_numbered(const struct ring_entry *e, uint64_t n)
{
    struct ring_entry want = numbered(n);

    assert_memory_equal(e, &want, sizeof want);
}

static void entries_come_in_order_in_both_directions(void **state)
{
    uint64_t put[2] = {0, 0}, got[2] = {0, 0};
    struct ring *side[2] = {&a, &b};
    struct ring_entry e;

    (void)state;
    random_start();
    for (unsigned step = 0; step < 200000; step++) {
        unsigned who = (unsigned)random_below(2);
        uint64_t waiting = put[who] - got[1 - who];

        assert_true(waiting <= RING_ENTRIES);
        if (random_below(2)) {
            e = numbered(put[who]);
            assert_int_equal(ring_put(side[who], &e), waiting == RING_ENTRIES ? ERR_AGAIN : 0);
            put[who] += waiting < RING_ENTRIES;
        } else {
            int there = put[1 - who] != got[who];

            assert_int_equal(ring_is_pending(side[who]), there);
            assert_int_equal(ring_get(side[who], &e), there);
            if (there)
                assert_numbered(&e, got[who]++);
        }
    }
    assert_true(put[0] > 1000 && put[1] > 1000);
}

static void attaching_again_goes_on_where_it_was(void **state)
{
    struct ring_entry e;

    (void)state;
    for (uint64_t n = 0; n < 100; n++) {
        e = numbered(n);
        assert_int_equal(ring_put(&a, &e), 0);
        if (n % 3 == 0)
            ring_attach(&b, &page[1], &page[0], 2);
        assert_int_equal(ring_get(&b, &e), 1);
        assert_numbered(&e, n);
        if (n % 7 == 0)
            ring_attach(&a, &page[0], &page[1], 2);
    }
    assert_int_equal(page[1].epoch, 2);
}

static void too_many_entries_claimed_kill_the_peer(void **state)
{
    struct ring_entry e;

    (void)state;
    page[0].produced = RING_ENTRIES + 1;
    assert_int_equal(ring_get(&b, &e), ERR_DEAD);
    page[0].produced = 1;
    assert_int_equal(ring_get(&b, &e), ERR_DEAD);
    assert_int_equal(ring_put(&b, &e), ERR_DEAD);
}

static void entries_taken_back_kill_the_peer(void **state)
{
    struct ring_entry e = numbered(1);

    (void)state;
    ring_put(&a, &e);
    assert_int_equal(ring_get(&b, &e), 1);
    page[0].produced = 0;
    assert_int_equal(ring_get(&b, &e), ERR_DEAD);
}

static void fill(struct ring *r)
{
    struct ring_entry e = {0};

    for (unsigned i = 0; i < RING_ENTRIES; i++)
        assert_int_equal(ring_put(r, &e), 0);
    assert_int_equal(ring_put(r, &e), ERR_AGAIN);
}

static void taking_what_was_not_put_kills_the_peer(void **state)
{
    struct ring_entry e = {0};

    (void)state;
    fill(&a);
    page[1].consumed = RING_ENTRIES + 1;
    assert_int_equal(ring_put(&a, &e), ERR_DEAD);
}

static void untaking_kills_the_peer(void **state)
{
    struct ring_entry e = {0};

    (void)state;
    fill(&a);
    for (unsigned i = 0; i < 5; i++)
        ring_get(&b, &e);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(ring_put(&a, &e), 0);
    page[1].consumed = 2;
    assert_int_equal(ring_put(&a, &e), ERR_DEAD);
}

/* Whatever the peer writes into its page, nothing is touched outside (ASan) and the other direction's
 * page is written only where it should be. */
static void random_lies_do_no_harm(void **state)
{
    unsigned deaths = 0;

    random_start();
    for (unsigned round = 0; round < 20000; round++) {
        struct ring_entry e = {0};

        setup(state);
        for (unsigned step = 0; step < 20; step++) {
            uint64_t *victim = random_below(2) ? &page[1].produced : &page[1].consumed;

            if (random_below(3) == 0)
                *victim = random_below(2) ? random_below(130) : ~random_below(3);
            if (random_below(2))
                ring_put(&a, &e);
            else
                ring_get(&a, &e);
            assert_true(a.put < RING_ENTRIES && a.get < RING_ENTRIES);
        }
        deaths += a.is_dead;
    }
    assert_true(deaths > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(entries_come_in_order_in_both_directions, setup),
        cmocka_unit_test_setup(attaching_again_goes_on_where_it_was, setup),
        cmocka_unit_test_setup(too_many_entries_claimed_kill_the_peer, setup),
        cmocka_unit_test_setup(entries_taken_back_kill_the_peer, setup),
        cmocka_unit_test_setup(taking_what_was_not_put_kills_the_peer, setup),
        cmocka_unit_test_setup(untaking_kills_the_peer, setup),
        cmocka_unit_test_setup(random_lies_do_no_harm, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
