/* Giving up frames. A victim's way:
 *
 *   anon, copy in swap is good    unmapped, frame freed                      at once
 *   anon, no copy                 unmapped, WRITING -> swap slot -> freed    kept if used meanwhile
 *   file, clean                   unmapped, frame freed                      at once
 *   file, dirty                   unmapped, WRITING -> freed                 kept if used meanwhile
 *   FRESH, I/O in flight, no swap left: rejected
 *
 * `evictions` counts writes that were started to free a frame. When nothing can be given up and
 * somebody waits for memory, sampling is brought forward (it ends FRESH); if that doesn't help either,
 * a process is ended (oom.c).
 */
#include "reclaim.h"
#include "anon.h"
#include "batch.h"
#include "fileio.h"
#include "frame.h"
#include "object.h"
#include "oom.h"
#include "park.h"
#include "rmap.h"
#include <proto/swap.h>

#define EVICTIONS_IN_FLIGHT 20u
#define VICTIMS_PER_STEP 16u
#define REJECTIONS 8u
#define FALLBACK_LOOK 512u

enum verdict { GIVEN_UP, STARTED, REJECTED, NO_ROOM };

void reclaim_forget(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    if (!(f->flags & FRAME_LISTED))
        return;
    f->flags &= ~FRAME_LISTED;
    pg->policy->remove(pg->policy_self, frame, pg->evicting);
}

void reclaim_dirty(struct pager *pg, uint32_t frame)
{
    if (frame_of(pg, frame)->flags & FRAME_LISTED)
        pg->policy->dirty(pg->policy_self, frame);
}

void reclaim_touched(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->flags |= FRAME_REF;
    if (f->flags & FRAME_LISTED)
        pg->policy->touched(pg->policy_self, frame);
}

uint32_t reclaim_read_around(struct pager *pg, struct object *o, uint64_t index)
{
    struct policy_page name = {o->number, index};
    uint32_t n = pg->policy->read_around(pg->policy_self, name, pg->read_ahead);
    return n < pg->read_ahead ? n : pg->read_ahead;
}

static bool swap_has_room(const struct pager *pg)
{
    return pg->swap_used + pg->evictions < pg->swap_total && !pg->swap_full;
}

static bool may_start(const struct pager *pg, enum server_id peer)
{
    return pg->evictions < EVICTIONS_IN_FLIGHT && kern_room(peer) > 0;
}

static enum verdict evict_anon(struct pager *pg, uint32_t frame, bool may_write)
{
    struct frame *f = frame_of(pg, frame);
    if (f->slot != NONE) {
        rmap_unmap(pg, frame);
        pg->stats.evicted_clean++;
        anon_evict(pg, f->owner);
        return GIVEN_UP;
    }
    if (!swap_has_room(pg))
        return REJECTED;
    if (!may_write || !may_start(pg, SRV_SWAP))
        return NO_ROOM;
    anon_free_slots(pg);
    rmap_unmap(pg, frame);
    f->flags = (f->flags & ~FRAME_DIRTY) | FRAME_WRITING | FRAME_EVICT;
    uint64_t words[7] = {frame, f->owner};
    kern_post(SRV_SWAP, swap_OP_out, frame, words);
    pg->stats.swap_writes++;
    pg->evictions++;
    return STARTED;
}

static enum verdict evict_file(struct pager *pg, uint32_t frame, bool may_write)
{
    struct frame *f = frame_of(pg, frame);
    if (f->flags & FRAME_DIRTY) {
        if (!may_write || !may_start(pg, SRV_FS))
            return NO_ROOM;
        rmap_unmap(pg, frame);
        f->flags |= FRAME_EVICT;
        fileio_write(pg, frame);
        if (f->flags & FRAME_WRITING)
            return STARTED;
    }
    struct object *o = &pg->objects[f->owner];
    rmap_unmap(pg, frame);
    pg->stats.evicted_clean++;
    object_page_drop(pg, frame);
    object_settle(pg, o);
    return GIVEN_UP;
}

