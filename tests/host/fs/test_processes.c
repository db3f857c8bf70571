/* Descriptors, locks and poll between processes: what is shared, who waits for whom,
 * and what an end of a process ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <tests/host/lib/random.h>
#include "world.h"

#define PARKED (-1000)

static long dup_to(struct world *w, uint32_t slot, uint64_t fd, uint64_t to, uint64_t min,
                   uint64_t flags)
{
    int status = world_call(w, slot, fs_OP_dup, (uint64_t[]){fd, to, min, flags}, 4, NULL, 0);
    return status ? status : (long)w->answer[slot].word[0];
}

static void descriptors_are_the_lowest_free_ones(void **state)
{
    struct world *w = *state;
    assert_int_equal(dup_to(w, 0, 0, ~0ul, 0, 0), 3);
    assert_int_equal(dup_to(w, 0, 0, ~0ul, 10, 0), 10);
    assert_int_equal(dup_to(w, 0, 0, ~0ul, 4, 0), 4);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(dup_to(w, 0, 9, ~0ul, 0, 0), ERR_BADF);
    assert_int_equal(dup_to(w, 0, 0, ~0ul, 256, 0), ERR_INVAL);
    assert_int_equal(dup_to(w, 0, 0, 256, 0, 0), ERR_BADF);
    assert_int_equal(dup_to(w, 0, 0, 0, 0, 0), 0);
    assert_int_equal(dup_to(w, 0, 0, 200, 0, FS_CLOEXEC), 200);
    for (uint32_t i = 0; i < 256 - 6; i++)
        assert_true(dup_to(w, 0, 1, ~0ul, 0, 0) >= 3);
    assert_int_equal(dup_to(w, 0, 1, ~0ul, 0, 0), ERR_MFILE);
    assert_int_equal(w_open(w, 0, "/dev/null", FS_READ, 0), ERR_MFILE);
    uint64_t flags = 0;
    assert_int_equal(world_call(w, 0, fs_OP_pipe, &flags, 1, NULL, 0), ERR_MFILE);
}

static void exec_closes_what_is_marked(void **state)
{
    struct world *w = *state;
    uint64_t get[] = {4, 0, 0}, set[] = {4, 1, 1};
    assert_int_equal(w_open(w, 0, "/f", FS_WRITE | FS_CREATE | FS_CLOEXEC, 0644), 3);
    assert_int_equal(dup_to(w, 0, 3, 4, 0, 0), 4);
    assert_int_equal(world_call(w, 0, fs_OP_fdflags, get, 3, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 0);
    assert_int_equal(world_call(w, 0, fs_OP_fdflags, set, 3, NULL, 0), 0);
    assert_int_equal(dup_to(w, 0, 3, 5, 0, 0), 5);
    uint64_t badge = BADGE(0);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_exec, &badge, 1), 0);
    assert_int_equal(w_close(w, 0, 3), ERR_BADF);
    assert_int_equal(w_close(w, 0, 4), ERR_BADF);
    assert_int_equal(w_close(w, 0, 5), 0);
    assert_int_equal(w->adds, 3);
    assert_int_equal(w->drops, 3);
}

static void a_clone_shares_descriptions_and_owns_its_table(void **state)
{
    struct world *w = *state;
    uint64_t r, wr, get[] = {4, 2, 0}, set[] = {4, 3, FS_NONBLOCK};
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(world_clone(w, 0, 1, 2), ERR_BUSY);
    assert_int_equal(world_clone(w, 9, 2, 2), ERR_GONE);
    assert_int_equal(world_call(w, 1, fs_OP_fdflags, set, 3, NULL, 0), 0);
    assert_int_equal(world_call(w, 0, fs_OP_fdflags, get, 3, NULL, 0), 0);
    assert_true(w->answer[0].word[0] & FS_NONBLOCK);
    assert_int_equal(w_close(w, 1, wr), 0);
    assert_int_equal(w_write(w, 0, wr, "x", 1), 1);
    assert_int_equal(w_read(w, 1, r, 10), 1);
}

static void a_signal_ends_a_wait(void **state)
{
    struct world *w = *state;
    uint64_t r, wr, badge = BADGE(0);
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(w_read(w, 0, r, 1), PARKED);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 0), ERR_INTR);
    assert_int_equal(w_read(w, 0, 0, 1), PARKED);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 0), ERR_INTR);
}

static void a_signal_during_a_read_of_the_disk_ends_the_wait_behind_it(void **state)
{
    struct world *w = *state;
    uint64_t badge = BADGE(0);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_mknod, "/d/p", EXT2_S_IFIFO | 0666), 0);
    assert_int_equal(world_quiesce(w), 0);
    w->is_quiesced = w->v.is_quiesced = false; /* mount anew: nothing is cached */
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    w->is_held = true;
    assert_int_equal(w_open(w, 0, "/d/p", FS_READ, 0), -1000);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 0), WORLD_PARKED);
    w->is_held = false;
    world_run(w);
    assert_int_equal(world_status(w, 0), ERR_INTR);
}

