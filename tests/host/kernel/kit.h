/* A kernel on the host machine, booted with a root program that the test plays: system calls are
 * made as whatever thread the kernel says is running. */
#ifndef TEST_KERNEL_KIT_H
#define TEST_KERNEL_KIT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <abi/bootinfo.h>
#include <abi/error.h>
#include <abi/fault.h>
#include <abi/layout.h>
#include <abi/syscall.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/kernel/syscall.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/endpoint.h"
#include "microkernel/object/irq.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/reply.h"
#include "microkernel/object/timer.h"
#include "microkernel/object/untyped.h"

#define ECALL_PC 0x10100UL
#define KIT_RAM_PAGES 256u

/* Fresh machine, booted; the root thread runs. For use as a CMocka setup function too. */
int kit_boot(void **state);

extern struct tcb *root;
extern slot_t kit_ram; /* region of KIT_RAM_PAGES pages, after kit_ram_make() */

/* A system call of the running thread. Restarted until it is done, as hardware would; returns a0 of
 * that thread as it is when the kernel returns. */
struct result {
    int64_t a0;
    uint64_t tag, w[4], badge;
};
struct result sys(uint64_t number, uint64_t slots, uint64_t tag, uint64_t w0, uint64_t w1,
                  uint64_t w2, uint64_t w3);
int64_t invoke_slot(slot_t slot, uint32_t label, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3);
struct result item(uint64_t w0, uint64_t w1, uint64_t w2);

/* What the running thread finds in its registers. */
struct result now_running(void);

/* The running thread faults; a timer interrupt; an external one. */
void fault(uint64_t scause, vaddr_t stval);
void tick(ticks_t advance);
void external(uint32_t source);

/* A new object in a new slot. */
slot_t make(enum object_type type, uint64_t size);
slot_t new_slot(void);
void kit_ram_make(void);
slot_t mint(slot_t from, uint32_t rights, badge_t badge);

/* A VSpace with a root, a middle and a leaf table for va 0..2 MiB, from frames of kit_ram. */
slot_t make_vspace(void);
uint64_t new_frame(void);

/* A thread with the root's CSpace and VSpace; started if `priority` is below the root's it waits. */
slot_t make_thread(slot_t fault_ep, uint32_t priority);

struct cap *cap_at(slot_t slot);
static inline struct tcb *tcb_at(slot_t slot)
{
    return cap_at(slot)->pointer;
}
static inline struct vspace *vspace_at(slot_t slot)
{
    return cap_at(slot)->pointer;
}
uint32_t word_of(uint64_t index);

static inline struct tcb *running(void)
{
    return this_cpu()->current;
}

/* All that must hold of the kernel between two entries; fails the test if it does not. */
void check_kernel(void);

#endif
