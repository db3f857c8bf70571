/* random() with states of any of the five sizes: an additive generator over the trinomials
 * x^31+x^3+1, x^63+x+1, x^15+x+1, x^7+x^3+1, seeded by the minimal standard generator (Park and Miller),
 * so that a seed gives the numbers that it gives elsewhere; eight bytes have that of ISO C's example.
 *
 * The first word of a state says which size it is and where its rear pointer stands. */
#include <stdlib.h>
#include "internal.h"

static const struct {
    unsigned short bytes, degree, distance;
} kinds[] = {{8, 0, 0}, {32, 7, 3}, {64, 15, 1}, {128, 31, 3}, {256, 63, 1}};
#define NKINDS 5

static int32_t first_state[32] = {3};
static struct {
    int32_t *word; /* behind the first */
    unsigned kind, rear;
    int is_seeded;
} now = {first_state + 1, 3, 0, 0};

static unsigned degree(void)
{
    return kinds[now.kind].degree;
}

static long step(void)
{
    unsigned front = (now.rear + kinds[now.kind].distance) % degree();
    uint32_t sum = (uint32_t)now.word[front] + (uint32_t)now.word[now.rear];

    now.word[front] = (int32_t)sum;
    now.rear = (now.rear + 1) % degree();
    return sum >> 1;
}

void srandom(unsigned seed)
{
    int32_t last = seed ? (int32_t)seed : 1;

    now.is_seeded = 1;
    now.rear = 0;
    now.word[0] = last;
    for (unsigned i = 1; i < degree(); i++) {
        int64_t next = 16807L * last % 2147483647;

        last = (int32_t)(next < 0 ? next + 2147483647 : next);
        now.word[i] = last;
    }
    for (unsigned i = 0; i < 10 * degree(); i++)
        step();
}

long random(void)
{
    if (!now.is_seeded)
        srandom(1);
    if (degree())
        return step();
    now.word[0] = (int32_t)(((uint32_t)now.word[0] * 1103515245u + 12345u) & 0x7fffffff);
    return now.word[0];
}

/* Write down where the state in use stands. => it, as callers know it */
static char *put_away(void)
{
    if (!now.is_seeded)
        srandom(1);
    now.word[-1] = (int32_t)(now.rear * NKINDS + now.kind);
    return (char *)(now.word - 1);
}

char *initstate(unsigned seed, char *state, size_t bytes)
{
    char *before = put_away();
    unsigned kind = NKINDS - 1;

    if (bytes < kinds[0].bytes)
        return fail(EINVAL), NULL;
    while (kinds[kind].bytes > bytes)
        kind--;
    now.kind = kind;
    now.word = (int32_t *)state + 1;
    srandom(seed);
    put_away();
    return before;
}

char *setstate(char *state)
{
    char *before = put_away();
    unsigned word = *(unsigned *)state, kind = word % NKINDS, rear = word / NKINDS;

    if (kind ? rear >= kinds[kind].degree : rear)
        return fail(EINVAL), NULL;
    now.kind = kind;
    now.rear = rear;
    now.word = (int32_t *)state + 1;
    return before;
}
