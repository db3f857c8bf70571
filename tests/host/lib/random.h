/* Seeded random numbers for model tests: the seed is printed and taken from SEED. */
#ifndef TESTS_HOST_LIB_RANDOM_H
#define TESTS_HOST_LIB_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t random_state;

static inline void random_start(void)
{
    const char *seed = getenv("SEED");

    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
    printf("SEED=%llu\n", (unsigned long long)random_state);
    random_state = random_state * 2 + 1;
}

static inline uint64_t random_below(uint64_t n)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return n ? (random_state >> 33) % n : 0;
}

#endif
