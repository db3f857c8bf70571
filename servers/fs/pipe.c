/* Pipes over a pool of pages. Positions only grow while a pipe holds bytes; the page of a position
 * is in use exactly if a byte between `get` and `get + len` lies in it. */
#include <servers/fs/pipe.h>
#include <string.h>

void pipe_pool_init(struct pipe_pool *pool, uint8_t *bytes, uint32_t npages)
{
    pool->bytes = bytes;
    pool->npages = pool->nfree = npages;
    pool->nempty = 0;
    for (uint32_t i = 0; i < npages; i++)
        pool->free[i] = (uint16_t)i;
}

bool pipe_open(struct pipe_pool *pool, struct pipe *pipe)
{
    if (pool->nfree == pool->nempty)
        return false;
    *pipe = (struct pipe){.is_used = true};
    pool->nempty++;
    return true;
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

/* The page of a position, and the byte there. */
static uint16_t *page_slot(struct pipe *pipe, uint32_t position)
{
    return &pipe->page[position / PIPE_PAGE % PIPE_PAGES];
}

static uint8_t *byte_at(struct pipe_pool *pool, struct pipe *pipe, uint32_t position)
{
    return pool->bytes + (size_t)*page_slot(pipe, position) * PIPE_PAGE + position % PIPE_PAGE;
}

/* The pipe has become longer or shorter by pages. */
static void grow(struct pipe_pool *pool, struct pipe *pipe, uint32_t more)
{
    uint32_t before = pages_used(pipe), first = pipe->get / PIPE_PAGE;
    pool->nempty -= pipe->len == 0 && more > 0;
    pipe->len += more;
    for (uint32_t i = before; i < pages_used(pipe); i++)
        pipe->page[(first + i) % PIPE_PAGES] = pool->free[--pool->nfree];
}

static void became_empty(struct pipe_pool *pool, struct pipe *pipe)
{
    pipe->get = 0;
    pool->nempty++;
}

void pipe_hold(struct pipe_pool *pool, struct pipe *pipe, uint64_t holder, uint32_t total)
{
    grow(pool, pipe, total);
    pipe->held = total;
    pipe->filled = 0;
    pipe->holder = holder;
}

void pipe_fill(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len)
{
    const uint8_t *from = bytes;
    while (len > 0) {
        uint32_t position = pipe->get + pipe->len - pipe->held + pipe->filled;
        uint32_t left = PIPE_PAGE - position % PIPE_PAGE, n = left < len ? left : len;
        memcpy(byte_at(pool, pipe, position), from, n);
        from += n;
        len -= n;
        pipe->filled += n;
    }
    if (pipe->filled == pipe->held)
        pipe->held = pipe->filled = 0;
}

void pipe_drop_held(struct pipe_pool *pool, struct pipe *pipe)
{
    uint32_t before = pages_used(pipe), first = pipe->get / PIPE_PAGE;
    if (pipe->held == 0)
        return;
    pipe->len -= pipe->held;
    pipe->held = pipe->filled = 0;
    for (uint32_t i = pages_used(pipe); i < before; i++)
        pool->free[pool->nfree++] = pipe->page[(first + i) % PIPE_PAGES];
    if (pipe->len == 0)
        became_empty(pool, pipe);
}

void pipe_put(struct pipe_pool *pool, struct pipe *pipe, const void *bytes, uint32_t len)
{
    if (len == 0)
        return;
    pipe_hold(pool, pipe, 0, len);
    pipe_fill(pool, pipe, bytes, len);
}

/* Pass over `n` bytes at the front, which lie in one page. */
static void pass(struct pipe_pool *pool, struct pipe *pipe, uint32_t n)
{
    uint16_t page = *page_slot(pipe, pipe->get);
    pipe->len -= n;
    pipe->get += n;
    if (pipe->len == 0 || pipe->get % PIPE_PAGE == 0)
        pool->free[pool->nfree++] = page;
    if (pipe->len == 0)
        became_empty(pool, pipe);
}

uint32_t pipe_get(struct pipe_pool *pool, struct pipe *pipe, void *bytes, uint32_t max)
{
    uint8_t *to = bytes;
    uint32_t moved = 0;
    while (moved < max && pipe_ready(pipe) > 0) {
        uint32_t n = PIPE_PAGE - pipe->get % PIPE_PAGE;
        n = n < pipe_ready(pipe) ? n : pipe_ready(pipe);
        n = n < max - moved ? n : max - moved;
        memcpy(to + moved, byte_at(pool, pipe, pipe->get), n);
        moved += n;
        pass(pool, pipe, n);
    }
    if (pipe->get >= PIPE_CAPACITY)
        pipe->get -= PIPE_CAPACITY;
    return moved;
}

void pipe_close(struct pipe_pool *pool, struct pipe *pipe)
{
    pipe_drop_held(pool, pipe);
    while (pipe->len > 0) {
        uint32_t left = PIPE_PAGE - pipe->get % PIPE_PAGE;
        pass(pool, pipe, left < pipe->len ? left : pipe->len);
    }
    pool->nempty--;
    pipe->is_used = false;
}
