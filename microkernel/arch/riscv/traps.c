/* The rest of the machine interface: panic, sleep, timer. */
#include "microkernel/arch/arch.h"
#include "microkernel/arch/riscv/sbi.h"
#include "microkernel/arch/riscv/tcb_offsets.h"
#include "microkernel/object/tcb.h"

_Static_assert(offsetof(struct tcb, full) == TCB_FULL, "entry.S");
_Static_assert(offsetof(struct tcb, regs) == TCB_REGS, "entry.S");

_Noreturn void trap_panic(uint64_t scause, uint64_t sepc, uint64_t stval);

_Noreturn void arch_panic(const char *why)
{
    sbi_puts("\nkernel panic: ");
    sbi_puts(why);
    sbi_puts("\n");
    sbi_shutdown_failed();
}

/* A trap taken in the kernel. */
_Noreturn void trap_panic(uint64_t scause, uint64_t sepc, uint64_t stval)
{
    sbi_puts("\nkernel panic: scause=0x");
    sbi_put_hex(scause);
    sbi_puts(" sepc=0x");
    sbi_put_hex(sepc);
    sbi_puts(" stval=0x");
    sbi_put_hex(stval);
    sbi_puts("\n");
    sbi_shutdown_failed();
}

void arch_set_timer(ticks_t time)
{
    sbi_set_timer(time);
}

uint64_t arch_wait(void)
{
    uint64_t begin = csr_read(instret);
    while (!arch_interrupt_pending())
        __asm__ volatile("wfi");
    return csr_read(instret) - begin;
}
