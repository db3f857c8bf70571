/* Memory, path by path: each test makes one thing happen and asserts on counters, contents and frame
 * counts. Then what peers and programs may send that makes no sense. */
#include "scene.h"

static void sbrk_moves_only_the_break_and_first_touch_gets_one_zeroed_frame(void **state)
{
    struct pager *pg = world_pager();
    uint64_t rep[4];
    assert_int_equal(world_call(A, pager_OP_heap, (uint64_t[4]){HEAP}, NULL), 0);
    uint32_t before = pg->nfree;
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP + 100 * PAGE_SIZE}, rep), 0);
    assert_int_equal(rep[0], HEAP + 100 * PAGE_SIZE);
    assert_int_equal(pg->nfree, before);
    store(A, HEAP + 8, 1);
    assert_int_equal(count_of(PAGER_ACTION_zero_fill), 1);
    assert_int_equal(pg->nfree, before - 2); /* the page and its leaf table */
    assert_int_equal(load(A, HEAP + 16), 0);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP}, rep), 0);
    assert_int_equal(pg->nfree, before);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP - 1}, rep), ERR_INVAL);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){0}, rep), 0);
    assert_int_equal(rep[0], HEAP);
}

static void memory_ends_at_the_limits_of_its_process(void **state)
{
    uint64_t rep[4], space = world_pager()->aspaces[BADGE_SLOT(A)].virtual_pages + 50;
    const uint64_t rw = PAGER_PROT_READ | PAGER_PROT_WRITE |
                        (PAGER_MAP_PRIVATE | PAGER_MAP_ANONYMOUS) << 8;
    assert_int_equal(world_call(A, pager_OP_heap, (uint64_t[4]){HEAP}, NULL), 0);
    assert_int_equal(world_call(A, pager_OP_limit, (uint64_t[4]){PAGER_LIMIT_COUNT, 0}, NULL), ERR_INVAL);
    assert_int_equal(world_call(A, pager_OP_limit, (uint64_t[4]){PAGER_LIMIT_HEAP, 10 * PAGE_SIZE}, NULL), 0);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP + 10 * PAGE_SIZE + 1}, rep), ERR_NOMEM);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP + 10 * PAGE_SIZE}, rep), 0);
    assert_int_equal(
        world_call(A, pager_OP_limit, (uint64_t[4]){PAGER_LIMIT_SPACE, space * PAGE_SIZE}, NULL), 0);
    assert_int_equal(world_call(A, pager_OP_mmap, (uint64_t[4]){0, 41 * PAGE_SIZE, rw}, rep), ERR_NOMEM);
    assert_int_equal(world_call(A, pager_OP_mmap, (uint64_t[4]){0, 40 * PAGE_SIZE, rw}, rep), 0);
    assert_int_equal(world_call(A, pager_OP_brk, (uint64_t[4]){HEAP + 9 * PAGE_SIZE}, rep), 0);
    assert_int_equal(world_call(A, pager_OP_mmap, (uint64_t[4]){0, PAGE_SIZE, rw}, rep), 0);
}

static void untouched_memory_reads_as_one_shared_zero_frame(void **state)
{
    struct pager *pg = world_pager();
    uint64_t at = mmap_anon(A, 40);
    load(A, at);
    uint32_t before = pg->nfree;
    for (int i = 0; i < 40; i++)
        assert_int_equal(load(A, at + i * PAGE_SIZE), 0);
    assert_int_equal(pg->nfree, before);
    assert_int_equal(count_of(PAGER_ACTION_zero_share), 40);
    store(A, at + 5 * PAGE_SIZE, 77);
    assert_int_equal(count_of(PAGER_ACTION_zero_upgrade), 1);
    assert_int_equal(pg->nfree, before - 1);
    assert_int_equal(load(A, at + 5 * PAGE_SIZE), 77);
    assert_int_equal(load(A, at + 6 * PAGE_SIZE), 0);
}

