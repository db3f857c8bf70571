/* The platform-level interrupt controller. */
#ifndef RISCV_PLIC_H
#define RISCV_PLIC_H

#include <abi/types.h>
#include <stdbool.h>

/* `context`: this hart's S-mode context; all sources masked, threshold open. */
void plic_init(paddr_t base, uint64_t bytes, uint32_t context);

/* The page is one of its registers. */
bool plic_covers(paddr_t page);

#endif
