/* See htree.h. Format: ext2 "Hash Indexed Directory": block 0 holds "." and "..", then at 0x18
 * {0, version, length 8, levels, flags} and at 0x20 a table whose first entry is {limit, count,
 * block}, the others {hash, block}, sorted; inner nodes have the table at 8. */
#include "htree.h"
#include <string.h>
#include "dir.h"

#define ROOT_INFO 0x18u
#define MAX_LEVELS 2u

struct dx_entry {
    uint32_t hash; /* first entry: limit and count, 16 bits each */
    uint32_t block;
};

static uint32_t rotate(uint32_t x, uint32_t n)
{
    return x << n | x >> (32 - n);
}

static uint32_t choose(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) | (~x & z);
}

static uint32_t majority(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) | (x & z) | (y & z);
}

static uint32_t parity(uint32_t x, uint32_t y, uint32_t z)
{
    return x ^ y ^ z;
}

/* MD4 (RFC 1320) with eight steps instead of sixteen in each round. */
static void half_md4(uint32_t state[4], const uint32_t in[8])
{
    static const uint8_t order[3][8] = {
        {0, 1, 2, 3, 4, 5, 6, 7}, {1, 3, 5, 7, 0, 2, 4, 6}, {3, 7, 2, 6, 1, 5, 0, 4}};
    static const uint8_t shift[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    static const uint32_t add[3] = {0, 0x5a827999, 0x6ed9eba1};
    uint32_t (*const mix[3])(uint32_t, uint32_t, uint32_t) = {choose, majority, parity};
    uint32_t s[4] = {state[0], state[1], state[2], state[3]};
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < 8; i++) {
            uint32_t a = -i & 3, b = (a + 1) & 3, c = (a + 2) & 3, d = (a + 3) & 3;
            s[a] += mix[round](s[b], s[c], s[d]) + in[order[round][i]] + add[round];
            s[a] = rotate(s[a], shift[round][i & 3]);
        }
    for (uint32_t i = 0; i < 4; i++)
        state[i] += s[i];
}

/* The Tiny Encryption Algorithm, 16 rounds, the text as key. */
static void tea(uint32_t state[4], const uint32_t in[4])
{
    uint32_t x = state[0], y = state[1], sum = 0;
    for (uint32_t i = 0; i < 16; i++) {
        sum += 0x9e3779b9;
        x += ((y << 4) + in[0]) ^ (y + sum) ^ ((y >> 5) + in[1]);
        y += ((x << 4) + in[2]) ^ (x + sum) ^ ((x >> 5) + in[3]);
    }
    state[0] += x;
    state[1] += y;
}

static uint32_t char_at(const char *s, size_t i, bool is_unsigned)
{
    return is_unsigned ? (uint32_t)(unsigned char)s[i] : (uint32_t)(int32_t)(signed char)s[i];
}

static uint32_t legacy(const struct ext2_name *name, bool is_unsigned)
{
    uint32_t a = 0x12a3fe2d, b = 0x37abe8f9;
    for (size_t i = 0; i < name->len; i++) {
        uint32_t h = b + (a ^ (char_at(name->bytes, i, is_unsigned) * 7152373u));
        if (h & 0x80000000u)
            h -= 0x7fffffffu;
        b = a;
        a = h;
    }
    return a << 1;
}

/* Pack the next `n` words of a name: big-endian within a word, padded with its length. */
static void pack(const char *s, size_t len, bool is_unsigned, uint32_t *out, uint32_t n)
{
    uint32_t pad = (uint32_t)len & 0xff;
    pad |= pad << 8;
    pad |= pad << 16;
    for (uint32_t w = 0; w < n; w++) {
        uint32_t v = pad;
        for (size_t i = w * 4; i < w * 4 + 4 && i < len; i++)
            v = char_at(s, i, is_unsigned) + (v << 8);
        out[w] = v;
    }
}

bool htree_hash(uint32_t version, const uint32_t seed[4], const struct ext2_name *name,
                uint32_t *hash)
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}, in[8];
    bool is_unsigned = version >= 3;
    uint32_t kind = version % 3, step = kind == 1 ? 32 : 16;
    if (version > 5)
        return false;
    if (seed[0] | seed[1] | seed[2] | seed[3])
        memcpy(state, seed, sizeof state);
    for (size_t at = 0; kind && at < name->len; at += step) {
        pack(name->bytes + at, name->len - at, is_unsigned, in, step / 4);
        if (kind == 1)
            half_md4(state, in);
        else
            tea(state, in);
    }
    *hash = (kind == 0 ? legacy(name, is_unsigned) : state[kind == 1]) & ~1u;
    return true;
}

/* Search the table at `off` of `buf` for `hash`. => false: the table is broken. */
static bool search(const struct ext2_fs *fs, const struct buf *buf, uint32_t off, uint32_t hash,
                   uint32_t *block, bool *is_sure)
{
    const struct dx_entry *table = (const struct dx_entry *)(buf->data + off);
    uint32_t limit = table[0].hash & 0xffff, count = table[0].hash >> 16, i = 1;
    if (count == 0 || count > limit || off + limit * sizeof *table > fs->block_size)
        return false;
    while (i < count && (table[i].hash & ~1u) <= hash)
        i++;
    /* A leaf that goes on with the hash of the one before has the lowest bit set. */
    if (i > 1 && (table[i - 1].hash & 1) && (table[i - 1].hash & ~1u) == hash)
        *is_sure = false;
    *block = table[i - 1].block & 0x0fffffff;
    return true;
}

int htree_leaf(struct ext2_fs *fs, const struct ext2_inode *dir, const struct ext2_name *name,
               uint32_t *leaf, bool *is_sure)
{
    struct buf *buf;
    uint32_t hash, off = 0x20;
    int err = dir_block(fs, dir, 0, &buf);
    if (err)
        return err;
    const uint8_t *info = buf->data + ROOT_INFO;
    uint32_t version = info[4], levels = info[6];
    if (version <= 2 && fs->unsigned_hash)
        version += 3;
    if (info[5] != 8 || levels > MAX_LEVELS || !htree_hash(version, fs->hash_seed, name, &hash))
        return ERR_NOSYS;
    *is_sure = true;
    for (uint32_t level = 0;; level++) {
        if (!search(fs, buf, off, hash, leaf, is_sure) || *leaf == 0 ||
            *leaf >= dir_nblocks(fs, dir))
            return ERR_NOSYS;
        if (level == levels)
            return 0;
        err = dir_block(fs, dir, *leaf, &buf);
        if (err)
            return err;
        off = 8;
    }
}
