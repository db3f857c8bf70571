/* Aging, an approximation of LRU: each frame has an 8-bit age register. At every sampling round it is
 * shifted right, and 1 comes in at the top if the frame was used. Small means long unused. The victim
 * is the smallest of a sample of 32 frames ahead of a hand (exact search would be O(n)); among equals
 * one that needs no write. A frame that was rejected counts as used in this round. */
#include <stdio.h>
#include "policy.h"

#define SAMPLE 32u

struct age {
    uint8_t in, used, dirty, age;
};

struct aging {
    uint32_t nframes, count, hand;
    uint64_t rounds;
    struct age frame[];
};

static size_t aging_bytes(uint32_t nframes)
{
    return sizeof(struct aging) + nframes * sizeof(struct age);
}

static void aging_init(void *self, uint32_t nframes)
{
    struct aging *a = self;
    a->nframes = nframes;
    a->count = a->hand = 0;
    a->rounds = 0;
    for (uint32_t i = 0; i < nframes; i++)
        a->frame[i] = (struct age){0, 0, 0, 0};
}

static void aging_insert(void *self, uint32_t frame, struct policy_page name,
                         enum policy_reason reason)
{
    struct aging *a = self;
    uint8_t age = reason == POLICY_READ_AROUND ? 0x20 : 0x80;
    /* A handover comes coldest first: later ones get higher ages, in eight steps. */
    if (reason == POLICY_HANDOVER)
        age = 1u << (uint64_t)a->count * 8 / (a->nframes + 1);
    a->frame[frame] = (struct age){1, 0, 0, age};
    a->count++;
}

static void aging_touched(void *self, uint32_t frame)
{
    ((struct aging *)self)->frame[frame].used = 1;
}

static void aging_dirty(void *self, uint32_t frame)
{
    ((struct aging *)self)->frame[frame].dirty = 1;
}

static void aging_remove(void *self, uint32_t frame, bool given_up)
{
    struct aging *a = self;
    a->frame[frame].in = 0;
    a->count--;
}

static uint32_t rank(const struct age *f)
{
    return (uint32_t)f->used << 9 | (uint32_t)f->age << 1 | f->dirty;
}

/* Next frame that is in, from the hand on. Skips in bounded time: count > 0. */
static uint32_t advance(struct aging *a)
{
    uint32_t at = a->hand;
    while (!a->frame[at].in)
        at = at + 1 == a->nframes ? 0 : at + 1;
    a->hand = at + 1 == a->nframes ? 0 : at + 1;
    return at;
}

static uint32_t aging_victim(void *self)
{
    struct aging *a = self;
    if (a->count == 0)
        return POLICY_NONE;
    uint32_t best = advance(a), sample = a->count < SAMPLE ? a->count : SAMPLE;
    for (uint32_t i = 1; i < sample; i++) {
        uint32_t frame = advance(a);
        if (rank(&a->frame[frame]) < rank(&a->frame[best]))
            best = frame;
    }
    return best;
}

static void aging_rejected(void *self, uint32_t frame)
{
    struct aging *a = self;
    aging_touched(self, frame);
    a->hand = frame + 1 == a->nframes ? 0 : frame + 1;
}

static void aging_tick(void *self)
{
    struct aging *a = self;
    a->rounds++;
    for (uint32_t i = 0; i < a->nframes; i++) {
        struct age *f = &a->frame[i];
        f->age = f->age >> 1 | f->used << 7;
        f->used = 0;
    }
}

static uint32_t aging_coldest(void *self, uint32_t *order, uint32_t room)
{
    struct aging *a = self;
    uint32_t start[1025] = {0}, n = 0;
    for (uint32_t i = 0; i < a->nframes; i++)
        if (a->frame[i].in)
            start[rank(&a->frame[i]) + 1]++;
    for (uint32_t r = 0; r < 1024; r++)
        start[r + 1] += start[r];
    for (uint32_t i = 0; i < a->nframes; i++)
        if (a->frame[i].in && start[rank(&a->frame[i])] < room) {
            order[start[rank(&a->frame[i])]++] = i;
            n++;
        }
    return n;
}

static uint32_t aging_read_around(void *self, struct policy_page name, uint32_t limit)
{
    return limit;
}

static size_t aging_describe(void *self, char *text, size_t room)
{
    struct aging *a = self;
    return snprintf(text, room, "aging: %u frames, %lu rounds", a->count, (unsigned long)a->rounds);
}

const struct policy_ops policy_aging = {
    .name = "aging",
    .summary = "sampled LRU: an 8-bit age register for each frame",
    .bytes = aging_bytes,
    .init = aging_init,
    .insert = aging_insert,
    .touched = aging_touched,
    .dirty = aging_dirty,
    .remove = aging_remove,
    .victim = aging_victim,
    .rejected = aging_rejected,
    .tick = aging_tick,
    .coldest = aging_coldest,
    .read_around = aging_read_around,
    .describe = aging_describe,
};
