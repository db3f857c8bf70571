/* System calls for the kernel's own target tests. */
#ifndef KTEST_SYS_H
#define KTEST_SYS_H

#include <abi/error.h>
#include <abi/fault.h>
#include <abi/invoke.h>
#include <abi/item.h>
#include <abi/syscall.h>
#include <stdbool.h>

/* Registers of a system call, in and out. */
struct regs {
    uint64_t a0, tag, w[4], badge;
};

static inline int64_t sys(struct regs *r, uint64_t number)
{
    register uint64_t a0 __asm__("a0") = r->a0;
    register uint64_t a1 __asm__("a1") = r->tag;
    register uint64_t a2 __asm__("a2") = r->w[0];
    register uint64_t a3 __asm__("a3") = r->w[1];
    register uint64_t a4 __asm__("a4") = r->w[2];
    register uint64_t a5 __asm__("a5") = r->w[3];
    register uint64_t a6 __asm__("a6");
    register uint64_t a7 __asm__("a7") = number;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "=r"(a6), "+r"(a7)
                     :: "memory", "t0", "t1", "t2", "t3", "t4", "t5", "t6");
    *r = (struct regs){a0, a1, {a2, a3, a4, a5}, a6};
    return (int64_t)a0;
}

static inline int64_t call(slot_t slot, uint64_t tag, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    struct regs r = {slot, tag, {a, b, c, d}, 0};
    return sys(&r, SYS_CALL);
}

/* One item by SYS_ITEMS. */
static inline int64_t item(uint64_t w0, uint64_t w1, uint64_t w2)
{
    struct regs r = {0, 1UL << TAG_ITEMS_SHIFT, {w0, w1, w2, 0}, 0};
    return sys(&r, SYS_ITEMS);
}

#endif
