/* The virtio driver against a fake device: start-up refusals, transfers, answers out of order,
 * errors, and devices that break the rules. */
#include "fake_virtio.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct disk disk;

static int start(void)
{
    return disk_start(&disk, (struct mmio){0}, fake_queue(), FAKE_PADDR);
}

static int fresh(void **state)
{
    fake_reset();
    return start();
}

static uint8_t *page(uint32_t i)
{
    return fake.memory + i * PAGE_SIZE;
}

static struct disk_request request(enum disk_op op, uint64_t sector, uint32_t pagenr, uint32_t bytes)
{
    static uint32_t tag;

    return (struct disk_request){.op = op, .sector = sector, .bytes = bytes, .tag = tag++ & 0xffff,
                                 .data = FAKE_PADDR + pagenr * PAGE_SIZE};
}

static void run(struct disk_request r, int expected)
{
    uint32_t tag;
    int status;

    assert_int_equal(disk_submit(&disk, &r), 0);
    assert_false(disk_complete(&disk, &tag, &status));
    fake_answer(0);
    disk_interrupt(&disk);
    assert_true(disk_complete(&disk, &tag, &status));
    assert_int_equal(tag, r.tag);
    assert_int_equal(status, expected);
    assert_int_equal(fake.interrupt, 0);
}

static void start_negotiates_version_1_and_reads_the_capacity(void **state)
{
    assert_int_equal(disk.sectors, FAKE_SECTORS);
    assert_true(fake.accepted == (VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_FLUSH));
    assert_int_equal(fake.status, 15);
    assert_true(disk.nslots == DISK_SLOTS && fake.num == 256);
}

static void something_else_is_no_device(void **state)
{
    uint32_t *const fields[] = {&fake.magic, &fake.version, &fake.id};

    for (unsigned i = 0; i < 3; i++) {
        fake_reset();
        *fields[i] = 1;
        assert_int_equal(start(), ERR_NODEV);
    }
}

static void device_that_refuses_is_failed_for_good(void **state)
{
    struct disk_request r = request(DISK_READ, 0, 2, 512);

    fake_reset();
    fake.refuses_features = true;
    assert_int_equal(start(), ERR_IO);
    fake_reset();
    fake.features = VIRTIO_BLK_F_FLUSH;
    assert_int_equal(start(), ERR_IO);
    fake_reset();
    fake.num_max = 2;
    assert_int_equal(start(), ERR_IO);
    assert_int_equal(disk_submit(&disk, &r), ERR_IO);
}

static void bytes_go_both_ways(void **state)
{
    run(request(DISK_READ, 3, 2, 1024), 0);
    assert_memory_equal(page(2), fake.disk + 3 * 512, 1024);
    memset(page(3), 0xa5, PAGE_SIZE);
    run(request(DISK_WRITE, 8, 3, PAGE_SIZE), 0);
    assert_memory_equal(page(3), fake.disk + 8 * 512, PAGE_SIZE);
    assert_int_not_equal(fake.disk[7 * 512 + 511], 0xa5);
    run(request(DISK_FLUSH, 0, 0, 0), 0);
    assert_int_equal(fake.flushes, 1);
}

static void device_error_is_reported_and_forgotten(void **state)
{
    fake.fail_next = 1;
    run(request(DISK_READ, 0, 2, 512), ERR_IO);
    run(request(DISK_READ, 0, 2, 512), 0);
}

static void a_small_queue_limits_what_is_in_flight(void **state)
{
    struct disk_request r = request(DISK_READ, 0, 2, 512);

    fake_reset();
    fake.num_max = 8;
    assert_int_equal(start(), 0);
    assert_int_equal(disk.nslots, 2);
    assert_int_equal(disk_submit(&disk, &r), 0);
    assert_int_equal(disk_submit(&disk, &r), 0);
    assert_int_equal(disk_submit(&disk, &r), ERR_AGAIN);
}

static void answers_may_come_in_any_order(void **state)
{
    const char *given = getenv("SEED");
    unsigned seed = given ? (unsigned)atoi(given) : 7;
    uint8_t is_flying[1 << 16] = {0};
    uint32_t tag;
    int status;

    print_message("SEED=%u\n", seed);
    srand(seed);
    for (unsigned step = 0; step < 200000; step++) {
        if (rand() % 2) {
            struct disk_request r = request(DISK_READ, (uint64_t)rand() % FAKE_SECTORS, 2, 512);
            int rc = disk_submit(&disk, &r);

            assert_int_equal(rc, fake.npending > DISK_SLOTS ? ERR_AGAIN : rc);
            is_flying[r.tag] += rc == 0;
        } else if (fake.npending) {
            fake_answer((uint32_t)rand() % fake.npending);
            assert_true(disk_complete(&disk, &tag, &status));
            assert_int_equal(is_flying[tag]--, 1);
        }
        assert_int_equal(disk.nflying, fake.npending);
    }
}

static void lying_device_fails_and_everything_ends(void **state)
{
    static const uint32_t lies[] = {1, 3, 3 * DISK_SLOTS, 0xffffffff};

    for (unsigned i = 0; i < 4; i++) {
        struct disk_request r = request(DISK_READ, 0, 2, 512);
        struct virtq_used *used = &fake_queue()->used;
        uint32_t tag;
        int status;

        fake_reset();
        assert_int_equal(start(), 0);
        assert_int_equal(disk_submit(&disk, &r), 0);
        used->ring[0].id = lies[i];
        used->index = 1;
        assert_true(disk_complete(&disk, &tag, &status));
        assert_true(tag == r.tag && status == ERR_IO);
        assert_false(disk_complete(&disk, &tag, &status));
        assert_int_equal(disk_submit(&disk, &r), ERR_IO);
    }
}

static void device_that_needs_a_reset_fails_what_is_in_flight(void **state)
{
    struct disk_request r = request(DISK_READ, 0, 2, 512);
    uint32_t tag;
    int status;

    assert_int_equal(disk_submit(&disk, &r), 0);
    fake.status |= VIRTIO_NEEDS_RESET;
    disk_interrupt(&disk);
    assert_true(disk_complete(&disk, &tag, &status));
    assert_int_equal(status, ERR_IO);
    assert_int_equal(disk.nflying, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(start_negotiates_version_1_and_reads_the_capacity, fresh),
        cmocka_unit_test_setup(something_else_is_no_device, fresh),
        cmocka_unit_test_setup(device_that_refuses_is_failed_for_good, fresh),
        cmocka_unit_test_setup(bytes_go_both_ways, fresh),
        cmocka_unit_test_setup(device_error_is_reported_and_forgotten, fresh),
        cmocka_unit_test_setup(a_small_queue_limits_what_is_in_flight, fresh),
        cmocka_unit_test_setup(answers_may_come_in_any_order, fresh),
        cmocka_unit_test_setup(lying_device_fails_and_everything_ends, fresh),
        cmocka_unit_test_setup(device_that_needs_a_reset_fails_what_is_in_flight, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
