/* Address spaces: made by proc, dropped by proc. Ranges of pages. */
#ifndef PAGER_ASPACE_H
#define PAGER_ASPACE_H

#include "pager.h"

/* The live address space with that badge, or NULL. */
static inline struct aspace *aspace_find(struct pager *pg, uint64_t badge)
{
    uint32_t slot = BADGE_SLOT(badge);
    if (slot >= POOL_SLOTS || pg->aspaces[slot].badge != badge ||
        pg->aspaces[slot].state != AS_LIVE)
        return NULL;
    return &pg->aspaces[slot];
}

/* Make the one of `badge` in its pool slot, with page table root, loader, stack and message page.
 * => 0 and *out; ERR_RANGE (no such slot), ERR_EXISTS (slot in use), ERR_NOMEM; then nothing is left. */
int aspace_create(struct pager *pg, uint64_t badge, struct aspace **out);

/* New program: all goes but loader, message page and [args, args + bytes); a fresh stack. */
int aspace_exec(struct pager *pg, struct aspace *as, vaddr_t args, uint64_t bytes);

/* End of an address space: what it waited for is cancelled, descriptors go, the hardware's mappings go,
 * pages are released from as->cursor on by aspace_destroy_step. */
void aspace_destroy_begin(struct pager *pg, struct aspace *as);

/* => true: all is released, the slot is free. */
bool aspace_destroy_step(struct pager *pg, struct aspace *as);

/* Release all pages in [start, end): unmapped, words empty, tables given back. VMAs are untouched. */
void aspace_zap(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end);

/* Unmap [start, end): pages and areas. => 0, or ERR_NOMEM (an area had to be cut in two and no VMA is
 * left): nothing changed. */
int aspace_unmap(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end);

/* Cancel the call or fault in progress; its reply object is released. */
void aspace_cancel(struct pager *pg, struct aspace *as);

/* Put `as` into family `family`, or into a new one (NONE). */
void aspace_join_family(struct pager *pg, struct aspace *as, uint32_t family);
void aspace_leave_family(struct pager *pg, struct aspace *as);

#endif
