/* See world.h. The fake kernel keeps its own truth (PTEs, table frames, counts per frame) and compares
 * each item with it, as strictly as <abi/item.h> says. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "world.h"
#include <servers/pager/anon.h>
#include <servers/pager/aspace.h>
#include <servers/pager/carve.h>
#include <servers/pager/fault.h>
#include <servers/pager/frame.h>
#include <servers/pager/kern.h>
#include <servers/pager/softpt.h>
#include <servers/pager/work.h>
#include <proto/fspage.h>
#include <proto/pagefs.h>
#include <proto/pagerproc.h>
#include <proto/procpager.h>
#include <proto/swap.h>

struct world world;
uint64_t world_bytes[MSG_WORDS];

/* --- fake kernel ------------------------------------------------------------------------------------ */

#define PTES 65536u
struct pte {
    uint32_t key_slot; /* slot + 1, 0: free, ~0: deleted */
    uint64_t vpn;
    uint32_t frame, rights;
    bool a, d;
};
struct table {
    bool used;
    uint32_t level, frame, entries;
    uint64_t va;
};
#define TABLES 24u /* of one address space */

static struct pte ptes[PTES];
static struct table tables[POOL_SLOTS][TABLES];
static uint8_t *ram, *heap;
static uint32_t *nmaps, *npins;
static bool *is_table;
static uint32_t nframes;
static uint32_t message_frame[POOL_SLOTS];
static uint8_t *swap_disk;
static uint64_t *swap_key;
static bool *swap_taken;
static uint32_t swap_slots, swap_free;
static uint32_t rng = 1;

#define LOADER_PAGES 2u
#define LOADER_FRAME 3u

uint32_t world_random(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 17;
    rng ^= rng << 5;
    return rng;
}

void world_seed(uint32_t seed)
{
    rng = seed * 2654435761u + 1;
    if (rng == 0)
        rng = 1;
}

static struct pte *pte_find(uint32_t slot, uint64_t vpn, bool make)
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
        if (frame >= nframes || ITEM_B(it->w0) != SLOT_RAM || va & PAGE_MASK)
            return ERR_RANGE;
        if (t == NULL)
            return ERR_NOTABLE;
        if (is_table[frame])
            return ERR_BUSY;
        if (!rights_are_legal(ITEM_FLAGS(it->w0)))
            return ERR_RIGHTS;
        if (pte_find(slot, va >> 12, false) != NULL)
            return ERR_EXISTS;
        struct pte *p = pte_find(slot, va >> 12, true);
        p->frame = frame;
        p->rights = ITEM_FLAGS(it->w0) & 7;
        nmaps[frame]++;
        t->entries++;
    }
    return 0;
}

static uint64_t pte_word(const struct pte *p)
{
    return PTE_V | (p->rights & PROT_R ? PTE_R : 0) | (p->rights & PROT_W ? PTE_W : 0) |
           (p->a ? PTE_A : 0) | (p->d ? PTE_D : 0) | (uint64_t)p->frame << 10;
}

static void pte_drop(uint32_t slot, struct pte *p)
{
    assert(nmaps[p->frame] > 0);
    nmaps[p->frame]--;
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
        nmaps[q->frame]++;
        t->entries++;
        cloned++;
    }
    it->w1 = cloned;
    return 0;
}

static int item_donate(struct item *it, uint32_t slot)
{
    uint32_t level = ITEM_FLAGS(it->w0), frame = it->w2;
    if (frame >= nframes || level > 2)
        return ERR_RANGE;
    if (nmaps[frame] || npins[frame] || is_table[frame])
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
            is_table[frame] = true;
            memset(ram + frame * PAGE_SIZE, 0xcc, PAGE_SIZE);
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
    is_table[t->frame] = false;
    t->used = false;
    if (level < 2)
        table_find(slot, level + 1, it->w1)->entries--;
    return 0;
}