static void an_ended_process_lets_go_of_everything(void **state)
{
    struct world *w = *state;
    uint64_t r, wr;
    w_pipe(w, 0, &r, &wr);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_close(w, 0, wr), 0);
    assert_int_equal(w_read(w, 0, r, 1), PARKED);
    assert_int_equal(w_read(w, 1, r, 1), PARKED);
    assert_int_equal(world_destroy(w, 1), 0);
    assert_int_equal(world_status(w, 1), ERR_INTR);
    assert_int_equal(world_status(w, 0), 0); /* end of file: the last writer is gone */
    assert_int_equal(w_read(w, 1, r, 1), ERR_GONE);
    assert_int_equal(world_destroy(w, 1), ERR_GONE);
}

static void a_process_that_waits_for_the_disk_ends_after_it(void **state)
{
    struct world *w = *state;
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    w->is_held = true;
    assert_int_equal(world_call(w, 1, fs_OP_sync, NULL, 0, NULL, 0), WORLD_PARKED);
    assert_int_equal(world_destroy(w, 1), WORLD_PARKED);
    w->is_held = false;
    world_run(w);
    assert_true(w->ring_answer.is_there);
    assert_int_equal(w->ring_answer.status, 0);
    assert_int_equal(world_status(w, 1), 0);
}

static void the_clock_can_be_set(void **state)
{
    struct world *w = *state;
    uint64_t epoch = 5;
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_clock, &epoch, 1), 0);
    assert_int_equal(w->v.epoch_ns, 5);
}

/* --- locks ----------------------------------------------------------------------------------- */

static int lock(struct world *w, uint32_t slot, unsigned cmd, unsigned type, uint64_t at,
                uint64_t len)
{
    uint64_t words[] = {3, cmd | type << 8, at, len};
    return world_call(w, slot, fs_OP_lock, words, 4, NULL, 0);
}

static void three_with_a_file(struct world *w)
{
    assert_int_equal(w_open(w, 0, "/f", FS_READ | FS_WRITE | FS_CREATE, 0644), 3);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(world_clone(w, 0, 2, 3), 0);
}

static void locks_exclude_wait_and_tell(void **state)
{
    struct world *w = *state;
    three_with_a_file(w);
    assert_int_equal(lock(w, 0, 1, LOCK_WRITE, 10, 10), 0);
    assert_int_equal(lock(w, 1, 1, LOCK_READ, 15, 0), ERR_AGAIN);
    assert_int_equal(lock(w, 1, 1, LOCK_READ, 20, 0), 0);
    assert_int_equal(lock(w, 1, 0, LOCK_READ, 0, 0), 0);
    assert_int_equal(w->answer[1].word[0], LOCK_WRITE);
    assert_int_equal(w->answer[1].word[1], 10);
    assert_int_equal(w->answer[1].word[2], 10);
    assert_int_equal(w->answer[1].word[3], 1);
    assert_int_equal(lock(w, 2, 2, LOCK_WRITE, 12, 1), WORLD_PARKED);
    assert_int_equal(lock(w, 0, 1, LOCK_NONE, 10, 5), 0);
    assert_int_equal(world_status(w, 2), 0);
    assert_int_equal(lock(w, 0, 2, LOCK_WRITE, 12, 1), WORLD_PARKED);
    assert_int_equal(world_destroy(w, 2), 0);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(lock(w, 0, 3, LOCK_WRITE, 0, 0), ERR_INVAL);
    assert_int_equal(lock(w, 0, 1, 7, 0, 0), ERR_INVAL);
    assert_int_equal(lock(w, 0, 1, LOCK_READ, 1ul << 63, 0), ERR_INVAL);
}

