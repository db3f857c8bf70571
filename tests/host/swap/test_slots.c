/* The slot map against a naive model. */
#include "servers/swap/slots.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define N 24u

struct model {
    enum slot_state state;
    uint64_t key;
    unsigned readers;
    bool doomed;
};

static struct slots slots;
static struct swap_slot memory[N];
static struct model model[N];

static void check(void)
{
    unsigned nfree = 0, nbad = 0;

    for (unsigned i = 0; i < N; i++) {
        nfree += model[i].state == SLOT_FREE;
        nbad += model[i].state == SLOT_BAD;
        assert_int_equal(memory[i].state, model[i].state);
    }
    assert_int_equal(slots.nfree, nfree);
    assert_int_equal(slots.nbad, nbad);
}

static void take(void)
{
    uint64_t key = (uint64_t)rand() % 8;
    uint32_t slot;
    bool none = true;

    for (unsigned i = 0; i < N; i++)
        none = none && model[i].state != SLOT_FREE;
    if (none) {
        assert_int_equal(slots_take(&slots, key, &slot), ERR_NOSPC);
        return;
    }
    assert_int_equal(slots_take(&slots, key, &slot), 0);
    assert_int_equal(model[slot].state, SLOT_FREE);
    model[slot] = (struct model){SLOT_WRITING, key, 0, false};
}

static int expected(unsigned slot, uint64_t key)
{
    if (slot >= N || model[slot].state != SLOT_HELD || model[slot].doomed)
        return ERR_RANGE;
    return model[slot].key == key ? 0 : ERR_CORRUPT;
}

static void end_read(unsigned i)
{
    slots_read_end(&slots, i);
    if (--model[i].readers == 0 && model[i].doomed)
        model[i] = (struct model){0};
}

static void step(void)
{
    unsigned i = (unsigned)rand() % (N + 1);
    uint64_t key = i < N && rand() % 4 ? model[i].key : (uint64_t)rand() % 8;
    int rc;

    switch (rand() % 5) {
    case 0:
        take();
        break;
    case 1:
        if (i < N && model[i].state == SLOT_WRITING) {
            bool failed = rand() % 50 == 0;

            slots_written(&slots, i, failed ? ERR_IO : 0);
            model[i].state = failed ? SLOT_BAD : SLOT_HELD;
        }
        break;
    case 2:
        rc = expected(i, key);
        assert_int_equal(slots_read_begin(&slots, i, key), rc);
        if (rc == 0)
            model[i].readers++;
        break;
    case 3:
        if (i < N && model[i].readers)
            end_read(i);
        break;
    default:
        rc = expected(i, key);
        assert_int_equal(slots_free(&slots, i, key), rc);
        if (rc == 0 && model[i].readers)
            model[i].doomed = true;
        else if (rc == 0)
            model[i] = (struct model){0};
    }
}

static void slot_map_agrees_with_the_model(void **state)
{
    const char *given = getenv("SEED");
    unsigned seed = given ? (unsigned)atoi(given) : 11;

    print_message("SEED=%u\n", seed);
    srand(seed);
    for (unsigned round = 0; round < 200; round++) {
        memset(model, 0, sizeof model);
        memset(memory, 0, sizeof memory);
        slots_init(&slots, memory, N);
        for (unsigned i = 0; i < 500; i++) {
            step();
            check();
        }
    }
}

static void pages_written_together_lie_together(void **state)
{
    uint32_t slot;

    memset(memory, 0, sizeof memory);
    slots_init(&slots, memory, N);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(slots_take(&slots, 1, &slot), 0);
        assert_int_equal(slot, i);
    }
}

static void no_slots_at_all_is_no_space(void **state)
{
    uint32_t slot;

    slots_init(&slots, NULL, 0);
    assert_int_equal(slots_take(&slots, 1, &slot), ERR_NOSPC);
    assert_int_equal(slots_read_begin(&slots, 0, 0), ERR_RANGE);
    assert_int_equal(slots_free(&slots, 0, 0), ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slot_map_agrees_with_the_model),
        cmocka_unit_test(pages_written_together_lie_together),
        cmocka_unit_test(no_slots_at_all_is_no_space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
