/* Byte rings: see bytering.h. */
#include <lib/server/bytering.h>
#include <string.h>

static void attach(struct bytering *ring, struct byte_page *page, uint64_t count)
{
    *ring = (struct bytering){
        .page = page, .count = count, .at = (uint32_t)(count % BYTERING_BYTES)};
}

void bytering_attach_writer(struct bytering *ring, struct byte_page *page)
{
    attach(ring, page, page->written);
}

void bytering_attach_reader(struct bytering *ring, struct byte_page *page)
{
    attach(ring, page, page->read);
}

/* Bytes between reader and writer, `ahead` of `behind`; more than fit mean that the peer lies. */
static size_t distance(struct bytering *ring, uint64_t ahead, uint64_t behind)
{
    if (ring->is_dead || ahead - behind > BYTERING_BYTES) {
        ring->is_dead = true;
        return 0;
    }
    return ahead - behind;
}

static void advance(struct bytering *ring, size_t n, uint64_t *published)
{
    ring->at = (uint32_t)((ring->at + n) % BYTERING_BYTES);
    ring->count += n;
    __atomic_store_n(published, ring->count, __ATOMIC_RELEASE);
}

static size_t until_wrap(const struct bytering *ring, size_t n)
{
    return n < BYTERING_BYTES - ring->at ? n : BYTERING_BYTES - ring->at;
}

size_t bytering_room(struct bytering *ring)
{
    size_t used =
        distance(ring, ring->count, __atomic_load_n(&ring->page->read, __ATOMIC_ACQUIRE));

    return ring->is_dead ? 0 : BYTERING_BYTES - used;
}

size_t bytering_write(struct bytering *ring, const void *bytes, size_t n)
{
    size_t room = bytering_room(ring), first;

    if (n > room)
        n = room;
    if (n == 0)
        return 0;
    first = until_wrap(ring, n);
    memcpy(ring->page->data + ring->at, bytes, first);
    memcpy(ring->page->data, (const uint8_t *)bytes + first, n - first);
    advance(ring, n, &ring->page->written);
    return n;
}

void bytering_close(struct bytering *ring)
{
    __atomic_store_n(&ring->page->closed, 1, __ATOMIC_RELEASE);
}

size_t bytering_pending(struct bytering *ring)
{
    return distance(ring, __atomic_load_n(&ring->page->written, __ATOMIC_ACQUIRE), ring->count);
}

size_t bytering_read(struct bytering *ring, void *bytes, size_t n)
{
    size_t pending = bytering_pending(ring), first;

    if (n > pending)
        n = pending;
    if (n == 0)
        return 0;
    first = until_wrap(ring, n);
    memcpy(bytes, ring->page->data + ring->at, first);
    memcpy((uint8_t *)bytes + first, ring->page->data, n - first);
    advance(ring, n, &ring->page->read);
    return n;
}

size_t bytering_span(struct bytering *ring, const uint8_t **bytes)
{
    *bytes = ring->page->data + ring->at;
    return until_wrap(ring, bytering_pending(ring));
}

void bytering_skip(struct bytering *ring, size_t n)
{
    advance(ring, n, &ring->page->read);
}

bool bytering_at_end(struct bytering *ring)
{
    bool is_closed = __atomic_load_n(&ring->page->closed, __ATOMIC_ACQUIRE) != 0;

    return is_closed && bytering_pending(ring) == 0;
}
