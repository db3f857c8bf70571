/* What portable kernel code asks of the machine. Each arch/NAME has a <machine.h> with the inline
 * part and defines the rest; the architecture is chosen by include path alone.
 *
 * <machine.h> defines, inline:
 *   void *phys_ptr(paddr_t)            kernel address of physical memory (direct map)
 *   paddr_t ptr_phys(const void *)     the reverse
 *   bool arch_interrupt_pending(void)  an enabled interrupt waits: long work should restart
 *   ticks_t arch_time(void)
 *   void arch_flush_page(vaddr_t, uint64_t asid)   forget one translation, invalid entries too
 *   void arch_flush_asid(uint64_t asid)            forget an address space
 *   void arch_flush_all(void)
 *   void arch_fence_i(void)            instruction fetch sees earlier stores
 *   uint64_t arch_root_token(paddr_t root, uint64_t asid)
 *   void arch_set_root(uint64_t token) switch address spaces, no flush
 *   void arch_fp_on(void)              the current thread may use the FP registers
 *   bool arch_fp_off(void)             it may not; says whether they were written meanwhile
 */
#ifndef KERNEL_ARCH_H
#define KERNEL_ARCH_H

#include <abi/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <machine.h>

/* FP registers of this hart, f0..f31 and fcsr, to and from memory; they are on. */
void arch_fp_save(uint64_t fregs[33]);
void arch_fp_load(const uint64_t fregs[33]);

/* One timer interrupt at `time`; ~0 = none. */
void arch_set_timer(ticks_t time);

/* Sleep until an interrupt is pending. => instructions that the hart counted meanwhile. */
uint64_t arch_wait(void);

/* External interrupts: claim says 0 when there is none. A claimed source stays quiet until it is
 * completed. */
#define ARCH_IRQS 128u
void arch_irq_enable(uint32_t source, bool on);
uint32_t arch_irq_claim(void);
void arch_irq_complete(uint32_t source);

/* Physical addresses that no user may map (interrupt controllers). */
bool arch_is_forbidden_device(paddr_t page);

/* Says why and stops the machine. Only the kernel's own bugs get here. */
_Noreturn void arch_panic(const char *why);

#endif