static int item_clear(struct item *it)
{
    uint64_t offset = it->w1 & UINT32_MAX, len = it->w1 >> 32;
    if (it->w2 >= nframes || offset + len > PAGE_SIZE || is_table[it->w2])
        return ERR_RANGE;
    memset(ram + it->w2 * PAGE_SIZE + offset, 0, len);
    return 0;
}

static int item_copy(struct item *it)
{
    uint64_t len = ITEM_COUNT(it->w0) ? ITEM_COUNT(it->w0) : PAGE_SIZE;
    if (it->w1 >> 12 >= nframes || it->w2 >> 12 >= nframes || is_table[it->w1 >> 12] ||
        (it->w1 & PAGE_MASK) + len > PAGE_SIZE || (it->w2 & PAGE_MASK) + len > PAGE_SIZE)
        return ERR_RANGE;
    memmove(ram + it->w1, ram + it->w2, len);
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
            is_table[tables[slot][i].frame] = false;
        }
}

int kern_message_page(uint32_t slot, uint32_t frame)
{
    if (message_frame[slot] != NONE)
        npins[message_frame[slot]]--;
    message_frame[slot] = frame;
    if (frame != NONE)
        npins[frame]++;
    return 0;
}

uint64_t kern_time(void)
{
    return world.now;
}

/* The clearing thread runs at random moments. */
void kern_wake_clearer(void)
{
}

static void clearer_step(void)
{
    uint32_t frame = clear_ring_take(world_pager()->to_clear);
    if (frame == NONE)
        return;
    memset(ram + (uint64_t)frame * PAGE_SIZE, 0, PAGE_SIZE);
    clear_ring_put(world_pager()->cleared, frame);
}

void kern_post(enum server_id peer, uint32_t op, uint64_t cookie, const uint64_t *words)
{
    if (peer == SRV_PROC) {
        world.deaths++;
        memcpy(world.death, words, sizeof world.death);
        return;
    }
    assert(world.nio < 2048);
    struct world_io *io = &world.io[world.nio++];
    *io = (struct world_io){.peer = peer, .op = op, .cookie = cookie};
    memcpy(io->word, words, sizeof io->word);
}

uint32_t kern_room(enum server_id peer)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < world.nio; i++)
        n += world.io[i].peer == peer;
    return n >= 28 ? 0 : 28 - n;
}

void kern_complete(enum server_id peer, uint64_t head, int status)
{
    world.completed++;
    world.last_completion = status;
}

void kern_answer_call(uint32_t reply, int status, const uint64_t *words, uint32_t n)
{
    struct world_thread *t = &world.thread[reply];
    if (t->state != WORLD_CALLING)
        return;
    t->state = WORLD_RUNNING;
    t->status = status;
    t->word = n > 0 ? words[0] : 0;
}

int kern_answer_fault(uint32_t reply, enum fault_answer answer, const uint64_t *words)
{
    struct world_thread *t = &world.thread[reply];
    if (t->state != WORLD_FAULTED)
        return 0;
    t->state = answer == ANSWER_KEEP_STOPPED ? WORLD_STOPPED : WORLD_RUNNING;
    t->in_upcall = answer == ANSWER_UPCALL;
    if (t->in_upcall)
        memcpy(t->upcall, words, sizeof t->upcall);
    return 0;
}

