/* See heap.h.
 *
 *   UNUSED (from `top` on)  ->  FREE run  <->  RUN (handed out whole)
 *                                         <->  SPAN (objects of one size class)
 * Only the first page of a run has its state; when runs join, the page that is no first page any more
 * becomes INSIDE. So a state that says first page is never stale, and misuse is seen. */
#include "heap.h"
#include <string.h>

enum state { STATE_UNUSED = 0, STATE_INSIDE, STATE_FREE, STATE_RUN, STATE_SPAN };

#define LARGEST_CLASS 8192u
#define KEEP_DIRTY 64u    /* free dirty pages that are always kept for reuse */
#define LOOK_IN_BIN 4     /* runs looked at in the bin whose runs may be too short */

static const uint16_t class_bytes[] = {
    16,   32,   48,   64,   80,   96,   112,  128,  160,  192,  224,  256,  320,
    384,  448,  512,  640,  768,  896,  1024, 1280, 1536, 1792, 2048, 2560, 3072,
    3584, 4096, 5120, 6144, 7168, 8192,
};
#define NCLASSES (sizeof class_bytes / sizeof *class_bytes)
_Static_assert(NCLASSES <= HEAP_CLASSES, "a list for each class");

/* Pages of a span, so that little is left over behind the last object. */
static const uint8_t class_pages[] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 3, 4, 1, 5, 3, 7, 1, 5, 3, 7, 2,
};
_Static_assert(sizeof class_pages == NCLASSES, "pages for each class");

#define COLD __attribute__((noinline, cold))
#define LIKELY(x) __builtin_expect(!!(x), 1)

static unsigned log2_floor(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzl(n);
}

/* Number of the lowest bit that is set. The processor has no instruction for it: each of the 64 lowest
 * bits, times this constant, has other six bits on top. */
static inline unsigned lowest_bit(uint64_t n)
{
    static const uint8_t number[64] = {
        0,  1,  56, 2,  57, 49, 28, 3,  61, 58, 42, 50, 38, 29, 17, 4,  62, 47, 59, 36, 45, 43,
        51, 22, 53, 39, 33, 30, 24, 18, 12, 5,  63, 55, 48, 27, 60, 41, 37, 16, 46, 35, 44, 21,
        52, 32, 23, 11, 54, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9,  13, 8,  7,  6,
    };

    return number[(n & -n) * 0x03f79d71b4ca8b09 >> 58];
}

/* Eight classes per doubling up to 128 in steps of 16, then four. */
static inline unsigned class_of(size_t size)
{
    static const uint8_t class[33] = {0,  0,  1,  2,  3,  4,  5,  6,  7,  8,  8,  9,  9,  10, 10, 11, 11,
                                      12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15};

    unsigned log = 9;

    if (LIKELY(size <= 512))
        return class[(size + 15) / 16];
    while ((size - 1) >> (log + 1))
        log++;
    return 8 + (log - 7) * 4 + ((unsigned)((size - 1) >> (log - 2)) & 3);
}

static uint32_t page_of(const struct heap *h, const void *p)
{
    return (uint32_t)(((uintptr_t)p - (uintptr_t)h->base) / HEAP_PAGE);
}

static char *address_of(const struct heap *h, uint32_t page)
{
    return h->base + page * HEAP_PAGE;
}

void heap_init(struct heap *h, void *base, struct heap_page *page, uint32_t npages)
{
    h->base = base;
    h->page = page;
    h->npages = npages;
    h->top = 1;
}

/* --- free runs ------------------------------------------------------------------------------- */

/* The bin for runs of n pages: exact below 8, then eight per doubling. */
static unsigned bin_of(uint32_t n)
{
    unsigned log;

    if (n < 8)
        return n;
    log = log2_floor(n);
    return 8 * (log - 2) + (n >> (log - 3) & 7);
}

static void list_remove(struct heap *h, uint32_t *first, uint32_t at)
{
    struct heap_page *p = &h->page[at];

    if (p->next)
        h->page[p->next].prev = p->prev;
    if (p->prev)
        h->page[p->prev].next = p->next;
    else
        *first = p->next;
}

static void list_add(struct heap *h, uint32_t *first, uint32_t at)
{
    h->page[at].prev = 0;
    h->page[at].next = *first;
    if (*first)
        h->page[*first].prev = at;
    *first = at;
}

/* First and last page of a run tell of it. */
static void mark(struct heap *h, uint32_t at, uint32_t n, enum state state)
{
    h->page[at + n - 1].state = STATE_INSIDE;
    h->page[at + n - 1].head = at;
    h->page[at].state = (uint8_t)state;
    h->page[at].head = at;
    h->page[at].npages = n;
}

