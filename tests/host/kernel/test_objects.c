/* Capabilities, CSpaces, untyped memory, deletion and revocation: object/{cap,cspace,untyped,delete}.c,
 * kernel/invoke*.c, kernel/root.c. */
#include "tests/host/kernel/kit.h"

#include <stdlib.h>
#include <string.h>

static int64_t retype(uint32_t type, uint64_t count, uint64_t size, slot_t dst)
{
    return invoke_slot(ROOT_UNTYPED, UNTYPED_RETYPE, type | count << 16, size, dst, 0);
}

static int64_t delete_slot(slot_t s)
{
    return invoke_slot(ROOT_CSPACE, CSPACE_DELETE, s, 1, 0, 0);
}

static int64_t copy(slot_t dst, slot_t src, uint32_t rights)
{
    return invoke_slot(ROOT_CSPACE, CSPACE_COPY, dst, src, rights, 0);
}

static void the_first_program_has_what_it_was_promised(void **state)
{
    assert_int_equal(cap_at(ROOT_CSPACE)->type, OBJ_CSPACE);
    assert_int_equal(cap_at(ROOT_VSPACE)->type, OBJ_VSPACE);
    assert_int_equal(cap_at(ROOT_TCB)->type, OBJ_TCB);
    assert_int_equal(cap_at(ROOT_UNTYPED)->type, OBJ_UNTYPED);
    assert_int_equal(cap_at(ROOT_INITRD)->npages, 1);
    assert_int_equal(cap_at(ROOT_DEVICES)->npages, HOST_RAM_BASE >> PAGE_SHIFT);
    assert_int_equal(root->regs[REG_PC], ROOT_BASE + 64);
    assert_true(vspace_pte(root->vspace, ROOT_BASE) & PTE_X);
    assert_true(vspace_pte(root->vspace, ROOT_BASE + 2 * PAGE_SIZE) & PTE_W);
    assert_true(vspace_pte(root->vspace, STACK_TOP - 8) & PTE_W);
    assert_int_equal(vspace_pte(root->vspace, root->regs[REG_A0]) & PTE_W, 0);
    const struct bootinfo *info = pte_target(vspace_pte(root->vspace, root->regs[REG_A0]));
    assert_int_equal(info->initrd_bytes, PAGE_SIZE);
    assert_int_equal(info->untyped_bytes, cap_at(ROOT_UNTYPED)->size);
    check_kernel();
}

static void retype_checks_before_it_makes(void **state)
{
    slot_t s = new_slot();
    uint64_t before = untyped_left(cap_at(ROOT_UNTYPED));
    assert_int_equal(retype(OBJ_IRQ, 1, 0, s), ERR_TYPE);
    assert_int_equal(retype(OBJ_NULL, 1, 0, s), ERR_TYPE);
    assert_int_equal(retype(99, 1, 0, s), ERR_TYPE);
    assert_int_equal(retype(OBJ_ENDPOINT, 0, 0, s), ERR_RANGE);
    assert_int_equal(retype(OBJ_ENDPOINT, 1025, 0, s), ERR_RANGE);
    assert_int_equal(retype(OBJ_CSPACE, 1, 1, s), ERR_RANGE);
    assert_int_equal(retype(OBJ_CSPACE, 1, 65537, s), ERR_RANGE);
    assert_int_equal(retype(OBJ_REGION, 1, HOST_RAM_PAGES, s), ERR_NOMEM);
    assert_int_equal(retype(OBJ_REGION, 1, 1UL << 52, s), ERR_RANGE);
    assert_int_equal(retype(OBJ_ENDPOINT, 2, 0, ROOT_CSPACE_SLOTS - 1), ERR_RANGE);
    assert_int_equal(retype(OBJ_ENDPOINT, 1, 0, ROOT_TCB), ERR_EXISTS);
    assert_int_equal(retype(OBJ_ENDPOINT, 1, 0, 0), ERR_RANGE);
    assert_int_equal(untyped_left(cap_at(ROOT_UNTYPED)), before);
    assert_int_equal(retype(OBJ_ENDPOINT, 3, 0, s), 0);
    assert_int_equal(cap_at(s + 2)->type, OBJ_ENDPOINT);
    check_kernel();
}

static bool is_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

