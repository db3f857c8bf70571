/* Pipes: bounded byte queues over a common pool of pages.
 *
 * A pipe holds PIPE_CAPACITY bytes at most and takes pages as it fills. The pool keeps one page back
 * for every pipe that holds none, so an empty pipe can always take one message, however full the
 * others are: nobody's unread pipe stops another's. A pipe that runs empty starts at a page's start
 * again. Bytes that come in several messages but belong together are `held`: they have their place at
 * the tail, and no reader sees them until the last of them is there. Who waits for what is the
 * caller's business.
 */
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIPE_PAGE 4096u
#define PIPE_PAGES 16u
#define PIPE_CAPACITY (PIPE_PAGE * PIPE_PAGES)
#define PIPE_ATOMIC PIPE_PAGE /* PIPE_BUF: an empty pipe takes so much, always */
#define PIPE_POOL_MAX 1024u   /* pages */

struct pipe {
    bool is_used;
    uint32_t readers, writers; /* open file descriptions of each side */
    uint32_t reader_opens, writer_opens; /* ever, for opening a FIFO */
    uint32_t get, len;         /* position of the first byte, 0 when empty; bytes, held ones too */
    uint32_t held, filled;     /* of the last bytes of `len`; how many of these are there */
    uint64_t holder;           /* badge of the process whose bytes are held */
    uint64_t made_ns, read_ns, written_ns; /* times for stat, since 1970 */
    uint16_t page[PIPE_PAGES]; /* pool page of position / PIPE_PAGE % PIPE_PAGES */
};

struct pipe_pool {
    uint32_t npages;
    uint32_t nfree, nempty; /* pages free; used pipes without a page */
    uint16_t free[PIPE_POOL_MAX];
    uint8_t *bytes;
};

/* Lay the pool out over `npages` pages (at most PIPE_POOL_MAX) at `bytes`. */
void pipe_pool_init(struct pipe_pool *pool, uint8_t *bytes, uint32_t npages);

/* Take `pipe` into use, empty. => false: the pool has no page left to keep back for it. */
bool pipe_open(struct pipe_pool *pool, struct pipe *pipe);

/* Give it back with what it holds. */
void pipe_close(struct pipe_pool *pool, struct pipe *pipe);

/* => bytes that pipe_put would take now. PIPE_PAGE at least if it is empty. */
uint32_t pipe_room(const struct pipe_pool *pool, const struct pipe *pipe);

/* => bytes that pipe_get would give now. */
static inline uint32_t pipe_ready(const struct pipe *pipe)
{
    return pipe->len - pipe->held;
}

/* Append `len` bytes. => `len` is at most pipe_room; nothing is held. */
void pipe_put(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len);

/* Make place for `total` bytes of `holder`. => `total` is at most pipe_room, not 0; nothing is held. */
void pipe_hold(struct pipe_pool *pool, struct pipe *pipe, uint64_t holder, uint32_t total);

/* The next bytes of those that are held. => `len` is at most held - filled. With the last of them
 * all become readable. */
void pipe_fill(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len);

/* Take back the place of what is held. */
void pipe_drop_held(struct pipe_pool *pool, struct pipe *pipe);

/* Take up to `max` bytes. => how many. */
uint32_t pipe_get(struct pipe_pool *pool, struct pipe *pipe, void *bytes, uint32_t max);

#endif
