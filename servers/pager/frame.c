/* Frames of RAM. Free ones are in a list, or travel through two rings: `to_clear` (we put, the
 * clearing thread takes, and so do we when memory is short) and `cleared` (the thread puts, we take).
 * `nfree` counts them all. Invariant: a frame is FRAME_FREE exactly if it is in one of the three, or
 * in the thread's hand. */
#include "frame.h"
#include "park.h"

uint32_t clear_ring_count(const struct clear_ring *ring)
{
    return __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) -
           __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);
}

uint32_t clear_ring_take(struct clear_ring *ring)
{
    uint32_t head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE), frame;
    do {
        if (head == __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE))
            return NONE;
        frame = ring->frame[head % CLEAR_RING];
    } while (!__atomic_compare_exchange_n(&ring->head, &head, head + 1, false, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
    return frame;
}

void clear_ring_put(struct clear_ring *ring, uint32_t frame)
{
    uint32_t tail = ring->tail;
    ring->frame[tail % CLEAR_RING] = frame;
    __atomic_store_n(&ring->tail, tail + 1, __ATOMIC_RELEASE);
}

uint32_t frame_cleared(const struct pager *pg)
{
    return clear_ring_count(pg->cleared);
}

static bool may_take(struct pager *pg, enum frame_need need)
{
    if (pg->nfree < pg->low)
        pg->work |= WORK_RECLAIM;
    return pg->nfree > (need == FRAME_NORMAL ? pg->reserve : 0);
}

static uint32_t list_take(struct pager *pg)
{
    uint32_t frame = pg->free_list;
    if (frame != NONE)
        pg->free_list = frame_of(pg, frame)->next;
    return frame;
}

uint32_t frame_take(struct pager *pg, enum frame_need need)
{
    if (!may_take(pg, need))
        return NONE;
    uint32_t frame = list_take(pg);
    if (frame == NONE)
        frame = cleared_take(pg);
    if (frame == NONE)
        frame = clear_ring_take(pg->to_clear);
    return frame == NONE ? NONE : frame_init(pg, frame);
}

uint32_t frame_take_zeroed(struct pager *pg, struct batch *b)
{
    if (!may_take(pg, FRAME_NORMAL))
        return NONE;
    uint32_t frame = cleared_take(pg);
    frame_stock_used(pg);
    if (frame != NONE)
        return frame_init(pg, frame);
    frame = frame_take(pg, FRAME_NORMAL);
    if (frame != NONE)
        batch_clear(pg, b, frame, 0, PAGE_SIZE);
    return frame;
}

void frame_free(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->state = FRAME_FREE;
    f->flags = 0;
    f->owner = NONE;
    f->next = pg->free_list;
    pg->free_list = frame;
    pg->nfree++;
    if (pg->jobs_wait)
        pg->work |= WORK_JOBS;
    if (pg->memory.head != NONE)
        park_wake_memory(pg);
}

void frame_refill(struct pager *pg)
{
    pg->work &= ~WORK_REFILL;
    uint32_t ahead = clear_ring_count(pg->cleared) + clear_ring_count(pg->to_clear), given = 0;
    while (pg->free_list != NONE && pg->nfree > pg->high && ahead + given + 1 < CLEAR_RING) {
        clear_ring_put(pg->to_clear, list_take(pg));
        given++;
    }
    if (given > 0)
        kern_wake_clearer();
}
