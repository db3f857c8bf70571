/* Pipes and FIFOs between processes: who waits for whom, what stays together, what an end of one
 * side ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <cmocka.h>
#include "world.h"

#define PARKED (-1000)

static void a_reader_waits_until_there_is_something_or_nobody(void **state)
{
    struct world *w = *state;
    uint64_t r, wr;
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_read(w, 1, r, 100), PARKED);
    assert_int_equal(w_write(w, 0, wr, "hello", 5), 5);
    assert_int_equal(world_status(w, 1), 0);
    assert_int_equal(w->answer[1].nbytes, 5);
    assert_memory_equal(w->answer[1].bytes, "hello", 5);
    assert_int_equal(w_close(w, 1, wr), 0);
    assert_int_equal(w_read(w, 1, r, 100), PARKED);
    assert_int_equal(w_close(w, 0, wr), 0);
    assert_int_equal(world_status(w, 1), 0);
    assert_int_equal(w->answer[1].word[0], 0);
}

static void a_writer_waits_for_room_and_dies_of_deaf_readers(void **state)
{
    struct world *w = *state;
    uint8_t bytes[VFS_BYTES] = {1};
    uint64_t r, wr;
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_close(w, 1, r), 0);
    for (uint32_t i = 0; i < PIPE_CAPACITY / VFS_BYTES; i++)
        assert_int_equal(w_write(w, 1, wr, bytes, VFS_BYTES), VFS_BYTES);
    assert_int_equal(w_write(w, 1, wr, bytes, VFS_BYTES), PARKED);
    assert_int_equal(w_read(w, 0, r, VFS_BYTES), VFS_BYTES);
    assert_int_equal(w_read(w, 0, r, VFS_BYTES), VFS_BYTES);
    assert_int_equal(world_status(w, 1), 0);
    while (w_write(w, 1, wr, bytes, VFS_BYTES) == VFS_BYTES)
        ;
    assert_int_equal(world_status(w, 1), WORLD_PARKED);
    assert_int_equal(w_close(w, 0, r), 0);
    assert_int_equal(world_status(w, 1), ERR_PIPE);
    assert_int_equal(w->last_signal, SIGPIPE);
    assert_int_equal(w->last_badge, BADGE(1));
    assert_int_equal(w_read(w, 0, wr, 1), ERR_BADF);
    assert_int_equal(w_write(w, 1, 77, bytes, 1), ERR_BADF);
}

static void non_blocking_ends_are_told_to_try_again(void **state)
{
    struct world *w = *state;
    uint8_t bytes[VFS_BYTES] = {1};
    uint64_t flags = FS_NONBLOCK;
    assert_int_equal(world_call(w, 0, fs_OP_pipe, &flags, 1, NULL, 0), 0);
    assert_int_equal(w_read(w, 0, 3, 1), ERR_AGAIN);
    while (w_write(w, 0, 4, bytes, sizeof bytes) > 0)
        ;
    assert_int_equal(world_status(w, 0), ERR_AGAIN);
}

/* The next part of a write of `done + left` bytes. */
static int part(struct world *w, uint32_t slot, uint64_t fd, size_t len, uint64_t done, uint64_t left)
{
    static const uint8_t bytes[VFS_BYTES] = {7};
    return world_call(w, slot, fs_OP_write, (uint64_t[]){fd, len, done, left}, 4, bytes, len);
}

static void a_write_in_two_parts_is_one(void **state)
{
    struct world *w = *state;
    uint64_t r, wr;
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(world_clone(w, 0, 2, 3), 0);
    assert_int_equal(part(w, 0, wr, 3072, 0, 4096), 0);
    assert_int_equal(w_read(w, 1, r, 100), PARKED);
    assert_int_equal(w_write(w, 2, wr, "x", 1), PARKED);
    assert_int_equal(part(w, 0, wr, 1024, 3072, 1024), 0);
    assert_int_equal(world_status(w, 1), 0);
    assert_int_equal(w->answer[1].nbytes, 100);
    assert_int_equal(world_status(w, 2), 0);
    assert_int_equal(world_call(w, 1, fs_OP_pending, &r, 1, NULL, 0), 0);
    assert_int_equal(w->answer[1].word[0], 4096 - 100 + 1);
}

