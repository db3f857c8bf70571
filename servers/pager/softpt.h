/* Soft page tables: what each page of an address space is now. Words come in leaves of 64 pages, in a
 * treap by address, so that a small process costs a few hundred bytes. The hardware's tables follow: the
 * one of 2 MiB (1 GiB) exists exactly as long as a leaf in those 2 MiB (1 GiB) does. */
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
 * changed. */
uint32_t softpt_make(struct pager *pg, struct aspace *as, vaddr_t va);

/* Donate the root table of a new address space. => 0 or ERR_NOMEM. */
int softpt_root(struct pager *pg, struct aspace *as);

/* Give back the leaf of `va`, and the hardware tables that only it needed, if it is empty. */
void softpt_trim(struct pager *pg, struct aspace *as, vaddr_t va);

/* Give back the empty leaf of `va`, but no table: the VSpace was cleared, aspace.c frees all tables. */
void softpt_forget(struct pager *pg, struct aspace *as, vaddr_t va);

/* The first leaf that exists at or above *va, which is moved to the leaf's start. => NONE: none
 * below `end`. */
uint32_t softpt_next(struct pager *pg, struct aspace *as, vaddr_t *va, vaddr_t end);

/* A node for another use (descriptor tables), zeroed. => NONE: none left. */
uint32_t node_take(struct pager *pg);
void node_give(struct pager *pg, uint32_t node);

static inline uint32_t leaf_index(vaddr_t va)
{
    return va >> PAGE_SHIFT & (NODE_WORDS - 1);
}

static inline uint32_t softpt_find_leaf(struct pager *pg, struct aspace *as, vaddr_t va)
{
    if (as->cache_key == va / LEAF_BYTES && as->cache_node != NONE)
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
    pg->node_link[p.node].used += (word != 0) - (*p.word != 0);
    *p.word = word;
}

#endif