static void fork_shares_and_a_store_copies_one_page(void **state)
{
    struct pager *pg = world_pager();
    uint64_t at = mmap_anon(A, 8);
    for (int i = 0; i < 8; i++)
        store(A, at + i * PAGE_SIZE, i + 1);
    uint32_t before = pg->nfree;
    assert_int_equal(world_clone(A, B), 0);
    world_check();
    assert_int_equal(load(B, at + 3 * PAGE_SIZE), 4);
    store(B, at + 3 * PAGE_SIZE, 99);
    assert_int_equal(count_of(PAGER_ACTION_cow_copy), 1);
    assert_int_equal(load(A, at + 3 * PAGE_SIZE), 4);
    store(A, at + 3 * PAGE_SIZE, 5); /* the last holder of the old page */
    assert_int_equal(count_of(PAGER_ACTION_cow_sole), 1);
    assert_int_equal(count_of(PAGER_ACTION_cow_copy), 1);
    assert_int_equal(load(B, at + 3 * PAGE_SIZE), 99);
    assert_int_equal(world_destroy(B), 0);
    assert_int_equal(pg->nfree, before);
}

static void more_than_255_sharers_of_a_page_are_fine(void **state)
{
    struct pager *pg = world_pager();
    uint64_t at = mmap_anon(A, 1);
    store(A, at, 42);
    world_stop();
    world_start(&(struct world_config){4096, 64, "clock"});
    assert_int_equal(world_create(A), 0);
    at = mmap_anon(A, 1);
    store(A, at, 42);
    uint32_t before = pg->nfree;
    for (uint32_t i = 1; i < POOL_SLOTS; i++)
        assert_int_equal(world_clone(A, WORLD_BADGE(100 + i, i)), 0);
    world_check();
    assert_int_equal(world_clone(A, WORLD_BADGE(999, POOL_SLOTS)), ERR_RANGE);
    store(WORLD_BADGE(150, 50), at, 43);
    assert_int_equal(world_destroy(A), 0); /* the parent ends first */
    for (uint32_t i = 1; i < POOL_SLOTS; i++) {
        assert_int_equal(load(WORLD_BADGE(100 + i, i), at), i == 50 ? 43 : 42);
        assert_int_equal(world_destroy(WORLD_BADGE(100 + i, i)), 0);
    }
    assert_true(pg->nfree > before);
    assert_int_equal(pg->anon_used, 0);
}

static void fork_that_fails_leaves_nothing(void **state)
{
    struct pager *pg = world_pager();
    uint64_t at = mmap_anon(A, 300);
    for (int i = 0; i < 60; i++)
        store(A, at + i * PAGE_SIZE, i);
    world_check();
    uint32_t node = pg->node_free, before = pg->nfree;
    for (int keep = 0; keep < 8; keep++) {
        uint32_t last = node;
        for (int i = 1; i < keep; i++)
            last = pg->nodes[last].word[0];
        uint32_t rest = pg->nodes[last].word[0];
        if (keep == 0)
            pg->node_free = NONE;
        else
            pg->nodes[last].word[0] = NONE;
        int status = world_clone(A, B);
        if (status == 0)
            assert_int_equal(world_destroy(B), 0);
        else
            assert_int_equal(status, ERR_NOMEM);
        /* The nodes that were kept may come back in another order: join the rest behind them. */
        uint32_t *link = &pg->node_free;
        while (*link != NONE)
            link = &pg->nodes[*link].word[0];
        *link = keep == 0 ? node : rest;
        node = pg->node_free;
        assert_int_equal(pg->nfree, before);
        world_check();
    }
}

static void shared_anonymous_memory_is_shared_after_fork_even_if_untouched_before(void **state)
{
    uint64_t at = mmap_at(A, 0, 4 * PAGE_SIZE, RW | (PAGER_MAP_SHARED | PAGER_MAP_ANONYMOUS) << 8,
                          0);
    store(A, at, 1);
    load(A, at + PAGE_SIZE);
    assert_int_equal(world_clone(A, B), 0);
    world_check();
    store(B, at + PAGE_SIZE, 2);
    store(A, at + 2 * PAGE_SIZE, 3);
    store(B, at, 4);
    assert_int_equal(load(A, at), 4);
    assert_int_equal(load(A, at + PAGE_SIZE), 2);
    assert_int_equal(load(B, at + 2 * PAGE_SIZE), 3);
    assert_int_equal(load(B, at + 3 * PAGE_SIZE), 0);
}

