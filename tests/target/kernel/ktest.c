/* The kernel on the target: what host tests cannot show, because it needs a real address space,
 * real registers, real interrupts. Prints TAP, then powers off. */
#include "tests/target/kernel/kit.h"

#define TIMER_BADGE 8
#define UART_IRQ 10
#define HOLE_PFN 0x800u /* physical memory where nothing is */
#define UART_IER 1
#define UART_IER_THRE 2
#define TICKS_PER_MS (boot->timebase_hz / 1000)

void root_main(struct bootinfo *b);

static uint32_t count, failures;
static slot_t never;

static void check(bool ok, const char *name)
{
    put(ok ? "ok " : "not ok ");
    put_number(++count);
    put(" - ");
    put(name);
    put("\n");
    failures += !ok;
}

static int64_t info(slot_t s, uint64_t *type)
{
    struct regs r = {ROOT_CSPACE, CSPACE_INFO, {s, 0, 0, 0}, 0};
    int64_t e = sys(&r, SYS_CALL);
    *type = r.w[0];
    return e;
}

static void test_errors(void)
{
    struct regs r = {0};
    check(call(999999, 0, 0, 0, 0, 0) == ERR_SLOT, "a slot out of range is refused");
    check(sys(&r, 77) == ERR_BADMSG, "an unknown system call is refused");
    check(call(ROOT_CSPACE, 999, 0, 0, 0, 0) == ERR_BADMSG, "an unknown label is refused");
    check(call(ROOT_UNTYPED, UNTYPED_RETYPE, OBJ_ENDPOINT | 1 << 16, 0, ROOT_TCB, 0) == ERR_EXISTS,
          "a slot in use is not overwritten");
    check(call(ROOT_UNTYPED, UNTYPED_RETYPE, OBJ_ENDPOINT | 1UL << 40, 0, new_slot(), 0) == ERR_RANGE,
          "too many objects at once are refused");
    check(item(ITEM_W0(ITEM_MAP, PROT_W, ROOT_VSPACE, ram, 1), SCRATCH_VA, 0) == ERR_RIGHTS,
          "W without R never reaches the hardware");
}

/* A thread that has done its work waits for nothing that comes. */
static void stop_here(void)
{
    for (;;)
        recv(0, never);
}

/* --- messages --- */

static slot_t service, echo_reply;

static void echo_server(uint64_t n)
{
    struct regs r = recv(echo_reply, service);
    for (;;) {
        r.w[0] += r.badge;
        r.w[1] += n;
        r.a0 = SLOTS(echo_reply, service);
        r.tag = TAG(7, 0);
        sys(&r, SYS_REPLY_RECV);
    }
}

static void test_messages(void)
{
    service = make(OBJ_ENDPOINT, 0);
    echo_reply = make(OBJ_REPLY, 0);
    slot_t server = make_thread(echo_server, 1000, 0, PRIO_SERVER);
    slot_t client = mint(service, RIGHT_WRITE, 42);
    struct regs r = {client, TAG(3, 0), {1, 2, 3, 4}, 0};
    start(server);
    check(sys(&r, SYS_CALL) == 0 && r.w[0] == 43 && r.w[1] == 1002 && r.w[2] == 3 && r.w[3] == 4,
          "words and badge reach the server, the answer comes back");
    check(TAG_LABEL(r.tag) == 7 && r.badge == 0, "the answer's label is the server's");
    check(recv(echo_reply, client).a0 == (uint64_t)ERR_RIGHTS, "a caller's capability cannot receive");
    call(server, TCB_STOP, 0, 0, 0, 0);
}

static slot_t cap_ep, cap_reply;

static void cap_sender(uint64_t slot)
{
    struct regs r = {cap_ep, TAG(1, 2) | TAG_CAP, {5, 6, 7, 8}, 0};
    struct msgpage *m = (struct msgpage *)(SCRATCH_VA + 8 * PAGE_SIZE);
    m->payload[0] = 111;
    m->payload[1] = 222;
    m->send_slot = slot;
    sys(&r, SYS_CALL);
    for (;;)
        call(cap_ep, 0, 0, 0, 0, 0);
}

