/* The fake kernel: performs items on its own books, as strictly as <abi/item.h> says. */
#include "machine.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <servers/pager/kern.h>

#define PTES 65536u
struct table {
    bool used;
    uint32_t level, frame, entries;
    uint64_t va;
};
#define TABLES 24u /* of one address space */

struct machine machine;
static struct pte ptes[PTES];
static struct table tables[POOL_SLOTS][TABLES];
static uint32_t message_frame[POOL_SLOTS];

void machine_start(uint32_t nframes)
{
    memset(ptes, 0, sizeof ptes);
    memset(tables, 0, sizeof tables);
    machine.nframes = nframes;
    machine.ram = malloc(nframes * PAGE_SIZE);
    memset(machine.ram, 0xaa, nframes * PAGE_SIZE);
    machine.nmaps = calloc(nframes, sizeof *machine.nmaps);
    machine.npins = calloc(nframes, sizeof *machine.npins);
    machine.is_table = calloc(nframes, sizeof *machine.is_table);
    for (uint32_t i = 0; i < POOL_SLOTS; i++)
        message_frame[i] = NONE;
}

void machine_stop(void)
{
    free(machine.ram);
    free(machine.nmaps);
    free(machine.npins);
    free(machine.is_table);
}

struct pte *pte_find(uint32_t slot, uint64_t vpn, bool make)
{
    uint32_t at = (vpn * 31 + slot * 7919) % PTES, room = PTES;
    for (uint32_t i = 0; i < PTES; i++, at = (at + 1) % PTES) {
        if (ptes[at].key_slot == slot + 1 && ptes[at].vpn == vpn)
            return &ptes[at];
        if (ptes[at].key_slot == UINT32_MAX && room == PTES)
            room = at;
        if (ptes[at].key_slot == 0) {
            if (room == PTES)
                room = at;
            break;
        }
    }
    if (!make)
        return NULL;
    assert(room < PTES);
    ptes[room] = (struct pte){.key_slot = slot + 1, .vpn = vpn};
    return &ptes[room];
}

static uint64_t span_of(uint32_t level)
{
    return 1UL << (21 + 9 * level);
}

static struct table *table_find(uint32_t slot, uint32_t level, uint64_t va)
{
    va = level == 2 ? 0 : va & ~(span_of(level) - 1);
    for (uint32_t i = 0; i < TABLES; i++)
        if (tables[slot][i].used && tables[slot][i].level == level && tables[slot][i].va == va)
            return &tables[slot][i];
    return NULL;
}

static uint32_t slot_of(uint32_t cap)
{
    return cap - SLOT_POOL_VSPACE;
}

static bool rights_are_legal(uint32_t flags)
{
    uint32_t r = flags & 7;
    return r == PROT_R || r == (PROT_R | PROT_W) || r == (PROT_R | PROT_X) ||
           (flags & PROT_RWX_OK && r == 7);
}

static int item_map(struct item *it, uint32_t slot)
{
    uint32_t n = ITEM_COUNT(it->w0) ? ITEM_COUNT(it->w0) : 1;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t va = it->w1 + i * PAGE_SIZE;
        uint32_t frame = it->w2 + i;
        struct table *t = table_find(slot, 0, va);
        if (frame >= machine.nframes || ITEM_B(it->w0) != SLOT_RAM || va & PAGE_MASK)
            return ERR_RANGE;
        if (t == NULL)
            return ERR_NOTABLE;
        if (machine.is_table[frame])
            return ERR_BUSY;
        if (!rights_are_legal(ITEM_FLAGS(it->w0)))
            return ERR_RIGHTS;
        if (pte_find(slot, va >> 12, false) != NULL)
            return ERR_EXISTS;
        struct pte *p = pte_find(slot, va >> 12, true);
        p->frame = frame;
        p->rights = ITEM_FLAGS(it->w0) & 7;
        machine.nmaps[frame]++;
        t->entries++;
    }
    return 0;
}

uint64_t pte_word(const struct pte *p)
{
    return PTE_V | (p->rights & PROT_R ? PTE_R : 0) | (p->rights & PROT_W ? PTE_W : 0) |
           (p->a ? PTE_A : 0) | (p->d ? PTE_D : 0) | (uint64_t)p->frame << 10;
}

