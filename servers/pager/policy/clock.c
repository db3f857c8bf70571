/* CLOCK, or second chance: the frames stand in a circle; the hand gives up the first one that was not
 * used since it passed last. The sentinel of the ring stands at the hand: its successor is the frame
 * that the hand points at, new frames go in behind it. `used` is the reference bit. */
#include <stdio.h>
#include "policy.h"
#include "ring.h"

struct clock {
    uint32_t nframes, count;
    uint64_t passed;     /* second chances given */
    uint8_t *used;       /* behind the ring */
    struct ring_link ring[];
};

static size_t clock_bytes(uint32_t nframes)
{
    return sizeof(struct clock) + (nframes + 1) * sizeof(struct ring_link) + nframes;
}

static void clock_init(void *self, uint32_t nframes)
{
    struct clock *c = self;
    c->nframes = nframes;
    c->count = 0;
    c->passed = 0;
    c->used = (uint8_t *)&c->ring[nframes + 1];
    ring_init(c->ring, nframes);
}

static void clock_insert(void *self, uint32_t frame, struct policy_page name,
                         enum policy_reason reason)
{
    struct clock *c = self;
    ring_insert_before(c->ring, c->nframes, frame);
    c->used[frame] = reason == POLICY_FAULT_SWAP;
    c->count++;
}

static void clock_touched(void *self, uint32_t frame)
{
    ((struct clock *)self)->used[frame] = 1;
}

static void clock_dirty(void *self, uint32_t frame)
{
}

static void clock_remove(void *self, uint32_t frame, bool given_up)
{
    struct clock *c = self;
    ring_remove(c->ring, frame);
    c->count--;
}

/* The hand goes past the frame that it points at. */
static void pass(struct clock *c, uint32_t frame)
{
    ring_remove(c->ring, frame);
    ring_insert_before(c->ring, c->nframes, frame);
}

static uint32_t clock_victim(void *self)
{
    struct clock *c = self;
    if (c->count == 0)
        return POLICY_NONE;
    uint32_t frame = c->ring[c->nframes].next;
    while (c->used[frame]) {
        c->used[frame] = 0;
        c->passed++;
        pass(c, frame);
        frame = c->ring[c->nframes].next;
    }
    return frame;
}

static void clock_rejected(void *self, uint32_t frame)
{
    pass(self, frame);
}

static void clock_tick(void *self)
{
}

/* Unused ones from the hand on, then the used ones. */
static uint32_t clock_coldest(void *self, uint32_t *order, uint32_t room)
{
    struct clock *c = self;
    uint32_t n = 0;
    for (int used = 0; used < 2; used++)
        for (uint32_t at = c->ring[c->nframes].next; at != c->nframes && n < room;
             at = c->ring[at].next)
            if (c->used[at] == used)
                order[n++] = at;
    return n;
}

static uint32_t clock_read_around(void *self, struct policy_page name, uint32_t limit)
{
    return limit;
}

static size_t clock_describe(void *self, char *text, size_t room)
{
    struct clock *c = self;
    return snprintf(text, room, "clock: %u frames, %lu second chances given", c->count,
                    (unsigned long)c->passed);
}

const struct policy_ops policy_clock = {
    .name = "clock",
    .summary = "second chance: a hand passes over what was used",
    .bytes = clock_bytes,
    .init = clock_init,
    .insert = clock_insert,
    .touched = clock_touched,
    .dirty = clock_dirty,
    .remove = clock_remove,
    .victim = clock_victim,
    .rejected = clock_rejected,
    .tick = clock_tick,
    .coldest = clock_coldest,
    .read_around = clock_read_around,
    .describe = clock_describe,
};
