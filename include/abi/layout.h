/* Where things are in a program's address space (Sv39: 256 GiB for user).
 *
 *   0x0000_0000_0000  guard: never mapped, so that a null pointer faults
 *   0x0000_0001_0000  program (text, data, bss), then the heap, growing up to HEAP_LIMIT
 *   STACK_LIMIT       guard page, then the stack, growing down from STACK_TOP
 *   LOADER_BASE       the loader (read and execute only)
 *   MSGPAGE_VA        message page
 *   MMAP_BASE         mmap area, up to USER_END
 *
 * Stack, loader and message page share one leaf page table.
 */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#include <abi/types.h>

#define PROGRAM_BASE 0x10000UL
#define HEAP_LIMIT 0x3e000000UL
#define STACK_TOP 0x3ffd0000UL
#define STACK_BYTES (8UL << 20) /* the stack's limit; below it a guard page */
#define LOADER_BASE 0x3ffe0000UL
#define LOADER_END 0x3fff0000UL
#define MSGPAGE_VA 0x3ffff000UL
#define MMAP_BASE 0x40000000UL
#define USER_END 0x4000000000UL

#endif
