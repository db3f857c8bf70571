/* The allocator against a model: every block that is handed out is aligned, does not overlap another,
 * keeps its bytes; figures agree with what can be counted; misuse is seen. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include <libc/heap.h>

#define NPAGES 4096u
#define NBLOCKS 3000

static struct heap heap;
static struct heap_page pages[NPAGES];
static char *range;
static jmp_buf misused;
static const char *misuse_text;
static size_t discarded;

static struct block {
    unsigned char *p;
    size_t size;
    unsigned char mark;
} block[NBLOCKS];
static unsigned nblocks;
static size_t live_bytes;

static void discard(void *start, size_t bytes)
{
    memset(start, 0, bytes);
    discarded += bytes;
}

static void misuse(const char *what, const void *p)
{
    misuse_text = what;
    longjmp(misused, 1);
}

static int setup(void **state)
{
    memset(&heap, 0, sizeof heap);
    memset(pages, 0, sizeof pages);
    if (range)
        munmap(range, NPAGES * HEAP_PAGE);
    range = mmap(NULL, NPAGES * HEAP_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    heap.discard = discard;
    heap.misuse = misuse;
    heap_init(&heap, range, pages, NPAGES);
    nblocks = 0;
    live_bytes = discarded = 0;
    return 0;
}

static uint64_t seed = 1;
static uint64_t any(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* Runs tile [1, top) exactly; free neighbours are joined; counts agree. */
static void check_runs(void)
{
    uint32_t live = 0, dirty = 0, at = 1;
    bool was_free = false;

    while (at < heap.top) {
        bool is_free = heap.page[at].state == 2;

        assert_true(heap.page[at].state >= 2 && heap.page[at].npages > 0);
        assert_false(is_free && was_free);
        assert_int_equal(heap.page[at + heap.page[at].npages - 1].head, at);
        if (is_free && heap.page[at].is_dirty)
            dirty += heap.page[at].npages;
        if (!is_free)
            live += heap.page[at].npages;
        was_free = is_free;
        at += heap.page[at].npages;
    }
    assert_int_equal(at, heap.top);
    assert_int_equal(live, heap.nlive);
    assert_int_equal(dirty, heap.ndirty);
}

static void check_block(const struct block *b)
{
    assert_true(heap_size(&heap, b->p) >= b->size);
    for (size_t i = 0; i < b->size; i += b->size / 7 + 1)
        assert_int_equal(b->p[i], b->mark);
    if (b->size)
        assert_int_equal(b->p[b->size - 1], b->mark);
}

static size_t any_size(void)
{
    switch (any(8)) {
    case 0:
        return any(20000);
    case 1:
        return any(200000);
    case 2:
        return any(4096);
    default:
        return any(600);
    }
}

static void add(unsigned char *p, size_t size)
{
    block[nblocks] = (struct block){p, size, (unsigned char)any(256)};
    memset(p, block[nblocks].mark, size);
    live_bytes += size;
    nblocks++;
}

static void step_alloc(void)
{
    size_t size = any_size();
    bool is_zero;
    unsigned char *p;

    if (nblocks == NBLOCKS)
        return;
    p = heap_alloc(&heap, size, &is_zero);
    if (p == NULL) {
        assert_true(heap.nlive > NPAGES / 2);
        return;
    }
    assert_int_equal((uintptr_t)p % 16, 0);
    for (size_t i = 0; is_zero && i < size; i++)
        assert_int_equal(p[i], 0);
    add(p, size);
}

static void step_aligned(void)
{
    size_t align = 1UL << any(15), size = any_size();
    unsigned char *p = nblocks < NBLOCKS ? heap_alloc_aligned(&heap, align, size) : NULL;

    if (p == NULL)
        return;
    assert_int_equal((uintptr_t)p % align, 0);
    add(p, size);
}

static void step_free(void)
{
    unsigned i = nblocks ? (unsigned)any(nblocks) : 0;

    if (!nblocks)
        return;
    check_block(&block[i]);
    heap_free(&heap, block[i].p);
    live_bytes -= block[i].size;
    block[i] = block[--nblocks];
}

static void step_resize(void)
{
    struct block *b = nblocks ? &block[any(nblocks)] : NULL;
    size_t size = any_size();

    if (!b)
        return;
    check_block(b);
    if (!heap_resize(&heap, b->p, size))
        return;
    live_bytes += size - b->size;
    b->size = size;
    memset(b->p, b->mark, size);
}

static int by_address(const void *a, const void *b)
{
    return ((const struct block *)a)->p < ((const struct block *)b)->p ? -1 : 1;
}

