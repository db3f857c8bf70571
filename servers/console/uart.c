#include "uart.h"
#include <lib/server/boot.h>

static volatile uint8_t *place(enum uart_register reg)
{
    return (volatile uint8_t *)SERVER_DEVICE_VA + reg;
}

uint8_t uart_read(enum uart_register reg)
{
    return *place(reg);
}

void uart_write(enum uart_register reg, uint8_t value)
{
    *place(reg) = value;
}
