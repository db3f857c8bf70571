/* Copying by words. The processor traps at words that are not aligned: where
 * source and target lie differently, each word to store is put together from two that were loaded. */
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word_t;

#define WORD sizeof(word_t)
#define OFFSET(p) ((uintptr_t)(p) % WORD)
/* No loop here may become a call of the function that it is in. */
#define PLAIN_LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))

/* --- forward --------------------------------------------------------------------------------- */

static inline PLAIN_LOOPS void bytes_up(unsigned char **to, const unsigned char **from, size_t n)
{
    for (; n; n--)
        *(*to)++ = *(*from)++;
}

/* Both aligned. => bytes that are left */
static inline PLAIN_LOOPS size_t words_up(unsigned char **to, const unsigned char **from, size_t n)
{
    word_t *t = (word_t *)*to;
    const word_t *f = (const word_t *)*from;

    for (; n >= 8 * WORD; n -= 8 * WORD, t += 8, f += 8) {
        word_t a = f[0], b = f[1], c = f[2], d = f[3];

        t[0] = a, t[1] = b, t[2] = c, t[3] = d;
        a = f[4], b = f[5], c = f[6], d = f[7];
        t[4] = a, t[5] = b, t[6] = c, t[7] = d;
    }
    for (; n >= WORD; n -= WORD)
        *t++ = *f++;
    *to = (unsigned char *)t;
    *from = (const unsigned char *)f;
    return n;
}

/* The target is aligned, the source is not. No word is loaded of which no byte is wanted. */
static inline PLAIN_LOOPS size_t merged_up(unsigned char **to, const unsigned char **from, size_t n)
{
    unsigned low = (unsigned)OFFSET(*from) * 8, high = 64 - low;
    const word_t *f = (const word_t *)(*from - OFFSET(*from));
    word_t *t = (word_t *)*to, now = *f++, next;
    size_t count = n / WORD;

    for (size_t i = count; i; i--) {
        next = *f++;
        *t++ = now >> low | next << high;
        now = next;
    }
    *to += count * WORD;
    *from += count * WORD;
    return n % WORD;
}

PLAIN_LOOPS void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    size_t head = -OFFSET(t) % WORD;

    if (n >= 2 * WORD) {
        bytes_up(&t, &f, head);
        n -= head;
        n = OFFSET(f) ? merged_up(&t, &f, n) : words_up(&t, &f, n);
    }
    bytes_up(&t, &f, n);
    return to;
}

/* --- backward -------------------------------------------------------------------------------- */

/* Here pointers stand behind what is to be copied. */
static inline PLAIN_LOOPS void bytes_down(unsigned char **to, const unsigned char **from, size_t n)
{
    for (; n; n--)
        *--*to = *--*from;
}

static inline PLAIN_LOOPS size_t words_down(unsigned char **to, const unsigned char **from, size_t n)
{
    word_t *t = (word_t *)*to;
    const word_t *f = (const word_t *)*from;

    for (; n >= 4 * WORD; n -= 4 * WORD) {
        word_t a = f[-1], b = f[-2], c = f[-3], d = f[-4];

        t[-1] = a, t[-2] = b, t[-3] = c, t[-4] = d;
        t -= 4;
        f -= 4;
    }
    for (; n >= WORD; n -= WORD)
        *--t = *--f;
    *to = (unsigned char *)t;
    *from = (const unsigned char *)f;
    return n;
}

static inline PLAIN_LOOPS size_t merged_down(unsigned char **to, const unsigned char **from, size_t n)
{
    unsigned low = (unsigned)OFFSET(*from) * 8, high = 64 - low;
    const word_t *f = (const word_t *)(*from - OFFSET(*from));
    word_t *t = (word_t *)*to, now = *f, next;
    size_t count = n / WORD;

    for (size_t i = count; i; i--) {
        next = *--f;
        *--t = next >> low | now << high;
        now = next;
    }
    *to -= count * WORD;
    *from -= count * WORD;
    return n % WORD;
}

PLAIN_LOOPS void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = (unsigned char *)to + n;
    const unsigned char *f = (const unsigned char *)from + n;
    size_t tail = OFFSET(t);

    if ((uintptr_t)to - (uintptr_t)from >= n)
        return memcpy(to, from, n); /* which goes upward: safe where the target lies below */
    if (n >= 2 * WORD) {
        bytes_down(&t, &f, tail);
        n -= tail;
        n = OFFSET(f) ? merged_down(&t, &f, n) : words_down(&t, &f, n);
    }
    bytes_down(&t, &f, n);
    return to;
}
