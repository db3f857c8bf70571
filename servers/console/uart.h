/* 16550A UART: registers and bits (National Semiconductor PC16550D datasheet, "Registers"), one byte
 * apart as on QEMU's virt machine. uart.c reaches the device; host tests put a fake behind the two
 * functions. */
#ifndef CONSOLE_UART_H
#define CONSOLE_UART_H

#include <stdint.h>

enum uart_register {
    UART_DATA = 0,    /* read: received byte; write: byte to send */
    UART_IER = 1,     /* interrupt enable */
    UART_FCR = 2,     /* write: FIFO control */
    UART_LCR = 3,     /* line control */
    UART_MCR = 4,     /* modem control */
    UART_LSR = 5,     /* line status */
};

#define UART_IER_RECEIVED 1u
#define UART_IER_SENDABLE 2u
/* FIFOs on, both emptied; interrupt at 14 received bytes or when the line pauses. */
#define UART_FCR_ENABLE 0xc7u
#define UART_LCR_8N1 3u
#define UART_LCR_DIVISOR 0x80u /* UART_DATA and UART_IER are the divisor's bytes meanwhile */
#define UART_MCR_READY 0x0bu /* DTR, RTS, interrupts through OUT2 */
#define UART_LSR_RECEIVED 1u
#define UART_LSR_SENDABLE 0x20u /* the sender's FIFO is empty */
#define UART_FIFO_BYTES 16u

uint8_t uart_read(enum uart_register reg);
void uart_write(enum uart_register reg, uint8_t value);

#endif
