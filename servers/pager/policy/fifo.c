/* FIFO: give up what came first. The simplest policy there is, and the one that shows Belady's
 * anomaly. State: a circle of frames; the sentinel's successor is the oldest. */
#include <stdio.h>
#include "policy.h"
#include "ring.h"

struct fifo {
    uint32_t nframes, count;
    struct ring_link ring[];
};

static size_t fifo_bytes(uint32_t nframes)
{
    return sizeof(struct fifo) + (nframes + 1) * sizeof(struct ring_link);
}

static void fifo_init(void *self, uint32_t nframes)
{
    struct fifo *f = self;
    f->nframes = nframes;
    f->count = 0;
    ring_init(f->ring, nframes);
}

static void fifo_insert(void *self, uint32_t frame, struct policy_page name,
                        enum policy_reason reason)
{
    struct fifo *f = self;
    ring_insert_before(f->ring, f->nframes, frame);
    f->count++;
}

static void fifo_ignore(void *self, uint32_t frame)
{
}

static void fifo_remove(void *self, uint32_t frame, bool given_up)
{
    struct fifo *f = self;
    ring_remove(f->ring, frame);
    f->count--;
}

static uint32_t fifo_victim(void *self)
{
    struct fifo *f = self;
    return f->count == 0 ? POLICY_NONE : f->ring[f->nframes].next;
}

static void fifo_rejected(void *self, uint32_t frame)
{
    struct fifo *f = self;
    ring_remove(f->ring, frame);
    ring_insert_before(f->ring, f->nframes, frame);
}

static void fifo_tick(void *self)
{
}

static uint32_t fifo_coldest(void *self, uint32_t *order, uint32_t room)
{
    struct fifo *f = self;
    uint32_t n = 0;
    for (uint32_t at = f->ring[f->nframes].next; at != f->nframes && n < room; at = f->ring[at].next)
        order[n++] = at;
    return n;
}

static uint32_t fifo_read_around(void *self, struct policy_page name, uint32_t limit)
{
    return limit;
}

static size_t fifo_describe(void *self, char *text, size_t room)
{
    return snprintf(text, room, "fifo: %u frames in order of arrival", ((struct fifo *)self)->count);
}

const struct policy_ops policy_fifo = {
    .name = "fifo",
    .summary = "first in, first out",
    .bytes = fifo_bytes,
    .init = fifo_init,
    .insert = fifo_insert,
    .touched = fifo_ignore,
    .dirty = fifo_ignore,
    .remove = fifo_remove,
    .victim = fifo_victim,
    .rejected = fifo_rejected,
    .tick = fifo_tick,
    .coldest = fifo_coldest,
    .read_around = fifo_read_around,
    .describe = fifo_describe,
};
