/* Leaf PTEs: mapping, unmapping, rights, A and D bits. Tables are in tables.c. */
#include "microkernel/object/vspace.h"

#include "microkernel/kernel/cpu.h"
#include "microkernel/object/map.h"
#include <abi/error.h>

const pte_t legal_rights[16] = {
    0, PTE_R, ILLEGAL, PTE_R | PTE_W, ILLEGAL, PTE_R | PTE_X, ILLEGAL, ILLEGAL,
    0, PTE_R, ILLEGAL, PTE_R | PTE_W, PTE_X,   PTE_R | PTE_X, ILLEGAL, PTE_R | PTE_W | PTE_X,
};

int prot_to_pte(uint32_t prot, pte_t *rights)
{
    return prot_rights(prot, rights);
}

int vspace_check_range(vaddr_t va, uint64_t count)
{
    if (va & PAGE_MASK)
        return ERR_ALIGN;
    return va >= USER_VA_END || count > (USER_VA_END - va) >> PAGE_SHIFT ? ERR_RANGE : 0;
}

void vspace_flush_page(const struct vspace *v, vaddr_t va)
{
    flush_page(v, va);
}

void vspace_flush(const struct vspace *v)
{
    if (may_be_cached(v))
        arch_flush_asid(v->asid);
}

/* One atomic operation, so that A and D which hardware sets meanwhile are not lost. */
static pte_t pte_clear(pte_t *pte, pte_t bits)
{
    return __atomic_fetch_and(pte, ~bits, __ATOMIC_RELAXED);
}

static void pte_set(pte_t *pte, pte_t bits)
{
    __atomic_fetch_or(pte, bits, __ATOMIC_RELAXED);
}

bool vspace_permit(struct vspace *v, vaddr_t va, pte_t access)
{
    pte_t *table = va < USER_VA_END ? vspace_leaf_table(v, va) : NULL;
    if (!table)
        return false;
    pte_t *pte = &table[level_index(va, 0)];
    pte_t needed = access & ~(PTE_A | PTE_D);
    if ((*pte & needed) != needed)
        return false;
    pte_set(pte, access & (PTE_A | PTE_D));
    vspace_flush_page(v, va);
    return true;
}

int vspace_map(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index, pte_t rights)
{
    return map_page(v, va, region, index, rights);
}

int vspace_replace(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                   pte_t rights, pte_t *old)
{
    return replace_page(v, va, region, index, rights, old);
}

int vspace_copy_map(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t indices,
                    pte_t rights, pte_t *old)
{
    return copy_map_page(v, va, region, indices, rights, old);
}

pte_t vspace_unmap_one(struct vspace *v, vaddr_t va)
{
    pte_t *table = vspace_leaf_table(v, va);
    pte_t *pte = table ? &table[level_index(va, 0)] : NULL;
    if (!pte || !*pte)
        return 0;
    pte_t old = __atomic_exchange_n(pte, 0, __ATOMIC_RELAXED);
    leaf_gone(&frames, old);
    (*table_word(table))--;
    vspace_flush_page(v, va);
    return old;
}

/* A run of up to 64 pages is in at most two leaf tables: the part from page `i` on that is in one. */
struct span {
    pte_t *table, *pte; /* NULL: no table there */
    uint32_t end;       /* page of the run behind the span */
};

static struct span span_at(const struct vspace *v, vaddr_t va, uint64_t i, uint64_t count)
{
    uint32_t first = level_index(va + i * PAGE_SIZE, 0);
    uint32_t room = TABLE_ENTRIES - first;
    struct span s = {.table = vspace_leaf_table(v, va + i * PAGE_SIZE)};
    s.pte = s.table ? s.table + first : NULL;
    s.end = count - i < room ? count : i + room;
    return s;
}

/* One page is flushed alone, more with the whole address space. */
static void flush_run(const struct vspace *v, vaddr_t va, uint64_t count)
{
    if (count == 1)
        vspace_flush_page(v, va);
    else
        vspace_flush(v);
}

static void unmap_span(const struct span *s, uint32_t i, bool only_clean, struct page_bits *out)
{
    const struct frames f = frames;
    uint32_t removed = 0;
    uint64_t bit = 1UL << i, pages = out->pages, dirty = out->dirty;
    for (pte_t *pte = s->pte, *end = pte + (s->end - i); pte < end; pte++, bit <<= 1) {
        pte_t old = *pte;
        if (!old)
            continue;
        if (old & PTE_D) {
            dirty |= bit;
            if (only_clean)
                continue;
        }
        leaf_gone(&f, __atomic_exchange_n(pte, 0, __ATOMIC_RELAXED));
        pages |= bit;
        removed++;
    }
    *table_word(s->table) -= removed;
    *out = (struct page_bits){.dirty = dirty, .pages = pages};
}

