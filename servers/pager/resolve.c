/* Resolving an access: by what the area is backed with, and by what the page's word says.
 *
 *   word       read                        write
 *   nothing    zero frame, read-only       cleared frame                    anonymous area
 *              file page, read-only        file page, made dirty            shared file area
 *                                          copy of the file page            private file area
 *   zero       (mapped)                    cleared frame instead
 *   file       (mapped)                    as above
 *   anon       map; from swap if needed    sole holder or shared area: map writable; else copy
 *
 * Pages are mapped writable only by a store, so "mapped writable" means dirty and no D bit need be
 * read. Everything is checked before anything is changed; when a frame had to be freed first, the
 * check starts over, since the eviction may have taken the very page in question.
 */
#include "anon.h"
#include "fault.h"
#include "fileio.h"
#include "frame.h"
#include "object.h"
#include "park.h"
#include "reclaim.h"
#include "rmap.h"
#include "softpt.h"
#include "vma.h"

#define SWAP_AHEAD 7u
#define COLD __attribute__((noinline)) /* keeps the straight path's register saves few */

/* One access on its way. RESTART (of enum step) starts it over. */
struct access {
    struct aspace *as;
    struct vma *v;
    vaddr_t va;
    bool is_write;
    struct softpte p;
    struct batch *b;
    struct resolution *r;
};

enum step { STEP_DONE = OUTCOME_DONE, STEP_PARKED = OUTCOME_PARKED, STEP_FAILED = OUTCOME_FAILED, STEP_RESTART };

static enum step failed(struct access *a, enum death why)
{
    a->r->why = why;
    return STEP_FAILED;
}

static enum step done(struct access *a, enum pager_action action, uint32_t frame)
{
    a->r->action = action;
    a->r->frame = frame;
    return STEP_DONE;
}

/* There was no frame, anon or node: free a clean page now, or wait. */
static COLD enum step short_of_memory(struct pager *pg, struct access *a)
{
    if (pg->anon_free != NONE && pg->node_free != NONE && reclaim_now(pg))
        return STEP_RESTART;
    park_on_memory(pg, a->as);
    return STEP_PARKED;
}

static bool has_memory(struct pager *pg)
{
    return pg->nfree > pg->reserve && pg->anon_free != NONE;
}

/* Have the hardware map `frame` in the place of what the word says now. */
static void map_frame(struct pager *pg, struct access *a, uint32_t frame, uint32_t rights)
{
    if (*a->p.word & WORD_MAPPED)
        batch_replace(pg, a->b, a->va, frame, rights);
    else
        batch_map(pg, a->b, a->va, frame, rights);
}

/* Point the word at `frame` and have the hardware follow. */
static void map_word(struct pager *pg, struct access *a, uint32_t word, uint32_t frame)
{
    map_frame(pg, a, frame, rmap_rights(a->v, word & WORD_WRITE));
    softpt_set(pg, a->p, word | WORD_MAPPED);
}

/* A new private page in `frame`, which is mapped by the caller; the word held something else, or
 * nothing. */
static void own_frame(struct pager *pg, struct access *a, uint32_t frame, enum policy_reason reason)
{
    uint32_t id = anon_make(pg, a->as, a->va);
    struct frame *f = frame_of(pg, frame);
    anon_set_frame(pg, id, frame);
    f->nmap = 1;
    f->flags |= FRAME_FRESH;
    a->as->nanon++;
    softpt_set(pg, a->p, WORD_ANON | WORD_WRITE | WORD_MAPPED | id);
    reclaim_insert(pg, frame, reason);
}

static enum step own_zero(struct pager *pg, struct access *a, enum pager_action action)
{
    if (!has_memory(pg))
        return short_of_memory(pg, a);
    uint32_t frame = frame_take_zeroed(pg, a->b);
    map_frame(pg, a, frame, rmap_rights(a->v, true));
    own_frame(pg, a, frame, POLICY_FAULT_ZERO);
    return done(a, action, frame);
}

static enum step share_zero(struct pager *pg, struct access *a)
{
    map_word(pg, a, WORD_ZERO, pg->zero_frame);
    return done(a, PAGER_ACTION_zero_share, pg->zero_frame);
}

