/* Random system calls, faults and interrupts against the kernel, half of them well formed, with
 * preemption injected; all invariants after each step. SEED and SESSIONS come from the environment. */
#include "tests/host/kernel/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 500
#define DEFAULT_SESSIONS 60
#define SLOTS_USED 48u

static uint64_t random_state;
static jmp_buf session_end;
static uint64_t steps_done;

static uint64_t rnd(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return n ? random_state % n : random_state;
}

static uint64_t pick_slot(void)
{
    return rnd(20) ? rnd(SLOTS_USED) : rnd(5000);
}

static uint64_t pick_va(void)
{
    return rnd(10) ? rnd(24) << PAGE_SHIFT : rnd(3) ? rnd(1UL << 20) << PAGE_SHIFT : rnd(0);
}

/* A word that some invocation could like. */
static uint64_t pick_word(void)
{
    switch (rnd(8)) {
    case 0:
        return rnd(0);
    case 1:
        return pick_va();
    case 2:
        return rnd(4) | rnd(4) << 32;
    case 3:
        return rnd(12) | rnd(4) << 16;
    default:
        return pick_slot();
    }
}

static uint64_t pick_item_w0(void)
{
    uint64_t count = rnd(4) ? rnd(4) : rnd(200);
    return ITEM_W0(rnd(ITEM_OP_COUNT + 1), rnd(5) ? rnd(6) : rnd(16), rnd(3) ? pick_slot() : 0,
                   rnd(2) ? kit_ram : pick_slot(), count);
}

static uint64_t pick_item_w2(void)
{
    return rnd(6) ? rnd(40) : rnd(0);
}

static void fill_message_page(struct tcb *t)
{
    if (!t->msg)
        return;
    for (int i = 0; i < MSG_ITEMS; i++)
        t->msg->items[i] = (struct item){pick_item_w0(), pick_va(), pick_item_w2()};
    t->msg->send_slot = pick_slot();
    t->msg->recv_slot = rnd(2) ? pick_slot() : 0;
    for (int i = 0; i < 32; i++)
        t->msg->regs[i] = rnd(0);
}

static const uint16_t labels[OBJ_TYPE_COUNT][16] = {
    [OBJ_UNTYPED] = {UNTYPED_RETYPE, UNTYPED_RETYPE, UNTYPED_INFO},
    [OBJ_CSPACE] = {CSPACE_COPY, CSPACE_MINT, CSPACE_MINT_REGION, CSPACE_MOVE, CSPACE_DELETE,
                    CSPACE_REVOKE, CSPACE_INFO, CSPACE_COPY},
    [OBJ_TCB] = {TCB_CONFIGURE, TCB_SET_MESSAGE, TCB_WRITE_REGS, TCB_COPY_REGS, TCB_READ_REGS,
                 TCB_RESUME, TCB_STOP, TCB_BIND, TCB_SET_UPCALL, TCB_UPCALL, TCB_SET_PRIORITY,
                 TCB_INFO, TCB_UNMASK, TCB_RESUME, TCB_RESUME},
    [OBJ_VSPACE] = {VSPACE_CLEAR, VSPACE_SCAN, VSPACE_SCAN},
    [OBJ_REGION] = {REGION_INFO, REGION_SCAN},
    [OBJ_IRQ] = {IRQ_BIND, IRQ_ACK},
    [OBJ_TIMER] = {TIMER_BIND, TIMER_SET},
    [OBJ_IRQ_CONTROL] = {IRQ_MAKE},
};

static uint64_t pick_label(const struct tcb *t, uint64_t slot)
{
    if (slot >= t->nslots || !rnd(30))
        return rnd(80);
    uint64_t label = labels[t->slots[slot].type][rnd(16)];
    return label ? label : rnd(80);
}

static uint64_t pick_tag(uint64_t label)
{
    uint64_t tag = label;
    if (!rnd(5))
        tag |= rnd(20) << TAG_WORDS_SHIFT;
    if (!rnd(5))
        tag |= TAG_CAP;
    if (!rnd(3))
        tag |= rnd(5) << TAG_ITEMS_SHIFT;
    if (!rnd(4))
        tag |= rnd(5) << TAG_ANSWER_SHIFT;
    return rnd(40) ? tag : rnd(0);
}

/* The first capabilities stay, so that check.c finds the others from them. */
static void keep_first_caps(uint64_t tag, uint64_t w[4])
{
    if (TAG_LABEL(tag) == CSPACE_DELETE && w[0] < ROOT_FREE)
        w[0] += ROOT_FREE;
    if (TAG_LABEL(tag) == CSPACE_MOVE && w[1] < ROOT_FREE)
        w[1] += ROOT_FREE;
}

static uint64_t pick_number(void)
{
    static const uint8_t likely[] = {SYS_CALL, SYS_CALL, SYS_CALL, SYS_CALL, SYS_CALL, SYS_REPLY_RECV,
                                     SYS_RECV, SYS_NBRECV, SYS_SIGNAL, SYS_YIELD, SYS_ITEMS, SYS_ITEMS,
                                     SYS_ITEMS, SYS_RESUME};
    return rnd(40) ? likely[rnd(sizeof likely)] : rnd(0);
}

static uint64_t of_type(const struct tcb *t, uint32_t type)
{
    for (int i = 0; i < 20; i++) {
        uint64_t s = rnd(SLOTS_USED);
        if (s < t->nslots && t->slots[s].type == type)
            return s;
    }
    return pick_slot();
}

