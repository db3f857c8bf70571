/* The first user program and what it is given. */
#ifndef KERNEL_ROOT_H
#define KERNEL_ROOT_H

#include <abi/bootinfo.h>

struct tcb;

/* Free physical memory [next, end), taken from its beginning, at boot only. */
struct boot_memory {
    paddr_t next, end;
};

/* `bytes` of zeroed memory, page aligned. Panics if there is none. */
void *boot_alloc(struct boot_memory *m, uint64_t bytes);

/* Frame words for all of RAM. */
void boot_frames(struct boot_memory *m, paddr_t ram_base, uint64_t ram_bytes);

/* Make the root program from its image, which starts a page and is followed by the boot archive
 * (`image_bytes` in all), give it all memory that is left, and return its thread, ready to run.
 * `info` is filled in but for what is only known here. */
struct tcb *root_create(struct boot_memory *m, paddr_t image, uint64_t image_bytes, paddr_t dtb,
                        struct bootinfo *info);

#endif
