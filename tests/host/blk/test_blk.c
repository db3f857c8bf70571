/* The block server's checks and its order of requests, over a pair of rings and the fake device. */
#include "fake_virtio.h"
#include <lib/server/call.h>
#include "servers/blk/blk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct blk_service blk;
static struct ring_page pages[2];
static struct peer client, here; /* the client's view of blk, blk's view of the client */
static struct peer_pending client_table[64], here_table[1];
static int status_of[64];
static uint64_t rep_of[64][2];

static void done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    status_of[arg] = status;
    memcpy(rep_of[arg], rep, sizeof rep_of[arg]);
}

static int fresh(void **state)
{
    static struct server_boot boot;
    struct ring ring;

    fake_reset();
    memset(pages, 0, sizeof pages);
    boot.dma[BLK_MEM_PAGER].base = FAKE_PADDR + 2 * PAGE_SIZE;
    boot.dma[BLK_MEM_PAGER].pages = 4;
    boot.dma[BLK_MEM_FS].base = FAKE_PADDR + 6 * PAGE_SIZE;
    boot.dma[BLK_MEM_FS].pages = 2;
    blk_init(&blk, &boot);
    disk_start(&blk.disk[0].disk, (struct mmio){0}, fake_queue(), FAKE_PADDR);
    blk_add_disk(&blk, 0);
    ring_attach(&ring, &pages[0], &pages[1], 1);
    peer_attach(&client, &ring, client_table, 64);
    ring_attach(&ring, &pages[1], &pages[0], 1);
    peer_attach(&here, &ring, here_table, 1);
    memset(status_of, 0x7f, sizeof status_of);
    return 0;
}

static void deliver(void)
{
    struct ring_entry entry;

    while (peer_take(&here, &entry) == 1)
        blk_request(&blk, &here, &entry);
    while (peer_take(&client, &entry) == 1)
        fail_msg("blk sends no requests");
}

static void post_read(uint64_t arg, struct blk_read_req req)
{
    assert_int_equal(PEER_POST(&client, blk, read, &req, (struct peer_target){done, NULL, arg}), 0);
}

static void device_answers_all(void)
{
    while (fake.npending) {
        fake_answer(0);
        blk_interrupt(&blk, 0);
    }
    deliver();
}

static void out_of_range_requests_never_reach_the_device(void **state)
{
    static const struct blk_read_req bad[] = {
        {.memory = BLK_MEM_COUNT, .bytes = 512},
        {.frame = 4, .bytes = 512},
        {.frame = ~0UL, .bytes = 512},
        {.memory = BLK_MEM_FS, .frame = 2, .bytes = 512},
        {.bytes = 0},
        {.bytes = 100},
        {.bytes = 512, .offset = 100},
        {.bytes = 4096, .offset = 512},
        {.bytes = 512, .offset = 4096},
        {.bytes = 512, .offset = ~0UL - 511},
        {.bytes = ~0UL - 511, .offset = 512},
        {.bytes = 512, .sector = FAKE_SECTORS},
        {.bytes = 4096, .sector = FAKE_SECTORS - 7},
        {.bytes = 512, .sector = ~0UL},
    };

    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        post_read(i, bad[i]);
        deliver();
        assert_int_equal(status_of[i], ERR_RANGE);
    }
    assert_int_equal(fake.notified, 0);
}

static void missing_disk_is_answered_at_once(void **state)
{
    struct blk_info_req info = {.disk = 1};

    post_read(0, (struct blk_read_req){.disk = 1, .bytes = 512});
    post_read(1, (struct blk_read_req){.disk = ~0UL, .bytes = 512});
    PEER_POST(&client, blk, info, &info, (struct peer_target){done, NULL, 2});
    deliver();
    assert_int_equal(status_of[0], ERR_NODEV);
    assert_int_equal(status_of[1], ERR_NODEV);
    assert_int_equal(status_of[2], 0);
    assert_int_equal(rep_of[2][0], 0);
}

static void data_lands_in_the_named_frame(void **state)
{
    post_read(0, (struct blk_read_req){.sector = 5, .memory = BLK_MEM_FS, .frame = 1,
                                       .offset = 1024, .bytes = 512});
    deliver();
    assert_int_equal(status_of[0], 0x7f7f7f7f);
    device_answers_all();
    assert_int_equal(status_of[0], 0);
    assert_memory_equal(fake.memory + 7 * PAGE_SIZE + 1024, fake.disk + 5 * 512, 512);
}

