/* RISC-V PLIC (its specification's "Memory Map"): priorities at 0, enable bits at 0x2000 + 0x80 per
 * context, threshold and claim at 0x200000 + 0x1000 per context. */
#include "microkernel/arch/riscv/plic.h"

#include "microkernel/arch/arch.h"

static volatile uint32_t *priorities, *enables, *thresholds;
static paddr_t plic_base;
static uint64_t plic_bytes;

void plic_init(paddr_t base, uint64_t bytes, uint32_t context)
{
    char *p = phys_ptr(base);
    plic_base = base;
    plic_bytes = bytes;
    priorities = (volatile uint32_t *)p;
    enables = (volatile uint32_t *)(p + 0x2000 + 0x80 * context);
    thresholds = (volatile uint32_t *)(p + 0x200000 + 0x1000 * context);
    for (uint32_t i = 0; i < ARCH_IRQS / 32; i++)
        enables[i] = 0;
    thresholds[0] = 0;
}

void arch_irq_enable(uint32_t source, bool on)
{
    uint32_t bit = 1u << source % 32;
    priorities[source] = 1;
    enables[source / 32] = on ? enables[source / 32] | bit : enables[source / 32] & ~bit;
}

uint32_t arch_irq_claim(void)
{
    return thresholds[1];
}

void arch_irq_complete(uint32_t source)
{
    thresholds[1] = source;
}

bool plic_covers(paddr_t page)
{
    return page - plic_base < plic_bytes;
}