static void test_payload_and_capability(void)
{
    uint64_t frame = new_frame(), type;
    slot_t arrived = new_slot(), gift = make(OBJ_NOTIFICATION, 0);
    cap_ep = make(OBJ_ENDPOINT, 0);
    cap_reply = make(OBJ_REPLY, 0);
    slot_t sender = make_thread(cap_sender, gift, 0, PRIO_CHILD);
    item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, ROOT_VSPACE, ram, 1), SCRATCH_VA + 8 * PAGE_SIZE, frame);
    check(call(sender, TCB_SET_MESSAGE, ram, frame, 0, 0) == 0, "a message page is bound");
    message()->recv_slot = arrived;
    start(sender);
    struct regs r = recv(cap_reply, cap_ep);
    check(TAG_WORDS(r.tag) == 2 && message()->payload[1] == 222, "payload is copied");
    check((r.tag & TAG_CAP) && info(arrived, &type) == 0 && type == OBJ_NOTIFICATION,
          "a capability arrives in the receive slot");
    message()->recv_slot = 0;
    call(sender, TCB_STOP, 0, 0, 0, 0);
    check(call(cap_reply, 0, 0, 0, 0, 0) == ERR_GONE, "a late answer is told that its caller has gone");
}

static void dead_caller(uint64_t out)
{
    *(volatile int64_t *)out = call(cap_ep, 0, 0, 0, 0, 0);
    for (;;)
        call(cap_ep, 0, 0, 0, 0, 0);
}

static void test_reply_deleted(void)
{
    static volatile int64_t result;
    slot_t victim = make(OBJ_REPLY, 0), t = make_thread(dead_caller, (uint64_t)&result, 0, PRIO_CHILD);
    start(t);
    recv(victim, cap_ep);
    check(call(ROOT_CSPACE, CSPACE_DELETE, victim, 1, 0, 0) == 0, "a reply that holds can be deleted");
    recv(cap_reply, cap_ep);
    check(result == ERR_DEAD, "its caller is told that the server is dead");
    call(t, TCB_STOP, 0, 0, 0, 0);
}

/* --- address spaces and faults --- */

static slot_t pager_ep, pager_reply;

static void touch(uint64_t va)
{
    volatile uint64_t *p = (volatile uint64_t *)va;
    *p = *p + 77;
    for (;;)
        call(1, TAG(0, 0), *p, 0, 0, 0);
}

static void breakpoint(uint64_t unused)
{
    __asm__ volatile("ebreak");
}

static struct regs answer(struct regs r, uint64_t kind, uint64_t items)
{
    r.a0 = SLOTS(pager_reply, pager_ep);
    r.tag = kind << TAG_ANSWER_SHIFT | items << TAG_ITEMS_SHIFT;
    sys(&r, SYS_REPLY_RECV);
    return r;
}

