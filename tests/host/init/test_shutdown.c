/* The order of a shutdown, with servers that answer, fail, die and are late. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <servers/init/shutdown.h>
#include "../lib/random.h"

#define BIT(id) (1u << (id))

static const enum server_id order[] = {SRV_PROC, SRV_PAGER, SRV_FS, SRV_SWAP, SRV_BLK, SRV_CONSOLE};

static void all_servers_end_in_order(void **state)
{
    struct shutdown s = {0};

    (void)state;
    assert_true(shutdown_begin(&s, 42, 0));
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(s.server, order[i]);
        assert_int_equal(s.step, i < 5 ? SHUTDOWN_QUIESCE : SHUTDOWN_FINISH);
        assert_true(shutdown_answered(&s, order[i], 0, 0));
    }
    assert_int_equal(s.step, SHUTDOWN_OFF);
    assert_int_equal(s.status, 42);
    assert_false(s.has_failed);
}

static void it_begins_only_once(void **state)
{
    struct shutdown s = {0};

    (void)state;
    assert_true(shutdown_begin(&s, 1, 0));
    shutdown_answered(&s, SRV_PROC, 0, 0);
    assert_false(shutdown_begin(&s, 2, 0));
    assert_int_equal(s.status, 1);
    assert_int_equal(s.server, SRV_PAGER);
}

static void dead_servers_are_left_out(void **state)
{
    struct shutdown s = {0};

    (void)state;
    shutdown_begin(&s, 0, BIT(SRV_PROC) | BIT(SRV_FS));
    assert_int_equal(s.server, SRV_PAGER);
    assert_true(shutdown_answered(&s, SRV_PAGER, 0, BIT(SRV_FS)));
    assert_int_equal(s.server, SRV_SWAP);
    assert_true(s.has_failed);
}

static void everything_dead_is_off_at_once(void **state)
{
    struct shutdown s = {0};

    (void)state;
    assert_true(shutdown_begin(&s, 0, ~0u));
    assert_int_equal(s.step, SHUTDOWN_OFF);
}

static void answers_of_others_change_nothing(void **state)
{
    struct shutdown s = {0};

    (void)state;
    assert_false(shutdown_answered(&s, SRV_PROC, 0, 0));
    assert_false(shutdown_gave_up(&s, 0));
    shutdown_begin(&s, 0, 0);
    assert_false(shutdown_answered(&s, SRV_PAGER, -32, 0));
    assert_int_equal(s.server, SRV_PROC);
    assert_false(s.has_failed);
}

static void errors_and_silence_are_failures_but_not_the_end(void **state)
{
    struct shutdown s = {0};

    (void)state;
    shutdown_begin(&s, 0, 0);
    shutdown_answered(&s, SRV_PROC, 0, 0);
    assert_false(s.has_failed);
    assert_true(shutdown_answered(&s, SRV_PAGER, -32, 0));
    assert_true(s.has_failed);
    s.has_failed = false;
    assert_true(shutdown_gave_up(&s, 0));
    assert_true(s.has_failed);
    assert_int_equal(s.server, SRV_SWAP);
}

/* Whatever happens, it ends after at most six steps, and no server is asked twice or when dead. */
static void it_always_ends(void **state)
{
    (void)state;
    random_start();
    for (unsigned round = 0; round < 20000; round++) {
        struct shutdown s = {0};
        uint32_t dead = (uint32_t)random_below(128) & (uint32_t)random_below(128), asked = 0;
        unsigned steps = 0;

        shutdown_begin(&s, 0, dead);
        while (s.step != SHUTDOWN_OFF) {
            assert_true(steps++ < 6);
            assert_false((asked | dead) & BIT(s.server));
            asked |= BIT(s.server);
            if (random_below(4) == 0)
                dead |= BIT(random_below(SRV_COUNT));
            if (random_below(3) == 0)
                assert_true(shutdown_gave_up(&s, dead));
            else
                assert_true(shutdown_answered(&s, s.server, 0, dead));
        }
        assert_false(shutdown_gave_up(&s, dead));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_servers_end_in_order),
        cmocka_unit_test(it_begins_only_once),
        cmocka_unit_test(dead_servers_are_left_out),
        cmocka_unit_test(everything_dead_is_off_at_once),
        cmocka_unit_test(answers_of_others_change_nothing),
        cmocka_unit_test(errors_and_silence_are_failures_but_not_the_end),
        cmocka_unit_test(it_always_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
