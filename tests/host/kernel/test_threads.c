/* Threads, faults, upcalls, scheduling, FP registers, interrupts and timers: object/{tcb,upcall,irq,
 * timer}.c, kernel/{fault,cpu,fastpath}.c. */
#include "tests/host/kernel/kit.h"

#include <string.h>

#define VA(page) ((uint64_t)(page) << PAGE_SHIFT)

static slot_t ep, reply, v, child;

/* A thread with an address space of its own whose faults come to the root, which waits for them. */
static void start_faulter(uint32_t rights)
{
    kit_ram_make();
    v = make_vspace();
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    child = make_thread(mint(ep, rights, 77), 3);
    invoke_slot(child, TCB_CONFIGURE, 0, v, 0, 255);
    invoke_slot(child, TCB_WRITE_REGS, 0x1000, 0x2000, 1, 2);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(child));
}

static struct result answer(uint64_t kind, uint64_t items, uint64_t w0, uint64_t w1, uint64_t w2)
{
    return sys(SYS_REPLY_RECV, SLOTS(reply, ep), kind << TAG_ANSWER_SHIFT | items << TAG_ITEMS_SHIFT,
               w0, w1, w2, 0);
}

static void a_fault_is_a_message_and_its_answer_maps(void **state)
{
    start_faulter(RIGHT_WRITE | RIGHT_MAP);
    fault(CAUSE_STORE_PAGE, VA(7) + 8);
    assert_ptr_equal(running(), root);
    struct result r = now_running();
    assert_int_equal(r.tag, TAG_KERNEL | FAULT_PAGE);
    assert_int_equal(r.badge, 77);
    assert_int_equal(r.w[0], VA(7) + 8);
    assert_int_equal(r.w[1], 0x1000);
    assert_int_equal(r.w[2], CAUSE_STORE_PAGE);
    assert_int_equal(r.w[3], 0);
    check_kernel();
    answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R | PROT_W, 0, kit_ram, 1), VA(7), 20);
    assert_ptr_equal(running(), tcb_at(child));
    assert_int_equal(word_of(20), 1);
    assert_int_equal(running()->regs[REG_PC], 0x1000);
    check_kernel();
    fault(CAUSE_STORE_PAGE, VA(7));
    assert_ptr_equal(running(), tcb_at(child));
    assert_true(vspace_pte(vspace_at(v), VA(7)) & PTE_D);
}

/* One page that the faulter has may not do; the answer changes it. The same item by SYS_ITEMS, which
 * never takes the straight path, must leave the same. */
static void answer_and_compare(uint32_t op, uint64_t w2)
{
    pte_t straight;
    uint32_t words[3];
    for (int general = 0; general < 2; general++) {
        struct item it = {0, VA(7), w2};
        kit_boot(NULL);
        start_faulter(RIGHT_WRITE | RIGHT_MAP);
        it.w0 = ITEM_W0(op, PROT_R | PROT_W, general ? v : 0, kit_ram, 1);
        assert_int_equal(item(ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(7), 20).a0, 0);
        memset(phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + 20) << PAGE_SHIFT), 0x5a, PAGE_SIZE);
        memset(phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + 21) << PAGE_SHIFT), 0, PAGE_SIZE);
        fault(CAUSE_STORE_PAGE, VA(7));
        if (general)
            assert_int_equal(item(it.w0, it.w1, it.w2).a0, 0);
        answer(ANSWER_RETRY, !general, it.w0, it.w1, it.w2);
        assert_ptr_equal(running(), tcb_at(child));
        check_kernel();
        if (!general) {
            straight = vspace_pte(vspace_at(v), VA(7)) - (cap_at(kit_ram)->pfn << 10);
            words[0] = word_of(20), words[1] = word_of(21);
        }
    }
    assert_int_equal(straight, vspace_pte(vspace_at(v), VA(7)) - (cap_at(kit_ram)->pfn << 10));
    assert_int_equal(words[0], word_of(20));
    assert_int_equal(words[1], word_of(21));
    assert_true(straight & PTE_W);
}

