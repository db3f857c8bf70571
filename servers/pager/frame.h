/* Frames of RAM: who has each, and the stock of free and of cleared ones. */
#ifndef PAGER_FRAME_H
#define PAGER_FRAME_H

#include "batch.h"

/* How deep an allocation may reach into the reserve. */
enum frame_need {
    FRAME_NORMAL,  /* user pages: leaves `reserve` frames */
    FRAME_URGENT,  /* page tables of the fault being served: to the last */
};

/* Take a free frame. => its index, its state still FRAME_FREE and its fields reset; NONE: none that
 * this need may have. Sets WORK_RECLAIM below the low watermark. */
uint32_t frame_take(struct pager *pg, enum frame_need need);

/* The same, contents zero: an item to clear it goes into `b` if it was not cleared ahead. */
uint32_t frame_take_zeroed(struct pager *pg, struct batch *b);

/* Give a frame back. => in no list, not mapped, no I/O. Wakes who waits for memory. */
void frame_free(struct pager *pg, uint32_t frame);

/* Hand frames to the clearing thread while it has few. Bounded. */
void frame_refill(struct pager *pg);

/* Frames cleared ahead and ready. */
uint32_t frame_cleared(const struct pager *pg);

/* One step of the clearing thread: take a frame from `to_clear`. => NONE: nothing to do. */
uint32_t clear_ring_take(struct clear_ring *ring);
void clear_ring_put(struct clear_ring *ring, uint32_t frame);
uint32_t clear_ring_count(const struct clear_ring *ring);

static inline struct frame *frame_of(struct pager *pg, uint32_t frame)
{
    return &pg->frames[frame];
}

/* --- parts of the above, for the straight path ----------------------------------------------------- */

#define REFILL_EVERY 64u /* zeroed frames that are taken before the stock is looked at */

/* A frame cleared ahead, NONE if there is none; not initialized. The only consumer of `cleared` is the
 * pager's main thread: no compare needed. */
static inline uint32_t cleared_take(struct pager *pg)
{
    struct clear_ring *ring = pg->cleared;
    uint32_t head = ring->head;
    if (head == __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE))
        return NONE;
    uint32_t frame = ring->frame[head % CLEAR_RING];
    __atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
    return frame;
}

static inline void frame_stock_used(struct pager *pg)
{
    if (++pg->taken_zeroed % REFILL_EVERY == 0)
        pg->work |= WORK_REFILL;
}

/* A frame that was taken: nobody's yet. */
static inline uint32_t frame_init(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    pg->nfree--;
    f->flags = 0;
    f->nmap = 0;
    f->slot = f->waiters = f->next = f->prev = NONE;
    return frame;
}

#endif
