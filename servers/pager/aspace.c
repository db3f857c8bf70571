/* Life of address spaces, and release of ranges of pages. A family is the set of address spaces that
 * descend by fork from one that began with nothing (created, or exec'ed): only among them can an anon
 * be shared. */
#include "aspace.h"
#include <string.h>
#include "anon.h"
#include "batch.h"
#include "frame.h"
#include "job.h"
#include "object.h"
#include "softpt.h"
#include "park.h"
#include "stream.h"
#include "vma.h"

/* --- families -------------------------------------------------------------------------------- */

void aspace_leave_family(struct pager *pg, struct aspace *as)
{
    if (as->fprev == AS_NONE)
        pg->family_head[as->family] = as->fnext;
    else
        pg->aspaces[as->fprev].fnext = as->fnext;
    if (as->fnext != AS_NONE)
        pg->aspaces[as->fnext].fprev = as->fprev;
}

static uint32_t unused_family(const struct pager *pg)
{
    uint32_t family = 0;
    while (pg->family_head[family] != AS_NONE)
        family++;
    return family; /* there are as many families as address spaces */
}

void aspace_join_family(struct pager *pg, struct aspace *as, uint32_t family)
{
    as->family = family == NONE ? unused_family(pg) : family;
    as->fprev = AS_NONE;
    as->fnext = pg->family_head[as->family];
    if (as->fnext != AS_NONE)
        pg->aspaces[as->fnext].fprev = as->slot;
    pg->family_head[as->family] = as->slot;
}

/* --- ranges ---------------------------------------------------------------------------------- */

static void release_word(struct pager *pg, struct aspace *as, struct softpte p)
{
    uint32_t word = *p.word, id = word & WORD_ID;
    softpt_set(pg, p, 0);
    switch (word & WORD_KIND) {
    case WORD_ANON:
        if (word & WORD_MAPPED)
            frame_of(pg, pg->anons[id].where)->nmap--;
        as->nanon--;
        anon_put(pg, id);
        break;
    case WORD_FILE:
        frame_of(pg, id)->nmap--;
        as->nfile--;
        break;
    }
}

/* The hardware's mappings of pages [first, end) of a leaf go. */
static void unmap_words(struct pager *pg, struct aspace *as, vaddr_t va, const uint32_t *words,
                        uint32_t npages)
{
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    for (uint32_t i = 0; i < npages; i += 64) {
        uint32_t n = npages - i < 64 ? npages - i : 64, any = 0;
        for (uint32_t j = 0; j < n; j++)
            any |= words[i + j];
        if (any & WORD_MAPPED)
            batch_unmap(pg, b, va + (vaddr_t)i * PAGE_SIZE, n);
    }
    batch_run(pg, b);
}

static void zap_leaf(struct pager *pg, struct aspace *as, uint32_t leaf, vaddr_t start, vaddr_t end)
{
    uint32_t first = leaf_index(start), npages = (end - start) >> PAGE_SHIFT;
    unmap_words(pg, as, start, &pg->nodes[leaf].word[first], npages);
    for (uint32_t i = first; i < first + npages && pg->node_link[leaf].used > 0; i++)
        if (pg->nodes[leaf].word[i] != 0)
            release_word(pg, as, (struct softpte){&pg->nodes[leaf].word[i], leaf});
}

void aspace_zap(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    vaddr_t va = start;
    uint32_t leaf;
    while (va < end && (leaf = softpt_next(pg, as, &va, end)) != NONE) {
        vaddr_t low = va < start ? start : va;
        vaddr_t high = va + LEAF_BYTES < end ? va + LEAF_BYTES : end;
        zap_leaf(pg, as, leaf, low, high);
        softpt_trim(pg, as, va);
        va += LEAF_BYTES;
    }
}

static void drop_vma(struct pager *pg, struct aspace *as, struct vma *v)
{
    uint32_t object = v->object;
    vma_remove(pg, as, v);
    if (object == NONE)
        return;
    object_settle(pg, &pg->objects[object]);
    pg->work |= WORK_JOBS;
}

/* Cut [start, end) out of `v`; a cut in the middle has its VMA. */
static void cut(struct pager *pg, struct aspace *as, struct vma *v, vaddr_t start, vaddr_t end)
{
    if (v->start < start && end < v->end)
        vma_split(pg, as, v, end);
    if (v->start < start)
        vma_resize(as, v, v->start, start);
    else if (end < v->end)
        vma_resize(as, v, end, v->end);
    else
        drop_vma(pg, as, v);
}