static void pte_drop(uint32_t slot, struct pte *p)
{
    assert(machine.nmaps[p->frame] > 0);
    machine.nmaps[p->frame]--;
    table_find(slot, 0, p->vpn << 12)->entries--;
    p->key_slot = UINT32_MAX;
}

static int item_unmap(struct item *it, uint32_t slot)
{
    uint32_t n = ITEM_COUNT(it->w0) ? ITEM_COUNT(it->w0) : 1;
    uint64_t dirty = 0, mapped = 0;
    if (n > 64)
        return ERR_RANGE;
    for (uint32_t i = 0; i < n; i++) {
        struct pte *p = pte_find(slot, (it->w1 >> 12) + i, false);
        if (p == NULL)
            continue;
        mapped |= 1UL << i;
        dirty |= (uint64_t)p->d << i;
        pte_drop(slot, p);
    }
    it->w1 = dirty;
    it->w2 = mapped;
    return 0;
}

static int item_replace(struct item *it, uint32_t slot)
{
    struct pte *p = pte_find(slot, it->w1 >> 12, false);
    uint64_t old = p == NULL ? 0 : pte_word(p);
    if (p != NULL)
        pte_drop(slot, p);
    int status = item_map(it, slot);
    it->w1 = old;
    return status;
}

static int item_copy(struct item *it)
{
    uint64_t len = ITEM_COUNT(it->w0) ? ITEM_COUNT(it->w0) : PAGE_SIZE;
    if (it->w1 >> 12 >= machine.nframes || it->w2 >> 12 >= machine.nframes || machine.is_table[it->w1 >> 12] ||
        (it->w1 & PAGE_MASK) + len > PAGE_SIZE || (it->w2 & PAGE_MASK) + len > PAGE_SIZE)
        return ERR_RANGE;
    memmove(machine.ram + it->w1, machine.ram + it->w2, len);
    return 0;
}

static int item_copy_map(struct item *it, uint32_t slot)
{
    struct item copy = {ITEM_W0(ITEM_COPY, 0, SLOT_RAM, SLOT_RAM, 0), (it->w2 & UINT32_MAX) << 12,
                        it->w2 >> 32 << 12};
    int status = item_copy(&copy);
    it->w2 &= UINT32_MAX;
    return status == 0 ? item_replace(it, slot) : status;
}

static int item_protect(struct item *it, uint32_t slot)
{
    uint32_t n = ITEM_COUNT(it->w0) ? ITEM_COUNT(it->w0) : 1;
    if (n > 64)
        return ERR_RANGE;
    if (!rights_are_legal(ITEM_FLAGS(it->w0)))
        return ERR_RIGHTS;
    for (uint32_t i = 0; i < n; i++) {
        struct pte *p = pte_find(slot, (it->w1 >> 12) + i, false);
        if (p != NULL)
            p->rights = ITEM_FLAGS(it->w0) & 7;
    }
    return 0;
}

static int item_harvest(struct item *it, uint32_t slot)
{
    uint32_t n = ITEM_COUNT(it->w0);
    uint64_t a = 0, d = 0, va = it->w1;
    if (n == 0 || n > 64)
        return ERR_RANGE;
    for (uint32_t i = 0; i < n; i++) {
        struct pte *p = pte_find(slot, (va >> 12) + i, false);
        if (p == NULL)
            continue;
        a |= (uint64_t)p->a << i;
        d |= (uint64_t)p->d << i;
        if (ITEM_FLAGS(it->w0) & HARVEST_CLEAR_A)
            p->a = false;
    }
    it->w1 = d;
    it->w2 = a;
    return 0;
}

static int item_clone(struct item *it, uint32_t to)
{
    uint32_t from = slot_of(ITEM_B(it->w0)), n = ITEM_COUNT(it->w0);
    uint64_t cloned = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t vpn = (it->w1 >> 12) + i;
        struct pte *p = pte_find(from, vpn, false);
        if (p == NULL)
            continue;
        if (pte_find(to, vpn, false) != NULL)
            return ERR_EXISTS;
        struct table *t = table_find(to, 0, vpn << 12);
        if (t == NULL)
            return ERR_NOTABLE;
        p->rights &= ~PROT_W;
        struct pte *q = pte_find(to, vpn, true);
        q->frame = p->frame;
        q->rights = p->rights;
        machine.nmaps[q->frame]++;
        t->entries++;
        cloned++;
    }
    it->w1 = cloned;
    return 0;
}

