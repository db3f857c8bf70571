/* The metadata buffer cache: a fixed number of blocks, found by number, evicted least recently
 * used first. A miss queues a read and answers EXT2_WAIT. It keeps three kinds of blocks from
 * being evicted: dirty ones, ones used by the run in progress, and ones pinned for the oldest
 * waiting request, so that re-runs converge. What is written when belongs to flush.c. */
#ifndef EXT2_BCACHE_H
#define EXT2_BCACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUF_NONE 0xffffffffu

enum buf_state {
    BUF_EMPTY,   /* holds nothing */
    BUF_QUEUED,  /* wants to be read */
    BUF_READING, /* the disk is writing into data */
    BUF_VALID,
    BUF_FAILED, /* the read failed; the next to ask is told, and asks anew after that */
};

/* What a block holds decides when it is written (flush.h). */
enum buf_kind { BUF_BITMAP, BUF_INDIRECT, BUF_LINK, BUF_DIR, BUF_INODES, BUF_SUPER };

struct buf {
    uint32_t block;
    uint8_t state; /* enum buf_state */
    uint8_t kind;  /* enum buf_kind, of the last change */
    bool dirty;    /* differs from the disk; not evicted */
    bool fresh;    /* allocated in this epoch: nothing on the disk names it yet */
    bool pinned;   /* kept for the oldest waiting request */
    bool wired;    /* never evicted */
    bool issued;   /* flush.c: written in the current phase */
    bool in_tx;    /* tx.c: has an undo copy */
    uint32_t late; /* tx.c: newest late field, or BUF_NONE */
    uint32_t next; /* in its hash chain, or BUF_NONE */
    uint64_t run;  /* last run that used it */
    uint64_t used; /* stamp of the last use */
    uint8_t *data;
};

struct bcache {
    struct buf *bufs;
    uint32_t *heads; /* hash chains */
    uint32_t nbufs, nheads;
    uint32_t block_size;
    uint32_t ndirty;
    uint32_t nqueued;
    uint64_t run;   /* the run in progress */
    uint64_t stamp; /* counts uses */
};

/* Bytes of memory for `nbufs` buffers of `block_size`. */
size_t bcache_bytes(uint32_t block_size, uint32_t nbufs);

/* Make an empty cache of as many blocks as `mem` (16-byte aligned) holds. */
void bcache_init(struct bcache *bc, void *mem, size_t bytes, uint32_t block_size);

/* Find block `block` read in.
 * => 0; EXT2_WAIT: a read is queued; ERR_IO: the read failed; ERR_NOMEM: every buffer is held. */
int bcache_get(struct bcache *bc, uint32_t block, struct buf **out);

/* A buffer for `block` without reading it; its bytes are undefined if it was not cached.
 * => 0; EXT2_WAIT: an old read is still under way; ERR_NOMEM. */
int bcache_get_new(struct bcache *bc, uint32_t block, struct buf **out);

/* The run needs `b` no more: it may be evicted again (for scans over many blocks). */
void bcache_let_go(struct bcache *bc, struct buf *b);

/* Forget the content of `b`, which is neither dirty nor being read. */
void bcache_discard(struct bcache *bc, struct buf *b);

void bcache_set_dirty(struct bcache *bc, struct buf *b, bool dirty);

void bcache_run_begin(struct bcache *bc);
void bcache_pin_run(struct bcache *bc); /* pin exactly what the run in progress used */
void bcache_unpin(struct bcache *bc);

/* The next buffer to read, now READING; NULL if none. */
struct buf *bcache_next_read(struct bcache *bc);
void bcache_read_done(struct buf *b, int status);

#endif
