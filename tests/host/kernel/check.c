/* The kernel's invariants, checked the slow way: every capability by the derivation tree, every page
 * table by walking it, every queue from both ends. */
#include "tests/host/kernel/kit.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CAPS 40000
#define FIRST_ROOT_SLOT ROOT_CSPACE

static const struct cap *caps[MAX_CAPS];
static int ncaps;
static uint32_t maps[HOST_RAM_PAGES];     /* leaf PTEs found */
static int32_t entries[HOST_RAM_PAGES];   /* valid entries of a table found; -1: none found */
static uint32_t pins[HOST_RAM_PAGES];     /* message pages found */

static void visit_tree(const struct cap *c)
{
    assert_true(ncaps < MAX_CAPS);
    assert_int_not_equal(c->type, OBJ_NULL);
    assert_true(c->type < OBJ_TYPE_COUNT);
    caps[ncaps++] = c;
    const struct cap *before = NULL;
    for (const struct cap *k = c->child; k; before = k, k = k->next) {
        assert_ptr_equal(k->parent, c);
        assert_ptr_equal(k->prev, before);
        visit_tree(k);
    }
}

static void collect_caps(void)
{
    ncaps = 0;
    for (slot_t s = FIRST_ROOT_SLOT; s < ROOT_FREE; s++)
        if (cap_at(s)->type != OBJ_NULL) {
            assert_null(cap_at(s)->parent);
            visit_tree(cap_at(s));
        }
}

static int by_object(const void *a, const void *b)
{
    const struct cap *x = *(const struct cap *const *)a, *y = *(const struct cap *const *)b;
    return x->pointer < y->pointer ? -1 : x->pointer > y->pointer;
}

/* Sorted by object, so that each object's capabilities are together. */
static void check_references(void (*each)(const struct cap *))
{
    static const struct cap *sorted[MAX_CAPS];
    int n = 0;
    for (int i = 0; i < ncaps; i++)
        if (cap_is_counted(caps[i]))
            sorted[n++] = caps[i];
    qsort(sorted, n, sizeof sorted[0], by_object);
    for (int i = 0, k; i < n; i = k) {
        for (k = i; k < n && sorted[k]->pointer == sorted[i]->pointer; k++)
            assert_int_equal(sorted[k]->type, sorted[i]->type);
        assert_int_equal(sorted[i]->object->refs, k - i);
        each(sorted[i]);
    }
}

static uint64_t frame_of(const void *p)
{
    return (ptr_phys(p) - HOST_RAM_BASE) >> PAGE_SHIFT;
}

static void check_leaf(pte_t e)
{
    pte_t rights = e & PTE_SOFT_RIGHTS;
    uint64_t pfn = pte_pfn(e);
    assert_true((e & (PTE_V | PTE_U)) == (PTE_V | PTE_U));
    assert_true(rights != 0 && rights != PTE_W && rights != (PTE_W | PTE_X));
    if (pfn - frames.first < frames.count)
        maps[pfn - frames.first]++;
}

static void check_table(const pte_t *table, int level)
{
    uint64_t f = frame_of(table);
    uint32_t n = level == 2 ? USER_ROOT_ENTRIES : TABLE_ENTRIES;
    assert_int_equal(entries[f], -1);
    entries[f] = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!table[i])
            continue;
        entries[f]++;
        if (level == 0) {
            check_leaf(table[i]);
            continue;
        }
        assert_int_equal(table[i] & 0x3ff, PTE_V);
        check_table(pte_target(table[i]), level - 1);
    }
    if (level == 2)
        assert_int_equal(table[USER_ROOT_ENTRIES], kernel_vspace.root[USER_ROOT_ENTRIES]);
}

static bool queue_has(const struct queue *q, const struct tcb *t)
{
    bool found = false;
    const struct tcb *before = NULL;
    for (const struct tcb *k = q->head; k; before = k, k = k->qnext) {
        assert_ptr_equal(k->qprev, before);
        assert_ptr_equal(k->queue, q);
        found |= k == t;
    }
    assert_ptr_equal(q->tail, before);
    return found;
}