static void exec_keeps_args_and_drops_the_rest(void **state)
{
    struct pager *pg = world_pager();
    uint32_t before = pg->nfree;
    uint64_t args = mmap_anon(A, 3), other = mmap_anon(A, 2);
    for (int i = 0; i < 3; i++)
        store(A, args + i * PAGE_SIZE, 10 + i);
    store(A, other, 1);
    store(A, STACK_TOP - 8, 2);
    assert_int_equal(world_exec(A, args, 2 * PAGE_SIZE - 100), 0);
    world_check();
    assert_int_equal(load(A, args), 10);
    assert_int_equal(load(A, args + PAGE_SIZE), 11);
    assert_int_equal(load(A, STACK_TOP - 8), 0);
    uint64_t value;
    assert_false(world_load(A, other, &value));
    assert_int_equal(world.death[2], DEATH_NO_MAPPING);
    assert_int_equal(world_destroy(A), 0);
    assert_true(pg->nfree >= before);
}

static void bad_accesses_are_reported_with_their_cause(void **state)
{
    uint64_t value;
    assert_false(world_store(A, 0x10, 1));
    assert_int_equal(world.deaths, 1);
    assert_int_equal(world.death[0], A);
    assert_int_equal(world.death[1], 11);
    assert_int_equal(world.death[2], DEATH_NO_MAPPING);
    assert_int_equal(world.death[3], CAUSE_STORE_PAGE);
    assert_int_equal(world.death[5], 0x10);
    assert_int_equal(world_create(B), 0);
    world.deaths = 0;
    assert_false(world_load(B, STACK_TOP - STACK_BYTES - 8, &value));
    assert_int_equal(world.death[2], DEATH_GUARD);
    assert_int_equal(world_create(C), 0);
    world.deaths = 0;
    assert_true(world_load(C, LOADER_BASE, &value));
    assert_false(world_store(C, LOADER_BASE, 1));
    assert_int_equal(world.death[2], DEATH_PROTECTION);
}

static void registered_faults_become_upcalls(void **state)
{
    assert_int_equal(world_call(A, pager_OP_fault_signals, (uint64_t[4]){1 << 11}, NULL), 0);
    assert_false(world_store(A, 0x5008, 1));
    assert_int_equal(world.deaths, 0);
    assert_true(world.thread[0].in_upcall);
    assert_int_equal(world.thread[0].upcall[0], 11 | 1UL << 32);
    assert_int_equal(world.thread[0].upcall[1], CAUSE_STORE_PAGE);
    assert_int_equal(world.thread[0].upcall[2], 0x5008);
}

/* The world's accesses come from 0x1000. */
static void careful_code_goes_on_after_a_bad_access(void **state)
{
    uint64_t value;
    assert_int_equal(world_call(A, pager_OP_heap, (uint64_t[4]){HEAP, 0xff0, 0x1004}, NULL), 0);
    assert_int_equal(world_call(A, pager_OP_fault_signals, (uint64_t[4]){1 << 11}, NULL), 0);
    assert_false(world_store(A, 0x5008, 1));
    assert_int_equal(world.thread[0].resumed, 0xff0);
    assert_false(world.thread[0].in_upcall);
    assert_int_equal(world_clone(A, B), 0);
    assert_false(world_load(B, 0x5008, &value));
    assert_int_equal(world.thread[BADGE_SLOT(B)].resumed, 0xff0);
    assert_int_equal(world.deaths, 0);
    uint64_t args = mmap_anon(B, 1);
    assert_int_equal(world_exec(B, args, PAGE_SIZE), 0);
    assert_int_equal(world_call(B, pager_OP_heap, (uint64_t[4]){HEAP, 0xff0, 0x1000}, NULL), 0);
    assert_false(world_load(B, 0x5008, &value));
    assert_int_equal(world.deaths, 1);
}

static void the_stack_grows_down_lazily(void **state)
{
    struct pager *pg = world_pager();
    uint32_t before = pg->nfree;
    for (uint64_t off = 8; off < 20 * PAGE_SIZE; off += PAGE_SIZE)
        store(A, STACK_TOP - off, off);
    assert_int_equal(count_of(PAGER_ACTION_stack_grow), 20);
    assert_int_equal(pg->nfree, before - 20);
    store(A, STACK_TOP - STACK_BYTES + 16, 3);
}

