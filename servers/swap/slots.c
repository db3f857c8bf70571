#include "slots.h"

void slots_init(struct slots *slots, struct swap_slot *memory, uint32_t total)
{
    *slots = (struct slots){.slot = memory, .total = total, .nfree = total};
}

static void release(struct slots *slots, struct swap_slot *slot)
{
    slot->state = SLOT_FREE;
    slot->is_doomed = 0;
    slots->nfree++;
}

int slots_take(struct slots *slots, uint64_t key, uint32_t *out)
{
    uint32_t at = slots->cursor;

    if (slots->nfree == 0)
        return ERR_NOSPC;
    while (slots->slot[at].state != SLOT_FREE)
        at = at + 1 < slots->total ? at + 1 : 0;
    slots->slot[at] = (struct swap_slot){.key = key, .state = SLOT_WRITING};
    slots->nfree--;
    slots->cursor = at + 1 < slots->total ? at + 1 : 0;
    *out = at;
    return 0;
}

void slots_written(struct slots *slots, uint32_t slot, int status)
{
    slots->slot[slot].state = status == 0 ? SLOT_HELD : SLOT_BAD;
    slots->nbad += status != 0;
}

/* The slot that holds the page `key`. => 0, ERR_RANGE, ERR_CORRUPT. */
static int find(const struct slots *slots, uint64_t number, uint64_t key, struct swap_slot **out)
{
    if (number >= slots->total)
        return ERR_RANGE;
    *out = &slots->slot[number];
    if ((*out)->state != SLOT_HELD || (*out)->is_doomed)
        return ERR_RANGE;
    return (*out)->key == key ? 0 : ERR_CORRUPT;
}

int slots_read_begin(struct slots *slots, uint64_t number, uint64_t key)
{
    struct swap_slot *slot;
    int rc = find(slots, number, key, &slot);

    if (rc == 0)
        slot->readers++;
    return rc;
}

void slots_read_end(struct slots *slots, uint32_t number)
{
    struct swap_slot *slot = &slots->slot[number];

    slot->readers--;
    if (slot->is_doomed && slot->readers == 0)
        release(slots, slot);
}

int slots_free(struct slots *slots, uint64_t number, uint64_t key)
{
    struct swap_slot *slot;
    int rc = find(slots, number, key, &slot);

    if (rc < 0)
        return rc;
    if (slot->readers)
        slot->is_doomed = 1;
    else
        release(slots, slot);
    return 0;
}
