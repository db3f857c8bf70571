/* See world.h. The fake kernel keeps its own truth (PTEs, table frames, counts per frame) and compares
 * each item with it, as strictly as <abi/item.h> says. */
#include "world.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include <servers/pager/anon.h>
#include <servers/pager/aspace.h>
#include <servers/pager/carve.h>
#include <servers/pager/straight.h>
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
static uint8_t *heap;
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

/* --- kern.h but for items ---------------------------------------------------------------------- */

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
    memset(machine.ram + (uint64_t)frame * PAGE_SIZE, 0, PAGE_SIZE);
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
    if (answer == ANSWER_RESUME)
        t->resumed = words[0];
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
    machine_start(config->frames);
    disks_start(config->swap_slots);
    heap = calloc(1, heap_bytes);
    world.now = 1;
    struct carve_plan plan = {heap, heap_bytes, config->frames, LOADER_FRAME, LOADER_PAGES,
                              config->policy, 10000000};
    assert(pager_init(world_pager(), &plan) == 0);
    uint64_t rep[2] = {config->swap_slots, config->swap_slots};
    service_completed(&world.service, SRV_SWAP, swap_OP_info, 0, 0, rep);
    for (uint32_t i = 0; i < LOADER_PAGES; i++)
        memset(machine.ram + (LOADER_FRAME + i) * PAGE_SIZE, 0x4c, PAGE_SIZE);
}

void world_stop(void)
{
    machine_stop();
    disks_stop();
    free(heap);
}

/* --- I/O -------------------------------------------------------------------------------------------- */

static bool may_fail(const struct world_io *io)
{
    return !(io->peer == SRV_SWAP && io->op == swap_OP_free) &&
           !(io->peer == SRV_FS && (io->op == pagefs_OP_uncredit || io->op == pagefs_OP_size ||
                                    io->op == pagefs_OP_accessed ||
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
        status = disks_serve(&io, rep);
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

void world_until(const uint32_t *count, uint32_t value)
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
    return p == NULL ? NULL : machine.ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK);
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
    uint64_t words[4] = {va, 0x1000, is_write ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE,
                         p == NULL ? 0 : pte_word(p)};
    assert(as != NULL && as->pending == PENDING_NONE);
    if (world.straight++ % 4 != 0 && fault_straight(pg, as, words, room.item)) {
        b->n = 1;
        room.item[0].w0 |= ITEM_W0(0, 0, b->vspace, 0, 0);
        batch_run(pg, b);
        return;
    }
    as->fault = (struct fault){words[0], words[1], words[2], words[3], FAULT_PAGE};
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
    case FAULT_RESUME:
        t->resumed = words[0];
        t->state = WORLD_RUNNING;
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
    t->resumed = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct pte *p = usable(BADGE_SLOT(badge), va, is_write);
        if (p != NULL)
            return p;
        fault(badge, va, is_write);
        world_wait(badge);
        if (t->state != WORLD_RUNNING || t->in_upcall || t->resumed)
            return NULL;
    }
    fprintf(stderr, "access to %#lx never succeeds\n", (unsigned long)va);
    abort();
}

bool world_load(uint64_t badge, uint64_t va, uint64_t *value)
{
    struct pte *p = access_page(badge, va, false);
    if (p != NULL)
        memcpy(value, machine.ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK), 8);
    return p != NULL;
}

bool world_store(uint64_t badge, uint64_t va, uint64_t value)
{
    struct pte *p = access_page(badge, va, true);
    if (p != NULL)
        memcpy(machine.ram + (uint64_t)p->frame * PAGE_SIZE + (va & PAGE_MASK), &value, 8);
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