static void each_answer_for_one_page_does_as_its_item(void **state)
{
    answer_and_compare(ITEM_PROTECT, 0);
    answer_and_compare(ITEM_REPLACE, 21);
    answer_and_compare(ITEM_COPY_MAP, 21 | 20UL << 32);
    char *copy = phys_ptr((paddr_t)(cap_at(kit_ram)->pfn + 21) << PAGE_SHIFT);
    assert_int_equal(copy[0], 0x5a);
    assert_int_equal(copy[PAGE_SIZE - 1], 0x5a);
}

static void without_the_map_right_there_is_no_implied_vspace(void **state)
{
    start_faulter(RIGHT_WRITE);
    fault(CAUSE_LOAD_PAGE, VA(7));
    struct result r = answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(7), 20);
    assert_int_equal(r.a0, ERR_RIGHTS);
    assert_int_equal(r.w[3], 0);
    assert_int_equal(tcb_at(child)->state, TCB_FAULTED);
    r = answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(7), 20);
    assert_ptr_equal(running(), tcb_at(child));
    check_kernel();
}

static void a_failed_item_leaves_the_faulter_parked(void **state)
{
    start_faulter(RIGHT_WRITE | RIGHT_MAP);
    fault(CAUSE_LOAD_PAGE, VA(7));
    assert_int_equal(answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(600), 20).a0,
                     ERR_NOTABLE);
    assert_int_equal(answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(7), 0).a0,
                     ERR_BUSY);
    assert_int_equal(tcb_at(child)->state, TCB_FAULTED);
    assert_ptr_equal(running(), root);
    check_kernel();
}

static void a_vanished_vspace_is_gone(void **state)
{
    start_faulter(RIGHT_WRITE | RIGHT_MAP);
    fault(CAUSE_LOAD_PAGE, VA(7));
    invoke_slot(ROOT_CSPACE, CSPACE_REVOKE, v, 0, 0, 0);
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, v, 1, 0, 0);
    assert_int_equal(answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(7), 20).a0,
                     ERR_GONE);
    check_kernel();
}

static void a_stopped_faulter_is_gone_but_other_items_are_done(void **state)
{
    start_faulter(RIGHT_WRITE | RIGHT_MAP);
    fault(CAUSE_LOAD_PAGE, VA(7));
    invoke_slot(child, TCB_STOP, 0, 0, 0, 0);
    assert_int_equal(answer(ANSWER_RETRY, 1, ITEM_W0(ITEM_MAP, PROT_R, 0, kit_ram, 1), VA(7), 20).a0,
                     ERR_GONE);
    assert_int_equal(sys(SYS_CALL, reply, 1UL << TAG_ITEMS_SHIFT,
                         ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(7), 20, 0).a0, ERR_GONE);
    assert_int_equal(word_of(20), 1);
    check_kernel();
}

