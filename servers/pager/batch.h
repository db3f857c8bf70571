/* Items that are collected and then carried out in one kernel entry, or ride on the answer to a
 * fault. A batch on the caller's stack starts with batch_init; those of faults lie in the message
 * page. When a batch is full it is carried out at once. */
#ifndef PAGER_BATCH_H
#define PAGER_BATCH_H

#include "pager.h"
#include "kern.h"

struct batch_room {
    struct batch batch;
    struct item item[MSG_BATCH];
};

/* Carry out what was collected; results stay in place, the batch is empty afterwards. An item that
 * fails is our own bug (it is counted and logged), but for a VSpace that has gone. */
void batch_run(struct pager *pg, struct batch *b);

static inline struct batch *batch_init(struct batch_room *room, uint32_t vspace)
{
    room->batch = (struct batch){room->item, 0, vspace};
    return &room->batch;
}

static inline struct item *batch_add(struct pager *pg, struct batch *b)
{
    if (b->n == MSG_BATCH)
        batch_run(pg, b);
    return &b->item[b->n++];
}

static inline void batch_map(struct pager *pg, struct batch *b, vaddr_t va, uint32_t frame,
                             uint32_t rights)
{
    *batch_add(pg, b) = (struct item){ITEM_W0(ITEM_MAP, rights, b->vspace, SLOT_RAM, 0), va, frame};
}

static inline void batch_replace(struct pager *pg, struct batch *b, vaddr_t va, uint32_t frame,
                                 uint32_t rights)
{
    *batch_add(pg, b) =
        (struct item){ITEM_W0(ITEM_REPLACE, rights, b->vspace, SLOT_RAM, 0), va, frame};
}

static inline void batch_copy_map(struct pager *pg, struct batch *b, vaddr_t va, uint32_t frame,
                                  uint32_t from, uint32_t rights)
{
    *batch_add(pg, b) = (struct item){ITEM_W0(ITEM_COPY_MAP, rights, b->vspace, SLOT_RAM, 0), va,
                                      frame | (uint64_t)from << 32};
}

static inline void batch_protect(struct pager *pg, struct batch *b, vaddr_t va, uint32_t npages,
                                 uint32_t rights)
{
    *batch_add(pg, b) =
        (struct item){ITEM_W0(ITEM_PROTECT, rights, b->vspace, SLOT_RAM, npages), va, 0};
}

static inline void batch_unmap(struct pager *pg, struct batch *b, vaddr_t va, uint32_t npages)
{
    *batch_add(pg, b) = (struct item){ITEM_W0(ITEM_UNMAP, 0, b->vspace, SLOT_RAM, npages), va, 0};
}

static inline void batch_clear(struct pager *pg, struct batch *b, uint32_t frame, uint64_t offset,
                               uint64_t bytes)
{
    *batch_add(pg, b) =
        (struct item){ITEM_W0(ITEM_CLEAR, 0, 0, SLOT_RAM, 0), offset | bytes << 32, frame};
}

/* Both addresses are frame << 12 | offset; bytes 1..4096. */
static inline void batch_copy(struct pager *pg, struct batch *b, uint64_t to, uint64_t from,
                              uint64_t bytes)
{
    *batch_add(pg, b) = (struct item){
        ITEM_W0(ITEM_COPY, 0, SLOT_RAM, SLOT_RAM, bytes == PAGE_SIZE ? 0 : bytes), to, from};
}

#endif
