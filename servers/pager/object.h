/* Files as the pager knows them: pages in memory, size, who maps and who has it open. */
#ifndef PAGER_OBJECT_H
#define PAGER_OBJECT_H

#include "pager.h"

/* The live object that fs calls (number, epoch), or NULL. */
struct object *object_find(struct pager *pg, uint64_t number, uint64_t epoch);

/* The same, made live with `size` if it is not. => NULL: all objects are in use. */
struct object *object_open(struct pager *pg, uint64_t number, uint64_t epoch, uint64_t size);

/* Something let go of the object: if nothing is left of it, tell fs (idle) and forget it. An unlinked
 * one drops its pages as soon as nobody maps it. */
void object_settle(struct pager *pg, struct object *o);

/* The frame of page `index`, or NONE. */
uint32_t object_page(struct pager *pg, const struct object *o, uint64_t index);

/* `frame` (just taken) is page `index`; contents not valid yet. */
void object_page_add(struct pager *pg, struct object *o, uint64_t index, uint32_t frame);

/* Free the frame of a page, dirty or not. => not mapped, no I/O. */
void object_page_drop(struct pager *pg, uint32_t frame);

/* Tell fs that the data changed, which sets the file's times, and its size. */
void object_tell(struct pager *pg, const struct object *o);

/* The same for a store through a mapping: at the first one after a write-back, then once in a while. */
void object_tell_stored(struct pager *pg, struct object *o);

/* The page differs from the disk from now on. => BLOCKS is set. */
void object_dirty(struct pager *pg, uint32_t frame);
void object_clean(struct pager *pg, uint32_t frame);

/* Set the size to a smaller or larger one; bytes of the last page beyond the old end become zero if
 * somebody may have stored there. */
void object_resize(struct pager *pg, struct object *o, uint64_t size);

static inline uint32_t object_id(const struct pager *pg, const struct object *o)
{
    return o - pg->objects;
}

static inline uint64_t object_npages(const struct object *o)
{
    return (o->size + PAGE_MASK) >> PAGE_SHIFT;
}

#endif
