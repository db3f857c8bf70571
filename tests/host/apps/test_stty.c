/* stty on a terminal of its own. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/host/apps/programs.h"

static char terminal_path[100];
static int terminal, master;

static int open_terminal(void **state)
{
    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master))
        return -1;
    snprintf(terminal_path, sizeof terminal_path, "%s", ptsname(master));
    terminal = open(terminal_path, O_RDWR | O_NOCTTY);
    return terminal < 0;
}

static int close_terminal(void **state)
{
    close(terminal);
    close(master);
    return 0;
}

/* Standard output and error of stty with these arguments, on the terminal. */
static char *stty(const char *arguments, int *status)
{
    char command[3 * PROGRAMS_PATH];

    snprintf(command, sizeof command, "%s/stty %s <%s 2>&1", programs_dir, arguments, terminal_path);
    return programs_output(command, status);
}

static void expect(const char *arguments, const char *printed)
{
    int status;
    char *text = stty(arguments, &status);

    assert_string_equal(text, printed);
    assert_int_equal(status, 0);
    free(text);
}

static struct termios settings(void)
{
    struct termios now;

    assert_int_equal(tcgetattr(terminal, &now), 0);
    return now;
}

static void modes_are_set_and_cleared(void **state)
{
    expect("-echo -icanon ixany tab3", "");
    assert_false(settings().c_lflag & (ECHO | ICANON));
    assert_true(settings().c_iflag & IXANY);
    assert_int_equal(settings().c_oflag & TABDLY, TAB3);
    expect("echo icanon -ixany tab0", "");
    assert_int_equal(settings().c_lflag & (ECHO | ICANON), ECHO | ICANON);
    assert_int_equal(settings().c_oflag & TABDLY, TAB0);
}

static void characters_are_set_in_each_form(void **state)
{
    expect("intr ^A quit x erase 8 kill undef eof '^?' min 3 time 4", "");
    assert_int_equal(settings().c_cc[VINTR], 1);
    assert_int_equal(settings().c_cc[VQUIT], 'x');
    assert_int_equal(settings().c_cc[VERASE], '8');
    assert_int_equal(settings().c_cc[VKILL], _POSIX_VDISABLE);
    assert_int_equal(settings().c_cc[VEOF], 127);
    assert_int_equal(settings().c_cc[VMIN], 3);
    assert_int_equal(settings().c_cc[VTIME], 4);
}

static void what_g_printed_is_taken_back(void **state)
{
    int status;
    char *saved = stty("-g", &status), *again;
    char arguments[400];

    assert_int_equal(status, 0);
    saved[strcspn(saved, "\n")] = 0;
    expect("raw intr x", "");
    assert_false(settings().c_lflag & ISIG);
    snprintf(arguments, sizeof arguments, "%s", saved);
    expect(arguments, "");
    again = stty("-g", &status);
    again[strcspn(again, "\n")] = 0;
    assert_string_equal(again, saved);
    free(saved);
    free(again);
}

static void sane_undoes_raw(void **state)
{
    expect("raw -echo intr x", "");
    assert_false(settings().c_oflag & OPOST);
    assert_int_equal(settings().c_cc[VMIN], 1);
    expect("sane", "");
    assert_int_equal(settings().c_lflag & (ISIG | ICANON | ECHO), ISIG | ICANON | ECHO);
    assert_true(settings().c_oflag & OPOST);
    assert_int_equal(settings().c_cc[VINTR], 3);
}

static void size_and_speed_are_set_and_shown(void **state)
{
    struct winsize size;

    expect("rows 12 cols 34", "");
    assert_int_equal(ioctl(terminal, TIOCGWINSZ, &size), 0);
    assert_int_equal(size.ws_row, 12);
    assert_int_equal(size.ws_col, 34);
    expect("size", "12 34\n");
    expect("9600", "");
    expect("speed", "9600\n");
}

static void only_what_is_not_sane_is_shown(void **state)
{
    expect("sane 9600 -echo intr x", "");
    expect("", "speed 9600 baud;\nintr = x;\n-echo\n");
}

static void all_settings_are_shown(void **state)
{
    int status;
    char *text = stty("-a", &status);

    assert_non_null(strstr(text, "intr = ^C;"));
    assert_non_null(strstr(text, "eol = <undef>;"));
    assert_non_null(strstr(text, " cs8"));
    assert_non_null(strstr(text, "icanon"));
    assert_non_null(strstr(text, "rows "));
    free(text);
}

static void expect_refusal(const char *arguments)
{
    struct termios before = settings(), after;
    int status;
    char *text = stty(arguments, &status);

    after = settings();
    assert_int_equal(status, 1);
    assert_memory_equal(text, "stty: ", 6);
    assert_memory_equal(&before, &after, sizeof before);
    free(text);
}

static void wrong_settings_change_nothing(void **state)
{
    expect_refusal("-echo nothing");
    expect_refusal("-echo intr");
    expect_refusal("-echo intr 999");
    expect_refusal("-echo ispeed 12345");
    expect_refusal("-echo rows x");
    expect_refusal("-cs7");
}

static void a_file_is_no_terminal(void **state)
{
    char command[2 * PROGRAMS_PATH], *text;
    int status;

    snprintf(command, sizeof command, "%s/stty </dev/null 2>&1", programs_dir);
    text = programs_output(command, &status);
    assert_int_equal(status, 1);
    assert_memory_equal(text, "stty: standard input: ", 22);
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_terminal, close_terminal)
    const struct CMUnitTest tests[] = {
        TEST(modes_are_set_and_cleared),
        TEST(characters_are_set_in_each_form),
        TEST(what_g_printed_is_taken_back),
        TEST(sane_undoes_raw),
        TEST(size_and_speed_are_set_and_shown),
        TEST(only_what_is_not_sane_is_shown),
        TEST(all_settings_are_shown),
        TEST(wrong_settings_change_nothing),
        TEST(a_file_is_no_terminal),
    };

    programs_find();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
