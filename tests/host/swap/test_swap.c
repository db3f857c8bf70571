/* The swap server between a pager and a block server, both played by the test over real rings. */
#include "servers/swap/swap.h"
#include <lib/server/call.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define N 40u

static struct swap_service swap;
static struct swap_slot memory[N];
static struct ring_page pages[4];
static struct peer pager, from_pager, to_blk, blk;
static struct peer_pending tables[4][64];
static uint64_t disk[N];       /* what a slot's sectors hold: the number of the frame written */
static struct ring_entry asked[64];
static unsigned nasked, fail_after; /* the block request with this number fails */
static int status_of[64];
static uint64_t rep_of[64];

static void pair(struct peer *a, struct peer *b, unsigned i)
{
    struct ring ring;

    ring_attach(&ring, &pages[2 * i], &pages[2 * i + 1], 1);
    peer_attach(a, &ring, tables[2 * i], 64);
    ring_attach(&ring, &pages[2 * i + 1], &pages[2 * i], 1);
    peer_attach(b, &ring, tables[2 * i + 1], 64);
}

static int fresh(void **state)
{
    memset(pages, 0, sizeof pages);
    memset(memory, 0, sizeof memory);
    memset(status_of, 0x7f, sizeof status_of);
    nasked = fail_after = 0;
    pair(&pager, &from_pager, 0);
    pair(&to_blk, &blk, 1);
    swap_init(&swap, &to_blk, memory, sizeof memory);
    assert_int_equal(swap_set_disk(&swap, N * 8 + 7), N);
    return 0;
}

static void done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    status_of[arg] = status;
    rep_of[arg] = rep[0];
}

/* Everything moves but the block requests' answers, which wait in `asked`. */
static void deliver(void)
{
    struct ring_entry entry;

    while (peer_take(&from_pager, &entry) == 1)
        swap_request(&swap, &from_pager, &entry);
    while (peer_take(&blk, &entry) == 1)
        asked[nasked++] = entry;
    assert_int_equal(peer_take(&to_blk, &entry), 0);
    assert_int_equal(peer_take(&pager, &entry), 0);
}

static void answer_blocks(void)
{
    for (unsigned i = 0; i < nasked; i++) {
        struct blk_write_req *req = (void *)asked[i].word;
        bool fails = fail_after && --fail_after == 0;

        assert_true(req->disk == SWAP_DISK && req->sector % 8 == 0 && req->sector / 8 < N &&
                    req->bytes == PAGE_SIZE && req->offset == 0 && req->memory == BLK_MEM_PAGER);
        if (RING_OP(asked[i].head) == blk_OP_write && !fails)
            disk[req->sector / 8] = req->frame;
        peer_answer(&blk, asked[i].head, fails ? ERR_IO : 0, NULL, 0);
    }
    nasked = 0;
    deliver();
}

static void out(uint64_t arg, uint64_t frame, uint64_t key)
{
    struct swap_out_req req = {.frame = frame, .key = key};

    PEER_POST(&pager, swap, out, &req, (struct peer_target){done, NULL, arg});
    deliver();
}

static void in(uint64_t arg, uint64_t slot, uint64_t key)
{
    struct swap_in_req req = {.slot = slot, .frame = 99, .key = key};

    PEER_POST(&pager, swap, in, &req, (struct peer_target){done, NULL, arg});
    deliver();
}

static void give_back(uint64_t arg, uint64_t slot, uint64_t key)
{
    struct swap_free_req req = {.slot = slot, .key = key};

    PEER_POST(&pager, swap, free, &req, (struct peer_target){done, NULL, arg});
    deliver();
}

static void page_goes_out_and_comes_back(void **state)
{
    out(0, 7, 1234);
    assert_int_equal(status_of[0], 0x7f7f7f7f);
    answer_blocks();
    assert_int_equal(status_of[0], 0);
    assert_int_equal(disk[rep_of[0]], 7);
    in(1, rep_of[0], 1234);
    assert_int_equal(((struct blk_read_req *)asked[0].word)->frame, 99);
    assert_int_equal(RING_OP(asked[0].head), blk_OP_read);
    answer_blocks();
    assert_int_equal(status_of[1], 0);
}

static void another_page_in_the_slot_is_corruption(void **state)
{
    out(0, 7, 1234);
    answer_blocks();
    in(1, rep_of[0], 1235);
    assert_int_equal(status_of[1], ERR_CORRUPT);
    in(2, N, 1234);
    assert_int_equal(status_of[2], ERR_RANGE);
    give_back(3, rep_of[0], 1);
    assert_int_equal(status_of[3], ERR_CORRUPT);
}

