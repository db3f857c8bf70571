/* Record locks against a model with one cell per byte and owner, and the list's invariants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <abi/error.h>
#include <servers/fs/lock.h>
#include <tests/host/lib/random.h>

#define BYTES 40u /* the last one stands for "to the end" */
#define OWNERS 4u
#define ENTRIES 24u

static struct lock_pool pool;
static struct lock entries[ENTRIES];
static struct lock *list;
static uint8_t model[OWNERS][BYTES]; /* LOCK_NONE, LOCK_READ, LOCK_WRITE */

static uint64_t cell_end(uint64_t end)
{
    return end == LOCK_END ? BYTES : end;
}

static void check(void)
{
    uint8_t seen[OWNERS][BYTES];
    uint32_t n = 0;
    memset(seen, LOCK_NONE, sizeof seen);
    for (struct lock *l = list; l; l = l->next, n++) {
        assert_true(l->start < l->end);
        assert_true(!l->next || l->start <= l->next->start);
        for (uint64_t i = l->start; i < cell_end(l->end); i++) {
            assert_int_equal(seen[l->owner][i], LOCK_NONE);
            seen[l->owner][i] = (uint8_t)l->type;
        }
        for (struct lock *o = l->next; o; o = o->next)
            assert_false(o->owner == l->owner && o->type == l->type
                         && (o->start == l->end || l->start == o->end));
    }
    assert_memory_equal(seen, model, sizeof seen);
    assert_int_equal(pool.nfree, ENTRIES - n);
}

static bool model_conflict(const struct lock_range *want)
{
    for (uint32_t o = 0; o < OWNERS; o++)
        for (uint64_t i = want->start; o != want->owner && i < cell_end(want->end); i++)
            if (model[o][i] == LOCK_WRITE || (want->type == LOCK_WRITE && model[o][i] == LOCK_READ))
                return true;
    return false;
}

static struct lock_range random_range(void)
{
    uint64_t start = random_below(BYTES - 1), len = random_below(12);
    uint64_t end = len == 0 || start + len >= BYTES - 1 ? LOCK_END : start + len;
    return (struct lock_range){start, end, (uint32_t)random_below(OWNERS),
                               (uint32_t)random_below(3)};
}

static void step(void)
{
    struct lock_range want = random_range();
    bool conflict = want.type != LOCK_NONE && lock_conflict(list, &want);
    assert_int_equal(conflict, want.type != LOCK_NONE && model_conflict(&want));
    if (conflict)
        return;
    int status = lock_set(&pool, &list, &want);
    if (status == ERR_NOLCK) {
        assert_true(pool.nfree < 2);
        return;
    }
    assert_int_equal(status, 0);
    for (uint64_t i = want.start; i < cell_end(want.end); i++)
        model[want.owner][i] = (uint8_t)want.type;
}

static void locks_behave_as_one_cell_per_byte(void **state)
{
    memset(model, LOCK_NONE, sizeof model);
    lock_pool_init(&pool, entries, ENTRIES);
    for (uint32_t i = 0; i < 100000; i++) {
        if (random_below(150) == 0) {
            uint32_t owner = (uint32_t)random_below(OWNERS);
            lock_release(&pool, &list, owner);
            memset(model[owner], LOCK_NONE, BYTES);
        } else {
            step();
        }
        check();
    }
}

static void a_full_pool_refuses_a_split_and_changes_nothing(void **state)
{
    struct lock_range all = {0, LOCK_END, 1, LOCK_WRITE}, hole = {4, 6, 1, LOCK_NONE};
    struct lock one, *mine = NULL;
    lock_pool_init(&pool, &one, 1);
    assert_int_equal(lock_set(&pool, &mine, &all), 0);
    assert_int_equal(lock_set(&pool, &mine, &hole), ERR_NOLCK);
    assert_int_equal(mine->start, 0);
    assert_true(mine->end == LOCK_END);
    all.type = LOCK_NONE;
    assert_int_equal(lock_set(&pool, &mine, &all), 0);
    assert_null(mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_behave_as_one_cell_per_byte),
        cmocka_unit_test(a_full_pool_refuses_a_split_and_changes_nothing),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
