/* Invocations of untyped, VSpace, region, IRQ and timer; the dispatch over all types. */
#include "microkernel/kernel/invoke.h"

#include <abi/error.h>
#include <abi/syscall.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/irq.h"
#include "microkernel/object/timer.h"
#include "microkernel/object/untyped.h"

#define SCAN_PAGES 64u
#define SCAN_WORDS 128u

static int untyped_retype_call(struct tcb *t, struct cap *c, uint64_t w[4])
{
    struct cspace *cs = t->cspace_cap.pointer;
    if (w[3]) {
        struct cap *there;
        int r = cap_find(t, w[3], OBJ_CSPACE, RIGHT_WRITE, &there);
        if (r)
            return r;
        cs = there->pointer;
    }
    return untyped_retype(c, w[0] & 0xffff, w[0] >> 16, w[1], cs, w[2], &w[0]);
}

static int invoke_untyped(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    if (label == UNTYPED_RETYPE)
        return untyped_retype_call(t, c, w);
    if (label != UNTYPED_INFO)
        return ERR_BADMSG;
    w[0] = untyped_left(c);
    w[1] = c->size;
    w[2] = c->child != NULL;
    return 0;
}

static int vspace_clear(struct vspace *v)
{
    while (!vspace_clear_step(v))
        if (arch_interrupt_pending())
            return PREEMPTED;
    return 0;
}

/* Tells the caller's stub how many payload words came back. */
static void set_payload(struct tcb *t, uint32_t words)
{
    t->regs[REG_A1] = TAG(0, words);
}

static int vspace_scan_call(struct tcb *t, struct vspace *v, uint64_t w[4])
{
    uint32_t found;
    if (!t->msg || (w[0] & PAGE_MASK))
        return t->msg ? ERR_ALIGN : ERR_RANGE;
    w[0] = vspace_scan(v, w[0], t->msg->payload, SCAN_PAGES, &found);
    w[1] = found;
    set_payload(t, 2 * found);
    return 0;
}

static int invoke_vspace(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    if (label != VSPACE_CLEAR && label != VSPACE_SCAN)
        return ERR_BADMSG;
    if (!(c->rights & RIGHT_CONTROL))
        return ERR_RIGHTS;
    return label == VSPACE_CLEAR ? vspace_clear(c->pointer) : vspace_scan_call(t, c->pointer, w);
}

static int region_scan_call(struct tcb *t, const struct cap *c, uint64_t w[4])
{
    if (!t->msg || w[0] >= c->npages)
        return ERR_RANGE;
    uint64_t n = c->npages - w[0] < SCAN_WORDS ? c->npages - w[0] : SCAN_WORDS;
    memset(t->msg->payload, 0, SCAN_WORDS * sizeof(uint32_t));
    if (!c->device)
        memcpy(t->msg->payload, frame_word(c->pfn + w[0]), n * sizeof(uint32_t));
    set_payload(t, (n + 1) / 2);
    w[1] = n;
    return 0;
}

static int invoke_region(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    if (label == REGION_SCAN)
        return region_scan_call(t, c, w);
    if (label != REGION_INFO)
        return ERR_BADMSG;
    w[0] = c->npages;
    w[1] = c->device;
    w[2] = c->rights & RIGHT_CONTROL ? (paddr_t)c->pfn << PAGE_SHIFT : 0;
    return 0;
}

static int irq_make(struct tcb *t, struct cap *c, uint64_t w[4])
{
    struct cap *slot;
    struct irq *irq = irq_get(w[0]);
    if (!irq)
        return ERR_RANGE;
    if (irq->object.refs)
        return ERR_EXISTS;
    int r = cspace_find_free(t->cspace_cap.pointer, w[1], 1, &slot);
    if (!r)
        cap_insert_object(slot, OBJ_IRQ, irq, c);
    return r;
}

/* A copy of the caller's notification capability into the object's own. */
static int bind_notification(struct tcb *t, uint64_t slot, struct cap *own)
{
    struct cap *n;
    int r = cap_find(t, slot, OBJ_NOTIFICATION, RIGHT_WRITE, &n);
    if (!r)
        r = cap_delete(own);
    if (!r)
        r = cap_find(t, slot, OBJ_NOTIFICATION, RIGHT_WRITE, &n);
    if (!r)
        cap_derive(own, n, n->rights, n->badge);
    return r;
}

static int invoke_irq(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    struct irq *irq = c->pointer;
    if (label == IRQ_ACK) {
        irq_ack(irq);
        return 0;
    }
    if (label != IRQ_BIND)
        return ERR_BADMSG;
    int r = bind_notification(t, w[0], &irq->notification_cap);
    if (!r)
        irq_bind(irq);
    return r;
}

static int invoke_timer(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    struct timer *timer = c->pointer;
    if (label == TIMER_BIND)
        return bind_notification(t, w[0], &timer->notification_cap);
    if (label != TIMER_SET)
        return ERR_BADMSG;
    timer_set(timer, w[0]);
    return 0;
}

static int dispatch(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    switch (c->type) {
    case OBJ_UNTYPED:
        return invoke_untyped(t, c, label, w);
    case OBJ_CSPACE:
        return invoke_cspace(t, c, label, w);
    case OBJ_TCB:
        return invoke_tcb(t, c, label, w);
    case OBJ_VSPACE:
        return invoke_vspace(t, c, label, w);
    case OBJ_REGION:
        return invoke_region(t, c, label, w);
    case OBJ_IRQ_CONTROL:
        return label == IRQ_MAKE ? irq_make(t, c, w) : ERR_BADMSG;
    case OBJ_IRQ:
        return invoke_irq(t, c, label, w);
    case OBJ_TIMER:
        return invoke_timer(t, c, label, w);
    default:
        return ERR_TYPE;
    }
}

int invoke(struct tcb *t, struct cap *c)
{
    uint64_t w[4], tag = t->regs[REG_A1];
    memcpy(w, &t->regs[REG_A2], sizeof w);
    t->regs[REG_A1] = 0;
    int r = dispatch(t, c, TAG_LABEL(tag), w);
    if (r == 0)
        memcpy(&t->regs[REG_A2], w, sizeof w);
    else
        t->regs[REG_A1] = r < 0 ? 0 : tag;
    return r;
}
