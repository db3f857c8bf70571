/* Private pages: a frame, or a swap slot, or nothing yet (shared anonymous memory before its first
 * touch). Swap slots are given back through the anon entry itself, which stays taken (refs 0) in the
 * list `slots_due` until the request could be posted: so freeing needs no memory. */
#include "anon.h"
#include "frame.h"
#include "park.h"
#include "reclaim.h"
#include <proto/swap.h>

static void entry_free(struct pager *pg, uint32_t id)
{
    pg->anons[id].where = pg->anon_free;
    pg->anon_free = id;
    pg->anon_used--;
    if (pg->memory.head != NONE)
        park_wake_memory(pg);
}

static void slot_free(struct pager *pg, uint32_t slot, uint32_t key)
{
    uint64_t words[7] = {slot, key};
    kern_post(SRV_SWAP, swap_OP_free, 0, words);
}

/* The entry carries the slot until it can be posted. */
static void slot_due(struct pager *pg, uint32_t id, uint32_t slot)
{
    struct anon *a = &pg->anons[id];
    a->where = slot;
    a->vpage = pg->slots_due;
    pg->slots_due = id;
    anon_free_slots(pg);
}

void anon_free_slots(struct pager *pg)
{
    while (pg->nstale > 0) {
        pg->nstale--;
        slot_free(pg, pg->stale[pg->nstale].slot, pg->stale[pg->nstale].key);
    }
    while (pg->slots_due != NONE && kern_room(SRV_SWAP) > 0) {
        uint32_t id = pg->slots_due;
        struct anon *a = &pg->anons[id];
        pg->slots_due = a->vpage;
        slot_free(pg, a->where, id);
        pg->swap_used--;
        pg->swap_full = false;
        entry_free(pg, id);
    }
}

static void frame_drop(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    pg->nanon_frames--;
    reclaim_forget(pg, frame);
    if (f->flags & FRAME_IO)
        f->owner = NONE;
    else
        frame_free(pg, frame);
}

/* An orphan's swap-in may still be reading the slot: it keeps the slot, and the completion frees
 * both (reclaim.c); all others part with it here. */
static void release(struct pager *pg, uint32_t id)
{
    struct anon *a = &pg->anons[id];
    uint32_t slot = NONE;
    if (a->where == ANON_EMPTY) {
        entry_free(pg, id);
        return;
    }
    if (a->where & ANON_SLOT) {
        slot = a->where & ~ANON_SLOT;
    } else {
        struct frame *f = frame_of(pg, a->where);
        if (f->flags & FRAME_IO)
            f->index = id; /* the key, and the entry, wait for the end of the I/O */
        else
            slot = f->slot;
        bool orphan = f->flags & FRAME_IO;
        frame_drop(pg, a->where);
        if (orphan)
            return;
    }
    if (slot == NONE)
        entry_free(pg, id);
    else
        slot_due(pg, id, slot);
}

void anon_put(struct pager *pg, uint32_t anon)
{
    if (--pg->anons[anon].refs == 0)
        release(pg, anon);
}

void anon_orphan_end(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    uint32_t id = f->index, slot = f->slot;
    frame_free(pg, frame);
    if (slot == NONE)
        entry_free(pg, id);
    else
        slot_due(pg, id, slot);
}

void anon_spoil(struct pager *pg, uint32_t anon)
{
    struct frame *f = frame_of(pg, pg->anons[anon].where);
    if (f->flags & FRAME_WRITING)
        f->flags |= FRAME_DIRTY; /* the copy on its way is stale when it arrives */
    if (f->slot == NONE)
        return;
    if (pg->nstale == STALE_SLOTS)
        anon_free_slots(pg);
    pg->stale[pg->nstale].slot = f->slot;
    pg->stale[pg->nstale++].key = anon;
    pg->swap_used--;
    pg->swap_full = false;
    f->slot = NONE;
}

void anon_evict(struct pager *pg, uint32_t anon)
{
    struct anon *a = &pg->anons[anon];
    uint32_t frame = a->where;
    a->where = ANON_SLOT | frame_of(pg, frame)->slot;
    pg->nanon_frames--;
    reclaim_forget(pg, frame);
    frame_free(pg, frame);
}
