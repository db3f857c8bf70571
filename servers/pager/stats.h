/* Figures: what programs like free, pmap and pagerctl show. */
#ifndef PAGER_STATS_H
#define PAGER_STATS_H

#include "pager.h"

void stats_collect(struct pager *pg, struct pager_stats *out);
void stats_of_process(struct pager *pg, struct aspace *as, struct pager_proc_stats *out);
void stats_of_vma(struct pager *pg, struct aspace *as, const struct vma *v, struct pager_vma *out);

/* The last faults of a process, oldest first. => bytes written, at most `room`. */
uint32_t stats_trace(struct pager *pg, const struct aspace *as, void *out, uint32_t room);

#endif
