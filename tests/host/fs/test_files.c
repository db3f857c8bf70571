/* Regular files as the pager sees them: pages to and from the disk with blocks of 1 and 4 KiB, holes,
 * reservations, truncate on both sides, unlinked files, a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <tests/host/lib/random.h>
#include "world.h"

static uint8_t page[PAGE_SIZE], got[PAGE_SIZE];

static struct world *start(const char *options, size_t bytes)
{
    struct world *w = world_new(options, NULL, bytes);
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    return w;
}

static void stop(struct world *w)
{
    assert_int_equal(world_destroy(w, 0), 0);
    assert_int_equal(world_quiesce(w), 0);
    assert_int_equal(world_fsck(w), 0);
    world_free(w);
}

static uint64_t ino_of(struct world *w, const char *path)
{
    struct fs_stat st;
    assert_int_equal(w_stat(w, 0, path, &st), 0);
    return st.ino;
}

static uint64_t size_of(struct world *w, const char *path)
{
    struct fs_stat st;
    assert_int_equal(w_stat(w, 0, path, &st), 0);
    return st.size;
}

static uint64_t make(struct world *w, const char *path)
{
    assert_true(w_open(w, 0, path, FS_READ | FS_WRITE | FS_CREATE, 0644) >= 0);
    return ino_of(w, path);
}

static void fill(uint8_t value)
{
    memset(page, value, sizeof page);
}

static int idle(struct world *w, uint64_t ino)
{
    struct world_object *o = world_object(w, ino);
    o->is_live = false;
    return world_request(w, SRV_PAGER, pagefs_OP_idle, (uint64_t[]){ino, o->generation}, 2);
}

static uint64_t free_blocks(struct world *w)
{
    struct fs_statfs s;
    assert_int_equal(w_path(w, 0, fs_OP_statfs, "/", 0), 0);
    memcpy(&s, w->answer[0].bytes, sizeof s);
    return s.bfree;
}

static void pages_survive(const char *options)
{
    struct world *w = start(options, 8u << 20);
    uint64_t ino = make(w, "/f");
    for (unsigned i = 0; i < 40; i++) {
        fill((uint8_t)(i + 1));
        assert_int_equal(w_write_page(w, ino, i * 7, page, PAGE_SIZE), 0);
    }
    fill(0xab);
    assert_int_equal(w_write_page(w, ino, 280, page, 700), 0);
    assert_int_equal(size_of(w, "/f"), 280 * PAGE_SIZE + 700);
    assert_int_equal(w->v.nodes[0].reserved + w->v.nodes[1].reserved, 0);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(w_fill(w, ino, i * 7, got), 0);
        fill((uint8_t)(i + 1));
        assert_memory_equal(got, page, PAGE_SIZE);
        assert_int_equal(w_fill(w, ino, i * 7 + 3, got), 0);
        fill(0);
        assert_memory_equal(got, page, PAGE_SIZE);
    }
    assert_int_equal(w_fill(w, ino, 280, got), 0);
    assert_int_equal(got[699], 0xab);
    assert_int_equal(got[700], 0);
    stop(w);
}

static void pages_come_back_with_4k_blocks(void **state)
{
    pages_survive("-b 4096 -N 64");
}

static void pages_come_back_with_1k_blocks(void **state)
{
    pages_survive("-b 1024 -N 64");
}

static void a_page_of_small_blocks_may_be_a_hole_in_parts(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(1);
    assert_int_equal(w_write_page(w, ino, 0, page, 1500), 0); /* blocks 0 and 1 */
    assert_int_equal(w_set_size(w, ino, 5000), 0);
    assert_int_equal(w_fill(w, ino, 0, got), 0);
    assert_true(w->ring_answer.word[0] == (PAGEFS_HOLE(2) | PAGEFS_HOLE(3)));
    assert_int_equal(got[2047], 1);
    assert_int_equal(got[2048], 0);
    stop(w);
}

static void a_stale_epoch_is_gone(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f"), epoch = world_object(w, ino)->generation;
    for (uint32_t op = 1; op < pagefs_OP_COUNT; op++) {
        uint64_t words[] = {ino, epoch + 1, 0, 1, 10};
        assert_int_equal(world_request(w, SRV_PAGER, op, words, 5), ERR_GONE);
        words[0] = ino + 1ul * (1ul << 32);
        words[1] = epoch;
        assert_int_equal(world_request(w, SRV_PAGER, op, words, 5), ERR_GONE);
    }
    stop(w);
}

