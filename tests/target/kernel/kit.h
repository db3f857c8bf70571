/* What the tests and benchmarks of the kernel on the target are made of: output through the UART,
 * objects, threads, address spaces. One program, one thread (root) that sets everything up. */
#ifndef KTEST_KIT_H
#define KTEST_KIT_H

#include "tests/target/kernel/sys.h"
#include <abi/bootinfo.h>
#include <abi/item.h>
#include <abi/layout.h>
#include <abi/message.h>

#define UART_VA 0x3fe00000UL
#define SCRATCH_VA 0x3fe10000UL /* pages here are covered by a table in every address space we make */
#define CHILD_STACK_VA 0x3fe80000UL
#define CHILD_MSG_VA 0x3fe81000UL
#define PRIO_CHILD 4
#define PRIO_SERVER 14

extern struct bootinfo *boot;
extern slot_t ram; /* region of RAM_PAGES pages */
#define RAM_PAGES 2048u

void kit_init(struct bootinfo *b);
void put(const char *s);
void put_number(uint64_t n);
_Noreturn void power_off(bool failed);

/* One new object in a new slot; stops the machine if that fails. */
slot_t make(enum object_type type, uint64_t size);
slot_t new_slot(void);

/* A frame of `ram` that nobody uses. */
uint64_t new_frame(void);

/* A copy with fewer rights and a badge. */
slot_t mint(slot_t from, uint32_t rights, badge_t badge);

/* A thread in the root's address space, on a stack of its own, not started. */
slot_t make_thread(void (*entry)(uint64_t), uint64_t arg, slot_t fault_ep, uint32_t priority);

/* An address space with the program's text and read-only data, a stack page and tables for SCRATCH_VA;
 * and a thread in it. Its code can use no variables. */
slot_t make_vspace(void);
slot_t make_process(slot_t vspace, slot_t cspace, void (*entry)(uint64_t), uint64_t arg,
                    slot_t fault_ep, uint32_t priority);

void start(slot_t tcb);

/* Receive with `reply` on `ep`. */
struct regs recv(slot_t reply, slot_t ep);

static inline struct msgpage *message(void)
{
    return (struct msgpage *)MSGPAGE_VA;
}

static inline uint64_t instret(void)
{
    uint64_t n;
    __asm__ volatile("rdinstret %0" : "=r"(n)::"memory");
    return n;
}

static inline uint64_t now(void)
{
    uint64_t n;
    __asm__ volatile("rdtime %0" : "=r"(n)::"memory");
    return n;
}

#endif
