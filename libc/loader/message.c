/* See message.h. Requests and replies here have at most four words, so bytes start at the payload. */
#include "message.h"

int message_call(slot_t ep, uint32_t op, uint64_t word[4], const struct bytes *bytes)
{
    struct message m = {.tag = TAG(op, 0), .word = {word[0], word[1], word[2], word[3]}};
    size_t got;
    int rc;

    if (bytes && bytes->out_bytes) {
        memcpy(sys_msgpage.payload, bytes->out, bytes->out_bytes);
        m.tag |= TAG(0, (bytes->out_bytes + 7) / 8);
    }
    rc = sys_call(ep, &m);
    if (rc == 0)
        rc = -(int)TAG_LABEL(m.tag);
    for (int i = 0; i < 4; i++)
        word[i] = m.word[i];
    if (rc == 0 && bytes && bytes->in) {
        got = TAG_WORDS(m.tag) * 8;
        memcpy(bytes->in, sys_msgpage.payload, got < bytes->in_max ? got : bytes->in_max);
    }
    return rc;
}

typedef uint64_t __attribute__((may_alias)) word_t;

/* The compiler may ask for these, too. By words as far as both sides are aligned. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    char *t = to;
    const char *f = from;

    if ((((uint64_t)t | (uint64_t)f) & 7) == 0)
        for (; n >= 8; n -= 8, t += 8, f += 8)
            *(word_t *)t = *(const word_t *)f;
    while (n--)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int c, size_t n)
{
    uint64_t word = (uint8_t)c * 0x0101010101010101UL;
    char *t = to;

    for (; n && (uint64_t)t & 7; n--)
        *t++ = (char)c;
    for (; n >= 64; n -= 64, t += 64)
        for (unsigned i = 0; i < 8; i++)
            ((word_t *)t)[i] = word;
    for (; n >= 8; n -= 8, t += 8)
        *(word_t *)t = word;
    while (n--)
        *t++ = (char)c;
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;

    for (; n; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}