static uint64_t pick_slots(const struct tcb *t, uint64_t number)
{
    if (number == SYS_REPLY_RECV || number == SYS_RECV || number == SYS_NBRECV)
        return SLOTS(of_type(t, OBJ_REPLY), of_type(t, rnd(5) ? OBJ_ENDPOINT : OBJ_NOTIFICATION));
    if (number == SYS_SIGNAL)
        return of_type(t, OBJ_NOTIFICATION);
    return rnd(3) ? of_type(t, 1 + rnd(OBJ_TYPE_COUNT - 1)) : pick_slot();
}

static void random_call(void)
{
    struct tcb *t = running();
    uint64_t number = pick_number(), slots = pick_slots(t, number);
    uint64_t tag = pick_tag(number == SYS_CALL ? pick_label(t, slots) : 0);
    uint64_t w[4];
    for (int i = 0; i < 4; i++)
        w[i] = pick_word();
    if (number == SYS_ITEMS || number == SYS_REPLY_RECV) {
        w[0] = pick_item_w0(), w[1] = pick_va(), w[2] = pick_item_w2();
    }
    if (number == SYS_CALL && TAG_LABEL(tag) == UNTYPED_RETYPE && rnd(8)) {
        w[0] = rnd(OBJ_TYPE_COUNT) | (1 + rnd(3)) << 16;
        w[1] = rnd(2) ? rnd(20) : rnd(9000);
        w[2] = pick_slot();
        w[3] = rnd(5) ? 0 : of_type(t, OBJ_CSPACE);
    }
    fill_message_page(t);
    keep_first_caps(tag, w);
    if (!rnd(3))
        host.preempt_at = host.polls + 1 + rnd(4);
    t->full = 0;
    t->regs[REG_PC] = ECALL_PC + 4;
    syscall_entry(slots, tag, w[0], w[1], w[2], w[3], t, number);
}

/* A preempted system call is made again with what its registers say. */
static bool is_restart(const struct tcb *t)
{
    return t->full && t->regs[REG_PC] == ECALL_PC;
}

static void restart(void)
{
    struct tcb *t = running();
    uint64_t *r = t->regs;
    r[REG_PC] += 4;
    t->full = 0;
    syscall_entry(r[REG_A0], r[REG_A1], r[REG_A2], r[REG_A3], r[REG_A4], r[REG_A5], t, r[REG_A7]);
}

static void random_fault(void)
{
    static const uint8_t causes[] = {12, 13, 15, 15, 13, 2, 3, 5, 7, 0, 24};
    struct tcb *t = running();
    if (t == root)
        return;
    fault(causes[rnd(sizeof causes)], pick_va());
}

static void fp_use(void)
{
    struct tcb *t = running();
    t->full = 1;
    if (!host.fp_is_on)
        fault_entry(t, CAUSE_ILLEGAL, 0);
    if (!host.fp_is_on || running() != t)
        return;
    host.fregs[9] = (uint64_t)t;
    host.fp_is_dirty = true;
}

static void step(void)
{
    if (is_restart(running()))
        restart();
    else if (rnd(10) < 8)
        random_call();
    else if (rnd(2))
        random_fault();
    else if (rnd(3))
        tick(rnd(150));
    else if (rnd(2))
        external(1 + rnd(4));
    else
        fp_use();
}

/* Nobody is ready: the root is woken, if it can still do anything. */
static void wake_root(void)
{
    if (root->nslots == 0)
        longjmp(session_end, 1);
    tcb_stop(root, ERR_INTR);
    cpu_wake(root);
}

static void furnish(void)
{
    kit_ram_make();
    slot_t eps[3];
    for (int i = 0; i < 3; i++) {
        slot_t ep = make(OBJ_ENDPOINT, 0);
        eps[i] = mint(ep, RIGHT_ALL, 10 + i);
        make(OBJ_REPLY, 0);
        make(OBJ_REPLY, 0);
    }
    mint(make(OBJ_NOTIFICATION, 0), RIGHT_ALL, 1);
    make(OBJ_TIMER, 0);
    make(OBJ_UNTYPED, 16384);
    make(OBJ_CSPACE, 16);
    slot_t vspaces[2] = {make_vspace(), make_vspace()};
    for (int i = 0; i < 3; i++) {
        slot_t t = make_thread(eps[i], 3 + 5 * i);
        invoke_slot(t, TCB_CONFIGURE, 0, vspaces[i % 2], 0, 255);
        invoke_slot(t, TCB_SET_MESSAGE, kit_ram, new_frame(), 0, 0);
        invoke_slot(t, TCB_SET_UPCALL, 0x4000, 0, 0, 0);
        invoke_slot(t, TCB_RESUME, 0, 0, 0, 0);
    }
}

static void run_session(uint64_t seed)
{
    random_state = seed * 0x9e3779b97f4a7c15UL | 1;
    kit_boot(NULL);
    host.wait = wake_root;
    if (setjmp(session_end))
        return;
    furnish();
    for (int i = 0; i < STEPS && root->nslots; i++) {
        step();
        check_kernel();
        steps_done++;
    }
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s ? strtoull(s, NULL, 0) : otherwise;
}

static void no_user_action_breaks_the_kernel(void **state)
{
    uint64_t seed = from_environment("SEED", 1);
    uint64_t sessions = from_environment("SESSIONS", DEFAULT_SESSIONS);
    for (uint64_t i = 0; i < sessions; i++) {
        printf("SEED=%lu SESSIONS=1\n", (unsigned long)(seed + i));
        fflush(stdout);
        run_session(seed + i);
    }
    printf("%lu steps\n", (unsigned long)steps_done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_user_action_breaks_the_kernel)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