static enum verdict evict(struct pager *pg, uint32_t frame, bool may_write)
{
    struct frame *f = frame_of(pg, frame);
    if (f->flags & (FRAME_IO | FRAME_FRESH))
        return REJECTED;
    pg->evicting = true;
    enum verdict verdict = f->state == FRAME_ANON ? evict_anon(pg, frame, may_write)
                                                  : evict_file(pg, frame, may_write);
    pg->evicting = false;
    return verdict;
}

/* The pager's own clock over the frame table, for when the policy only names what cannot go. */
static uint32_t fallback_victim(struct pager *pg)
{
    for (uint32_t i = 0; i < FALLBACK_LOOK + pg->nframes / 8; i++) {
        uint32_t frame = pg->fallback_hand;
        struct frame *f = frame_of(pg, frame);
        pg->fallback_hand = frame + 1 == pg->nframes ? 0 : frame + 1;
        if (!(f->flags & FRAME_LISTED) || f->flags & (FRAME_IO | FRAME_FRESH))
            continue;
        if (f->state == FRAME_ANON && f->slot == NONE && !swap_has_room(pg))
            continue;
        if (!(f->flags & FRAME_REF))
            return frame;
        f->flags &= ~FRAME_REF;
    }
    return NONE;
}

static enum verdict give_up_one(struct pager *pg, bool may_write)
{
    enum verdict verdict = REJECTED;
    for (uint32_t tries = 0; tries < REJECTIONS; tries++) {
        uint32_t frame = pg->policy->victim(pg->policy_self);
        if (frame == POLICY_NONE || frame >= pg->nframes ||
            !(frame_of(pg, frame)->flags & FRAME_LISTED))
            break;
        verdict = evict(pg, frame, may_write);
        if (verdict == GIVEN_UP)
            return verdict;
        if (verdict == NO_ROOM && may_write)
            return verdict;
        pg->policy->rejected(pg->policy_self, frame);
        if (verdict == STARTED)
            return verdict;
    }
    uint32_t frame = fallback_victim(pg);
    return frame == NONE ? REJECTED : evict(pg, frame, may_write);
}

bool reclaim_now(struct pager *pg)
{
    return give_up_one(pg, false) == GIVEN_UP;
}

static bool is_short(const struct pager *pg)
{
    return pg->nfree + pg->evictions < pg->high;
}

/* Nothing could be given up. Sampling ends FRESH; after three rounds in vain nothing will help. */
static void reclaim_stuck(struct pager *pg)
{
    uint64_t soon = pg->now + pg->hz / 100;
    pg->work &= ~WORK_RECLAIM;
    if ((pg->memory.head == NONE && !pg->jobs_wait) || pg->evictions > 0 || pg->file_io > 0)
        return;
    if (pg->scan_due == 0 || pg->scan_due > soon)
        pg->scan_due = soon;
    if (pg->stuck_rounds >= STUCK_ROUNDS && pg->memory.head != NONE)
        oom_kill(pg);
}

void reclaim_step(struct pager *pg)
{
    uint32_t progress = 0;
    if (!is_short(pg) && pg->memory.head == NONE && !pg->jobs_wait) {
        pg->work &= ~WORK_RECLAIM;
        return;
    }
    for (uint32_t i = 0; i < VICTIMS_PER_STEP && is_short(pg); i++) {
        enum verdict verdict = give_up_one(pg, true);
        if (verdict == NO_ROOM) {
            pg->work &= ~WORK_RECLAIM; /* completions set it again */
            return;
        }
        progress += verdict != REJECTED;
    }
    if (progress > 0)
        pg->stuck_rounds = 0;
    else
        reclaim_stuck(pg);
}

