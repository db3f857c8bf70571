/* Random programs on a small machine against a naive model of memory and files, every invariant checked
 * as it goes. Memory is scarce, so all of it happens under replacement. The seed is printed; SEED and
 * STEPS in the environment repeat a run or prolong it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "world.h"
#include <servers/pager/aspace.h>
#include <proto/fspage.h>

#define PROCS 6u
#define PAGES 200u /* model pages: heap 0..39, stack 40..59, mmap area 60.. */
#define HEAP_PAGES 40u
#define STACK_PAGES 20u
#define HEAP 0x40000UL
#define WORDS 4u   /* watched words of a page */
#define FILE_PAGES 24u
#define RW (PAGER_PROT_READ | PAGER_PROT_WRITE)

/* Watched words of a page with private or shared anonymous contents. */
struct cell {
    uint64_t word[WORDS];
    uint32_t refs;
};

enum kind { UNMAPPED, ANON, SHM, FILE_PRIVATE, FILE_SHARED };

struct page {
    enum kind kind;
    uint32_t prot, file, index;
    struct cell *cell; /* NULL: untouched, or the file's contents */
};

struct proc {
    uint64_t badge;
    uint32_t brk_pages;
    struct page page[PAGES];
    uint64_t position;
};

struct model_file {
    uint64_t word[FILE_PAGES][WORDS];
    uint64_t size;
};

static struct proc procs[PROCS];
static struct model_file files[WORLD_FILES];
static uint64_t serial;

static uint64_t va_of(uint32_t i)
{
    if (i < HEAP_PAGES)
        return HEAP + i * PAGE_SIZE;
    if (i < HEAP_PAGES + STACK_PAGES)
        return STACK_TOP - (i - HEAP_PAGES + 1) * PAGE_SIZE;
    return MMAP_BASE + (i - HEAP_PAGES - STACK_PAGES) * PAGE_SIZE;
}

static uint64_t offset_of(uint32_t w)
{
    return w * 1024 + 8 * w;
}

static uint32_t below(uint32_t n)
{
    return world_random() % n;
}

/* --- model ------------------------------------------------------------------------------------------- */

static struct cell *cell_make(void)
{
    struct cell *c = calloc(1, sizeof *c);
    c->refs = 1;
    return c;
}

static void page_drop(struct page *p)
{
    if (p->cell != NULL && --p->cell->refs == 0)
        free(p->cell);
    *p = (struct page){0};
}

static uint64_t model_load(const struct page *p, uint32_t w)
{
    if (p->cell != NULL)
        return p->cell->word[w];
    return p->kind == FILE_PRIVATE || p->kind == FILE_SHARED ? files[p->file].word[p->index][w] : 0;
}

static void model_store(struct page *p, uint32_t w, uint64_t value)
{
    if (p->kind == FILE_SHARED) {
        files[p->file].word[p->index][w] = value;
        return;
    }
    if (p->cell == NULL || (p->cell->refs > 1 && p->kind != SHM)) {
        struct cell *c = cell_make();
        for (uint32_t i = 0; i < WORDS; i++)
            c->word[i] = model_load(p, i);
        if (p->cell != NULL)
            p->cell->refs--;
        p->cell = c;
    }
    p->cell->word[w] = value;
}

static bool is_inside(const struct page *p, uint32_t w)
{
    if (p->kind != FILE_PRIVATE && p->kind != FILE_SHARED)
        return true;
    return p->cell != NULL || p->index * PAGE_SIZE < files[p->file].size;
}

/* A word behind the end, in the last page: reads are zero, stores there may vanish. */
static bool is_in_tail(const struct page *p, uint32_t w)
{
    return p->cell == NULL && (p->kind == FILE_SHARED || p->kind == FILE_PRIVATE) &&
           p->index * PAGE_SIZE + offset_of(w) + 8 > files[p->file].size;
}

/* --- operations ---------------------------------------------------------------------------------------- */

static struct proc *any_proc(void)
{
    struct proc *p = &procs[below(PROCS)];
    return p->badge == 0 ? NULL : p;
}

