/* Copy of an address space for fork: areas and descriptors at once, pages leaf by leaf. */
#ifndef PAGER_FORK_H
#define PAGER_FORK_H

#include "pager.h"

/* Make the child: tables, loader, message page (contents as the parent's), areas, descriptors. The
 * parent is stopped. => 0 and *out, to be completed by fork_step; or ERR_RANGE, ERR_EXISTS, ERR_NOMEM:
 * nothing is left of the child. */
int fork_begin(struct pager *pg, struct aspace *parent, uint64_t badge, struct aspace **out);

/* Copy the next leaves. => 1: there is more; 0: complete, the child is live; ERR_AGAIN: no memory at this
 * moment; ERR_NOMEM: no anon left. The caller undoes it with aspace_destroy_begin/step. */
int fork_step(struct pager *pg, struct aspace *parent, struct aspace *child);

#endif