uint32_t swap_in(struct pager *pg, uint32_t anon)
{
    struct anon *a = &pg->anons[anon];
    uint32_t slot = a->where & ~ANON_SLOT, frame = frame_take(pg, FRAME_NORMAL);
    if (frame == NONE)
        return NONE;
    struct frame *f = frame_of(pg, frame);
    uint64_t words[7] = {slot, frame, anon};
    anon_set_frame(pg, anon, frame);
    f->slot = slot;
    f->flags = FRAME_READING;
    kern_post(SRV_SWAP, swap_OP_in, frame, words);
    pg->stats.swap_reads++;
    pg->swap_reading++;
    return frame;
}

static void swapped_in(struct pager *pg, uint32_t frame, int status)
{
    struct frame *f = frame_of(pg, frame);
    pg->swap_reading--;
    if (f->owner == NONE) {
        anon_orphan_end(pg, frame);
        return;
    }
    if (status != 0) {
        kern_log("page could not be read back from swap: error %d", status);
        pg->anons[f->owner].where = ANON_SLOT | f->slot;
        pg->nanon_frames--;
        park_wake_frame(pg, frame, ERR_IO);
        frame_free(pg, frame);
        return;
    }
    f->flags |= FRAME_FRESH;
    reclaim_insert(pg, frame, f->waiters == NONE ? POLICY_READ_AROUND : POLICY_FAULT_SWAP);
    park_wake_frame(pg, frame, 0);
}

/* Written, but somebody has stored to it meanwhile: the copy is stale. */
static void copy_is_stale(struct pager *pg, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->flags &= ~FRAME_DIRTY;
    anon_spoil(pg, f->owner);
}

static void swapped_out(struct pager *pg, uint32_t frame, int status, uint64_t slot)
{
    struct frame *f = frame_of(pg, frame);
    bool unused = f->flags & FRAME_EVICT && f->nmap == 0;
    pg->evictions--;
    f->flags &= ~FRAME_EVICT;
    if (status == 0) {
        f->slot = slot;
        pg->swap_used++;
    } else if (status == ERR_NOSPC) {
        pg->swap_full = true;
    } else {
        pg->swap_full = ++pg->swap_errors > 64;
        kern_log("page could not be written to swap: error %d", status);
    }
    if (f->owner == NONE) {
        anon_orphan_end(pg, frame);
    } else if (status == 0 && f->flags & FRAME_DIRTY) {
        copy_is_stale(pg, frame);
    } else if (status == 0 && unused) {
        pg->evicting = true;
        pg->stats.evicted_swap++;
        anon_evict(pg, f->owner);
        pg->evicting = false;
    }
}

void swap_done(struct pager *pg, uint32_t op, uint64_t cookie, int status, uint64_t slot)
{
    uint32_t frame = cookie, flag = op == swap_OP_in ? FRAME_READING : FRAME_WRITING;
    if (cookie >= pg->nframes || frame_of(pg, frame)->state != FRAME_ANON ||
        !(frame_of(pg, frame)->flags & flag))
        return;
    if (op == swap_OP_out && status == 0 && slot >= ANON_EMPTY >> 1)
        status = ERR_RANGE;
    frame_of(pg, frame)->flags &= ~flag;
    if (op == swap_OP_in)
        swapped_in(pg, frame, status);
    else
        swapped_out(pg, frame, status, slot);
    pg->work |= WORK_JOBS;
    if (pg->nfree < pg->high || pg->memory.head != NONE)
        pg->work |= WORK_RECLAIM;
}

bool policy_switch(struct pager *pg, const struct policy_ops *next)
{
    if (next == pg->policy)
        return false;
    void *self = pg->policy_memory[pg->policy_self == pg->policy_memory[0]];
    uint32_t n = pg->policy->coldest(pg->policy_self, pg->policy_order, pg->nframes);
    next->init(self, pg->nframes);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t frame = pg->policy_order[i];
        struct frame *f = frame_of(pg, frame);
        next->insert(self, frame, page_name(pg, f), POLICY_HANDOVER);
        if (f->flags & FRAME_DIRTY)
            next->dirty(self, frame);
    }
    pg->policy = next;
    pg->policy_self = self;
    pg->stats.policy_switches++;
    return true;
}
