/* malloc and its kin, over heap.c: one range of address space is reserved at the first call; the
 * pager gives it memory page by page as it is touched. */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "heap.h"
#include "internal.h"

#define RANGE_PAGES (4UL << 30 >> 12)

static void discard(void *start, size_t bytes)
{
    madvise(start, bytes, MADV_DONTNEED);
}

static char *hex(char *end, uintptr_t n)
{
    do {
        *--end = "0123456789abcdef"[n & 15];
        n >>= 4;
    } while (n);
    *--end = 'x';
    *--end = '0';
    return end;
}

/* Without stdio, which may be in the middle of something. */
static void misuse(const char *what, const void *p)
{
    char line[160], number[24], *last = number + sizeof number - 1;

    *last = '\0';
    strlcpy(line, program_invocation_short_name, 64);
    strlcat(line, ": ", sizeof line);
    strlcat(line, what, sizeof line);
    strlcat(line, ": ", sizeof line);
    strlcat(line, hex(last, (uintptr_t)p), sizeof line);
    strlcat(line, "\n", sizeof line);
    write(2, line, strlen(line));
    abort();
}

/* Before the first call it is a heap without a page, so that nothing has to be asked each time. */
static struct heap_page no_page;
static struct heap heap = {.page = &no_page, .discard = discard, .misuse = misuse};

static void *reserve(size_t bytes)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int set_up(void)
{
    void *pages = reserve(RANGE_PAGES * sizeof(struct heap_page));
    void *range = pages == MAP_FAILED ? MAP_FAILED : reserve(RANGE_PAGES * HEAP_PAGE);

    if (range == MAP_FAILED)
        return -1;
    heap_init(&heap, range, pages, RANGE_PAGES);
    return 0;
}

/* There was no room: is this the first call? */
static __attribute__((noinline, cold)) void *first_or_enomem(size_t align, size_t size, bool *is_zero)
{
    void *p = NULL;

    if (heap.base == NULL && set_up() == 0)
        p = align ? heap_alloc_aligned(&heap, align, size) : heap_alloc(&heap, size, is_zero);
    if (p == NULL)
        errno = ENOMEM;
    return p;
}

void *malloc(size_t size)
{
    void *p = heap_alloc(&heap, size, NULL);

    return __builtin_expect(p != NULL, 1) ? p : first_or_enomem(0, size, NULL);
}

void free(void *p)
{
    if (p)
        heap_free(&heap, p);
}

void *calloc(size_t n, size_t size)
{
    bool is_zero;
    size_t bytes;
    void *p;

    if (__builtin_mul_overflow(n, size, &bytes))
        return fail(ENOMEM), NULL;
    p = heap_alloc(&heap, bytes, &is_zero);
    if (p == NULL)
        p = first_or_enomem(0, bytes, &is_zero);
    if (p && !is_zero)
        memset(p, 0, bytes);
    return p;
}

void *realloc(void *p, size_t size)
{
    size_t have;
    void *to;

    if (p == NULL)
        return malloc(size);
    if (size == 0) {
        free(p);
        return NULL;
    }
    if (heap_resize(&heap, p, size))
        return p;
    have = heap_size(&heap, p);
    to = malloc(size);
    if (to) {
        memcpy(to, p, have < size ? have : size);
        free(p);
    }
    return to;
}

void *reallocf(void *p, size_t size)
{
    void *to = realloc(p, size);

    if (to == NULL && size)
        free(p);
    return to;
}

void *reallocarray(void *p, size_t n, size_t size)
{
    size_t bytes;

    return __builtin_mul_overflow(n, size, &bytes) ? (fail(ENOMEM), NULL) : realloc(p, bytes);
}

static int is_power(size_t n)
{
    return n && (n & (n - 1)) == 0;
}

void *memalign(size_t align, size_t size)
{
    void *p;

    if (!is_power(align))
        return fail(EINVAL), NULL;
    p = heap_alloc_aligned(&heap, align, size);
    return p ? p : first_or_enomem(align, size, NULL);
}

void *aligned_alloc(size_t align, size_t size)
{
    return memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    int before = errno;
    void *p;

    if (!is_power(align) || align % sizeof(void *))
        return EINVAL;
    p = memalign(align, size);
    errno = before;
    if (p == NULL)
        return ENOMEM;
    *out = p;
    return 0;
}

void *valloc(size_t size)
{
    return memalign(HEAP_PAGE, size);
}

void *pvalloc(size_t size)
{
    return memalign(HEAP_PAGE, (size + HEAP_PAGE - 1) & ~(HEAP_PAGE - 1));
}

size_t malloc_usable_size(void *p)
{
    return p ? heap_size(&heap, p) : 0;
}

int malloc_trim(size_t keep)
{
    if (heap.base)
        heap_trim(&heap);
    return 1;
}
