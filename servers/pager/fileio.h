/* Pages of files on their way from and to fs. One I/O in flight per frame; its record is the frame's
 * own entry, its cookie the frame's index. */
#ifndef PAGER_FILEIO_H
#define PAGER_FILEIO_H

#include "pager.h"

/* Read the page into its frame. => not UPTODATE, no I/O in flight. */
void fileio_fill(struct pager *pg, uint32_t frame);

/* Have blocks reserved for the page. => no BLOCKS, no I/O in flight. */
void fileio_credit(struct pager *pg, uint32_t frame);

/* Write the page out. From now on it is clean, and mapped read-only: the next store makes it dirty
 * again, also while the write is in flight. => DIRTY, no I/O in flight. */
void fileio_write(struct pager *pg, uint32_t frame);

/* fs completed a fill, credit or write with `cookie`; `result` is the first reply word. A cookie that
 * fits no I/O in flight is ignored. */
void fileio_done(struct pager *pg, uint32_t op, uint64_t cookie, int status, uint64_t result);

/* Start writing pages of `o` that became dirty up to `stamp`, as far as fs has room. => true: none of
 * those is left, neither dirty nor in flight. */
bool fileio_flush(struct pager *pg, struct object *o, uint32_t stamp);

/* Write what has been dirty for long enough. Sets pg->write_due to the next time, 0: nothing dirty. */
void fileio_age(struct pager *pg);

/* Read pages around `index` that are not there, if memory is plentiful. */
void fileio_read_around(struct pager *pg, struct object *o, uint64_t index);

#endif
