#include "console.h"
#include "uart.h"

#define PUMP_BYTES 2048u /* at most that much each way before the server looks at other messages */

void console_init(struct console *console, struct byte_page *pages, bool is_framed)
{
    *console = (struct console){.is_framed = is_framed};
    bytering_attach_writer(&console->ring[BYTES_IN], &pages[BYTES_IN]);
    for (uint32_t i = BYTES_IN + 1; i < BYTES_COUNT; i++)
        bytering_attach_reader(&console->ring[i], &pages[i]);
    mux_init(&console->mux, console->ring, is_framed);
    uart_write(UART_LCR, UART_LCR_DIVISOR); /* full speed: the pause is short, too */
    uart_write(UART_DATA, 1);
    uart_write(UART_IER, 0);
    uart_write(UART_LCR, UART_LCR_8N1);
    uart_write(UART_IER, 0);
    uart_write(UART_FCR, UART_FCR_ENABLE);
    uart_write(UART_MCR, UART_MCR_READY);
}

/* Get a chunk for the UART. => false: nothing is left to send. */
static bool refill(struct console *console)
{
    console->chunk_at = 0;
    console->chunk_bytes =
        (uint32_t)mux_next(&console->mux, console->chunk, sizeof console->chunk);
    if (console->chunk_bytes == 0 && console->has_status && !console->is_finishing) {
        console->is_finishing = true;
        mux_status(&console->mux, console->status);
        console->chunk_bytes =
            (uint32_t)mux_next(&console->mux, console->chunk, sizeof console->chunk);
    }
    return console->chunk_bytes > 0;
}

/* => true: there is more to send than the line takes now. */
static bool pump_output(struct console *console)
{
    for (uint32_t sent = 0; sent < PUMP_BYTES; sent += UART_FIFO_BYTES) {
        if (console->chunk_at == console->chunk_bytes && !refill(console)) {
            console->is_finished = console->is_finishing;
            return false;
        }
        if (!(uart_read(UART_LSR) & UART_LSR_SENDABLE))
            return true;
        while (console->chunk_at < console->chunk_bytes)
            uart_write(UART_DATA, console->chunk[console->chunk_at++]);
    }
    return true;
}

static void input_byte(struct console *console, uint8_t byte)
{
    struct bytering *in = &console->ring[BYTES_IN];
    enum frame_event event = FRAME_BYTE;

    if (console->is_framed)
        event = frame_decode(&console->decoder, byte);
    if (event == FRAME_EMPTY && console->decoder.type == FRAME_IN)
        bytering_close(in);
    else if (event == FRAME_BYTE && (!console->is_framed || console->decoder.type == FRAME_IN))
        bytering_write(in, &byte, 1);
    else
        return;
    console->wakes_fs = true;
}

/* => true: the UART may go on to interrupt for input. */
static bool pump_input(struct console *console)
{
    for (uint32_t n = 0; n < PUMP_BYTES; n++) {
        if (bytering_room(&console->ring[BYTES_IN]) == 0)
            return false;
        if (!(uart_read(UART_LSR) & UART_LSR_RECEIVED))
            return true;
        input_byte(console, uart_read(UART_DATA));
    }
    return true;
}

void console_pump(struct console *console)
{
    uint32_t enable = pump_input(console) ? UART_IER_RECEIVED : 0;

    if (pump_output(console))
        enable |= UART_IER_SENDABLE;
    uart_write(UART_IER, (uint8_t)enable);
    if (console->mux.has_drained_full) {
        console->mux.has_drained_full = false;
        console->wakes_fs = true;
    }
}

void console_finish(struct console *console, uint32_t status)
{
    console->status = status;
    console->has_status = true;
}
