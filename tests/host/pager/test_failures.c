/* The n-th I/O fails, n = 1, 2, ... until a scenario runs through: nothing hangs, nothing is lost that was
 * acknowledged, the books stay right, whoever was promised something is told. */
#include "scene.h"

#define PAGES 40u

/* What may happen to one run. */
struct result {
    bool was_hit;   /* the failing I/O came */
    bool was_told;  /* a call failed, a process died of it, or the write-back was repeated */
};

static struct result run(void (*scenario)(struct result *), uint32_t n, int status)
{
    struct result r = {false, false};
    world_start(&(struct world_config){200, 400, "clock"});
    assert_int_equal(world_create(A), 0);
    world.fail_status = status;
    world.fail_io = n;
    scenario(&r);
    r.was_hit = world.fail_io == 0;
    world.fail_io = 0;
    world_check();
    if (world.thread[0].state != WORLD_STOPPED || world.deaths > 0)
        world_destroy(A);
    world_settle();
    world_check();
    assert_int_equal(world_pager()->anon_used, 0);
    assert_int_equal(world_pager()->file_io, 0);
    assert_int_equal(world_pager()->evictions, 0);
    world_stop();
    return r;
}

static void each(void (*scenario)(struct result *), int status, bool must_tell)
{
    uint32_t n = 1;
    struct result r;
    do {
        r = run(scenario, n++, status);
        if (r.was_hit && must_tell)
            assert_true(r.was_told);
        assert_true(n < 2000);
    } while (r.was_hit);
    assert_true(n > 3);
}

static void write_then_fsync(struct result *r)
{
    uint64_t rep[4] = {0};
    assert_int_equal(world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE), 0);
    uint64_t buffer = mmap_anon(A, 8);
    for (uint32_t i = 0; i < 8; i++)
        store(A, buffer + i * PAGE_SIZE, i + 1);
    int status = world_call(A, pager_OP_write, (uint64_t[4]){3, buffer, 8 * PAGE_SIZE}, rep);
    bool is_short = status != 0 || rep[0] < 8 * PAGE_SIZE;
    uint64_t npages = status == 0 ? rep[0] / PAGE_SIZE : 0;
    int synced = world_call(A, pager_OP_fsync, (uint64_t[4]){3}, NULL);
    r->was_told = is_short || synced != 0;
    for (uint32_t i = 0; i < npages && synced == 0; i++) {
        uint64_t word;
        memcpy(&word, world.file[0].disk + i * PAGE_SIZE, 8);
        assert_int_equal(word, i + 1);
    }
    world.fail_io = world.fail_io == 0 ? 0 : world.fail_io;
    if (synced != 0) { /* told once; the pages were kept and go out now */
        world_call(A, pager_OP_fsync, (uint64_t[4]){3}, NULL);
        for (uint32_t i = 0; i < npages; i++) {
            uint64_t word;
            memcpy(&word, world.file[0].disk + i * PAGE_SIZE, 8);
            assert_int_equal(word, i + 1);
        }
    }
}

static void a_failed_write_back_is_told_by_fsync_and_repeated(void **state)
{
    each(write_then_fsync, ERR_IO, true);
}

static void read_all(struct result *r)
{
    uint64_t rep[4] = {0};
    set_file(1, 20);
    assert_int_equal(world_open(A, 3, 100, 1, STREAM_READ), 0);
    uint64_t buffer = mmap_anon(A, 20), got = 0;
    while (got < 20 * PAGE_SIZE) {
        int status = world_call(A, pager_OP_read,
                                (uint64_t[4]){3, buffer + got, 20 * PAGE_SIZE - got}, rep);
        r->was_told |= status != 0 || rep[0] < 20 * PAGE_SIZE - got;
        if (status == 0)
            got += rep[0];
    }
    for (uint64_t i = 0; i < 20 * PAGE_SIZE; i += 512)
        assert_int_equal(load(A, buffer + i), disk_word(1, i));
}

static void a_failed_read_is_an_error_or_short_and_can_be_repeated(void **state)
{
    each(read_all, ERR_IO, false); /* a failed read ahead is repeated silently */
}

static void use_swap(struct result *r)
{
    uint64_t at = mmap_anon(A, 400), value = 0;
    bool alive = true;
    for (uint32_t i = 0; i < 400 && alive; i++)
        alive = world_store(A, at + i * PAGE_SIZE, i + 7);
    for (uint32_t i = 0; i < 400 && alive; i += 3) {
        alive = world_load(A, at + i * PAGE_SIZE, &value);
        if (alive)
            assert_int_equal(value, i + 7);
    }
    r->was_told = !alive;
    if (!alive)
        assert_true(world.death[2] == DEATH_IO || world.death[2] == DEATH_OOM);
}

static void a_failing_swap_disk_ends_at_most_who_needs_the_page(void **state)
{
    for (uint32_t n = 1; n < 400; n += 7)
        run(use_swap, n, ERR_IO);
}

static void store_to_mapping(struct result *r)
{
    set_file(2, 6);
    assert_int_equal(world_open(A, 3, 100, 2, STREAM_READ | STREAM_WRITE), 0);
    uint64_t at = mmap_at(A, 0, 6 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    bool alive = true;
    for (uint32_t i = 0; i < 6 && alive; i++)
        alive = world_store(A, at + i * PAGE_SIZE, i + 9);
    int status = alive ? world_call(A, pager_OP_msync, (uint64_t[4]){at, 6 * PAGE_SIZE, 2}, NULL)
                       : 0;
    r->was_told = !alive || status != 0;
    for (uint32_t i = 0; i < 6 && alive && status == 0; i++)
        assert_int_equal(disk_word(2, i * PAGE_SIZE), i + 9);
}

static void a_mapping_that_cannot_be_read_or_written_is_told(void **state)
{
    each(store_to_mapping, ERR_IO, false);
    each(store_to_mapping, ERR_NOSPC, false);
}

static void truncate_and_quiesce(struct result *r)
{
    set_file(3, 5);
    assert_int_equal(world_open(A, 3, 100, 3, STREAM_READ | STREAM_WRITE), 0);
    int status = world_truncate(3, PAGE_SIZE + 9);
    int quiet = world_quiesce();
    r->was_told = status != 0 || quiet != 0;
    assert_true(quiet == 0 || quiet == ERR_IO);
}

static void truncate_and_quiesce_always_end(void **state)
{
    each(truncate_and_quiesce, ERR_IO, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_write_back_is_told_by_fsync_and_repeated),
        cmocka_unit_test(a_failed_read_is_an_error_or_short_and_can_be_repeated),
        cmocka_unit_test(a_failing_swap_disk_ends_at_most_who_needs_the_page),
        cmocka_unit_test(a_mapping_that_cannot_be_read_or_written_is_told),
        cmocka_unit_test(truncate_and_quiesce_always_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
