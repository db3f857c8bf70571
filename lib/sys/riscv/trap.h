/* The trap into the kernel, RISC-V. Registers as <abi/syscall.h> says: everything that the kernel
 * does not keep is declared lost, so that nothing needs saving around a call but what lives. */
#ifndef LIB_SYS_TRAP_H
#define LIB_SYS_TRAP_H

#include <abi/types.h>

/* What travels in registers, both ways. `badge` is written by the kernel only. */
struct message {
    uint64_t tag;
    uint64_t word[4];
    badge_t badge;
};

/* One system call. => 0 or a negative error; *m is replaced by what came back. */
static inline __attribute__((always_inline)) int64_t sys_trap(uint64_t number, uint64_t slots,
                                                              struct message *m)
{
    register uint64_t a0 __asm__("a0") = slots;
    register uint64_t a1 __asm__("a1") = m->tag;
    register uint64_t a2 __asm__("a2") = m->word[0];
    register uint64_t a3 __asm__("a3") = m->word[1];
    register uint64_t a4 __asm__("a4") = m->word[2];
    register uint64_t a5 __asm__("a5") = m->word[3];
    register uint64_t a6 __asm__("a6");
    register uint64_t a7 __asm__("a7") = number;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "=r"(a6),
                       "+r"(a7)
                     :
                     : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
    m->tag = a1;
    m->word[0] = a2;
    m->word[1] = a3;
    m->word[2] = a4;
    m->word[3] = a5;
    m->badge = a6;
    return (int64_t)a0;
}

static inline ticks_t time_now(void)
{
    ticks_t now;

    __asm__ volatile("rdtime %0" : "=r"(now));
    return now;
}

static inline uint64_t instructions_now(void)
{
    uint64_t n;

    __asm__ volatile("rdinstret %0" : "=r"(n));
    return n;
}

#endif
