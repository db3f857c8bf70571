/* Walking the structure block of a device tree: see fdt.h. */
#include <lib/fdt/fdt.h>
#include <stdbool.h>
#include <string.h>
#include <abi/error.h>

#define FDT_MAGIC 0xd00dfeedu
#define FDT_NOP 4u
#define FDT_DEPTH_MAX 32u

/* Offsets in the header (Devicetree Specification, "Header"). */
enum {
    AT_TOTALSIZE = 4, AT_STRUCT = 8, AT_STRINGS = 12, AT_LAST_COMPATIBLE = 24,
    AT_STRINGS_SIZE = 32, AT_STRUCT_SIZE = 36, HEADER_BYTES = 40, LAST_COMPATIBLE = 16,
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool is_inside(uint32_t offset, uint32_t bytes, uint32_t total)
{
    return offset <= total && bytes <= total - offset;
}

int fdt_open(struct fdt *fdt, const void *blob, size_t bytes)
{
    const uint8_t *p = blob;
    uint32_t total;

    if (bytes < HEADER_BYTES || be32(p) != FDT_MAGIC)
        return ERR_CORRUPT;
    total = be32(p + AT_TOTALSIZE);
    fdt->structs_bytes = be32(p + AT_STRUCT_SIZE);
    fdt->strings_bytes = be32(p + AT_STRINGS_SIZE);
    if (total > bytes || be32(p + AT_LAST_COMPATIBLE) > LAST_COMPATIBLE + 1 ||
        !is_inside(be32(p + AT_STRUCT), fdt->structs_bytes, total) ||
        !is_inside(be32(p + AT_STRINGS), fdt->strings_bytes, total))
        return ERR_CORRUPT;
    fdt->structs = p + be32(p + AT_STRUCT);
    fdt->strings = (const char *)p + be32(p + AT_STRINGS);
    return 0;
}

static bool is_ended(const char *text, uint32_t max)
{
    return memchr(text, 0, max) != NULL;
}

/* A node's name follows. */
static int begin_node(const struct fdt *fdt, struct fdt_cursor *at)
{
    const char *name = (const char *)fdt->structs + at->offset;

    if (!is_ended(name, fdt->structs_bytes - at->offset) || ++at->depth > FDT_DEPTH_MAX)
        return ERR_CORRUPT;
    at->name = name;
    at->offset += ((uint32_t)strlen(name) + 4) & ~3u;
    return FDT_BEGIN;
}

/* Length, offset of the name, value follow. */
static int read_property(const struct fdt *fdt, struct fdt_cursor *at)
{
    const uint8_t *p = fdt->structs + at->offset;
    uint32_t name;

    if (!is_inside(at->offset, 8, fdt->structs_bytes) || !at->depth)
        return ERR_CORRUPT;
    at->bytes = be32(p);
    name = be32(p + 4);
    at->offset += 8;
    if (!is_inside(at->offset, at->bytes, fdt->structs_bytes) || name >= fdt->strings_bytes ||
        !is_ended(fdt->strings + name, fdt->strings_bytes - name))
        return ERR_CORRUPT;
    at->value = p + 8;
    at->name = fdt->strings + name;
    at->offset += at->bytes <= fdt->structs_bytes - 3 ? (at->bytes + 3) & ~3u : at->bytes;
    return FDT_PROPERTY;
}

int fdt_next(const struct fdt *fdt, struct fdt_cursor *at)
{
    uint32_t token = FDT_NOP;

    while (token == FDT_NOP) {
        if (!is_inside(at->offset, 4, fdt->structs_bytes))
            return ERR_CORRUPT;
        token = be32(fdt->structs + at->offset);
        at->offset += 4;
    }
    switch (token) {
    case FDT_BEGIN:
        return begin_node(fdt, at);
    case FDT_END:
        return at->depth-- ? FDT_END : ERR_CORRUPT;
    case FDT_PROPERTY:
        return read_property(fdt, at);
    case FDT_STOP:
        return at->depth ? ERR_CORRUPT : FDT_STOP;
    default:
        return ERR_CORRUPT;
    }
}

uint32_t fdt_cell(const struct fdt_cursor *at, uint32_t offset)
{
    return is_inside(offset, 4, at->bytes) ? be32(at->value + offset) : 0;
}

uint64_t fdt_cells2(const struct fdt_cursor *at, uint32_t offset)
{
    return (uint64_t)fdt_cell(at, offset) << 32 | fdt_cell(at, offset + 4);
}

int fdt_lists(const struct fdt_cursor *at, const char *text)
{
    const char *p = (const char *)at->value, *end = p + at->bytes;

    while (p < end) {
        if (!is_ended(p, (uint32_t)(end - p)))
            return 0;
        if (strcmp(p, text) == 0)
            return 1;
        p += strlen(p) + 1;
    }
    return 0;
}