static void test_faults(void)
{
    pager_ep = make(OBJ_ENDPOINT, 0);
    pager_reply = make(OBJ_REPLY, 0);
    slot_t cs = make(OBJ_CSPACE, 16), v = make_vspace(), ep = mint(pager_ep, RIGHT_WRITE | RIGHT_MAP, 9);
    call(cs, CSPACE_COPY, 1, ep, RIGHT_WRITE, 0);
    slot_t t = make_process(v, cs, touch, SCRATCH_VA + 0x123 * 8, ep, PRIO_CHILD);
    uint64_t frame = new_frame();
    start(t);
    struct regs r = recv(pager_reply, pager_ep);
    check(r.tag == (TAG_KERNEL | FAULT_PAGE) && r.badge == 9, "a page fault is a message");
    check(r.w[0] == SCRATCH_VA + 0x123 * 8 && r.w[2] == CAUSE_LOAD_PAGE && r.w[3] == 0,
          "it tells address, cause and PTE");
    item(ITEM_W0(ITEM_CLEAR, 0, 0, ram, 0), PAGE_SIZE << 32, frame);
    r.w[0] = ITEM_W0(ITEM_MAP, PROT_R, 0, ram, 1), r.w[1] = SCRATCH_VA, r.w[2] = frame;
    r = answer(r, ANSWER_RETRY, 1);
    check(r.w[2] == CAUSE_STORE_PAGE && (r.w[3] & (PTE_V | PTE_R | PTE_W | PTE_A)) == (PTE_V | PTE_R | PTE_A),
          "the answer maps read-only; then the store faults, A is set");
    r.w[0] = ITEM_W0(ITEM_PROTECT, PROT_R | PROT_W, 0, 0, 1), r.w[1] = SCRATCH_VA, r.w[2] = 0;
    r = answer(r, ANSWER_RETRY, 1);
    check((r.tag & TAG_KERNEL) == 0 && r.w[0] == 77 && r.badge == 9, "with W the store is done");
    struct regs h = {0, 1UL << TAG_ITEMS_SHIFT, {ITEM_W0(ITEM_HARVEST, 3, v, 0, 16), SCRATCH_VA, 0, 0}, 0};
    check(sys(&h, SYS_ITEMS) == 0 && h.w[1] == 1 && h.w[2] == 1, "harvest reports and clears A and D");
    h = (struct regs){0, 1UL << TAG_ITEMS_SHIFT, {ITEM_W0(ITEM_HARVEST, 0, v, 0, 16), SCRATCH_VA, 0, 0}, 0};
    check(sys(&h, SYS_ITEMS) == 0 && h.w[1] == 0 && h.w[2] == 0, "then they are clear");
    call(t, TCB_STOP, 0, 0, 0, 0);
    call(t, TCB_WRITE_REGS, (uint64_t)touch, CHILD_STACK_VA + PAGE_SIZE, 0x666000, 0);
    start(t);
    r = recv(pager_reply, pager_ep);
    r.w[0] = (uint64_t)breakpoint;
    r = answer(r, ANSWER_RESUME, 0);
    check(r.tag == (TAG_KERNEL | FAULT_BREAKPOINT), "RESUME goes on elsewhere");
    r.a0 = pager_reply, r.tag = (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT;
    check(sys(&r, SYS_CALL) == 0, "an answer without receiving");
    struct regs i = {t, TCB_INFO, {0}, 0};
    check(sys(&i, SYS_CALL) == 0 && i.w[0] == TCB_STOPPED, "KEEP_STOPPED stops");
    check(call(v, VSPACE_CLEAR, 0, 0, 0, 0) == 0, "an address space can be cleared");
}

static void test_copy_on_write(void)
{
    slot_t a = make_vspace(), b = make_vspace(), cs = make(OBJ_CSPACE, 16);
    slot_t ep = mint(pager_ep, RIGHT_WRITE | RIGHT_MAP, 5);
    uint64_t frame = new_frame(), copy = new_frame();
    call(cs, CSPACE_COPY, 1, ep, RIGHT_WRITE, 0);
    item(ITEM_W0(ITEM_CLEAR, 0, 0, ram, 0), PAGE_SIZE << 32, frame);
    item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, a, ram, 1), SCRATCH_VA, frame);
    struct regs r = {0, 1UL << TAG_ITEMS_SHIFT, {ITEM_W0(ITEM_CLONE, 0, b, a, 16), SCRATCH_VA, 0, 0}, 0};
    check(sys(&r, SYS_ITEMS) == 0 && r.w[1] == 1, "clone shares what is mapped");
    slot_t t = make_process(b, cs, touch, SCRATCH_VA, ep, PRIO_CHILD);
    start(t);
    r = recv(pager_reply, pager_ep);
    check(r.w[2] == CAUSE_STORE_PAGE && (r.w[3] & PTE_R), "the copy is read-only");
    message()->items[0] = (struct item){ITEM_W0(ITEM_COPY, 0, ram, ram, 0), copy << 12, frame << 12};
    message()->items[1] = (struct item){ITEM_W0(ITEM_REPLACE, PROT_R | PROT_W, 0, ram, 0), SCRATCH_VA, copy};
    r = answer(r, ANSWER_RETRY, 2);
    check((r.tag & TAG_KERNEL) == 0 && r.w[0] == 77, "copy and replace, then the store is done");
    check(message()->items[1].w1 >> 10 << 12 != 0, "replace reports the old PTE");
    call(t, TCB_STOP, 0, 0, 0, 0);
}

/* --- FP registers --- */

static volatile uint64_t fp_seen[2];

static void fp_user(uint64_t n)
{
    uint64_t before, after;
    __asm__ volatile("fmv.x.d %0, f9" : "=r"(before));
    __asm__ volatile("fmv.d.x f9, %0" ::"r"(n));
    for (int i = 0; i < 20; i++) {
        struct regs r = {0};
        sys(&r, SYS_YIELD);
    }
    __asm__ volatile("fmv.x.d %0, f9" : "=r"(after));
    fp_seen[n & 1] = before == 0 && after == n;
    call(cap_ep, 0, n, 0, 0, 0);
    stop_here();
}