static int item_donate(struct item *it, uint32_t slot)
{
    uint32_t level = ITEM_FLAGS(it->w0), frame = it->w2;
    if (frame >= machine.nframes || level > 2)
        return ERR_RANGE;
    if (machine.nmaps[frame] || machine.npins[frame] || machine.is_table[frame])
        return ERR_BUSY;
    if (table_find(slot, level, it->w1))
        return ERR_EXISTS;
    struct table *up = level < 2 ? table_find(slot, level + 1, it->w1) : NULL;
    if (level < 2 && up == NULL)
        return ERR_NOTABLE;
    for (uint32_t i = 0; i < TABLES; i++)
        if (!tables[slot][i].used) {
            tables[slot][i] = (struct table){true, level, frame, 0,
                                             level == 2 ? 0 : it->w1 & ~(span_of(level) - 1)};
            machine.is_table[frame] = true;
            memset(machine.ram + frame * PAGE_SIZE, 0xcc, PAGE_SIZE);
            if (up)
                up->entries++;
            return 0;
        }
    abort();
}

static int item_take_table(struct item *it, uint32_t slot)
{
    uint32_t level = ITEM_FLAGS(it->w0);
    struct table *t = table_find(slot, level, it->w1);
    if (t == NULL)
        return ERR_NOTABLE;
    if (t->entries > 0)
        return ERR_BUSY;
    it->w2 = t->frame;
    machine.is_table[t->frame] = false;
    t->used = false;
    if (level < 2)
        table_find(slot, level + 1, it->w1)->entries--;
    return 0;
}

static int item_clear(struct item *it)
{
    uint64_t offset = it->w1 & UINT32_MAX, len = it->w1 >> 32;
    if (it->w2 >= machine.nframes || offset + len > PAGE_SIZE || machine.is_table[it->w2])
        return ERR_RANGE;
    memset(machine.ram + it->w2 * PAGE_SIZE + offset, 0, len);
    return 0;
}

static int perform(struct item *it)
{
    uint32_t slot = slot_of(ITEM_A(it->w0));
    world.items++;
    switch (ITEM_OP(it->w0)) {
    case ITEM_MAP:
        return item_map(it, slot);
    case ITEM_UNMAP:
        return item_unmap(it, slot);
    case ITEM_REPLACE:
        return item_replace(it, slot);
    case ITEM_PROTECT:
        return item_protect(it, slot);
    case ITEM_HARVEST:
        return item_harvest(it, slot);
    case ITEM_CLONE:
        return item_clone(it, slot);
    case ITEM_DONATE:
        return item_donate(it, slot);
    case ITEM_TAKE_TABLE:
        return item_take_table(it, slot);
    case ITEM_CLEAR:
        return item_clear(it);
    case ITEM_COPY:
        return item_copy(it);
    case ITEM_COPY_MAP:
        return item_copy_map(it, slot);
    default:
        return ERR_BADMSG;
    }
}

int kern_items(struct item *items, uint32_t n, uint32_t *failed)
{
    assert(n <= MSG_ITEMS);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t w0 = items[i].w0, w1 = items[i].w1;
        int status = perform(&items[i]);
        if (status != 0) {
            fprintf(stderr, "item %lu of slot %u at %#lx: %d\n", (unsigned long)(w0 & 255),
                    slot_of(ITEM_A(w0)), (unsigned long)w1, status);
            world.misuses++;
            *failed = i;
            return status;
        }
    }
    return 0;
}

void kern_vspace_clear(uint32_t slot)
{
    for (uint32_t i = 0; i < PTES; i++)
        if (ptes[i].key_slot == slot + 1)
            pte_drop(slot, &ptes[i]);
    for (uint32_t i = 0; i < TABLES; i++)
        if (tables[slot][i].used) {
            tables[slot][i].used = false;
            machine.is_table[tables[slot][i].frame] = false;
        }
}

int kern_message_page(uint32_t slot, uint32_t frame)
{
    if (message_frame[slot] != NONE)
        machine.npins[message_frame[slot]]--;
    message_frame[slot] = frame;
    if (frame != NONE)
        machine.npins[frame]++;
    return 0;
}