/* Memory full of rubbish, an interrupt at every look: objects are clean, nothing is made twice. */
static void objects_start_clean_whatever_interrupts(void **state)
{
    for (uint64_t n = 1; n < 70; n += 3) {
        kit_boot(NULL);
        slot_t s = new_slot();
        host.preempt_at = host.polls + n;
        assert_int_equal(retype(OBJ_CSPACE, 1, 4000, s), 0);
        const struct cspace *cs = cap_at(s)->pointer;
        assert_int_equal(cs->nslots, 4000);
        assert_true(is_zero((const char *)cs->slots, 4000 * sizeof(struct cap)));
        check_kernel();
    }
}

static void untyped_without_children_starts_over(void **state)
{
    slot_t child = new_slot(), s = new_slot();
    assert_int_equal(retype(OBJ_UNTYPED, 1, 256, child), 0);
    for (int round = 0; round < 5; round++) {
        assert_int_equal(invoke_slot(child, UNTYPED_RETYPE, OBJ_ENDPOINT | 4 << 16, 0, s, 0), 0);
        assert_int_equal(invoke_slot(child, UNTYPED_RETYPE, OBJ_ENDPOINT | 1 << 16, 0, s + 4, 0), ERR_NOMEM);
        assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_DELETE, s, 4, 0, 0), 0);
        assert_int_equal(untyped_left(cap_at(child)), 256);
    }
    assert_int_equal(copy(s, child, RIGHT_ALL), ERR_TYPE);
    check_kernel();
}

static void copies_lose_rights_and_never_win_them(void **state)
{
    slot_t ep = make(OBJ_ENDPOINT, 0), a = new_slot(), b = new_slot();
    assert_int_equal(copy(a, ep, RIGHT_READ | RIGHT_GRANT), 0);
    assert_int_equal(copy(b, a, RIGHT_ALL), 0);
    assert_int_equal(cap_at(b)->rights, RIGHT_READ | RIGHT_GRANT);
    assert_int_equal(copy(b, a, RIGHT_ALL), ERR_EXISTS);
    assert_int_equal(copy(new_slot(), 4000, RIGHT_ALL), ERR_SLOT);
    slot_t m = mint(ep, RIGHT_WRITE, 5);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MINT, new_slot(), m, RIGHT_ALL, 6), ERR_RIGHTS);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MINT, new_slot(), ROOT_TCB, RIGHT_ALL, 6), ERR_TYPE);
    struct result r = sys(SYS_CALL, ROOT_CSPACE, TAG(CSPACE_INFO, 0), m, 0, 0, 0);
    assert_int_equal(r.w[0], OBJ_ENDPOINT);
    assert_int_equal(r.w[1], RIGHT_WRITE);
    assert_int_equal(r.w[2], 5);
}

static void children_move_up_when_their_parent_goes(void **state)
{
    slot_t ep = make(OBJ_ENDPOINT, 0), a = new_slot(), b = new_slot();
    copy(a, ep, RIGHT_ALL);
    copy(b, a, RIGHT_ALL);
    assert_int_equal(delete_slot(a), 0);
    assert_ptr_equal(cap_at(b)->parent, cap_at(ep));
    assert_int_equal(delete_slot(ep), 0);
    assert_ptr_equal(cap_at(b)->parent, cap_at(ROOT_UNTYPED));
    assert_int_equal(cap_at(b)->object->refs, 1);
    assert_int_equal(delete_slot(a), 0);
    check_kernel();
}

static void revoking_takes_all_descendants(void **state)
{
    for (uint64_t n = 0; n < 12; n++) {
        kit_boot(NULL);
        slot_t ep = make(OBJ_ENDPOINT, 0), t = make_thread(0, 3);
        slot_t last = ep;
        for (int i = 0; i < 10; i++) {
            slot_t s = new_slot();
            copy(s, i & 1 ? last : ep, RIGHT_ALL);
            last = s;
        }
        invoke_slot(t, TCB_CONFIGURE, 0, 0, last, 255);
        assert_int_equal(tcb_at(t)->fault_cap.type, OBJ_ENDPOINT);
        host.preempt_at = host.polls + n;
        assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_REVOKE, ep, 0, 0, 0), 0);
        assert_int_equal(cap_at(ep)->object->refs, 1);
        assert_null(cap_at(ep)->child);
        assert_int_equal(tcb_at(t)->fault_cap.type, OBJ_NULL);
        check_kernel();
    }
}