static void free_run_remove(struct heap *h, uint32_t at)
{
    unsigned bin = bin_of(h->page[at].npages);

    list_remove(h, &h->bin[bin], at);
    if (!h->bin[bin])
        h->bins[bin / 64] &= ~(1UL << bin % 64);
    if (h->page[at].is_dirty)
        h->ndirty -= h->page[at].npages;
}

static void free_run_add(struct heap *h, uint32_t at, uint32_t n, bool is_dirty)
{
    unsigned bin = bin_of(n);

    mark(h, at, n, STATE_FREE);
    h->page[at].is_dirty = is_dirty;
    if (is_dirty)
        h->ndirty += n;
    list_add(h, &h->bin[bin], at);
    h->bins[bin / 64] |= 1UL << bin % 64;
}

/* Join with the free runs on both sides and put into the lists. */
static void free_run_join(struct heap *h, uint32_t at, uint32_t n, bool is_dirty)
{
    uint32_t after = at + n, before = at > 1 ? h->page[at - 1].head : 0;

    h->page[at].state = STATE_INSIDE;
    if (after < h->top && h->page[after].state == STATE_FREE) {
        free_run_remove(h, after);
        h->page[after].state = STATE_INSIDE;
        is_dirty |= h->page[after].is_dirty;
        n += h->page[after].npages;
    }
    if (before && h->page[before].state == STATE_FREE) {
        free_run_remove(h, before);
        is_dirty |= h->page[before].is_dirty;
        n += at - before;
        at = before;
    }
    free_run_add(h, at, n, is_dirty);
}

/* A bin from `bin` on that is not empty, or HEAP_BINS. */
static unsigned next_bin(const struct heap *h, unsigned bin)
{
    unsigned word = bin / 64;
    uint64_t bits = bin < HEAP_BINS ? h->bins[word] & ~0UL << bin % 64 : 0;

    while (!bits && ++word < HEAP_BINS / 64)
        bits = h->bins[word];
    return bits ? word * 64 + (unsigned)__builtin_ctzl(bits) : HEAP_BINS;
}

/* A free run of at least n pages, or 0. */
static uint32_t find_run(const struct heap *h, uint32_t n)
{
    unsigned exact = bin_of(n);
    unsigned surely = n < 8 ? exact : bin_of(n + (1u << (log2_floor(n) - 3)) - 1);
    uint32_t at = h->bin[exact];

    for (int i = 0; at && i < LOOK_IN_BIN; i++, at = h->page[at].next)
        if (h->page[at].npages >= n)
            return at;
    surely = next_bin(h, surely);
    return surely < HEAP_BINS ? h->bin[surely] : 0;
}

/* Take n more pages into use, as a free run. */
static bool grow(struct heap *h, uint32_t n)
{
    uint32_t at = h->top;

    if (n > h->npages - h->top)
        return false;
    h->top += n;
    free_run_join(h, at, n, false);
    return true;
}

/* n pages, marked as `state`. => the first one, or 0. */
static uint32_t run_alloc(struct heap *h, uint32_t n, enum state state)
{
    uint32_t at = find_run(h, n), all;
    bool is_dirty;

    if (!at && grow(h, n))
        at = find_run(h, n);
    if (!at)
        return 0;
    free_run_remove(h, at);
    all = h->page[at].npages;
    is_dirty = h->page[at].is_dirty;
    mark(h, at, n, state);
    h->page[at].is_dirty = is_dirty;
    if (all > n)
        free_run_add(h, at + n, all - n, is_dirty);
    h->nlive += n;
    return at;
}

void heap_trim(struct heap *h)
{
    for (unsigned bin = next_bin(h, 0); bin < HEAP_BINS; bin = next_bin(h, bin + 1))
        for (uint32_t at = h->bin[bin]; at; at = h->page[at].next)
            if (h->page[at].is_dirty) {
                h->discard(address_of(h, at), h->page[at].npages * HEAP_PAGE);
                h->page[at].is_dirty = false;
            }
    h->ndirty = 0;
}

static void run_free(struct heap *h, uint32_t at)
{
    uint32_t n = h->page[at].npages;

    h->nlive -= n;
    free_run_join(h, at, n, true);
    if (h->ndirty > KEEP_DIRTY + h->nlive / 4)
        heap_trim(h);
}

/* --- spans ----------------------------------------------------------------------------------- */

