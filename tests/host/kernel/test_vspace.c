/* Items: mapping, A and D bits, cloning, tables, frame words, restarts: object/{vspace,tables,region,
 * asid}.c, kernel/items.c. */
#include "tests/host/kernel/kit.h"

#include <string.h>

#define VA(page) ((uint64_t)(page) << PAGE_SHIFT)

static slot_t v;

static int boot_with_vspace(void **state)
{
    kit_boot(state);
    kit_ram_make();
    v = make_vspace();
    return 0;
}

static pte_t *pte(slot_t vspace, uint64_t page)
{
    return &vspace_leaf_table(vspace_at(vspace), VA(page))[page % TABLE_ENTRIES];
}

static int64_t map(slot_t vspace, uint64_t page, uint64_t frame, uint32_t prot, uint32_t count)
{
    return item(ITEM_W0(ITEM_MAP, prot, vspace, kit_ram, count), VA(page), frame).a0;
}

static void mapping_counts_and_checks(void **state)
{
    assert_int_equal(map(v, 5, 20, PROT_R | PROT_W, 0), 0);
    assert_int_equal(word_of(20), 1);
    assert_int_equal(*pte(v, 5) & 0xff, PTE_V | PTE_R | PTE_W | PTE_U);
    assert_int_equal(map(v, 5, 21, PROT_R, 0), ERR_EXISTS);
    assert_int_equal(map(v, 6, 20, PROT_R | PROT_X, 0), 0);
    assert_int_equal(word_of(20), 2);
    assert_int_equal(map(v, 512, 21, PROT_R, 0), ERR_NOTABLE);
    assert_int_equal(map(v, 7, KIT_RAM_PAGES, PROT_R, 0), ERR_RANGE);
    assert_int_equal(map(v, 7, 21, PROT_W, 0), ERR_RIGHTS);
    assert_int_equal(map(v, 7, 21, PROT_R | PROT_W | PROT_X, 0), ERR_RIGHTS);
    assert_int_equal(map(v, 7, 21, PROT_X, 0), ERR_RIGHTS);
    assert_int_equal(map(v, 7, 21, PROT_X | PROT_RWX_OK, 0), 0);
    assert_int_equal(map(v, 8, 0, PROT_R, 0), ERR_BUSY);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(9) + 1, 21).a0, ERR_ALIGN);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), USER_VA_END, 21).a0, ERR_RANGE);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, kit_ram, v, 1), VA(9), 21).a0, ERR_TYPE);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(9), 21).a0, ERR_RIGHTS);
    check_kernel();
}

static void region_rights_limit_mappings(void **state)
{
    slot_t reader = new_slot();
    invoke_slot(ROOT_CSPACE, CSPACE_MINT_REGION, reader, kit_ram, RIGHT_READ, 30 | 2UL << 32);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, v, reader, 1), VA(1), 0).a0, ERR_RIGHTS);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, reader, 1), VA(1), 0).a0, 0);
    assert_int_equal(word_of(30), 1);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, reader, 1), VA(2), 2).a0, ERR_RANGE);
    assert_int_equal(item(ITEM_W0(ITEM_CLEAR, 0, 0, reader, 1), PAGE_SIZE << 32, 0).a0, ERR_RIGHTS);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MINT_REGION, new_slot(), reader, RIGHT_READ,
                                 1 | 2UL << 32), ERR_RANGE);
}

static void the_interrupt_controller_is_not_mapped(void **state)
{
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, v, ROOT_DEVICES, 1), VA(1), 0x10000).a0, 0);
    assert_int_equal(*pte(v, 1) & (PTE_A | PTE_D), PTE_A | PTE_D);
    assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, ROOT_DEVICES, 1), VA(2), 0xc000).a0, ERR_RIGHTS);
    assert_int_equal(item(ITEM_W0(ITEM_CLEAR, 0, 0, ROOT_DEVICES, 1), 8UL << 32, 0x10000).a0, ERR_TYPE);
    check_kernel();
}

