/* Device registers, 32 bits wide. On the target mmio.c reads and writes them; host tests put a fake
 * device behind these two functions. */
#ifndef BLK_MMIO_H
#define BLK_MMIO_H

#include <stdint.h>

struct mmio {
    uintptr_t base;
};

uint32_t mmio_read(const struct mmio *regs, uint32_t offset);
void mmio_write(const struct mmio *regs, uint32_t offset, uint32_t value);

#endif
