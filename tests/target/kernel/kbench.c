/* What the kernel's paths cost, in instructions (run under `-icount shift=0`): rows `name value`.
 * The programs here do nothing themselves, so these are the kernel's parts of the system's rows. */
#include "tests/target/kernel/kit.h"

#define ROUNDS 64u
#define BATCH 32u

void root_main(struct bootinfo *b);

static slot_t server_ep, server_reply, pager_ep, pager_reply;

static void print_row(const char *name, uint64_t value)
{
    put(name);
    put(" ");
    put_number(value);
    put("\n");
}

/* The least of many rounds: what the path costs without an interrupt in it. */
static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline void call_words(slot_t slot, struct regs *r)
{
    r->a0 = slot;
    r->tag = 0;
    sys(r, SYS_CALL);
}

static uint64_t overhead(void)
{
    uint64_t best = ~0UL;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t start = instret();
        best = least(best, instret() - start);
    }
    return best;
}

static void bench_null(void)
{
    uint64_t best = ~0UL;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t start = instret();
        __asm__ volatile("li a7, 5\n ecall" ::: "memory", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
                         "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6");
        best = least(best, instret() - start);
    }
    print_row("null_syscall", best - overhead());
}

/* A server in another address space: slots 1 = reply, 2 = endpoint. */
static void server_main(uint64_t unused)
{
    register uint64_t a0 __asm__("a0") = SLOTS(1, 2);
    __asm__ volatile("li a7, 2\n ecall\n"
                     "1: li a0, 1\n slli a0, a0, 32\n addi a0, a0, 2\n li a1, 0\n li a7, 1\n ecall\n"
                     "j 1b" ::"r"(a0) : "memory");
}

/* Calls for ever; at slot 2 it tells what BATCH calls took, if it is number 2. */
static void loaded_caller(uint64_t number)
{
    for (uint32_t i = 0; i < BATCH; i++)
        call(1, 0, 1, 2, 3, 4);
    uint64_t start = instret();
    for (uint32_t i = 0; i < BATCH; i++)
        call(1, 0, 1, 2, 3, 4);
    uint64_t taken = instret() - start;
    for (;;)
        call(number == 2 ? 2 : 1, 0, taken, 0, 0, 0);
}

static slot_t make_client_cspace(slot_t ep)
{
    slot_t cs = make(OBJ_CSPACE, 16);
    call(cs, CSPACE_COPY, 1, ep, RIGHT_WRITE, 0);
    return cs;
}

static void start_server(uint32_t priority)
{
    slot_t cs = make(OBJ_CSPACE, 16), v = make_vspace();
    server_ep = make(OBJ_ENDPOINT, 0);
    server_reply = make(OBJ_REPLY, 0);
    call(cs, CSPACE_COPY, 1, server_reply, RIGHT_ALL, 0);
    call(cs, CSPACE_COPY, 2, server_ep, RIGHT_READ, 0);
    start(make_process(v, cs, server_main, 0, 0, priority));
}

static uint64_t round_trip(uint32_t words)
{
    uint64_t best = ~0UL;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct regs r = {0, 0, {1, 2, 3, 4}, 0};
        uint64_t start = instret();
        if (words)
            call_words(server_ep, &r);
        else
            call(server_ep, 0, 0, 0, 0, 0);
        best = least(best, instret() - start);
    }
    return best - overhead();
}

/* Two callers above the server's priority: each answer finds the other one queued. */
static void bench_loaded(void)
{
    slot_t report = make(OBJ_ENDPOINT, 0), reply = make(OBJ_REPLY, 0);
    slot_t cs = make_client_cspace(server_ep);
    call(cs, CSPACE_COPY, 2, report, RIGHT_WRITE, 0);
    slot_t a = make_process(make_vspace(), cs, loaded_caller, 2, 0, PRIO_CHILD);
    slot_t b = make_process(make_vspace(), cs, loaded_caller, 1, 0, PRIO_CHILD);
    start(a);
    start(b);
    struct regs r = recv(reply, report);
    print_row("ipc_call_loaded", r.w[0] / (2 * BATCH));
    call(a, TCB_STOP, 0, 0, 0, 0);
    call(b, TCB_STOP, 0, 0, 0, 0);
}

/* The pager: answers a fault without a map, or with the next page. */
static void null_pager(uint64_t unused)
{
    register uint64_t a0 __asm__("a0") = SLOTS(1, 2);
    __asm__ volatile("li a7, 2\n ecall\n"
                     "1: addi a2, a3, 4\n li a1, 1\n slli a1, a1, 33\n"
                     "li a0, 1\n slli a0, a0, 32\n addi a0, a0, 2\n li a7, 1\n ecall\n j 1b"
                     ::"r"(a0) : "memory");
}

