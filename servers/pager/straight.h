/* The straight path of a fault: the rows of resolve.c's table that programs meet most, when nothing
 * is in the way.
 *
 *   nothing, or the zero frame   store    a frame that was cleared ahead
 *   nothing                      load     the zero frame
 *   anon, sole holder            store    the page becomes writable
 *   anon, several holders        store    a copy
 *
 * In an anonymous private area that was hit last, in a leaf that was found last, with enough free
 * memory and no I/O on the page. It either decides and books everything and leaves the one item that
 * makes it true, or changes nothing: then fault_serve() serves the fault, with the same result. */
#ifndef PAGER_STRAIGHT_H
#define PAGER_STRAIGHT_H

#include "anon.h"
#include "fault.h"
#include "frame.h"
#include "reclaim.h"
#include "rmap.h"
#include "softpt.h"
#include "vma.h"

#define STRAIGHT static inline __attribute__((always_inline)) /* no registers are saved on the way */

/* A fault, as far as its message says. */
struct straight {
    struct aspace *as;
    const struct vma *v;
    struct softpte p;
    vaddr_t va;      /* of the page */
    struct item *item;
};

STRAIGHT bool straight_count(struct pager *pg, struct aspace *as, uint32_t action)
{
    pg->stats.faults++;
    as->faults++;
    fault_count(pg, as, action);
    return true;
}

/* Book `frame`, just taken, as a new private page of the faulter. => the anon. */
STRAIGHT void straight_own(struct pager *pg, struct straight *s, uint32_t frame,
                                enum policy_reason reason)
{
    uint32_t id = anon_make(pg, s->as, s->va);
    struct frame *f = frame_of(pg, frame_init(pg, frame));
    anon_set_frame(pg, id, frame);
    f->nmap = 1;
    f->flags = FRAME_FRESH;
    softpt_set(pg, s->p, WORD_ANON | WORD_WRITE | WORD_MAPPED | id);
    reclaim_insert(pg, frame, reason);
}

STRAIGHT bool straight_zero(struct pager *pg, struct straight *s, uint32_t word)
{
    uint32_t frame = cleared_take(pg), rights = rmap_rights(s->v, true);
    uint32_t op = word == 0 ? ITEM_MAP : ITEM_REPLACE;
    if (__builtin_expect(frame == NONE, 0))
        return false;
    frame_stock_used(pg);
    s->as->nanon++;
    straight_own(pg, s, frame, POLICY_FAULT_ZERO);
    *s->item = (struct item){ITEM_W0(op, rights, 0, SLOT_RAM, 0), s->va, frame};
    return straight_count(pg, s->as, word != 0                  ? PAGER_ACTION_zero_upgrade
                                     : s->v->kind == VMA_STACK ? PAGER_ACTION_stack_grow
                                                               : PAGER_ACTION_zero_fill);
}

STRAIGHT bool straight_share(struct pager *pg, struct straight *s)
{
    uint32_t rights = rmap_rights(s->v, false);
    softpt_set(pg, s->p, WORD_ZERO | WORD_MAPPED);
    *s->item = (struct item){ITEM_W0(ITEM_MAP, rights, 0, SLOT_RAM, 0), s->va, pg->zero_frame};
    return straight_count(pg, s->as, PAGER_ACTION_zero_share);
}

STRAIGHT bool straight_sole(struct pager *pg, struct straight *s, struct anon *an, struct frame *f)
{
    uint32_t rights = rmap_rights(s->v, true);
    an->hint = s->as->slot;
    f->flags = (f->flags | FRAME_FRESH) & ~FRAME_EVICT;
    *s->p.word |= WORD_WRITE;
    *s->item = (struct item){ITEM_W0(ITEM_PROTECT, rights, 0, SLOT_RAM, 0), s->va, 0};
    return straight_count(pg, s->as, PAGER_ACTION_cow_sole);
}

/* By value: on the other ways nothing of it need be in memory. */
static __attribute__((noinline)) bool straight_copy(struct pager *pg, struct straight s, struct anon *an, struct frame *f)
{
    uint32_t frame = pg->free_list, from = an->where, rights = rmap_rights(s.v, true);
    if (__builtin_expect(frame == NONE, 0))
        return false;
    pg->free_list = frame_of(pg, frame)->next;
    straight_own(pg, &s, frame, POLICY_FAULT_COPY);
    f->nmap--;
    an->refs--;
    *s.item = (struct item){ITEM_W0(ITEM_COPY_MAP, rights, 0, SLOT_RAM, 0), s.va,
                             frame | (uint64_t)from << 32};
    return straight_count(pg, s.as, PAGER_ACTION_cow_copy);
}

/* A store to an anon that is mapped read-only. */
STRAIGHT bool straight_held(struct pager *pg, struct straight *s, uint32_t word)
{
    struct anon *an = &pg->anons[word & WORD_ID];
    if ((word & (WORD_MAPPED | WORD_WRITE)) != WORD_MAPPED || !anon_is_resident(an))
        return false;
    struct frame *f = frame_of(pg, an->where);
    if ((f->flags & FRAME_IO) || f->slot != NONE)
        return false;
    return an->refs == 1 ? straight_sole(pg, s, an, f) : straight_copy(pg, *s, an, f);
}

/* Is there room for what the straight path takes, without anybody else having to move? (The low
 * watermark is above the reserve.) */
STRAIGHT bool straight_has_room(const struct pager *pg)
{
    return pg->nfree > pg->low && pg->anon_free != NONE;
}

/* Serve a page fault of `as`, which is doing nothing else: words 0..3 of its message.
 * => true: *item is the answer. false: nothing was changed. */
STRAIGHT bool fault_straight(struct pager *pg, struct aspace *as, const uint64_t *m,
                                  struct item *item)
{
    struct straight s = {.as = as, .va = m[0] & ~PAGE_MASK, .item = item};
    uint32_t leaf = as->cache_node, word;
    if (as->last_vma == NONE || as->cache_key != s.va / LEAF_BYTES || leaf == NONE || pg->trace)
        return false;
    s.v = &pg->vmas[as->last_vma];
    if (s.va - s.v->start >= s.v->end - s.v->start || s.v->object != NONE || s.v->shared)
        return false;
    s.p = softpt_at(pg, leaf, s.va);
    word = *s.p.word;
    if (m[2] == CAUSE_LOAD_PAGE)
        return word == 0 && s.v->prot & PAGER_PROT_READ && straight_share(pg, &s);
    if (m[2] != CAUSE_STORE_PAGE || !(s.v->prot & PAGER_PROT_WRITE) || !straight_has_room(pg))
        return false;
    if (word == 0 || (word & WORD_KIND) == WORD_ZERO)
        return straight_zero(pg, &s, word);
    return (word & WORD_KIND) == WORD_ANON && m[3] & PTE_V && straight_held(pg, &s, word);
}

#endif
