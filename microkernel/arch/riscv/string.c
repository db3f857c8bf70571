/* The memory functions that the kernel and the compiler's generated code need. */
#include <string.h>

#include <stdint.h>

#define WORD sizeof(uint64_t)
#define BLOCK (8 * WORD)

static int is_aligned(const void *p)
{
    return ((uintptr_t)p & (WORD - 1)) == 0;
}

/* The loops must stay loops: the compiler would make calls to these functions of them. */
#define KEEP_LOOP __attribute__((optimize("no-tree-loop-distribute-patterns")))

static inline __attribute__((always_inline)) void set_block(uint64_t *to, uint64_t word)
{
    to[0] = to[1] = to[2] = to[3] = to[4] = to[5] = to[6] = to[7] = word;
}

KEEP_LOOP void *memset(void *to, int byte, size_t n)
{
    unsigned char *p = to;
    uint64_t word = (unsigned char)byte * 0x0101010101010101UL;
    for (; n && !is_aligned(p); n--)
        *p++ = byte;
    for (; n >= 4 * BLOCK; n -= 4 * BLOCK, p += 4 * BLOCK) {
        uint64_t *w = (uint64_t *)p;
        set_block(w, word), set_block(w + 8, word);
        set_block(w + 16, word), set_block(w + 24, word);
    }
    for (; n >= BLOCK; n -= BLOCK, p += BLOCK)
        set_block((uint64_t *)p, word);
    for (; n >= WORD; n -= WORD, p += WORD)
        *(uint64_t *)p = word;
    while (n--)
        *p++ = byte;
    return to;
}

static inline __attribute__((always_inline)) void copy_block(uint64_t *to, const uint64_t *from)
{
    uint64_t a = from[0], b = from[1], c = from[2], d = from[3];
    uint64_t e = from[4], f = from[5], g = from[6], h = from[7];
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
    to[4] = e, to[5] = f, to[6] = g, to[7] = h;
}

KEEP_LOOP void *memcpy(void *to, const void *from, size_t n)
{
    unsigned char *p = to;
    const unsigned char *q = from;
    if ((((uintptr_t)p ^ (uintptr_t)q) & (WORD - 1)) == 0) {
        for (; n && !is_aligned(p); n--)
            *p++ = *q++;
        for (; n >= 4 * BLOCK; n -= 4 * BLOCK, p += 4 * BLOCK, q += 4 * BLOCK) {
            uint64_t *w = (uint64_t *)p;
            const uint64_t *v = (const uint64_t *)q;
            copy_block(w, v), copy_block(w + 8, v + 8);
            copy_block(w + 16, v + 16), copy_block(w + 24, v + 24);
        }
        for (; n >= BLOCK; n -= BLOCK, p += BLOCK, q += BLOCK)
            copy_block((uint64_t *)p, (const uint64_t *)q);
        for (; n >= WORD; n -= WORD, p += WORD, q += WORD)
            *(uint64_t *)p = *(const uint64_t *)q;
    }
    while (n--)
        *p++ = *q++;
    return to;
}

KEEP_LOOP void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *p = to;
    const unsigned char *q = from;
    if (p <= q || p >= q + n)
        return memcpy(to, from, n);
    while (n--)
        p[n] = q[n];
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;
    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
