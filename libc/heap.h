/* The allocator's logic: size classes over runs of pages, in one reserved range of address space.
 * Pure: the range, the memory for its figures and the way to give pages back are handed in.
 *
 * All figures lie apart from the memory that is handed out, 64 bytes for each page: freeing and
 * allocating never touches a page of the program. Runs of pages are found in lists by size (two-level
 * segregated fit), neighbours are joined at once: every operation takes bounded time, but for giving
 * back, which visits free runs after at least as many pages were freed.
 */
#ifndef LIBC_HEAP_H
#define LIBC_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAP_PAGE 4096UL
#define HEAP_CLASSES 48u
#define HEAP_BINS 192u
#define HEAP_SLOTS 256u /* objects in a span, at most */

/* State of one page of the range. Lists go by page number; page 0 is never used: 0 = end. */
struct heap_page {
    uint8_t state;       /* enum in heap.c */
    uint8_t size_class;  /* SPAN: of its objects */
    bool is_dirty;       /* FREE: may hold something else than zeros */
    uint16_t nfree;      /* SPAN: free objects */
    uint32_t npages;     /* first page of a run: its length */
    uint32_t head;       /* last page of a run, every page of a span: its first page */
    uint32_t next, prev; /* FREE: in its bin; SPAN with free objects: in its class */
    uint64_t used[HEAP_SLOTS / 64]; /* SPAN: bit n: object n is handed out */
} __attribute__((aligned(64)));

struct heap {
    char *base;              /* page aligned */
    struct heap_page *page;  /* npages of them, zero at first */
    uint32_t npages;
    uint32_t top;            /* pages from here on were never used */
    uint32_t nlive, ndirty;  /* pages handed out or in spans; free pages that are dirty */
    /* Make pages read as zero and cost nothing. */
    void (*discard)(void *start, size_t bytes);
    /* Misuse by the program; does not come back. */
    void (*misuse)(const char *what, const void *p);
    uint32_t span[HEAP_CLASSES]; /* with free objects */
    uint32_t bin[HEAP_BINS];
    uint64_t bins[HEAP_BINS / 64]; /* bit n: bin n is not empty */
};

void heap_init(struct heap *h, void *base, struct heap_page *page, uint32_t npages);

/* At least `size` bytes, aligned to 16, or to `align` (a power of two). NULL: no room.
 * *is_zero (if not NULL): they are known to be zero. */
void *heap_alloc(struct heap *h, size_t size, bool *is_zero);
void *heap_alloc_aligned(struct heap *h, size_t align, size_t size);

/* p came from this heap and was not freed since, else misuse() is called. */
void heap_free(struct heap *h, void *p);

/* Bytes that may be used at p. */
size_t heap_size(struct heap *h, const void *p);

/* Try to make the room at p hold `size` bytes where it is. => false: it stays as it was. */
bool heap_resize(struct heap *h, void *p, size_t size);

/* Give all free dirty pages back. */
void heap_trim(struct heap *h);

#endif