static enum step own_copy(struct pager *pg, struct access *a, uint32_t from,
                          enum pager_action action)
{
    if (!has_memory(pg))
        return short_of_memory(pg, a);
    uint32_t frame = frame_take(pg, FRAME_NORMAL);
    batch_copy_map(pg, a->b, a->va, frame, from, rmap_rights(a->v, true));
    own_frame(pg, a, frame, POLICY_FAULT_COPY);
    return done(a, action, frame);
}

/* The word is mapped already and permits the access; the hardware lost it if a parked answer was. */
static enum step already(struct pager *pg, struct access *a, uint32_t frame)
{
    if (!a->r->is_valid)
        batch_replace(pg, a->b, a->va, frame, rmap_rights(a->v, *a->p.word & WORD_WRITE));
    return done(a, PAGER_ACTION_spurious, frame);
}

/* A resident page that this area maps as it is. */
static void map_resident(struct pager *pg, struct access *a, uint32_t word, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->flags = (f->flags | FRAME_FRESH) & ~FRAME_EVICT;
    if (*a->p.word & WORD_MAPPED && a->r->is_valid) {
        batch_protect(pg, a->b, a->va, 1, rmap_rights(a->v, word & WORD_WRITE));
        softpt_set(pg, a->p, word | WORD_MAPPED);
        return;
    }
    f->nmap += !(*a->p.word & WORD_MAPPED);
    map_word(pg, a, word, frame);
}

/* --- anonymous memory ------------------------------------------------------------------------ */

static enum step cow_copy(struct pager *pg, struct access *a, uint32_t id)
{
    uint32_t from = pg->anons[id].where;
    bool was_mapped = *a->p.word & WORD_MAPPED;
    enum step step = own_copy(pg, a, from, PAGER_ACTION_cow_copy);
    if (step != STEP_DONE)
        return step;
    frame_of(pg, from)->nmap -= was_mapped;
    a->as->nanon--;
    anon_put(pg, id);
    return STEP_DONE;
}

/* Shared anonymous memory that nobody has touched yet: its first frame. */
static COLD enum step fill_empty(struct pager *pg, struct access *a, uint32_t id)
{
    if (!has_memory(pg))
        return short_of_memory(pg, a);
    uint32_t frame = frame_take_zeroed(pg, a->b);
    anon_set_frame(pg, id, frame);
    map_resident(pg, a, WORD_ANON | id | (a->is_write ? WORD_WRITE : 0), frame);
    reclaim_insert(pg, frame, POLICY_FAULT_ZERO);
    return done(a, PAGER_ACTION_zero_fill, frame);
}

/* Pages that are wanted one after the other come in several at a time. */
static void swap_ahead(struct pager *pg, struct access *a)
{
    uint64_t page = a->va >> PAGE_SHIFT, end = page + 1 + SWAP_AHEAD;
    bool in_order = page == a->as->swap_next;
    a->as->swap_next = page + 1;
    while (in_order && ++page < end && page << PAGE_SHIFT < a->v->end) {
        struct softpte p = softpt_find(pg, a->as, page << PAGE_SHIFT);
        if (pg->nfree <= pg->reserve + SWAP_AHEAD || kern_room(SRV_SWAP) < SWAP_AHEAD)
            return;
        if (p.word != NULL && (*p.word & WORD_KIND) == WORD_ANON &&
            anon_is_swapped(&pg->anons[*p.word & WORD_ID]))
            swap_in(pg, *p.word & WORD_ID);
        a->as->swap_next = page + 1;
    }
}

static COLD enum step start_swap_in(struct pager *pg, struct access *a, uint32_t id)
{
    if (pg->nfree <= pg->reserve)
        return short_of_memory(pg, a);
    park_on_frame(pg, a->as, swap_in(pg, id));
    swap_ahead(pg, a);
    a->as->io_action = PAGER_ACTION_swap_in;
    return STEP_PARKED;
}

static enum step resident_anon(struct pager *pg, struct access *a, uint32_t id, uint32_t frame)
{
    struct anon *an = &pg->anons[id];
    uint32_t word = WORD_ANON | id;
    an->hint = a->as->slot;
    if (!a->is_write) {
        map_resident(pg, a, word, frame);
        return done(a, PAGER_ACTION_spurious, frame);
    }
    if (an->refs > 1 && !a->v->shared)
        return cow_copy(pg, a, id);
    anon_spoil(pg, id);
    map_resident(pg, a, word | WORD_WRITE, frame);
    return done(a, PAGER_ACTION_cow_sole, frame);
}

