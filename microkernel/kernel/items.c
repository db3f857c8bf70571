/* Decoding and performing items. Each is checked, then done. Progress of a preempted batch is one
 * word: item index, pages done in it, pages that count for its result. It is in the TCB, so the
 * system call just runs again; whoever stops a thread or gives it new registers clears it. */
#include "microkernel/kernel/items.h"

#include <abi/error.h>
#include <string.h>
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"
#include "microkernel/object/vspace.h"

#define STEP_PAGES 64u
#define PART_BITS 20
#define PART_MASK ((1UL << PART_BITS) - 1)

/* One item on its way: what it says, and how far it is. */
struct work {
    struct tcb *t;
    struct reply *reply;
    struct item item;      /* copied in once; results go here */
    uint64_t done, result; /* pages */
};

/* The VSpace that `slot` names; 0 is the faulter's. */
static int get_vspace(struct work *w, slot_t slot, struct vspace **out)
{
    struct cap *c;
    if (slot) {
        int r = cap_find(w->t, slot, OBJ_VSPACE, RIGHT_MAP, &c);
        if (!r)
            *out = c->pointer;
        return r;
    }
    if (!w->reply || !w->reply->is_fault || !w->reply->may_map)
        return ERR_RIGHTS;
    if (w->reply->state != REPLY_HOLDS || !w->reply->tcb->fault_vspace)
        return ERR_GONE;
    *out = w->reply->tcb->fault_vspace;
    return 0;
}

static uint64_t count_or_one(const struct item *it)
{
    uint32_t n = ITEM_COUNT(it->w0);
    return n ? n : 1;
}

/* VSpace, range of pages and rights, which most items have. */
struct range {
    struct vspace *v;
    vaddr_t va;
    uint64_t count;
    pte_t rights;
};

static int get_range(struct work *w, struct range *g)
{
    int r = get_vspace(w, ITEM_A(w->item.w0), &g->v);
    g->va = w->item.w1;
    g->count = count_or_one(&w->item);
    if (!r)
        r = vspace_check_range(g->va, g->count);
    return r ? r : prot_to_pte(ITEM_FLAGS(w->item.w0), &g->rights);
}

/* The same with rights ignored and at most 64 pages, whose bits are the result. */
static int get_short_range(struct work *w, struct range *g)
{
    int r = get_vspace(w, ITEM_A(w->item.w0), &g->v);
    g->va = w->item.w1;
    g->count = count_or_one(&w->item);
    if (!r && g->count > STEP_PAGES)
        return ERR_RANGE;
    return r ? r : vspace_check_range(g->va, g->count);
}

static int get_region(struct work *w, slot_t slot, uint32_t rights, struct cap **out)
{
    return cap_find(w->t, slot, OBJ_REGION, rights, out);
}

static int do_map(struct work *w)
{
    struct range g;
    struct cap *region;
    int r = get_range(w, &g);
    if (!r)
        r = get_region(w, ITEM_B(w->item.w0), 0, &region);
    if (r)
        return r;
    uint64_t end = w->done + STEP_PAGES < g.count ? w->done + STEP_PAGES : g.count;
    while (w->done < end) {
        uint64_t mapped;
        r = vspace_map_run(g.v, g.va + w->done * PAGE_SIZE, region, w->item.w2 + w->done,
                           end - w->done, g.rights, &mapped);
        w->done += mapped;
        if (r)
            return r;
    }
    return w->done < g.count ? ERR_AGAIN : 0;
}

static int do_unmap(struct work *w)
{
    struct range g;
    struct page_bits bits;
    bool only_clean = ITEM_OP(w->item.w0) == ITEM_UNMAP_IF_CLEAN;
    int r = get_short_range(w, &g);
    if (r)
        return r;
    if (!only_clean && ITEM_COUNT(w->item.w0) == 0) {
        w->item.w1 = vspace_unmap_one(g.v, g.va);
        return 0;
    }
    vspace_unmap(g.v, g.va, g.count, only_clean, &bits);
    w->item.w1 = bits.dirty;
    w->item.w2 = bits.pages;
    return 0;
}