static void do_access(struct proc *p)
{
    uint32_t i = below(PAGES), w = below(WORDS), tries = 8 * (below(50) > 0);
    bool is_write = below(2);
    while (tries-- > 0 && !(p->page[i].prot & (is_write ? PAGER_PROT_WRITE : PAGER_PROT_READ)))
        i = below(PAGES); /* mostly accesses that are legal */
    struct page *page = &p->page[i];
    uint64_t value = world_random(), got = 0, va = va_of(i) + offset_of(w);
    if (page->kind == UNMAPPED || !(page->prot & (is_write ? PAGER_PROT_WRITE : PAGER_PROT_READ)) ||
        !is_inside(page, w)) {
        bool done = is_write ? world_store(p->badge, va, value) : world_load(p->badge, va, &got);
        assert_false(done);
        assert_true(world.thread[BADGE_SLOT(p->badge)].in_upcall);
        return;
    }
    if (is_write && is_in_tail(page, w))
        return;
    if (is_write) {
        assert_true(world_store(p->badge, va, value));
        model_store(page, w, value);
        return;
    }
    assert_true(world_load(p->badge, va, &got));
    if (got != model_load(page, w))
        print_message("page %u kind %u word %u of badge %#lx: %#lx, not %#lx\n", i, page->kind, w,
                      (unsigned long)p->badge, (unsigned long)got,
                      (unsigned long)model_load(page, w));
    assert_true(got == model_load(page, w));
}

static void do_map(struct proc *p)
{
    uint32_t first = 60 + below(PAGES - 60), n = 1 + below(40), file = below(WORLD_FILES);
    enum kind kind = ANON + below(4);
    uint32_t index = below(FILE_PAGES), prot = below(8) ? RW : PAGER_PROT_READ;
    uint32_t flags = PAGER_MAP_FIXED | (kind == SHM || kind == FILE_SHARED ? PAGER_MAP_SHARED
                                                                           : PAGER_MAP_PRIVATE);
    if (first + n > PAGES)
        n = PAGES - first;
    if (index + n > FILE_PAGES)
        n = FILE_PAGES - index;
    if (kind == ANON || kind == SHM)
        flags |= PAGER_MAP_ANONYMOUS;
    uint64_t rep[4] = {0}, words[4] = {va_of(first), n * PAGE_SIZE, prot | flags << 8,
                                       (uint64_t)(3 + file) << 48 | index};
    assert_int_equal(world_call(p->badge, pager_OP_mmap, words, rep), 0);
    assert_true(rep[0] == va_of(first));
    for (uint32_t i = first; i < first + n; i++) {
        page_drop(&p->page[i]);
        p->page[i] = (struct page){kind, prot, file, index + i - first, NULL};
        if (kind == SHM)
            p->page[i].cell = cell_make();
    }
}

static void do_unmap(struct proc *p)
{
    uint32_t first = 60 + below(PAGES - 60), n = 1 + below(24);
    if (first + n > PAGES)
        n = PAGES - first;
    uint64_t words[4] = {va_of(first), n * PAGE_SIZE};
    assert_int_equal(world_call(p->badge, pager_OP_munmap, words, NULL), 0);
    for (uint32_t i = first; i < first + n; i++)
        page_drop(&p->page[i]);
}

static void do_protect(struct proc *p)
{
    uint32_t first = 60 + below(PAGES - 60), n = 1 + below(12), prot = below(4);
    bool is_mapped = true;
    if (first + n > PAGES)
        n = PAGES - first;
    for (uint32_t i = first; i < first + n; i++)
        is_mapped &= p->page[i].kind != UNMAPPED;
    uint64_t words[4] = {va_of(first), n * PAGE_SIZE, prot};
    assert_int_equal(world_call(p->badge, pager_OP_mprotect, words, NULL),
                     is_mapped ? 0 : ERR_NOMEM);
    for (uint32_t i = first; i < first + n && is_mapped; i++)
        p->page[i].prot = prot & PAGER_PROT_WRITE ? RW : prot;
}

static void do_brk(struct proc *p)
{
    uint32_t n = below(HEAP_PAGES + 1);
    uint64_t rep[4], words[4] = {HEAP + n * PAGE_SIZE};
    assert_int_equal(world_call(p->badge, pager_OP_brk, words, rep), 0);
    for (uint32_t i = 0; i < HEAP_PAGES; i++)
        if (i >= n)
            page_drop(&p->page[i]);
        else if (p->page[i].kind == UNMAPPED)
            p->page[i] = (struct page){.kind = ANON, .prot = RW};
}