static COLD enum step resolve_held(struct pager *pg, struct access *a)
{
    uint32_t id = *a->p.word & WORD_ID;
    struct anon *an = &pg->anons[id];
    if (an->where == ANON_EMPTY)
        return fill_empty(pg, a, id);
    if (!anon_is_resident(an))
        return start_swap_in(pg, a, id);
    if (frame_of(pg, an->where)->flags & FRAME_READING) {
        park_on_frame(pg, a->as, an->where);
        a->as->io_action = PAGER_ACTION_swap_in;
        return STEP_PARKED;
    }
    if (*a->p.word & WORD_MAPPED && (!a->is_write || *a->p.word & WORD_WRITE))
        return already(pg, a, an->where);
    return resident_anon(pg, a, id, an->where);
}

static enum step resolve_untouched(struct pager *pg, struct access *a)
{
    if (!a->is_write)
        return share_zero(pg, a);
    return own_zero(pg, a, a->v->kind == VMA_STACK ? PAGER_ACTION_stack_grow
                                                   : PAGER_ACTION_zero_fill);
}

static enum step resolve_zero(struct pager *pg, struct access *a)
{
    if (a->is_write)
        return own_zero(pg, a, PAGER_ACTION_zero_upgrade);
    return already(pg, a, pg->zero_frame);
}

/* --- files ----------------------------------------------------------------------------------- */

static enum step fill_page(struct pager *pg, struct access *a, struct object *o, uint64_t index)
{
    if (pg->nfree <= pg->reserve)
        return short_of_memory(pg, a);
    uint32_t frame = frame_take(pg, FRAME_NORMAL);
    object_page_add(pg, o, index, frame);
    reclaim_insert(pg, frame, POLICY_FAULT_FILE);
    fileio_fill(pg, frame);
    park_on_frame(pg, a->as, frame);
    a->as->io_action = PAGER_ACTION_file_fill;
    if (a->v->advice != 1)
        fileio_read_around(pg, o, index);
    return STEP_PARKED;
}

static enum step wait_for_contents(struct pager *pg, struct access *a, uint32_t frame)
{
    if (!(frame_of(pg, frame)->flags & (FRAME_READING | FRAME_CREDIT)))
        fileio_fill(pg, frame);
    park_on_frame(pg, a->as, frame);
    a->as->io_action = PAGER_ACTION_file_fill;
    return STEP_PARKED;
}

/* Neighbours of the page that are in memory, unmapped here and in the same leaf: mapped along. */
static void map_around(struct pager *pg, struct access *a, struct object *o, uint64_t index)
{
    uint64_t low = index & ~15UL;
    for (uint64_t i = low; i < low + 16 && a->b->n < MSG_BATCH; i++) {
        vaddr_t va = a->va + ((i - index) << PAGE_SHIFT);
        if (va - a->v->start >= a->v->end - a->v->start || va / LEAF_BYTES != a->va / LEAF_BYTES)
            continue;
        struct softpte p = softpt_at(pg, a->p.node, va);
        uint32_t frame = *p.word == 0 ? object_page(pg, o, i) : NONE;
        if (frame == NONE || i >= object_npages(o) ||
            (frame_of(pg, frame)->flags & (FRAME_UPTODATE | FRAME_EVICT)) != FRAME_UPTODATE)
            continue;
        frame_of(pg, frame)->nmap++;
        a->as->nfile++;
        softpt_set(pg, p, WORD_FILE | WORD_MAPPED | frame);
        batch_map(pg, a->b, va, frame, rmap_rights(a->v, false));
    }
}

static enum step map_file(struct pager *pg, struct access *a, uint32_t frame, uint64_t index)
{
    if (*a->p.word & WORD_MAPPED)
        return already(pg, a, frame);
    a->as->nfile++;
    map_resident(pg, a, WORD_FILE | frame, frame);
    if (a->r->around && a->v->advice != 1)
        map_around(pg, a, &pg->objects[a->v->object], index);
    return done(a, PAGER_ACTION_file_map, frame);
}

