/* The console between byte rings and a fake UART: nothing lost, nothing mixed, whatever the line's
 * pace; framed and raw. */
#include "servers/console/console.h"
#include "servers/console/uart.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct {
    uint8_t ier;
    uint8_t received[1 << 16]; /* what the host sends */
    size_t received_bytes, received_at;
    uint8_t sent[1 << 18];
    size_t sent_bytes;
    size_t takes;   /* FIFO loads that the line takes before it is busy */
    bool is_divisor;
    bool is_loaded; /* one of them was begun */
} line;

static struct byte_page pages[BYTES_COUNT];
static struct bytering writer[BYTES_COUNT];
static struct console console;

uint8_t uart_read(enum uart_register reg)
{
    uint8_t status = 0;

    switch (reg) {
    case UART_DATA:
        assert_true(line.received_at < line.received_bytes);
        return line.received[line.received_at++];
    case UART_LSR:
        status |= line.received_at < line.received_bytes ? UART_LSR_RECEIVED : 0;
        if (line.is_loaded && line.takes < SIZE_MAX)
            line.takes--;
        line.is_loaded = false;
        return status | (line.takes ? UART_LSR_SENDABLE : 0);
    default:
        return 0;
    }
}

void uart_write(enum uart_register reg, uint8_t value)
{
    if (reg == UART_IER)
        line.ier = value;
    if (reg == UART_LCR)
        line.is_divisor = value & UART_LCR_DIVISOR;
    if (reg != UART_DATA || line.is_divisor)
        return;
    assert_true(line.takes > 0);
    line.is_loaded = true;
    line.sent[line.sent_bytes++] = value;
}

static void start(bool is_framed)
{
    memset(&line, 0, sizeof line);
    memset(pages, 0, sizeof pages);
    line.takes = SIZE_MAX;
    for (uint32_t i = BYTES_IN + 1; i < BYTES_COUNT; i++)
        bytering_attach_writer(&writer[i], &pages[i]);
    bytering_attach_reader(&writer[BYTES_IN], &pages[BYTES_IN]);
    console_init(&console, pages, is_framed);
    console_pump(&console);
}

static void put(uint32_t ring, const char *text)
{
    assert_int_equal(bytering_write(&writer[ring], text, strlen(text)), strlen(text));
}

static void expect_sent(const char *text, size_t n)
{
    assert_int_equal(line.sent_bytes, n);
    assert_memory_equal(line.sent, text, n);
    line.sent_bytes = 0;
}

static void framed_console_greets_with_an_empty_log_frame(void **state)
{
    start(true);
    expect_sent("\x01\xfa\x03\0\0", 5);
}

static void each_stream_has_its_frames(void **state)
{
    start(true);
    line.sent_bytes = 0;
    put(BYTES_OUT, "out");
    put(BYTES_ERR, "no");
    put(BYTES_LOG + SRV_PAGER, "log\n");
    console_pump(&console);
    expect_sent("\x01\xfa\x01\x03\0out\x01\xfa\x02\x02\0no\x01\xfa\x03\x04\0log\n", 24);
    assert_int_equal(line.ier, UART_IER_RECEIVED);
}

static void raw_console_ends_log_lines_with_cr_lf(void **state)
{
    start(false);
    put(BYTES_LOG, "one\ntwo\n");
    put(BYTES_OUT, "a\nb");
    console_pump(&console);
    expect_sent("a\nbone\r\ntwo\r\n", 13);
}

static void busy_line_is_not_waited_for(void **state)
{
    start(false);
    line.takes = 1;
    put(BYTES_OUT, "0123456789abcdefghij");
    console_pump(&console);
    expect_sent("0123456789abcdef", 16);
    assert_int_equal(line.ier, UART_IER_RECEIVED | UART_IER_SENDABLE);
    line.takes = 2;
    console_pump(&console);
    expect_sent("ghij", 4);
    assert_int_equal(line.ier, UART_IER_RECEIVED);
}