static void answers_resume_and_keep_stopped(void **state)
{
    start_faulter(RIGHT_WRITE);
    fault(CAUSE_ILLEGAL, 0);
    fault(CAUSE_ILLEGAL, 0);
    assert_int_equal(now_running().tag, TAG_KERNEL | FAULT_ILLEGAL);
    answer(ANSWER_RESUME, 0, 0x5000, 0, 0);
    assert_int_equal(running()->regs[REG_PC], 0x5000);
    fault(CAUSE_LOAD_ACCESS, 5);
    assert_int_equal(now_running().tag, TAG_KERNEL | FAULT_ACCESS);
    assert_int_equal(sys(SYS_CALL, reply, 5UL << TAG_ANSWER_SHIFT, 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(sys(SYS_CALL, reply, (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT, 0, 0, 0, 0).a0, 0);
    assert_int_equal(tcb_at(child)->state, TCB_STOPPED);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    fault(CAUSE_BREAKPOINT, 0);
    assert_int_equal(now_running().tag, TAG_KERNEL | FAULT_BREAKPOINT);
    check_kernel();
}

static void a_fault_without_a_reader_is_raised_again(void **state)
{
    start_faulter(RIGHT_WRITE);
    fault(CAUSE_LOAD_PAGE, VA(7));
    uint64_t faults = tcb_at(child)->faults;
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, reply, 1, 0, 0);
    assert_int_equal(tcb_at(child)->state, TCB_READY);
    assert_int_equal(tcb_at(child)->regs[REG_PC], 0x1000);
    assert_int_equal(tcb_at(child)->faults, faults);
    check_kernel();
}

/* While the root does other things, the fault waits in the queue; then its page comes. */
static void a_fault_resolved_while_queued_is_not_delivered(void **state)
{
    kit_ram_make();
    v = make_vspace();
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    child = make_thread(mint(ep, RIGHT_WRITE, 77), 13);
    invoke_slot(child, TCB_CONFIGURE, 0, v, 0, 255);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    fault(CAUSE_LOAD_PAGE, VA(7));
    assert_ptr_equal(running(), root);
    assert_int_equal(tcb_at(child)->state, TCB_SENDING);
    item(ITEM_W0(ITEM_MAP, PROT_R, v, kit_ram, 1), VA(7), 20);
    sys(SYS_NBRECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(child));
    assert_int_equal(root->regs[REG_A0], ERR_AGAIN);
    check_kernel();
}

static void without_a_fault_endpoint_it_stops(void **state)
{
    child = make_thread(0, 13);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    fault(CAUSE_LOAD_PAGE, VA(7));
    assert_int_equal(tcb_at(child)->state, TCB_STOPPED);
    assert_ptr_equal(running(), root);
}

/* --- upcalls --- */

static void start_upcall_target(void)
{
    kit_ram_make();
    child = make_thread(0, 3);
    invoke_slot(child, TCB_SET_MESSAGE, kit_ram, 20, 0, 0);
    invoke_slot(child, TCB_WRITE_REGS, 0x1000, 0x2000, 5, 6);
}

static void an_upcall_saves_and_resume_restores(void **state)
{
    start_upcall_target();
    struct tcb *t = tcb_at(child);
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), ERR_BUSY);
    invoke_slot(child, TCB_SET_UPCALL, 0x7000, 0, 0, 0);
    t->fregs[4] = 44;
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), 0);
    assert_int_equal(t->regs[REG_PC], 0x7000);
    assert_int_equal(t->regs[REG_A3], 4);
    assert_int_equal(t->msg->regs[REG_PC], 0x1000);
    assert_int_equal(t->msg->fregs[4], 44);
    assert_int_equal(t->msg->upcall_masked, 1);
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), ERR_BUSY);
    t->fregs[4] = 0;
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    ep = make(OBJ_NOTIFICATION, 0);
    sys(SYS_RECV, ep, 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), t);
    sys(SYS_RESUME, 0, 0, 0, 0, 0, 0);
    assert_int_equal(t->regs[REG_PC], 0x1000);
    assert_int_equal(t->regs[REG_A0], 5);
    assert_int_equal(t->fregs[4], 44);
    assert_int_equal(t->masked, 0);
}

static void an_upcall_waits_for_the_answer_of_a_call(void **state)
{
    start_upcall_target();
    invoke_slot(child, TCB_SET_UPCALL, 0x7000, 0, 0, 0);
    invoke_slot(child, TCB_SET_PRIORITY, 13, 0, 0, 0);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 0, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), 0);
    assert_int_equal(tcb_at(child)->state, TCB_WAITING);
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), ERR_BUSY);
    sys(SYS_REPLY_RECV, SLOTS(reply, ep), 0, 99, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(child));
    assert_int_equal(running()->regs[REG_PC], 0x7000);
    assert_int_equal(running()->msg->regs[REG_A2], 99);
    check_kernel();
}