static void munmap_head_tail_middle(void **state)
{
    struct pager *pg = world_pager();
    uint32_t before = pg->nfree;
    uint64_t at = mmap_anon(A, 10), value;
    for (int i = 0; i < 10; i++)
        store(A, at + i * PAGE_SIZE, i);
    assert_int_equal(munmap(A, at, 2), 0);
    assert_int_equal(munmap(A, at + 8 * PAGE_SIZE, 2), 0);
    assert_int_equal(munmap(A, at + 4 * PAGE_SIZE, 2), 0);
    world_check();
    assert_int_equal(load(A, at + 3 * PAGE_SIZE), 3);
    assert_int_equal(load(A, at + 6 * PAGE_SIZE), 6);
    assert_int_equal(munmap(A, at, 10), 0);
    assert_int_equal(pg->nfree, before);
    assert_false(world_load(A, at + 3 * PAGE_SIZE, &value));
}

static void mprotect_takes_and_gives_rights(void **state)
{
    uint64_t at = mmap_anon(A, 6), value;
    for (int i = 0; i < 6; i++)
        store(A, at + i * PAGE_SIZE, i + 1);
    world_call(A, pager_OP_fault_signals, (uint64_t[4]){1 << 11}, NULL);
    assert_int_equal(
        world_call(A, pager_OP_mprotect, (uint64_t[4]){at + PAGE_SIZE, 2 * PAGE_SIZE, 1}, NULL), 0);
    world_check();
    assert_false(world_store(A, at + PAGE_SIZE, 9));
    assert_int_equal(world.thread[0].upcall[0], 11 | 2UL << 32);
    assert_int_equal(load(A, at + PAGE_SIZE), 2);
    assert_int_equal(
        world_call(A, pager_OP_mprotect, (uint64_t[4]){at, 6 * PAGE_SIZE, 0}, NULL), 0);
    world_check();
    assert_false(world_load(A, at, &value));
    assert_int_equal(
        world_call(A, pager_OP_mprotect, (uint64_t[4]){at, 6 * PAGE_SIZE, RW}, NULL), 0);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(load(A, at + i * PAGE_SIZE), i + 1);
        store(A, at + i * PAGE_SIZE, 7);
    }
    assert_int_equal(
        world_call(A, pager_OP_mprotect, (uint64_t[4]){at, 7 * PAGE_SIZE, RW}, NULL), ERR_NOMEM);
}

static void pages_go_to_swap_and_come_back(void **state)
{
    struct pager *pg = world_pager();
    uint64_t at = mmap_anon(A, 700);
    for (int i = 0; i < 700; i++)
        store(A, at + i * PAGE_SIZE, i * 3 + 1);
    world_check();
    assert_true(pg->stats.evicted_swap > 150);
    for (int i = 0; i < 700; i++)
        assert_int_equal(load(A, at + i * PAGE_SIZE), i * 3 + 1);
    assert_true(count_of(PAGER_ACTION_swap_in) > 150);
    assert_true(pg->stats.evicted_clean > 0); /* pages only read go without another write */
    world_check();
    assert_int_equal(world_destroy(A), 0);
    world_settle();
    assert_int_equal(pg->swap_used, 0);
    assert_int_equal(pg->anon_used, 0);
}

static void out_of_memory_ends_the_biggest_and_others_go_on(void **state)
{
    assert_int_equal(world_create(B), 0);
    assert_int_equal(world_clone(A, C), 0);
    uint64_t a = mmap_anon(A, 50), c = mmap_anon(C, 2000);
    for (int i = 0; i < 50; i++)
        store(A, a + i * PAGE_SIZE, i);
    int i = 0;
    while (world.deaths == 0 && i < 2000 && world_store(C, c + i * PAGE_SIZE, i))
        i++;
    assert_int_equal(world.deaths, 1);
    assert_int_equal(world.death[0], C);
    assert_int_equal(world.death[1], 9);
    assert_int_equal(world.death[2], DEATH_OOM);
    assert_true(i > 500);
    world.deaths = 0;
    assert_int_equal(world_destroy(C), 0);
    for (i = 0; i < 50; i++)
        assert_int_equal(load(A, a + i * PAGE_SIZE), i);
}