static void input_waits_in_the_uart_while_there_is_no_room(void **state)
{
    uint8_t byte;

    start(false);
    line.received_bytes = BYTERING_BYTES + 1;
    for (int i = 0; i < 3; i++)
        console_pump(&console);
    assert_int_equal(line.received_at, BYTERING_BYTES);
    assert_int_equal(line.ier & UART_IER_RECEIVED, 0);
    assert_true(console.wakes_fs);
    assert_int_equal(bytering_read(&writer[BYTES_IN], &byte, 1), 1);
    console_pump(&console);
    assert_int_equal(line.received_at, BYTERING_BYTES + 1);
}

static void framed_input_ends_with_an_empty_frame(void **state)
{
    static const char wire[] = "noise\x01\xfa\0\x02\0hi\x01\xfa\x02\x01\0x\x01\xfa\0\0\0";
    uint8_t got[8];

    start(true);
    memcpy(line.received, wire, sizeof wire - 1);
    line.received_bytes = sizeof wire - 1;
    console_pump(&console);
    assert_int_equal(bytering_read(&writer[BYTES_IN], got, 8), 2);
    assert_memory_equal(got, "hi", 2);
    assert_true(bytering_at_end(&writer[BYTES_IN]));
}

static void status_is_the_last_frame(void **state)
{
    start(true);
    line.sent_bytes = 0;
    put(BYTES_OUT, "x");
    console_finish(&console, 130);
    line.takes = 1;
    console_pump(&console);
    assert_false(console.is_finished);
    line.takes = SIZE_MAX;
    console_pump(&console);
    assert_true(console.is_finished);
    expect_sent("\x01\xfa\x01\x01\0x\x01\xfa\x04\x04\0\x82\0\0\0", 15);
}

static void full_ring_that_drains_wakes_its_writer(void **state)
{
    start(true);
    for (uint32_t i = 0; i < BYTERING_BYTES; i++)
        put(BYTES_OUT, "x");
    console.wakes_fs = false;
    console_pump(&console);
    assert_true(console.wakes_fs);
}

/* Random writes and paces: every stream arrives whole and in order. */
static void streams_survive_any_pace(void **state)
{
    static uint8_t next_out[BYTES_COUNT], next_in[5];
    const char *given = getenv("SEED");
    unsigned seed = given ? (unsigned)atoi(given) : 3;
    struct frame_decoder decoder = {0};

    print_message("SEED=%u\n", seed);
    srand(seed);
    start(true);
    for (unsigned step = 0; step < 3000; step++) {
        static const uint32_t rings[] = {BYTES_OUT, BYTES_ERR};
        uint32_t ring = rings[rand() % 2];

        for (unsigned n = (unsigned)rand() % 300; n > 0; n--) {
            uint8_t byte = next_out[ring];

            next_out[ring] += (uint8_t)bytering_write(&writer[ring], &byte, 1);
        }
        line.takes = (size_t)rand() % 30;
        console_pump(&console);
        for (size_t i = 0; i < line.sent_bytes; i++)
            if (frame_decode(&decoder, line.sent[i]) == FRAME_BYTE)
                assert_int_equal(line.sent[i], next_in[decoder.type]++);
        line.sent_bytes = 0;
    }
    assert_true(next_in[FRAME_OUT] || next_in[FRAME_ERR]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framed_console_greets_with_an_empty_log_frame),
        cmocka_unit_test(each_stream_has_its_frames),
        cmocka_unit_test(raw_console_ends_log_lines_with_cr_lf),
        cmocka_unit_test(busy_line_is_not_waited_for),
        cmocka_unit_test(input_waits_in_the_uart_while_there_is_no_room),
        cmocka_unit_test(framed_input_ends_with_an_empty_frame),
        cmocka_unit_test(status_is_the_last_frame),
        cmocka_unit_test(full_ring_that_drains_wakes_its_writer),
        cmocka_unit_test(streams_survive_any_pace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
