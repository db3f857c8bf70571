/* Copy-on-write fork. For each leaf that the parent touched the child gets one, with the same words;
 * each anon counts one more holder, each frame one more mapping, and nothing is writable on either side
 * any more. The kernel does the same to its tables by one ITEM_CLONE. The cost is proportional to the
 * pages touched. Shared anonymous areas get an (empty) anon for each page that was not touched yet, so
 * that whoever touches it first does so for both. */
#include "fork.h"
#include <string.h>
#include "anon.h"
#include "aspace.h"
#include "batch.h"
#include "frame.h"
#include "reclaim.h"
#include "softpt.h"
#include "stream.h"
#include "vma.h"

static bool is_own(const struct vma *v)
{
    return v->kind == VMA_LOADER || v->kind == VMA_MESSAGE || v->kind == VMA_STACK;
}

static int copy_areas(struct pager *pg, struct aspace *parent, struct aspace *child)
{
    struct vma *v = vma_above(pg, parent, 0);
    for (; v != NULL; v = vma_above(pg, parent, v->end))
        if (!is_own(v) && vma_insert(pg, child, v) == NULL)
            return ERR_NOMEM;
    return 0;
}

static void copy_message(struct pager *pg, const struct aspace *parent, const struct aspace *child)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    batch_copy(pg, b, (uint64_t)child->message << PAGE_SHIFT,
               (uint64_t)parent->message << PAGE_SHIFT, PAGE_SIZE);
    batch_run(pg, b);
}

/* The page of a shared anonymous area gets an anon. */
static int share_page(struct pager *pg, struct aspace *as, vaddr_t va, struct batch *b)
{
    uint32_t leaf = softpt_make(pg, as, va);
    if (leaf == NONE)
        return ERR_NOMEM;
    struct softpte p = softpt_at(pg, leaf, va);
    if ((*p.word & WORD_KIND) == WORD_ANON)
        return 0;
    uint32_t id = anon_make(pg, as, va);
    if (id == NONE)
        return ERR_NOMEM;
    if (*p.word & WORD_MAPPED)
        batch_unmap(pg, b, va, 1);
    softpt_set(pg, p, WORD_ANON | id);
    as->nanon++;
    return 0;
}

static int share_areas(struct pager *pg, struct aspace *as)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    int status = 0;
    struct vma *v = vma_above(pg, as, 0);
    for (; v != NULL && status == 0; v = vma_above(pg, as, v->end))
        for (vaddr_t va = v->start; v->shared && v->object == NONE && va < v->end && status == 0;
             va += PAGE_SIZE)
            status = share_page(pg, as, va, b);
    batch_run(pg, b);
    return status;
}

static int fill_in(struct pager *pg, struct aspace *parent, struct aspace *child)
{
    child->heap_start = parent->heap_start;
    child->brk = parent->brk;
    child->mmap_hint = parent->mmap_hint;
    memcpy(child->limits, parent->limits, sizeof child->limits);
    child->signals = parent->signals;
    child->careful = parent->careful;
    child->careful_end = parent->careful_end;
    copy_message(pg, parent, child);
    int status = copy_areas(pg, parent, child);
    if (status == 0)
        status = share_areas(pg, parent);
    return status != 0 ? status : stream_copy_all(pg, child, parent);
}

int fork_begin(struct pager *pg, struct aspace *parent, uint64_t badge, struct aspace **out)
{
    int status = aspace_create(pg, badge, out);
    if (status != 0)
        return status;
    struct aspace *child = *out;
    aspace_leave_family(pg, child);
    aspace_join_family(pg, child, parent->family);
    child->state = AS_BUILDING;
    child->cursor = 0;
    status = fill_in(pg, parent, child);
    if (status == 0) {
        pg->stats.forks++;
        return 0;
    }
    aspace_destroy_begin(pg, child);
    while (!aspace_destroy_step(pg, child))
        ;
    return status;
}

static bool copy_word(struct pager *pg, struct aspace *child, uint32_t *word)
{
    uint32_t id = *word & WORD_ID;
    switch (*word & WORD_KIND) {
    case WORD_ANON:
        pg->anons[id].refs++;
        child->nanon++;
        if (*word & WORD_MAPPED)
            frame_of(pg, pg->anons[id].where)->nmap++;
        break;
    case WORD_FILE:
        frame_of(pg, id)->nmap++;
        child->nfile++;
        break;
    }
    *word &= ~WORD_WRITE;
    return *word & WORD_MAPPED;
}

struct span {
    uint32_t first, last; /* mapped words */
    bool any;
};

static struct span copy_words(struct pager *pg, struct aspace *child, uint32_t from, uint32_t to,
                              uint32_t nwords)
{
    struct span span = {0, 0, false};
    uint32_t used = 0;
    for (uint32_t i = 0; i < nwords; i++) {
        uint32_t *word = &pg->nodes[from].word[i];
        if (*word == 0)
            continue;
        used++;
        if (copy_word(pg, child, word)) {
            span.first = span.any ? span.first : i;
            span.last = i;
            span.any = true;
        }
        pg->nodes[to].word[i] = *word;
    }
    pg->node_link[to].used += used;
    return span;
}

static void clone_span(struct pager *pg, struct aspace *parent, struct batch *b, vaddr_t va,
                       struct span span)
{
    if (span.any)
        *batch_add(pg, b) = (struct item){ITEM_W0(ITEM_CLONE, 0, b->vspace, vspace_slot(parent),
                                                  span.last - span.first + 1),
                                          va + (vaddr_t)span.first * PAGE_SIZE, 0};
}

static void complete(struct aspace *child)
{
    child->state = AS_LIVE;
    child->is_first = false;
}

/* => 1: the leaf at or after the cursor was copied; 0: there is none; or an error. */
static int copy_leaf(struct pager *pg, struct aspace *parent, struct aspace *child, struct batch *b)
{
    vaddr_t va = child->cursor;
    uint32_t from = softpt_next(pg, parent, &va, USER_END), nwords = NODE_WORDS;
    if (from == NONE)
        return 0;
    if (va < LOADER_BASE && va + LEAF_BYTES > LOADER_BASE)
        nwords = (LOADER_BASE - va) >> PAGE_SHIFT;
    uint32_t to = softpt_make(pg, child, va);
    if (to == NONE)
        return pg->node_free == NONE ? ERR_NOMEM : ERR_AGAIN;
    clone_span(pg, parent, b, va, copy_words(pg, child, from, to, nwords));
    child->cursor = va + LEAF_BYTES;
    return 1;
}

int fork_step(struct pager *pg, struct aspace *parent, struct aspace *child)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(child));
    int status = 1;
    if (pg->nfree <= pg->reserve && !reclaim_now(pg))
        return ERR_AGAIN;
    for (uint32_t i = 0; i < MSG_BATCH && status == 1; i++)
        status = copy_leaf(pg, parent, child, b);
    batch_run(pg, b);
    if (status == 0)
        complete(child);
    return status;
}
