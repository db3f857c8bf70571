/* Ranges of an address space: mapping, the heap's end, protection, advice. All addresses are page
 * aligned and below USER_END unless stated. */
#ifndef PAGER_RANGE_H
#define PAGER_RANGE_H

#include "pager.h"

/* Map what `*v` describes; v->start is a wish (or an order: is_fixed, then what was there goes) and is
 * set to the place. => 0; ERR_INVAL, ERR_NOMEM: nothing changed. */
int range_map(struct pager *pg, struct aspace *as, struct vma *v, bool is_fixed);

/* May areas grow by this much, by the process's limit? */
bool range_may_grow(const struct aspace *as, uint64_t bytes);

/* Move the end of the heap. `end` need not be aligned. => 0; ERR_INVAL, ERR_NOMEM: nothing changed. */
int range_brk(struct pager *pg, struct aspace *as, vaddr_t end);

/* => 0; ERR_NOMEM: a page is not mapped (or no VMA left), ERR_ACCES; then nothing changed. */
int range_protect(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, uint32_t prot);

/* advice as in <proto/pager.def>. */
int range_advise(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, uint32_t advice);

/* Is every page of the range mapped by some area? */
bool range_is_mapped(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end);

bool range_is_resident(struct pager *pg, struct aspace *as, vaddr_t va);

/* May a program change the range: neither loader nor message page are in it? */
bool range_is_users(vaddr_t start, vaddr_t end);

#endif
