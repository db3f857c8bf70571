/* The world of a test with cmocka: an empty disk, one process; and that nothing is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "world.h"

int world_set_up(void **state)
{
    struct world *w = world_new("-b 1024 -N 64", NULL, 2u << 20);
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    *state = w;
    return 0;
}

/* Everything was given back: files, nodes, pipes, pages of pipes, locks, requests. */
static void expect_nothing_left(struct world *w)
{
    uint32_t n = 0;
    for (struct request *r = w->v.request_free; r; r = r->next)
        n++;
    assert_int_equal(n, VFS_REQUESTS);
    assert_int_equal(w->v.nlarge, VFS_LARGE);
    assert_int_equal(w->v.pipe_pool.nfree, w->v.pipe_pool.npages);
    assert_int_equal(w->v.pipe_pool.nempty, 0);
    assert_int_equal(w->v.locks.nfree, VFS_LOCKS);
    for (uint32_t i = 0; i < VFS_FILES; i++)
        assert_int_equal(w->v.files[i].kind, FILE_FREE);
}

int world_tear_down(void **state)
{
    struct world *w = *state;
    for (uint32_t slot = 0; slot < POOL_SLOTS; slot++)
        if (w->v.processes[slot].badge)
            assert_int_equal(world_destroy(w, slot), 0);
    expect_nothing_left(w);
    assert_int_equal(world_quiesce(w), 0);
    assert_int_equal(world_fsck(w), 0);
    world_free(w);
    return 0;
}

void w_pipe(struct world *w, uint32_t slot, uint64_t *reader, uint64_t *writer)
{
    uint64_t flags = 0;
    assert_int_equal(world_call(w, slot, fs_OP_pipe, &flags, 1, NULL, 0), 0);
    *reader = w->answer[slot].word[0];
    *writer = w->answer[slot].word[1];
}
