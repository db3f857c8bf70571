/* Pipes over a pool of pages. Positions only grow while a pipe holds bytes; the page of a position
 * is in use exactly if a byte between `get` and `get + len` lies in it. */
#include <servers/fs/pipe.h>
#include <string.h>

void pipe_pool_init(struct pipe_pool *pool)
{
    pool->nempty = 0;
    pool->nfree = PIPE_POOL_PAGES;
    for (uint32_t i = 0; i < PIPE_POOL_PAGES; i++)
        pool->free[i] = (uint16_t)i;
}

void pipe_open(struct pipe_pool *pool, struct pipe *pipe)
{
    *pipe = (struct pipe){.is_used = true};
    pool->nempty++;
}

void pipe_close(struct pipe_pool *pool, struct pipe *pipe)
{
    uint8_t sink[256];
    while (pipe_get(pool, pipe, sink, sizeof sink) > 0)
        ;
    pool->nempty--;
    pipe->is_used = false;
}

static uint32_t pages_used(const struct pipe *pipe)
{
    if (pipe->len == 0)
        return 0;
    return (pipe->get + pipe->len - 1) / PIPE_PAGE - pipe->get / PIPE_PAGE + 1;
}

uint32_t pipe_room(const struct pipe_pool *pool, const struct pipe *pipe)
{
    uint32_t used = pages_used(pipe);
    uint32_t spare = used == 0 ? pool->nfree - pool->nempty + 1 : pool->nfree - pool->nempty;
    uint32_t end = (pipe->get / PIPE_PAGE + used + spare) * PIPE_PAGE;
    uint32_t by_pages = end - (pipe->get + pipe->len);
    uint32_t slots = PIPE_PAGES * PIPE_PAGE - pipe->get % PIPE_PAGE - pipe->len;
    return by_pages < slots ? by_pages : slots;
}

static uint16_t *page_slot(struct pipe *pipe, uint32_t position)
{
    return &pipe->page[position / PIPE_PAGE % PIPE_PAGES];
}

void pipe_put(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len)
{
    const uint8_t *from = bytes;
    while (len > 0) {
        uint32_t position = pipe->get + pipe->len, offset = position % PIPE_PAGE;
        if (pipe->len == 0)
            pool->nempty--;
        if (pipe->len == 0 || offset == 0)
            *page_slot(pipe, position) = pool->free[--pool->nfree];
        uint32_t n = PIPE_PAGE - offset < len ? PIPE_PAGE - offset : len;
        memcpy(pool->bytes[*page_slot(pipe, position)] + offset, from, n);
        from += n;
        len -= n;
        pipe->len += n;
    }
}

uint32_t pipe_get(struct pipe_pool *pool, struct pipe *pipe, void *bytes, uint32_t max)
{
    uint8_t *to = bytes;
    uint32_t moved = 0;
    while (moved < max && pipe->len > 0) {
        uint32_t offset = pipe->get % PIPE_PAGE, n = PIPE_PAGE - offset;
        n = n < pipe->len ? n : pipe->len;
        n = n < max - moved ? n : max - moved;
        uint16_t page = *page_slot(pipe, pipe->get);
        memcpy(to + moved, pool->bytes[page] + offset, n);
        moved += n;
        pipe->len -= n;
        pipe->get += n;
        if (pipe->len == 0 || pipe->get % PIPE_PAGE == 0)
            pool->free[pool->nfree++] = page;
        if (pipe->len == 0) {
            pipe->get = 0;
            pool->nempty++;
        }
    }
    if (pipe->get >= PIPE_CAPACITY)
        pipe->get -= PIPE_CAPACITY;
    return moved;
}
