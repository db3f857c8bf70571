/* The machine that host tests run the kernel on. */
#include "microkernel/arch/arch.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(HOST_IRQ_SOURCES == ARCH_IRQS, "as many sources as the kernel knows");

struct host_machine host;
unsigned char host_ram[HOST_RAM_PAGES * PAGE_SIZE] __attribute__((aligned(4096)));

void arch_fp_save(uint64_t fregs[33])
{
    memcpy(fregs, host.fregs, sizeof host.fregs);
}

void arch_fp_load(const uint64_t fregs[33])
{
    memcpy(host.fregs, fregs, sizeof host.fregs);
    host.fp_is_dirty = true;
}

void arch_set_timer(ticks_t time)
{
    host.timer = time;
}

uint64_t arch_wait(void)
{
    host.wait();
    return 0;
}

void arch_irq_enable(uint32_t source, bool on)
{
    host.irq_enabled[source] = on;
}

uint32_t arch_irq_claim(void)
{
    for (uint32_t i = 1; i < ARCH_IRQS; i++)
        if (host.irq_enabled[i] && host.irq_pending[i] && !host.irq_claimed[i]) {
            host.irq_pending[i] = false;
            host.irq_claimed[i] = true;
            return i;
        }
    return 0;
}

void arch_irq_complete(uint32_t source)
{
    host.irq_claimed[source] = false;
}

bool arch_is_forbidden_device(paddr_t page)
{
    return page == 0x0c000000;
}

_Noreturn void arch_panic(const char *why)
{
    host.panic(why);
    abort();
}
