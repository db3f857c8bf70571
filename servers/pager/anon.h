/* Private pages whose contents outlive their frame. */
#ifndef PAGER_ANON_H
#define PAGER_ANON_H

#include "pager.h"

/* A new anon for page `va` of `as`, held by one word. => its id; NONE: none left. Without a frame
 * (ANON_EMPTY) until anon_set_frame. */
uint32_t anon_make(struct pager *pg, struct aspace *as, vaddr_t va);

/* `frame` (just taken) holds the anon's contents; the policy gets to know it when it is mapped. */
void anon_set_frame(struct pager *pg, uint32_t anon, uint32_t frame);

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
