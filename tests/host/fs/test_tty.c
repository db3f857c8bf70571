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
    expect_output("half a line");
    assert_int_equal(type("\x03"), SIGINT);
    expect_output("^C");
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

static void write_with(uint32_t oflag, const char *text, const char *want)
{
    tty.termios.oflag = FS_O_OPOST | oflag;
    assert_int_equal(tty_write(&tty, (const uint8_t *)text, (uint32_t)strlen(text)), strlen(text));
    expect_output(want);
}

static void output_flags_convert(void **state)
{
    write_with(0, "a\nb\r", "a\nb\r");
    write_with(FS_O_ONLCR | FS_O_TAB3, "\tb\xc3\xa4\t\b\t|\n", "        b\xc3\xa4      \b |\r\n");
    write_with(FS_O_OCRNL, "a\rb", "a\nb");
    write_with(FS_O_ONOCR, "\r", "\r");
    write_with(FS_O_ONOCR, "\rab\r\r", "ab\r");
    write_with(FS_O_ONOCR | FS_O_ONLRET, "ab\n\rc", "ab\nc");
}

/* Type keys with flags of their own, from an empty line, and look at what comes out. */
static void keys_with(uint32_t lflag, const char *keys, const char *want)
{
    struct fs_termios t = tty.termios;
    t.lflag = lflag | FS_L_ICANON | FS_L_ECHO | FS_L_IEXTEN;
    tty_flush(&tty, true, true);
    tty.column = 0;
    tty_set_termios(&tty, &t);
    type(keys);
    expect_output(want);
}

static void echo_flags_say_what_is_shown(void **state)
{
    keys_with(FS_L_ECHOCTL, "\x01", "^A");
    keys_with(0, "\x01", "\x01");
    keys_with(FS_L_ECHOCTL, "a\x7f", "a");
    keys_with(FS_L_ECHOE, "a\x7f", "a\b \b");
    keys_with(FS_L_ECHOE | FS_L_ECHOKE, "ab\x15", "ab\b \b\b \b");
    keys_with(FS_L_ECHOE | FS_L_ECHOK | FS_L_ECHOCTL, "ab\x15", "ab^U\r\n");
    keys_with(FS_L_ECHOCTL, "ab\x15", "ab^U");
    keys_with(FS_L_ECHOE, "ab cd  \x17\n", "ab cd  \b \b\b \b\b \b\b \b\r\n");
    expect_read("ab \n", 100);
    keys_with(FS_L_ECHOE, "a\tb\x7f\x7f", "a\tb\b \b\b\b\b\b\b\b\b");
    keys_with(FS_L_ECHOCTL, "ab\x12" "c", "ab^R\r\nabc");
    tty.termios.lflag = FS_L_ICANON | FS_L_ECHONL;
    type("secret\n");
    expect_output("\r\n");
}

static void a_literal_key_is_data(void **state)
{
    keys_with(FS_L_ISIG | FS_L_ECHOCTL, "\x16\x03\x16\x16", "^\b^C^\b^V");
    assert_int_equal(type("\x16\x0d\n"), 0);
    expect_read("\x03\x16\r\n", 100);
    tty.termios.lflag &= ~(uint32_t)FS_L_IEXTEN;
    type("\x16\x17\n");
    expect_read("\x16\x17\n", 100);
}

static void more_keys_can_end_a_line(void **state)
{
    tty.termios.cc[FS_CC_EOL] = ';';
    tty.termios.cc[FS_CC_EOL2] = '!';
    type("a;b!c\n");
    expect_read("a;", 100);
    expect_read("b!", 100);
    expect_read("c\n", 100);
}

static void input_flags_convert(void **state)
{
    tty.termios.iflag = FS_I_INLCR;
    tty.termios.cc[FS_CC_EOL] = '\r';
    type("a\nb\r");
    expect_read("a\r", 100);
    expect_read("b\r", 100);
    tty.termios.iflag = FS_I_IGNCR;
    type("c\rd\n");
    expect_read("cd\n", 100);
    tty.termios.iflag = FS_I_ISTRIP | FS_I_PARMRK;
    type("\xe1\n");
    expect_read("a\n", 100);
    tty.termios.iflag = FS_I_PARMRK;
    type("\xff\n");
    expect_read("\xff\xff\n", 100);
    tty.termios.cflag &= ~(uint32_t)FS_C_CREAD;
    type("x\n");
    assert_false(tty_is_readable(&tty, 1));
}

