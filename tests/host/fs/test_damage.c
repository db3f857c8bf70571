/* What must not bring the server down: no disk, a foreign disk, every n-th I/O failing, random
 * messages. Each ends with an error or an answer, never with silence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <tests/host/lib/random.h>
#include "world.h"

#define FUZZ_STEPS 30000u

static void no_disk_is_said_and_leaves_the_terminal(void **state)
{
    struct world *w = world_without_disk();
    assert_int_equal(world_start(w), ERR_NODEV);
    assert_non_null(strstr(w->log, "there is no disk"));
    assert_int_equal(world_create(w, 0, 1), 0);
    assert_int_equal(w_write(w, 0, 1, "hi", 2), 2);
    assert_int_equal(w_open(w, 0, "/x", FS_READ, 0), ERR_NODEV);
    assert_int_equal(world_call(w, 0, fs_OP_getcwd, NULL, 0, NULL, 0), ERR_NODEV);
    assert_int_equal(world_call(w, 0, fs_OP_sync, NULL, 0, NULL, 0), ERR_NODEV);
    assert_int_equal(world_quiesce(w), 0);
    world_free(w);
}

static void a_foreign_disk_is_refused(void **state)
{
    struct world *w = world_new("-b 1024 -N 64", NULL, 1u << 20);
    for (size_t i = 0; i < w->image_bytes; i++)
        w->image[i] = (uint8_t)(i * 7);
    assert_int_equal(world_start(w), ERR_NODEV);
    assert_non_null(strstr(w->log, "root file system"));
    world_free(w);
}

static void a_disk_that_cannot_be_read_is_refused(void **state)
{
    struct world *w = world_new("-b 1024 -N 64", NULL, 1u << 20);
    w->fail_at = 2;
    w->fails_on = true;
    assert_true(world_start(w) < 0);
    assert_true(w->log[0] != 0);
    world_free(w);
}

static void a_read_only_disk_refuses_changes(void **state)
{
    struct world *w = world_new("-b 1024 -N 64", NULL, 1u << 20);
    w->read_only = true;
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    assert_int_equal(w_open(w, 0, "/x", FS_WRITE | FS_CREATE, 0644), ERR_ROFS);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), ERR_ROFS);
    assert_int_equal(w_path(w, 0, fs_OP_access, "/", 2), ERR_ROFS);
    assert_int_equal(w_path(w, 0, fs_OP_chmod, "/", 0777), ERR_ROFS);
    assert_int_equal(world_quiesce(w), 0);
    world_free(w);
}

/* A little of everything. Errors are fine; silence is not. */
static void scenario(struct world *w)
{
    uint8_t page[PAGE_SIZE] = {1};
    struct fs_stat st;
    if (world_start(w) || world_create(w, 0, 1))
        return;
    w_path(w, 0, fs_OP_mkdir, "/d", 0777);
    long fd = w_open(w, 0, "/d/f", FS_READ | FS_WRITE | FS_CREATE, 0644);
    assert_int_not_equal(fd, -1000);
    if (fd >= 0 && w_stat(w, 0, "/d/f", &st) == 0) {
        for (unsigned i = 0; i < 4; i++)
            assert_int_not_equal(w_write_page(w, st.ino, i * 5, page, PAGE_SIZE), WORLD_PARKED);
        assert_int_not_equal(w_fill(w, st.ino, 5, page), WORLD_PARKED);
    }
    w_two(w, 0, fs_OP_rename, "/d/f", "/g");
    assert_int_not_equal(world_call(w, 0, fs_OP_sync, NULL, 0, NULL, 0), WORLD_PARKED);
    assert_int_not_equal(w_path(w, 0, fs_OP_truncate, "/g", 5000), WORLD_PARKED);
    assert_int_not_equal(w_path(w, 0, fs_OP_unlink, "/g", 0), WORLD_PARKED);
    assert_int_not_equal(w_path(w, 0, fs_OP_unlink, "/d", 1), WORLD_PARKED);
    assert_int_equal(world_destroy(w, 0), 0);
}

static void every_io_may_fail_once(void **state)
{
    for (uint64_t n = 1;; n++) {
        struct world *w = world_new("-b 1024 -N 64", NULL, 1u << 20);
        w->fail_at = n;
        scenario(w);
        if (w->is_ready && w->ready_status == 0)
            world_quiesce(w);
        bool is_over = w->ios < n;
        if (is_over)
            assert_int_equal(world_fsck(w), 0);
        world_free(w);
        if (is_over)
            break;
    }
}