static void begin_proc(struct proc *p, uint64_t badge)
{
    p->badge = badge;
    for (uint32_t f = 0; f < WORLD_FILES; f++)
        assert_int_equal(world_open(badge, 3 + f, serial * 10 + f, f, STREAM_READ | STREAM_WRITE),
                         0);
    assert_int_equal(
        world_call(badge, pager_OP_fault_signals, (uint64_t[4]){1 << 10 | 1 << 11}, NULL), 0);
}

static void do_create(uint32_t slot)
{
    struct proc *p = &procs[slot];
    if (p->badge != 0)
        return;
    memset(p, 0, sizeof *p);
    assert_int_equal(world_create(WORLD_BADGE(++serial, slot)), 0);
    assert_int_equal(world_call(WORLD_BADGE(serial, slot), pager_OP_heap, (uint64_t[4]){HEAP}, NULL),
                     0);
    begin_proc(p, WORLD_BADGE(serial, slot));
    for (uint32_t i = HEAP_PAGES; i < HEAP_PAGES + STACK_PAGES; i++)
        p->page[i] = (struct page){.kind = ANON, .prot = RW};
}

static void do_fork(struct proc *parent, uint32_t slot)
{
    struct proc *p = &procs[slot];
    if (p->badge != 0)
        return;
    assert_int_equal(world_clone(parent->badge, WORLD_BADGE(++serial, slot)), 0);
    *p = *parent;
    p->badge = WORLD_BADGE(serial, slot);
    for (uint32_t i = 0; i < PAGES; i++)
        if (p->page[i].cell != NULL)
            p->page[i].cell->refs++;
}

static void do_exit(struct proc *p)
{
    assert_int_equal(world_destroy(p->badge), 0);
    for (uint32_t i = 0; i < PAGES; i++)
        page_drop(&p->page[i]);
    p->badge = 0;
}

/* Watched words of the range [at, at + len) of pages, and back. */
static void do_transfer(struct proc *p)
{
    uint32_t file = below(WORLD_FILES), first = 60 + below(PAGES - 60), n = 1 + below(5);
    uint64_t at = below(FILE_PAGES - 5) * PAGE_SIZE, moved[4] = {0};
    bool is_write = below(2);
    struct model_file *f = &files[file];
    if (first + n > PAGES)
        n = PAGES - first;
    for (uint32_t i = first; i < first + n; i++) /* keep to plain buffers */
        if (p->page[i].kind == UNMAPPED || p->page[i].prot != RW || !is_inside(&p->page[i], 0) ||
            p->page[i].kind == FILE_SHARED || (p->page[i].kind == FILE_PRIVATE && !p->page[i].cell))
            return;
    uint64_t words[4] = {3 + file, va_of(first), n * PAGE_SIZE, at};
    int status = world_call(p->badge, is_write ? pager_OP_pwrite : pager_OP_pread, words, moved);
    assert_int_equal(status, 0);
    uint64_t want = n * PAGE_SIZE;
    if (!is_write)
        want = at >= f->size ? 0 : f->size - at < want ? f->size - at : want;
    assert_true(moved[0] == want);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t w = 0; w < WORDS; w++) {
            uint64_t here = at + i * PAGE_SIZE + offset_of(w);
            if (is_write)
                f->word[here >> 12][w] = model_load(&p->page[first + i], w);
            else if (here + 8 <= at + want)
                model_store(&p->page[first + i], w, f->word[here >> 12][w]);
        }
    if (is_write && at + want > f->size)
        f->size = at + want;
}

static void do_truncate(void)
{
    uint32_t file = below(WORLD_FILES);
    uint64_t size = below(FILE_PAGES) * PAGE_SIZE + (below(2) ? below(4) * 1024 : 0);
    assert_int_equal(world_truncate(file, size), 0);
    for (uint32_t i = 0; i < FILE_PAGES; i++)
        for (uint32_t w = 0; w < WORDS; w++)
            if (i * PAGE_SIZE + offset_of(w) + 8 > size)
                files[file].word[i][w] = 0;
    files[file].size = size;
}

