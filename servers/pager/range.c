/* What programs do to ranges of their address space. Each operation checks first, then does. */
#include "range.h"
#include "aspace.h"
#include "anon.h"
#include "batch.h"
#include "fileio.h"
#include "frame.h"
#include "object.h"
#include "reclaim.h"
#include "rmap.h"
#include "softpt.h"
#include "vma.h"

bool range_is_users(vaddr_t start, vaddr_t end)
{
    return start >= PROGRAM_BASE && end <= USER_END && start <= end &&
           (end <= LOADER_BASE || start >= MSGPAGE_VA + PAGE_SIZE);
}

bool range_is_mapped(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    while (start < end) {
        struct vma *v = vma_above(pg, as, start);
        if (v == NULL || v->start > start)
            return false;
        start = v->end;
    }
    return true;
}

bool range_is_resident(struct pager *pg, struct aspace *as, vaddr_t va)
{
    struct softpte p = softpt_find(pg, as, va);
    if (p.word == NULL || *p.word == 0)
        return false;
    if ((*p.word & WORD_KIND) != WORD_ANON)
        return true;
    const struct anon *a = &pg->anons[*p.word & WORD_ID];
    return a->where != ANON_EMPTY && anon_is_resident(a);
}

/* --- map --------------------------------------------------------------------------------------- */

static bool wish_is_free(struct pager *pg, struct aspace *as, const struct vma *v)
{
    return v->start != 0 && !(v->start & PAGE_MASK) && v->start < v->end &&
           range_is_users(v->start, v->end) && vma_is_free(pg, as, v->start, v->end);
}

static int choose_place(struct pager *pg, struct aspace *as, struct vma *v)
{
    uint64_t bytes = v->end - v->start;
    if (!wish_is_free(pg, as, v)) {
        v->start = vma_gap(pg, as, bytes);
        if (v->start == 0)
            return ERR_NOMEM;
        v->end = v->start + bytes;
        as->mmap_hint = v->end;
    }
    return vma_left(pg) == 0 ? ERR_NOMEM : 0;
}

static int clear_place(struct pager *pg, struct aspace *as, const struct vma *v)
{
    if (v->start & PAGE_MASK || v->start >= v->end || !range_is_users(v->start, v->end))
        return ERR_INVAL;
    if (vma_left(pg) < 2)
        return ERR_NOMEM;
    return aspace_unmap(pg, as, v->start, v->end);
}

int range_map(struct pager *pg, struct aspace *as, struct vma *v, bool is_fixed)
{
    struct object *o = v->object == NONE ? NULL : &pg->objects[v->object];
    if (o != NULL)
        o->nstreams++; /* clearing the place must not let it go */
    int status = is_fixed ? clear_place(pg, as, v) : choose_place(pg, as, v);
    if (status == 0) {
        vma_insert(pg, as, v);
        struct vma *before = v->start > 0 ? vma_find(pg, as, v->start - 1) : NULL;
        vma_join(pg, as, vma_find(pg, as, v->start));
        if (before != NULL)
            vma_join(pg, as, before);
    }
    if (o != NULL)
        o->nstreams--;
    return status;
}

/* --- heap ------------------------------------------------------------------------------------- */

static vaddr_t page_end(vaddr_t va)
{
    return (va + PAGE_MASK) & ~PAGE_MASK;
}

bool range_may_grow(const struct aspace *as, uint64_t bytes)
{
    return as->virtual_pages * PAGE_SIZE + bytes <= as->limits[PAGER_LIMIT_SPACE];
}

static int grow(struct pager *pg, struct aspace *as, vaddr_t from, vaddr_t to)
{
    const uint8_t rw = PAGER_PROT_READ | PAGER_PROT_WRITE;
    if (!vma_is_free(pg, as, from, to))
        return ERR_NOMEM;
    struct vma *v = from > as->heap_start ? vma_find(pg, as, from - 1) : NULL;
    if (v != NULL && v->kind == VMA_HEAP && v->prot == rw) {
        vma_resize(as, v, v->start, to);
        return 0;
    }
    struct vma heap = {.start = from, .end = to, .object = NONE, .prot = rw,
                       .maxprot = rw | PAGER_PROT_EXEC, .kind = VMA_HEAP};
    return vma_insert(pg, as, &heap) == NULL ? ERR_NOMEM : 0;
}

int range_brk(struct pager *pg, struct aspace *as, vaddr_t end)
{
    if (end < as->heap_start || as->heap_start == 0)
        return ERR_INVAL;
    vaddr_t from = page_end(as->brk), to = page_end(end);
    if (end > HEAP_LIMIT || (to > from && (end - as->heap_start > as->limits[PAGER_LIMIT_HEAP] ||
                                           !range_may_grow(as, to - from))))
        return ERR_NOMEM;
    int status = to > from   ? grow(pg, as, from, to)
                 : to < from ? aspace_unmap(pg, as, to, from)
                             : 0;
    if (status == 0)
        as->brk = end;
    return status;
}

/* --- protection --------------------------------------------------------------------------------- */

