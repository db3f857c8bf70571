/* Address spaces: Sv39 page tables whose pages are frames that somebody donated.
 *
 * Root entries 0..255 are the user's, 256.. the kernel's direct map. Invariants: a frame's mapping
 * count is the number of leaf PTEs that name it in all VSpaces; a table's word counts its valid
 * (user) entries. User leaves are pages; there are no larger ones.
 */
#ifndef OBJECT_VSPACE_H
#define OBJECT_VSPACE_H

#include "microkernel/arch/arch.h"
#include "microkernel/object/region.h"
#include <abi/item.h>

typedef uint64_t pte_t;

#define TABLE_ENTRIES 512u
#define USER_ROOT_ENTRIES 256u
#define USER_VA_END (1UL << 38)
#define PTE_SOFT_RIGHTS (PTE_R | PTE_W | PTE_X)

struct vspace {
    struct object object;
    pte_t *root;         /* in the direct map; NULL until one is donated */
    uint64_t token;      /* for arch_set_root() */
    uint64_t asid;
    uint64_t asid_epoch; /* `token` and `asid` are valid in this epoch; 0 = never */
    uint64_t unused[3];
};

struct cpu;

/* Nobody's: only the kernel's half. Threads without a VSpace have this one. */
extern struct vspace kernel_vspace;

/* ASIDs that the hardware has: 2^bits - 1 are given out. 0 bits: flush at each switch. */
void vspace_set_asid_bits(uint32_t bits);

/* Make it the active one; slow when it needs a new ASID. */
void vspace_activate(struct cpu *c, struct vspace *v);

static inline void *pte_target(pte_t pte)
{
    return phys_ptr(pte >> 10 << PAGE_SHIFT);
}

static inline uint64_t pte_pfn(pte_t pte)
{
    return pte >> 10 & ((1UL << 44) - 1);
}

static inline uint32_t level_index(vaddr_t va, uint32_t level)
{
    return va >> (PAGE_SHIFT + 9 * level) & (TABLE_ENTRIES - 1);
}

/* The leaf table that covers `va`, NULL if there is none. => va < USER_VA_END. */
static inline pte_t *vspace_leaf_table(const struct vspace *v, vaddr_t va)
{
    if (!v->root)
        return NULL;
    pte_t e = v->root[level_index(va, 2)];
    if (!(e & PTE_V))
        return NULL;
    e = ((pte_t *)pte_target(e))[level_index(va, 1)];
    return e & PTE_V ? pte_target(e) : NULL;
}

/* The PTE of `va`, 0 if no table covers it or it is not a user address. */
static inline pte_t vspace_pte(const struct vspace *v, vaddr_t va)
{
    pte_t *table = va < USER_VA_END ? vspace_leaf_table(v, va) : NULL;
    return table ? table[level_index(va, 0)] : 0;
}

/* Bits that an access needs; A and D among them. */
#define ACCESS_FETCH (PTE_V | PTE_U | PTE_X | PTE_A)
#define ACCESS_LOAD (PTE_V | PTE_U | PTE_R | PTE_A)
#define ACCESS_STORE (PTE_V | PTE_U | PTE_W | PTE_A | PTE_D)

/* The access is permitted: set what A and D it needs and flush. Returns whether it is. */
bool vspace_permit(struct vspace *v, vaddr_t va, pte_t access);

/* PTE rights of `prot`, or 0 for no rights. => ERR_RIGHTS for an illegal set. */
int prot_to_pte(uint32_t prot, pte_t *rights);

/* `count` pages from `va` are user pages. => ERR_ALIGN, ERR_RANGE. */
int vspace_check_range(vaddr_t va, uint64_t count);

/* Flush what hardware may remember of the page, or of all. */
void vspace_flush_page(const struct vspace *v, vaddr_t va);
void vspace_flush(const struct vspace *v);

/* One page of `region` at `va`; rights as a PTE. => nothing else than checked:
 * ERR_NOTABLE, ERR_EXISTS, ERR_BUSY, ERR_NOMEM, ERR_RIGHTS. */
int vspace_map(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index, pte_t rights);

/* `count` (1..64) pages at once, or only some: *mapped of them. => as vspace_map() for the page that
 * follows the mapped ones, or 0. */
int vspace_map_run(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                   uint64_t count, pte_t rights, uint64_t *mapped);

/* Put page `index` in the place of what is mapped at `va`; the old PTE, 0 if none, in *old. */
int vspace_replace(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t index,
                   pte_t rights, pte_t *old);

/* The same with a copy of page `indices` >> 32 in page (uint32_t)`indices`. => more: ERR_TYPE (device). */
int vspace_copy_map(struct vspace *v, vaddr_t va, const struct cap *region, uint64_t indices,
                    pte_t rights, pte_t *old);

/* Bits of up to 64 pages from `va`, by page: what was mapped (accessed), what was dirty. */
struct page_bits {
    uint64_t dirty, pages;
};
void vspace_unmap(struct vspace *v, vaddr_t va, uint32_t count, bool only_clean,
                  struct page_bits *out);
void vspace_protect(struct vspace *v, vaddr_t va, uint32_t count, pte_t rights,
                    struct page_bits *out);
void vspace_harvest(struct vspace *v, vaddr_t va, uint32_t count, uint32_t flags,
                    struct page_bits *out);

/* Unmap one page and return its PTE, 0 if it was not mapped. */
pte_t vspace_unmap_one(struct vspace *v, vaddr_t va);

/* Share the pages that `src` has in [va, va + count pages) with `dst`, both without W.
 * *done: pages looked at, advanced; *cloned: counted up. Stops after about 64 pages.
 * => ERR_AGAIN: call again; ERR_EXISTS, ERR_NOTABLE, ERR_NOMEM. */
int vspace_clone_step(struct vspace *dst, struct vspace *src, vaddr_t va, uint64_t count,
                      uint64_t *done, uint64_t *cloned);

/* The frame becomes the table of `level` that covers `va`.
 * => ERR_RANGE, ERR_BUSY, ERR_EXISTS, ERR_NOTABLE, ERR_TYPE. */
int vspace_donate(struct vspace *v, vaddr_t va, uint32_t level, const struct cap *region,
                  uint64_t index);

/* Give back the empty table of `level` that covers `va`; *index in the region.
 * => ERR_RANGE, ERR_NOTABLE, ERR_BUSY (not empty). */
int vspace_take_table(struct vspace *v, vaddr_t va, uint32_t level, const struct cap *region,
                      uint64_t *index);

/* Unmap everything and release all tables, some at a time. => true when nothing is left. */
bool vspace_clear_step(struct vspace *v);

/* Up to `max` mapped pages from `va` on as pairs (va, PTE); bounded. Returns the va to go on from,
 * 0 at the end. */
vaddr_t vspace_scan(const struct vspace *v, vaddr_t va, uint64_t *pairs, uint32_t max,
                    uint32_t *found);

#endif
