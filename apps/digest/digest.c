/* What all digests have in common: blocks, and the padding with the length at the end. */
#include "apps/digest/digest.h"

#include <string.h>

void digest_start(struct digest *digest, const struct digest_kind *kind)
{
    *digest = (struct digest){.kind = kind};
    for (int i = 0; i < 8; i++)
        if (kind->block == DIGEST_BLOCK_MAX)
            digest->state.longs[i] = kind->initial[i];
        else
            digest->state.words[i] = (uint32_t)kind->initial[i];
}

void digest_add(struct digest *digest, const void *data, size_t n)
{
    const unsigned char *next = data;
    size_t block = digest->kind->block;

    digest->total += n;
    while (n) {
        size_t part = block - digest->used < n ? block - digest->used : n;
        memcpy(digest->block + digest->used, next, part);
        digest->used += part;
        next += part;
        n -= part;
        if (digest->used == block) {
            digest->kind->mix(digest, digest->block);
            digest->used = 0;
        }
    }
}

void digest_end(struct digest *digest, unsigned char *out)
{
    const struct digest_kind *kind = digest->kind;
    unsigned char result[DIGEST_BYTES_MAX];
    uint64_t bits = digest->total * 8;

    digest->block[digest->used++] = 0x80;
    if (digest->used > kind->block - kind->length) {
        memset(digest->block + digest->used, 0, kind->block - digest->used);
        kind->mix(digest, digest->block);
        digest->used = 0;
    }
    memset(digest->block + digest->used, 0, kind->block - digest->used);
    for (size_t i = 0; i < 8; i++) {
        size_t at = kind == &digest_md5 ? kind->block - 8 + i : kind->block - 1 - i;
        digest->block[at] = (unsigned char)(bits >> 8 * i);
    }
    kind->mix(digest, digest->block);
    kind->result(digest, result);
    memcpy(out, result, kind->bytes);
}