static void test_fp(void)
{
    __asm__ volatile("fmv.d.x f9, %0" ::"r"(0x5151515151515151UL));
    start(make_thread(fp_user, 1000, 0, PRIO_CHILD));
    start(make_thread(fp_user, 2001, 0, PRIO_CHILD));
    recv(cap_reply, cap_ep);
    call(cap_reply, 0, 0, 0, 0, 0);
    recv(cap_reply, cap_ep);
    uint64_t mine;
    __asm__ volatile("fmv.x.d %0, f9" : "=r"(mine));
    check(fp_seen[0] && fp_seen[1], "FP registers are each thread's own, new threads see zero");
    check(mine == 0x5151515151515151UL, "and survive in a thread that waited");
    call(cap_reply, 0, 0, 0, 0, 0);
}

/* --- upcalls --- */

static volatile uint64_t upcall_word, upcall_spins, upcall_stop;

static void upcall_entry(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    struct regs r = {0};
    upcall_word = a + b + c + d;
    __asm__ volatile("fmv.d.x f9, %0" ::"r"(3UL));
    sys(&r, SYS_RESUME);
}

static void upcall_spinner(uint64_t expected)
{
    register uint64_t s5 __asm__("s5") = expected;
    register uint64_t t4 __asm__("t4") = expected + 1;
    __asm__ volatile("fmv.d.x f9, %0" ::"r"(expected));
    while (!upcall_stop) {
        __asm__ volatile("" : "+r"(s5), "+r"(t4));
        upcall_spins++;
    }
    uint64_t f;
    __asm__ volatile("fmv.x.d %0, f9" : "=r"(f));
    call(cap_ep, 0, s5 == expected && t4 == expected + 1 && f == expected, 0, 0, 0);
    stop_here();
}

static void sleep_ms(uint64_t ms);

static void test_upcall(void)
{
    uint64_t frame = new_frame();
    slot_t t = make_thread(upcall_spinner, 0x1234567, 0, PRIO_CHILD);
    call(t, TCB_SET_MESSAGE, ram, frame, 0, 0);
    check(call(t, TCB_UPCALL, 1, 2, 3, 4) == ERR_BUSY, "no entry, no upcall");
    call(t, TCB_SET_UPCALL, (uint64_t)upcall_entry, 0, 0, 0);
    start(t);
    sleep_ms(5);
    check(call(t, TCB_UPCALL, 1, 20, 300, 4000) == 0, "a running thread gets an upcall");
    check(call(t, TCB_UPCALL, 1, 20, 300, 4000) == ERR_BUSY, "one at a time");
    for (int i = 0; i < 200 && !upcall_word; i++)
        sleep_ms(5);
    check(upcall_word == 4321, "with its four words");
    upcall_stop = 1;
    struct regs r = recv(cap_reply, cap_ep);
    check(r.w[0] == 1, "after SYS_RESUME all registers are what they were, FP too");
    call(t, TCB_STOP, 0, 0, 0, 0);
}

/* --- interrupts and time --- */

static slot_t note, timer;

static void sleep_ms(uint64_t ms)
{
    call(timer, TIMER_SET, now() + ms * TICKS_PER_MS, 0, 0, 0);
    while (!(recv(0, note).w[0] & TIMER_BADGE))
        ;
}

static void make_timer(void)
{
    note = make(OBJ_NOTIFICATION, 0);
    timer = make(OBJ_TIMER, 0);
    call(timer, TIMER_BIND, mint(note, RIGHT_WRITE, TIMER_BADGE), 0, 0, 0);
}

static void test_time(void)
{
    uint64_t before = now();
    call(timer, TIMER_SET, before + 10 * TICKS_PER_MS, 0, 0, 0);
    struct regs r = recv(0, note);
    check(r.tag == TAG_NOTIFIED && r.w[0] == 8, "a timer signals its badge");
    check(now() - before >= 10 * TICKS_PER_MS, "not before its time");
    r = (struct regs){SLOTS(0, note), 0, {0}, 0};
    check(sys(&r, SYS_NBRECV) == ERR_AGAIN, "a receive that must not block does not");
}

static void test_irq(void)
{
    slot_t irq = new_slot();
    volatile char *uart = (volatile char *)UART_VA;
    check(call(ROOT_IRQ_CONTROL, IRQ_MAKE, UART_IRQ, irq, 0, 0) == 0, "an IRQ object is made");
    check(call(ROOT_IRQ_CONTROL, IRQ_MAKE, UART_IRQ, new_slot(), 0, 0) == ERR_EXISTS, "but once");
    call(irq, IRQ_BIND, mint(note, RIGHT_WRITE, 64), 0, 0, 0);
    uart[UART_IER] = UART_IER_THRE;
    struct regs r = recv(0, note);
    check(r.w[0] == 64, "an interrupt is a signal");
    uart[UART_IER] = 0;
    check(call(irq, IRQ_ACK, 0, 0, 0, 0) == 0, "and is acknowledged");
    check(call(ROOT_CSPACE, CSPACE_DELETE, irq, 1, 0, 0) == 0, "and its object deleted");
}