static void check_tcb(const struct tcb *t)
{
    assert_true(t->state <= TCB_FAULTED);
    if (t->queue)
        assert_true(queue_has(t->queue, t));
    bool is_ready = t->queue >= this_cpu()->ready && t->queue < this_cpu()->ready + PRIORITIES;
    assert_int_equal(is_ready, t->state == TCB_READY && t != running());
    assert_int_equal(t->queue != NULL, t->state == TCB_RECEIVING || t->state == TCB_SENDING || is_ready);
    if (t->reply) {
        assert_ptr_equal(t->reply->tcb, t);
        assert_int_equal(t->reply->state, t->state == TCB_RECEIVING ? REPLY_ARMED : REPLY_HOLDS);
    }
    assert_int_equal(t->reply && t->reply->state == REPLY_HOLDS,
                     t->state == TCB_WAITING || t->state == TCB_FAULTED);
    assert_true(t->state == TCB_FAULTED || t->state == TCB_SENDING || !t->is_fault);
    assert_true(t->is_fault || !t->fault_vspace);
    assert_int_equal(t->nslots != 0, t->cspace_cap.type == OBJ_CSPACE);
    assert_ptr_equal(t->vspace, t->vspace_cap.type == OBJ_VSPACE ? t->vspace_cap.pointer
                                                                   : (void *)&kernel_vspace);
    if (t->notification)
        assert_ptr_equal(t->notification->bound, t);
    if (t->msg)
        pins[frame_of(t->msg)]++;
}

static void check_reply(const struct reply *r)
{
    assert_true(r->state <= REPLY_HOLDS);
    assert_int_equal(r->tcb != NULL, r->state != REPLY_FREE);
    if (r->tcb)
        assert_ptr_equal(r->tcb->reply, r);
}

static void check_object(const struct cap *c)
{
    const struct vspace *v = c->pointer;
    if (c->type == OBJ_TCB)
        check_tcb(c->pointer);
    else if (c->type == OBJ_REPLY)
        check_reply(c->pointer);
    else if (c->type == OBJ_VSPACE && v->root)
        check_table(v->root, 2);
    else if (c->type == OBJ_ENDPOINT) {
        const struct endpoint *ep = c->pointer;
        assert_true(!ep->receivers.head || !ep->senders.head);
    }
}

static void check_frames(void)
{
    for (uint64_t f = 0; f < HOST_RAM_PAGES; f++) {
        uint32_t w = frames.words[f];
        if (entries[f] >= 0) {
            assert_int_equal(w, FRAME_TABLE | (uint32_t)entries[f]);
            assert_int_equal(maps[f], 0);
            continue;
        }
        assert_false(w & FRAME_TABLE);
        assert_int_equal(w & FRAME_MAPS, maps[f]);
        assert_int_equal((w & FRAME_MESSAGES) / FRAME_MESSAGE, pins[f]);
    }
}

static void check_cpu(void)
{
    const struct cpu *c = this_cpu();
    for (int p = 0; p < PRIORITIES; p++) {
        queue_has(&c->ready[p], NULL);
        assert_int_equal(c->ready_mask >> p & 1, c->ready[p].head != NULL);
    }
    assert_int_equal(c->current->state, TCB_READY);
    assert_null(c->current->queue);
    assert_true(cpu_is_top(c, c->current->priority));
    assert_ptr_equal(c->vspace, c->current->vspace);
    assert_int_equal(host.fp_is_on, c->fp_owner == c->current);
}

void check_kernel(void)
{
    memset(maps, 0, sizeof maps);
    memset(pins, 0, sizeof pins);
    memset(entries, -1, sizeof entries);
    collect_caps();
    check_references(check_object);
    check_frames();
    check_cpu();
}
