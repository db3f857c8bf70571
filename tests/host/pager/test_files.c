/* Files, path by path: mappings, read and write, truncation, a full disk, the end of a file. */
#include "scene.h"

static void a_file_is_mapped_lazily_and_shared(void **state)
{
    struct pager *pg = world_pager();
    set_file(0, 40);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t at = mmap_at(A, 0, 40 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    assert_int_equal(pg->stats.file_reads, 0);
    assert_int_equal(load(A, at + 16), disk_word(0, 16));
    world_settle();
    assert_int_equal(count_of(PAGER_ACTION_file_fill), 1);
    assert_int_equal(load(A, at + PAGE_SIZE), disk_word(0, PAGE_SIZE));
    assert_int_equal(world_close(A, 3), 0);
    assert_int_equal(world_clone(A, B), 0);
    store(B, at + 5 * PAGE_SIZE, 1234); /* outlives close; inherited by fork; same frame */
    assert_int_equal(load(A, at + 5 * PAGE_SIZE), 1234);
    assert_int_equal(pg->dirty_files, 1);
    assert_int_equal(
        world_call(A, pager_OP_msync, (uint64_t[4]){at, 40 * PAGE_SIZE, 2}, NULL), 0);
    assert_int_equal(disk_word(0, 5 * PAGE_SIZE), 1234);
    assert_int_equal(pg->stats.file_writes, 1); /* only dirty pages */
    assert_int_equal(world.file[0].syncs, 1);
    store(A, at + 5 * PAGE_SIZE, 5); /* dirty again */
    assert_int_equal(pg->dirty_files, 1);
    world_destroy(A);
    world_destroy(B);
    world_pass_ms(6000);
    world_pass_ms(6000);
    world_settle();
    assert_int_equal(disk_word(0, 5 * PAGE_SIZE), 5);
}

static void the_first_store_after_a_write_back_is_told(void **state)
{
    set_file(0, 4);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t at = mmap_at(A, 0, 4 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    world_pass_ms(100);
    load(A, at);
    world_settle();
    assert_int_equal(world.file[0].tells, 0);
    for (uint64_t i = 0; i < 4; i++)
        store(A, at + i * PAGE_SIZE, i); /* all at the same time: told once */
    world_settle();
    assert_int_equal(world.file[0].tells, 1);
    for (uint32_t i = 2; i < 5; i++) {
        assert_int_equal(world_call(A, pager_OP_msync, (uint64_t[4]){at, 4 * PAGE_SIZE, 2}, NULL), 0);
        store(A, at, i);
        world_settle();
        assert_int_equal(world.file[0].tells, i);
    }
}

static void private_stores_never_reach_the_file(void **state)
{
    set_file(0, 4);
    world_open(A, 3, 100, 0, STREAM_READ);
    uint64_t at = mmap_at(A, 0, 4 * PAGE_SIZE, RW | PAGER_MAP_PRIVATE << 8, 3UL << 48);
    load(A, at);
    world_settle();
    store(A, at, 1);
    store(A, at + PAGE_SIZE, 2);
    assert_int_equal(count_of(PAGER_ACTION_file_copy), 2);
    assert_int_equal(load(A, at + 8), disk_word(0, 8));
    assert_int_equal(world_pager()->dirty_files, 0);
    assert_int_equal(load(A, at), 1);
}

static void beyond_the_end_of_the_file_is_sigbus(void **state)
{
    uint64_t value;
    set_file(0, 2);
    world.file[0].size = PAGE_SIZE + 100;
    world_open(A, 3, 100, 0, STREAM_READ);
    uint64_t at = mmap_at(A, 0, 4 * PAGE_SIZE, 1 | PAGER_MAP_SHARED << 8, 3UL << 48);
    assert_int_equal(load(A, at + PAGE_SIZE), disk_word(0, PAGE_SIZE));
    assert_int_equal(load(A, at + PAGE_SIZE + 104), 0); /* the tail reads as zeros */
    assert_false(world_load(A, at + 2 * PAGE_SIZE, &value));
    assert_int_equal(world.death[1], 10);
    assert_int_equal(world.death[2], DEATH_PAST_EOF);
}

static void read_and_write_are_coherent_with_mappings(void **state)
{
    set_file(0, 3);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t buf = mmap_anon(A, 4), at = mmap_at(A, 0, 3 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8,
                                                 3UL << 48);
    assert_int_equal(transfer(A, pager_OP_read, 3, buf + 40, 3 * PAGE_SIZE + 5), 3 * PAGE_SIZE);
    for (uint64_t i = 0; i < 3 * PAGE_SIZE; i += 8)
        assert_int_equal(load(A, buf + 40 + i), disk_word(0, i));
    assert_int_equal(transfer(A, pager_OP_read, 3, buf, 10), 0);
    store(A, at + 16, 4711);
    uint64_t rep[4];
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 16, 0}, rep), 0);
    assert_int_equal(transfer(A, pager_OP_read, 3, buf, 8), 8);
    assert_int_equal(load(A, buf), 4711);
    store(A, buf, 815);
    assert_int_equal(transfer(A, pager_OP_write, 3, buf, 8), 8);
    assert_int_equal(load(A, at + 24), 815);
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 0, 2}, rep), 0);
    assert_int_equal(rep[0], 3 * PAGE_SIZE);
    store(A, buf, 1);
    assert_int_equal(transfer(A, pager_OP_write, 3, buf, 3 * PAGE_SIZE), 3 * PAGE_SIZE);
    world_settle();
    assert_int_equal(world.file[0].size, 6 * PAGE_SIZE);
    assert_int_equal(world_call(A, pager_OP_fsync, (uint64_t[4]){3}, NULL), 0);
    assert_int_equal(disk_word(0, 3 * PAGE_SIZE), 1);
    assert_int_equal(disk_word(0, 24), 815);
}

