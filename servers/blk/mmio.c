#include "mmio.h"

uint32_t mmio_read(const struct mmio *regs, uint32_t offset)
{
    return *(volatile uint32_t *)(regs->base + offset);
}

void mmio_write(const struct mmio *regs, uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(regs->base + offset) = value;
}
