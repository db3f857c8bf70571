/* A set of words with the number of times that each was seen. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

struct word {
    struct word *next;
    unsigned long count;
    size_t length;
    char text[];
};

struct words {
    struct word **bucket;
    size_t buckets;             /* a power of two */
    size_t distinct;
    unsigned long total;
};

/* Counts `text[0..length)` once more. => 0, -1 with errno ENOMEM. */
int words_add(struct words *set, const char *text, size_t length);

/* => all words, the most frequent first, those of equal count by their bytes; NULL with errno ENOMEM.
 * The caller frees the array; the words stay the set's. */
struct word **words_ranked(const struct words *set);

/* Bits that an ideal code spends on a word of this text. */
double words_entropy(const struct words *set);

void words_clear(struct words *set);

#endif
