/* See bcache.h. Invariant: every buffer that is not EMPTY is in exactly one hash chain, and no
 * block number is in two buffers. */
#include "bcache.h"
#include <string.h>
#include "ext2.h"

static uint32_t heads_for(uint32_t nbufs)
{
    uint32_t n = 16;
    while (n < nbufs)
        n *= 2;
    return n;
}

size_t bcache_bytes(uint32_t block_size, uint32_t nbufs)
{
    size_t fixed = nbufs * sizeof(struct buf) + heads_for(nbufs) * sizeof(uint32_t);
    return fixed + (size_t)nbufs * block_size + 64;
}

void bcache_init(struct bcache *bc, void *mem, size_t bytes, uint32_t block_size)
{
    uint32_t n = (uint32_t)(bytes / (block_size + sizeof(struct buf)));
    while (n > 0 && bcache_bytes(block_size, n) > bytes)
        n--;
    *bc = (struct bcache){.nbufs = n, .nheads = heads_for(n), .block_size = block_size, .run = 1};
    uint8_t *data = mem;
    bc->bufs = (struct buf *)(data + (size_t)n * block_size);
    bc->heads = (uint32_t *)(bc->bufs + n);
    for (uint32_t i = 0; i < n; i++)
        bc->bufs[i] = (struct buf){.data = data + (size_t)i * block_size, .late = BUF_NONE};
    for (uint32_t i = 0; i < bc->nheads; i++)
        bc->heads[i] = BUF_NONE;
}

static uint32_t *head_of(struct bcache *bc, uint32_t block)
{
    return &bc->heads[(block * 2654435761u >> 7) & (bc->nheads - 1)];
}

static struct buf *find(struct bcache *bc, uint32_t block)
{
    for (uint32_t i = *head_of(bc, block); i != BUF_NONE; i = bc->bufs[i].next)
        if (bc->bufs[i].block == block)
            return &bc->bufs[i];
    return NULL;
}

static void unhash(struct bcache *bc, struct buf *b)
{
    uint32_t *link = head_of(bc, b->block);
    while (&bc->bufs[*link] != b)
        link = &bc->bufs[*link].next;
    *link = b->next;
}

void bcache_discard(struct bcache *bc, struct buf *b)
{
    if (b->state == BUF_EMPTY)
        return;
    if (b->state == BUF_QUEUED)
        bc->nqueued--;
    unhash(bc, b);
    b->state = BUF_EMPTY;
    b->fresh = b->pinned = false;
    b->used = b->run = 0;
}

static bool is_evictable(const struct bcache *bc, const struct buf *b)
{
    if (b->state == BUF_EMPTY)
        return true;
    if (b->state == BUF_READING || b->dirty || b->pinned || b->wired || b->in_tx)
        return false;
    return b->run != bc->run;
}

/* Take the least recently used buffer for `block`. A queued read that nobody waits for any more
 * is the last choice but one. => NULL: all are held. */
static struct buf *take_victim(struct bcache *bc, uint32_t block)
{
    struct buf *best = NULL;
    for (uint32_t i = 0; i < bc->nbufs; i++) {
        struct buf *b = &bc->bufs[i];
        if (is_evictable(bc, b) && (!best || b->used < best->used))
            best = b;
    }
    if (!best)
        return NULL;
    bcache_discard(bc, best);
    best->block = block;
    best->late = BUF_NONE;
    best->next = *head_of(bc, block);
    *head_of(bc, block) = (uint32_t)(best - bc->bufs);
    return best;
}

static void touch(struct bcache *bc, struct buf *b)
{
    b->used = ++bc->stamp;
    b->run = bc->run;
}

static bool has_reads(const struct bcache *bc)
{
    for (uint32_t i = 0; i < bc->nbufs; i++)
        if (bc->bufs[i].state == BUF_READING)
            return true;
    return bc->nqueued > 0;
}

int bcache_get(struct bcache *bc, uint32_t block, struct buf **out)
{
    struct buf *b = find(bc, block);
    if (!b) {
        b = take_victim(bc, block);
        if (!b)
            return has_reads(bc) ? EXT2_WAIT : ERR_NOMEM;
        b->state = BUF_QUEUED;
        bc->nqueued++;
    }
    touch(bc, b);
    *out = b;
    if (b->state == BUF_VALID)
        return 0;
    if (b->state != BUF_FAILED)
        return EXT2_WAIT;
    bcache_discard(bc, b);
    return ERR_IO;
}

int bcache_get_new(struct bcache *bc, uint32_t block, struct buf **out)
{
    struct buf *b = find(bc, block);
    if (b && b->state == BUF_READING)
        return EXT2_WAIT;
    if (b && b->state != BUF_VALID) {
        bcache_discard(bc, b);
        b = NULL;
    }
    if (!b)
        b = take_victim(bc, block);
    if (!b)
        return has_reads(bc) ? EXT2_WAIT : ERR_NOMEM;
    b->state = BUF_VALID;
    touch(bc, b);
    *out = b;
    return 0;
}

void bcache_let_go(struct bcache *bc, struct buf *b)
{
    if (b->run == bc->run)
        b->run = 0;
}

void bcache_set_dirty(struct bcache *bc, struct buf *b, bool dirty)
{
    if (dirty != b->dirty)
        bc->ndirty += dirty ? 1 : -1u;
    b->dirty = dirty;
}

void bcache_run_begin(struct bcache *bc)
{
    bc->run++;
}

void bcache_pin_run(struct bcache *bc)
{
    for (uint32_t i = 0; i < bc->nbufs; i++)
        bc->bufs[i].pinned = bc->bufs[i].state != BUF_EMPTY && bc->bufs[i].run == bc->run;
}

void bcache_unpin(struct bcache *bc)
{
    for (uint32_t i = 0; i < bc->nbufs; i++)
        bc->bufs[i].pinned = false;
}

struct buf *bcache_next_read(struct bcache *bc)
{
    for (uint32_t i = 0; bc->nqueued > 0 && i < bc->nbufs; i++) {
        if (bc->bufs[i].state != BUF_QUEUED)
            continue;
        bc->nqueued--;
        bc->bufs[i].state = BUF_READING;
        return &bc->bufs[i];
    }
    return NULL;
}

void bcache_read_done(struct buf *b, int status)
{
    if (b->state == BUF_READING)
        b->state = status == 0 ? BUF_VALID : BUF_FAILED;
}
