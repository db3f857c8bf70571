/* The line discipline: editing, echo, signals, modes, end of file, a full queue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <string.h>
#include <cmocka.h>
#include <servers/fs/tty.h>
#include <tests/host/lib/random.h>

static struct tty tty;

static int type(const char *keys)
{
    int signal = 0;
    for (; *keys; keys++)
        signal = tty_input(&tty, (uint8_t)*keys);
    return signal;
}

static void expect_output(const char *want)
{
    char got[TTY_OUT + 1];
    const uint8_t *bytes;
    uint32_t n, len = 0;
    while ((n = tty_output(&tty, &bytes)) > 0) {
        memcpy(got + len, bytes, n);
        len += n;
        tty_sent(&tty, n);
    }
    got[len] = 0;
    assert_string_equal(got, want);
}

static void expect_read(const char *want, uint32_t max)
{
    uint8_t got[TTY_IN + 1];
    assert_true(tty_is_readable(&tty, max));
    uint32_t n = tty_read(&tty, got, max);
    got[n] = 0;
    assert_string_equal((char *)got, want);
}

static int set_up(void **state)
{
    tty_init(&tty);
    return 0;
}

static void a_line_is_read_when_it_is_complete(void **state)
{
    type("ab");
    assert_false(tty_is_readable(&tty, 10));
    type("c\rnext\n");
    expect_output("abc\r\nnext\r\n");
    expect_read("abc\n", 100);
    expect_read("ne", 2);
    expect_read("xt\n", 100);
    assert_false(tty_is_readable(&tty, 10));
}

static void erase_and_kill_edit_the_line(void **state)
{
    type("xy\x7fz\n");
    expect_output("xy\b \bz\r\n");
    expect_read("xz\n", 100);
    type("\x7f");
    expect_output("");
    type("abc\x15" "d\n");
    expect_output("abc\b \b\b \b\b \bd\r\n");
    expect_read("d\n", 100);
    type("\xc3\xa4\x7f" "a\n");
    expect_read("a\n", 100);
    expect_output("\xc3\xa4\b \ba\r\n");
    type("\x01\x7f\n");
    expect_output("^A\b \b\b \b\r\n");
    expect_read("\n", 100);
}

static void end_of_file_ends_a_line_without_a_byte(void **state)
{
    type("\x04");
    expect_read("", 10);
    type("abc\x04");
    expect_read("abc", 3);
    assert_false(tty_is_readable(&tty, 10));
    type("abc\x04" "d\n");
    expect_read("a", 1);
    expect_read("bc", 10);
    expect_read("d\n", 10);
}

static void keys_stand_for_signals(void **state)
{
    type("half a line");
    assert_int_equal(type("\x03"), SIGINT);
    expect_output("half a line^C");
    assert_int_equal(type("\x1c"), SIGQUIT);
    assert_int_equal(type("\x1a"), SIGTSTP);
    type("x\n");
    expect_read("x\n", 100);
    tty.termios.lflag &= ~(uint32_t)FS_L_ISIG;
    assert_int_equal(type("\x03\n"), 0);
    expect_read("\x03\n", 100);
}

static void raw_mode_gives_bytes_as_they_come(void **state)
{
    struct fs_termios raw = tty.termios;
    raw.lflag &= ~(uint32_t)(FS_L_ICANON | FS_L_ECHO | FS_L_ISIG);
    raw.iflag = 0;
    raw.cc[FS_CC_MIN] = 3;
    type("ab");
    tty_set_termios(&tty, &raw);
    assert_false(tty_is_readable(&tty, 10));
    assert_true(tty_is_readable(&tty, 2));
    type("\x03\r");
    expect_read("ab\x03\r", 10);
    expect_output("ab");
    raw.lflag |= FS_L_ICANON;
    type("left");
    tty_set_termios(&tty, &raw);
    expect_read("left", 10);
}

static void stop_and_start_hold_output(void **state)
{
    const uint8_t *bytes;
    type("\x13");
    assert_int_equal(tty_write(&tty, (const uint8_t *)"hi\n", 3), 3);
    assert_int_equal(tty_output(&tty, &bytes), 0);
    assert_true(tty_accepts(&tty));
    type("\x11");
    expect_output("hi\r\n");
}

static void output_without_processing_stays_as_it_is(void **state)
{
    tty.termios.oflag = 0;
    tty_write(&tty, (const uint8_t *)"a\nb", 3);
    expect_output("a\nb");
}

static void a_full_queue_stops_the_keyboard_but_not_an_endless_line(void **state)
{
    for (uint32_t i = 0; i < 3 * TTY_IN; i++) {
        assert_true(tty_accepts(&tty));
        tty_input(&tty, 'x');
        tty_flush(&tty, false, true);
    }
    tty_input(&tty, '\n');
    assert_false(tty_accepts(&tty));
    assert_int_equal(tty.in_len, TTY_IN);
    uint8_t line[TTY_IN];
    assert_int_equal(tty_read(&tty, line, TTY_IN), TTY_IN);
    assert_true(tty_accepts(&tty));
}

static void hang_up_ends_reading(void **state)
{
    tty.is_hung_up = true;
    expect_read("", 10);
}

/* Whatever is typed in whatever mode: the counters stay true. */
static void random_keys_keep_the_queue_consistent(void **state)
{
    static const uint8_t keys[] = "abc\r\n\x7f\x15\x04\x03\x1a\x13\x11\xc3\xa4\t";
    uint8_t bytes[64];
    for (uint32_t i = 0; i < 200000; i++) {
        struct fs_termios t = tty.termios;
        uint32_t lines = 0;
        switch (random_below(40)) {
        case 0:
            t.lflag ^= FS_L_ICANON;
            tty_set_termios(&tty, &t);
            break;
        case 1:
            t.lflag ^= 1u << random_below(9) & ~(uint32_t)FS_L_ICANON;
            tty_set_termios(&tty, &t);
            break;
        case 2:
            tty_flush(&tty, random_below(2), random_below(2));
            break;
        case 3 ... 8:
            if (tty_is_readable(&tty, sizeof bytes))
                tty_read(&tty, bytes, (uint32_t)random_below(sizeof bytes + 1));
            break;
        default:
            if (tty_accepts(&tty))
                tty_input(&tty, keys[random_below(sizeof keys - 1)]);
        }
        tty_sent(&tty, tty_output(&tty, &(const uint8_t *){0}));
        for (uint32_t k = 0; k < tty.in_len; k++)
            lines += (tty.in[(tty.in_get + k) % TTY_IN] & (TTY_LINE | TTY_EOF)) != 0;
        assert_int_equal(lines, tty.nlines);
        assert_true(tty.nedit <= tty.in_len && tty.in_len <= TTY_IN && tty.out_len <= TTY_OUT);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        T(a_line_is_read_when_it_is_complete), T(erase_and_kill_edit_the_line),
        T(end_of_file_ends_a_line_without_a_byte), T(keys_stand_for_signals),
        T(raw_mode_gives_bytes_as_they_come), T(stop_and_start_hold_output),
        T(output_without_processing_stays_as_it_is),
        T(a_full_queue_stops_the_keyboard_but_not_an_endless_line), T(hang_up_ends_reading),
        T(random_keys_keep_the_queue_consistent),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