static void bad_descriptors_and_buffers_are_refused(void **state)
{
    uint64_t rep[4];
    set_file(0, 2);
    world_open(A, 3, 100, 0, STREAM_READ);
    assert_int_equal(world_call(A, pager_OP_read, (uint64_t[4]){0, 0, 1}, rep), ERR_SPIPE);
    assert_int_equal(world_call(A, pager_OP_write, (uint64_t[4]){3, 0, 1}, rep), ERR_BADF);
    assert_int_equal(world_call(A, pager_OP_read, (uint64_t[4]){3, 0x100, 1}, rep), ERR_FAULT);
    uint64_t buf = mmap_anon(A, 1);
    assert_int_equal(transfer(A, pager_OP_read, 3, buf + 96, PAGE_SIZE), PAGE_SIZE - 96);
    assert_int_equal(world_call(A, pager_OP_read, (uint64_t[4]){3, ~0UL - 4, 8}, rep), ERR_INVAL);
    assert_int_equal(world_call(B, pager_OP_read, (uint64_t[4]){3, 0, 1}, rep), ERR_GONE);
    assert_int_equal(world_call(A, 200, (uint64_t[4]){3, 0, 1}, rep), ERR_BADMSG);
}

static void a_full_disk_gives_nospc(void **state)
{
    uint64_t rep[4];
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t buf = mmap_anon(A, 4);
    store(A, buf, 5);
    assert_int_equal(transfer(A, pager_OP_write, 3, buf, PAGE_SIZE), PAGE_SIZE);
    world.disk_full = true;
    assert_int_equal(world_call(A, pager_OP_write, (uint64_t[4]){3, buf, 10}, rep), ERR_NOSPC);
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 100, 0}, rep), 0);
    assert_int_equal(transfer(A, pager_OP_write, 3, buf, PAGE_SIZE), PAGE_SIZE - 100);
    world_truncate(0, 3 * PAGE_SIZE);
    uint64_t at = mmap_at(A, 0, 3 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    assert_int_equal(load(A, at + 2 * PAGE_SIZE), 0);
    assert_false(world_store(A, at + 2 * PAGE_SIZE, 1));
    assert_int_equal(world.death[2], DEATH_NO_SPACE);
    assert_int_equal(world.death[1], 10);
}