int aspace_unmap(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    struct vma *v = vma_above(pg, as, start);
    if (v != NULL && v->start < start && end < v->end && vma_left(pg) == 0)
        return ERR_NOMEM;
    aspace_zap(pg, as, start, end);
    while (v != NULL && v->start < end) {
        vaddr_t next = v->end;
        cut(pg, as, v, start > v->start ? start : v->start, end < v->end ? end : v->end);
        v = vma_above(pg, as, next);
    }
    if (start >= MMAP_BASE && start < as->mmap_hint)
        as->mmap_hint = start;
    return 0;
}

/* --- life ------------------------------------------------------------------------------------ */

static bool add_area(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, uint8_t kind,
                     uint8_t prot)
{
    struct vma v = {.start = start, .end = end, .object = NONE, .prot = prot, .maxprot = prot,
                    .kind = kind};
    return vma_insert(pg, as, &v) != NULL;
}

static bool add_stack(struct pager *pg, struct aspace *as)
{
    return add_area(pg, as, STACK_TOP - STACK_BYTES, STACK_TOP, VMA_STACK,
                    PAGER_PROT_READ | PAGER_PROT_WRITE);
}

/* The loader's frames are shared by all and never freed. */
static int map_loader(struct pager *pg, struct aspace *as)
{
    uint32_t leaf = softpt_make(pg, as, LOADER_BASE), n = pg->loader_pages;
    if (leaf == NONE)
        return ERR_NOMEM;
    if (n == 0)
        return 0;
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    *batch_add(pg, b) = (struct item){
        ITEM_W0(ITEM_MAP, PROT_R | PROT_X, b->vspace, SLOT_RAM, n), LOADER_BASE, pg->loader_frame};
    batch_run(pg, b);
    for (uint32_t i = 0; i < n; i++) {
        softpt_set(pg, softpt_at(pg, leaf, LOADER_BASE + i * PAGE_SIZE),
                   WORD_FILE | WORD_MAPPED | (pg->loader_frame + i));
        frame_of(pg, pg->loader_frame + i)->nmap++;
        as->nfile++;
    }
    return 0;
}

static int map_message(struct pager *pg, struct aspace *as)
{
    uint32_t leaf = softpt_make(pg, as, MSGPAGE_VA), frame;
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    if (leaf == NONE || (frame = frame_take(pg, FRAME_NORMAL)) == NONE)
        return ERR_NOMEM;
    batch_clear(pg, b, frame, 0, PAGE_SIZE);
    batch_map(pg, b, MSGPAGE_VA, frame, PROT_R | PROT_W);
    batch_run(pg, b);
    frame_of(pg, frame)->state = FRAME_MESSAGE;
    frame_of(pg, frame)->nmap = 1;
    softpt_set(pg, softpt_at(pg, leaf, MSGPAGE_VA), WORD_FILE | WORD_MAPPED | WORD_WRITE | frame);
    as->nfile++;
    as->message = frame;
    pg->nmessages++;
    return kern_message_page(as->slot, frame);
}

static int build(struct pager *pg, struct aspace *as)
{
    const uint8_t rx = PAGER_PROT_READ | PAGER_PROT_EXEC, rw = PAGER_PROT_READ | PAGER_PROT_WRITE;
    int status = softpt_root(pg, as);
    if (status != 0)
        return status;
    if (!add_area(pg, as, LOADER_BASE, LOADER_END, VMA_LOADER, rx) ||
        !add_area(pg, as, MSGPAGE_VA, MSGPAGE_VA + PAGE_SIZE, VMA_MESSAGE, rw) ||
        !add_stack(pg, as))
        return ERR_NOMEM;
    status = map_loader(pg, as);
    return status != 0 ? status : map_message(pg, as);
}

int aspace_create(struct pager *pg, uint64_t badge, struct aspace **out)
{
    uint32_t slot = BADGE_SLOT(badge);
    if (slot >= POOL_SLOTS)
        return ERR_RANGE;
    struct aspace *as = &pg->aspaces[slot];
    if (as->state != AS_FREE)
        return ERR_EXISTS;
    *as = (struct aspace){.badge = badge, .state = AS_LIVE, .slot = slot, .vmas = NONE,
                          .last_vma = NONE, .cache_node = NONE, .mmap_hint = MMAP_BASE,
                          .leaves = NONE, .fds = {NONE, NONE, NONE, NONE}, .tables = NONE, .message = NONE, .trace = NONE,
                          .wait_next = NONE, .limits = {~0UL, ~0UL, ~0UL}};
    aspace_join_family(pg, as, NONE);
    pg->naspaces++;
    int status = build(pg, as);
    *out = as;
    if (status == 0)
        return 0;
    aspace_destroy_begin(pg, as);
    while (!aspace_destroy_step(pg, as))
        ;
    return status;
}

