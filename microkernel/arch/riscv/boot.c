/* From the firmware's jump to the root program: memory layout, page tables, devices.
 *
 * RAM afterwards: firmware, kernel, frame words, device tree, root program and boot archive (moved
 * down from where QEMU put them), what the root program needs, and then free memory in one piece. */
#include "microkernel/arch/arch.h"
#include "microkernel/arch/riscv/fdt.h"
#include "microkernel/arch/riscv/plic.h"
#include "microkernel/arch/riscv/sbi.h"
#include "microkernel/kernel/root.h"
#include "microkernel/kernel/syscall.h"
#include "microkernel/object/irq.h"
#include <string.h>

#define GIGA (1UL << 30)
#define KERNEL_LEAF (PTE_V | PTE_R | PTE_W | PTE_G | PTE_A | PTE_D)
#define SLICES_PER_SECOND 100
#define SSTATUS_SPIE (1UL << 5)
#define SATP_ASID_ALL (0xffffUL << 44)
#define PROBE_GIGA 255u

extern char kernel_end[], trap_entry[];
struct tcb *boot_main(uint64_t hart, paddr_t fdt, uint64_t instret);
uint64_t probe_load(uint64_t va);

static pte_t kernel_root[TABLE_ENTRIES] __attribute__((aligned(4096)));
static struct machine machine;

bool arch_is_forbidden_device(paddr_t page)
{
    return plic_covers(page) || page - machine.clint_base < machine.clint_bytes;
}

/* All RAM and the devices below it, by gigapages. */
static void map_kernel(const struct machine *m)
{
    for (paddr_t pa = 0; pa < m->ram_base + m->ram_bytes; pa += GIGA) {
        bool is_ram = pa + GIGA > m->ram_base;
        kernel_root[USER_ROOT_ENTRIES + pa / GIGA] =
            pa >> PAGE_SHIFT << 10 | KERNEL_LEAF | (is_ram ? PTE_X : 0);
    }
    kernel_vspace.root = kernel_root;
    kernel_vspace.token = arch_root_token(ptr_phys(kernel_root), 0);
    arch_set_root(kernel_vspace.token);
    arch_flush_all();
}

/* ASID bits are those that can be written (RISC-V Privileged Spec, "satp"). */
static uint32_t probe_asid_bits(void)
{
    arch_set_root(kernel_vspace.token | SATP_ASID_ALL);
    uint64_t bits = (csr_read(satp) & SATP_ASID_ALL) >> 44;
    arch_set_root(kernel_vspace.token);
    arch_flush_all();
    return bits ? 64 - __builtin_clzl(bits) : 0;
}

/* Does the hardware set A itself? Load through a leaf that lacks it. */
static bool probe_svade(paddr_t ram)
{
    kernel_root[PROBE_GIGA] =
        (ram & ~(GIGA - 1)) >> PAGE_SHIFT << 10 | PTE_V | PTE_R | PTE_W;
    arch_flush_all();
    bool faulted = probe_load(PROBE_GIGA * GIGA + (ram & (GIGA - 1)));
    kernel_root[PROBE_GIGA] = 0;
    arch_flush_all();
    return faulted;
}

static void init_hart(const struct machine *m)
{
    csr_write(sie, SIE_TIMER | SIE_EXTERNAL);
    csr_write(scounteren, 7);
    csr_write(sstatus, SSTATUS_SPIE);
    cpu_init(this_cpu(), m->timebase_hz / SLICES_PER_SECOND);
    irq_init();
}

static void say_hello(const struct bootinfo *b)
{
    sbi_puts("faultline: ");
    sbi_put_decimal(b->ram_bytes >> 20);
    sbi_puts(" MiB, ");
    sbi_put_decimal(b->nharts);
    sbi_puts(b->nharts == 1 ? " hart, " : " harts, ");
    sbi_put_decimal(b->asid_bits);
    sbi_puts(b->svade ? " ASID bits, A/D by kernel\n" : " ASID bits, A/D by hardware\n");
}

/* The device tree and the initrd move down, behind what is allocated so far. */
static paddr_t move_down(struct boot_memory *mem, paddr_t from, uint64_t bytes)
{
    paddr_t to = (mem->next + PAGE_MASK) & ~PAGE_MASK;
    if (from < to)
        arch_panic("the initrd is too low in memory");
    memmove(phys_ptr(to), phys_ptr(from), bytes);
    mem->next = to + ((bytes + PAGE_MASK) & ~PAGE_MASK);
    return to;
}

struct tcb *boot_main(uint64_t hart, paddr_t fdt, uint64_t instret)
{
    struct machine *m = &machine;
    static struct bootinfo info;
    fdt_read(phys_ptr(fdt), hart, m);
    if (m->initrd_end <= m->initrd_start)
        arch_panic("no initrd");
    map_kernel(m);
    plic_init(m->plic_base, m->plic_bytes, m->plic_context);
    info = (struct bootinfo){.ram_base = m->ram_base, .ram_bytes = m->ram_bytes,
                             .timebase_hz = m->timebase_hz, .nharts = m->nharts,
                             .dtb_bytes = m->fdt_bytes, .boot_instret = instret,
                             .asid_bits = probe_asid_bits(), .svade = probe_svade(m->ram_base + (2UL << 20))};
    memcpy(info.cmdline, m->cmdline, sizeof info.cmdline);
    vspace_set_asid_bits(info.asid_bits);
    init_hart(m);
    say_hello(&info);
    struct boot_memory mem = {ptr_phys(kernel_end), m->ram_base + m->ram_bytes};
    boot_frames(&mem, m->ram_base, m->ram_bytes);
    paddr_t dtb = move_down(&mem, fdt, m->fdt_bytes);
    uint64_t image_bytes = m->initrd_end - m->initrd_start;
    paddr_t image = move_down(&mem, m->initrd_start, image_bytes);
    root_create(&mem, image, image_bytes, dtb, &info);
    return kernel_leave();
}
