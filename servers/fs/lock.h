/* Advisory record locks of one file: a list of ranges, sorted by start, in which the ranges of one
 * owner never overlap and never touch with the same type. Ranges are [start, end); end LOCK_END is
 * "to the end of the file, however it grows". */
#ifndef FS_LOCK_H
#define FS_LOCK_H

#include <stdint.h>

#define LOCK_END UINT64_MAX

enum lock_type { LOCK_READ = 0, LOCK_WRITE = 1, LOCK_NONE = 2 };

struct lock {
    struct lock *next; /* of the file, or free */
    uint64_t start, end;
    uint32_t owner, type; /* LOCK_READ or LOCK_WRITE */
};

struct lock_pool {
    struct lock *free;
    uint32_t nfree;
};

/* What somebody asks for. */
struct lock_range {
    uint64_t start, end;
    uint32_t owner, type;
};

void lock_pool_init(struct lock_pool *pool, struct lock *entries, uint32_t n);

/* => the first lock from `list` on that keeps `want` from being granted, or NULL. */
struct lock *lock_conflict(struct lock *list, const struct lock_range *want);

/* Give the range its new type (LOCK_NONE: unlock), splitting and joining the owner's locks. The
 * caller has seen that nothing conflicts. => 0, or ERR_NOLCK and nothing has changed. */
int lock_set(struct lock_pool *pool, struct lock **list, const struct lock_range *want);

/* Drop all locks of `owner`. => whether there were any. */
_Bool lock_release(struct lock_pool *pool, struct lock **list, uint32_t owner);

#endif