static int do_replace(struct work *w)
{
    struct range g;
    struct cap *region;
    pte_t old;
    int r = get_range(w, &g);
    if (!r)
        r = get_region(w, ITEM_B(w->item.w0), 0, &region);
    if (!r)
        r = (ITEM_OP(w->item.w0) == ITEM_REPLACE ? vspace_replace : vspace_copy_map)(
            g.v, g.va, region, w->item.w2, g.rights, &old);
    if (!r)
        w->item.w1 = old;
    return r;
}

static int do_protect(struct work *w)
{
    struct range g;
    struct page_bits bits;
    int r = get_short_range(w, &g);
    if (!r)
        r = prot_to_pte(ITEM_FLAGS(w->item.w0), &g.rights);
    if (r)
        return r;
    vspace_protect(g.v, g.va, g.count, g.rights, &bits);
    w->item.w1 = bits.dirty;
    w->item.w2 = bits.pages;
    return 0;
}

static int do_harvest(struct work *w)
{
    struct range g;
    struct page_bits bits;
    int r = get_short_range(w, &g);
    if (r)
        return r;
    vspace_harvest(g.v, g.va, g.count, ITEM_FLAGS(w->item.w0), &bits);
    w->item.w1 = bits.dirty;
    w->item.w2 = bits.pages;
    return 0;
}

static int do_clone(struct work *w)
{
    struct range g;
    struct vspace *src;
    int r = get_vspace(w, ITEM_A(w->item.w0), &g.v);
    if (!r)
        r = get_vspace(w, ITEM_B(w->item.w0), &src);
    if (!r)
        r = vspace_check_range(w->item.w1, count_or_one(&w->item));
    if (!r && src == g.v)
        r = ERR_RANGE;
    if (!r)
        r = vspace_clone_step(g.v, src, w->item.w1, count_or_one(&w->item), &w->done, &w->result);
    if (!r)
        w->item.w1 = w->result;
    return r;
}

static int do_donate(struct work *w)
{
    struct vspace *v;
    struct cap *region;
    int r = get_vspace(w, ITEM_A(w->item.w0), &v);
    if (!r)
        r = get_region(w, ITEM_B(w->item.w0), RIGHT_READ | RIGHT_WRITE, &region);
    return r ? r : vspace_donate(v, w->item.w1, ITEM_FLAGS(w->item.w0), region, w->item.w2);
}

static int do_take_table(struct work *w)
{
    struct vspace *v;
    struct cap *region;
    uint64_t index;
    int r = get_vspace(w, ITEM_A(w->item.w0), &v);
    if (!r)
        r = get_region(w, ITEM_B(w->item.w0), RIGHT_READ | RIGHT_WRITE, &region);
    if (!r)
        r = vspace_take_table(v, w->item.w1, ITEM_FLAGS(w->item.w0), region, &index);
    if (!r)
        w->item.w2 = index;
    return r;
}

static int do_pin(struct work *w)
{
    struct cap *region;
    bool on = ITEM_OP(w->item.w0) == ITEM_PIN;
    uint64_t count = count_or_one(&w->item);
    int r = get_region(w, ITEM_B(w->item.w0), RIGHT_READ | RIGHT_WRITE, &region);
    if (r)
        return r;
    uint64_t end = w->done + STEP_PAGES < count ? w->done + STEP_PAGES : count;
    for (; w->done < end; w->done++) {
        uint64_t index = w->item.w2 + w->done;
        r = on ? region_pin(region, index) : region_unpin(region, index);
        if (r)
            return r;
    }
    return w->done < count ? ERR_AGAIN : 0;
}

/* `length` bytes at `offset` stay within their page. */
static bool is_in_page(uint64_t offset, uint64_t length)
{
    return offset <= PAGE_SIZE && length <= PAGE_SIZE - offset;
}