static void moving_keeps_the_place_in_the_tree(void **state)
{
    slot_t ep = make(OBJ_ENDPOINT, 0), a = new_slot(), b = new_slot(), to = new_slot();
    copy(a, ep, RIGHT_ALL);
    copy(b, a, RIGHT_ALL);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MOVE, to, a, 0, 0), 0);
    assert_int_equal(cap_at(a)->type, OBJ_NULL);
    assert_ptr_equal(cap_at(to)->parent, cap_at(ep));
    assert_ptr_equal(cap_at(b)->parent, cap_at(to));
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MOVE, to, b, 0, 0), ERR_EXISTS);
    for (int i = 0; i < CAP_MOVE_CHILDREN; i++)
        copy(new_slot(), to, RIGHT_ALL);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MOVE, new_slot(), to, 0, 0), ERR_BUSY);
    check_kernel();
}

static void a_cspace_goes_with_all_it_holds(void **state)
{
    for (uint64_t n = 1; n < 12; n++) {
        kit_boot(NULL);
        slot_t cs = make(OBJ_CSPACE, 600), ep = make(OBJ_ENDPOINT, 0);
        for (int i = 1; i < 600; i += 60)
            invoke_slot(cs, CSPACE_COPY, i, ep, RIGHT_ALL, 0);
        host.preempt_at = host.polls + n;
        assert_int_equal(delete_slot(cs), 0);
        assert_int_equal(cap_at(ep)->object->refs, 1);
        check_kernel();
    }
}

/* A CSpace that holds the last capability to itself, and two that hold each other's. */
static void circles_are_broken_by_revoking(void **state)
{
    slot_t ut = new_slot(), a = new_slot(), b = new_slot();
    retype(OBJ_UNTYPED, 1, 8192, ut);
    invoke_slot(ut, UNTYPED_RETYPE, OBJ_CSPACE | 1 << 16, 16, a, 0);
    invoke_slot(ut, UNTYPED_RETYPE, OBJ_CSPACE | 1 << 16, 16, b, 0);
    invoke_slot(a, CSPACE_COPY, 3, b, RIGHT_ALL, 0);
    invoke_slot(b, CSPACE_COPY, 4, a, RIGHT_ALL, 0);
    invoke_slot(a, CSPACE_COPY, 5, a, RIGHT_ALL, 0);
    assert_int_equal(delete_slot(a), 0);
    assert_int_equal(delete_slot(b), 0);
    assert_non_null(cap_at(ut)->child);
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_REVOKE, ut, 0, 0, 0), 0);
    assert_null(cap_at(ut)->child);
    assert_int_equal(untyped_left(cap_at(ut)), 8192);
    check_kernel();
}

static void a_thread_can_delete_itself(void **state)
{
    slot_t t = make_thread(0, 13);
    invoke_slot(t, TCB_RESUME, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(t));
    sys(SYS_CALL, ROOT_CSPACE, TAG(CSPACE_DELETE, 0), t, 1, 0, 0);
    assert_ptr_equal(running(), root);
    assert_int_equal(cap_at(t)->type, OBJ_NULL);
    check_kernel();
}

static void random_trees_stay_consistent(void **state)
{
    const char *s = getenv("SEED");
    unsigned seed = s ? (unsigned)strtoul(s, NULL, 0) : 7;
    print_message("SEED=%u\n", seed);
    srand(seed);
    slot_t base = new_slot();
    retype(OBJ_ENDPOINT, 4, 0, base);
    for (int i = 0; i < 3000; i++) {
        slot_t a = base + rand() % 40, b = base + rand() % 40;
        uint32_t label = (uint32_t[]){CSPACE_COPY, CSPACE_COPY, CSPACE_MOVE, CSPACE_DELETE}[rand() % 4];
        if (label == CSPACE_DELETE)
            delete_slot(a);
        else
            invoke_slot(ROOT_CSPACE, label, a, b, RIGHT_ALL, 0);
        if (rand() % 100 == 0)
            invoke_slot(ROOT_CSPACE, CSPACE_REVOKE, a, 0, 0, 0);
        if (rand() % 20 == 0)
            retype(OBJ_ENDPOINT, 1, 0, a);
        check_kernel();
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, kit_boot)
    const struct CMUnitTest tests[] = {
        T(the_first_program_has_what_it_was_promised), T(retype_checks_before_it_makes),
        T(objects_start_clean_whatever_interrupts), T(untyped_without_children_starts_over),
        T(copies_lose_rights_and_never_win_them), T(children_move_up_when_their_parent_goes),
        T(revoking_takes_all_descendants), T(moving_keeps_the_place_in_the_tree),
        T(a_cspace_goes_with_all_it_holds), T(circles_are_broken_by_revoking),
        T(a_thread_can_delete_itself), T(random_trees_stay_consistent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