static void unmapping_reports_dirty_pages(void **state)
{
    map(v, 3, 20, PROT_R | PROT_W, 3);
    *pte(v, 4) |= PTE_D | PTE_A;
    struct result r = item(ITEM_W0(ITEM_UNMAP_IF_CLEAN, 0, v, 0, 8), VA(1), 0);
    assert_int_equal(r.w[1], 1 << 3);
    assert_int_equal(r.w[2], 1 << 2 | 1 << 4);
    assert_int_equal(word_of(21), 1);
    r = item(ITEM_W0(ITEM_UNMAP, 0, v, 0, 64), VA(1), 0);
    assert_int_equal(r.w[1], 1 << 3);
    assert_int_equal(r.w[2], 1 << 3);
    assert_int_equal(word_of(21), 0);
    map(v, 9, 22, PROT_R, 1);
    r = item(ITEM_W0(ITEM_UNMAP, 0, v, 0, 0), VA(9), 0);
    assert_int_equal(r.w[1] & (PTE_V | PTE_R | PTE_D), PTE_V | PTE_R);
    assert_int_equal(item(ITEM_W0(ITEM_UNMAP, 0, v, 0, 0), VA(9), 0).w[1], 0);
    assert_int_equal(item(ITEM_W0(ITEM_UNMAP, 0, v, 0, 65), VA(0), 0).a0, ERR_RANGE);
    check_kernel();
}

static void harvest_clears_what_it_reports_and_flushes(void **state)
{
    map(v, 0, 20, PROT_R | PROT_W, 2);
    *pte(v, 0) |= PTE_A;
    *pte(v, 1) |= PTE_A | PTE_D;
    struct result r = item(ITEM_W0(ITEM_HARVEST, 0, v, 0, 64), VA(0), 0);
    assert_int_equal(r.w[1], 2);
    assert_int_equal(r.w[2], 3);
    vspace_activate(this_cpu(), vspace_at(v));
    uint64_t flushes = host.asid_flushes, page_flushes = host.page_flushes;
    item(ITEM_W0(ITEM_HARVEST, HARVEST_CLEAR_A, v, 0, 0), VA(1), 0);
    assert_int_equal(host.page_flushes, page_flushes + 1);
    *pte(v, 1) |= PTE_A;
    r = item(ITEM_W0(ITEM_HARVEST, HARVEST_CLEAR_A, v, 0, 64), VA(0), 0);
    assert_int_equal(host.asid_flushes, flushes + 1);
    assert_int_equal(r.w[2], 3);
    assert_int_equal(*pte(v, 1) & (PTE_A | PTE_D), PTE_D);
    r = item(ITEM_W0(ITEM_HARVEST, HARVEST_CLEAR_D, v, 0, 64), VA(0), 0);
    assert_int_equal(*pte(v, 1) & (PTE_A | PTE_D), 0);
}

static void protect_keeps_a_and_d(void **state)
{
    map(v, 0, 20, PROT_R | PROT_W, 1);
    *pte(v, 0) |= PTE_A | PTE_D;
    struct result r = item(ITEM_W0(ITEM_PROTECT, PROT_R, v, 0, 4), VA(0), 0);
    assert_int_equal(r.w[1], 1);
    assert_int_equal(r.w[2], 1);
    assert_int_equal(*pte(v, 0) & 0xff, PTE_V | PTE_R | PTE_U | PTE_A | PTE_D);
    assert_int_equal(item(ITEM_W0(ITEM_PROTECT, PROT_W, v, 0, 1), VA(0), 0).a0, ERR_RIGHTS);
    item(ITEM_W0(ITEM_PROTECT, 0, v, 0, 1), VA(0), 0);
    assert_int_equal(word_of(20), 0);
    check_kernel();
}

static void replace_gives_the_old_page_back(void **state)
{
    map(v, 0, 20, PROT_R, 1);
    struct result r = item(ITEM_W0(ITEM_REPLACE, PROT_R | PROT_W, v, kit_ram, 0), VA(0), 21);
    assert_int_equal(r.w[1] >> 10, cap_at(kit_ram)->pfn + 20);
    assert_int_equal(word_of(20), 0);
    assert_int_equal(word_of(21), 1);
    assert_int_equal(item(ITEM_W0(ITEM_REPLACE, PROT_R, v, kit_ram, 0), VA(1), 22).w[1], 0);
    assert_int_equal(item(ITEM_W0(ITEM_REPLACE, PROT_R, v, kit_ram, 0), VA(1), 0).a0, ERR_BUSY);
    assert_int_equal(word_of(22), 1);
    check_kernel();
}