static void full_disk_refuses_until_a_slot_is_free(void **state)
{
    for (unsigned i = 0; i < N; i++) {
        out(i, i, i);
        answer_blocks();
        assert_int_equal(status_of[i], 0);
    }
    out(50, 1, 1);
    assert_int_equal(status_of[50], ERR_NOSPC);
    give_back(51, 5, 5);
    out(52, 1, 1);
    answer_blocks();
    assert_int_equal(status_of[52], 0);
    assert_int_equal(rep_of[52], 5);
}

static void nth_write_failing_loses_that_slot_alone(void **state)
{
    for (unsigned n = 1; n <= 6; n++) {
        fresh(NULL);
        for (unsigned i = 0; i < 6; i++)
            out(i, i, i);
        fail_after = n;
        answer_blocks();
        for (unsigned i = 0; i < 6; i++)
            assert_int_equal(status_of[i], i + 1 == n ? ERR_IO : 0);
        assert_int_equal(swap.slots.nbad, 1);
        assert_int_equal(swap.nbusy, 0);
        assert_int_equal(swap.nfailed, 1);
    }
}

static void failed_read_leaves_the_slot_as_it_was(void **state)
{
    out(0, 7, 1);
    answer_blocks();
    in(1, rep_of[0], 1);
    fail_after = 1;
    answer_blocks();
    assert_int_equal(status_of[1], ERR_IO);
    in(2, rep_of[0], 1);
    answer_blocks();
    assert_int_equal(status_of[2], 0);
}

static void slot_being_read_is_not_reused_before_the_read_ends(void **state)
{
    out(0, 7, 1);
    answer_blocks();
    in(1, rep_of[0], 1);
    give_back(2, rep_of[0], 1);
    assert_int_equal(status_of[2], 0);
    assert_int_equal(swap.slots.nfree, N - 1);
    answer_blocks();
    assert_int_equal(swap.slots.nfree, N);
}

static void without_a_disk_everything_is_refused(void **state)
{
    struct swap_info_req req = {};

    swap_set_disk(&swap, 0);
    out(0, 1, 1);
    assert_int_equal(status_of[0], ERR_NOSPC);
    PEER_POST(&pager, swap, info, &req, (struct peer_target){done, NULL, 1});
    deliver();
    assert_true(status_of[1] == 0 && rep_of[1] == 0);
}

static void dead_block_server_fails_every_request(void **state)
{
    out(0, 1, 1);
    peer_fail(&to_blk);
    deliver();
    assert_int_equal(status_of[0], ERR_DEAD);
    out(1, 1, 1);
    assert_int_equal(status_of[1], ERR_DEAD);
    assert_int_equal(swap.nbusy, 0);
}

static void credit_of_requests_fits(void **state)
{
    for (unsigned i = 0; i < 35; i++)
        out(i, i, i);
    for (unsigned i = 0; i < 10; i++)
        answer_blocks();
    for (unsigned i = 0; i < 35; i++)
        assert_int_equal(status_of[i], 0);
}

static void quiesce_waits_for_the_disk(void **state)
{
    assert_int_equal(swap_quiesce(&swap, &from_pager, 0), 0);
    out(0, 1, 1);
    assert_int_equal(swap_quiesce(&swap, &from_pager, 0), PARKED);
    swap.quiescing = NULL;
    answer_blocks();
    assert_int_equal(swap_quiesce(&swap, &from_pager, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(page_goes_out_and_comes_back, fresh),
        cmocka_unit_test_setup(another_page_in_the_slot_is_corruption, fresh),
        cmocka_unit_test_setup(full_disk_refuses_until_a_slot_is_free, fresh),
        cmocka_unit_test(nth_write_failing_loses_that_slot_alone),
        cmocka_unit_test_setup(failed_read_leaves_the_slot_as_it_was, fresh),
        cmocka_unit_test_setup(slot_being_read_is_not_reused_before_the_read_ends, fresh),
        cmocka_unit_test_setup(without_a_disk_everything_is_refused, fresh),
        cmocka_unit_test_setup(dead_block_server_fails_every_request, fresh),
        cmocka_unit_test_setup(credit_of_requests_fits, fresh),
        cmocka_unit_test_setup(quiesce_waits_for_the_disk, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
