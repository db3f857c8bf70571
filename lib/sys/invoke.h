/* Invocations of kernel objects (<abi/invoke.h>) as C functions. All return 0 or a negative error;
 * results go through pointers, which may be NULL. */
#ifndef LIB_SYS_INVOKE_H
#define LIB_SYS_INVOKE_H

#include <abi/invoke.h>
#include <lib/sys/syscall.h>

/* Invoke `label` on `slot` with four words; *m holds them and is replaced by the results. */
static inline int invoke(slot_t slot, enum invoke_label label, struct message *m)
{
    m->tag = TAG(label, 0);
    return sys_call(slot, m);
}

#define INVOKE(slot, label, ...)                                                                   \
    ({                                                                                             \
        struct message invoke_m_ = {.word = {__VA_ARGS__}};                                        \
        invoke(slot, label, &invoke_m_);                                                           \
    })

/* --- untyped --------------------------------------------------------------------------------- */

/* `count` objects in consecutive slots from `dst` of the CSpace `cspace` (0: own). */
static inline int untyped_retype(slot_t untyped, enum object_type type, unsigned count,
                                 uint64_t size, slot_t dst, slot_t cspace)
{
    return INVOKE(untyped, UNTYPED_RETYPE, (uint64_t)type | (uint64_t)count << 16, size, dst,
                  cspace);
}

static inline int untyped_left(slot_t untyped, uint64_t *bytes)
{
    struct message m = {0};
    int rc = invoke(untyped, UNTYPED_INFO, &m);

    *bytes = m.word[0];
    return rc;
}

/* --- cspace ---------------------------------------------------------------------------------- */

/* `dst` is a slot of `cspace`, `src` one of the caller's own, everywhere below. */
static inline int cspace_copy(slot_t cspace, slot_t dst, slot_t src, unsigned rights, unsigned count)
{
    return INVOKE(cspace, CSPACE_COPY, dst, src, (uint64_t)rights | (uint64_t)count << 16);
}

static inline int cspace_mint(slot_t cspace, slot_t dst, slot_t src, unsigned rights, badge_t badge)
{
    return INVOKE(cspace, CSPACE_MINT, dst, src, rights, badge);
}

/* Pages [first, first + npages) of a region. */
struct page_range {
    pfn_t first;
    uint32_t npages;
};
static inline int cspace_mint_region(slot_t cspace, slot_t dst, slot_t src, unsigned rights,
                                     struct page_range range)
{
    return INVOKE(cspace, CSPACE_MINT_REGION, dst, src, rights,
                  range.first | (uint64_t)range.npages << 32);
}

static inline int cspace_move(slot_t cspace, slot_t dst, slot_t src)
{
    return INVOKE(cspace, CSPACE_MOVE, dst, src);
}

static inline int cspace_delete(slot_t cspace, slot_t slot, unsigned count)
{
    return INVOKE(cspace, CSPACE_DELETE, slot, count);
}

static inline int cspace_revoke(slot_t cspace, slot_t slot)
{
    return INVOKE(cspace, CSPACE_REVOKE, slot);
}

struct cap_info {
    enum object_type type;
    unsigned rights;
    badge_t badge;
};
static inline int cspace_info(slot_t cspace, slot_t slot, struct cap_info *out)
{
    struct message m = {.word = {slot}};
    int rc = invoke(cspace, CSPACE_INFO, &m);

    *out = (struct cap_info){(enum object_type)m.word[0], (unsigned)m.word[1], m.word[2]};
    return rc;
}

/* --- tcb ------------------------------------------------------------------------------------- */

#define TCB_KEEP_PRIORITY 255u

/* 0 keeps what is set; TCB_KEEP_PRIORITY keeps the priority. */
struct tcb_config {
    slot_t cspace, vspace, fault_endpoint;
    unsigned priority;
};
static inline int tcb_configure(slot_t tcb, struct tcb_config config)
{
    return INVOKE(tcb, TCB_CONFIGURE, config.cspace, config.vspace, config.fault_endpoint,
                  config.priority);
}

/* Bind frame `index` of `region` as message page; region 0: none. */
static inline int tcb_set_message(slot_t tcb, slot_t region, pfn_t index)
{
    return INVOKE(tcb, TCB_SET_MESSAGE, region, index);
}