static int do_clear(struct work *w)
{
    struct cap *region;
    uint32_t *word;
    void *page;
    uint64_t offset = (uint32_t)w->item.w1, length = w->item.w1 >> 32;
    int r = get_region(w, ITEM_B(w->item.w0), RIGHT_WRITE, &region);
    if (!r)
        r = is_in_page(offset, length) ? 0 : ERR_RANGE;
    if (!r)
        r = region_ram_frame(region, w->item.w2, &word, &page);
    if (!r)
        memset((char *)page + offset, 0, length);
    return r;
}

/* The place that a word (index << 12 | offset) names in a region. */
static int get_place(struct work *w, slot_t slot, uint32_t rights, uint64_t place, uint64_t length,
                     char **out)
{
    struct cap *region;
    uint32_t *word;
    void *page;
    int r = get_region(w, slot, rights, &region);
    if (!r)
        r = is_in_page(place & PAGE_MASK, length) ? 0 : ERR_RANGE;
    if (!r)
        r = region_ram_frame(region, place >> PAGE_SHIFT, &word, &page);
    if (!r)
        *out = (char *)page + (place & PAGE_MASK);
    return r;
}

static int do_copy(struct work *w)
{
    uint64_t w0 = w->item.w0, length = ITEM_COUNT(w0) ? ITEM_COUNT(w0) : PAGE_SIZE;
    char *to, *from;
    int r = get_place(w, ITEM_A(w0), RIGHT_WRITE, w->item.w1, length, &to);
    if (!r)
        r = get_place(w, ITEM_B(w0), RIGHT_READ, w->item.w2, length, &from);
    if (!r)
        memmove(to, from, length);
    return r;
}

static int item_step(struct work *w)
{
    switch (ITEM_OP(w->item.w0)) {
    case ITEM_MAP:
        return do_map(w);
    case ITEM_UNMAP:
    case ITEM_UNMAP_IF_CLEAN:
        return do_unmap(w);
    case ITEM_REPLACE:
    case ITEM_COPY_MAP:
        return do_replace(w);
    case ITEM_PROTECT:
        return do_protect(w);
    case ITEM_HARVEST:
        return do_harvest(w);
    case ITEM_CLONE:
        return do_clone(w);
    case ITEM_DONATE:
        return do_donate(w);
    case ITEM_TAKE_TABLE:
        return do_take_table(w);
    case ITEM_PIN:
    case ITEM_UNPIN:
        return do_pin(w);
    case ITEM_CLEAR:
        return do_clear(w);
    case ITEM_COPY:
        return do_copy(w);
    default:
        return ERR_BADMSG;
    }
}

static uint64_t progress_word(uint64_t index, uint64_t done, uint64_t result)
{
    return index << 2 * PART_BITS | done << PART_BITS | result;
}

/* One item to its end. => 0, an error, PREEMPTED with the progress kept. */
static int item_run(struct work *w, uint32_t index)
{
    int r;
    while ((r = item_step(w)) == ERR_AGAIN)
        if (arch_interrupt_pending()) {
            w->t->progress = progress_word(index, w->done, w->result);
            return PREEMPTED;
        }
    return r;
}

static struct item *item_place(struct tcb *t, bool in_registers, uint32_t index)
{
    return in_registers ? (struct item *)&t->regs[REG_A2] : &t->msg->items[index];
}

static void load_progress(struct work *w, uint32_t *index)
{
    *index = w->t->progress >> 2 * PART_BITS;
    w->done = w->t->progress >> PART_BITS & PART_MASK;
    w->result = w->t->progress & PART_MASK;
    w->t->progress = 0;
}

int items_run(struct tcb *t, uint32_t n, bool in_registers, struct reply *r)
{
    struct work w = {.t = t, .reply = r};
    uint32_t i;
    load_progress(&w, &i);
    for (; i < n; w.done = w.result = 0, i++) {
        struct item *place = item_place(t, in_registers, i);
        w.item = *place;
        int e = item_run(&w, i);
        if (e == PREEMPTED)
            return e;
        if (e) {
            t->regs[REG_A5] = i;
            return e;
        }
        *place = w.item;
        if (i + 1 < n && arch_interrupt_pending()) {
            t->progress = progress_word(i + 1, 0, 0);
            return PREEMPTED;
        }
    }
    return 0;
}