/* Objects of a span. */
static const uint16_t slots[] = {
    256, 128, 85, 64, 51, 42, 36, 32, 25, 21, 18, 16, 12, 10, 9, 8, 6, 5, 9, 4, 6, 8, 9, 2, 8, 4,
    8,   1,   4,  2,  4,  1,
};
_Static_assert(sizeof slots / sizeof *slots == NCLASSES, "slots for each class");

static uint32_t span_new(struct heap *h, unsigned size_class)
{
    uint32_t at = run_alloc(h, class_pages[size_class], STATE_SPAN);
    struct heap_page *span = &h->page[at];

    if (!at)
        return 0;
    for (uint32_t i = 1; i < class_pages[size_class]; i++) {
        h->page[at + i].state = STATE_INSIDE;
        h->page[at + i].head = at;
    }
    span->size_class = (uint8_t)size_class;
    span->nfree = slots[size_class];
    memset(span->used, 0, sizeof span->used);
    list_add(h, &h->span[size_class], at);
    return at;
}

/* Lowest object that is free; there is one. */
static inline size_t span_take(struct heap_page *span)
{
    uint64_t *word = span->used, free;

    while (*word == ~0UL)
        word++;
    free = ~*word;
    *word |= free & -free;
    span->nfree--;
    return (size_t)(word - span->used) * 64 + lowest_bit(free);
}

/* The functions below end in a call of a rare one, if any: they need no frame of their own. */

static void span_leave_list(struct heap *h, uint32_t at)
{
    list_remove(h, &h->span[h->page[at].size_class], at);
}

/* The last free object of a span was taken. => it */
static COLD void *span_is_full(struct heap *h, uint32_t at, void *p)
{
    span_leave_list(h, at);
    return p;
}

/* A span has one free object, or nothing but free objects; the last span of a class is kept. */
static COLD void span_settle(struct heap *h, uint32_t at)
{
    struct heap_page *span = &h->page[at];

    if (span->nfree == 1)
        list_add(h, &h->span[span->size_class], at);
    if (span->nfree == slots[span->size_class] && (span->next || span->prev)) {
        span_leave_list(h, at);
        run_free(h, at);
    }
}

static inline void *span_alloc(struct heap *h, unsigned size_class, uint32_t at)
{
    struct heap_page *span = &h->page[at];
    void *p = address_of(h, at) + span_take(span) * (size_t)class_bytes[size_class];

    return LIKELY(span->nfree) ? p : span_is_full(h, at, p);
}

static COLD void *object_from_new_span(struct heap *h, unsigned size_class)
{
    uint32_t at = span_new(h, size_class);

    return at ? span_alloc(h, size_class, at) : NULL;
}

static inline void *object_alloc(struct heap *h, unsigned size_class)
{
    uint32_t at = h->span[size_class];

    return LIKELY(at) ? span_alloc(h, size_class, at) : object_from_new_span(h, size_class);
}

static COLD void object_misuse(struct heap *h, size_t rest, const void *p)
{
    h->misuse(rest ? "free of a pointer into an object" : "double free", p);
}

