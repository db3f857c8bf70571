/* The scheduler, slices, the timer, and who owns the FP registers. */
#include "microkernel/kernel/cpu.h"

#include "microkernel/object/irq.h"
#include "microkernel/object/timer.h"

struct cpu the_cpu;

void cpu_init(struct cpu *c, ticks_t slice_ticks)
{
    *c = (struct cpu){.asid_epoch = 1, .slice_end = ~0UL, .armed = ~0UL, .slice_ticks = slice_ticks};
    arch_set_timer(~0UL);
}

static ticks_t next_event(const struct cpu *c)
{
    ticks_t next = timer_next();
    return c->slice_end < next ? c->slice_end : next;
}

void cpu_set_timer(struct cpu *c)
{
    ticks_t next = next_event(c);
    if (next >= c->armed)
        return;
    c->armed = next;
    arch_set_timer(next);
}

void cpu_start_tick(struct cpu *c)
{
    if (c->slice_end != ~0UL)
        return;
    c->slice_end = arch_time() + (c->owner->slice_left ? c->owner->slice_left : c->slice_ticks);
    cpu_set_timer(c);
}

static void mark_ready(struct tcb *t)
{
    struct cpu *c = this_cpu();
    t->state = TCB_READY;
    c->ready_mask |= 1u << t->priority;
    if (c->owner && c->owner != t && c->owner->priority == t->priority)
        cpu_start_tick(c);
}

void cpu_wake(struct tcb *t)
{
    queue_push_back(&this_cpu()->ready[t->priority], t);
    mark_ready(t);
}

void cpu_wake_first(struct tcb *t)
{
    queue_push_front(&this_cpu()->ready[t->priority], t);
    mark_ready(t);
}

void cpu_unready(struct tcb *t)
{
    struct cpu *c = this_cpu();
    struct queue *q = t->queue;
    if (!q)
        return;
    queue_remove(t);
    if (!q->head)
        c->ready_mask &= ~(1u << (q - c->ready));
}

static void wait_for_work(struct cpu *c)
{
    while (!c->ready_mask) {
        c->idle_instret += arch_wait();
        cpu_timer(c);
        irq_handle();
    }
}

ticks_t cpu_ticks_used(struct cpu *c, const struct tcb *t)
{
    cpu_charge_owner(c);
    return t->ticks_used;
}

void cpu_keep_slice(struct cpu *c)
{
    if (c->owner && c->owner_since < c->slice_end)
        c->owner->slice_left = c->slice_end - c->owner_since;
    c->slice_end = ~0UL;
}

/* The current thread, still running or not, goes where it belongs. */
static void put_back(struct cpu *c)
{
    struct tcb *t = c->current;
    if (!t || t->state != TCB_READY || t->queue)
        return;
    if (t->attention & ATTENTION_EXPIRED)
        cpu_wake(t);
    else
        cpu_wake_first(t);
    t->attention &= ~ATTENTION_EXPIRED;
}

struct tcb *cpu_schedule(struct cpu *c)
{
    struct tcb *t = c->current, *handoff = c->handoff;
    c->handoff = NULL;
    if (t && t->state == TCB_READY && !t->queue && !(t->attention & ATTENTION_EXPIRED) &&
        cpu_is_top(c, t->priority))
        return t;
    put_back(c);
    if (!c->ready_mask) {
        cpu_charge_owner(c);
        c->owner = NULL;
        wait_for_work(c);
    }
    struct tcb *next = cpu_first(c);
    cpu_take(c, next);
    if (next != handoff && next != c->owner)
        cpu_start_slice(c, next);
    return next;
}

void cpu_yield(struct cpu *c)
{
    c->current->attention |= ATTENTION_EXPIRED;
}

void cpu_timer(struct cpu *c)
{
    ticks_t now = arch_time();
    timer_expire(now);
    if (now >= c->slice_end) {
        c->slice_end = ~0UL;
        if (c->owner) {
            c->owner->attention |= ATTENTION_EXPIRED;
            c->owner->slice_left = 0;
        }
    }
    c->armed = next_event(c);
    arch_set_timer(c->armed);
}

void cpu_forget(struct tcb *t)
{
    struct cpu *c = this_cpu();
    fpu_discard(c, t);
    if (c->owner == t)
        c->owner = NULL;
    if (c->handoff == t)
        c->handoff = NULL;
}

void fpu_switch(struct cpu *c, struct tcb *next)
{
    if (c->fp_owner == next)
        arch_fp_on();
    else if (c->fp_owner == c->current)
        c->fp_dirty |= arch_fp_off();
}

bool fpu_trap(struct cpu *c, struct tcb *t)
{
    if (c->fp_owner == t)
        return false;
    arch_fp_on();
    if (c->fp_owner && c->fp_dirty)
        arch_fp_save(c->fp_owner->fregs);
    arch_fp_load(t->fregs);
    arch_fp_off();
    arch_fp_on();
    c->fp_owner = t;
    c->fp_dirty = false;
    return true;
}

/* FP is on exactly if the running thread owns it; leave it so. */
static void fp_settle(struct cpu *c)
{
    c->fp_dirty |= arch_fp_off();
    if (c->fp_owner && c->fp_owner == c->current)
        arch_fp_on();
}

void fpu_save(struct cpu *c, struct tcb *t)
{
    if (c->fp_owner != t)
        return;
    fp_settle(c);
    if (!c->fp_dirty)
        return;
    arch_fp_on();
    arch_fp_save(t->fregs);
    c->fp_dirty = false;
    arch_fp_off();
    if (t == c->current)
        arch_fp_on();
}

void fpu_discard(struct cpu *c, struct tcb *t)
{
    if (c->fp_owner != t)
        return;
    arch_fp_off();
    c->fp_owner = NULL;
    c->fp_dirty = false;
}
