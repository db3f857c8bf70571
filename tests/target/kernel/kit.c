/* Set-up code shared by ktest and kbench. Failures here stop the machine with a line. */
#include "tests/target/kernel/kit.h"

#define UART_PFN 0x10000u
#define FINISHER_PFN 0x100u
#define FINISHER_VA (UART_VA + PAGE_SIZE)
#define FINISHER_PASS 0x5555u
#define FINISHER_FAIL 0x13333u
#define THREADS_MAX 48
#define STACK_BYTES_EACH 4096

struct bootinfo *boot;
slot_t ram;
static slot_t next_slot = ROOT_FREE;
static uint64_t next_frame;
static uint32_t next_stack;
static char stacks[THREADS_MAX][STACK_BYTES_EACH] __attribute__((aligned(16)));
extern char root_text_end[];

void put(const char *s)
{
    while (*s)
        *(volatile char *)UART_VA = *s++;
}

void put_number(uint64_t n)
{
    char digits[21], *p = digits + 20;
    *p = 0;
    do
        *--p = '0' + n % 10;
    while (n /= 10);
    put(p);
}

_Noreturn void power_off(bool failed)
{
    *(volatile uint32_t *)FINISHER_VA = failed ? FINISHER_FAIL : FINISHER_PASS;
    for (;;)
        ;
}

static void must(int64_t r, const char *what)
{
    if (r >= 0)
        return;
    put("Bail out! ");
    put(what);
    put(" error ");
    put_number(-r);
    put("\n");
    power_off(true);
}

slot_t new_slot(void)
{
    return next_slot++;
}

uint64_t new_frame(void)
{
    return next_frame++;
}

slot_t make(enum object_type type, uint64_t size)
{
    slot_t s = new_slot();
    must(call(ROOT_UNTYPED, UNTYPED_RETYPE, type | 1 << 16, size, s, 0), "retype");
    return s;
}

slot_t mint(slot_t from, uint32_t rights, badge_t badge)
{
    slot_t s = new_slot();
    must(call(ROOT_CSPACE, CSPACE_MINT, s, from, rights, badge), "mint");
    return s;
}

static void map_device(vaddr_t va, uint64_t pfn)
{
    item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, ROOT_VSPACE, ROOT_DEVICES, 1), va, pfn);
}

void kit_init(struct bootinfo *b)
{
    boot = b;
    map_device(UART_VA, UART_PFN);
    map_device(FINISHER_VA, FINISHER_PFN);
    ram = make(OBJ_REGION, RAM_PAGES);
}

slot_t make_thread(void (*entry)(uint64_t), uint64_t arg, slot_t fault_ep, uint32_t priority)
{
    slot_t t = make(OBJ_TCB, 0);
    char *sp = stacks[next_stack++] + STACK_BYTES_EACH;
    must(call(t, TCB_CONFIGURE, ROOT_CSPACE, ROOT_VSPACE, fault_ep, priority), "configure");
    must(call(t, TCB_WRITE_REGS, (uint64_t)entry, (uint64_t)sp, arg, 0), "write regs");
    return t;
}

static void donate(slot_t vspace, uint32_t level, vaddr_t va)
{
    must(item(ITEM_W0(ITEM_DONATE, level, vspace, ram, 0), va, new_frame()), "donate");
}

slot_t make_vspace(void)
{
    slot_t v = make(OBJ_VSPACE, 0);
    uint64_t pages = ((uint64_t)root_text_end - ROOT_BASE) / PAGE_SIZE;
    donate(v, 2, 0);
    donate(v, 1, 0);
    donate(v, 0, ROOT_BASE);
    donate(v, 0, SCRATCH_VA);
    must(item(ITEM_W0(ITEM_CLONE, 0, v, ROOT_VSPACE, pages), ROOT_BASE, 0), "clone text");
    return v;
}

slot_t make_process(slot_t vspace, slot_t cspace, void (*entry)(uint64_t), uint64_t arg,
                    slot_t fault_ep, uint32_t priority)
{
    slot_t t = make(OBJ_TCB, 0);
    must(item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, vspace, ram, 1), CHILD_STACK_VA, new_frame()),
         "map stack");
    must(call(t, TCB_CONFIGURE, cspace, vspace, fault_ep, priority), "configure");
    must(call(t, TCB_WRITE_REGS, (uint64_t)entry, CHILD_STACK_VA + PAGE_SIZE, arg, 0), "regs");
    return t;
}

void start(slot_t tcb)
{
    must(call(tcb, TCB_RESUME, 0, 0, 0, 0), "resume");
}

struct regs recv(slot_t reply, slot_t ep)
{
    struct regs r = {SLOTS(reply, ep), 0, {0, 0, 0, 0}, 0};
    sys(&r, SYS_RECV);
    return r;
}