void vspace_unmap(struct vspace *v, vaddr_t va, uint32_t count, bool only_clean,
                  struct page_bits *out)
{
    struct span s;
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        if (s.pte)
            unmap_span(&s, i, only_clean, out);
    }
    flush_run(v, va, count);
}

static void protect_span(const struct span *s, uint32_t i, pte_t rights, struct page_bits *out)
{
    uint64_t bit = 1UL << i, pages = out->pages, dirty = out->dirty;
    for (pte_t *pte = s->pte, *end = pte + (s->end - i); pte < end; pte++, bit <<= 1) {
        pte_t old = *pte;
        if (!old)
            continue;
        pages |= bit;
        if (old & PTE_D)
            dirty |= bit;
        if ((old ^ rights) & PTE_SOFT_RIGHTS)
            __atomic_fetch_xor(pte, (old ^ rights) & PTE_SOFT_RIGHTS, __ATOMIC_RELAXED);
    }
    *out = (struct page_bits){.dirty = dirty, .pages = pages};
}

void vspace_protect(struct vspace *v, vaddr_t va, uint32_t count, pte_t rights,
                    struct page_bits *out)
{
    struct span s;
    if (!rights) {
        vspace_unmap(v, va, count, false, out);
        return;
    }
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        if (s.pte)
            protect_span(&s, i, rights, out);
    }
    flush_run(v, va, count);
    if (rights & PTE_X)
        arch_fence_i();
}

static void harvest_span(const struct span *s, uint32_t i, pte_t clear, struct page_bits *out)
{
    uint64_t bit = 1UL << i, accessed = out->pages, dirty = out->dirty;
    for (pte_t *pte = s->pte, *end = pte + (s->end - i); pte < end; pte++, bit <<= 1) {
        pte_t old = *pte;
        if (old & clear)
            old = pte_clear(pte, clear);
        if (old & PTE_A)
            accessed |= bit;
        if (old & PTE_D)
            dirty |= bit;
    }
    *out = (struct page_bits){.dirty = dirty, .pages = accessed};
}

void vspace_harvest(struct vspace *v, vaddr_t va, uint32_t count, uint32_t flags,
                    struct page_bits *out)
{
    pte_t clear = (flags & HARVEST_CLEAR_A ? PTE_A : 0) | (flags & HARVEST_CLEAR_D ? PTE_D : 0);
    struct span s;
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        if (s.pte)
            harvest_span(&s, i, clear, out);
    }
    if (clear)
        flush_run(v, va, count);
}

/* The part of a run that is in one leaf table, frames from `pfn` on. *mapped: how far it came. */
static int map_span(const struct span *s, uint64_t count, uint64_t pfn, pte_t bits, uint64_t *mapped)
{
    const struct frames f = frames;
    int r = 0;
    uint64_t i = 0;
    for (; i < count; i++) {
        uint32_t *word = frame_word_in(&f, pfn + i);
        r = s->pte[i] ? ERR_EXISTS : frame_map_check(word);
        if (r)
            break;
        (*word)++;
        s->pte[i] = (pfn + i) << 10 | bits;
    }
    *table_word(s->table) += i;
    *mapped = i;
    return r;
}

int vspace_map_run(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                   uint64_t count, pte_t rights, uint64_t *mapped)
{
    struct span s = span_at(v, va, 0, count);
    uint64_t n = s.end;
    *mapped = 0;
    if (n == 1 || region->device || !rights || index >= region->npages ||
        n > region->npages - index) {
        int r = map_page(v, va, region, index, rights);
        *mapped = r ? 0 : 1;
        return r;
    }
    if (!s.table)
        return ERR_NOTABLE;
    if (((rights & PTE_W) && !(region->rights & RIGHT_WRITE)) || !(region->rights & RIGHT_READ))
        return s.pte[0] ? ERR_EXISTS : ERR_RIGHTS;
    int r = map_span(&s, n, region->pfn + index, rights | PTE_V | PTE_U, mapped);
    vspace_flush(v);
    if (rights & PTE_X)
        arch_fence_i();
    return r;
}
