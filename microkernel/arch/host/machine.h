/* The inline part of arch.h over plain arrays: RAM is an array, TLB flushes are counted, interrupts
 * come when a test says so. For host tests and simulators. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <abi/types.h>
#include <stdbool.h>

#define HOST_RAM_BASE 0x80000000UL
#define HOST_RAM_PAGES 1024UL
#define HOST_IRQ_SOURCES 128

/* All that the machine has, for tests to look at and to set. */
struct host_machine {
    ticks_t now, timer;          /* the clock, and when it is to interrupt */
    uint64_t polls;              /* questions whether an interrupt is pending */
    uint64_t preempt_at;         /* the poll that hears yes; 0 = none */
    uint64_t root;               /* token of the active address space */
    uint64_t page_flushes, asid_flushes, all_flushes, fences;
    bool fp_is_on, fp_is_dirty;
    uint64_t fregs[33];          /* the hart's FP registers */
    bool irq_enabled[HOST_IRQ_SOURCES], irq_pending[HOST_IRQ_SOURCES], irq_claimed[HOST_IRQ_SOURCES];
    void (*wait)(void);          /* nobody is ready: must make an interrupt due, or not return */
    void (*panic)(const char *); /* must not return */
};

extern struct host_machine host;
extern unsigned char host_ram[HOST_RAM_PAGES * PAGE_SIZE];

static inline void *phys_ptr(paddr_t pa)
{
    return host_ram + (pa - HOST_RAM_BASE);
}

static inline paddr_t ptr_phys(const void *p)
{
    return (paddr_t)((const unsigned char *)p - host_ram) + HOST_RAM_BASE;
}

static inline bool arch_interrupt_pending(void)
{
    return ++host.polls == host.preempt_at;
}

static inline ticks_t arch_time(void)
{
    return host.now;
}

static inline void arch_flush_page(vaddr_t va, uint64_t asid)
{
    host.page_flushes++;
}

static inline void arch_flush_asid(uint64_t asid)
{
    host.asid_flushes++;
}

static inline void arch_flush_all(void)
{
    host.all_flushes++;
}

static inline void arch_fence_i(void)
{
    host.fences++;
}

static inline uint64_t arch_root_token(paddr_t root, uint64_t asid)
{
    return asid << 44 | root >> PAGE_SHIFT;
}

static inline void arch_set_root(uint64_t token)
{
    host.root = token;
}

static inline void arch_fp_on(void)
{
    host.fp_is_on = true;
}

static inline bool arch_fp_off(void)
{
    bool dirty = host.fp_is_on && host.fp_is_dirty;
    host.fp_is_on = host.fp_is_dirty = false;
    return dirty;
}

#endif
