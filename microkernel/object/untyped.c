/* Retype: sizes, clearing, initialisation. */
#include "microkernel/object/untyped.h"

#include <abi/error.h>
#include <string.h>
#include "microkernel/arch/arch.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/endpoint.h"
#include "microkernel/object/notification.h"
#include "microkernel/object/reply.h"
#include "microkernel/object/timer.h"
#include "microkernel/object/vspace.h"

#define OBJECT_ALIGN 64u
#define UNTYPED_MIN 64u
#define SIZE_MAX_BYTES (1UL << 40)

/* What is to be made, all checked. */
struct plan {
    uint32_t type;
    uint64_t count, size; /* size: bytes each, or pages of a region */
    uint64_t start, end;  /* offsets in the untyped */
};

static uint64_t round_up(uint64_t n, uint64_t to)
{
    return (n + to - 1) & ~(to - 1);
}

/* Bytes of one object, 0 if it is not made from memory or the size is out of range. */
static uint64_t object_bytes(uint32_t type, uint64_t size)
{
    switch (type) {
    case OBJ_UNTYPED:
        return size >= UNTYPED_MIN && size <= SIZE_MAX_BYTES ? round_up(size, OBJECT_ALIGN) : 0;
    case OBJ_CSPACE:
        return size >= 2 && size <= CSPACE_SLOTS_MAX
                   ? sizeof(struct cspace) + size * sizeof(struct cap) : 0;
    case OBJ_REGION:
        return size >= 1 && size <= SIZE_MAX_BYTES >> PAGE_SHIFT ? size << PAGE_SHIFT : 0;
    case OBJ_TCB:
        return round_up(sizeof(struct tcb), OBJECT_ALIGN);
    case OBJ_ENDPOINT:
        return round_up(sizeof(struct endpoint), OBJECT_ALIGN);
    case OBJ_NOTIFICATION:
        return round_up(sizeof(struct notification), OBJECT_ALIGN);
    case OBJ_REPLY:
        return round_up(sizeof(struct reply), OBJECT_ALIGN);
    case OBJ_VSPACE:
        return round_up(sizeof(struct vspace), OBJECT_ALIGN);
    case OBJ_TIMER:
        return round_up(sizeof(struct timer), OBJECT_ALIGN);
    default:
        return 0;
    }
}

static uint64_t first_free(const struct cap *ut)
{
    return ut->child ? ut->free : 0;
}

/* Without children it starts over; what was cleared since then is remembered. */
static void start_over(struct cap *ut)
{
    if (!ut->child && ut->free) {
        ut->free = 0;
        ut->cleared = 0;
    }
}

uint64_t untyped_left(const struct cap *ut)
{
    return ut->size - first_free(ut);
}

static int plan_make(const struct cap *ut, uint32_t type, uint64_t count, uint64_t size,
                     struct plan *p)
{
    uint64_t bytes = object_bytes(type, size);
    if (!bytes)
        return type == OBJ_UNTYPED || type == OBJ_CSPACE || type == OBJ_REGION ? ERR_RANGE
                                                                               : ERR_TYPE;
    uint64_t base = (uint64_t)ut->pointer, start = base + first_free(ut);
    start = round_up(start, type == OBJ_REGION ? PAGE_SIZE : OBJECT_ALIGN) - base;
    if (start > ut->size || bytes > (ut->size - start) / count)
        return ERR_NOMEM;
    *p = (struct plan){.type = type, .count = count, .size = bytes, .start = start,
                       .end = start + bytes * count};
    return 0;
}

/* Memory from p->start to p->end is zero. => 0 or PREEMPTED. */
static int clear_memory(struct cap *ut, const struct plan *p)
{
    char *base = ut->pointer;
    uint64_t from = (uint64_t)ut->cleared << PAGE_SHIFT;
    if (from < p->start)
        from = p->start;
    while (from < p->end) {
        uint64_t to = (from + PAGE_SIZE) & ~PAGE_MASK;
        if (to > ut->size)
            to = ut->size;
        memset(base + from, 0, to - from);
        ut->cleared = to >> PAGE_SHIFT;
        from = to;
        if (from < p->end && arch_interrupt_pending())
            return PREEMPTED;
    }
    return 0;
}

static void make_object(struct cap *ut, const struct plan *p, void *at, struct cap *slot)
{
    struct cap c = {.type = p->type, .rights = RIGHT_ALL, .pointer = at};
    if (p->type == OBJ_UNTYPED) {
        c.size = p->size;
    } else if (p->type == OBJ_REGION) {
        c.pointer = NULL;
        c.pfn = ptr_phys(at) >> PAGE_SHIFT;
        c.npages = p->size >> PAGE_SHIFT;
    } else if (p->type == OBJ_CSPACE) {
        ((struct cspace *)at)->nslots = (p->size - sizeof(struct cspace)) / sizeof(struct cap);
    } else if (p->type == OBJ_TCB) {
        tcb_init(at);
    } else if (p->type == OBJ_TIMER) {
        ((struct timer *)at)->notification_cap.holder = HOLD_SOURCE_NOTIFICATION;
    }
    cap_insert(slot, &c, ut);
}

int untyped_retype(struct cap *ut, uint32_t type, uint64_t count, uint64_t size,
                   struct cspace *cs, uint64_t slot, uint64_t *left)
{
    struct plan p;
    struct cap *slots;
    if (count == 0 || count > RETYPE_COUNT_MAX)
        return ERR_RANGE;
    int r = cspace_find_free(cs, slot, count, &slots);
    if (!r)
        r = plan_make(ut, type, count, size, &p);
    if (!r)
        start_over(ut);
    if (!r && type != OBJ_REGION && type != OBJ_UNTYPED)
        r = clear_memory(ut, &p);
    if (r)
        return r;
    for (uint64_t i = 0; i < count; i++)
        make_object(ut, &p, (char *)ut->pointer + p.start + i * p.size, &slots[i]);
    ut->free = p.end;
    *left = untyped_left(ut);
    return 0;
}
