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

static void frame_unmapped(pte_t pte)
{
    uint32_t *word = frame_word(pte_pfn(pte));
    if (word)
        (*word)--;
}

int vspace_map(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index, pte_t rights)
{
    return map_page(v, va, region, index, rights);
}

int vspace_replace(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                   pte_t rights, pte_t *old)
{
    uint64_t pfn;
    uint32_t *word;
    pte_t *table = vspace_leaf_table(v, va);
    if (!table)
        return ERR_NOTABLE;
    int r = check_frame(region, index, rights, &pfn, &word);
    if (r)
        return r;
    *old = vspace_unmap_one(v, va);
    if (rights) {
        if (word)
            (*word)++;
        (*table_word(table))++;
        leaf_write(v, va, &table[level_index(va, 0)], leaf_pte(pfn, rights, word));
    }
    return 0;
}

static pte_t unmap_pte(struct vspace *v, vaddr_t va, pte_t *table, pte_t *pte)
{
    pte_t old = __atomic_exchange_n(pte, 0, __ATOMIC_RELAXED);
    (*table_word(table))--;
    vspace_flush_page(v, va);
    frame_unmapped(old);
    return old;
}

pte_t vspace_unmap_one(struct vspace *v, vaddr_t va)
{
    pte_t *table = vspace_leaf_table(v, va);
    pte_t *pte = table ? &table[level_index(va, 0)] : NULL;
    return pte && *pte ? unmap_pte(v, va, table, pte) : 0;
}

/* A run of up to 64 pages is in at most two leaf tables: the part from page `i` on that is in one. */
struct span {
    pte_t *table, *pte; /* NULL: no table there */
    uint32_t end;       /* page of the run behind the span */
};

static struct span span_at(const struct vspace *v, vaddr_t va, uint32_t i, uint32_t count)
{
    uint32_t first = level_index(va + i * PAGE_SIZE, 0);
    uint32_t room = TABLE_ENTRIES - first;
    struct span s = {.table = vspace_leaf_table(v, va + i * PAGE_SIZE)};
    s.pte = s.table ? s.table + first : NULL;
    s.end = count - i < room ? count : i + room;
    return s;
}

void vspace_unmap(struct vspace *v, vaddr_t va, uint32_t count, bool only_clean,
                  struct page_bits *out)
{
    struct span s;
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        for (pte_t *pte = s.pte; pte && i < s.end; i++, pte++) {
            if (!*pte)
                continue;
            if (only_clean) {
                vspace_flush_page(v, va + i * PAGE_SIZE);
                if (*pte & PTE_D) {
                    out->dirty |= 1UL << i;
                    continue;
                }
            }
            pte_t old = unmap_pte(v, va + i * PAGE_SIZE, s.table, pte);
            out->pages |= 1UL << i;
            out->dirty |= (old & PTE_D ? 1UL : 0) << i;
        }
    }
}

static void protect_pte(struct vspace *v, vaddr_t va, pte_t *table, pte_t *pte, pte_t rights)
{
    if (!rights) {
        unmap_pte(v, va, table, pte);
        return;
    }
    pte_clear(pte, PTE_SOFT_RIGHTS & ~rights);
    pte_set(pte, rights);
    vspace_flush_page(v, va);
    if (rights & PTE_X)
        arch_fence_i();
}

void vspace_protect(struct vspace *v, vaddr_t va, uint32_t count, pte_t rights,
                    struct page_bits *out)
{
    struct span s;
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        for (pte_t *pte = s.pte; pte && i < s.end; i++, pte++) {
            if (!*pte)
                continue;
            out->pages |= 1UL << i;
            out->dirty |= (*pte & PTE_D ? 1UL : 0) << i;
            protect_pte(v, va + i * PAGE_SIZE, s.table, pte, rights);
        }
    }
}

void vspace_harvest(struct vspace *v, vaddr_t va, uint32_t count, uint32_t flags,
                    struct page_bits *out)
{
    pte_t clear = (flags & HARVEST_CLEAR_A ? PTE_A : 0) | (flags & HARVEST_CLEAR_D ? PTE_D : 0);
    struct span s;
    *out = (struct page_bits){0, 0};
    for (uint32_t i = 0; i < count; i = s.end) {
        s = span_at(v, va, i, count);
        for (pte_t *pte = s.pte; pte && i < s.end; i++, pte++) {
            pte_t old = *pte;
            if (old & clear) {
                old = pte_clear(pte, clear);
                vspace_flush_page(v, va + i * PAGE_SIZE);
            }
            out->pages |= (old & PTE_A ? 1UL : 0) << i;
            out->dirty |= (old & PTE_D ? 1UL : 0) << i;
        }
    }
}