static void any_key_starts_output_with_ixany(void **state)
{
    const uint8_t *bytes;
    type("\x13" "a");
    assert_int_equal(tty_output(&tty, &bytes), 0);
    tty.termios.iflag |= FS_I_IXANY;
    type("b");
    expect_output("ab");
    tty.termios.cc[FS_CC_STOP] = tty.termios.cc[FS_CC_START] = 's';
    type("s");
    assert_true(tty.is_stopped);
    type("s");
    assert_false(tty.is_stopped);
    tty.termios.cc[FS_CC_STOP] = 0;
    tty.is_stopped = true;
    struct fs_termios t = tty.termios;
    t.iflag = 0;
    tty_set_termios(&tty, &t);
    assert_false(tty.is_stopped);
}

static void a_queue_that_fills_pauses_the_other_side(void **state)
{
    uint8_t bytes[TTY_IN];
    tty.termios.iflag |= FS_I_IXOFF;
    tty.termios.lflag = 0;
    for (uint32_t i = 0; i < TTY_IN / 4 * 3; i++)
        type("x");
    expect_output("");
    type("xx");
    expect_output("\x13");
    tty_read(&tty, bytes, TTY_IN / 4);
    expect_output("");
    tty_read(&tty, bytes, TTY_IN / 2);
    expect_output("\x11");
}

static void what_the_line_cannot_do_is_not_kept(void **state)
{
    struct fs_termios t = tty.termios;
    t.cflag = 0xffff & ~(uint32_t)FS_C_CS8;
    t.ispeed = 0;
    t.ospeed = 9600;
    tty_set_termios(&tty, &t);
    assert_int_equal(tty.termios.cflag, FS_C_CS8 | FS_C_CREAD | FS_C_HUPCL | FS_C_CLOCAL);
    assert_int_equal(tty.termios.ispeed, 9600);
}

static void bytes_waiting_are_counted(void **state)
{
    type("abc");
    assert_int_equal(tty_pending(&tty), 0);
    type("\nde\n");
    assert_int_equal(tty_pending(&tty), 4);
    tty_flush(&tty, true, false);
    type("ab\x04");
    assert_int_equal(tty_pending(&tty), 2);
    struct fs_termios raw = tty.termios;
    raw.lflag = 0;
    tty_set_termios(&tty, &raw);
    assert_int_equal(tty_pending(&tty), 2);
    expect_read("ab", 100);
    assert_false(tty_is_readable(&tty, 1));
}

static void a_full_queue_rings_and_lets_signals_through(void **state)
{
    type("first\n");
    tty_flush(&tty, false, true);
    for (uint32_t i = tty.in_len; i < TTY_IN; i++) {
        assert_true(tty_accepts(&tty));
        tty_input(&tty, 'x');
        tty_flush(&tty, false, true);
    }
    type("y\n\n");
    expect_output("\a\r\n\a");
    assert_true(tty_accepts(&tty));
    assert_int_equal(type("\x03"), SIGINT);
    assert_int_equal(tty.in_len, 0);
    tty.termios.lflag = 0;
    tty.termios.iflag = 0;
    for (uint32_t i = 0; i < TTY_IN - 1; i++)
        type("x");
    assert_false(tty_accepts(&tty));
    type("xx");
    expect_output("^C");
    assert_int_equal(tty.in_len, TTY_IN);
}

static void an_endless_line_is_cut(void **state)
{
    for (uint32_t i = 0; i < 3 * TTY_IN; i++) {
        assert_true(tty_accepts(&tty));
        tty_input(&tty, 'x');
        tty_flush(&tty, false, true);
    }
    tty_input(&tty, '\n');
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
    static const uint8_t keys[] = "abc\r\n\x7f\x15\x04\x03\x1a\x13\x11\xc3\xa4\t\x16\x17\x12 \xff";
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
            t.lflag ^= 1u << random_below(11) & ~(uint32_t)FS_L_ICANON;
            t.iflag ^= 1u << random_below(14);
            t.oflag ^= random_below(2) ? FS_O_TAB3 : 1u << random_below(5);
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
        T(a_full_queue_rings_and_lets_signals_through),
        T(output_flags_convert), T(echo_flags_say_what_is_shown), T(a_literal_key_is_data),
        T(more_keys_can_end_a_line), T(input_flags_convert), T(any_key_starts_output_with_ixany),
        T(a_queue_that_fills_pauses_the_other_side), T(what_the_line_cannot_do_is_not_kept),
        T(bytes_waiting_are_counted), T(an_endless_line_is_cut), T(hang_up_ends_reading),
        T(random_keys_keep_the_queue_consistent),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