static void any_close_of_the_file_drops_the_locks(void **state)
{
    struct world *w = *state;
    three_with_a_file(w);
    assert_int_equal(lock(w, 0, 1, LOCK_WRITE, 0, 0), 0);
    assert_int_equal(lock(w, 1, 2, LOCK_WRITE, 0, 0), WORLD_PARKED);
    assert_int_equal(w_open(w, 0, "/f", FS_READ, 0), 4);
    assert_int_equal(w_close(w, 0, 4), 0);
    assert_int_equal(world_status(w, 1), 0);
}

static void a_ring_of_waiting_processes_is_refused(void **state)
{
    struct world *w = *state;
    uint64_t badge = BADGE(1);
    three_with_a_file(w);
    for (uint32_t slot = 0; slot < 3; slot++)
        assert_int_equal(lock(w, slot, 1, LOCK_WRITE, slot, 1), 0);
    assert_int_equal(lock(w, 0, 2, LOCK_WRITE, 1, 1), WORLD_PARKED);
    assert_int_equal(lock(w, 1, 2, LOCK_WRITE, 2, 1), WORLD_PARKED);
    assert_int_equal(lock(w, 2, 2, LOCK_WRITE, 0, 1), ERR_DEADLK);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
    assert_int_equal(world_status(w, 1), ERR_INTR);
    assert_int_equal(lock(w, 2, 2, LOCK_WRITE, 0, 1), WORLD_PARKED);
    assert_int_equal(world_destroy(w, 1), 0);
    assert_int_equal(world_status(w, 0), 0);
}

static int whole(struct world *w, uint32_t slot, uint64_t fd, unsigned cmd, unsigned type)
{
    uint64_t words[] = {fd, cmd | FS_LOCK_FILE | FS_LOCK_WHOLE | type << 8, 0, 0};
    return world_call(w, slot, fs_OP_lock, words, 4, NULL, 0);
}

static void locks_of_an_open_file_end_with_it(void **state)
{
    struct world *w = *state;
    three_with_a_file(w);
    assert_int_equal(w_open(w, 1, "/f", FS_READ, 0), 4);
    assert_int_equal(whole(w, 0, 3, 1, LOCK_WRITE), 0);
    assert_int_equal(whole(w, 2, 3, 1, LOCK_WRITE), 0); /* the same open file */
    assert_int_equal(whole(w, 1, 4, 1, LOCK_READ), ERR_AGAIN);
    assert_int_equal(lock(w, 1, 1, LOCK_WRITE, 0, 0), 0); /* of another kind */
    assert_int_equal(whole(w, 1, 4, 2, LOCK_WRITE), WORLD_PARKED);
    assert_int_equal(w_close(w, 0, 3), 0);
    assert_int_equal(w_close(w, 2, 3), 0);
    assert_int_equal(world_status(w, 1), WORLD_PARKED);
    assert_int_equal(w_path(w, 2, fs_OP_stat, "/f", 0), 0);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &(uint64_t){BADGE(1)}, 1), 0);
    assert_int_equal(world_status(w, 1), ERR_INTR);
    assert_int_equal(w_close(w, 1, 3), 0);
    assert_int_equal(whole(w, 1, 4, 1, LOCK_WRITE), 0);
}

static void one_s_own_unlock_never_waits_for_others(void **state)
{
    struct world *w = *state;
    three_with_a_file(w);
    assert_int_equal(lock(w, 0, 1, LOCK_WRITE, 0, 1), 0);
    assert_int_equal(lock(w, 1, 1, LOCK_WRITE, 1, 1), 0);
    assert_int_equal(lock(w, 0, 2, LOCK_NONE, 0, 0), 0);
    assert_int_equal(lock(w, 1, 1, LOCK_WRITE, 0, 1), 0);
}

/* --- poll ------------------------------------------------------------------------------------ */

static int poll_call(struct world *w, struct fs_pollfd *fds, uint64_t n, uint64_t until)
{
    uint64_t words[] = {n, until, n * sizeof *fds};
    int status = world_call(w, 0, fs_OP_poll, words, 3, fds, n * sizeof *fds);
    if (status == 0)
        memcpy(fds, w->answer[0].bytes, n * sizeof *fds);
    return status == 0 ? (int)w->answer[0].word[0] : status == WORLD_PARKED ? PARKED : status;
}