struct tcb_start {
    vaddr_t pc, sp;
    uint64_t a0, a1;
};
static inline int tcb_write_regs(slot_t tcb, struct tcb_start start)
{
    return INVOKE(tcb, TCB_WRITE_REGS, start.pc, start.sp, start.a0, start.a1);
}

/* All registers of `source` as after its system call in progress, with these in a0 and a1. */
static inline int tcb_copy_regs(slot_t tcb, slot_t source, uint64_t a0, uint64_t a1)
{
    return INVOKE(tcb, TCB_COPY_REGS, source, a0, a1);
}

struct tcb_regs {
    vaddr_t pc, sp;
    uint64_t scause, stval;
};
static inline int tcb_read_regs(slot_t tcb, struct tcb_regs *out)
{
    struct message m = {0};
    int rc = invoke(tcb, TCB_READ_REGS, &m);

    *out = (struct tcb_regs){m.word[0], m.word[1], m.word[2], m.word[3]};
    return rc;
}

static inline int tcb_resume(slot_t tcb)
{
    return INVOKE(tcb, TCB_RESUME, 0);
}

/* `a0`: what the thread's cancelled system call returns if it is resumed. */
static inline int tcb_stop(slot_t tcb, int64_t a0)
{
    return INVOKE(tcb, TCB_STOP, (uint64_t)a0);
}

static inline int tcb_bind(slot_t tcb, slot_t notification)
{
    return INVOKE(tcb, TCB_BIND, notification);
}

static inline int tcb_set_upcall(slot_t tcb, vaddr_t entry)
{
    return INVOKE(tcb, TCB_SET_UPCALL, entry);
}

static inline int tcb_upcall(slot_t tcb, const uint64_t word[4])
{
    return INVOKE(tcb, TCB_UPCALL, word[0], word[1], word[2], word[3]);
}

static inline int tcb_set_priority(slot_t tcb, unsigned priority)
{
    return INVOKE(tcb, TCB_SET_PRIORITY, priority);
}

struct tcb_info {
    enum tcb_state state;
    ticks_t used;
    uint64_t faults;
    uint64_t idle; /* instructions counted while the hart waited */
};
static inline int tcb_info(slot_t tcb, struct tcb_info *out)
{
    struct message m = {0};
    int rc = invoke(tcb, TCB_INFO, &m);

    *out = (struct tcb_info){(enum tcb_state)m.word[0], m.word[1], m.word[2],
                             m.word[3]};
    return rc;
}

static inline int tcb_unmask(slot_t tcb)
{
    return INVOKE(tcb, TCB_UNMASK, 0);
}

/* --- vspace, region -------------------------------------------------------------------------- */

static inline int vspace_clear(slot_t vspace)
{
    return INVOKE(vspace, VSPACE_CLEAR, 0);
}

/* From *va on; pairs (va, PTE) in the message page's payload. *va = where to go on, 0 = done. */
static inline int vspace_scan(slot_t vspace, vaddr_t *va, unsigned *npages)
{
    struct message m = {.word = {*va}};
    int rc = invoke(vspace, VSPACE_SCAN, &m);

    *va = m.word[0];
    *npages = (unsigned)m.word[1];
    return rc;
}

struct region_info {
    uint64_t npages;
    uint64_t is_device;
    paddr_t base;
};
static inline int region_info(slot_t region, struct region_info *out)
{
    struct message m = {0};
    int rc = invoke(region, REGION_INFO, &m);

    *out = (struct region_info){m.word[0], m.word[1], m.word[2]};
    return rc;
}

static inline int region_scan(slot_t region, pfn_t index)
{
    return INVOKE(region, REGION_SCAN, index);
}

/* --- irq, timer ------------------------------------------------------------------------------ */

static inline int irq_make(slot_t control, unsigned source, slot_t dst)
{
    return INVOKE(control, IRQ_MAKE, source, dst);
}

static inline int irq_bind(slot_t irq, slot_t notification)
{
    return INVOKE(irq, IRQ_BIND, notification);
}

static inline int irq_ack(slot_t irq)
{
    return INVOKE(irq, IRQ_ACK, 0);
}

static inline int timer_bind(slot_t timer, slot_t notification)
{
    return INVOKE(timer, TIMER_BIND, notification);
}

static inline int timer_set(slot_t timer, ticks_t deadline)
{
    return INVOKE(timer, TIMER_SET, deadline);
}

#endif