void kern_log(const char *format, ...)
{
    if (getenv("VERBOSE") == NULL)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* --- start ---------------------------------------------------------------------------------------- */

void world_start(const struct world_config *config)
{
    uint64_t heap_bytes = 8UL << 20;
    memset(&world, 0, sizeof world);
    memset(ptes, 0, sizeof ptes);
    memset(tables, 0, sizeof tables);
    nframes = config->frames;
    ram = malloc(nframes * PAGE_SIZE);
    memset(ram, 0xaa, nframes * PAGE_SIZE);
    heap = calloc(1, heap_bytes);
    nmaps = calloc(nframes, sizeof *nmaps);
    npins = calloc(nframes, sizeof *npins);
    is_table = calloc(nframes, sizeof *is_table);
    swap_slots = swap_free = config->swap_slots;
    swap_disk = malloc((swap_slots + 1) * PAGE_SIZE);
    swap_key = calloc(swap_slots + 1, sizeof *swap_key);
    swap_taken = calloc(swap_slots + 1, sizeof *swap_taken);
    for (uint32_t i = 0; i < POOL_SLOTS; i++)
        message_frame[i] = NONE;
    world.now = 1;
    struct carve_plan plan = {heap, heap_bytes, nframes, LOADER_FRAME, LOADER_PAGES,
                              config->policy, 10000000};
    assert(pager_init(world_pager(), &plan) == 0);
    uint64_t rep[2] = {swap_slots, swap_slots};
    service_completed(&world.service, SRV_SWAP, swap_OP_info, 0, 0, rep);
    for (uint32_t i = 0; i < LOADER_PAGES; i++)
        memset(ram + (LOADER_FRAME + i) * PAGE_SIZE, 0x4c, PAGE_SIZE);
}

void world_stop(void)
{
    free(ram);
    free(heap);
    free(nmaps);
    free(npins);
    free(is_table);
    free(swap_disk);
    free(swap_key);
    free(swap_taken);
}

/* --- I/O -------------------------------------------------------------------------------------------- */

static int do_fill(struct world_file *f, const uint64_t *w, uint64_t *hole)
{
    uint64_t index = w[2];
    *hole = 1;
    if (index >= WORLD_FILE_PAGES || !f->has_blocks[index])
        return 0;
    memcpy(ram + w[3] * PAGE_SIZE, f->disk + index * PAGE_SIZE, PAGE_SIZE);
    *hole = 0;
    return 0;
}

static int do_write(struct world_file *f, const uint64_t *w)
{
    uint64_t index = w[2];
    assert(index < WORLD_FILE_PAGES && w[4] >= 1 && w[4] <= PAGE_SIZE);
    assert(w[5] == f->has_credit[index]);
    assert(f->has_blocks[index] || f->has_credit[index]);
    for (uint64_t i = w[4]; i < PAGE_SIZE; i++)
        assert(ram[w[3] * PAGE_SIZE + i] == 0);
    memcpy(f->disk + index * PAGE_SIZE, ram + w[3] * PAGE_SIZE, PAGE_SIZE);
    f->has_blocks[index] = true;
    f->has_credit[index] = false;
    return 0;
}

static int do_credit(struct world_file *f, const uint64_t *w, uint64_t *reserved)
{
    *reserved = 0;
    if (w[2] >= WORLD_FILE_PAGES)
        return ERR_FBIG;
    if (f->has_blocks[w[2]])
        return 0;
    if (world.disk_full)
        return ERR_NOSPC;
    assert(!f->has_credit[w[2]]);
    f->has_credit[w[2]] = true;
    *reserved = 1;
    return 0;
}

static int fs_io(const struct world_io *io, uint64_t *rep)
{
    struct world_file *f = &world.file[io->word[0] - 1];
    assert(io->word[0] >= 1 && io->word[0] <= WORLD_FILES && io->word[1] == 7);
    switch (io->op) {
    case pagefs_OP_fill:
        return do_fill(f, io->word, rep);
    case pagefs_OP_write:
        return do_write(f, io->word);
    case pagefs_OP_credit:
        return do_credit(f, io->word, rep);
    case pagefs_OP_uncredit:
        assert(f->has_credit[io->word[2]]);
        f->has_credit[io->word[2]] = false;
        return 0;
    case pagefs_OP_size:
        f->size = io->word[2];
        return 0;
    case pagefs_OP_sync:
        f->syncs++;
        return 0;
    case pagefs_OP_idle:
        f->idles++;
        return 0;
    default:
        abort();
    }
}

static int swap_out(const uint64_t *w, uint64_t *slot)
{
    assert(nmaps[w[0]] == 0 || frame_of(world_pager(), w[0])->flags & FRAME_DIRTY ||
           !(frame_of(world_pager(), w[0])->flags & FRAME_EVICT));
    if (world.disk_full)
        return ERR_NOSPC;
    for (uint32_t i = 0; i < swap_slots; i++)
        if (!swap_taken[i]) {
            swap_taken[i] = true;
            swap_key[i] = w[1];
            swap_free--;
            memcpy(swap_disk + i * PAGE_SIZE, ram + w[0] * PAGE_SIZE, PAGE_SIZE);
            *slot = i;
            return 0;
        }
    return ERR_NOSPC;
}

static int swap_io(const struct world_io *io, uint64_t *rep)
{
    const uint64_t *w = io->word;
    switch (io->op) {
    case swap_OP_out:
        return swap_out(w, rep);
    case swap_OP_in:
        assert(w[0] < swap_slots && swap_taken[w[0]] && swap_key[w[0]] == w[2]);
        memcpy(ram + w[1] * PAGE_SIZE, swap_disk + w[0] * PAGE_SIZE, PAGE_SIZE);
        return 0;
    case swap_OP_free:
        assert(w[0] < swap_slots && swap_taken[w[0]] && swap_key[w[0]] == w[1]);
        swap_taken[w[0]] = false;
        swap_free++;
        return 0;
    default:
        abort();
    }
}

static bool may_fail(const struct world_io *io)
{
    return !(io->peer == SRV_SWAP && io->op == swap_OP_free) &&
           !(io->peer == SRV_FS && (io->op == pagefs_OP_uncredit || io->op == pagefs_OP_size ||
                                    io->op == pagefs_OP_idle));
}

void world_complete_io(uint32_t i)
{
    struct world_io io = world.io[i];
    uint64_t rep[7] = {0};
    int status;
    memmove(&world.io[i], &world.io[i + 1], (--world.nio - i) * sizeof io);
    if (may_fail(&io) && world.fail_io > 0 && --world.fail_io == 0)
        status = world.fail_status;
    else
        status = io.peer == SRV_FS ? fs_io(&io, rep) : swap_io(&io, rep);
    service_completed(&world.service, io.peer, io.op, io.cookie, status, rep);
}

/* Requests that fs handles in order (they change its books) go first; I/O in any order. */
static uint32_t pick_io(void)
{
    uint32_t i = world_random() % world.nio;
    for (uint32_t j = 0; j < i; j++)
        if (world.io[j].peer == world.io[i].peer && world.io[j].word[0] == world.io[i].word[0] &&
            !may_fail(&world.io[j]))
            return j;
    if (!may_fail(&world.io[i]) || world.io[i].op == swap_OP_out || world.io[i].peer == SRV_FS)
        for (uint32_t j = 0; j < i; j++)
            if (world.io[j].peer == world.io[i].peer)
                if (!may_fail(&world.io[j]) || !may_fail(&world.io[i]))
                    return j;
    return i;
}

void world_work(void)
{
    for (uint32_t i = 0; work_is_due(world_pager()); i++) {
        assert(i < 200000);
        work_step(world_pager());
    }
}

void world_pass_ms(uint32_t ms)
{
    work_deadline(world_pager());
    world.now += (uint64_t)ms * 10000;
    work_timer(world_pager());
    world_work();
}

/* One thing happens: work, I/O or time. => false: nothing can. */
static bool happen(void)
{
    if (world_random() % 4 == 0)
        clearer_step();
    if (work_is_due(world_pager())) {
        work_step(world_pager());
        return true;
    }
    if (world.nio > 0) {
        world_complete_io(pick_io());
        return true;
    }
    uint64_t deadline = work_deadline(world_pager());
    if (deadline == 0)
        return false;
    world.now = deadline > world.now ? deadline : world.now + 1;
    work_timer(world_pager());
    return true;
}

void world_settle(void)
{
    do
        world_work();
    while (world.nio > 0 && (world_complete_io(pick_io()), true));
}

static void until(const uint32_t *count, uint32_t value)
{
    for (uint32_t i = 0; *count != value; i++) {
        assert(i < 400000);
        assert(happen());
    }
}

void world_wait(uint64_t badge)
{
    struct world_thread *t = &world.thread[BADGE_SLOT(badge)];
    for (uint32_t i = 0; t->state == WORLD_FAULTED || t->state == WORLD_CALLING; i++) {
        assert(i < 400000);
        if (!happen()) {
            fprintf(stderr, "nothing can happen and a thread waits\n");
            abort();
        }
        if (world.deaths > 0)
            return;
    }
}

/* --- peers -------------------------------------------------------------------------------------------- */

static int request(enum server_id peer, uint32_t op, const uint64_t *words)
{
    struct ring_entry e = {.head = RING_HEAD(op, 1)};
    uint32_t done = world.completed;
    memcpy(e.word, words, 6 * 8);
    int status = service_request(&world.service, peer, &e);
    if (status != PARKED)
        return status;
    until(&world.completed, done + 1);
    return world.last_completion;
}

int world_create(uint64_t badge)
{
    world.thread[BADGE_SLOT(badge)] = (struct world_thread){.state = WORLD_RUNNING};
    return request(SRV_PROC, procpager_OP_create, (uint64_t[6]){badge});
}

int world_clone(uint64_t parent, uint64_t child)
{
    if (BADGE_SLOT(child) < POOL_SLOTS)
        world.thread[BADGE_SLOT(child)] = (struct world_thread){.state = WORLD_RUNNING};
    return request(SRV_PROC, procpager_OP_clone, (uint64_t[6]){parent, child});
}

int world_exec(uint64_t badge, uint64_t args, uint64_t bytes)
{
    return request(SRV_PROC, procpager_OP_exec, (uint64_t[6]){badge, args, bytes});
}

int world_destroy(uint64_t badge)
{
    world.thread[BADGE_SLOT(badge)].state = WORLD_STOPPED;
    return request(SRV_PROC, procpager_OP_destroy, (uint64_t[6]){badge});
}

int world_open(uint64_t badge, uint32_t fd, uint64_t stream, uint32_t file, uint32_t flags)
{
    return request(SRV_FS, fspage_OP_stream_add,
                   (uint64_t[6]){badge, fd | 7UL << 32, stream, file + 1, flags,
                                 world.file[file].size});
}

int world_close(uint64_t badge, uint32_t fd)
{
    return request(SRV_FS, fspage_OP_stream_drop, (uint64_t[6]){badge, fd});
}

int world_truncate(uint32_t file, uint64_t size)
{
    int status = request(SRV_FS, fspage_OP_truncate, (uint64_t[6]){file + 1, 7, size});
    for (uint64_t i = (size + PAGE_MASK) >> 12; i < WORLD_FILE_PAGES; i++)
        world.file[file].has_blocks[i] = false;
    world.file[file].size = size;
    return status;
}

int world_discard(uint32_t file)
{
    return request(SRV_FS, fspage_OP_discard, (uint64_t[6]){file + 1, 7});
}

int world_flush(uint32_t file)
{
    return request(SRV_FS, fspage_OP_flush, (uint64_t[6]){file == NONE ? 0 : file + 1, 7});
}

int world_quiesce(void)
{
    uint32_t done = world.completed;
    int status = service_quiesce(&world.service, 1);
    if (status != PARKED)
        return status;
    until(&world.completed, done + 1);
    return world.last_completion;
}

/* --- programs ------------------------------------------------------------------------------------------- */

static struct pte *usable(uint32_t slot, uint64_t va, bool is_write)
{
    struct pte *p = pte_find(slot, va >> 12, false);
    if (p == NULL || (is_write && !(p->rights & PROT_W)))
        return NULL;
    p->a = true;
    p->d |= is_write;
    return p;
}

uint8_t *world_peek(uint64_t badge, uint64_t va)
{
    struct pte *p = pte_find(BADGE_SLOT(badge), va >> 12, false);
    return p == NULL ? NULL : ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK);
}

