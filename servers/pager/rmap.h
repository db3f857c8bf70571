/* From a frame to every page that maps it. */
#ifndef PAGER_RMAP_H
#define PAGER_RMAP_H

#include "batch.h"

/* Remove all mappings of an anon or file frame. Words of anons stay, unmapped; words of file pages
 * become empty. Bounded by the number of sharers. */
void rmap_unmap(struct pager *pg, uint32_t frame);

/* Make all mappings of a file frame read-only, so that the next store is told. */
void rmap_protect(struct pager *pg, uint32_t frame);

/* Rights for the hardware: those of the area, stores only if `writable`. */
static inline uint32_t rmap_rights(const struct vma *v, bool writable)
{
    uint32_t rights = PROT_R;
    if (v->prot & PAGER_PROT_EXEC)
        rights |= PROT_X;
    if (writable)
        rights |= PROT_W;
    return (rights & (PROT_W | PROT_X)) == (PROT_W | PROT_X) ? rights | PROT_RWX_OK : rights;
}

#endif
