/* See message.h. Requests and replies here have at most four words, so bytes start at the payload. */
#include "message.h"

static void copy(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;

    while (n--)
        *t++ = *f++;
}

int message_call(slot_t ep, uint32_t op, uint64_t word[4], const struct bytes *bytes)
{
    struct message m = {.tag = TAG(op, 0), .word = {word[0], word[1], word[2], word[3]}};
    size_t got;
    int rc;

    if (bytes && bytes->out_bytes) {
        copy(sys_msgpage.payload, bytes->out, bytes->out_bytes);
        m.tag |= TAG(0, (bytes->out_bytes + 7) / 8);
    }
    rc = sys_call(ep, &m);
    if (rc == 0)
        rc = -(int)TAG_LABEL(m.tag);
    for (int i = 0; i < 4; i++)
        word[i] = m.word[i];
    if (rc == 0 && bytes && bytes->in) {
        got = TAG_WORDS(m.tag) * 8;
        copy(bytes->in, sys_msgpage.payload, got < bytes->in_max ? got : bytes->in_max);
    }
    return rc;
}

/* The compiler may ask for these. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    copy(to, from, n);
    return to;
}

void *memset(void *to, int c, size_t n)
{
    for (char *t = to; n--; t++)
        *t = (char)c;
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