/* Slot 3 = region; the page that faulted gets the frame with the same number in SCRATCH. */
static void ready_pager(uint64_t unused)
{
    uint64_t w0 = ITEM_W0(ITEM_MAP, PROT_R | PROT_W, 0, 3, 0);
    struct regs r = {SLOTS(1, 2), 0, {0}, 0};
    sys(&r, SYS_RECV);
    for (;;) {
        register uint64_t a0 __asm__("a0") = SLOTS(1, 2);
        register uint64_t a1 __asm__("a1") = 1UL << TAG_ITEMS_SHIFT;
        register uint64_t a2 __asm__("a2") = w0;
        register uint64_t a3 __asm__("a3") = r.w[0] & ~PAGE_MASK;
        register uint64_t a4 __asm__("a4") = (r.w[0] - SCRATCH_VA) >> PAGE_SHIFT;
        register uint64_t a7 __asm__("a7") = SYS_REPLY_RECV;
        __asm__ volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a7)
                         :: "memory", "a5", "a6", "t0", "t1", "t2", "t3", "t4", "t5", "t6");
        r.w[0] = a2;
    }
}

/* Touches BATCH pages, then says how many instructions the least took. */
static void toucher(uint64_t va)
{
    uint64_t best = ~0UL;
    for (uint32_t i = 0; i < BATCH; i++) {
        uint64_t start = instret();
        __asm__ volatile(".option push\n.option norvc\nsd zero, 0(%0)\n.option pop"
                         ::"r"(va + i * PAGE_SIZE) : "memory");
        best = least(best, instret() - start);
    }
    for (;;)
        call(1, 0, best, 0, 0, 0);
}

static void bench_fault(const char *name, void (*pager)(uint64_t))
{
    slot_t cs = make(OBJ_CSPACE, 16), report = make(OBJ_ENDPOINT, 0), reply = make(OBJ_REPLY, 0);
    slot_t frames = new_slot();
    pager_ep = make(OBJ_ENDPOINT, 0);
    pager_reply = make(OBJ_REPLY, 0);
    call(cs, CSPACE_COPY, 1, pager_reply, RIGHT_ALL, 0);
    call(cs, CSPACE_COPY, 2, pager_ep, RIGHT_READ, 0);
    call(ROOT_CSPACE, CSPACE_MINT_REGION, frames, ram, RIGHT_ALL, 1024 | (uint64_t)BATCH << 32);
    call(cs, CSPACE_COPY, 3, frames, RIGHT_ALL, 0);
    slot_t p = make_process(make_vspace(), cs, pager, 0, 0, PRIO_SERVER);
    start(p);
    slot_t t = make_process(make_vspace(), make_client_cspace(report), toucher, SCRATCH_VA,
                            mint(pager_ep, RIGHT_WRITE | RIGHT_MAP, 1), PRIO_CHILD);
    start(t);
    struct regs r = recv(reply, report);
    print_row(name, r.w[0] - overhead());
    call(t, TCB_STOP, 0, 0, 0, 0);
    call(p, TCB_STOP, 0, 0, 0, 0);
}

#define PAGES 100u
#define FIRST_FRAME 1100u

/* Items over PAGES pages; the cost of a page, the system call shared among them. */
static uint64_t per_page(uint64_t start)
{
    return (instret() - start) / PAGES;
}

static int64_t short_item(uint32_t op, uint32_t flags, slot_t vspace)
{
    int64_t r = item(ITEM_W0(op, flags, vspace, 0, 64), SCRATCH_VA, 0);
    return r | item(ITEM_W0(op, flags, vspace, 0, PAGES - 64), SCRATCH_VA + 64 * PAGE_SIZE, 0);
}

static void bench_items(void)
{
    slot_t a = make_vspace(), b = make_vspace();
    uint64_t start = instret();
    item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, a, ram, PAGES), SCRATCH_VA, FIRST_FRAME);
    print_row("item_map_page", per_page(start));
    start = instret();
    item(ITEM_W0(ITEM_CLONE, 0, b, a, PAGES), SCRATCH_VA, 0);
    print_row("item_clone_page", per_page(start));
    start = instret();
    short_item(ITEM_PROTECT, PROT_R, a);
    print_row("item_protect_page", per_page(start));
    start = instret();
    short_item(ITEM_HARVEST, HARVEST_CLEAR_A, a);
    print_row("item_harvest_page", per_page(start));
    start = instret();
    short_item(ITEM_UNMAP, 0, b);
    print_row("item_unmap_page", per_page(start));
    start = instret();
    call(b, VSPACE_CLEAR, 0, 0, 0, 0);
    print_row("vspace_clear_small", instret() - start);
    start = instret();
    item(ITEM_W0(ITEM_DONATE, 2, b, ram, 0), 0, FIRST_FRAME + PAGES);
    print_row("item_donate", instret() - start);
}

void root_main(struct bootinfo *b)
{
    kit_init(b);
    bench_items();
    bench_null();
    start_server(PRIO_SERVER);
    print_row("ipc_call_0w", round_trip(0));
    print_row("ipc_call_4w", round_trip(4));
    start_server(PRIO_CHILD - 1);
    bench_loaded();
    bench_fault("fault_null", null_pager);
    bench_fault("fault_ready", ready_pager);
    power_off(false);
}