static void truncate_drops_pages_and_zeroes_the_tail(void **state)
{
    uint64_t value;
    set_file(0, 6);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t at = mmap_at(A, 0, 6 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    for (int i = 0; i < 6; i++)
        store(A, at + i * PAGE_SIZE + 800, i);
    assert_int_equal(world_truncate(0, 2 * PAGE_SIZE + 100), 0);
    world_check();
    assert_int_equal(load(A, at + 2 * PAGE_SIZE + 800), 0);
    assert_int_equal(load(A, at + 2 * PAGE_SIZE + 8), disk_word(0, 2 * PAGE_SIZE + 8));
    assert_int_equal(world_truncate(0, 6 * PAGE_SIZE), 0);
    assert_int_equal(load(A, at + 2 * PAGE_SIZE + 800), 0);
    assert_int_equal(load(A, at + 3 * PAGE_SIZE + 800), 0);
    assert_int_equal(world_call(A, pager_OP_fsync, (uint64_t[4]){3}, NULL), 0);
    assert_int_equal(disk_word(0, 2 * PAGE_SIZE + 800), 0);
    assert_int_equal(world_truncate(0, 0), 0);
    assert_false(world_load(A, at, &value));
    assert_int_equal(world.death[2], DEATH_PAST_EOF);
}

static void truncate_zeroes_the_tail_of_a_page_that_is_not_in_memory(void **state)
{
    set_file(0, 2);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    assert_int_equal(world_truncate(0, PAGE_SIZE + 8), 0);
    assert_int_equal(world_truncate(0, 2 * PAGE_SIZE), 0);
    assert_int_equal(world_quiesce(), 0);
    assert_int_equal(disk_word(0, PAGE_SIZE + 8), 0);
    assert_int_equal(disk_word(0, PAGE_SIZE + 2000), 0);
}

static void a_file_nobody_holds_goes_idle_when_its_pages_are_gone(void **state)
{
    struct pager *pg = world_pager();
    set_file(0, 3);
    world_open(A, 3, 100, 0, STREAM_READ);
    uint64_t buf = mmap_anon(A, 1);
    transfer(A, pager_OP_read, 3, buf, 100);
    world_settle();
    world_close(A, 3);
    assert_int_equal(world.file[0].idles, 0); /* cached */
    assert_int_equal(pg->object_used, 1);
    assert_int_equal(world_discard(0), 0);
    assert_int_equal(pg->object_used, 0);
    assert_int_equal(pg->nfile_frames, 0);
}

static void discard_of_a_mapped_file_waits_for_the_last_mapping(void **state)
{
    set_file(0, 3);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t at = mmap_at(A, 0, 3 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    store(A, at, 5);
    world_close(A, 3);
    assert_int_equal(world_discard(0), ERR_BUSY);
    assert_int_equal(load(A, at), 5);
    uint64_t word = disk_word(0, 0);
    assert_int_equal(munmap(A, at, 3), 0);
    world_settle();
    assert_int_equal(world.file[0].idles, 1);
    assert_int_equal(disk_word(0, 0), word); /* never written */
    assert_int_equal(world_pager()->object_used, 0);
}

static void a_read_is_told_once_until_the_next_write(void **state)
{
    set_file(0, 3);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE | STREAM_ATIME);
    world_open(A, 4, 101, 0, STREAM_READ);
    uint64_t buf = mmap_anon(A, 1);
    transfer(A, pager_OP_read, 4, buf, 100);
    world_settle();
    assert_int_equal(world.file[0].accesses, 0); /* nobody wanted to know */
    transfer(A, pager_OP_read, 3, buf, 100);
    transfer(A, pager_OP_read, 3, buf, 100);
    world_settle();
    assert_int_equal(world.file[0].accesses, 1);
    transfer(A, pager_OP_write, 3, buf, 100);
    transfer(A, pager_OP_read, 4, buf, 100);
    transfer(A, pager_OP_read, 3, buf, 100);
    world_settle();
    assert_int_equal(world.file[0].accesses, 2);
}

static void offsets_end_where_pages_have_no_number(void **state)
{
    uint64_t rep[4], far = 1UL << 44;
    set_file(0, 3);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t buf = mmap_anon(A, 1);
    assert_int_equal(world_call(A, pager_OP_pwrite, (uint64_t[4]){3, buf, 1, far}, rep), ERR_FBIG);
    assert_int_equal(world_call(A, pager_OP_pwrite, (uint64_t[4]){3, buf, 1, INT64_MAX}, rep),
                     ERR_FBIG);
    assert_int_equal(world_call(A, pager_OP_pread, (uint64_t[4]){3, buf, 1, far}, rep), 0);
    assert_int_equal(rep[0], 0);
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 5000, 3}, rep), 0);
    assert_int_equal(rep[0], 5000);
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 5000, 4}, rep), 0);
    assert_int_equal(rep[0], 3 * PAGE_SIZE);
    assert_int_equal(world_call(A, pager_OP_lseek, (uint64_t[4]){3, 3 * PAGE_SIZE, 3}, rep),
                     ERR_NXIO);
}

