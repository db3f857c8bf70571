/* Private pages whose contents outlive their frame. */
#ifndef PAGER_ANON_H
#define PAGER_ANON_H

#include "frame.h"

/* A new anon for page `va` of `as`, held by one word. => its id; NONE: none left. Without a frame
 * (ANON_EMPTY) until anon_set_frame. */
static inline uint32_t anon_make(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t id = pg->anon_free;
    if (id == NONE)
        return NONE;
    struct anon *a = &pg->anons[id];
    pg->anon_free = a->where;
    pg->anon_used++;
    *a = (struct anon){ANON_EMPTY, va >> PAGE_SHIFT, 1, as->family, as->slot, 0};
    return id;
}

/* `frame` (just taken) holds the anon's contents; the policy gets to know it when it is mapped. */
static inline void anon_set_frame(struct pager *pg, uint32_t anon, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->state = FRAME_ANON;
    f->owner = anon;
    pg->anons[anon].where = frame;
    pg->nanon_frames++;
}

/* One word less holds it; the last one gives back frame and swap slot. A frame with I/O in flight
 * becomes an orphan, which goes when the I/O ends. => not mapped by that word any more. */
void anon_put(struct pager *pg, uint32_t anon);

/* The I/O of an orphan has ended: frame, swap slot and entry go. */
void anon_orphan_end(struct pager *pg, uint32_t frame);

/* Its frame is about to be written: the copy in swap is stale. */
void anon_spoil(struct pager *pg, uint32_t anon);

/* The frame's contents are in swap (frame.slot): the anon goes on without the frame, which is freed. */
void anon_evict(struct pager *pg, uint32_t anon);

/* Post slots that are to be freed: stale ones, and those of dead anons as far as there is room. */
void anon_free_slots(struct pager *pg);

static inline bool anon_is_resident(const struct anon *a)
{
    return !(a->where & ANON_SLOT); /* ANON_EMPTY is not resident either */
}

static inline bool anon_is_swapped(const struct anon *a)
{
    return a->where & ANON_SLOT && a->where != ANON_EMPTY;
}

#endif
