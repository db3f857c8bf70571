/* Memory of servers for machines of every size that we support. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <servers/init/sizes.h>

#define MIB (1UL << 20)

static void pager_gets_a_sixteenth_but_never_too_little(void **state)
{
    (void)state;
    assert_int_equal(heap_pages(SRV_PAGER, 128 * MIB, 0), 2048);
    assert_int_equal(heap_pages(SRV_PAGER, 16 * MIB, 0), 384);
    assert_int_equal(heap_pages(SRV_PAGER, 1024 * MIB, 0), 16384);
}

static void swap_has_room_for_every_slot(void **state)
{
    uint64_t sectors = 128 * MIB / 512;

    (void)state;
    assert_int_equal(heap_pages(SRV_SWAP, 64 * MIB, 0), 0);
    assert_true(heap_pages(SRV_SWAP, 64 * MIB, sectors) * PAGE_SIZE >= 128 * MIB / PAGE_SIZE * 16);
    assert_true(heap_pages(SRV_SWAP, 32 * MIB, ~0UL) * PAGE_SIZE <= 2 * MIB);
}

static void all_servers_together_leave_most_of_memory(void **state)
{
    (void)state;
    for (uint64_t ram = 16 * MIB; ram <= 4096 * MIB; ram *= 2) {
        uint64_t pages = 0;

        for (enum server_id id = SRV_INIT; id < SRV_COUNT; id++)
            pages += heap_pages(id, ram, ram / 512 * 2);
        assert_true(pages * PAGE_SIZE < ram / 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pager_gets_a_sixteenth_but_never_too_little),
        cmocka_unit_test(swap_has_room_for_every_slot),
        cmocka_unit_test(all_servers_together_leave_most_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
