/* Waiting lists, singly linked through aspace.wait_next. */
#include "park.h"

static void list_append(struct pager *pg, struct list *list, struct aspace *as)
{
    as->wait_next = NONE;
    if (list->head == NONE)
        list->head = as->slot;
    else
        pg->aspaces[list->tail].wait_next = as->slot;
    list->tail = as->slot;
}

static struct aspace *list_shift(struct pager *pg, struct list *list)
{
    if (list->head == NONE)
        return NULL;
    struct aspace *as = &pg->aspaces[list->head];
    list->head = as->wait_next;
    if (list->head == NONE)
        list->tail = NONE;
    as->wait_next = NONE;
    as->waiting = WAIT_NONE;
    return as;
}

static void list_remove(struct pager *pg, struct list *list, const struct aspace *as)
{
    uint32_t *link = &list->head, before = NONE;
    while (*link != NONE && *link != as->slot) {
        before = *link;
        link = &pg->aspaces[before].wait_next;
    }
    if (*link == NONE)
        return;
    *link = as->wait_next;
    if (list->tail == as->slot)
        list->tail = before;
}

void park_to_run(struct pager *pg, struct aspace *as)
{
    as->waiting = WAIT_RUN;
    list_append(pg, &pg->run, as);
}

void park_on_frame(struct pager *pg, struct aspace *as, uint32_t frame)
{
    as->waiting = WAIT_FRAME;
    as->wait_frame = frame;
    as->wait_next = pg->frames[frame].waiters;
    pg->frames[frame].waiters = as->slot;
    pg->stats.parked++;
}

void park_on_memory(struct pager *pg, struct aspace *as)
{
    as->waiting = WAIT_MEMORY;
    list_append(pg, &pg->memory, as);
    pg->work |= WORK_RECLAIM;
    pg->stats.parked++;
}

void park_on_object(struct pager *pg, struct aspace *as, struct object *o)
{
    struct list list = {o->queue_head, o->queue_tail};
    as->waiting = WAIT_OBJECT;
    as->wait_frame = o - pg->objects;
    list_append(pg, &list, as);
    o->queue_head = list.head;
    o->queue_tail = list.tail;
    pg->stats.parked++;
}

static void cancel_on_frame(struct pager *pg, struct aspace *as)
{
    struct list list = {pg->frames[as->wait_frame].waiters, NONE};
    list_remove(pg, &list, as);
    pg->frames[as->wait_frame].waiters = list.head;
}

static void cancel_on_object(struct pager *pg, struct aspace *as)
{
    struct object *o = &pg->objects[as->wait_frame];
    struct list list = {o->queue_head, o->queue_tail};
    list_remove(pg, &list, as);
    o->queue_head = list.head;
    o->queue_tail = list.tail;
}

void park_cancel(struct pager *pg, struct aspace *as)
{
    switch ((enum wait_kind)as->waiting) {
    case WAIT_FRAME:
        cancel_on_frame(pg, as);
        break;
    case WAIT_MEMORY:
        list_remove(pg, &pg->memory, as);
        break;
    case WAIT_OBJECT:
        cancel_on_object(pg, as);
        break;
    case WAIT_RUN:
        list_remove(pg, &pg->run, as);
        break;
    case WAIT_NONE:
    case WAIT_DEATH:
        break;
    }
    as->waiting = WAIT_NONE;
    as->wait_next = NONE;
}

void park_wake_frame(struct pager *pg, uint32_t frame, int status)
{
    uint32_t slot = pg->frames[frame].waiters;
    pg->frames[frame].waiters = NONE;
    while (slot != NONE) {
        struct aspace *as = &pg->aspaces[slot];
        slot = as->wait_next;
        as->wait_status = status;
        park_to_run(pg, as);
    }
}

void park_wake_memory(struct pager *pg)
{
    if (pg->nfree <= pg->reserve)
        return;
    struct aspace *as = list_shift(pg, &pg->memory);
    if (as != NULL)
        park_to_run(pg, as);
}

void park_wake_all_memory(struct pager *pg)
{
    struct aspace *as;
    while ((as = list_shift(pg, &pg->memory)) != NULL)
        park_to_run(pg, as);
}

void park_wake_object(struct pager *pg, struct object *o)
{
    struct list list = {o->queue_head, o->queue_tail};
    struct aspace *as = list_shift(pg, &list);
    o->queue_head = list.head;
    o->queue_tail = list.tail;
    if (as != NULL)
        park_to_run(pg, as);
}

struct aspace *park_next(struct pager *pg)
{
    return list_shift(pg, &pg->run);
}
