/* Random bytes out of ChaCha20. */
#include <servers/fs/random.h>
#include <string.h>

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

/* RFC 8439, "The ChaCha Quarter Round". */
static void quarter(uint32_t *s, unsigned a, unsigned b, unsigned c, unsigned d)
{
    s[a] += s[b];
    s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = rotate(s[b] ^ s[c], 7);
}

static void two_rounds(uint32_t *s)
{
    for (unsigned i = 0; i < 4; i++)
        quarter(s, i, i + 4, i + 8, i + 12);
    for (unsigned i = 0; i < 4; i++)
        quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
}

void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
                    uint8_t out[64])
{
    uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, s[16];
    memcpy(start + 4, key, 32);
    start[12] = counter;
    memcpy(start + 13, nonce, 12);
    memcpy(s, start, sizeof s);
    for (unsigned i = 0; i < 10; i++)
        two_rounds(s);
    for (unsigned i = 0; i < 16; i++)
        s[i] += start[i];
    memcpy(out, s, 64);
}

void random_draw(struct random_pool *pool, void *bytes, size_t len)
{
    static const uint32_t nonce[3] = {0};
    uint32_t key[8], counter = 0;
    uint8_t block[64], *to = bytes;
    memcpy(key, pool->key, sizeof key);
    chacha20_block(key, counter++, nonce, block);
    memcpy(pool->key, block, sizeof pool->key);
    while (len > 0) {
        size_t n = len < sizeof block ? len : sizeof block;
        chacha20_block(key, counter++, nonce, block);
        memcpy(to, block, n);
        to += n;
        len -= n;
    }
}

void random_stir(struct random_pool *pool, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    uint8_t ignored;
    for (size_t i = 0; i < len; i++) {
        ((uint8_t *)pool->key)[i % sizeof pool->key] ^= from[i];
        if (i % sizeof pool->key == sizeof pool->key - 1 || i == len - 1)
            random_draw(pool, &ignored, sizeof ignored);
    }
}