static void an_upcall_takes_back_a_call_that_nobody_received(void **state)
{
    start_upcall_target();
    struct tcb *t = tcb_at(child);
    invoke_slot(child, TCB_SET_UPCALL, 0x7000, 0, 0, 0);
    invoke_slot(child, TCB_SET_PRIORITY, 13, 0, 0, 0);
    ep = make(OBJ_ENDPOINT, 0);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, TAG(5, 0), 11, 12, 13, 14);
    assert_int_equal(t->state, TCB_SENDING);
    assert_int_equal(invoke_slot(child, TCB_UPCALL, 1, 2, 3, 4), 0);
    check_kernel();
    assert_ptr_equal(running(), t);
    assert_int_equal(t->regs[REG_PC], 0x7000);
    assert_int_equal(t->regs[REG_A0], 1);
    assert_int_equal(t->msg->regs[REG_A7], SYS_CALL);
    sys(SYS_RESUME, 0, 0, 0, 0, 0, 0); /* and the call, from the registers that were saved */
    assert_int_equal(t->state, TCB_SENDING);
    assert_int_equal(t->regs[REG_A0], ep);
    assert_int_equal(t->regs[REG_A1], TAG(5, 0));
    assert_int_equal(t->regs[REG_A5], 14);
    check_kernel();
}

static void a_fault_can_be_answered_by_an_upcall(void **state)
{
    start_faulter(RIGHT_WRITE);
    struct tcb *t = running();
    fault(CAUSE_LOAD_PAGE, VA(7));
    assert_int_equal(answer(ANSWER_UPCALL, 0, 1, 2, 3).a0, ERR_BUSY);
    assert_int_equal(t->state, TCB_FAULTED);
    invoke_slot(child, TCB_SET_UPCALL, 0x7000, 0, 0, 0);
    invoke_slot(child, TCB_SET_MESSAGE, kit_ram, 20, 0, 0);
    answer(ANSWER_UPCALL, 0, 1, 2, 3);
    assert_ptr_equal(running(), t);
    assert_int_equal(t->regs[REG_PC], 0x7000);
    assert_int_equal(t->regs[REG_A2], 3);
    assert_int_equal(t->msg->regs[REG_PC], 0x1000);
}

/* --- registers --- */

static void registers_can_be_set_only_while_stopped(void **state)
{
    child = make_thread(0, 3);
    struct tcb *t = tcb_at(child);
    invoke_slot(child, TCB_WRITE_REGS, 1, 2, 3, 4);
    assert_true(t->regs[REG_PC] == 1 && t->regs[REG_SP] == 2 && t->regs[REG_A1] == 4 && t->full);
    slot_t other = make_thread(0, 3);
    t->regs[REG_S0] = 88;
    t->fregs[3] = 33;
    assert_int_equal(invoke_slot(other, TCB_COPY_REGS, child, 70, 71, 0), 0);
    assert_true(tcb_at(other)->regs[REG_S0] == 88 && tcb_at(other)->regs[REG_A0] == 70);
    assert_int_equal(tcb_at(other)->fregs[3], 33);
    assert_int_equal(invoke_slot(other, TCB_COPY_REGS, other, 0, 0, 0), ERR_RANGE);
    invoke_slot(child, TCB_RESUME, 0, 0, 0, 0);
    assert_int_equal(invoke_slot(child, TCB_WRITE_REGS, 1, 2, 3, 4), ERR_BUSY);
    assert_int_equal(invoke_slot(ROOT_TCB, TCB_WRITE_REGS, 1, 2, 3, 4), ERR_BUSY);
    struct result r = sys(SYS_CALL, child, TAG(TCB_READ_REGS, 0), 0, 0, 0, 0);
    assert_true(r.w[0] == 1 && r.w[1] == 2 && root->msg->regs[REG_S0] == 88);
}