static void a_disk_may_die_at_any_time(void **state)
{
    for (uint64_t n = 2; n < 80; n += 3) {
        struct world *w = world_new("-b 1024 -N 64", NULL, 1u << 20);
        w->fail_at = n;
        w->fails_on = true;
        scenario(w);
        if (w->is_ready && w->ready_status == 0)
            world_quiesce(w); /* an error, but an end */
        world_free(w);
    }
}

/* --- random messages -------------------------------------------------------------------------- */

static uint64_t odd_word(void)
{
    static const uint64_t odd[] = {0, 1, 2, 3, 4, 5, 7, 8, 64, 255, 256, 1024, 3072, 4095, 4096,
                                   ~0ul, ~0ul - 1, 1ul << 31, 1ul << 32, 1ul << 63, 0x8180, 0x11ff};
    return random_below(4) ? odd[random_below(sizeof odd / sizeof *odd)] : random_below(1u << 30);
}

static size_t odd_bytes(uint8_t *bytes)
{
    static const char *const paths[] = {"/", "/d", "/d/..", "f", "/dev/null", "/dev/tty", "a/b",
                                        "/d/f", ".", "..", "/x/", "//", "/d/fd/f", "/loop"};
    if (random_below(3) == 0) {
        size_t n = random_below(200);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)random_below(256);
        return n;
    }
    const char *path = paths[random_below(sizeof paths / sizeof *paths)];
    memcpy(bytes, path, strlen(path));
    return strlen(path);
}

static void fuzz_call(struct world *w, uint32_t slot)
{
    uint8_t bytes[256];
    uint64_t words[8], op = random_below(fs_OP_COUNT + 2);
    size_t len = odd_bytes(bytes);
    for (unsigned i = 0; i < 8; i++)
        words[i] = odd_word();
    uint32_t n = fs_words((uint32_t)op).req;
    if (n > 0 && random_below(4))
        words[n - 1] = len;
    if (random_below(2))
        words[0] = FS_CWD;
    world_call(w, slot, (uint32_t)op, words, random_below(20) ? n : (uint32_t)random_below(5), bytes,
               len);
}

static void fuzz_ring(struct world *w)
{
    uint64_t words[7];
    bool is_proc = random_below(3) == 0;
    uint32_t op = (uint32_t)random_below((is_proc ? procfs_OP_COUNT : pagefs_OP_COUNT) + 2u);
    for (unsigned i = 0; i < 7; i++)
        words[i] = odd_word();
    if (!is_proc && random_below(2)) { /* a page of a file that exists */
        struct world_object *o = &w->object[random_below(8)];
        words[0] = o->ino;
        words[1] = o->generation;
        words[2] = random_below(40);
        words[3] %= WORLD_FRAMES;
    }
    if (!is_proc && (op == pagefs_OP_fill || op == pagefs_OP_write))
        words[3] %= WORLD_FRAMES;
    if (is_proc && random_below(2))
        words[0] = BADGE(random_below(4));
    if (is_proc && op == procfs_OP_clone)
        words[1] = BADGE(random_below(4));
    world_request(w, is_proc ? SRV_PROC : SRV_PAGER, op, words, 7);
}

static void random_messages_get_answers(void **state)
{
    struct world *w = world_new("-b 1024 -N 256", NULL, 4u << 20);
    w->random = 1 + (uint32_t)random_below(1000);
    assert_int_equal(world_start(w), 0);
    for (uint32_t i = 0; i < FUZZ_STEPS; i++) {
        uint32_t slot = (uint32_t)random_below(4);
        w->out_len = 0;
        w->out_room = WORLD_TEXT;
        if (!w->v.processes[slot].badge)
            world_create(w, slot, slot + 1);
        if (random_below(6) == 0)
            fuzz_ring(w);
        else
            fuzz_call(w, slot);
        if (world_status(w, slot) == WORLD_PARKED) { /* it waits for what nobody will do */
            uint64_t badge = BADGE(slot);
            world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1);
        }
    }
    for (uint32_t slot = 0; slot < POOL_SLOTS; slot++)
        if (w->v.processes[slot].badge)
            assert_int_equal(world_request(w, SRV_PROC, procfs_OP_destroy,
                                           &w->v.processes[slot].badge, 1), 0);
    assert_int_equal(world_quiesce(w), 0);
    assert_int_equal(world_fsck(w), 0);
    world_free(w);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        T(no_disk_is_said_and_leaves_the_terminal), T(a_foreign_disk_is_refused),
        T(a_disk_that_cannot_be_read_is_refused), T(a_read_only_disk_refuses_changes),
        T(every_io_may_fail_once), T(a_disk_may_die_at_any_time), T(random_messages_get_answers),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
