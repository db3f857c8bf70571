/* What the kernel reads from the device tree. */
#ifndef RISCV_FDT_H
#define RISCV_FDT_H

#include <abi/types.h>

struct machine {
    paddr_t ram_base, plic_base, clint_base;
    uint64_t ram_bytes, plic_bytes, clint_bytes;
    paddr_t initrd_start, initrd_end;
    uint64_t timebase_hz, nharts;
    uint32_t plic_context; /* S-mode of the boot hart */
    uint32_t fdt_bytes;
    char cmdline[512];
};

/* => `fdt` is a flattened device tree; panics if it is not. What is not found is 0. */
void fdt_read(const void *fdt, uint64_t boot_hart, struct machine *m);

#endif
