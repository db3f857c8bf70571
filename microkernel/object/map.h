/* Mapping one page, inline: the fast path of a fault and the general path are the same code. */
#ifndef OBJECT_MAP_H
#define OBJECT_MAP_H

#include <abi/error.h>
#include "microkernel/kernel/cpu.h"
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


#endif
