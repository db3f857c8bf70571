/* Random bytes: ChaCha20 (RFC 8439) as a generator that forgets. Each draw replaces the key by the
 * first half of its first block, so earlier bytes cannot be found from the state. */
#ifndef FS_RANDOM_H
#define FS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_pool {
    uint32_t key[8];
};

/* Stir `bytes` in; what was there before still counts. */
void random_stir(struct random_pool *pool, const void *bytes, size_t len);

void random_draw(struct random_pool *pool, void *bytes, size_t len);

/* One block of key stream: for the test against the standard's numbers. */
void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint8_t out[64]);

#endif
