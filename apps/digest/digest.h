/* Message digests: one interface over several algorithms. */
#ifndef APPS_DIGEST_DIGEST_H
#define APPS_DIGEST_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES_MAX 64
#define DIGEST_BLOCK_MAX 128

/* A digest that is being made. */
struct digest {
    const struct digest_kind *kind;
    union {
        uint32_t words[8];
        uint64_t longs[8];
    } state;
    unsigned char block[DIGEST_BLOCK_MAX]; /* what doesn't fill a block yet */
    size_t used;
    uint64_t total; /* bytes so far */
};

struct digest_kind {
    const char *name;             /* of the program */
    size_t bytes, block, length;  /* of the digest, a block, and the length at its end */
    uint64_t initial[8];
    void (*mix)(struct digest *digest, const unsigned char *block);
    void (*result)(const struct digest *digest, unsigned char *out); /* the state as bytes */
};

extern const struct digest_kind digest_md5, digest_sha1, digest_sha224, digest_sha256, digest_sha384,
    digest_sha512;

void digest_start(struct digest *digest, const struct digest_kind *kind);
void digest_add(struct digest *digest, const void *data, size_t n);
/* The digest of all that was added: kind->bytes at `out`. */
void digest_end(struct digest *digest, unsigned char *out);

#endif