static void an_answer_is_not_held_up_by_anothers_disk(void **state)
{
    set_file(0, 3);
    assert_int_equal(world_create(B), 0);
    world_open(A, 3, 100, 0, STREAM_READ);
    uint64_t at = mmap_at(A, 0, 3 * PAGE_SIZE, 1 | PAGER_MAP_SHARED << 8, 3UL << 48);
    uint64_t mine = mmap_anon(B, 3);
    assert_false(world_try(A, at, false));
    assert_int_equal(world.thread[0].state, WORLD_FAULTED);
    assert_true(world_try(B, mine, true)); /* at once */
    world_wait(A);
    assert_int_equal(load(A, at), disk_word(0, 0));
}

/* The pager is of higher priority than fs: were it to wait for writes by being busy, none would end. */
static void write_back_that_is_behind_leaves_the_processor(void **state)
{
    struct pager *pg = world_pager();
    set_file(0, 60);
    world_open(A, 3, 100, 0, STREAM_READ | STREAM_WRITE);
    uint64_t at = mmap_at(A, 0, 60 * PAGE_SIZE, RW | PAGER_MAP_SHARED << 8, 3UL << 48);
    for (uint64_t i = 0; i < 60; i++)
        store(A, at + i * PAGE_SIZE, i);
    world_settle();
    world_destroy(A);
    world_pass_ms(6000);
    world_pass_ms(6000); /* ends only if no work is due */
    assert_in_range(pg->dirty_files, 1, 59);
    assert_int_not_equal(world.nio, 0);
    world_until(&pg->dirty_files, 0);
    world_settle();
    for (uint64_t i = 0; i < 60; i++)
        assert_int_equal(disk_word(0, i * PAGE_SIZE), i);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_start, scene_stop)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_mapped_lazily_and_shared),
        TEST(the_first_store_after_a_write_back_is_told),
        TEST(private_stores_never_reach_the_file),
        TEST(beyond_the_end_of_the_file_is_sigbus),
        TEST(read_and_write_are_coherent_with_mappings),
        TEST(bad_descriptors_and_buffers_are_refused),
        TEST(a_full_disk_gives_nospc),
        TEST(truncate_drops_pages_and_zeroes_the_tail),
        TEST(truncate_zeroes_the_tail_of_a_page_that_is_not_in_memory),
        TEST(a_file_nobody_holds_goes_idle_when_its_pages_are_gone),
        TEST(discard_of_a_mapped_file_waits_for_the_last_mapping),
        TEST(a_read_is_told_once_until_the_next_write),
        TEST(offsets_end_where_pages_have_no_number),
        TEST(an_answer_is_not_held_up_by_anothers_disk),
        TEST(write_back_that_is_behind_leaves_the_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
