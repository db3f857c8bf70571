/* Record locks. A change cuts the owner's ranges out of the way, then puts the new one in and joins
 * it with its neighbours. The spare entries that this needs are counted beforehand. */
#include <servers/fs/lock.h>
#include <stdbool.h>
#include <stddef.h>
#include <abi/error.h>

void lock_pool_init(struct lock_pool *pool, struct lock *entries, uint32_t n)
{
    pool->free = NULL;
    pool->nfree = n;
    while (n-- > 0) {
        entries[n].next = pool->free;
        pool->free = &entries[n];
    }
}

static struct lock *take(struct lock_pool *pool)
{
    struct lock *lock = pool->free;
    pool->free = lock->next;
    pool->nfree--;
    return lock;
}

static void unlink_lock(struct lock_pool *pool, struct lock **at)
{
    struct lock *lock = *at;
    *at = lock->next;
    lock->next = pool->free;
    pool->free = lock;
    pool->nfree++;
}

static void insert(struct lock **list, struct lock *lock)
{
    while (*list && (*list)->start < lock->start)
        list = &(*list)->next;
    lock->next = *list;
    *list = lock;
}

struct lock *lock_conflict(struct lock *list, const struct lock_range *want)
{
    for (struct lock *lock = list; lock && want->type != LOCK_NONE; lock = lock->next)
        if (lock->owner != want->owner && lock->start < want->end && want->start < lock->end
            && (lock->type == LOCK_WRITE || want->type == LOCK_WRITE))
            return lock;
    return NULL;
}

/* Cut [start, end) out of the owner's locks. A lock around it becomes two. */
static void cut(struct lock_pool *pool, struct lock **list, const struct lock_range *want)
{
    for (struct lock **at = list; *at;) {
        struct lock *lock = *at;
        if (lock->owner != want->owner || lock->start >= want->end || lock->end <= want->start) {
            at = &lock->next;
            continue;
        }
        uint64_t end = lock->end;
        uint32_t type = lock->type;
        if (lock->start < want->start) {
            lock->end = want->start;
            at = &lock->next;
        } else {
            unlink_lock(pool, at);
        }
        if (end > want->end) {
            struct lock *rest = take(pool);
            *rest = (struct lock){NULL, want->end, end, want->owner, type};
            insert(list, rest);
        }
    }
}

/* Take in the owner's neighbours of the same type. */
static void join(struct lock_pool *pool, struct lock **list, struct lock_range *range)
{
    for (struct lock **at = list; *at;) {
        struct lock *lock = *at;
        if (lock->owner != range->owner || lock->type != range->type
            || (lock->end != range->start && lock->start != range->end)) {
            at = &lock->next;
            continue;
        }
        range->start = lock->start < range->start ? lock->start : range->start;
        range->end = lock->end > range->end ? lock->end : range->end;
        unlink_lock(pool, at);
    }
}

/* Entries that lock_set needs beyond those that it frees itself. */
static uint32_t entries_needed(const struct lock *list, const struct lock_range *want)
{
    uint32_t need = want->type != LOCK_NONE;
    for (; list; list = list->next)
        need += list->owner == want->owner && list->start < want->start && list->end > want->end;
    return need;
}

int lock_set(struct lock_pool *pool, struct lock **list, const struct lock_range *want)
{
    if (pool->nfree < entries_needed(*list, want))
        return ERR_NOLCK;
    cut(pool, list, want);
    if (want->type == LOCK_NONE)
        return 0;
    struct lock_range range = *want;
    join(pool, list, &range);
    struct lock *lock = take(pool);
    *lock = (struct lock){NULL, range.start, range.end, range.owner, range.type};
    insert(list, lock);
    return 0;
}

bool lock_release(struct lock_pool *pool, struct lock **list, uint32_t owner)
{
    bool any = false;
    while (*list) {
        if ((*list)->owner == owner) {
            unlink_lock(pool, list);
            any = true;
        } else {
            list = &(*list)->next;
        }
    }
    return any;
}