static void read_only_disk_refuses_writes(void **state)
{
    struct blk_write_req req = {.bytes = 512};

    blk.disk[0].disk.is_read_only = true;
    PEER_POST(&client, blk, write, &req, (struct peer_target){done, NULL, 0});
    deliver();
    assert_int_equal(status_of[0], ERR_ROFS);
}

static void nth_request_failing_fails_that_request_alone(void **state)
{
    for (unsigned n = 0; n < 8; n++) {
        for (unsigned i = 0; i < 8; i++)
            post_read(i, (struct blk_read_req){.sector = i, .bytes = 512});
        deliver();
        for (unsigned i = 0; i < 8; i++) {
            fake.fail_next = i == n;
            fake_answer(0);
            assert_int_equal(blk_interrupt(&blk, 0), i == n);
        }
        deliver();
        for (unsigned i = 0; i < 8; i++)
            assert_int_equal(status_of[i], i == n ? ERR_IO : 0);
    }
}

static void more_than_the_device_takes_waits_in_line(void **state)
{
    blk.disk[0].disk.nslots = 3;
    for (unsigned i = 0; i < 28; i++)
        post_read(i, (struct blk_read_req){.sector = i, .frame = i % 4, .bytes = 512});
    deliver();
    assert_int_equal(fake.npending, 3);
    device_answers_all();
    for (unsigned i = 0; i < 28; i++)
        assert_int_equal(status_of[i], 0);
    assert_int_equal(blk.nbusy, 0);
}

static void quiesce_waits_for_what_is_in_flight(void **state)
{
    struct ring_entry entry;

    assert_int_equal(blk_quiesce(&blk, &here, 0), 0);
    post_read(0, (struct blk_read_req){.bytes = 512});
    post_read(1, (struct blk_read_req){.bytes = 512});
    assert_int_equal(peer_take(&here, &entry), 1);
    blk_request(&blk, &here, &entry);
    /* The second request stands for init's own quiesce message. */
    assert_int_equal(peer_take(&here, &entry), 1);
    assert_int_equal(blk_quiesce(&blk, &here, entry.head), PARKED);
    deliver();
    assert_int_equal(status_of[1], 0x7f7f7f7f);
    device_answers_all();
    assert_int_equal(status_of[1], 0);
}

static void failed_device_ends_what_flies_and_what_waits(void **state)
{
    blk.disk[0].disk.nslots = 2;
    for (unsigned i = 0; i < 10; i++)
        post_read(i, (struct blk_read_req){.bytes = 512});
    deliver();
    fake.status |= VIRTIO_NEEDS_RESET;
    assert_int_equal(blk_interrupt(&blk, 0), 10);
    deliver();
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(status_of[i], ERR_IO);
}

static void flush_reaches_the_device_only_if_it_has_a_cache(void **state)
{
    struct blk_flush_req req = {.disk = 0};

    PEER_POST(&client, blk, flush, &req, (struct peer_target){done, NULL, 0});
    deliver();
    device_answers_all();
    assert_true(status_of[0] == 0 && fake.flushes == 1);
    blk.disk[0].disk.has_flush = false;
    PEER_POST(&client, blk, flush, &req, (struct peer_target){done, NULL, 1});
    deliver();
    assert_true(status_of[1] == 0 && fake.flushes == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(out_of_range_requests_never_reach_the_device, fresh),
        cmocka_unit_test_setup(missing_disk_is_answered_at_once, fresh),
        cmocka_unit_test_setup(data_lands_in_the_named_frame, fresh),
        cmocka_unit_test_setup(read_only_disk_refuses_writes, fresh),
        cmocka_unit_test_setup(nth_request_failing_fails_that_request_alone, fresh),
        cmocka_unit_test_setup(more_than_the_device_takes_waits_in_line, fresh),
        cmocka_unit_test_setup(quiesce_waits_for_what_is_in_flight, fresh),
        cmocka_unit_test_setup(failed_device_ends_what_flies_and_what_waits, fresh),
        cmocka_unit_test_setup(flush_reaches_the_device_only_if_it_has_a_cache, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
