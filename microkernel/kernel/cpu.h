/* Per-hart state and the scheduler: 16 priorities, round robin, direct switches.
 *
 * The running thread is in no queue. A slice belongs to `owner`, the thread that the scheduler
 * chose; calls and faults hand the hart to a server, but the slice stays the owner's, and the time
 * is charged to it. The tick runs only while somebody waits for the owner's slice to end.
 */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include "microkernel/arch/arch.h"
#include "microkernel/object/tcb.h"
#include "microkernel/object/vspace.h"

struct timer;

struct cpu {
    struct tcb *current;
    uint32_t ready_mask; /* bit p: ready[p] is not empty */
    struct vspace *vspace; /* the one that is active; NULL: not known */
    uint64_t asid_epoch; /* ASIDs of other epochs are void */
    struct tcb *fp_owner; /* whose FP registers are in the hart; NULL: nobody's */
    bool fp_dirty;       /* they differ from the saved ones (as far as known while FP is off) */
    struct tcb *owner;   /* of the slice; NULL: nobody's */
    struct tcb *handoff; /* made ready by an IPC: runs on the slice of the owner */
    ticks_t owner_since;
    ticks_t slice_end;   /* ~0 = no tick needed */
    ticks_t armed;       /* when the hardware timer will interrupt, perhaps too early */
    ticks_t slice_ticks; /* length of a slice */
    uint64_t idle_instret; /* counted while nobody was ready */
    struct timer *timers;
    struct queue ready[PRIORITIES];
};

extern struct cpu the_cpu;

static inline struct cpu *this_cpu(void)
{
    return &the_cpu;
}

/* At boot: nobody runs. */
void cpu_init(struct cpu *c, ticks_t slice_ticks);

/* True if no ready thread has a higher priority than `priority`. */
static inline bool cpu_is_top(const struct cpu *c, uint32_t priority)
{
    return c->ready_mask >> priority <= 1;
}

/* Make `t`, which is in no queue, ready: behind its equals, or before them. */
void cpu_wake(struct tcb *t);
void cpu_wake_first(struct tcb *t);

/* Take a ready thread out of its queue, if it is in one. */
void cpu_unready(struct tcb *t);

/* The highest bit of a mask of PRIORITIES bits that is not 0. The ISA has no instruction for it. */
static inline uint32_t highest_bit(uint32_t mask)
{
    static const uint8_t of_four_bits[16] = {0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};
    uint32_t shift = mask >> 8 ? 8 : 0;
    shift += mask >> shift >> 4 ? 4 : 0;
    return shift + of_four_bits[mask >> shift];
}

/* The first of the ready threads. => there is one. */
static inline struct tcb *cpu_first(const struct cpu *c)
{
    return c->ready[highest_bit(c->ready_mask)].head;
}

/* The owner's slice, with a tick to end it, is cut short: keep what is left of it. */
void cpu_keep_slice(struct cpu *c);

/* Somebody waits for the slice of the owner to end: see that it does. */
void cpu_start_tick(struct cpu *c);

static inline void cpu_charge_owner(struct cpu *c)
{
    ticks_t now = arch_time();
    if (c->owner)
        c->owner->ticks_used += now - c->owner_since;
    c->owner_since = now;
}

/* `t` was chosen by its priority, not handed the hart: a slice of its own begins. */
static inline void cpu_start_slice(struct cpu *c, struct tcb *t)
{
    cpu_charge_owner(c);
    if (c->slice_end != ~0UL)
        cpu_keep_slice(c);
    c->owner = t;
    t->attention &= ~ATTENTION_EXPIRED;
    if (c->ready[t->priority].head)
        cpu_start_tick(c);
}

/* Take `t`, which is the first of its ready queue, out of it. */
static inline void cpu_take(struct cpu *c, struct tcb *t)
{
    struct queue *q = &c->ready[t->priority];
    q->head = t->qnext;
    t->queue = NULL;
    if (t->qnext) {
        t->qnext->qprev = NULL;
    } else {
        q->tail = NULL;
        c->ready_mask &= ~(1u << t->priority);
    }
}

/* The running thread goes to the head of its ready queue: a more important one runs. */
static inline void cpu_preempted(struct cpu *c, struct tcb *t)
{
    struct queue *q = &c->ready[t->priority];
    t->queue = q;
    t->qprev = NULL;
    t->qnext = q->head;
    if (q->head)
        q->head->qprev = t;
    else
        q->tail = t;
    q->head = t;
    c->ready_mask |= 1u << t->priority;
}

/* The thread to run now: the current one unless it blocked or must give way. Never returns NULL:
 * with nobody ready it waits for interrupts. The thread returned is in no queue. */
struct tcb *cpu_schedule(struct cpu *c);

/* A timer interrupt came. */
void cpu_timer(struct cpu *c);

/* Make sure that the hardware timer interrupts for what comes first. It is never set later: what it
 * costs to be too early is one look. */
void cpu_set_timer(struct cpu *c);

/* Time that `t` has used, up to now. */
ticks_t cpu_ticks_used(struct cpu *c, const struct tcb *t);

/* The running thread gives way to its equals. */
void cpu_yield(struct cpu *c);

/* `t` ends: nothing of this hart may refer to it. */
void cpu_forget(struct tcb *t);

/* FP registers to and from memory, for those who look at them. */
void fpu_save(struct cpu *c, struct tcb *t);    /* t->fregs is up to date */
void fpu_discard(struct cpu *c, struct tcb *t); /* the hart's copy is void: t->fregs counts */
bool fpu_trap(struct cpu *c, struct tcb *t);    /* FP was off: switch it to `t`; false if it was on */
void fpu_switch(struct cpu *c, struct tcb *next);

/* Address space and FP access of `next`, which becomes the running thread. */
static inline struct tcb *cpu_switch(struct cpu *c, struct tcb *next)
{
    struct vspace *v = next->vspace;
    if (v != c->vspace) {
        if (__builtin_expect(v->asid_epoch == c->asid_epoch, 1)) {
            c->vspace = v;
            arch_set_root(v->token);
        } else {
            vspace_activate(c, v);
        }
    }
    if (__builtin_expect(c->fp_owner != NULL, 0))
        fpu_switch(c, next);
    c->current = next;
    return next;
}

#endif
