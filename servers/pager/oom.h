/* Out of memory and swap: which process is ended.
 *
 * The rule: the process with the most anonymous pages, in memory and swap together; among equals the
 * youngest. The first process (and whoever proc created without a parent) only if there is no other.
 * One at a time: the next is chosen only after the last one's memory has come back. */
#ifndef PAGER_OOM_H
#define PAGER_OOM_H

#include "pager.h"

/* The process that the rule names, or NULL. */
struct aspace *oom_choose(struct pager *pg);

/* Ask proc to end it; does nothing while an earlier one is still ending. */
void oom_kill(struct pager *pg);

#endif