static void a_policy_is_switched_with_every_page_kept(void **state)
{
    uint64_t at = mmap_anon(A, 600);
    const char *names[] = {"fifo", "aging", "clock"};
    for (int i = 0; i < 600; i++) {
        store(A, at + i * PAGE_SIZE, i ^ 5);
        if (i % 20 == 0) {
            const char *name = names[i / 20 % 3];
            assert_int_equal(world_call_bytes(A, pager_OP_policy, (uint64_t[4]){strlen(name)}, name,
                                              strlen(name)),
                             0);
            assert_memory_equal(world_bytes, name, strlen(name));
        }
    }
    for (int i = 0; i < 600; i++)
        assert_int_equal(load(A, at + i * PAGE_SIZE), i ^ 5);
    assert_int_equal(world_call_bytes(A, pager_OP_policy, (uint64_t[4]){4}, "best", 4), ERR_NOENT);
    assert_true(world_pager()->stats.policy_switches >= 20);
}

static void odd_messages_of_peers_are_refused(void **state)
{
    struct ring_entry e;
    for (uint32_t i = 0; i < 20000; i++) {
        e.head = RING_HEAD(world_random() % 9, i);
        for (int w = 0; w < 7; w++)
            e.word[w] = world_random() % 3 ? world_random() % 5 : (uint64_t)world_random() << 32;
        /* Living badges are left alone here: proc's word is law for those. */
        service_request(&world.service, world_random() % 2 ? SRV_FS : SRV_BLK, &e);
        service_completed(&world.service, world_random() % 2 ? SRV_FS : SRV_SWAP,
                          world_random() % 9 + (world_random() % 50 == 0) * 100,
                          world_random() % 3 ? world_random() % 600 : world_random(),
                          world_random() % 2 ? 0 : ERR_IO, e.word);
        world_work();
    }
    world_check();
}

static void odd_calls_of_programs_are_refused(void **state)
{
    set_file(0, 4);
    assert_int_equal(world_create(B), 0);
    for (uint32_t i = 0; i < 30000; i++) {
        uint64_t w[4], rep[4];
        if (i % 500 == 0)
            world_open(B, 3, 100, 0, STREAM_READ | STREAM_WRITE);
        for (int k = 0; k < 4; k++)
            w[k] = world_random() % 4 == 0   ? (uint64_t)world_random() << 32 | world_random()
                   : world_random() % 3 == 0 ? world_random() % 64
                   : world_random() % 2      ? MMAP_BASE + world_random() % 64 * PAGE_SIZE
                                             : world_random() % 16 * PAGE_SIZE;
        uint32_t op = world_random() % (pager_OP_COUNT + 1);
        if (world_call_begin(B, op, w, rep) == PARKED)
            world_wait(B);
        assert_int_equal(world.deaths, 0);
        if (i % 1000 == 0)
            world_check();
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_start, scene_stop)
    const struct CMUnitTest tests[] = {
        TEST(sbrk_moves_only_the_break_and_first_touch_gets_one_zeroed_frame),
        TEST(memory_ends_at_the_limits_of_its_process),
        TEST(untouched_memory_reads_as_one_shared_zero_frame),
        TEST(fork_shares_and_a_store_copies_one_page),
        TEST(more_than_255_sharers_of_a_page_are_fine),
        TEST(fork_that_fails_leaves_nothing),
        TEST(shared_anonymous_memory_is_shared_after_fork_even_if_untouched_before),
        TEST(exec_keeps_args_and_drops_the_rest),
        TEST(bad_accesses_are_reported_with_their_cause),
        TEST(registered_faults_become_upcalls),
        TEST(careful_code_goes_on_after_a_bad_access),
        TEST(the_stack_grows_down_lazily),
        TEST(munmap_head_tail_middle),
        TEST(mprotect_takes_and_gives_rights),
        TEST(pages_go_to_swap_and_come_back),
        TEST(out_of_memory_ends_the_biggest_and_others_go_on),
        TEST(a_policy_is_switched_with_every_page_kept),
        TEST(odd_messages_of_peers_are_refused),
        TEST(odd_calls_of_programs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
