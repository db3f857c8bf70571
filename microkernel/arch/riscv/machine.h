/* The inline part of arch.h for rv64 with Sv39, S-mode under SBI. All physical memory is mapped by
 * gigapages at KERNEL_OFFSET in every root table. */
#ifndef RISCV_MACHINE_H
#define RISCV_MACHINE_H

#include <abi/types.h>
#include <stdbool.h>

#define KERNEL_OFFSET 0xffffffc000000000UL

#define SSTATUS_SPP (1UL << 8)
#define SSTATUS_FS (3UL << 13)
#define SSTATUS_FS_CLEAN (2UL << 13)
#define SATP_SV39 (8UL << 60)
#define SIE_TIMER (1UL << 5)
#define SIE_EXTERNAL (1UL << 9)

#define csr_read(name)                                                                             \
    ({                                                                                             \
        uint64_t value_;                                                                           \
        __asm__ volatile("csrr %0, " #name : "=r"(value_)::"memory");                              \
        value_;                                                                                    \
    })
#define csr_write(name, value)                                                                     \
    __asm__ volatile("csrw " #name ", %0" ::"rK"((uint64_t)(value)) : "memory")

static inline void *phys_ptr(paddr_t pa)
{
    return (void *)(pa + KERNEL_OFFSET);
}

static inline paddr_t ptr_phys(const void *p)
{
    return (paddr_t)p - KERNEL_OFFSET;
}

static inline bool arch_interrupt_pending(void)
{
    return (csr_read(sip) & (SIE_TIMER | SIE_EXTERNAL)) != 0;
}

static inline ticks_t arch_time(void)
{
    return csr_read(time);
}

static inline void arch_flush_page(vaddr_t va, uint64_t asid)
{
    __asm__ volatile("sfence.vma %0, %1" ::"r"(va), "r"(asid) : "memory");
}

static inline void arch_flush_asid(uint64_t asid)
{
    __asm__ volatile("sfence.vma zero, %0" ::"r"(asid) : "memory");
}

static inline void arch_flush_all(void)
{
    __asm__ volatile("sfence.vma" ::: "memory");
}

static inline void arch_fence_i(void)
{
    __asm__ volatile("fence.i" ::: "memory");
}

static inline uint64_t arch_root_token(paddr_t root, uint64_t asid)
{
    return SATP_SV39 | asid << 44 | root >> PAGE_SHIFT;
}

static inline void arch_set_root(uint64_t token)
{
    csr_write(satp, token);
}

static inline void arch_fp_on(void)
{
    __asm__ volatile("csrs sstatus, %0" ::"r"(SSTATUS_FS_CLEAN));
}

static inline bool arch_fp_off(void)
{
    uint64_t old;
    __asm__ volatile("csrrc %0, sstatus, %1" : "=r"(old) : "r"(SSTATUS_FS));
    return (old & SSTATUS_FS) == SSTATUS_FS;
}

#endif