/* Anons that stay must be found in the new family. Shared ones keep the process in its old one. */
static bool may_leave_family(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    for (vaddr_t va = start; va < end; va += PAGE_SIZE) {
        struct softpte p = softpt_find(pg, as, va);
        if (p.word != NULL && (*p.word & WORD_KIND) == WORD_ANON &&
            pg->anons[*p.word & WORD_ID].refs > 1)
            return false;
    }
    return true;
}

static void move_family(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end)
{
    if (!may_leave_family(pg, as, start, end))
        return;
    aspace_leave_family(pg, as);
    aspace_join_family(pg, as, NONE);
    for (vaddr_t va = start; va < end; va += PAGE_SIZE) {
        struct softpte p = softpt_find(pg, as, va);
        if (p.word != NULL && (*p.word & WORD_KIND) == WORD_ANON)
            pg->anons[*p.word & WORD_ID].family = as->family;
    }
}

/* Everything in [start, end) but what lies in [keep, keep_end). */
static int unmap_but(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end, vaddr_t keep,
                     vaddr_t keep_end)
{
    if (keep >= end || keep_end <= start)
        return aspace_unmap(pg, as, start, end);
    int status = keep > start ? aspace_unmap(pg, as, start, keep) : 0;
    if (status == 0 && keep_end < end)
        status = aspace_unmap(pg, as, keep_end, end);
    return status;
}

int aspace_exec(struct pager *pg, struct aspace *as, vaddr_t args, uint64_t bytes)
{
    vaddr_t end = args + ((bytes + PAGE_MASK) & ~PAGE_MASK);
    if (args & PAGE_MASK || args < MMAP_BASE || bytes > USER_END || end > USER_END)
        return ERR_INVAL;
    aspace_cancel(pg, as);
    aspace_unmap(pg, as, 0, LOADER_BASE);
    unmap_but(pg, as, LOADER_END, MSGPAGE_VA, args, end);
    unmap_but(pg, as, MMAP_BASE, USER_END, args, end);
    move_family(pg, as, args, end);
    as->heap_start = as->brk = as->signals = 0;
    as->careful = as->careful_end = 0;
    as->mmap_hint = MMAP_BASE;
    add_stack(pg, as);
    return 0;
}

void aspace_cancel(struct pager *pg, struct aspace *as)
{
    uint32_t pending = as->pending;
    park_cancel(pg, as);
    as->pending = PENDING_NONE;
    as->wait_status = 0;
    as->io_action = 0;
    if (pending == PENDING_RW)
        stream_abandon(pg, as);
    else if (pending == PENDING_SYNC)
        sync_abandon(pg, as);
    if (pending == PENDING_FAULT)
        kern_answer_fault(as->reply, ANSWER_KEEP_STOPPED, NULL);
    else if (pending != PENDING_NONE)
        kern_answer_call(as->reply, ERR_INTR, NULL, 0);
}

void aspace_destroy_begin(struct pager *pg, struct aspace *as)
{
    aspace_cancel(pg, as);
    as->state = AS_DYING;
    as->cursor = 0;
    stream_drop_all(pg, as);
    kern_message_page(as->slot, NONE);
    kern_vspace_clear(as->slot);
}

static void release_leaf(struct pager *pg, struct aspace *as, uint32_t leaf)
{
    for (uint32_t i = 0; i < NODE_WORDS && pg->node_link[leaf].used > 0; i++)
        if (pg->nodes[leaf].word[i] != 0)
            release_word(pg, as, (struct softpte){&pg->nodes[leaf].word[i], leaf});
}

static void release_tables(struct pager *pg, struct aspace *as)
{
    while (as->tables != NONE) {
        uint32_t frame = as->tables;
        as->tables = frame_of(pg, frame)->next;
        as->ntables--;
        pg->ntables--;
        frame_free(pg, frame);
    }
}

static void destroy_end(struct pager *pg, struct aspace *as)
{
    struct vma *v;
    while ((v = vma_above(pg, as, 0)) != NULL)
        drop_vma(pg, as, v);
    release_tables(pg, as);
    if (as->message != NONE) {
        pg->nmessages--;
        frame_free(pg, as->message);
    }
    if (as->trace != NONE)
        pg->trace_owner[as->trace] = AS_NONE;
    aspace_leave_family(pg, as);
    as->state = AS_FREE;
    pg->naspaces--;
    if (pg->oom_victim == as->badge)
        pg->oom_victim = 0;
}

bool aspace_destroy_step(struct pager *pg, struct aspace *as)
{
    uint32_t leaf = softpt_next(pg, as, &as->cursor, USER_END);
    if (leaf == NONE) {
        destroy_end(pg, as);
        return true;
    }
    release_leaf(pg, as, leaf);
    softpt_forget(pg, as, as->cursor);
    as->cursor += LEAF_BYTES;
    return false;
}
