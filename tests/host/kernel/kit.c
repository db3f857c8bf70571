/* Booting and driving the kernel on the host machine. */
#include "tests/host/kernel/kit.h"

#include <stdlib.h>
#include <string.h>
#include "microkernel/kernel/root.h"

#define HOST_DTB_BYTES 100

struct tcb *root;
slot_t kit_ram;
static slot_t next_slot;
static struct cap *root_slots; /* stays when the root thread loses its CSpace */
static uint64_t next_frame;
static pte_t host_kernel_root[TABLE_ENTRIES];

static void fail_wait(void)
{
    fail_msg("nobody is ready");
}

static void fail_panic(const char *why)
{
    fail_msg("kernel panic: %s", why);
}

static paddr_t put_image(struct boot_memory *m)
{
    struct root_header *h = boot_alloc(m, 2 * PAGE_SIZE);
    *h = (struct root_header){ROOT_MAGIC, ROOT_BASE + 64, ROOT_BASE + PAGE_SIZE,
                              ROOT_BASE + PAGE_SIZE, ROOT_BASE + 3 * PAGE_SIZE, 100};
    return ptr_phys(h);
}

int kit_boot(void **state)
{
    struct bootinfo info = {.ram_base = HOST_RAM_BASE, .ram_bytes = sizeof host_ram,
                            .dtb_bytes = HOST_DTB_BYTES};
    struct boot_memory m = {HOST_RAM_BASE, HOST_RAM_BASE + sizeof host_ram};
    host = (struct host_machine){.wait = fail_wait, .panic = fail_panic, .now = 1000};
    memset(host_ram, 0xa5, sizeof host_ram);
    host_kernel_root[USER_ROOT_ENTRIES] = 0xcf;
    kernel_vspace = (struct vspace){.object.refs = 1, .root = host_kernel_root, .token = 77};
    cpu_init(this_cpu(), 100);
    irq_init();
    vspace_set_asid_bits(4);
    boot_frames(&m, HOST_RAM_BASE, sizeof host_ram);
    paddr_t dtb = ptr_phys(boot_alloc(&m, PAGE_SIZE)), image = put_image(&m);
    root = root_create(&m, image, 2 * PAGE_SIZE, dtb, &info);
    root_slots = root->slots;
    next_slot = ROOT_FREE;
    next_frame = 0;
    assert_ptr_equal(kernel_leave(), root);
    return 0;
}

struct result now_running(void)
{
    const uint64_t *r = running()->regs;
    return (struct result){(int64_t)r[REG_A0], r[REG_A1],
                           {r[REG_A2], r[REG_A3], r[REG_A4], r[REG_A5]}, r[REG_A6]};
}

static struct result result_of(const struct tcb *t)
{
    const uint64_t *r = t->regs;
    return (struct result){(int64_t)r[REG_A0], r[REG_A1],
                           {r[REG_A2], r[REG_A3], r[REG_A4], r[REG_A5]}, r[REG_A6]};
}

struct result sys(uint64_t number, uint64_t slots, uint64_t tag, uint64_t w0, uint64_t w1,
                  uint64_t w2, uint64_t w3)
{
    struct tcb *t = running();
    t->regs[REG_PC] = ECALL_PC + 4;
    t->full = 0;
    syscall_entry(slots, tag, w0, w1, w2, w3, t, number);
    while (running() == t && t->regs[REG_PC] == ECALL_PC) {
        uint64_t *r = t->regs;
        r[REG_PC] += 4;
        t->full = 0;
        syscall_entry(r[REG_A0], r[REG_A1], r[REG_A2], r[REG_A3], r[REG_A4], r[REG_A5], t,
                      r[REG_A7]);
    }
    return result_of(t);
}

int64_t invoke_slot(slot_t slot, uint32_t label, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
    return sys(SYS_CALL, slot, TAG(label, 0), w0, w1, w2, w3).a0;
}

struct result item(uint64_t w0, uint64_t w1, uint64_t w2)
{
    return sys(SYS_ITEMS, 0, 1UL << TAG_ITEMS_SHIFT, w0, w1, w2, 0);
}

void fault(uint64_t scause, vaddr_t stval)
{
    running()->full = 1;
    fault_entry(running(), scause, stval);
}

void tick(ticks_t advance)
{
    host.now += advance;
    running()->full = 1;
    interrupt_entry(true);
}

void external(uint32_t source)
{
    host.irq_pending[source] = true;
    running()->full = 1;
    interrupt_entry(false);
}

slot_t new_slot(void)
{
    return next_slot++;
}

slot_t make(enum object_type type, uint64_t size)
{
    slot_t s = new_slot();
    assert_int_equal(invoke_slot(ROOT_UNTYPED, UNTYPED_RETYPE, type | 1 << 16, size, s, 0), 0);
    return s;
}

void kit_ram_make(void)
{
    kit_ram = make(OBJ_REGION, KIT_RAM_PAGES);
}

slot_t mint(slot_t from, uint32_t rights, badge_t badge)
{
    slot_t s = new_slot();
    assert_int_equal(invoke_slot(ROOT_CSPACE, CSPACE_MINT, s, from, rights, badge), 0);
    return s;
}

uint64_t new_frame(void)
{
    return next_frame++;
}

slot_t make_vspace(void)
{
    slot_t v = make(OBJ_VSPACE, 0);
    for (int level = 2; level >= 0; level--)
        assert_int_equal(item(ITEM_W0(ITEM_DONATE, level, v, kit_ram, 0), 0, new_frame()).a0, 0);
    return v;
}

slot_t make_thread(slot_t fault_ep, uint32_t priority)
{
    slot_t t = make(OBJ_TCB, 0);
    assert_int_equal(invoke_slot(t, TCB_CONFIGURE, ROOT_CSPACE, ROOT_VSPACE, fault_ep, priority), 0);
    return t;
}

struct cap *cap_at(slot_t slot)
{
    return &root_slots[slot];
}

uint32_t word_of(uint64_t index)
{
    return *frame_word(cap_at(kit_ram)->pfn + index);
}
