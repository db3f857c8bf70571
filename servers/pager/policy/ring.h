/* A circle of frames, for policies that keep an order: doubly linked by index, through a sentinel at
 * index `nframes`. Each operation is a handful of instructions. A frame that is out links to itself. */
#ifndef PAGER_POLICY_RING_H
#define PAGER_POLICY_RING_H

#include <stdint.h>

struct ring_link {
    uint32_t next, prev;
};

static inline void ring_init(struct ring_link *ring, uint32_t nframes)
{
    for (uint32_t i = 0; i <= nframes; i++)
        ring[i] = (struct ring_link){i, i};
}

static inline void ring_insert_before(struct ring_link *ring, uint32_t at, uint32_t frame)
{
    uint32_t prev = ring[at].prev;
    ring[frame] = (struct ring_link){at, prev};
    ring[prev].next = frame;
    ring[at].prev = frame;
}

static inline void ring_remove(struct ring_link *ring, uint32_t frame)
{
    struct ring_link link = ring[frame];
    ring[link.prev].next = link.next;
    ring[link.next].prev = link.prev;
    ring[frame] = (struct ring_link){frame, frame};
}

#endif
