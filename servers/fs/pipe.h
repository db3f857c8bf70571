/* Pipes: bounded byte queues over a common pool of pages.
 *
 * A pipe holds PIPE_CAPACITY bytes at most and takes pages as it fills. The pool keeps one page back
 * for every pipe that holds none, so an empty pipe can always take one message, however full the
 * others are: nobody's unread pipe stops another's. A pipe that runs empty starts at a page's start
 * again. Who waits for what is the caller's business.
 */
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIPE_PAGE 4096u
#define PIPE_PAGES 16u
#define PIPE_CAPACITY (PIPE_PAGE * PIPE_PAGES)
#define PIPE_POOL_PAGES 144u

struct pipe {
    bool is_used;
    uint32_t readers, writers; /* open file descriptions of each side */
    uint32_t reader_opens, writer_opens; /* ever, for opening a FIFO */
    uint32_t get, len;         /* position of the first byte, 0 when empty; bytes held */
    uint16_t page[PIPE_PAGES]; /* pool page of position / PIPE_PAGE % PIPE_PAGES */
};

struct pipe_pool {
    uint32_t nfree, nempty; /* pages free; used pipes without a page */
    uint16_t free[PIPE_POOL_PAGES];
    uint8_t bytes[PIPE_POOL_PAGES][PIPE_PAGE];
};

void pipe_pool_init(struct pipe_pool *pool);

/* Take `pipe` into use, empty; give it back with what it holds. => The caller has at most
 * PIPE_POOL_PAGES of them. */
void pipe_open(struct pipe_pool *pool, struct pipe *pipe);
void pipe_close(struct pipe_pool *pool, struct pipe *pipe);

/* => bytes that pipe_put would take now. PIPE_PAGE at least if it is empty. */
uint32_t pipe_room(const struct pipe_pool *pool, const struct pipe *pipe);

/* Append `len` bytes. => `len` is at most pipe_room. */
void pipe_put(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len);

/* Take up to `max` bytes. => how many. */
uint32_t pipe_get(struct pipe_pool *pool, struct pipe *pipe, void *bytes, uint32_t max);

#endif