static void do_sync(struct proc *p)
{
    uint32_t file = below(WORLD_FILES);
    assert_int_equal(world_call(p->badge, pager_OP_fsync, (uint64_t[4]){3 + file}, NULL), 0);
    for (uint32_t i = 0; i < FILE_PAGES; i++)
        for (uint32_t w = 0; w < WORDS; w++) {
            uint64_t word, at = i * PAGE_SIZE + offset_of(w);
            memcpy(&word, world.file[file].disk + at, 8);
            if (at + 8 <= files[file].size)
                assert_true((world.file[file].has_blocks[i] ? word : 0) == files[file].word[i][w]);
        }
}

static void do_switch(struct proc *p)
{
    static const char *const names[] = {"fifo", "clock", "aging"};
    const char *name = names[below(3)];
    assert_int_equal(world_call_bytes(p->badge, pager_OP_policy, (uint64_t[4]){strlen(name)}, name,
                                      strlen(name)),
                     0);
}

static void step(void)
{
    struct proc *p = any_proc();
    uint32_t what = below(1000);
    if (p == NULL && below(30) == 0)
        do_create(below(PROCS));
    else if (p == NULL)
        world_work();
    else if (what < 800)
        do_access(p);
    else if (what < 830)
        do_map(p);
    else if (what < 850)
        do_unmap(p);
    else if (what < 870)
        do_protect(p);
    else if (what < 880)
        do_brk(p);
    else if (what < 892)
        do_fork(p, below(PROCS));
    else if (what < 896)
        do_exit(p);
    else if (what < 960)
        do_transfer(p);
    else if (what < 970)
        do_truncate();
    else if (what < 975)
        do_sync(p);
    else if (what < 980)
        do_switch(p);
    else
        world_pass_ms(below(300));
}

static void end_all(void)
{
    for (uint32_t i = 0; i < PROCS; i++)
        if (procs[i].badge != 0)
            do_exit(&procs[i]);
    assert_int_equal(world_quiesce(), 0);
    world_settle();
    world_check();
    assert_int_equal(world_pager()->anon_used, 0);
    assert_int_equal(world_pager()->swap_used, 0);
    assert_int_equal(world_pager()->vma_used, 0);
    assert_int_equal(world_pager()->node_taken, 0);
    assert_int_equal(world_pager()->ntables, 0);
    assert_int_equal(world_pager()->dirty_files, 0);
}

static uint32_t setting(const char *name, uint32_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoul(text, NULL, 0);
}

static void run(uint32_t seed, uint32_t steps, uint32_t frames, const char *policy)
{
    world_seed(seed);
    world_start(&(struct world_config){frames, 1500, policy});
    memset(files, 0, sizeof files);
    memset(procs, 0, sizeof procs);
    serial = 0;
    for (uint32_t i = 0; i < steps; i++) {
        step();
        assert_int_equal(world.deaths, 0);
        if (i % 16 == 0)
            world_check();
    }
    end_all();
    const struct pager_stats *s = &world_pager()->stats;
    print_message("  %lu faults, %lu copies, %lu forks, evicted %lu clean, %lu to swap, %lu to files\n",
                  s->faults, s->actions[PAGER_ACTION_cow_copy], s->forks, s->evicted_clean,
                  s->evicted_swap, s->evicted_file);
    world_stop();
}

static void memory_and_files_behave_as_the_model_with_scarce_memory(void **state)
{
    uint32_t seed = setting("SEED", 1), runs = setting("RUNS", 6);
    for (uint32_t i = 0; i < runs; i++, seed++) {
        print_message("SEED=%u\n", seed);
        run(seed, setting("STEPS", 3000), 100 + seed % 5 * 25, seed % 2 ? "clock" : "aging");
    }
}

static void memory_and_files_behave_as_the_model_with_plenty_of_memory(void **state)
{
    uint32_t seed = setting("SEED", 100);
    print_message("SEED=%u\n", seed);
    run(seed, setting("STEPS", 4000), 2500, "fifo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_and_files_behave_as_the_model_with_scarce_memory),
        cmocka_unit_test(memory_and_files_behave_as_the_model_with_plenty_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
