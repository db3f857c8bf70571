/* Memory that is given back all at once, and strings that grow in it. */
#ifndef APPS_COMMON_ARENA_H
#define APPS_COMMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena with one holder. Ends the program with a message if there is no memory (so do all
 * allocations below: a small program has nothing better to do). */
struct arena *arena_new(void);
void arena_hold(struct arena *arena);
/* One holder less; the last one frees everything. */
void arena_drop(struct arena *arena);

/* `bytes` of zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t bytes);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

/* A string that grows. Its text is always ended by a NUL, which `len` doesn't count. */
struct buf {
    struct arena *arena;
    char *data;
    size_t len, cap;
};

struct buf buf_new(struct arena *arena);
void buf_char(struct buf *buf, char c);
void buf_add(struct buf *buf, const char *text, size_t len);
void buf_str(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
