/* Soft page tables: what each page of an address space is now. Two levels of nodes below an inline
 * root mirror Sv39: a middle node exists exactly if the hardware's middle table was donated, a leaf
 * node exactly if the hardware's leaf table was. */
#ifndef PAGER_SOFTPT_H
#define PAGER_SOFTPT_H

#include "batch.h"

#define LEAF_BYTES (NODE_WORDS * PAGE_SIZE)

struct softpte {
    uint32_t *word;
    uint32_t node;
};

/* The leaf of `va`, or NONE. */
uint32_t softpt_leaf(struct pager *pg, struct aspace *as, vaddr_t va);

/* The same, made if absent, with its hardware tables. => NONE: out of nodes or frames; nothing
 * changed but, maybe, an empty middle table. */
uint32_t softpt_make(struct pager *pg, struct aspace *as, vaddr_t va);

/* Donate the root table of a new address space. => 0 or ERR_NOMEM. */
int softpt_root(struct pager *pg, struct aspace *as);

/* Give back the leaf of `va`, and the middle above it, if empty. => nothing of it is mapped. */
void softpt_trim(struct pager *pg, struct aspace *as, vaddr_t va);

/* Give back the empty leaf of `va`, if there is one; tables of the address space are released by
 * aspace.c afterwards, all at once (the VSpace was cleared). */
void softpt_forget(struct pager *pg, struct aspace *as, vaddr_t va);

/* The first leaf that exists at or above *va, which is moved to the leaf's start. => NONE: none
 * below `end`. */
uint32_t softpt_next(struct pager *pg, struct aspace *as, vaddr_t *va, vaddr_t end);

/* A node for another use (descriptor tables, fault traces), zeroed. => NONE: none left. */
uint32_t node_take(struct pager *pg);
void node_give(struct pager *pg, uint32_t node);

static inline uint32_t leaf_index(vaddr_t va)
{
    return va >> PAGE_SHIFT & (NODE_WORDS - 1);
}

static inline uint32_t softpt_find_leaf(struct pager *pg, struct aspace *as, vaddr_t va)
{
    if (as->cache_key == va >> 21 && as->cache_node != NONE)
        return as->cache_node;
    return softpt_leaf(pg, as, va);
}

static inline struct softpte softpt_at(struct pager *pg, uint32_t leaf, vaddr_t va)
{
    return (struct softpte){&pg->nodes[leaf].word[leaf_index(va)], leaf};
}

/* The word of `va`; word NULL if there is no leaf. */
static inline struct softpte softpt_find(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_find_leaf(pg, as, va);
    if (leaf == NONE)
        return (struct softpte){NULL, NONE};
    return softpt_at(pg, leaf, va);
}

static inline void softpt_set(struct pager *pg, struct softpte p, uint32_t word)
{
    pg->node_used[p.node] += (word != 0) - (*p.word != 0);
    *p.word = word;
}

#endif
