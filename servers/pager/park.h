/* Address spaces that wait, and those that are to be run again. An aspace is in at most one list:
 * of a frame's I/O, of memory, of an object's turn, or the run queue. */
#ifndef PAGER_PARK_H
#define PAGER_PARK_H

#include "pager.h"

/* Wait for the end of the frame's I/O. The aspace's wait_status will tell how it ended. */
void park_on_frame(struct pager *pg, struct aspace *as, uint32_t frame);

/* Wait until memory (a frame, anon or node) is given back. Starts reclaim. */
void park_on_memory(struct pager *pg, struct aspace *as);

/* Wait for the turn on an object. */
void park_on_object(struct pager *pg, struct aspace *as, struct object *o);

/* Run again after other messages were served. */
void park_to_run(struct pager *pg, struct aspace *as);

/* Take it out of whatever list it is in. */
void park_cancel(struct pager *pg, struct aspace *as);

/* The I/O of `frame` ended with `status`: all its waiters to the run queue. */
void park_wake_frame(struct pager *pg, uint32_t frame, int status);

/* Memory was given back: as many waiters as can be served. */
void park_wake_memory(struct pager *pg);

/* All waiters for memory, to be told of a death. */
void park_wake_all_memory(struct pager *pg);

/* The object is free: the next in its queue to the run queue. */
void park_wake_object(struct pager *pg, struct object *o);

/* Next to run, or NULL. */
struct aspace *park_next(struct pager *pg);

#endif