/* The fault of one access, as main.c serves it. */
static void fault(uint64_t badge, uint64_t va, bool is_write)
{
    uint32_t slot = BADGE_SLOT(badge);
    struct pager *pg = world_pager();
    struct aspace *as = aspace_find(pg, badge);
    struct world_thread *t = &world.thread[slot];
    struct pte *p = pte_find(slot, va >> 12, false);
    struct batch_room room;
    struct batch *b = batch_init(&room, SLOT_POOL_VSPACE + slot);
    uint64_t words[4];
    assert(as != NULL && as->pending == PENDING_NONE);
    as->fault = (struct fault){va, 0x1000, is_write ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE,
                               p == NULL ? 0 : pte_word(p), FAULT_PAGE};
    t->state = WORLD_FAULTED;
    switch (fault_serve(pg, as, b, words)) {
    case FAULT_RETRY:
        batch_run(pg, b);
        t->state = WORLD_RUNNING;
        break;
    case FAULT_PARKED:
        assert(b->n == 0);
        as->pending = PENDING_FAULT;
        as->reply = slot;
        break;
    case FAULT_UPCALL:
        memcpy(t->upcall, words, sizeof words);
        t->in_upcall = true;
        t->state = WORLD_RUNNING;
        break;
    case FAULT_STOP:
        t->state = WORLD_STOPPED;
        break;
    }
}