static void credits_are_given_back(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f"), before = free_blocks(w);
    uint64_t words[] = {ino, world_object(w, ino)->generation, 9};
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_credit, words, 3), 0);
    assert_int_equal(w->ring_answer.word[0], 1);
    assert_true(free_blocks(w) < before);
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_uncredit, words, 3), 0);
    assert_int_equal(free_blocks(w), before);
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_uncredit, words, 3), ERR_INVAL);
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_credit, words, 3), 0);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(idle(w, ino), 0); /* the pager forgot to say: the node takes it along */
    assert_int_equal(free_blocks(w), before);
    stop(w);
}

static void a_full_disk_is_told_and_recovers(void **state)
{
    struct world *w = start("-b 1024 -N 64 -m 0", 1u << 20);
    uint64_t ino = make(w, "/f"), index = 0;
    int status;
    fill(7);
    while ((status = w_write_page(w, ino, index, page, PAGE_SIZE)) == 0)
        index++;
    assert_int_equal(status, ERR_NOSPC);
    assert_in_range(index, 150, 256);
    /* Used to the last few blocks: reservations shrink to their cost before anybody is refused. */
    assert_in_range(free_blocks(w), 0, 8);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/f", 0), 0);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(w->discards, 1);
    uint64_t again = make(w, "/g"); /* freed blocks are free at once for who needs them */
    for (uint64_t i = 0; i < index - 1; i++)
        assert_int_equal(w_write_page(w, again, i, page, PAGE_SIZE), 0);
    stop(w);
}

static void truncate_on_a_live_file_asks_the_pager_first(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(3);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(w_write_page(w, ino, i, page, PAGE_SIZE), 0);
    w->pager_is_held = true;
    uint64_t cut[] = {3, 5000, 0};
    assert_int_equal(world_call(w, 0, fs_OP_truncate, cut, 3, NULL, 0), WORLD_PARKED);
    assert_int_equal(w_fill(w, ino, 1, got), 0); /* the pager may need pages to answer */
    w->pager_is_held = false;
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(size_of(w, "/f"), 5000);
    assert_int_equal(world_object(w, ino)->size, 5000);
    assert_int_equal(w_fill(w, ino, 5, got), 0);
    assert_int_equal(w->ring_answer.word[0], 1);
    stop(w);
}

static void truncate_zeroes_the_tail_of_a_file_that_the_pager_has_not(void **state)
{
    struct world *w = start("-b 4096 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(9);
    assert_int_equal(w_write_page(w, ino, 0, page, PAGE_SIZE), 0);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(idle(w, ino), 0);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 100), 0);
    assert_int_equal(size_of(w, "/f"), 100);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 4000), 0);
    assert_int_equal(w_open(w, 0, "/f", FS_READ, 0), 3);
    assert_int_equal(w_fill(w, ino, 0, got), 0);
    assert_int_equal(got[99], 9);
    assert_int_equal(got[100], 0);
    assert_int_equal(got[3999], 0);
    stop(w);
}

static void a_file_that_the_pager_forgets_meanwhile_gets_its_tail_zeroed(void **state)
{
    struct world *w = start("-b 4096 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(9);
    assert_int_equal(w_write_page(w, ino, 0, page, PAGE_SIZE), 0);
    assert_int_equal(w_close(w, 0, 3), 0);
    w->pager_is_held = true;
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 100), WORLD_PARKED);
    assert_int_equal(idle(w, ino), 0);
    w->pager_is_held = false;
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 4000), 0);
    assert_int_equal(w_open(w, 0, "/f", FS_READ, 0), 3);
    assert_int_equal(w_fill(w, ino, 0, got), 0);
    assert_int_equal(got[99], 9);
    assert_int_equal(got[100], 0);
    stop(w);
}

static void truncate_refuses_what_it_must(void **state)
{
    struct world *w = start("-b 4096 -N 64", 4u << 20);
    make(w, "/f");
    assert_int_equal(w_open(w, 0, "/f", FS_READ, 0), 4);
    uint64_t words[] = {4, 0, 0};
    assert_int_equal(world_call(w, 0, fs_OP_truncate, words, 3, NULL, 0), ERR_INVAL);
    words[0] = 99;
    assert_int_equal(world_call(w, 0, fs_OP_truncate, words, 3, NULL, 0), ERR_BADF);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/", 0), ERR_ISDIR);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 1ul << 63), ERR_INVAL);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/f", 1ul << 50), ERR_FBIG);
    assert_int_equal(w_path(w, 0, fs_OP_truncate, "/nix", 0), ERR_NOENT);
    stop(w);
}