static void check_overlap(void)
{
    qsort(block, nblocks, sizeof *block, by_address);
    for (unsigned i = 1; i < nblocks; i++)
        assert_true(block[i - 1].p + block[i - 1].size <= block[i].p);
    for (unsigned i = 0; i < nblocks; i++)
        check_block(&block[i]);
}

static void random_use_agrees_with_the_model(void **state)
{
    const char *text = getenv("SEED");

    seed = text ? strtoull(text, NULL, 0) : 0x9e3779b97f4a7c15;
    print_message("SEED=%#llx\n", (unsigned long long)seed);
    for (int i = 0; i < 60000; i++) {
        unsigned what = (unsigned)any(100), grows = i / 5000 % 2 ? 35 : 55;

        if (what < grows)
            step_alloc();
        else if (what < 60)
            step_aligned();
        else if (what < 70)
            step_resize();
        else
            step_free();
        if (i % 16 == 0)
            check_runs();
        if (i % 1000 == 0)
            check_overlap();
    }
    while (nblocks)
        step_free();
    check_runs();
    heap_trim(&heap);
    assert_int_equal(heap.ndirty, 0);
}

static void fragmented_heap_stays_below_twice_the_live_bytes(void **state)
{
    seed = 77;
    for (int i = 0; i < 400000; i++) {
        size_t size = 16 + any(any(10) ? 500 : 6000);

        if (nblocks < 2500 && any(2)) {
            void *p = heap_alloc(&heap, size, NULL);

            assert_non_null(p);
            block[nblocks++] = (struct block){p, size, 0};
            live_bytes += size;
        } else if (nblocks) {
            unsigned at = (unsigned)any(nblocks);

            heap_free(&heap, block[at].p);
            live_bytes -= block[at].size;
            block[at] = block[--nblocks];
        }
        if (nblocks > 2000)
            assert_true((heap.nlive + heap.ndirty) * HEAP_PAGE < 2 * live_bytes);
    }
}

static void memory_is_given_back(void **state)
{
    void *p = heap_alloc(&heap, 4 << 20, NULL);

    memset(p, 1, 4 << 20);
    heap_free(&heap, p);
    assert_true(discarded >= 4 << 20);
    assert_int_equal(heap.ndirty, 0);
    assert_ptr_equal(heap_alloc(&heap, 4 << 20, NULL), p);
}

static void big_block_grows_in_place(void **state)
{
    char *p = heap_alloc(&heap, 100000, NULL);

    assert_true(heap_resize(&heap, p, 400000));
    assert_true(heap_resize(&heap, p, 50000));
    assert_false(heap_resize(&heap, p, 100));
    assert_false(heap_resize(&heap, p, (size_t)NPAGES * HEAP_PAGE));
    assert_true(heap_size(&heap, p) >= 50000);
    check_runs();
}

static void too_much_is_refused(void **state)
{
    assert_null(heap_alloc(&heap, (size_t)NPAGES * HEAP_PAGE, NULL));
    assert_null(heap_alloc(&heap, SIZE_MAX, NULL));
    assert_null(heap_alloc_aligned(&heap, 4096, SIZE_MAX - 4096));
    check_runs();
}

static bool is_misuse(void *p)
{
    if (setjmp(misused))
        return true;
    heap_free(&heap, p);
    return false;
}

static void misuse_is_seen(void **state)
{
    char *small = heap_alloc(&heap, 100, NULL), *other = heap_alloc(&heap, 100, NULL);
    char *large = heap_alloc(&heap, 100000, NULL), *behind = heap_alloc(&heap, 100000, NULL);
    int here;

    assert_true(is_misuse(small + 16));
    assert_true(is_misuse(&here));
    assert_true(is_misuse(large + 4096));
    assert_true(is_misuse(large + 16));
    assert_false(is_misuse(small));
    assert_true(is_misuse(small));
    assert_string_equal(misuse_text, "double free");
    assert_false(is_misuse(behind));
    assert_false(is_misuse(large));
    assert_true(is_misuse(behind));
    assert_true(is_misuse(large));
    assert_false(is_misuse(other));
    check_runs();
}

static void every_size_gets_enough(void **state)
{
    for (size_t size = 0; size <= 9000; size++) {
        void *p = heap_alloc(&heap, size, NULL);

        assert_true(heap_size(&heap, p) >= size);
        assert_true(size < 17 || heap_size(&heap, p) < 2 * size);
        heap_free(&heap, p);
    }
    check_runs();
}

#define TEST(name) cmocka_unit_test_setup(name, setup)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_use_agrees_with_the_model),
        TEST(fragmented_heap_stays_below_twice_the_live_bytes),
        TEST(memory_is_given_back),
        TEST(big_block_grows_in_place),
        TEST(too_much_is_refused),
        TEST(misuse_is_seen),
        TEST(every_size_gets_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
