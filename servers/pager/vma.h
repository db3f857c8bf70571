/* Mapped areas of an address space: sorted, not overlapping. O(log n) expected. */
#ifndef PAGER_VMA_H
#define PAGER_VMA_H

#include "pager.h"

/* The area that contains `va`, or NULL. The last hit is tried first. */
struct vma *vma_lookup(struct pager *pg, struct aspace *as, vaddr_t va);

/* The lowest area that ends above `va`, or NULL. */
struct vma *vma_above(struct pager *pg, struct aspace *as, vaddr_t va);

/* Is nothing mapped in [start, end)? */
bool vma_is_free(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end);

/* A free run of `bytes` in the mmap area, at or after the hint of `as` if possible. => 0: none. */
vaddr_t vma_gap(struct pager *pg, struct aspace *as, uint64_t bytes);

/* Insert a copy of `*template` (start, end, first, object, prot, maxprot, shared, kind, advice), which
 * overlaps nothing. Joins the object's list. => NULL: no VMA left. */
struct vma *vma_insert(struct pager *pg, struct aspace *as, const struct vma *template);

/* Remove the area; its pages were dropped. Leaves the object's list; the caller looks after the
 * object. */
void vma_remove(struct pager *pg, struct aspace *as, struct vma *v);

/* Cut `v` in two at `at`, inside it. `v` keeps the lower part. => the upper part; NULL: no VMA left,
 * nothing changed. */
struct vma *vma_split(struct pager *pg, struct aspace *as, struct vma *v, vaddr_t at);

/* Move one end of `v` without crossing a neighbour. */
void vma_resize(struct aspace *as, struct vma *v, vaddr_t start, vaddr_t end);

/* If the anonymous neighbour above continues `v` in every respect, make one area of both. */
void vma_join(struct pager *pg, struct aspace *as, struct vma *v);

/* Free VMAs left in the pool. */
static inline uint32_t vma_left(const struct pager *pg)
{
    return pg->nvmas - pg->vma_used;
}

static inline struct vma *vma_find(struct pager *pg, struct aspace *as, vaddr_t va)
{
    if (as->last_vma != NONE) {
        struct vma *v = &pg->vmas[as->last_vma];
        if (va - v->start < v->end - v->start)
            return v;
    }
    return vma_lookup(pg, as, va);
}

static inline uint64_t vma_page(const struct vma *v, vaddr_t va)
{
    return v->first + ((va - v->start) >> PAGE_SHIFT);
}

#endif
