/* Frames: one 32-bit word for each page of RAM, and regions, which name runs of frames.
 *
 *   bit 31 = 1: page table; bits 0..9: its valid entries (user half, for a root)
 *   bit 31 = 0: bits 29..30: threads that have it as message page, bits 23..28: other pins,
 *               bits 0..22: mappings
 * A frame without a word (a device's) is never counted.
 */
#ifndef OBJECT_REGION_H
#define OBJECT_REGION_H

#include <abi/error.h>
#include "microkernel/arch/arch.h"
#include "microkernel/object/cap.h"

#define FRAME_TABLE (1u << 31)
#define FRAME_PIN (1u << 23)
#define FRAME_PINS (0x3fu << 23)
#define FRAME_MESSAGE (1u << 29)
#define FRAME_MESSAGES (3u << 29)
#define FRAME_MAPS (FRAME_PIN - 1)

struct frames {
    uint32_t *words;
    uint64_t first; /* physical frame number of words[0] */
    uint64_t count;
};

extern struct frames frames;

/* The word of a frame, NULL if it has none. Loops hand in a copy of `frames`, which their own stores
 * cannot change. */
static inline uint32_t *frame_word_in(const struct frames *f, uint64_t pfn)
{
    return pfn - f->first < f->count ? &f->words[pfn - f->first] : NULL;
}

static inline uint32_t *frame_word(uint64_t pfn)
{
    return frame_word_in(&frames, pfn);
}

/* The word of a frame that is known to be RAM. */
static inline uint32_t *table_word(const void *table)
{
    return &frames.words[(ptr_phys(table) >> PAGE_SHIFT) - frames.first];
}

/* One more mapping is possible. => ERR_BUSY: a table; ERR_NOMEM: too many. */
static inline int frame_map_check(const uint32_t *word)
{
    if (*word & FRAME_TABLE)
        return ERR_BUSY;
    return (*word & FRAME_MAPS) == FRAME_MAPS ? ERR_NOMEM : 0;
}

/* Kernel address of a RAM frame of the region that is no table, for clear, copy and message pages.
 * => ERR_RANGE, ERR_TYPE (device), ERR_BUSY (a table). */
int region_ram_frame(const struct cap *region, uint64_t index, uint32_t **word, void **page);

/* One more pin, one less. => errors of region_ram_frame; pin: ERR_NOMEM (too many); unpin:
 * ERR_RANGE (none). */
int region_pin(const struct cap *region, uint64_t index);
int region_unpin(const struct cap *region, uint64_t index);

/* The same for a message page, which users cannot unpin: the kernel writes there.
 * => *page: its address; errors of region_ram_frame; ERR_NOMEM (too many threads). */
int region_pin_message(const struct cap *region, uint64_t index, void **page);
void message_unpin(const void *page);

/* The frames of a region that is deleted are looked at, some at a time. => 0: all unused;
 * ERR_BUSY: one is in use, the region is as before; ERR_AGAIN: call again. Meanwhile the region
 * is shorter than it was. */
int region_release_step(struct cap *region);

#endif