static void clone_shares_without_write(void **state)
{
    slot_t w = make_vspace();
    map(v, 10, 20, PROT_R | PROT_W, 100);
    *pte(v, 10) |= PTE_A | PTE_D;
    struct result r = item(ITEM_W0(ITEM_CLONE, 0, w, v, 300), VA(0), 0);
    assert_int_equal(r.a0, 0);
    assert_int_equal(r.w[1], 100);
    assert_int_equal(*pte(v, 10) & 0xff, PTE_V | PTE_R | PTE_U | PTE_A | PTE_D);
    assert_int_equal(*pte(w, 10) & 0xff, PTE_V | PTE_R | PTE_U);
    assert_int_equal(word_of(119), 2);
    assert_int_equal(item(ITEM_W0(ITEM_CLONE, 0, w, v, 300), VA(0), 0).a0, ERR_EXISTS);
    assert_int_equal(item(ITEM_W0(ITEM_CLONE, 0, v, v, 3), VA(0), 0).a0, ERR_RANGE);
    check_kernel();
}

/* An interrupt at the n-th look, n = 1, 2, ... until none happens: the result is always the same. */
static void a_clone_survives_any_interrupt(void **state)
{
    for (uint64_t n = 1, before;; n++) {
        boot_with_vspace(NULL);
        slot_t w = make_vspace();
        map(v, 10, 20, PROT_R | PROT_W, 200);
        host.preempt_at = (before = host.polls) + n;
        struct result r = item(ITEM_W0(ITEM_CLONE, 0, w, v, 510), VA(0), 0);
        assert_int_equal(r.a0, 0);
        assert_int_equal(r.w[1], 200);
        check_kernel();
        if (host.polls - before < n)
            break;
    }
}

static void batches_stop_at_the_first_error(void **state)
{
    struct item *items = root->msg->items;
    items[0] = (struct item){ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(0), 20};
    items[1] = (struct item){ITEM_W0(ITEM_MAP, PROT_W, v, kit_ram, 1), VA(1), 21};
    items[2] = (struct item){ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(2), 22};
    struct result r = sys(SYS_ITEMS, 0, 3UL << TAG_ITEMS_SHIFT, 0, 0, 0, 0);
    assert_int_equal(r.a0, ERR_RIGHTS);
    assert_int_equal(r.w[3], 1);
    assert_int_equal(word_of(20), 1);
    assert_int_equal(word_of(22), 0);
    assert_int_equal(sys(SYS_ITEMS, 0, 17UL << TAG_ITEMS_SHIFT, 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(sys(SYS_ITEMS, 0, 0, 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(item(ITEM_W0(ITEM_OP_COUNT, 0, v, kit_ram, 1), 0, 0).a0, ERR_BADMSG);
    check_kernel();
}

static void a_batch_is_done_once_whatever_interrupts(void **state)
{
    for (uint64_t n = 1; n < 8; n++) {
        boot_with_vspace(NULL);
        for (int i = 0; i < 3; i++)
            root->msg->items[i] = (struct item){ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 70), VA(70 * i), 20};
        host.preempt_at = host.polls + n;
        assert_int_equal(sys(SYS_ITEMS, 0, 3UL << TAG_ITEMS_SHIFT, 0, 0, 0, 0).a0, 0);
        assert_int_equal(word_of(20), 3);
        assert_int_equal(root->progress, 0);
        check_kernel();
    }
}

static void tables_are_donated_and_taken_back(void **state)
{
    uint64_t f = new_frame();
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 0, v, kit_ram, 0), 0, f).a0, ERR_EXISTS);
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 0, v, kit_ram, 0), 1UL << 30, f).a0, ERR_NOTABLE);
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 3, v, kit_ram, 0), 0, f).a0, ERR_RANGE);
    map(v, 0, 20, PROT_R, 1);
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 0, v, kit_ram, 0), 2UL << 20, 20).a0, ERR_BUSY);
    memset(phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + f) << PAGE_SHIFT), 0xff, PAGE_SIZE);
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 0, v, kit_ram, 0), 2UL << 20, f).a0, 0);
    check_kernel();
    assert_int_equal(item(ITEM_W0(ITEM_TAKE_TABLE, 0, v, kit_ram, 0), 0, 0).a0, ERR_BUSY);
    struct result r = item(ITEM_W0(ITEM_TAKE_TABLE, 0, v, kit_ram, 0), 2UL << 20, 0);
    assert_int_equal(r.a0, 0);
    assert_int_equal(r.w[2], f);
    assert_int_equal(word_of(f), 0);
    assert_int_equal(item(ITEM_W0(ITEM_TAKE_TABLE, 0, v, kit_ram, 0), 2UL << 20, 0).a0, ERR_NOTABLE);
    check_kernel();
}

