/* Frame words and regions. */
#include "microkernel/object/region.h"

#include <abi/error.h>

#define RELEASE_STEP 256u

struct frames frames;

int region_ram_frame(const struct cap *region, uint64_t index, uint32_t **word, void **page)
{
    if (index >= region->npages)
        return ERR_RANGE;
    if (region->device)
        return ERR_TYPE;
    uint64_t pfn = region->pfn + index;
    *word = frame_word(pfn);
    if (**word & FRAME_TABLE)
        return ERR_BUSY;
    *page = phys_ptr(pfn << PAGE_SHIFT);
    return 0;
}

int region_pin(const struct cap *region, uint64_t index)
{
    uint32_t *word;
    void *page;
    int r = region_ram_frame(region, index, &word, &page);
    if (r)
        return r;
    if ((*word & FRAME_PINS) == FRAME_PINS)
        return ERR_NOMEM;
    *word += FRAME_PIN;
    return 0;
}

int region_unpin(const struct cap *region, uint64_t index)
{
    uint32_t *word;
    void *page;
    int r = region_ram_frame(region, index, &word, &page);
    if (r)
        return r;
    if ((*word & FRAME_PINS) == 0)
        return ERR_RANGE;
    *word -= FRAME_PIN;
    return 0;
}

int region_pin_message(const struct cap *region, uint64_t index, void **page)
{
    uint32_t *word;
    int r = region_ram_frame(region, index, &word, page);
    if (r)
        return r;
    if ((*word & FRAME_MESSAGES) == FRAME_MESSAGES)
        return ERR_NOMEM;
    *word += FRAME_MESSAGE;
    return 0;
}

void message_unpin(const void *page)
{
    *frame_word(ptr_phys(page) >> PAGE_SHIFT) -= FRAME_MESSAGE;
}

int region_release_step(struct cap *region)
{
    if (region->device)
        return 0;
    if (!region->shrunken)
        region->shrunken = region->npages;
    for (uint32_t i = 0; i < RELEASE_STEP && region->npages; i++) {
        if (*frame_word(region->pfn + region->npages - 1)) {
            region->npages = region->shrunken;
            region->shrunken = 0;
            return ERR_BUSY;
        }
        region->npages--;
    }
    return region->npages ? ERR_AGAIN : 0;
}
