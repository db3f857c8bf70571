/* What happens when capabilities go. An object may hold capabilities itself (a CSpace its slots, a
 * thread its CSpace); these go first, innermost first, so nothing here recurses. Each step leaves a
 * state from which the deletion can be started again. */
#include "microkernel/object/delete.h"

#include <abi/error.h>
#include "microkernel/arch/arch.h"
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/endpoint.h"
#include "microkernel/object/irq.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/region.h"
#include "microkernel/object/reply.h"
#include "microkernel/object/timer.h"
#include "microkernel/object/vspace.h"

#define LIFT_STEP 32

/* A capability held by the object that `c` is the last one to; NULL if it holds none but `except`. */
static struct cap *inner_cap(struct cap *c, const struct cap *except)
{
    struct cap *inner = NULL;
    if (c->type == OBJ_CSPACE)
        inner = cspace_inner_cap(c->pointer, except);
    else if (c->type == OBJ_TCB)
        inner = tcb_inner_cap(c->pointer, except);
    else if (c->type == OBJ_IRQ)
        inner = &((struct irq *)c->pointer)->notification_cap;
    else if (c->type == OBJ_TIMER)
        inner = &((struct timer *)c->pointer)->notification_cap;
    return inner && inner->type != OBJ_NULL ? inner : NULL;
}

/* Each object on the way has one capability left, so a way that comes round comes back to `c`. */
static struct cap *innermost(struct cap *c)
{
    struct cap *victim = c, *inner;
    while (cap_is_last(victim) && (inner = inner_cap(victim, c)) != NULL)
        victim = inner;
    return victim;
}

/* A step towards the end of the object. => true when nothing refers to it any more. */
static bool finish_step(struct cap *c)
{
    switch (c->type) {
    case OBJ_CSPACE:
        return cspace_is_empty(c->pointer);
    case OBJ_VSPACE:
        return vspace_clear_step(c->pointer);
    case OBJ_ENDPOINT:
        return endpoint_drain_step(c->pointer);
    case OBJ_NOTIFICATION:
        return notification_drain_step(c->pointer);
    case OBJ_REPLY:
        reply_finish(c->pointer);
        return true;
    case OBJ_TCB:
        tcb_finish(c->pointer);
        return true;
    case OBJ_IRQ:
        irq_finish(c->pointer);
        return true;
    case OBJ_TIMER:
        timer_set(c->pointer, 0);
        return true;
    default:
        return true;
    }
}

/* Its last step: nothing remembers the address space. */
static void forget_vspace(struct cap *c)
{
    if (c->type == OBJ_VSPACE && this_cpu()->vspace == c->pointer)
        this_cpu()->vspace = NULL;
}

/* => true when `c` has no children any more. */
static bool lift_children(struct cap *c)
{
    for (int i = 0; i < LIFT_STEP && c->child; i++)
        cap_lift_child(c);
    return c->child == NULL;
}

/* The memory of a region goes back only with the capability that is sure to cover it: the one that
 * was not derived from another region's. It goes last: those derived from it may cover less, and
 * would lose sight of frames that are in use. */
static int release_region(struct cap *c)
{
    bool is_top = c->type == OBJ_REGION && !(c->parent && c->parent->type == OBJ_REGION);
    if (!is_top)
        return 0;
    return c->child ? ERR_BUSY : region_release_step(c);
}

/* => 0: `c` is empty; ERR_AGAIN: go on; ERR_BUSY. */
static int delete_step(struct cap *c)
{
    struct cap *victim = innermost(c);
    int r = release_region(victim);
    if (r)
        return r;
    if (!lift_children(victim) || (cap_is_last(victim) && !finish_step(victim)))
        return ERR_AGAIN;
    if (cap_is_last(victim))
        forget_vspace(victim);
    if (victim->holder != HOLD_SLOT)
        tcb_cap_lost(victim);
    cap_clear(victim);
    return victim == c ? 0 : ERR_AGAIN;
}

int cap_delete(struct cap *c)
{
    while (c->type != OBJ_NULL) {
        int r = delete_step(c);
        if (r != ERR_AGAIN)
            return r;
        if (arch_interrupt_pending())
            return PREEMPTED;
    }
    return 0;
}

int cap_revoke(struct cap *c)
{
    while (c->child) {
        int r = c->child->child ? ERR_AGAIN : delete_step(c->child);
        if (c->child && c->child->child)
            lift_children(c->child);
        if (r && r != ERR_AGAIN)
            return r;
        if (c->child && arch_interrupt_pending())
            return PREEMPTED;
    }
    return 0;
}