static int may_protect(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end,
                       uint32_t prot)
{
    if (!range_is_mapped(pg, as, start, end) || vma_left(pg) < 2)
        return ERR_NOMEM;
    struct vma *v = vma_above(pg, as, start);
    for (; v != NULL && v->start < end; v = vma_above(pg, as, v->end))
        if (prot & ~v->maxprot)
            return ERR_ACCES;
    return 0;
}

/* The mapped pages of a leaf, in runs of equal rights. Rights only shrink here: a page becomes
 * writable by its next store. */
static void protect_leaf(struct pager *pg, struct aspace *as, const struct vma *v, vaddr_t start,
                         vaddr_t end)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    for (vaddr_t va = start; va < end;) {
        uint32_t *word = softpt_find(pg, as, va).word, run = 0;
        bool writes = *word & WORD_WRITE && v->prot & PAGER_PROT_WRITE;
        if (!(*word & WORD_MAPPED)) {
            va += PAGE_SIZE;
            continue;
        }
        while (run < 64 && va + run * PAGE_SIZE < end && word[run] & WORD_MAPPED &&
               (word[run] & WORD_WRITE && v->prot & PAGER_PROT_WRITE) == writes) {
            if (!writes)
                word[run] &= ~WORD_WRITE;
            run++;
        }
        batch_protect(pg, b, va, run, rmap_rights(v, writes));
        va += run * PAGE_SIZE;
    }
    batch_run(pg, b);
}

/* PROT_NONE: nothing is mapped; anons keep their contents. */
static void hide_leaf(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    for (vaddr_t va = start; va < end; va += PAGE_SIZE) {
        struct softpte p = softpt_find(pg, as, va);
        if (!(*p.word & WORD_MAPPED))
            continue;
        batch_unmap(pg, b, va, 1);
        uint32_t kind = *p.word & WORD_KIND, id = *p.word & WORD_ID;
        if (kind == WORD_ANON)
            frame_of(pg, pg->anons[id].where)->nmap--;
        if (kind == WORD_FILE) {
            frame_of(pg, id)->nmap--;
            as->nfile--;
        }
        softpt_set(pg, p, kind == WORD_ANON ? WORD_ANON | id : 0);
    }
    batch_run(pg, b);
    softpt_trim(pg, as, start);
}

static void protect_pages(struct pager *pg, struct aspace *as, const struct vma *v)
{
    vaddr_t va = v->start;
    while (va < v->end && softpt_next(pg, as, &va, v->end) != NONE) {
        vaddr_t low = va < v->start ? v->start : va;
        vaddr_t high = va + LEAF_BYTES < v->end ? va + LEAF_BYTES : v->end;
        if (v->prot == 0)
            hide_leaf(pg, as, low, high);
        else
            protect_leaf(pg, as, v, low, high);
        va += LEAF_BYTES;
    }
}

/* Make `start` and `end` borders of areas. => two VMAs are left. */
static void split_at_borders(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    struct vma *v = vma_find(pg, as, start);
    if (v->start < start)
        vma_split(pg, as, v, start);
    v = vma_find(pg, as, end - 1);
    if (v->end > end)
        vma_split(pg, as, v, end);
}

int range_protect(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, uint32_t prot)
{
    int status = may_protect(pg, as, start, end, prot);
    if (status != 0)
        return status;
    split_at_borders(pg, as, start, end);
    if (prot & PAGER_PROT_WRITE)
        prot |= PAGER_PROT_READ;
    struct vma *v = vma_above(pg, as, start), *before = start > 0 ? vma_find(pg, as, start - 1) : NULL;
    for (; v != NULL && v->start < end; v = vma_above(pg, as, v->end)) {
        v->prot = prot;
        protect_pages(pg, as, v);
    }
    while ((v = vma_above(pg, as, start)) != NULL && v->start < end) {
        start = v->end;
        vma_join(pg, as, v);
    }
    if (before != NULL)
        vma_join(pg, as, before);
    return 0;
}

/* --- advice --------------------------------------------------------------------------------------- */

static void will_need(struct pager *pg, const struct vma *v, vaddr_t start, vaddr_t end)
{
    struct object *o = &pg->objects[v->object];
    uint64_t first = vma_page(v, start), last = vma_page(v, end);
    for (uint64_t i = first; i < last && i < object_npages(o); i++)
        if (object_page(pg, o, i) == NONE) {
            uint32_t frame = pg->nfree > pg->high ? frame_take(pg, FRAME_NORMAL) : NONE;
            if (frame == NONE)
                return;
            object_page_add(pg, o, i, frame);
            reclaim_insert(pg, frame, POLICY_READ_AROUND);
            fileio_fill(pg, frame);
            if (kern_room(SRV_FS) == 0)
                return;
        }
}

int range_advise(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, uint32_t advice)
{
    struct vma *v = vma_above(pg, as, start);
    for (; v != NULL && v->start < end; v = vma_above(pg, as, v->end)) {
        vaddr_t low = v->start < start ? start : v->start, high = v->end < end ? v->end : end;
        bool is_special = v->kind == VMA_LOADER || v->kind == VMA_MESSAGE;
        if (advice <= 2)
            v->advice = advice;
        else if (advice == 3 && v->object != NONE)
            will_need(pg, v, low, high);
        else if (advice == 4 && !is_special && !(v->object == NONE && v->shared))
            aspace_zap(pg, as, low, high);
    }
    return 0;
}