bool world_try(uint64_t badge, uint64_t va, bool is_write)
{
    struct world_thread *t = &world.thread[BADGE_SLOT(badge)];
    t->in_upcall = false;
    if (t->state != WORLD_RUNNING)
        return false;
    if (usable(BADGE_SLOT(badge), va, is_write))
        return true;
    fault(badge, va, is_write);
    return t->state == WORLD_RUNNING && usable(BADGE_SLOT(badge), va, is_write);
}

static struct pte *access_page(uint64_t badge, uint64_t va, bool is_write)
{
    struct world_thread *t = &world.thread[BADGE_SLOT(badge)];
    t->in_upcall = false;
    for (uint32_t i = 0; i < 1000; i++) {
        struct pte *p = usable(BADGE_SLOT(badge), va, is_write);
        if (p != NULL)
            return p;
        fault(badge, va, is_write);
        world_wait(badge);
        if (t->state != WORLD_RUNNING || t->in_upcall)
            return NULL;
    }
    fprintf(stderr, "access to %#lx never succeeds\n", (unsigned long)va);
    abort();
}

bool world_load(uint64_t badge, uint64_t va, uint64_t *value)
{
    struct pte *p = access_page(badge, va, false);
    if (p != NULL)
        memcpy(value, ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK), 8);
    return p != NULL;
}