static void a_broken_write_leaves_nothing(void **state)
{
    struct world *w = *state;
    uint64_t r, wr, badge = BADGE(0);
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(part(w, 0, wr, 3072, 0, 4096), 0);
    assert_int_equal(w_write(w, 1, wr, "x", 1), PARKED);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 1), 0);
    assert_int_equal(part(w, 0, wr, 1024, 3072, 1024), ERR_BUSY);
    assert_int_equal(part(w, 0, wr, 3072, 0, 4096), 0);
    assert_int_equal(w_stat(w, 0, "/", &(struct fs_stat){0}), 0); /* another call breaks it too */
    assert_int_equal(part(w, 0, wr, 1024, 3072, 1024), ERR_BUSY);
    assert_int_equal(part(w, 0, wr, 3072, 0, 4096), 0);
    assert_int_equal(world_destroy(w, 0), 0);
    assert_int_equal(w_read(w, 1, r, 100), 1);
    assert_int_equal(part(w, 1, wr, 3072, 0, 4096), 0);
    assert_int_equal(w_close(w, 1, r), 0);
    assert_int_equal(part(w, 1, wr, 1024, 3072, 1024), ERR_PIPE);
}

static void a_long_write_goes_in_as_there_is_room(void **state)
{
    struct world *w = *state;
    uint8_t bytes[VFS_BYTES] = {1};
    uint64_t r, wr, badge = BADGE(0), set[] = {0, 3, FS_NONBLOCK};
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    for (uint32_t i = 0; i < PIPE_CAPACITY / 1024 - 1; i++)
        assert_int_equal(w_write(w, 0, wr, bytes, 1024), 1024);
    assert_int_equal(part(w, 0, wr, 3072, 0, 5000), WORLD_PARKED);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 1024);
    assert_int_equal(part(w, 0, wr, 3072, 1024, 5000 - 1024), WORLD_PARKED);
    assert_int_equal(w_read(w, 1, r, 3072), 3072);
    assert_int_equal(w_read(w, 1, r, 1024), 1024);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 3072);
    set[0] = wr;
    assert_int_equal(world_call(w, 0, fs_OP_fdflags, set, 3, NULL, 0), 0);
    assert_int_equal(part(w, 0, wr, 3072, 0, 5000), 0);
    assert_int_equal(w->answer[0].word[0], 1024);
    assert_int_equal(part(w, 0, wr, 3072, 0, 5000), ERR_AGAIN);
    assert_int_equal(part(w, 0, wr, 1, 0, 1), ERR_AGAIN);
}

static void fifos_open_in_pairs(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    uint64_t badge = BADGE(0);
    assert_int_equal(w_path(w, 0, fs_OP_mknod, "/p", EXT2_S_IFIFO | 0644), 0);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_open(w, 0, "/p", FS_WRITE | FS_NONBLOCK, 0), ERR_NXIO);
    assert_int_equal(w_open(w, 0, "/p", FS_READ, 0), PARKED);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 0), ERR_INTR);
    assert_int_equal(w_open(w, 0, "/p", FS_READ, 0), PARKED);
    assert_int_equal(w_open(w, 1, "/p", FS_WRITE, 0), 3);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 3);
    assert_int_equal(w->answer[0].word[1], FS_KIND_PIPE);
    assert_int_equal(w_write(w, 1, 3, "ab", 2), 2);
    assert_int_equal(w_stat(w, 0, "/p", &st), 0);
    assert_int_equal(st.mode & EXT2_S_IFMT, EXT2_S_IFIFO);
    assert_int_equal(w_read(w, 0, 3, 10), 2);
    assert_int_equal(w_close(w, 1, 3), 0);
    assert_int_equal(w_read(w, 0, 3, 10), 0);
    assert_int_equal(w_open(w, 1, "/p", FS_READ | FS_WRITE, 0), 3);
}

static void pipes_run_out_cleanly(void **state)
{
    struct world *w = *state;
    uint64_t flags = 0;
    for (uint32_t slot = 1; slot < 4; slot++)
        assert_int_equal(world_clone(w, 0, slot, slot + 1), 0);
    for (uint32_t i = 0; i < w->v.pipe_pool.npages; i++)
        assert_int_equal(world_call(w, i / 100, fs_OP_pipe, &flags, 1, NULL, 0), 0);
    assert_int_equal(world_call(w, 3, fs_OP_pipe, &flags, 1, NULL, 0), ERR_NFILE);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(w_close(w, 0, 4), 0);
    assert_int_equal(world_call(w, 3, fs_OP_pipe, &flags, 1, NULL, 0), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        T(a_reader_waits_until_there_is_something_or_nobody),
        T(a_writer_waits_for_room_and_dies_of_deaf_readers),
        T(non_blocking_ends_are_told_to_try_again), T(a_write_in_two_parts_is_one),
        T(a_broken_write_leaves_nothing), T(a_long_write_goes_in_as_there_is_room),
        T(fifos_open_in_pairs), T(pipes_run_out_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
