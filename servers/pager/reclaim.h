/* Replacement: which frames the policy knows, giving them up, sampling of accessed bits, swap. */
#ifndef PAGER_RECLAIM_H
#define PAGER_RECLAIM_H

#include "frame.h"
#include "policy/policy.h"

/* Sampling rounds without any success after which nothing will help. */
#define STUCK_ROUNDS 3u

/* What the policy knows the page in `f` by. */
static inline struct policy_page page_name(struct pager *pg, const struct frame *f)
{
    if (f->state == FRAME_FILE)
        return (struct policy_page){pg->objects[f->owner].number, f->index};
    const struct anon *a = &pg->anons[f->owner];
    return (struct policy_page){1UL << 63 | a->family, a->vpage};
}

/* The frame (anon or file, owner set) may be chosen as a victim from now on. */
static inline void reclaim_insert(struct pager *pg, uint32_t frame, enum policy_reason reason)
{
    struct frame *f = frame_of(pg, frame);
    f->flags |= FRAME_LISTED;
    pg->policy->insert(pg->policy_self, frame, page_name(pg, f), reason);
}

void reclaim_forget(struct pager *pg, uint32_t frame);
void reclaim_dirty(struct pager *pg, uint32_t frame);
void reclaim_touched(struct pager *pg, uint32_t frame);

/* Pages to read from a file at a miss of `index`, itself included. */
uint32_t reclaim_read_around(struct pager *pg, struct object *o, uint64_t index);

/* Give up one clean page at once. => false: none found within a few tries. */
bool reclaim_now(struct pager *pg);

/* One step of bringing free frames up to the high watermark. */
void reclaim_step(struct pager *pg);

/* One step (a leaf of one address space) of sampling accessed bits. */
void scan_step(struct pager *pg);

/* Is sampling worth while? Only when memory begins to be scarce. */
bool scan_is_wanted(const struct pager *pg);

/* Bring the anon back from its swap slot. => its new frame, READING; NONE: no frame. */
uint32_t swap_in(struct pager *pg, uint32_t anon);

/* swap completed a request with `cookie` (a frame). Misfits are ignored. */
void swap_done(struct pager *pg, uint32_t op, uint64_t cookie, int status, uint64_t slot);

/* Hand all resident pages from the current policy to `next`, in order. => false: it is current. */
bool policy_switch(struct pager *pg, const struct policy_ops *next);

#endif
