/* Mapping one page, inline: the fast path of a fault and the general path are the same code. */
#ifndef OBJECT_MAP_H
#define OBJECT_MAP_H

#include <abi/error.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/region.h"
#include "microkernel/object/vspace.h"

/* Legal leaf encodings (RISC-V Privileged Spec, "Sv39"), by PROT_R | PROT_W | PROT_X; PROT_X alone
 * and all three only with PROT_RWX_OK. No right can look like ILLEGAL. */
#define ILLEGAL (1UL << 63)
extern const pte_t legal_rights[16];

static inline int prot_rights(uint32_t prot, pte_t *rights)
{
    if (prot > 15 || legal_rights[prot] == ILLEGAL)
        return ERR_RIGHTS;
    *rights = legal_rights[prot];
    return 0;
}

/* What has no valid ASID is in no TLB. Without ASIDs only the active one can be. */
static inline bool may_be_cached(const struct vspace *v)
{
    const struct cpu *c = this_cpu();
    return v->asid_epoch == c->asid_epoch || v == c->vspace;
}

static inline void flush_page(const struct vspace *v, vaddr_t va)
{
    if (may_be_cached(v))
        arch_flush_page(va, v->asid);
}

static inline int check_frame(const struct cap *region, uint64_t index, pte_t rights, uint64_t *pfn,
                       uint32_t **word)
{
    if (index >= region->npages)
        return ERR_RANGE;
    if ((rights & PTE_W) && !(region->rights & RIGHT_WRITE))
        return ERR_RIGHTS;
    if (!(region->rights & RIGHT_READ))
        return ERR_RIGHTS;
    *pfn = region->pfn + index;
    if (region->device) {
        *word = NULL;
        return arch_is_forbidden_device(*pfn << PAGE_SHIFT) ? ERR_RIGHTS : 0;
    }
    *word = frame_word(*pfn);
    return frame_map_check(*word);
}

/* Devices have no use for A and D: set from the start. */
static inline pte_t leaf_pte(uint64_t pfn, pte_t rights, const uint32_t *word)
{
    return pfn << 10 | rights | PTE_V | PTE_U | (word ? 0 : PTE_A | PTE_D);
}

static inline void leaf_write(struct vspace *v, vaddr_t va, pte_t *pte, pte_t value)
{
    *pte = value;
    flush_page(v, va);
    if (value & PTE_X)
        arch_fence_i();
}

/* As vspace_map(). */
static inline int map_page(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                           pte_t rights)
{
    uint64_t pfn;
    uint32_t *word;
    pte_t *table = vspace_leaf_table(v, va);
    if (!table)
        return ERR_NOTABLE;
    pte_t *pte = &table[level_index(va, 0)];
    if (*pte)
        return ERR_EXISTS;
    int r = check_frame(region, index, rights, &pfn, &word);
    if (r || !rights)
        return r;
    if (word)
        (*word)++;
    (*table_word(table))++;
    leaf_write(v, va, pte, leaf_pte(pfn, rights, word));
    return 0;
}

/* A leaf was taken out of its table: its frame has one mapping less. */
static inline void leaf_gone(const struct frames *f, pte_t old)
{
    uint32_t *word = frame_word_in(f, pte_pfn(old));
    if (word)
        (*word)--;
}

/* As vspace_replace(). */
static inline int replace_page(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                               pte_t rights, pte_t *old)
{
    uint64_t pfn;
    uint32_t *word;
    pte_t *table = vspace_leaf_table(v, va), *pte;
    if (!table)
        return ERR_NOTABLE;
    int r = check_frame(region, index, rights, &pfn, &word);
    if (r)
        return r;
    pte = &table[level_index(va, 0)];
    *old = __atomic_exchange_n(pte, rights ? leaf_pte(pfn, rights, word) : 0, __ATOMIC_RELAXED);
    if (rights && word)
        (*word)++;
    if (*old)
        leaf_gone(&frames, *old);
    *table_word(table) += (rights != 0) - (*old != 0);
    flush_page(v, va);
    if (rights & PTE_X)
        arch_fence_i();
    return 0;
}

/* The rights of one page that is mapped, if it is; not none. */
static inline void protect_page(struct vspace *v, vaddr_t va, pte_t rights)
{
    pte_t *table = vspace_leaf_table(v, va), *pte = table ? &table[level_index(va, 0)] : NULL;
    if (!pte || !*pte)
        return;
    if ((*pte ^ rights) & PTE_SOFT_RIGHTS)
        __atomic_fetch_xor(pte, (*pte ^ rights) & PTE_SOFT_RIGHTS, __ATOMIC_RELAXED);
    flush_page(v, va);
    if (rights & PTE_X)
        arch_fence_i();
}

/* As vspace_copy_map(). */
static inline int copy_map_page(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t indices,
                                pte_t rights, pte_t *old)
{
    uint32_t *word;
    void *to, *from;
    if ((region->rights & (RIGHT_READ | RIGHT_WRITE)) != (RIGHT_READ | RIGHT_WRITE))
        return ERR_RIGHTS;
    if (!vspace_leaf_table(v, va))
        return ERR_NOTABLE;
    int r = region_ram_frame(region, (uint32_t)indices, &word, &to);
    if (!r)
        r = region_ram_frame(region, indices >> 32, &word, &from);
    if (r)
        return r;
    memmove(to, from, PAGE_SIZE);
    return replace_page(v, va, region, (uint32_t)indices, rights, old);
}

#endif
