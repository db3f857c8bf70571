/* Checking and reading ELF programs: RISC-V, 64 bit, statically linked. Pure; the same check runs in
 * exec (libc), in the loader and in init. Only the first bytes of the file are looked at; every
 * figure in them is taken to be hostile.
 *
 * What is accepted: ET_EXEC, little endian, EM_RISCV; program headers inside `head`; PT_LOAD segments
 * sorted, not sharing a page, inside PROGRAM_BASE..HEAP_LIMIT, memory size at least file size, file
 * part inside the file and congruent with its address modulo the page; never writable and executable
 * at once; at least one executable segment, and the entry in the file part of one. PT_INTERP and
 * PT_DYNAMIC are refused.
 */
#ifndef LIB_ELF_ELF_H
#define LIB_ELF_ELF_H

#include <stddef.h>
#include <stdint.h>
#include <abi/types.h>

#define ELF_SEGMENTS_MAX 8u
#define PT_CAREFUL 0x6661756cu /* type of the program header that names the code of <lib/sys/user.h> */
#define ELF_HEAD_BYTES 1024u /* so much of the file is enough for every program that we accept */

enum elf_flag { ELF_X = 1, ELF_W = 2, ELF_R = 4 }; /* p_flags (System V ABI, "Program Header") */

struct elf_segment {
    vaddr_t va;         /* not page aligned: congruent with offset */
    uint64_t offset;    /* in the file */
    uint64_t file_bytes;
    uint64_t mem_bytes; /* the rest behind file_bytes is zero */
    uint32_t flags;     /* enum elf_flag */
};

struct elf_image {
    vaddr_t entry;
    vaddr_t end;         /* of the last segment, rounded up to a page: where the heap starts */
    vaddr_t careful, careful_end; /* accesses from here may fail without a signal; equal: no such code */
    uint32_t nsegments;
    const char *reason;  /* why it was refused; NULL if accepted */
    struct elf_segment segment[ELF_SEGMENTS_MAX];
};

/* Check the program whose first `head_bytes` bytes are at `head` and whose file is `file_bytes` long.
 * => 0 with *out filled, or ERR_NOEXEC with out->reason. `head` needs no alignment. */
int elf_check(const void *head, size_t head_bytes, uint64_t file_bytes, struct elf_image *out);

#endif
