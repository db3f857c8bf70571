/* Memory that is given back all at once, and strings that grow in it.
 *
 * An arena is a list of chunks; allocation moves a mark in the newest. A string that outgrows its
 * place moves to a larger one and leaves the old one behind until the arena goes. */
#include "apps/common/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES 2000
#define ALIGN 16

struct chunk {
    struct chunk *next;
    size_t used, bytes;
    _Alignas(ALIGN) char data[];
};

struct arena {
    struct chunk *chunks;
    unsigned holders;
};

static void *must_allocate(size_t bytes)
{
    static const char message[] = "out of memory\n";
    void *memory = malloc(bytes);

    if (memory)
        return memory;
    if (write(2, message, sizeof message - 1) < 0)
        _exit(2);
    _exit(2);
}

struct arena *arena_new(void)
{
    struct arena *arena = must_allocate(sizeof *arena);

    *arena = (struct arena){.holders = 1};
    return arena;
}

void arena_hold(struct arena *arena)
{
    arena->holders++;
}

void arena_drop(struct arena *arena)
{
    if (--arena->holders)
        return;
    while (arena->chunks) {
        struct chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
    free(arena);
}

static void arena_grow(struct arena *arena, size_t bytes)
{
    size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
    struct chunk *chunk = must_allocate(sizeof *chunk + room);

    *chunk = (struct chunk){.next = arena->chunks, .bytes = room};
    arena->chunks = chunk;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    void *memory;

    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (!arena->chunks || arena->chunks->bytes - arena->chunks->used < bytes)
        arena_grow(arena, bytes);
    memory = arena->chunks->data + arena->chunks->used;
    arena->chunks->used += bytes;
    return memset(memory, 0, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    return memcpy(arena_alloc(arena, len + 1), text, len);
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

struct buf buf_new(struct arena *arena)
{
    return (struct buf){.arena = arena, .data = arena_alloc(arena, ALIGN), .cap = ALIGN};
}

void buf_add(struct buf *buf, const char *text, size_t len)
{
    if (buf->cap - buf->len <= len) {
        char *old = buf->data;
        buf->cap = (buf->len + len + 1) * 2;
        buf->data = arena_alloc(buf->arena, buf->cap);
        memcpy(buf->data, old, buf->len);
    }
    memcpy(buf->data + buf->len, text, len);
    buf->len += len;
    buf->data[buf->len] = 0;
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_str(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    char *text;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0) {
        text = must_allocate((size_t)len + 1);
        vsnprintf(text, (size_t)len + 1, format, again);
        buf_add(buf, text, (size_t)len);
        free(text);
    }
    va_end(again);
}
