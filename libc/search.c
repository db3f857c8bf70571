/* Linear search and queues. */
#include <search.h>
#include <string.h>
#include "internal.h"

void *lfind(const void *key, const void *base, size_t *n, size_t width,
            int (*compare)(const void *, const void *))
{
    const char *at = base;

    for (size_t i = 0; i < *n; i++, at += width)
        if (compare(key, at) == 0)
            return (void *)at;
    return NULL;
}

void *lsearch(const void *key, void *base, size_t *n, size_t width,
              int (*compare)(const void *, const void *))
{
    void *found = lfind(key, base, n, width, compare);

    return found ? found : memcpy((char *)base + (*n)++ * width, key, width);
}

struct links {
    struct links *next, *before;
};

void insque(void *element, void *before)
{
    struct links *e = element, *b = before;

    e->before = b;
    e->next = b ? b->next : NULL;
    if (e->next)
        e->next->before = e;
    if (b)
        b->next = e;
}

void remque(void *element)
{
    struct links *e = element;

    if (e->next)
        e->next->before = e->before;
    if (e->before)
        e->before->next = e->next;
}
