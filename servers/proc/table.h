/* The tree of processes: entries, pids, badges, groups. Knows nothing of calls or signals. */
#ifndef PROC_TABLE_H
#define PROC_TABLE_H

#include "process.h"

/* *s is all zeros. */
void table_init(struct proc_service *s, uint32_t nslots);

/* A new EMBRYO, child of `parent` (NULL: the first process), with a new pid and badge, in the
 * parent's group and session. NULL: no slot free. */
struct process *table_new(struct proc_service *s, struct process *parent);

/* Out of the tree; it has no children. */
void table_free(struct proc_service *s, struct process *p);

/* Not FREE, whatever its state. NULL: none. */
struct process *table_find(struct proc_service *s, uint32_t pid);

/* Whose badge this is: a process that is ALIVE, EMBRYO or ENDING, or NULL. */
struct process *table_by_badge(struct proc_service *s, badge_t badge);

/* Make all children of p adopted children of the first process. */
void table_reparent(struct proc_service *s, struct process *p);

static inline uint32_t table_slot(const struct proc_service *s, const struct process *p)
{
    return (uint32_t)(p - s->process);
}

/* All entries that are not FREE. */
#define TABLE_EACH(s, p)                                                                           \
    for (struct process *p = (s)->process; p < (s)->process + (s)->nslots; p++)                    \
        if (p->life != LIFE_FREE)

/* Is there a process in group pgid (of session sid, if not 0)? Zombies count. */
bool table_group_exists(struct proc_service *s, uint32_t pgid, uint32_t sid);

/* Does nobody of p's session, but outside its group, have a child in it who could be continued? */
bool table_group_is_orphaned(struct proc_service *s, const struct process *p);

#endif