static enum step dirty_file(struct pager *pg, struct access *a, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    if (*a->p.word & WORD_WRITE)
        return already(pg, a, frame);
    if (!(f->flags & FRAME_BLOCKS)) {
        if (!(f->flags & FRAME_IO))
            fileio_credit(pg, frame);
        park_on_frame(pg, a->as, frame);
        return STEP_PARKED;
    }
    a->as->nfile += *a->p.word == 0;
    map_resident(pg, a, WORD_FILE | WORD_WRITE | frame, frame);
    if (!(f->flags & FRAME_STORED))
        object_tell_stored(pg, &pg->objects[f->owner]);
    f->flags |= FRAME_STORED;
    object_dirty(pg, frame);
    return done(a, PAGER_ACTION_file_dirty, frame);
}

static enum step copy_file(struct pager *pg, struct access *a, uint32_t frame)
{
    bool was_mapped = *a->p.word & WORD_MAPPED;
    enum step step = own_copy(pg, a, frame, PAGER_ACTION_file_copy);
    if (step == STEP_DONE && was_mapped) {
        frame_of(pg, frame)->nmap--;
        a->as->nfile--;
    }
    return step;
}

static COLD enum step resolve_file(struct pager *pg, struct access *a)
{
    struct object *o = &pg->objects[a->v->object];
    uint64_t index = vma_page(a->v, a->va);
    if (index >= object_npages(o))
        return failed(a, DEATH_PAST_EOF);
    uint32_t frame = object_page(pg, o, index);
    if (frame == NONE)
        return fill_page(pg, a, o, index);
    if (!(frame_of(pg, frame)->flags & FRAME_UPTODATE))
        return wait_for_contents(pg, a, frame);
    if (!a->is_write)
        return map_file(pg, a, frame, index);
    return a->v->shared ? dirty_file(pg, a, frame) : copy_file(pg, a, frame);
}

/* --- all --------------------------------------------------------------------------------------- */

static enum step resolve_word(struct pager *pg, struct access *a)
{
    switch (*a->p.word & WORD_KIND) {
    case WORD_ANON:
        return resolve_held(pg, a);
    case WORD_ZERO:
        return resolve_zero(pg, a);
    case WORD_FILE:
        if (a->v->object == NONE) /* loader, message page */
            return already(pg, a, *a->p.word & WORD_ID);
        return resolve_file(pg, a);
    default:
        return a->v->object == NONE ? resolve_untouched(pg, a) : resolve_file(pg, a);
    }
}

static enum step resolve_once(struct pager *pg, struct access *a, uint32_t access)
{
    a->v = vma_find(pg, a->as, a->va);
    if (a->v == NULL)
        return failed(a, a->va < STACK_TOP - STACK_BYTES &&
                                 a->va >= STACK_TOP - STACK_BYTES - PAGE_SIZE
                             ? DEATH_GUARD
                             : DEATH_NO_MAPPING);
    if (!(a->v->prot & access) && !(access == ACCESS_READ && a->v->prot != 0))
        return failed(a, DEATH_PROTECTION);
    uint32_t leaf = softpt_find_leaf(pg, a->as, a->va);
    if (leaf == NONE) {
        leaf = softpt_make(pg, a->as, a->va);
        if (leaf == NONE)
            return short_of_memory(pg, a);
    }
    a->p = softpt_at(pg, leaf, a->va);
    return resolve_word(pg, a);
}

enum outcome fault_resolve(struct pager *pg, struct aspace *as, vaddr_t va, uint32_t access,
                           struct batch *b, struct resolution *r)
{
    struct access a = {.as = as, .va = va & ~PAGE_MASK, .is_write = access == ACCESS_WRITE,
                       .b = b, .r = r};
    int status = as->wait_status;
    enum step step;
    as->wait_status = 0;
    if (status != 0 || va >= USER_END) {
        r->why = va >= USER_END ? DEATH_NO_MAPPING
                 : status == ERR_NOSPC || status == ERR_FBIG ? DEATH_NO_SPACE
                                                             : DEATH_IO;
        return OUTCOME_FAILED;
    }
    while ((step = resolve_once(pg, &a, access)) == STEP_RESTART)
        ;
    return (enum outcome)step;
}