bool world_store(uint64_t badge, uint64_t va, uint64_t value)
{
    struct pte *p = access_page(badge, va, true);
    if (p != NULL)
        memcpy(ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK), &value, 8);
    return p != NULL;
}

static int call(uint64_t badge, uint32_t op, const uint64_t *words, uint64_t *rep,
                const void *bytes, uint32_t nbytes)
{
    uint32_t slot = BADGE_SLOT(badge);
    struct call c = {.badge = badge, .reply = slot, .payload = world_bytes,
                     .tag = TAG(op, (nbytes + 7) / 8)};
    memcpy(c.word, words, sizeof c.word);
    if (bytes != NULL)
        memcpy(world_bytes, bytes, nbytes);
    world.thread[slot].state = WORLD_CALLING;
    int status = service_call(&world.service, &c);
    if (status == PARKED)
        return PARKED;
    world.thread[slot].state = WORLD_RUNNING;
    if (rep != NULL)
        memcpy(rep, c.word, sizeof c.word);
    return status;
}

int world_call_begin(uint64_t badge, uint32_t op, const uint64_t *words, uint64_t *rep)
{
    return call(badge, op, words, rep, NULL, 0);
}

int world_call(uint64_t badge, uint32_t op, const uint64_t *words, uint64_t *rep)
{
    int status = call(badge, op, words, rep, NULL, 0);
    if (status != PARKED)
        return status;
    world_wait(badge);
    if (rep != NULL)
        rep[0] = world.thread[BADGE_SLOT(badge)].word;
    return world.thread[BADGE_SLOT(badge)].status;
}

