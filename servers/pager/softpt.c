/* Soft page tables and the frames donated for the hardware's. See softpt.h for the invariant that
 * ties the two together: whether a table is needed is read off the leaf's neighbours in the tree.
 * Nodes come from one pool; free ones are linked through their first word. */
#include "softpt.h"
#include <string.h>
#include "frame.h"
#include "park.h"

#define KEYS_PER_TABLE(level) (8u << 9 * (level)) /* leaves under a hardware table of this level */

uint32_t node_take(struct pager *pg)
{
    uint32_t node = pg->node_free;
    if (node == NONE)
        return NONE;
    pg->node_free = pg->nodes[node].word[0];
    memset(&pg->nodes[node], 0, sizeof(struct node));
    pg->node_link[node].used = 0;
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

/* --- hardware tables --------------------------------------------------------------------------- */

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

static struct item table_item(const struct aspace *as, enum item_op op, uint32_t level, uint32_t key)
{
    uint64_t va = (uint64_t)(key / KEYS_PER_TABLE(level) * KEYS_PER_TABLE(level)) * LEAF_BYTES;
    return (struct item){ITEM_W0(op, level, vspace_slot(as), SLOT_RAM, 0), va, 0};
}

static int table_donate(struct pager *pg, struct aspace *as, uint32_t level, uint32_t key)
{
    uint32_t frame = frame_take(pg, FRAME_URGENT), failed;
    if (frame == NONE)
        return ERR_NOMEM;
    struct item item = table_item(as, ITEM_DONATE, level, key);
    item.w2 = frame;
    int status = kern_items(&item, 1, &failed);
    if (status == 0)
        table_link(pg, as, frame);
    else
        frame_free(pg, frame);
    return status;
}

static void table_take_back(struct pager *pg, struct aspace *as, uint32_t level, uint32_t key)
{
    struct item item = table_item(as, ITEM_TAKE_TABLE, level, key);
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

/* --- the tree ------------------------------------------------------------------------------------ */

static struct node_link *link_of(struct pager *pg, uint32_t node)
{
    return &pg->node_link[node];
}

static uint32_t rank(uint32_t node)
{
    return (node + 1) * 2654435761u;
}

uint32_t softpt_leaf(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t key = va / LEAF_BYTES, node = as->leaves;
    while (node != NONE && link_of(pg, node)->key != key)
        node = key < link_of(pg, node)->key ? link_of(pg, node)->left : link_of(pg, node)->right;
    if (node != NONE) {
        as->cache_key = key;
        as->cache_node = node;
    }
    return node;
}

uint32_t softpt_next(struct pager *pg, struct aspace *as, vaddr_t *va, vaddr_t end)
{
    uint64_t key = *va / LEAF_BYTES;
    uint32_t best = NONE, node = as->leaves;
    while (node != NONE) {
        struct node_link *l = link_of(pg, node);
        if (key <= l->key)
            best = node;
        node = key <= l->key ? l->left : l->right;
    }
    if (best == NONE || link_of(pg, best)->key * LEAF_BYTES >= end)
        return NONE;
    *va = link_of(pg, best)->key * LEAF_BYTES;
    return best;
}

/* Is there a leaf under the hardware table of `level` that covers `key`? */
static bool is_covered(struct pager *pg, struct aspace *as, uint32_t key, uint32_t level)
{
    uint64_t first = key / KEYS_PER_TABLE(level) * KEYS_PER_TABLE(level);
    vaddr_t va = first * LEAF_BYTES;
    return softpt_next(pg, as, &va, (first + KEYS_PER_TABLE(level)) * LEAF_BYTES) != NONE;
}

static void tree_split(struct pager *pg, uint32_t root, uint32_t key, uint32_t *low, uint32_t *high)
{
    if (root == NONE) {
        *low = *high = NONE;
    } else if (link_of(pg, root)->key < key) {
        *low = root;
        tree_split(pg, link_of(pg, root)->right, key, &link_of(pg, root)->right, high);
    } else {
        *high = root;
        tree_split(pg, link_of(pg, root)->left, key, low, &link_of(pg, root)->left);
    }
}

static uint32_t tree_merge(struct pager *pg, uint32_t low, uint32_t high)
{
    if (low == NONE || high == NONE)
        return low == NONE ? high : low;
    if (rank(low) >= rank(high)) {
        link_of(pg, low)->right = tree_merge(pg, link_of(pg, low)->right, high);
        return low;
    }
    link_of(pg, high)->left = tree_merge(pg, low, link_of(pg, high)->left);
    return high;
}

static uint32_t *child_link(struct pager *pg, uint32_t node, uint32_t key)
{
    return key < link_of(pg, node)->key ? &link_of(pg, node)->left : &link_of(pg, node)->right;
}

static void tree_insert(struct pager *pg, uint32_t *root, uint32_t node, uint32_t key)
{
    struct node_link *l = link_of(pg, node);
    l->key = key;
    while (*root != NONE && rank(*root) >= rank(node))
        root = child_link(pg, *root, key);
    tree_split(pg, *root, key, &l->left, &l->right);
    *root = node;
}

static void tree_remove(struct pager *pg, uint32_t *root, uint32_t node)
{
    while (*root != node)
        root = child_link(pg, *root, link_of(pg, node)->key);
    *root = tree_merge(pg, link_of(pg, node)->left, link_of(pg, node)->right);
}

/* --- leaves --------------------------------------------------------------------------------------- */

/* Donate the tables that the new leaf needs and has not. */
static bool add_tables(struct pager *pg, struct aspace *as, uint32_t key)
{
    bool needs_leaf = !is_covered(pg, as, key, 0);
    bool needs_middle = needs_leaf && !is_covered(pg, as, key, 1);
    if (needs_middle && table_donate(pg, as, 1, key) != 0)
        return false;
    if (!needs_leaf || table_donate(pg, as, 0, key) == 0)
        return true;
    if (needs_middle)
        table_take_back(pg, as, 1, key);
    return false;
}

uint32_t softpt_make(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_find_leaf(pg, as, va), key = va / LEAF_BYTES;
    if (leaf != NONE)
        return leaf;
    leaf = node_take(pg);
    if (leaf == NONE)
        return NONE;
    if (!add_tables(pg, as, key)) {
        node_give(pg, leaf);
        return NONE;
    }
    tree_insert(pg, &as->leaves, leaf, key);
    as->cache_key = key;
    as->cache_node = leaf;
    return leaf;
}

void softpt_forget(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_leaf(pg, as, va);
    if (leaf == NONE || link_of(pg, leaf)->used > 0)
        return;
    tree_remove(pg, &as->leaves, leaf);
    node_give(pg, leaf);
    as->cache_node = NONE;
}

void softpt_trim(struct pager *pg, struct aspace *as, vaddr_t va)
{
    uint32_t leaf = softpt_leaf(pg, as, va), key = va / LEAF_BYTES;
    if (leaf == NONE || link_of(pg, leaf)->used > 0)
        return;
    softpt_forget(pg, as, va);
    if (is_covered(pg, as, key, 0))
        return;
    table_take_back(pg, as, 0, key);
    if (!is_covered(pg, as, key, 1))
        table_take_back(pg, as, 1, key);
}