static void open_with_trunc_cuts_the_file(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f"), before = free_blocks(w);
    fill(3);
    assert_int_equal(w_write_page(w, ino, 20, page, PAGE_SIZE), 0);
    assert_int_equal(w_open(w, 0, "/f", FS_WRITE | FS_TRUNC, 0), 4);
    assert_int_equal(size_of(w, "/f"), 0);
    assert_int_equal(world_object(w, ino)->size, 0);
    world_call(w, 0, fs_OP_sync, NULL, 0, NULL, 0);
    assert_int_equal(free_blocks(w), before);
    stop(w);
}

static void an_unlinked_file_lives_while_it_is_open_or_mapped(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t before = free_blocks(w), ino = make(w, "/f");
    fill(5);
    assert_int_equal(w_write_page(w, ino, 2, page, PAGE_SIZE), 0);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/f", 0), 0);
    assert_int_equal(w->discards, 0);
    assert_int_equal(w_fill(w, ino, 2, got), 0);
    assert_memory_equal(got, page, PAGE_SIZE);
    w->discard_is_busy = true; /* somebody has it mapped */
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(w->discards, 1);
    assert_int_equal(w_fill(w, ino, 2, got), 0);
    assert_memory_equal(got, page, PAGE_SIZE);
    assert_int_equal(idle(w, ino), 0);
    for (unsigned i = 0; i < 3; i++) /* emptied, released, given back: each must be durable first */
        assert_int_equal(world_call(w, 0, fs_OP_sync, NULL, 0, NULL, 0), 0);
    assert_int_equal(free_blocks(w), before);
    stop(w);
}

static void a_renamed_over_file_is_discarded(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    make(w, "/a");
    make(w, "/b");
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(w_close(w, 0, 4), 0);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/a", "/b"), 0);
    assert_int_equal(w->discards, 1);
    stop(w);
}

static void an_idle_that_crosses_an_open_is_void(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(5);
    assert_int_equal(w_write_page(w, ino, 0, page, PAGE_SIZE), 0);
    assert_int_equal(w_close(w, 0, 3), 0);
    w->pager_is_held = true;
    uint64_t words[] = {FS_CWD, FS_READ, 0, 2};
    assert_int_equal(world_call(w, 0, fs_OP_open, words, 4, "/f", 2), 0);
    uint64_t epoch = world_object(w, ino)->generation;
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_idle, (uint64_t[]){ino, epoch}, 2), 0);
    assert_true(node_find(&w->v, (uint32_t)ino)->is_live);
    w->pager_is_held = false;
    world_run(w);
    assert_int_equal(w_fill(w, ino, 0, got), 0);
    assert_memory_equal(got, page, PAGE_SIZE);
    stop(w);
}

static void sync_waits_for_the_disk(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    uint64_t ino = make(w, "/f");
    fill(5);
    assert_int_equal(w_write_page(w, ino, 0, page, PAGE_SIZE), 0);
    w->is_held = true;
    uint64_t words[] = {ino, world_object(w, ino)->generation};
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_sync, words, 2), WORLD_PARKED);
    assert_int_equal(world_call(w, 0, fs_OP_sync, NULL, 0, NULL, 0), WORLD_PARKED);
    w->is_held = false;
    world_run(w);
    assert_int_equal(w->ring_answer.status, 0);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w_open(w, 0, "/", FS_READ, 0), 4);
    assert_int_equal(world_call(w, 0, fs_OP_fsync, (uint64_t[]){4}, 1, NULL, 0), 0);
    assert_int_equal(world_call(w, 0, fs_OP_fsync, (uint64_t[]){0}, 1, NULL, 0), ERR_INVAL);
    stop(w);
}

static void nobody_waits_for_anothers_read(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    assert_int_equal(world_quiesce(w), 0);
    w->is_quiesced = w->v.is_quiesced = false; /* mount anew: nothing is cached */
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    assert_int_equal(world_create(w, 1, 2), 0);
    w->is_held = true;
    assert_int_equal(w_open(w, 0, "/d/x", FS_READ, 0), -1000);
    assert_int_equal(w_write(w, 1, 1, "x", 1), 1);
    assert_int_equal(world_call(w, 1, fs_OP_pipe, (uint64_t[]){0}, 1, NULL, 0), 0);
    assert_int_equal(w_write(w, 1, 4, "x", 1), 1);
    assert_int_equal(w_read(w, 1, 3, 1), 1);
    w->is_held = false;
    world_run(w);
    assert_int_equal(world_status(w, 0), ERR_NOENT);
    world_destroy(w, 1);
    stop(w);
}

