/* Page tables as objects of their own: donation, return, cloning and clearing of whole ranges. */
#include "microkernel/object/vspace.h"

#include "microkernel/kernel/cpu.h"
#include <abi/error.h>
#include <string.h>

#define STEP_PAGES 64u

static bool is_active(const struct vspace *v)
{
    return this_cpu()->vspace == v;
}

/* The root changed: hardware must not go on with the old one. */
static void root_changed(struct vspace *v)
{
    vspace_flush(v);
    v->asid_epoch = 0;
    if (is_active(v))
        vspace_activate(this_cpu(), v);
}

/* The table that holds the entry for a table of `level`; NULL if it is missing. */
static pte_t *parent_table(const struct vspace *v, vaddr_t va, uint32_t level)
{
    if (level == 1 || !v->root)
        return v->root;
    pte_t e = v->root[level_index(va, 2)];
    return e & PTE_V ? pte_target(e) : NULL;
}

static void root_init(struct vspace *v, pte_t *table)
{
    for (uint32_t i = USER_ROOT_ENTRIES; i < TABLE_ENTRIES && kernel_vspace.root[i]; i++)
        table[i] = kernel_vspace.root[i];
    v->root = table;
    root_changed(v);
}

static int donate_check(const struct vspace *v, vaddr_t va, uint32_t level, pte_t **entry)
{
    if (va >= USER_VA_END || level > 2)
        return ERR_RANGE;
    if (level == 2)
        return v->root ? ERR_EXISTS : 0;
    pte_t *parent = parent_table(v, va, level);
    if (!parent)
        return ERR_NOTABLE;
    *entry = &parent[level_index(va, level + 1)];
    return **entry ? ERR_EXISTS : 0;
}

static pte_t *table_of(const pte_t *entry)
{
    return (pte_t *)((uintptr_t)entry & ~PAGE_MASK);
}

int vspace_donate(struct vspace *v, vaddr_t va, uint32_t level, const struct cap *region,
                  uint64_t index)
{
    uint32_t *word;
    void *page;
    pte_t *entry = NULL;
    int r = donate_check(v, va, level, &entry);
    if (!r)
        r = region_ram_frame(region, index, &word, &page);
    if (r)
        return r;
    if (*word || (region->rights & (RIGHT_READ | RIGHT_WRITE)) != (RIGHT_READ | RIGHT_WRITE))
        return *word ? ERR_BUSY : ERR_RIGHTS;
    memset(page, 0, PAGE_SIZE);
    *word = FRAME_TABLE;
    if (level == 2) {
        root_init(v, page);
        return 0;
    }
    *entry = ptr_phys(page) >> PAGE_SHIFT << 10 | PTE_V;
    (*table_word(table_of(entry)))++;
    vspace_flush_page(v, va);
    return 0;
}

static void root_release(struct vspace *v)
{
    *table_word(v->root) = 0;
    v->root = NULL;
    root_changed(v);
}

static void table_release(pte_t *entry)
{
    *table_word(pte_target(*entry)) = 0;
    *entry = 0;
    (*table_word(table_of(entry)))--;
}

int vspace_take_table(struct vspace *v, vaddr_t va, uint32_t level, const struct cap *region,
                      uint64_t *index)
{
    if (va >= USER_VA_END || level > 2)
        return ERR_RANGE;
    pte_t *parent = level < 2 ? parent_table(v, va, level) : NULL;
    pte_t *entry = parent ? &parent[level_index(va, level + 1)] : NULL;
    pte_t *table = level == 2 ? v->root : entry && *entry ? pte_target(*entry) : NULL;
    if (!table)
        return ERR_NOTABLE;
    *index = (ptr_phys(table) >> PAGE_SHIFT) - region->pfn;
    if (region->device || *index >= region->npages)
        return ERR_RANGE;
    if (*table_word(table) != FRAME_TABLE)
        return ERR_BUSY;
    if (entry)
        table_release(entry);
    else
        root_release(v);
    vspace_flush(v);
    return 0;
}

/* Share one present page of a leaf table. => 0, ERR_EXISTS, ERR_NOMEM. */
static inline int clone_page(const struct frames *f, pte_t *dst, pte_t *src, pte_t pte)
{
    uint32_t *word = frame_word_in(f, pte_pfn(pte));
    pte_t kept = ~PTE_W;
    if (*dst)
        return ERR_EXISTS;
    if (word) {
        if ((*word & FRAME_MAPS) == FRAME_MAPS)
            return ERR_NOMEM;
        (*word)++;
        kept = ~(PTE_W | PTE_A | PTE_D);
    }
    if (pte & PTE_W)
        __atomic_fetch_and(src, ~PTE_W, __ATOMIC_RELAXED);
    *dst = pte & kept;
    return 0;
}

