/* Repeatable numbers at random for the tests of this folder: SEED, which is printed. */
#ifndef TESTS_LIBC_RANDOM_H
#define TESTS_LIBC_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t random_state;

static inline void random_start(void)
{
    const char *seed = getenv("SEED");

    random_state = (seed ? strtoull(seed, NULL, 0) : 1) * 0x9e3779b97f4a7c15 | 1;
    printf("SEED=%s\n", seed ? seed : "1");
}

static inline uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static inline uint64_t random_below(uint64_t n)
{
    return random_word() % n;
}

#endif
