/* A stream of bytes in one shared page: one writer, one reader, both map it writable. Each trusts
 * only its own figure; the other's is checked before use, and a peer that breaks the rules is dead
 * (nothing is written or read any more). Used for logs and for the terminal's bytes. */
#ifndef LIB_SERVER_BYTERING_H
#define LIB_SERVER_BYTERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BYTERING_BYTES 4032u

struct byte_page {
    uint64_t written; /* bytes so far; the writer's */
    uint64_t read;    /* bytes so far; the reader's */
    uint64_t closed;  /* the writer's: 1 = nothing will follow (end of stdin) */
    uint64_t reserved[5];
    uint8_t data[BYTERING_BYTES]; /* byte n lies at n modulo BYTERING_BYTES */
};
_Static_assert(sizeof(struct byte_page) == 4096, "a byte ring is one page");

/* One side's view: either as writer or as reader. */
struct bytering {
    struct byte_page *page;
    uint64_t count; /* our own figure */
    uint32_t at;    /* count modulo BYTERING_BYTES */
    bool is_dead;
};

void bytering_attach_writer(struct bytering *ring, struct byte_page *page);
void bytering_attach_reader(struct bytering *ring, struct byte_page *page);

/* Writer: bytes that fit now; 0 if the reader is dead. */
size_t bytering_room(struct bytering *ring);

/* Writer: append as many of n bytes as fit. => how many. */
size_t bytering_write(struct bytering *ring, const void *bytes, size_t n);

/* Writer: nothing will follow. */
void bytering_close(struct bytering *ring);

/* Reader: bytes there; 0 if the writer is dead. */
size_t bytering_pending(struct bytering *ring);

/* Reader: take at most n bytes. => how many. */
size_t bytering_read(struct bytering *ring, void *bytes, size_t n);

/* Reader: the bytes that lie in a row, without taking them; the writer may still change them. */
size_t bytering_span(struct bytering *ring, const uint8_t **bytes);

/* Reader: take n of them, n at most what bytering_pending() said. */
void bytering_skip(struct bytering *ring, size_t n);

/* Reader: all was read, and nothing will follow. */
bool bytering_at_end(struct bytering *ring);

#endif
