/* Mapped areas as a treap: a binary tree by address, a heap by a rank drawn from the entry's index, so
 * that its depth is logarithmic whatever order programs map in. Entries come from one pool shared by
 * all address spaces. Area lists of objects (rmap) are kept here, since areas come and go here. */
#include "vma.h"

static struct vma *entry(struct pager *pg, uint32_t id)
{
    return id == NONE ? NULL : &pg->vmas[id];
}

static uint32_t id_of(const struct pager *pg, const struct vma *v)
{
    return v - pg->vmas;
}

struct vma *vma_above(struct pager *pg, struct aspace *as, vaddr_t va)
{
    struct vma *best = NULL, *v = entry(pg, as->vmas);
    while (v != NULL) {
        if (va < v->end) {
            best = v;
            v = entry(pg, v->left);
        } else {
            v = entry(pg, v->right);
        }
    }
    return best;
}

struct vma *vma_lookup(struct pager *pg, struct aspace *as, vaddr_t va)
{
    struct vma *v = vma_above(pg, as, va);
    if (v == NULL || va < v->start)
        return NULL;
    as->last_vma = id_of(pg, v);
    return v;
}

bool vma_is_free(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    struct vma *v = vma_above(pg, as, start);
    return v == NULL || v->start >= end;
}

static vaddr_t gap_from(struct pager *pg, struct aspace *as, vaddr_t from, uint64_t bytes)
{
    while (from + bytes <= USER_END) {
        struct vma *v = vma_above(pg, as, from);
        if (v == NULL || v->start >= from + bytes)
            return from;
        from = v->end;
    }
    return 0;
}

vaddr_t vma_gap(struct pager *pg, struct aspace *as, uint64_t bytes)
{
    if (bytes > USER_END - MMAP_BASE)
        return 0;
    vaddr_t at = gap_from(pg, as, as->mmap_hint, bytes);
    if (at == 0)
        at = gap_from(pg, as, MMAP_BASE, bytes);
    return at;
}

/* Split the tree at `root` into those below `at` and the others. */
static void tree_split(struct pager *pg, uint32_t root, vaddr_t at, uint32_t *low, uint32_t *high)
{
    struct vma *v = entry(pg, root);
    if (v == NULL) {
        *low = *high = NONE;
    } else if (v->start < at) {
        *low = root;
        tree_split(pg, v->right, at, &v->right, high);
    } else {
        *high = root;
        tree_split(pg, v->left, at, low, &v->left);
    }
}

static uint32_t tree_merge(struct pager *pg, uint32_t low, uint32_t high)
{
    struct vma *a = entry(pg, low), *b = entry(pg, high);
    if (a == NULL || b == NULL)
        return a == NULL ? high : low;
    if (a->rank >= b->rank) {
        a->right = tree_merge(pg, a->right, high);
        return low;
    }
    b->left = tree_merge(pg, low, b->left);
    return high;
}

static void tree_insert(struct pager *pg, uint32_t *root, uint32_t id)
{
    struct vma *v = entry(pg, id);
    while (*root != NONE && entry(pg, *root)->rank >= v->rank)
        root = v->start < entry(pg, *root)->start ? &entry(pg, *root)->left
                                                  : &entry(pg, *root)->right;
    tree_split(pg, *root, v->start, &v->left, &v->right);
    *root = id;
}

static void tree_remove(struct pager *pg, uint32_t *root, const struct vma *v)
{
    uint32_t id = id_of(pg, v);
    while (*root != id)
        root = v->start < entry(pg, *root)->start ? &entry(pg, *root)->left
                                                  : &entry(pg, *root)->right;
    *root = tree_merge(pg, v->left, v->right);
}

static void object_link(struct pager *pg, struct vma *v)
{
    if (v->object == NONE)
        return;
    struct object *o = &pg->objects[v->object];
    v->oprev = NONE;
    v->onext = o->vmas;
    if (o->vmas != NONE)
        entry(pg, o->vmas)->oprev = id_of(pg, v);
    o->vmas = id_of(pg, v);
}

static void object_unlink(struct pager *pg, struct vma *v)
{
    if (v->object == NONE)
        return;
    if (v->oprev == NONE)
        pg->objects[v->object].vmas = v->onext;
    else
        entry(pg, v->oprev)->onext = v->onext;
    if (v->onext != NONE)
        entry(pg, v->onext)->oprev = v->oprev;
}

static uint64_t pages_of(const struct vma *v)
{
    return (v->end - v->start) >> PAGE_SHIFT;
}

struct vma *vma_insert(struct pager *pg, struct aspace *as, const struct vma *template)
{
    uint32_t id = pg->vma_free;
    if (id == NONE)
        return NULL;
    struct vma *v = &pg->vmas[id];
    pg->vma_free = v->left;
    pg->vma_used++;
    *v = *template;
    v->as = as->slot;
    v->rank = (id + 1) * 2654435761u;
    tree_insert(pg, &as->vmas, id);
    object_link(pg, v);
    as->nvmas++;
    as->virtual_pages += pages_of(v);
    return v;
}

void vma_remove(struct pager *pg, struct aspace *as, struct vma *v)
{
    tree_remove(pg, &as->vmas, v);
    object_unlink(pg, v);
    as->nvmas--;
    as->virtual_pages -= pages_of(v);
    as->last_vma = NONE;
    v->left = pg->vma_free;
    v->start = v->end = 0;
    pg->vma_free = id_of(pg, v);
    pg->vma_used--;
}

struct vma *vma_split(struct pager *pg, struct aspace *as, struct vma *v, vaddr_t at)
{
    if (pg->vma_free == NONE)
        return NULL;
    struct vma upper = *v;
    upper.first = vma_page(v, at);
    upper.start = at;
    vma_resize(as, v, v->start, at);
    return vma_insert(pg, as, &upper);
}

void vma_resize(struct aspace *as, struct vma *v, vaddr_t start, vaddr_t end)
{
    as->virtual_pages -= pages_of(v);
    v->first += (start - v->start) >> PAGE_SHIFT;
    v->start = start;
    v->end = end;
    as->virtual_pages += pages_of(v);
}

static bool continues(const struct vma *v, const struct vma *next)
{
    return next != NULL && next->start == v->end && v->object == NONE && next->object == NONE &&
           v->prot == next->prot && v->maxprot == next->maxprot && v->shared == next->shared &&
           v->kind == next->kind && v->advice == next->advice;
}

void vma_join(struct pager *pg, struct aspace *as, struct vma *v)
{
    struct vma *next = vma_above(pg, as, v->end);
    if (!continues(v, next))
        return;
    vaddr_t end = next->end;
    vma_remove(pg, as, next);
    vma_resize(as, v, v->start, end);
}
