/* Figures. Counters are kept where things happen; levels are taken from the books when asked. */
#include "stats.h"
#include <string.h>
#include "anon.h"
#include "frame.h"
#include "softpt.h"
#include "vma.h"

void stats_collect(struct pager *pg, struct pager_stats *out)
{
    *out = pg->stats;
    out->frames_total = pg->nframes;
    out->frames_free = pg->nfree;
    out->frames_cleared = frame_cleared(pg);
    out->frames_anon = pg->nanon_frames;
    out->frames_file = pg->nfile_frames;
    out->frames_dirty_file = pg->dirty_files;
    out->frames_table = pg->ntables;
    out->frames_message = pg->nmessages;
    out->swap_total = pg->swap_total;
    out->swap_free = pg->swap_total - pg->swap_used;
    out->address_spaces = pg->naspaces;
    out->vmas = pg->vma_used;
    out->objects = pg->object_used;
    out->streams = pg->stream_used;
}

/* What one word counts as. */
struct tally {
    uint64_t resident, shared, swapped, dirty;
};

static void count_anon(struct pager *pg, const struct anon *a, struct tally *t)
{
    if (a->where == ANON_EMPTY)
        return;
    if (!anon_is_resident(a)) {
        t->swapped++;
        return;
    }
    t->resident++;
    t->shared += a->refs > 1;
    t->dirty += frame_of(pg, a->where)->slot == NONE;
}

static void count_word(struct pager *pg, uint32_t word, struct tally *t)
{
    if ((word & WORD_KIND) == WORD_ANON) {
        count_anon(pg, &pg->anons[word & WORD_ID], t);
    } else if ((word & WORD_KIND) == WORD_FILE) {
        const struct frame *f = frame_of(pg, word & WORD_ID);
        t->resident++;
        t->shared += f->nmap > 1;
        t->dirty += f->state == FRAME_FILE && f->flags & FRAME_DIRTY;
    }
}

static struct tally count_range(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    struct tally t = {0};
    vaddr_t va = start;
    uint32_t leaf;
    while (va < end && (leaf = softpt_next(pg, as, &va, end)) != NONE) {
        vaddr_t low = va < start ? start : va;
        vaddr_t high = va + LEAF_BYTES < end ? va + LEAF_BYTES : end;
        for (vaddr_t at = low; at < high; at += PAGE_SIZE)
            count_word(pg, pg->nodes[leaf].word[leaf_index(at)], &t);
        va += LEAF_BYTES;
    }
    return t;
}

void stats_of_process(struct pager *pg, struct aspace *as, struct pager_proc_stats *out)
{
    struct tally t = count_range(pg, as, 0, USER_END);
    out->faults = as->faults;
    memcpy(out->actions, as->actions, sizeof out->actions);
    out->resident = t.resident;
    out->shared = t.shared;
    out->swapped = t.swapped;
    out->tables = as->ntables;
    out->virtual_pages = as->virtual_pages;
}

void stats_of_vma(struct pager *pg, struct aspace *as, const struct vma *v, struct pager_vma *out)
{
    struct tally t = count_range(pg, as, v->start, v->end);
    uint64_t map = v->shared ? PAGER_MAP_SHARED : PAGER_MAP_PRIVATE;
    if (v->object == NONE)
        map |= PAGER_MAP_ANONYMOUS;
    *out = (struct pager_vma){.start = v->start, .end = v->end,
                              .prot_flags = v->prot | map << 8 | (uint64_t)v->kind << 16,
                              .offset = v->object == NONE ? 0 : v->first << PAGE_SHIFT,
                              .object = v->object == NONE ? 0 : pg->objects[v->object].number,
                              .resident = t.resident, .dirty = t.dirty, .swapped = t.swapped};
}

uint32_t stats_trace(struct pager *pg, const struct aspace *as, void *out, uint32_t room)
{
    const uint32_t all = TRACE_FAULTS, one = sizeof(struct pager_fault);
    uint32_t n = as->ntrace < all ? as->ntrace : all;
    if (as->trace == NONE)
        return 0;
    if (n > room / one)
        n = room / one;
    const struct pager_fault *ring = pg->traces[as->trace];
    for (uint32_t i = 0; i < n; i++)
        memcpy((uint8_t *)out + i * one, &ring[(as->ntrace - n + i) % all], one);
    return n * one;
}