static void a_table_is_no_page(void **state)
{
    assert_int_equal(item(ITEM_W0(ITEM_CLEAR, 0, 0, kit_ram, 0), PAGE_SIZE << 32, 0).a0, ERR_BUSY);
    assert_int_equal(item(ITEM_W0(ITEM_COPY, 0, kit_ram, kit_ram, 0), 0, 30 << 12).a0, ERR_BUSY);
    assert_int_equal(item(ITEM_W0(ITEM_COPY, 0, kit_ram, kit_ram, 0), 30 << 12, 0).a0, ERR_BUSY);
    assert_int_equal(item(ITEM_W0(ITEM_PIN, 0, 0, kit_ram, 0), 0, 0).a0, ERR_BUSY);
    slot_t t = make_thread(0, 3);
    assert_int_equal(invoke_slot(t, TCB_SET_MESSAGE, kit_ram, 0, 0, 0), ERR_BUSY);
}

static void clear_and_copy_stay_in_their_pages(void **state)
{
    char *a = phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + 20) << PAGE_SHIFT), *b = a + PAGE_SIZE;
    memset(a, 1, 2 * PAGE_SIZE);
    assert_int_equal(item(ITEM_W0(ITEM_CLEAR, 0, 0, kit_ram, 0), 10 | 20UL << 32, 20).a0, 0);
    assert_true(a[9] == 1 && a[10] == 0 && a[29] == 0 && a[30] == 1);
    assert_int_equal(item(ITEM_W0(ITEM_COPY, 0, kit_ram, kit_ram, 16), 21 << 12 | 100, 20 << 12 | 5).a0, 0);
    assert_true(b[104] == 1 && b[105] == 0 && b[115] == 0 && b[116] == 1);
    assert_int_equal(item(ITEM_W0(ITEM_CLEAR, 0, 0, kit_ram, 0), 4000 | 97UL << 32, 20).a0, ERR_RANGE);
    assert_int_equal(item(ITEM_W0(ITEM_COPY, 0, kit_ram, kit_ram, 16), 21 << 12 | 4090, 20 << 12).a0,
                     ERR_RANGE);
}

static void copy_map_checks_before_it_copies(void **state)
{
    uint64_t w0 = ITEM_W0(ITEM_COPY_MAP, PROT_R, v, kit_ram, 0);
    char *to = phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + 21) << PAGE_SHIFT);
    *to = 1;
    to[-PAGE_SIZE] = 2;
    assert_int_equal(item(w0, VA(600), 21 | 20UL << 32).a0, ERR_NOTABLE);
    assert_int_equal(item(w0, VA(1), 21 | 1UL << 62).a0, ERR_RANGE);
    assert_int_equal(item(w0, VA(1), UINT32_MAX | 20UL << 32).a0, ERR_RANGE);
    assert_int_equal(item(w0, VA(1), 0 | 20UL << 32).a0, ERR_BUSY);
    assert_int_equal(item(w0, VA(1), 21).a0, ERR_BUSY);
    assert_int_equal(item(w0, VA(1) + 1, 21 | 20UL << 32).a0, ERR_ALIGN);
    assert_int_equal(*to, 1);
    struct result r = item(w0, VA(1), 21 | 20UL << 32);
    assert_int_equal(r.a0, 0);
    assert_int_equal(r.w[1], 0);
    assert_int_equal(*to, 2);
    assert_int_equal(word_of(21), 1);
    assert_true(item(w0, VA(1), 22 | 21UL << 32).w[1] & PTE_V);
    assert_int_equal(word_of(21), 0);
    check_kernel();
}

static void pins_are_counted(void **state)
{
    assert_int_equal(item(ITEM_W0(ITEM_UNPIN, 0, 0, kit_ram, 0), 0, 20).a0, ERR_RANGE);
    for (int i = 0; i < 63; i++)
        assert_int_equal(item(ITEM_W0(ITEM_PIN, 0, 0, kit_ram, 0), 0, 20).a0, 0);
    assert_int_equal(item(ITEM_W0(ITEM_PIN, 0, 0, kit_ram, 0), 0, 20).a0, ERR_NOMEM);
    assert_int_equal(item(ITEM_W0(ITEM_DONATE, 0, v, kit_ram, 0), 2UL << 20, 20).a0, ERR_BUSY);
    slot_t t = make_thread(0, 3);
    assert_int_equal(invoke_slot(t, TCB_SET_MESSAGE, kit_ram, 21, 0, 0), 0);
    assert_int_equal(item(ITEM_W0(ITEM_UNPIN, 0, 0, kit_ram, 0), 0, 21).a0, ERR_RANGE);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, t, 1, 0, 0), 0);
    assert_int_equal(word_of(21), 0);
    check_kernel();
}

