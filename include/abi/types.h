/* Units shared by kernel and user code. Each names what a plain integer means. */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#include <stdint.h>

typedef uint64_t vaddr_t;  /* user virtual address */
typedef uint64_t paddr_t;  /* physical address */
typedef uint32_t pfn_t;    /* frame index within a region */
typedef uint64_t badge_t;  /* what a receiver learns of a sender */
typedef uint32_t slot_t;   /* index into a CSpace; 0 = none */
typedef uint64_t ticks_t;  /* units of the `time` CSR; the rate stands in bootinfo */

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_MASK (PAGE_SIZE - 1)

#endif
