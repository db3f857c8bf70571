/* Items (<abi/item.h>) written down by name. Each builder returns the three words; results come back
 * in place. A count of 0 stands for one page where the operation says so. */
#ifndef LIB_SYS_ITEM_H
#define LIB_SYS_ITEM_H

#include <abi/item.h>

/* Where a frame is: a region capability and the index in it. */
struct frame {
    slot_t region;
    pfn_t index;
};

static inline struct item item_map(slot_t vspace, vaddr_t va, struct frame frame, unsigned prot,
                                   unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_MAP, prot, vspace, frame.region, npages), va, frame.index};
}

static inline struct item item_unmap(slot_t vspace, vaddr_t va, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_UNMAP, 0, vspace, 0, npages), va, 0};
}

static inline struct item item_unmap_if_clean(slot_t vspace, vaddr_t va, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_UNMAP_IF_CLEAN, 0, vspace, 0, npages), va, 0};
}

static inline struct item item_replace(slot_t vspace, vaddr_t va, struct frame frame, unsigned prot)
{
    return (struct item){ITEM_W0(ITEM_REPLACE, prot, vspace, frame.region, 0), va, frame.index};
}

static inline struct item item_protect(slot_t vspace, vaddr_t va, unsigned prot, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_PROTECT, prot, vspace, 0, npages), va, 0};
}

static inline struct item item_harvest(slot_t vspace, vaddr_t va, unsigned clear, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_HARVEST, clear, vspace, 0, npages), va, 0};
}

static inline struct item item_clone(slot_t to, slot_t from, vaddr_t va, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_CLONE, 0, to, from, npages), va, 0};
}

static inline struct item item_donate(slot_t vspace, vaddr_t va, unsigned level, struct frame frame)
{
    return (struct item){ITEM_W0(ITEM_DONATE, level, vspace, frame.region, 0), va, frame.index};
}

static inline struct item item_take_table(slot_t vspace, vaddr_t va, unsigned level, slot_t region)
{
    return (struct item){ITEM_W0(ITEM_TAKE_TABLE, level, vspace, region, 0), va, 0};
}

static inline struct item item_pin(struct frame frame, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_PIN, 0, 0, frame.region, npages), 0, frame.index};
}

static inline struct item item_unpin(struct frame frame, unsigned npages)
{
    return (struct item){ITEM_W0(ITEM_UNPIN, 0, 0, frame.region, npages), 0, frame.index};
}

static inline struct item item_clear(struct frame frame, unsigned offset, unsigned len_bytes)
{
    return (struct item){ITEM_W0(ITEM_CLEAR, 0, 0, frame.region, 0),
                         offset | (uint64_t)len_bytes << 32, frame.index};
}

/* len_bytes 0: the whole page. Neither side may cross the end of its page. */
static inline struct item item_copy(struct frame to, unsigned to_offset, struct frame from,
                                    unsigned from_offset, unsigned len_bytes)
{
    return (struct item){ITEM_W0(ITEM_COPY, 0, to.region, from.region, len_bytes),
                         (uint64_t)to.index << PAGE_SHIFT | to_offset,
                         (uint64_t)from.index << PAGE_SHIFT | from_offset};
}

#endif