static volatile uint64_t spins[2];

static void spinner(uint64_t n)
{
    for (;;)
        spins[n]++;
}

static void test_round_robin(void)
{
    slot_t a = make_thread(spinner, 0, 0, PRIO_CHILD), b = make_thread(spinner, 1, 0, PRIO_CHILD);
    start(a);
    start(b);
    sleep_ms(100);
    call(a, TCB_STOP, 0, 0, 0, 0);
    call(b, TCB_STOP, 0, 0, 0, 0);
    check(spins[0] > 0 && spins[1] > 0, "equals share the hart");
    uint64_t less = spins[0] < spins[1] ? spins[0] : spins[1];
    check(less * 4 > spins[0] + spins[1] - less, "about evenly");
}

/* A long clone while a timer fires often: restarted, but right. */
static void test_restart(void)
{
    slot_t a = make_vspace(), b = make_vspace();
    uint64_t frame = new_frame();
    int64_t r = 0;
    for (uint32_t i = 0; i < 100; i++)
        r |= item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, a, ram, 1), SCRATCH_VA + i * PAGE_SIZE, frame);
    struct regs c = {0, 1UL << TAG_ITEMS_SHIFT, {ITEM_W0(ITEM_CLONE, 0, b, a, 100), SCRATCH_VA, 0, 0}, 0};
    call(timer, TIMER_SET, now() + 1, 0, 0, 0);
    check(r == 0 && sys(&c, SYS_ITEMS) == 0 && c.w[1] == 100, "a clone with an interrupt in it is whole");
    recv(0, note);
    c = (struct regs){b, VSPACE_SCAN, {SCRATCH_VA, 0, 0, 0}, 0};
    check(sys(&c, SYS_CALL) == 0 && c.w[1] == 64 && TAG_WORDS(c.tag) == 128, "a scan finds 64 at a time");
    check(call(ROOT_CSPACE, CSPACE_DELETE, a, 1, 0, 0) == 0 &&
              call(ROOT_CSPACE, CSPACE_DELETE, b, 1, 0, 0) == 0, "address spaces can be deleted");
    struct regs s = {ram, REGION_SCAN, {frame, 0, 0, 0}, 0};
    check(sys(&s, SYS_CALL) == 0 && (uint32_t)message()->payload[0] == 0, "their frames are unused then");
}

/* Loads and stores that hardware refuses, and instructions that are none. */
static void illegal(uint64_t unused)
{
    __asm__ volatile(".word 0");
}

static void device_store(uint64_t unused)
{
    *(volatile uint32_t *)(SCRATCH_VA + 9 * PAGE_SIZE) = 1;
}

static uint64_t fault_label(void (*entry)(uint64_t))
{
    slot_t t = make_thread(entry, 0, pager_ep, PRIO_CHILD);
    start(t);
    struct regs r = recv(pager_reply, pager_ep);
    call(t, TCB_STOP, 0, 0, 0, 0);
    return r.tag;
}

static void test_fault_labels(void)
{
    check(fault_label(illegal) == (TAG_KERNEL | FAULT_ILLEGAL), "an illegal instruction has its label");
    check(fault_label(breakpoint) == (TAG_KERNEL | FAULT_BREAKPOINT), "a breakpoint too");
    item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, ROOT_VSPACE, ROOT_DEVICES, 1), SCRATCH_VA + 9 * PAGE_SIZE,
         HOLE_PFN);
    check(fault_label(device_store) == (TAG_KERNEL | FAULT_ACCESS), "an access fault too");
}

void root_main(struct bootinfo *b)
{
    kit_init(b);
    never = make(OBJ_NOTIFICATION, 0);
    make_timer();
    test_errors();
    test_messages();
    test_payload_and_capability();
    test_reply_deleted();
    test_faults();
    test_copy_on_write();
    test_fp();
    test_time();
    test_upcall();
    test_irq();
    test_round_robin();
    test_restart();
    test_fault_labels();
    put("1..");
    put_number(count);
    put("\n");
    power_off(failures != 0);
}