/* Pages [first, end) of one pair of leaf tables; stops after STEP_PAGES shared pages. */
static int clone_run(pte_t *dst, pte_t *src, uint32_t *first, uint32_t end, uint64_t *cloned)
{
    const struct frames f = frames;
    uint32_t shared = 0, i = *first;
    int r = 0;
    for (; i < end && shared < STEP_PAGES; i++) {
        pte_t pte = src[i];
        if (!pte)
            continue;
        r = dst ? clone_page(&f, &dst[i], &src[i], pte) : ERR_NOTABLE;
        if (r)
            break;
        shared++;
    }
    if (dst)
        *table_word(dst) += shared;
    *first = i;
    *cloned += shared;
    return r;
}

int vspace_clone_step(struct vspace *dst, struct vspace *src, vaddr_t va, uint64_t count,
                      uint64_t *done, uint64_t *cloned)
{
    if (*done >= count)
        return 0;
    vaddr_t at = va + *done * PAGE_SIZE;
    uint32_t start = level_index(at, 0), first = start;
    uint64_t left = count - *done;
    uint32_t end = left < TABLE_ENTRIES - start ? start + left : TABLE_ENTRIES;
    pte_t *from = vspace_leaf_table(src, at);
    int r = 0;
    if (from)
        r = clone_run(vspace_leaf_table(dst, at), from, &first, end, cloned);
    else
        first = end;
    vspace_flush(src);
    vspace_flush(dst);
    *done += first - start;
    if (r)
        return r;
    return *done < count ? ERR_AGAIN : 0;
}

#define GROUP 4u

/* Empty one group of entries of a leaf table. */
static inline void group_clear(pte_t *group, uint32_t *table)
{
    if (!(group[0] | group[1] | group[2] | group[3]))
        return;
    for (uint32_t k = 0; k < GROUP; k++) {
        if (!group[k])
            continue;
        uint32_t *frame = frame_word(pte_pfn(group[k]));
        if (frame)
            (*frame)--;
        group[k] = 0;
        (*table)--;
    }
}

/* Empty a leaf table, of about STEP_PAGES entries, from both ends: pages lie at the start of a
 * program and at the end of a stack. => true when it is empty. */
static bool leaf_clear_step(pte_t *table)
{
    uint32_t *word = table_word(table), n = *word;
    uint32_t stop = n > FRAME_TABLE + STEP_PAGES ? n - STEP_PAGES : FRAME_TABLE;
    pte_t *high = table + TABLE_ENTRIES - GROUP;
    for (pte_t *low = table; *word > stop && low < high; low += GROUP, high -= GROUP) {
        group_clear(low, word);
        group_clear(high, word);
    }
    return *word == FRAME_TABLE;
}

/* The first valid entry of a table of `n` entries; NULL if its word says that there is none. */
static pte_t *first_entry(pte_t *table, uint32_t n)
{
    if (*table_word(table) == FRAME_TABLE)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        if (table[i])
            return &table[i];
    return NULL;
}

bool vspace_clear_step(struct vspace *v)
{
    if (!v->root)
        return true;
    if (is_active(v)) {
        arch_set_root(kernel_vspace.token);
        this_cpu()->vspace = NULL;
    }
    pte_t *top = first_entry(v->root, USER_ROOT_ENTRIES);
    if (!top) {
        root_release(v);
        return true;
    }
    pte_t *mid = first_entry(pte_target(*top), TABLE_ENTRIES);
    if (!mid)
        table_release(top);
    else if (leaf_clear_step(pte_target(*mid)))
        table_release(mid);
    vspace_flush(v);
    return false;
}

/* The next address behind the table of `level` that covers `va`. */
static vaddr_t behind(vaddr_t va, uint32_t level)
{
    uint32_t shift = PAGE_SHIFT + 9 * level;
    return ((va >> shift) + 1) << shift;
}

/* Step of the scan at `va`: the leaf table there, or the address to go on from in *skip. */
static pte_t *scan_table(const struct vspace *v, vaddr_t va, vaddr_t *skip)
{
    pte_t e = v->root[level_index(va, 2)];
    *skip = behind(va, 2);
    if (!e)
        return NULL;
    e = ((pte_t *)pte_target(e))[level_index(va, 1)];
    *skip = behind(va, 1);
    return e ? pte_target(e) : NULL;
}

vaddr_t vspace_scan(const struct vspace *v, vaddr_t va, uint64_t *pairs, uint32_t max,
                    uint32_t *found)
{
    uint32_t steps = 4 * TABLE_ENTRIES;
    vaddr_t skip;
    *found = 0;
    while (v->root && va < USER_VA_END && *found < max && steps) {
        pte_t *table = scan_table(v, va, &skip);
        steps--;
        if (!table) {
            va = skip;
            continue;
        }
        for (; va < skip && *found < max && steps; va += PAGE_SIZE, steps--) {
            pte_t pte = table[level_index(va, 0)];
            if (!pte)
                continue;
            pairs[2 * *found] = va;
            pairs[2 * *found + 1] = pte;
            ++*found;
        }
    }
    return v->root && va < USER_VA_END ? va : 0;
}