static inline void object_free(struct heap *h, uint32_t at, void *p)
{
    struct heap_page *span = &h->page[at];
    uint32_t size = class_bytes[span->size_class];
    uint32_t offset = (uint32_t)((char *)p - address_of(h, at)), slot = offset / size;
    uint64_t bit = 1UL << slot % 64;

    /* What lies behind the last object never has its bit set. */
    if (!LIKELY(offset == slot * size && span->used[slot / 64] & bit)) {
        object_misuse(h, offset - slot * size, p);
        return;
    }
    span->used[slot / 64] &= ~bit;
    span->nfree++;
    if (!LIKELY(span->nfree > 1 && span->nfree < slots[span->size_class]))
        span_settle(h, at);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* More than there are, if that is not enough. */
static uint32_t pages_for(const struct heap *h, size_t size)
{
    return size > h->npages * HEAP_PAGE ? h->npages + 1 : (uint32_t)((size + HEAP_PAGE - 1) / HEAP_PAGE);
}

static COLD void *large_alloc(struct heap *h, size_t size, bool *is_zero)
{
    uint32_t at = run_alloc(h, pages_for(h, size), STATE_RUN);

    if (at && is_zero)
        *is_zero = !h->page[at].is_dirty;
    return at ? address_of(h, at) : NULL;
}

void *heap_alloc(struct heap *h, size_t size, bool *is_zero)
{
    if (is_zero)
        *is_zero = false;
    return LIKELY(size <= LARGEST_CLASS) ? object_alloc(h, class_of(size)) : large_alloc(h, size, is_zero);
}

/* Cut [at, at + n) out of the run at `run`, giving back what is around it. */
static void trim_run(struct heap *h, uint32_t run, uint32_t at, uint32_t n)
{
    uint32_t end = run + h->page[run].npages;
    bool is_dirty = h->page[run].is_dirty;

    h->nlive -= end - run - n;
    mark(h, at, n, STATE_RUN);
    h->page[at].is_dirty = is_dirty;
    if (at > run) {
        mark(h, run, at - run, STATE_RUN);
        free_run_join(h, run, at - run, is_dirty);
    }
    if (end > at + n) {
        mark(h, at + n, end - at - n, STATE_RUN);
        free_run_join(h, at + n, end - at - n, is_dirty);
    }
}

void *heap_alloc_aligned(struct heap *h, size_t align, size_t size)
{
    uint32_t n = pages_for(h, size ? size : 1), run, at;
    size_t power = align;

    while (power < size && power < LARGEST_CLASS)
        power *= 2;
    if (align <= 16)
        return heap_alloc(h, size, NULL);
    if (power >= size && power <= HEAP_PAGE)
        return object_alloc(h, class_of(power));
    if (align / HEAP_PAGE > h->npages)
        return NULL;
    run = run_alloc(h, align <= HEAP_PAGE ? n : n + (uint32_t)(align / HEAP_PAGE) - 1, STATE_RUN);
    if (!run)
        return NULL;
    at = page_of(h, (void *)(((uintptr_t)address_of(h, run) + align - 1) & ~(align - 1)));
    trim_run(h, run, at, n);
    return address_of(h, at);
}

/* First page of the run that p belongs to, or 0: none that is handed out. */
static uint32_t head_of(const struct heap *h, const void *p)
{
    uint32_t page = page_of(h, p), head;

    if ((const char *)p < h->base || (uintptr_t)p - (uintptr_t)h->base >= h->top * HEAP_PAGE)
        return 0;
    head = h->page[page].state == STATE_INSIDE ? h->page[page].head : page;
    if (h->page[head].state == STATE_SPAN && page < head + h->page[head].npages)
        return head;
    return h->page[head].state == STATE_RUN && p == address_of(h, head) ? head : 0;
}

static COLD uint32_t head_or_misuse(struct heap *h, const void *p)
{
    uint32_t head = head_of(h, p);

    if (!head)
        h->misuse("free of what is not allocated (or double free)", p);
    return head;
}

static COLD void large_free(struct heap *h, void *p)
{
    run_free(h, head_or_misuse(h, p));
}

void heap_free(struct heap *h, void *p)
{
    uint32_t page = page_of(h, p), head = 0;

    if (LIKELY((uintptr_t)p - (uintptr_t)h->base < h->top * HEAP_PAGE))
        head = h->page[page].state == STATE_INSIDE ? h->page[page].head : page;
    if (LIKELY(h->page[head].state == STATE_SPAN && page < head + h->page[head].npages))
        object_free(h, head, p);
    else
        large_free(h, p);
}

size_t heap_size(struct heap *h, const void *p)
{
    uint32_t head = head_or_misuse(h, p);

    return h->page[head].state == STATE_SPAN ? class_bytes[h->page[head].size_class]
                                             : h->page[head].npages * HEAP_PAGE;
}

/* Make the run longer by the free run behind it. */
static bool run_extend(struct heap *h, uint32_t at, uint32_t n)
{
    uint32_t have = h->page[at].npages, after = at + have, all;
    bool was_dirty, is_dirty = h->page[at].is_dirty;

    if (after == h->top && !grow(h, n - have))
        return false;
    if (after >= h->top || h->page[after].state != STATE_FREE || h->page[after].npages < n - have)
        return false;
    free_run_remove(h, after);
    all = have + h->page[after].npages;
    was_dirty = h->page[after].is_dirty;
    h->page[after].state = STATE_INSIDE;
    mark(h, at, n, STATE_RUN);
    h->page[at].is_dirty = is_dirty;
    if (all > n)
        free_run_add(h, at + n, all - n, was_dirty);
    h->nlive += n - have;
    return true;
}

bool heap_resize(struct heap *h, void *p, size_t size)
{
    uint32_t head = head_or_misuse(h, p);
    uint32_t n = pages_for(h, size);

    if (h->page[head].state == STATE_SPAN)
        return size <= LARGEST_CLASS && class_of(size) == h->page[head].size_class;
    if (size <= LARGEST_CLASS)
        return false;
    if (n > h->page[head].npages)
        return run_extend(h, head, n);
    if (n < h->page[head].npages) {
        h->page[head].is_dirty = true;
        trim_run(h, head, head, n);
    }
    return true;
}