int world_call_bytes(uint64_t badge, uint32_t op, const uint64_t *words, const void *bytes,
                     uint32_t nbytes)
{
    return call(badge, op, words, NULL, bytes, nbytes);
}

/* --- invariants ------------------------------------------------------------------------------------------ */

struct census {
    uint32_t *nmap, *refs;
};

static void check_word(const struct aspace *as, vaddr_t va, uint32_t word, struct census *c)
{
    struct pager *pg = world_pager();
    uint32_t id = word & WORD_ID, frame = NONE;
    struct pte *p = as->state == AS_DYING ? NULL : pte_find(as->slot, va >> 12, false);
    if (word == 0) {
        assert(p == NULL);
        return;
    }
    if ((word & WORD_KIND) == WORD_ANON) {
        c->refs[id]++;
        assert(pg->anons[id].vpage == va >> 12 && pg->anons[id].family == as->family);
        frame = pg->anons[id].where;
    } else {
        assert(word & WORD_MAPPED);
        frame = (word & WORD_KIND) == WORD_ZERO ? pg->zero_frame : id;
    }
    if (word & WORD_MAPPED) {
        c->nmap[frame]++;
        assert(p != NULL && p->frame == frame);
        assert(!(p->rights & PROT_W) == !(word & WORD_WRITE));
    } else {
        assert(p == NULL);
    }
}

static void check_aspace(struct aspace *as, struct census *c)
{
    struct pager *pg = world_pager();
    uint32_t ntables = 1, leaf;
    uint64_t last = ~0UL;
    for (vaddr_t va = 0; (leaf = softpt_next(pg, as, &va, USER_END)) != NONE; va += LEAF_BYTES) {
        uint32_t used = 0;
        ntables += (last >> 21 != va >> 21) + (last >> 30 != va >> 30);
        last = va;
        for (uint32_t i = 0; i < NODE_WORDS; i++) {
            used += pg->nodes[leaf].word[i] != 0;
            check_word(as, va + i * PAGE_SIZE, pg->nodes[leaf].word[i], c);
        }
        assert(used == pg->node_link[leaf].used);
    }
    assert(as->ntables == ntables);
}

static void check_frame(uint32_t frame, const struct census *c, uint32_t *nfree)
{
    struct pager *pg = world_pager();
    const struct frame *f = frame_of(pg, frame);
    assert(c->nmap[frame] == nmaps[frame]);
    assert(frame == pg->zero_frame || f->nmap == nmaps[frame]);
    assert((f->state == FRAME_TABLE) == is_table[frame]);
    assert(!(f->flags & FRAME_LISTED) || f->state == FRAME_ANON || f->state == FRAME_FILE);
    if (f->state == FRAME_FREE) {
        assert(nmaps[frame] == 0 && npins[frame] == 0);
        (*nfree)++;
    }
    if (f->state == FRAME_ANON && f->owner != NONE)
        assert(pg->anons[f->owner].where == frame && pg->anons[f->owner].refs > 0);
}

void world_check(void)
{
    struct pager *pg = world_pager();
    struct census c = {calloc(nframes, 4), calloc(pg->nanons, 4)};
    uint32_t nfree = 0, used = 0;
    assert(world.misuses == 0 && pg->item_errors == 0);
    for (uint32_t i = 0; i < POOL_SLOTS; i++)
        if (pg->aspaces[i].state == AS_LIVE)
            check_aspace(&pg->aspaces[i], &c);
    for (uint32_t i = 0; i < nframes; i++)
        check_frame(i, &c, &nfree);
    assert(nfree == pg->nfree);
    for (uint32_t i = 0; i < pg->nanons; i++)
        if (c.refs[i] > 0) {
            assert(c.refs[i] == pg->anons[i].refs);
            used++;
        }
    assert(used <= pg->anon_used);
    free(c.nmap);
    free(c.refs);
}
