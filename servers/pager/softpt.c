/* Soft page tables and the frames donated for the hardware's. See softpt.h for the invariant that
 * ties the two together. Nodes come from one pool; free ones are linked through their first word. */
#include <string.h>
#include "softpt.h"
#include "frame.h"
#include "park.h"

uint32_t node_take(struct pager *pg)
{
    uint32_t node = pg->node_free;
    if (node == NONE)
        return NONE;
    pg->node_free = pg->nodes[node].word[0];
    memset(&pg->nodes[node], 0, sizeof(struct node));
    pg->node_used[node] = 0;
    pg->node_taken++;
    return node;
}

void node_give(struct pager *pg, uint32_t node)
{
    pg->nodes[node].word[0] = pg->node_free;
    pg->node_free = node;
    pg->node_taken--;
    if (pg->memory.head != NONE)
        park_wake_memory(pg);
}

static uint32_t mid_of(const struct aspace *as, vaddr_t va)
{
    return as->root[va >> 30 & 255] - 1u;
}

static uint32_t *mid_word(struct pager *pg, const struct aspace *as, vaddr_t va)
{
    uint32_t mid = mid_of(as, va);
    return mid == NONE ? NULL : &pg->nodes[mid].word[va >> 21 & (NODE_WORDS - 1)];
}

uint32_t softpt_leaf(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t *word = mid_word(pg, as, va);
    if (word == NULL || *word == 0)
        return NONE;
    as->cache_key = va >> 21;
    as->cache_node = *word - 1;
    return as->cache_node;
}

static void table_link(struct pager *pg, struct aspace *as, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    f->state = FRAME_TABLE;
    f->owner = as->slot;
    f->prev = NONE;
    f->next = as->tables;
    if (as->tables != NONE)
        frame_of(pg, as->tables)->prev = frame;
    as->tables = frame;
    as->ntables++;
    pg->ntables++;
}

static void table_unlink(struct pager *pg, struct aspace *as, uint32_t frame)
{
    struct frame *f = frame_of(pg, frame);
    if (f->prev == NONE)
        as->tables = f->next;
    else
        frame_of(pg, f->prev)->next = f->next;
    if (f->next != NONE)
        frame_of(pg, f->next)->prev = f->prev;
    as->ntables--;
    pg->ntables--;
}

static int table_donate(struct pager *pg, struct aspace *as, uint32_t level, vaddr_t va)
{
    uint32_t frame = frame_take(pg, FRAME_URGENT);
    if (frame == NONE)
        return ERR_NOMEM;
    struct item item = {ITEM_W0(ITEM_DONATE, level, vspace_slot(as), SLOT_RAM, 0), va, frame};
    uint32_t failed;
    int status = kern_items(&item, 1, &failed);
    if (status == 0) {
        table_link(pg, as, frame);
        return 0;
    }
    frame_free(pg, frame);
    return status;
}

static void table_take_back(struct pager *pg, struct aspace *as, uint32_t level, vaddr_t va)
{
    struct item item = {ITEM_W0(ITEM_TAKE_TABLE, level, vspace_slot(as), SLOT_RAM, 0), va, 0};
    uint32_t failed;
    if (kern_items(&item, 1, &failed) != 0 || item.w2 >= pg->nframes)
        return; /* stays in the list of tables: given back with the address space */
    table_unlink(pg, as, item.w2);
    frame_free(pg, item.w2);
}

int softpt_root(struct pager *pg, struct aspace *as)
{
    return table_donate(pg, as, 2, 0);
}

static bool make_mid(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t mid = node_take(pg);
    if (mid == NONE)
        return false;
    if (table_donate(pg, as, 1, va) != 0) {
        node_give(pg, mid);
        return false;
    }
    as->root[va >> 30 & 255] = mid + 1;
    return true;
}

uint32_t softpt_make(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_find_leaf(pg, as, va);
    if (leaf != NONE)
        return leaf;
    if (mid_of(as, va) == NONE && !make_mid(pg, as, va))
        return NONE;
    leaf = node_take(pg);
    if (leaf == NONE)
        return NONE;
    if (table_donate(pg, as, 0, va & ~(LEAF_BYTES - 1)) != 0) {
        node_give(pg, leaf);
        return NONE;
    }
    *mid_word(pg, as, va) = leaf + 1;
    pg->node_used[mid_of(as, va)]++;
    return leaf;
}

/* Drop the empty leaf from the books. => true if its middle node became empty and went too. */
static bool forget(struct pager *pg, struct aspace *as, vaddr_t va, uint32_t leaf)
{
    uint32_t mid = mid_of(as, va);
    *mid_word(pg, as, va) = 0;
    node_give(pg, leaf);
    as->cache_node = NONE;
    if (--pg->node_used[mid] > 0)
        return false;
    node_give(pg, mid);
    as->root[va >> 30 & 255] = 0;
    return true;
}

void softpt_trim(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_leaf(pg, as, va);
    if (leaf == NONE || pg->node_used[leaf] > 0)
        return;
    table_take_back(pg, as, 0, va & ~(LEAF_BYTES - 1));
    if (forget(pg, as, va, leaf))
        table_take_back(pg, as, 1, va & ~((1UL << 30) - 1));
}

void softpt_forget(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_leaf(pg, as, va);
    if (leaf != NONE && pg->node_used[leaf] == 0)
        forget(pg, as, va, leaf);
}

uint32_t softpt_next(struct pager *pg, struct aspace *as, vaddr_t *va, vaddr_t end)
{
    vaddr_t at = *va & ~(LEAF_BYTES - 1);
    while (at < end) {
        if (mid_of(as, at) == NONE) {
            at = (at & ~((1UL << 30) - 1)) + (1UL << 30);
            continue;
        }
        uint32_t leaf = *mid_word(pg, as, at);
        if (leaf != 0) {
            *va = at;
            return leaf - 1;
        }
        at += LEAF_BYTES;
    }
    return NONE;
}
