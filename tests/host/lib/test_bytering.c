/* Byte rings and the log on top of them: against a naive count, against a peer that lies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <lib/server/bytering.h>
#include <lib/server/log.h>
#include "random.h"

static struct byte_page page;
static struct bytering writer, reader;

static int setup(void **state)
{
    (void)state;
    memset(&page, 0, sizeof page);
    bytering_attach_writer(&writer, &page);
    bytering_attach_reader(&reader, &page);
    return 0;
}

static uint8_t byte_at(uint64_t n)
{
    return (uint8_t)(n * 7 + n / 256);
}

static void bytes_come_in_order(void **state)
{
    uint64_t written = 0, taken = 0;
    uint8_t buf[BYTERING_BYTES + 10];

    (void)state;
    random_start();
    for (unsigned step = 0; step < 20000; step++) {
        size_t n = random_below(random_below(8) ? 300 : sizeof buf), want, done;

        if (random_below(2)) {
            for (size_t i = 0; i < n; i++)
                buf[i] = byte_at(written + i);
            want = BYTERING_BYTES - (written - taken);
            assert_int_equal(bytering_room(&writer), want);
            done = bytering_write(&writer, buf, n);
            assert_int_equal(done, n < want ? n : want);
            written += done;
        } else if (random_below(2)) {
            want = written - taken;
            assert_int_equal(bytering_pending(&reader), want);
            done = bytering_read(&reader, buf, n);
            assert_int_equal(done, n < want ? n : want);
            for (size_t i = 0; i < done; i++)
                assert_int_equal(buf[i], byte_at(taken + i));
            taken += done;
        } else {
            const uint8_t *bytes;

            done = bytering_span(&reader, &bytes);
            assert_true(done <= written - taken && (done > 0) == (written > taken));
            done = random_below(done + 1);
            for (size_t i = 0; i < done; i++)
                assert_int_equal(bytes[i], byte_at(taken + i));
            bytering_skip(&reader, done);
            taken += done;
        }
        if (random_below(100) == 0)
            bytering_attach_writer(&writer, &page);
        if (random_below(100) == 0)
            bytering_attach_reader(&reader, &page);
    }
    assert_true(taken > 100000);
}

static void end_is_seen_after_the_last_byte(void **state)
{
    char c;

    (void)state;
    bytering_write(&writer, "xy", 2);
    bytering_close(&writer);
    assert_false(bytering_at_end(&reader));
    bytering_read(&reader, &c, 1);
    assert_false(bytering_at_end(&reader));
    bytering_read(&reader, &c, 1);
    assert_true(bytering_at_end(&reader));
}

static void writer_that_lies_is_dead(void **state)
{
    char c;

    (void)state;
    page.written = BYTERING_BYTES + 1;
    assert_int_equal(bytering_pending(&reader), 0);
    page.written = 5;
    assert_int_equal(bytering_read(&reader, &c, 1), 0);
    assert_true(reader.is_dead);
}

static void reader_that_lies_is_dead(void **state)
{
    (void)state;
    bytering_write(&writer, "abc", 3);
    page.read = 4;
    assert_int_equal(bytering_room(&writer), 0);
    page.read = 0;
    assert_int_equal(bytering_write(&writer, "d", 1), 0);
}

static void add(struct log *log, bool expected, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    assert_int_equal(log_vadd(log, format, args), expected);
    va_end(args);
}

static void assert_reads(const char *want)
{
    static char buf[BYTERING_BYTES + 1];
    size_t n = bytering_read(&reader, buf, strlen(want));

    buf[n] = 0;
    assert_string_equal(buf, want);
}

static void log_lines_carry_the_name(void **state)
{
    struct log log;

    (void)state;
    log_attach(&log, &page, "blk");
    add(&log, true, "disk %u: %s", 1u, "ready");
    assert_reads("blk: disk 1: ready\n");
    assert_int_equal(bytering_pending(&reader), 0);
}

static void long_log_line_is_cut(void **state)
{
    struct log log;
    char text[400], line[LOG_LINE_MAX + 2];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    log_attach(&log, &page, "fs");
    add(&log, true, "%s", text);
    assert_int_equal(bytering_pending(&reader), LOG_LINE_MAX);
    bytering_read(&reader, line, LOG_LINE_MAX);
    assert_memory_equal(line, "fs: xxx", 7);
    assert_int_equal(line[LOG_LINE_MAX - 1], '\n');
    assert_int_equal(line[LOG_LINE_MAX - 2], 'x');
}

static void dropped_lines_are_counted_and_reported(void **state)
{
    struct log log;
    static char filler[BYTERING_BYTES - 10], drain[BYTERING_BYTES];

    (void)state;
    log_attach(&log, &page, "fs");
    bytering_write(&log.ring, filler, sizeof filler);
    for (int i = 0; i < 3; i++)
        add(&log, false, "%0200d", 2);
    assert_int_equal(log.ndropped, 3);
    bytering_read(&reader, drain, sizeof filler);
    add(&log, true, "back");
    assert_reads("fs: (3 lines lost)\nfs: back\n");
    add(&log, true, "again");
    assert_reads("fs: again\n");
    assert_int_equal(log.ndropped, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(bytes_come_in_order, setup),
        cmocka_unit_test_setup(end_is_seen_after_the_last_byte, setup),
        cmocka_unit_test_setup(writer_that_lies_is_dead, setup),
        cmocka_unit_test_setup(reader_that_lies_is_dead, setup),
        cmocka_unit_test_setup(log_lines_carry_the_name, setup),
        cmocka_unit_test_setup(long_log_line_is_cut, setup),
        cmocka_unit_test_setup(dropped_lines_are_counted_and_reported, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