static void tcb_rights_divide_control_and_message(void **state)
{
    slot_t t = make_thread(0, 3), messenger = new_slot(), boss = new_slot();
    kit_ram_make();
    invoke_slot(ROOT_CSPACE, CSPACE_COPY, messenger, t, RIGHT_MESSAGE, 0);
    invoke_slot(ROOT_CSPACE, CSPACE_COPY, boss, t, RIGHT_CONTROL, 0);
    assert_int_equal(invoke_slot(messenger, TCB_SET_MESSAGE, kit_ram, 3, 0, 0), 0);
    assert_int_equal(invoke_slot(messenger, TCB_RESUME, 0, 0, 0, 0), ERR_RIGHTS);
    assert_int_equal(invoke_slot(boss, TCB_SET_MESSAGE, 0, 0, 0, 0), ERR_RIGHTS);
    assert_int_equal(invoke_slot(boss, TCB_STOP, 0, 0, 0, 0), 0);
    assert_int_equal(invoke_slot(boss, TCB_SET_PRIORITY, PRIORITIES, 0, 0, 0), ERR_RANGE);
    assert_int_equal(invoke_slot(boss, TCB_CONFIGURE, 0, 0, 0, 16), ERR_RANGE);
}

/* FP registers: each thread's own, in whatever order they are used. */
static void fp_registers_do_not_leak(void **state)
{
    slot_t t = make_thread(0, 12);
    invoke_slot(t, TCB_RESUME, 0, 0, 0, 0);
    for (int round = 1; round < 9; round++) {
        struct tcb *now = running();
        if (!host.fp_is_on) {
            now->full = 1;
            fault_entry(now, CAUSE_ILLEGAL, 0);
        }
        assert_true(host.fp_is_on);
        assert_int_equal(host.fregs[7], round < 3 ? 0 : (now == root ? 1000 : 2000) + round - 2);
        host.fregs[7] = (now == root ? 1000 : 2000) + round;
        host.fp_is_dirty = true;
        sys(SYS_YIELD, 0, 0, 0, 0, 0, 0);
        assert_ptr_not_equal(running(), now);
        assert_false(host.fp_is_on && this_cpu()->fp_owner != running());
        check_kernel();
    }
}

/* --- time and interrupts --- */

static void equals_take_turns_when_their_slice_ends(void **state)
{
    slot_t a = make_thread(0, 12);
    invoke_slot(a, TCB_RESUME, 0, 0, 0, 0);
    assert_ptr_equal(running(), root);
    assert_int_equal(host.timer, host.now + 100);
    tick(50);
    assert_ptr_equal(running(), root);
    tick(50);
    assert_ptr_equal(running(), tcb_at(a));
    tick(100);
    assert_ptr_equal(running(), root);
    struct result r = sys(SYS_CALL, a, TAG(TCB_INFO, 0), 0, 0, 0, 0);
    assert_int_equal(r.w[0], TCB_READY);
    assert_int_equal(r.w[1], 100);
    check_kernel();
}

static void a_lone_thread_needs_no_tick(void **state)
{
    tick(100000);
    assert_int_equal(host.timer, ~0UL);
    sys(SYS_YIELD, 0, 0, 0, 0, 0, 0);
    assert_int_equal(host.timer, ~0UL);
}

/* The slice of a client goes on while a server works for it; when it ends there, the client's equal
 * runs next. */
