/* The check of ELF programs: see elf.h. Layouts and values: System V ABI, "ELF Header" and "Program
 * Header". Fields are copied out of the head once, so it may be unaligned. */
#include <lib/elf/elf.h>
#include <string.h>
#include <stdbool.h>
#include <abi/error.h>
#include <abi/layout.h>

struct elf_header {
    uint8_t magic[4];
    uint8_t class, data, version, abi, pad[8];
    uint16_t type, machine;
    uint32_t version2;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct elf_header) == 64, "ELF Header, 64 bit");

struct program_header {
    uint32_t type, flags;
    uint64_t offset, va, pa, file_bytes, mem_bytes, align;
};
_Static_assert(sizeof(struct program_header) == 56, "Program Header, 64 bit");

enum {
    CLASS_64 = 2, DATA_LSB = 1, VERSION_CURRENT = 1, TYPE_EXEC = 2, MACHINE_RISCV = 243,
    PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3,
};

#define PAGE_UP(x) (((x) + PAGE_MASK) & ~PAGE_MASK)

static const char *check_header(const struct elf_header *h)
{
    if (memcmp(h->magic, "\177ELF", 4) != 0)
        return "not an ELF file";
    if (h->class != CLASS_64 || h->data != DATA_LSB || h->machine != MACHINE_RISCV)
        return "for another machine";
    if (h->version != VERSION_CURRENT || h->version2 != VERSION_CURRENT)
        return "unknown ELF version";
    if (h->type != TYPE_EXEC)
        return "not a static executable";
    if (h->phentsize != sizeof(struct program_header))
        return "unknown size of program headers";
    return NULL;
}

/* The segment by itself; the file is `file_bytes` long. */
static const char *check_segment(const struct program_header *p, uint64_t file_bytes)
{
    if (p->file_bytes > p->mem_bytes)
        return "segment larger in the file than in memory";
    if (p->offset > file_bytes || p->file_bytes > file_bytes - p->offset)
        return "segment beyond the end of the file";
    if (p->va < PROGRAM_BASE || p->va >= HEAP_LIMIT || p->mem_bytes > HEAP_LIMIT - p->va)
        return "segment outside of the program's addresses";
    if (((p->va ^ p->offset) & PAGE_MASK) != 0)
        return "segment not congruent with its file offset";
    if ((p->flags & ELF_W) && (p->flags & ELF_X))
        return "segment both writable and executable";
    if (!(p->flags & ELF_R))
        return "segment not readable";
    return NULL;
}

static const char *add_segment(struct elf_image *out, const struct program_header *p,
                               uint64_t file_bytes)
{
    const char *reason = check_segment(p, file_bytes);

    if (reason)
        return reason;
    if (out->nsegments == ELF_SEGMENTS_MAX)
        return "too many segments";
    if (out->nsegments && (p->va & ~PAGE_MASK) < out->end)
        return "segments overlap or are not sorted";
    out->end = PAGE_UP(p->va + p->mem_bytes);
    out->segment[out->nsegments++] =
        (struct elf_segment){p->va, p->offset, p->file_bytes, p->mem_bytes, p->flags & 7};
    return NULL;
}

static const char *set_careful(struct elf_image *out, const struct program_header *p)
{
    if (p->va >= HEAP_LIMIT || p->mem_bytes > HEAP_LIMIT - p->va)
        return "careful code outside of the program's addresses";
    out->careful = p->va;
    out->careful_end = p->va + p->mem_bytes;
    return NULL;
}

static const char *read_program_headers(const struct elf_header *h, const uint8_t *head,
                                        size_t head_bytes, uint64_t file_bytes,
                                        struct elf_image *out)
{
    struct program_header p;
    const char *reason = NULL;

    if (h->phoff > head_bytes || h->phnum > (head_bytes - h->phoff) / sizeof p)
        return "program headers are not at the start of the file";
    for (unsigned i = 0; i < h->phnum && !reason; i++) {
        memcpy(&p, head + h->phoff + i * sizeof p, sizeof p);
        if (p.type == PT_INTERP || p.type == PT_DYNAMIC)
            reason = "needs a dynamic linker";
        else if (p.type == PT_LOAD && p.mem_bytes != 0)
            reason = add_segment(out, &p, file_bytes);
        else if (p.type == PT_CAREFUL)
            reason = set_careful(out, &p);
    }
    return reason;
}

static const char *check_entry(const struct elf_image *out)
{
    for (unsigned i = 0; i < out->nsegments; i++) {
        const struct elf_segment *s = &out->segment[i];

        if ((s->flags & ELF_X) && out->entry - s->va < s->file_bytes)
            return (out->entry & 1) ? "odd entry address" : NULL;
    }
    return "entry is in no executable segment";
}

int elf_check(const void *head, size_t head_bytes, uint64_t file_bytes, struct elf_image *out)
{
    struct elf_header h;

    memset(out, 0, sizeof *out);
    if (head_bytes > file_bytes)
        head_bytes = file_bytes;
    if (head_bytes < sizeof h) {
        out->reason = "not an ELF file";
        return ERR_NOEXEC;
    }
    memcpy(&h, head, sizeof h);
    out->entry = h.entry;
    out->reason = check_header(&h);
    if (!out->reason)
        out->reason = read_program_headers(&h, head, head_bytes, file_bytes, out);
    if (!out->reason)
        out->reason = check_entry(out);
    return out->reason ? ERR_NOEXEC : 0;
}