/* Random pages of a few files against a model, with disk work completing in any order. */
#define FILES 3u
#define PAGES 24u

static void random_pages_match_the_model(void **state)
{
    static uint8_t model[FILES][PAGES];
    struct world *w = start(random_below(2) ? "-b 1024 -N 64" : "-b 4096 -N 64", 4u << 20);
    uint64_t ino[FILES], pages[FILES] = {0};
    char path[8];
    memset(model, 0, sizeof model);
    w->random = 1 + (uint32_t)random_below(1u << 30);
    for (uint32_t f = 0; f < FILES; f++) {
        snprintf(path, sizeof path, "/%u", f);
        ino[f] = make(w, path);
    }
    for (uint32_t i = 0; i < 600; i++) {
        uint32_t f = (uint32_t)random_below(FILES);
        uint64_t p = random_below(PAGES), size[] = {3 + f, p * PAGE_SIZE, 0};
        switch (random_below(8)) {
        case 0:
            assert_int_equal(world_call(w, 0, fs_OP_truncate, size, 3, NULL, 0), 0);
            for (uint64_t k = p; k < PAGES; k++)
                model[f][k] = 0;
            pages[f] = p;
            break;
        case 1 ... 4:
            model[f][p] = (uint8_t)(1 + random_below(255));
            fill(model[f][p]);
            assert_int_equal(w_write_page(w, ino[f], p, page, PAGE_SIZE), 0);
            pages[f] = p + 1 > pages[f] ? p + 1 : pages[f];
            break;
        default:
            assert_int_equal(w_fill(w, ino[f], p, got), 0);
            fill(model[f][p]);
            assert_memory_equal(got, page, PAGE_SIZE);
        }
        snprintf(path, sizeof path, "/%u", f);
        assert_int_equal(size_of(w, path), pages[f] * PAGE_SIZE);
        assert_int_equal(node_find(&w->v, (uint32_t)ino[f])->reserved, 0);
    }
    stop(w);
}

static void a_read_sets_the_access_time_if_that_tells_anything(void **state)
{
    struct world *w = start("-b 1024 -N 64", 4u << 20);
    struct fs_stat st;
    assert_int_equal(w_open(w, 0, "/t", FS_READ | FS_WRITE | FS_CREATE, 0644), 3);
    assert_int_equal(w_stat(w, 0, "/t", &st), 0);
    struct world_object *o = world_object(w, st.ino);
    uint64_t accessed[] = {st.ino, o->generation};
    w->v.now_ns += 100ul * 1000000000u;
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_accessed, accessed, 2), 0);
    int64_t before = st.atime_ns;
    assert_int_equal(w_stat(w, 0, "/t", &st), 0);
    assert_int_equal(st.atime_ns - before, 100l * 1000000000);
    w->v.now_ns += 100ul * 1000000000u; /* newer than the last write already: it stays */
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_accessed, accessed, 2), 0);
    assert_int_equal(w_stat(w, 0, "/t", &st), 0);
    assert_int_equal(st.atime_ns - before, 100l * 1000000000);
    w->v.now_ns += 90000ul * 1000000000u; /* a day */
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_accessed, accessed, 2), 0);
    assert_int_equal(w_stat(w, 0, "/t", &st), 0);
    assert_int_equal(st.atime_ns - before, 90200l * 1000000000);
    accessed[1]++;
    assert_int_equal(world_request(w, SRV_PAGER, pagefs_OP_accessed, accessed, 2), ERR_GONE);
    stop(w);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        T(pages_come_back_with_4k_blocks), T(pages_come_back_with_1k_blocks),
        T(a_page_of_small_blocks_may_be_a_hole_in_parts), T(a_stale_epoch_is_gone),
        T(credits_are_given_back), T(a_full_disk_is_told_and_recovers),
        T(truncate_on_a_live_file_asks_the_pager_first),
        T(truncate_zeroes_the_tail_of_a_file_that_the_pager_has_not),
        T(a_file_that_the_pager_forgets_meanwhile_gets_its_tail_zeroed),
        T(truncate_refuses_what_it_must), T(open_with_trunc_cuts_the_file),
        T(an_unlinked_file_lives_while_it_is_open_or_mapped), T(a_renamed_over_file_is_discarded),
        T(an_idle_that_crosses_an_open_is_void), T(sync_waits_for_the_disk),
        T(nobody_waits_for_anothers_read),
        T(a_read_sets_the_access_time_if_that_tells_anything), T(random_pages_match_the_model), T(random_pages_match_the_model),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
