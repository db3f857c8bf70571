/* Reverse maps. An anon's words all lie at the same address in address spaces of its family, the
 * hint first; a file frame's lie in the areas of its object. Counting down `nmap` ends either walk. */
#include "rmap.h"
#include "softpt.h"
#include "vma.h"
#include "frame.h"

struct visit {
    uint32_t frame, want;   /* word kind and id that we look for */
    bool unmap;
    struct batch_room room;
};

static void unmap_word(struct pager *pg, struct visit *visit, struct aspace *as, vaddr_t va,
                       struct softpte p)
{
    if (as->state != AS_DYING) /* else the hardware's tables are gone already */
        batch_unmap(pg, &visit->room.batch, va, 1);
    frame_of(pg, visit->frame)->nmap--;
    if ((*p.word & WORD_KIND) == WORD_FILE) {
        softpt_set(pg, p, 0);
        as->nfile--;
    } else {
        *p.word &= ~(WORD_MAPPED | WORD_WRITE);
    }
}

static void protect_word(struct pager *pg, struct visit *visit, struct aspace *as, vaddr_t va,
                         struct softpte p)
{
    if (!(*p.word & WORD_WRITE))
        return;
    const struct vma *v = vma_find(pg, as, va);
    *p.word &= ~WORD_WRITE;
    if (as->state == AS_DYING)
        return;
    batch_protect(pg, &visit->room.batch, va, 1, v == NULL ? PROT_R : rmap_rights(v, false));
}

static void visit_page(struct pager *pg, struct visit *visit, struct aspace *as, vaddr_t va)
{
    struct softpte p = softpt_find(pg, as, va);
    if (p.word == NULL || (*p.word & (WORD_KIND | WORD_ID)) != visit->want ||
        !(*p.word & WORD_MAPPED))
        return;
    visit->room.batch.vspace = vspace_slot(as);
    if (visit->unmap)
        unmap_word(pg, visit, as, va, p);
    else
        protect_word(pg, visit, as, va, p);
}

static void visit_anon(struct pager *pg, struct visit *visit, const struct anon *a)
{
    vaddr_t va = (vaddr_t)a->vpage << PAGE_SHIFT;
    const struct frame *f = frame_of(pg, visit->frame);
    struct aspace *hint = &pg->aspaces[a->hint];
    if (hint->state != AS_FREE && hint->family == a->family)
        visit_page(pg, visit, hint, va);
    uint32_t slot = pg->family_head[a->family];
    while (f->nmap > 0 && slot != AS_NONE) {
        struct aspace *as = &pg->aspaces[slot];
        visit_page(pg, visit, as, va);
        slot = as->fnext;
    }
}

static void visit_file(struct pager *pg, struct visit *visit, const struct object *o)
{
    const struct frame *f = frame_of(pg, visit->frame);
    uint32_t left = f->nmap;
    for (uint32_t id = o->vmas; id != NONE && left > 0; id = pg->vmas[id].onext) {
        struct vma *v = &pg->vmas[id];
        uint64_t page = f->index - v->first;
        if (f->index < v->first || page >= (v->end - v->start) >> PAGE_SHIFT)
            continue;
        visit_page(pg, visit, &pg->aspaces[v->as], v->start + (page << PAGE_SHIFT));
        if (visit->unmap)
            left = f->nmap;
    }
}

static void visit_all(struct pager *pg, uint32_t frame, bool unmap)
{
    struct frame *f = frame_of(pg, frame);
    struct visit visit;
    visit.frame = frame;
    visit.unmap = unmap;
    batch_init(&visit.room, 0);
    if (f->nmap == 0)
        return;
    if (f->state == FRAME_ANON) {
        visit.want = WORD_ANON | f->owner;
        visit_anon(pg, &visit, &pg->anons[f->owner]);
    } else {
        visit.want = WORD_FILE | frame;
        visit_file(pg, &visit, &pg->objects[f->owner]);
    }
    batch_run(pg, &visit.room.batch);
}

void rmap_unmap(struct pager *pg, uint32_t frame)
{
    visit_all(pg, frame, true);
}

void rmap_protect(struct pager *pg, uint32_t frame)
{
    visit_all(pg, frame, false);
}
