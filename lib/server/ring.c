/* Rings between servers: see ring.h for the rules. */
#include <lib/server/ring.h>

void ring_attach(struct ring *ring, struct ring_page *ours, const struct ring_page *theirs,
                 uint64_t epoch)
{
    *ring = (struct ring){.ours = ours, .theirs = theirs};
    ring->produced = ours->produced;
    ring->consumed = ours->consumed;
    ring->taken = theirs->consumed;
    ring->put = (uint32_t)(ring->produced % RING_ENTRIES);
    ring->get = (uint32_t)(ring->consumed % RING_ENTRIES);
    __atomic_store_n(&ours->epoch, epoch, __ATOMIC_RELEASE);
}

/* Refresh what the peer has taken. => false: it claims what cannot be, and is dead. */
static bool look_at_taken(struct ring *ring)
{
    uint64_t taken = __atomic_load_n(&ring->theirs->consumed, __ATOMIC_ACQUIRE);

    if (taken < ring->taken || taken > ring->produced) {
        ring->is_dead = true;
        return false;
    }
    ring->taken = taken;
    return true;
}

int ring_put(struct ring *ring, const struct ring_entry *entry)
{
    if (ring->is_dead)
        return ERR_DEAD;
    if (ring->produced - ring->taken >= RING_ENTRIES) {
        if (!look_at_taken(ring))
            return ERR_DEAD;
        if (ring->produced - ring->taken >= RING_ENTRIES)
            return ERR_AGAIN;
    }
    ring->ours->entry[ring->put] = *entry;
    ring->put = ring->put + 1 == RING_ENTRIES ? 0 : ring->put + 1;
    ring->produced++;
    __atomic_store_n(&ring->ours->produced, ring->produced, __ATOMIC_RELEASE);
    return 0;
}

/* The compiler must not read the peer's memory twice. */
static void copy_once(struct ring_entry *to, const struct ring_entry *from)
{
    const volatile struct ring_entry *once = from;

    to->head = once->head;
    for (unsigned i = 0; i < RING_WORDS; i++)
        to->word[i] = once->word[i];
}

int ring_get(struct ring *ring, struct ring_entry *entry)
{
    uint64_t produced;

    if (ring->is_dead)
        return ERR_DEAD;
    produced = __atomic_load_n(&ring->theirs->produced, __ATOMIC_ACQUIRE);
    if (produced == ring->consumed)
        return 0;
    if (produced - ring->consumed > RING_ENTRIES) { /* also if it went back */
        ring->is_dead = true;
        return ERR_DEAD;
    }
    copy_once(entry, &ring->theirs->entry[ring->get]);
    ring->get = ring->get + 1 == RING_ENTRIES ? 0 : ring->get + 1;
    ring->consumed++;
    __atomic_store_n(&ring->ours->consumed, ring->consumed, __ATOMIC_RELEASE);
    return 1;
}