static void a_server_works_on_its_callers_slice(void **state)
{
    slot_t client = make_thread(0, 3), equal = make_thread(0, 3), note = make(OBJ_NOTIFICATION, 0);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    slot_t server = make_thread(0, 13);
    invoke_slot(server, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    invoke_slot(client, TCB_RESUME, 0, 0, 0, 0);
    invoke_slot(equal, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_RECV, note, 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(client));
    sys(SYS_CALL, ep, 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(server));
    tick(100);
    assert_ptr_equal(running(), tcb_at(server));
    sys(SYS_REPLY_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(equal));
    assert_int_equal(cpu_ticks_used(this_cpu(), tcb_at(client)), 100);
    assert_int_equal(cpu_ticks_used(this_cpu(), tcb_at(server)), 0);
    check_kernel();
}

static void timers_signal_in_order(void **state)
{
    slot_t note = make(OBJ_NOTIFICATION, 0), a = make(OBJ_TIMER, 0), b = make(OBJ_TIMER, 0);
    assert_int_equal(invoke_slot(a, TIMER_BIND, ROOT_TCB, 0, 0, 0), ERR_TYPE);
    invoke_slot(a, TIMER_BIND, mint(note, RIGHT_WRITE, 1), 0, 0, 0);
    invoke_slot(b, TIMER_BIND, mint(note, RIGHT_WRITE, 2), 0, 0, 0);
    invoke_slot(a, TIMER_SET, host.now + 300, 0, 0, 0);
    invoke_slot(b, TIMER_SET, host.now + 200, 0, 0, 0);
    assert_int_equal(host.timer, host.now + 200);
    tick(200);
    assert_int_equal(sys(SYS_NBRECV, note, 0, 0, 0, 0, 0).w[0], 2);
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, a, 1, 0, 0);
    tick(200);
    assert_int_equal(sys(SYS_NBRECV, note, 0, 0, 0, 0, 0).a0, ERR_AGAIN);
    assert_null(this_cpu()->timers);
    check_kernel();
}

static void an_interrupt_is_claimed_signalled_and_acknowledged(void **state)
{
    slot_t note = make(OBJ_NOTIFICATION, 0), irq = new_slot();
    assert_int_equal(invoke_slot(ROOT_IRQ_CONTROL, IRQ_MAKE, 0, irq, 0, 0), ERR_RANGE);
    assert_int_equal(invoke_slot(ROOT_IRQ_CONTROL, IRQ_MAKE, ARCH_IRQS, irq, 0, 0), ERR_RANGE);
    assert_int_equal(invoke_slot(ROOT_IRQ_CONTROL, IRQ_MAKE, 9, irq, 0, 0), 0);
    assert_int_equal(invoke_slot(ROOT_IRQ_CONTROL, IRQ_MAKE, 9, new_slot(), 0, 0), ERR_EXISTS);
    assert_false(host.irq_enabled[9]);
    invoke_slot(irq, IRQ_BIND, mint(note, RIGHT_WRITE, 4), 0, 0, 0);
    assert_true(host.irq_enabled[9]);
    external(9);
    assert_int_equal(sys(SYS_NBRECV, note, 0, 0, 0, 0, 0).w[0], 4);
    assert_true(host.irq_claimed[9]);
    invoke_slot(irq, IRQ_ACK, 0, 0, 0, 0);
    assert_false(host.irq_claimed[9]);
    external(9);
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, irq, 1, 0, 0);
    assert_false(host.irq_claimed[9] || host.irq_enabled[9]);
    assert_int_equal(invoke_slot(ROOT_IRQ_CONTROL, IRQ_MAKE, 9, irq, 0, 0), 0);
    check_kernel();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, kit_boot)
    const struct CMUnitTest tests[] = {
        T(a_fault_is_a_message_and_its_answer_maps), T(without_the_map_right_there_is_no_implied_vspace),
        T(each_answer_for_one_page_does_as_its_item),
        T(a_failed_item_leaves_the_faulter_parked), T(a_vanished_vspace_is_gone),
        T(a_stopped_faulter_is_gone_but_other_items_are_done), T(answers_resume_and_keep_stopped),
        T(a_fault_without_a_reader_is_raised_again), T(a_fault_resolved_while_queued_is_not_delivered),
        T(without_a_fault_endpoint_it_stops), T(an_upcall_saves_and_resume_restores),
        T(an_upcall_waits_for_the_answer_of_a_call), T(an_upcall_takes_back_a_call_that_nobody_received),
        T(a_fault_can_be_answered_by_an_upcall),
        T(registers_can_be_set_only_while_stopped), T(tcb_rights_divide_control_and_message),
        T(fp_registers_do_not_leak), T(equals_take_turns_when_their_slice_ends),
        T(a_lone_thread_needs_no_tick), T(a_server_works_on_its_callers_slice),
        T(timers_signal_in_order), T(an_interrupt_is_claimed_signalled_and_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
