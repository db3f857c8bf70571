#include "words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64

static size_t hash(const char *text, size_t length)
{
    size_t h = 5381;

    while (length--)
        h = h * 33 + (unsigned char)*text++;
    return h;
}

static int grow(struct words *set)
{
    size_t n = set->buckets ? set->buckets * 2 : BUCKETS_FIRST;
    struct word **bucket = calloc(n, sizeof *bucket), *w, *next;

    if (!bucket)
        return -1;
    for (size_t i = 0; i < set->buckets; i++)
        for (w = set->bucket[i]; w; w = next) {
            struct word **head = &bucket[hash(w->text, w->length) & (n - 1)];

            next = w->next;
            w->next = *head;
            *head = w;
        }
    free(set->bucket);
    set->bucket = bucket;
    set->buckets = n;
    return 0;
}

static struct word *find(const struct words *set, const char *text, size_t length)
{
    struct word *w = set->bucket[hash(text, length) & (set->buckets - 1)];

    while (w && (w->length != length || memcmp(w->text, text, length)))
        w = w->next;
    return w;
}

static struct word *insert(struct words *set, const char *text, size_t length)
{
    struct word **head = &set->bucket[hash(text, length) & (set->buckets - 1)];
    struct word *w = malloc(sizeof *w + length + 1);

    if (!w)
        return NULL;
    *w = (struct word){.next = *head, .length = length};
    memcpy(w->text, text, length);
    w->text[length] = '\0';
    set->distinct++;
    return *head = w;
}

int words_add(struct words *set, const char *text, size_t length)
{
    struct word *w;

    if (set->distinct >= set->buckets && grow(set))
        return -1;
    w = find(set, text, length);
    if (!w && !(w = insert(set, text, length)))
        return -1;
    w->count++;
    set->total++;
    return 0;
}

static int by_rank(const void *left, const void *right)
{
    const struct word *a = *(struct word *const *)left, *b = *(struct word *const *)right;

    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->text, b->text);
}

struct word **words_ranked(const struct words *set)
{
    struct word **all = malloc((set->distinct + 1) * sizeof *all);
    size_t n = 0;

    if (!all)
        return NULL;
    for (size_t i = 0; i < set->buckets; i++)
        for (struct word *w = set->bucket[i]; w; w = w->next)
            all[n++] = w;
    qsort(all, n, sizeof *all, by_rank);
    return all;
}

double words_entropy(const struct words *set)
{
    double bits = 0;

    for (size_t i = 0; i < set->buckets; i++)
        for (struct word *w = set->bucket[i]; w; w = w->next) {
            double p = (double)w->count / (double)set->total;

            bits -= p * log2(p);
        }
    return bits;
}

void words_clear(struct words *set)
{
    struct word *w, *next;

    for (size_t i = 0; i < set->buckets; i++)
        for (w = set->bucket[i]; w; w = next) {
            next = w->next;
            free(w);
        }
    free(set->bucket);
    *set = (struct words){0};
}