static void clearing_gives_everything_back(void **state)
{
    map(v, 0, 20, PROT_R, 150);
    host.preempt_at = host.polls + 2;
    assert_int_equal(invoke_slot(v, VSPACE_CLEAR, 0, 0, 0, 0), 0);
    for (uint64_t f = 0; f < KIT_RAM_PAGES; f++)
        assert_int_equal(word_of(f), 0);
    assert_int_equal(map(v, 0, 20, PROT_R, 1), ERR_NOTABLE);
    check_kernel();
}

static void a_region_in_use_is_not_given_back(void **state)
{
    map(v, 0, 20, PROT_R, 1);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, kit_ram, 1, 0, 0), ERR_BUSY);
    assert_int_equal(cap_at(kit_ram)->npages, KIT_RAM_PAGES);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, v, 1, 0, 0), 0);
    host.preempt_at = host.polls + 1;
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, kit_ram, 1, 0, 0), 0);
    assert_int_equal(cap_at(kit_ram)->type, OBJ_NULL);
    check_kernel();
}

/* The part covers page 0 only: were it left alone, nobody would know that page 20 is in use. */
static void a_region_outlives_what_is_derived_from_it(void **state)
{
    slot_t part = new_slot();
    invoke_slot(ROOT_CSPACE, CSPACE_MINT_REGION, part, kit_ram, RIGHT_READ, 0 | 1UL << 32);
    assert_int_equal(map(v, 0, 20, PROT_R, 1), 0);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, kit_ram, 1, 0, 0), ERR_BUSY);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, part, 1, 0, 0), 0);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, kit_ram, 1, 0, 0), ERR_BUSY);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, v, 1, 0, 0), 0);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, kit_ram, 1, 0, 0), 0);
    check_kernel();
}

static void scans_tell_what_is_there(void **state)
{
    map(v, 3, 20, PROT_R, 70);
    struct result r = sys(SYS_CALL, v, TAG(VSPACE_SCAN, 0), 0, 0, 0, 0);
    assert_int_equal(r.w[1], 64);
    assert_int_equal(root->msg->payload[0], VA(3));
    r = sys(SYS_CALL, v, TAG(VSPACE_SCAN, 0), r.w[0], 0, 0, 0);
    assert_int_equal(r.w[1], 6);
    while (r.w[0])
        r = sys(SYS_CALL, v, TAG(VSPACE_SCAN, 0), r.w[0], 0, 0, 0);
    r = sys(SYS_CALL, kit_ram, TAG(REGION_SCAN, 0), 20, 0, 0, 0);
    assert_int_equal(r.w[1], 128);
    assert_int_equal(root->msg->payload[0], 1 | 1UL << 32);
}

static void address_space_ids_are_recycled_with_a_flush(void **state)
{
    slot_t vs[20];
    for (int i = 0; i < 20; i++)
        vs[i] = make_vspace();
    uint64_t flushes = host.all_flushes;
    for (int i = 0; i < 20; i++)
        vspace_activate(this_cpu(), vspace_at(vs[i]));
    assert_int_equal(host.all_flushes, flushes + 1);
    assert_int_equal(vspace_at(vs[19])->asid_epoch, this_cpu()->asid_epoch);
    assert_true(vspace_at(vs[0])->asid_epoch != this_cpu()->asid_epoch);
    vspace_set_asid_bits(0);
    flushes = host.all_flushes;
    vspace_activate(this_cpu(), vspace_at(vs[0]));
    vspace_activate(this_cpu(), vspace_at(vs[1]));
    assert_int_equal(host.all_flushes, flushes + 2);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, boot_with_vspace)
    const struct CMUnitTest tests[] = {
        T(mapping_counts_and_checks), T(region_rights_limit_mappings),
        T(the_interrupt_controller_is_not_mapped), T(unmapping_reports_dirty_pages),
        T(harvest_clears_what_it_reports_and_flushes), T(protect_keeps_a_and_d),
        T(replace_gives_the_old_page_back), T(copy_map_checks_before_it_copies), T(clone_shares_without_write),
        T(a_clone_survives_any_interrupt), T(batches_stop_at_the_first_error),
        T(a_batch_is_done_once_whatever_interrupts), T(tables_are_donated_and_taken_back),
        T(a_table_is_no_page), T(clear_and_copy_stay_in_their_pages), T(pins_are_counted),
        T(clearing_gives_everything_back), T(a_region_in_use_is_not_given_back),
        T(a_region_outlives_what_is_derived_from_it),
        T(scans_tell_what_is_there), T(address_space_ids_are_recycled_with_a_flush),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