static void poll_tells_what_could_go_on(void **state)
{
    struct world *w = *state;
    uint64_t r, wr;
    w_pipe(w, 0, &r, &wr);
    struct fs_pollfd fds[] = {{(int)r, FS_POLLIN, 0}, {(int)wr, FS_POLLOUT, 0}, {99, FS_POLLIN, 0},
                              {-1, FS_POLLIN, 0}};
    assert_int_equal(poll_call(w, fds, 4, 0), 2);
    assert_int_equal(fds[0].revents, 0);
    assert_int_equal(fds[1].revents, FS_POLLOUT);
    assert_int_equal(fds[2].revents, FS_POLLNVAL);
    assert_int_equal(fds[3].revents, 0);
    assert_int_equal(poll_call(w, fds, 1, ~0ul), PARKED);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(w_write(w, 1, wr, "x", 1), 1);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 1);
    assert_int_equal(w_read(w, 0, r, 1), 1);
    assert_int_equal(poll_call(w, fds, 1, 500), PARKED);
    assert_true(vfs_deadline(&w->v) <= 500);
    w->v.ticks = 499;
    vfs_tick(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), WORLD_PARKED);
    w->v.ticks = 500;
    vfs_tick(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 0);
}

/* --- descriptors against a model -------------------------------------------------------------- */

#define SLOTS 4u

/* Random dup, close, clone, destroy, exec over pipes: descriptors and reference counts. */
static void random_descriptors_match_the_model(void **state)
{
    struct world *w = *state;
    static uint16_t model[SLOTS][FS_MAX_FDS]; /* pipe end + 1 by description; 0 closed */
    static bool alive[SLOTS];
    uint64_t r, wr;
    memset(model, 0, sizeof model);
    memset(alive, 0, sizeof alive);
    alive[0] = true;
    w_pipe(w, 0, &r, &wr);
    model[0][r] = 1;
    model[0][wr] = 2;
    for (uint32_t i = 0; i < 4000; i++) {
        uint32_t slot = (uint32_t)random_below(SLOTS), fd = 3 + (uint32_t)random_below(6);
        uint32_t to = 3 + (uint32_t)random_below(6);
        if (!alive[slot]) {
            assert_int_equal(w_close(w, slot, fd), ERR_GONE);
            if (alive[to % SLOTS]) {
                assert_int_equal(world_clone(w, to % SLOTS, slot, slot + 1), 0);
                memcpy(model[slot], model[to % SLOTS], sizeof model[slot]);
                alive[slot] = true;
            }
            continue;
        }
        switch (random_below(12)) {
        case 0:
            if (slot == 0)
                break;
            assert_int_equal(world_destroy(w, slot), 0);
            alive[slot] = false;
            break;
        case 1 ... 3:
            if (slot == 0 && fd < 5)
                break; /* keep one of each */
            assert_int_equal(w_close(w, slot, fd), model[slot][fd] ? 0 : ERR_BADF);
            model[slot][fd] = 0;
            break;
        default:
            if (slot == 0 && to < 5)
                break;
            assert_int_equal(dup_to(w, slot, fd, to, 0, 0), model[slot][fd] ? (long)to : ERR_BADF);
            if (model[slot][fd])
                model[slot][to] = model[slot][fd];
        }
        uint32_t refs[3] = {0};
        for (uint32_t s = 0; s < SLOTS; s++)
            for (uint32_t k = 3; alive[s] && k < FS_MAX_FDS; k++)
                refs[model[s][k]]++;
        assert_int_equal(fd_file(&w->v, &w->v.processes[0], r)->refs, refs[1]);
        assert_int_equal(fd_file(&w->v, &w->v.processes[0], wr)->refs, refs[2]);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        T(descriptors_are_the_lowest_free_ones), T(exec_closes_what_is_marked),
        T(a_clone_shares_descriptions_and_owns_its_table), T(a_signal_ends_a_wait),
        T(a_signal_during_a_read_of_the_disk_ends_the_wait_behind_it),
        T(an_ended_process_lets_go_of_everything),
        T(a_process_that_waits_for_the_disk_ends_after_it), T(locks_exclude_wait_and_tell),
        T(any_close_of_the_file_drops_the_locks), T(a_ring_of_waiting_processes_is_refused),
        T(locks_of_an_open_file_end_with_it), T(one_s_own_unlock_never_waits_for_others),
        T(poll_tells_what_could_go_on), T(the_clock_can_be_set), T(random_descriptors_match_the_model),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
