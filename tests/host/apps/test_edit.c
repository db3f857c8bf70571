/* The line editor: keys in, what the screen shows and the line that comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/sh/edit.h"
#include "screen.h"
#include "tests/host/lib/random.h"

#define UP "\033[A"
#define DOWN "\033[B"
#define RIGHT "\033[C"
#define LEFT "\033OD"
#define HOME "\033[H"
#define END "\033[4~"
#define DELETE "\033[3~"
#define ALT(c) "\033" c

static struct history history;
static struct edit edit;
static struct screen screen;

static void flush(void)
{
    screen_print(&screen, edit.out.data, edit.out.len);
    edit.out.len = 0;
}

static void begin_with(const char *prompt, unsigned rows, unsigned cols)
{
    screen_init(&screen, rows, cols);
    edit_begin(&edit, prompt, rows, cols);
    flush();
}

static enum edit_result type(const char *keys)
{
    enum edit_result result = EDIT_GOES_ON;

    for (; *keys && result == EDIT_GOES_ON; keys++) {
        result = edit_key(&edit, (unsigned char)*keys);
        flush();
    }
    assert_int_equal(*keys, 0);
    return result;
}

static void check_row(unsigned row, const char *want, unsigned line)
{
    if (strcmp(screen_row(&screen, row), want))
        fail_msg("line %u: row %u is \"%s\", not \"%s\"", line, row, screen_row(&screen, row), want);
}

#define ROW(row, want) check_row(row, want, __LINE__)
#define CURSOR(want_row, want_col)                                                                 \
    do {                                                                                           \
        assert_int_equal(screen.row, want_row);                                                    \
        assert_int_equal(screen.col, want_col);                                                    \
    } while (0)

static int set_up(void **state)
{
    history_init(&history, 100);
    edit_init(&edit, &history);
    begin_with("$ ", 6, 20);
    return 0;
}

static int tear_down(void **state)
{
    edit_free(&edit);
    history_free(&history);
    return 0;
}

/* Type keys on a fresh screen; the line must then be `want`. */
static void line_after(const char *keys, const char *want)
{
    begin_with("$ ", 6, 20);
    type(keys);
    assert_string_equal(edit.line.text, want);
}

static void what_is_typed_is_shown_and_given(void **state)
{
    type("echo hi");
    ROW(0, "$ echo hi");
    CURSOR(0, 9);
    assert_int_equal(type("\r"), EDIT_LINE);
    assert_string_equal(edit.line.text, "echo hi");
    CURSOR(1, 0);
}

static void keys_move_and_text_goes_in_between(void **state)
{
    type("ac" LEFT "b");
    ROW(0, "$ abc");
    CURSOR(0, 4);
    type(HOME "1" END "2\x01\x06x\x05\x02y");
    ROW(0, "$ 1xabcy2");
    type("\x01" LEFT);
    CURSOR(0, 2);
    type("\x05" RIGHT);
    CURSOR(0, 9);
    line_after("one two  three" ALT("b") ALT("b") "X" ALT("f") "Y", "one Xtwo" "Y  three");
    line_after("one two\033[1;5D\033[1;5DX\033[1;5CY", "Xone" "Y two");
}

static void keys_delete(void **state)
{
    line_after("abcd\x7f\x08", "ab");
    line_after("abcd" HOME DELETE "\x04", "cd");
    line_after("one two-x three \x17", "one two-x ");
    line_after("one two-x" ALT("\x7f"), "one two-");
    line_after("one two" HOME ALT("d"), " two");
    line_after("one two" ALT("b") "\x0b", "one ");
    line_after("one two" ALT("b") "\x15", "two");
    assert_int_equal(screen.bells, 0);
    line_after("\x7f", "");
    assert_int_equal(screen.bells, 1);
    line_after("a" DELETE, "a");
    assert_int_equal(screen.bells, 1);
}

static void what_was_cut_is_put_back(void **state)
{
    line_after("one two three\x17\x17\x01\x19", "two threeone ");
    line_after("a b c" HOME ALT("d") ALT("d") "\x05\x19", " ca b");
    line_after("x\x15" "y\x19\x19", "yxx");
    line_after("\x15", "");
}

static void characters_are_swapped(void **state)
{
    line_after("abc\x14", "acb");
    line_after("abc" LEFT LEFT "\x14", "bac");
    line_after("a\xc3\xa4" "\x14", "\xc3\xa4" "a");
    line_after("a\x14", "a");
    assert_int_equal(screen.bells, 1);
}

static void characters_of_several_bytes_count_once(void **state)
{
    type("\xc3\xa4" "b\xe4\xb8\xad" "x");
    ROW(0, "$ \xc3\xa4" "b\xe4\xb8\xad" "x");
    CURSOR(0, 7);
    type(LEFT LEFT);
    CURSOR(0, 4);
    type("\x7f" DELETE);
    ROW(0, "$ \xc3\xa4" "x");
    type(LEFT "\x7f");
    CURSOR(0, 2);
    line_after("a\xff" "b\xc3" "c", "a\xff" "b\xc3" "c");
    ROW(0, "$ a?b?c");
    line_after("e\xcc\x81!", "e\xcc\x81!");
    CURSOR(0, 4);
}

static void a_literal_key_is_text(void **state)
{
    type("a\x16\x03" "b");
    ROW(0, "$ a^Cb");
    CURSOR(0, 6);
    type("\x02\x02\x04");
    ROW(0, "$ ab");
}

static void long_lines_take_several_rows(void **state)
{
    type("123456789012345678");
    ROW(0, "$ 123456789012345678");
    CURSOR(1, 0);
    type("abc");
    ROW(1, "abc");
    CURSOR(1, 3);
    type(HOME);
    CURSOR(0, 2);
    type("x");
    ROW(0, "$ x12345678901234567");
    ROW(1, "8abc");
    CURSOR(0, 3);
    type(END);
    CURSOR(1, 4);
    type("\x7f\x7f\x7f\x7f");
    ROW(1, "");
    CURSOR(1, 0);
    type("\x7f");
    CURSOR(0, 19);
    type("\xe4\xb8\xad");
    ROW(0, "$ x1234567890123456");
    ROW(1, "\xe4\xb8\xad");
    CURSOR(1, 2);
    type("\r");
    CURSOR(2, 0);
}

static void a_line_larger_than_the_screen_shows_its_part(void **state)
{
    begin_with("$ ", 3, 10);
    for (int i = 0; i < 6; i++)
        type("0123456789");
    ROW(2, "89");
    CURSOR(2, 2);
    assert_string_equal(screen_row(&screen, 0), "8901234567");
    type(HOME);
    ROW(0, "$ 01234567");
    ROW(2, "8901234567");
    CURSOR(0, 2);
    type("x");
    ROW(0, "$ x0123456");
    type(END "!");
    ROW(2, "789!");
    type("\r");
    CURSOR(2, 0);
    assert_string_equal(screen_row(&screen, 1), "789!");
}

static void prompts_may_have_lines_and_colours(void **state)
{
    begin_with("top\n\033[1mgo\033[0m> ", 6, 20);
    ROW(0, "top");
    ROW(1, "go>");
    type("xy\x01z");
    ROW(1, "go> zxy");
    CURSOR(1, 5);
    assert_int_equal(type("\x03"), EDIT_GIVEN_UP);
    ROW(1, "go> zxy^C");
    CURSOR(2, 0);
    begin_with("01234567890123456789", 6, 20);
    CURSOR(1, 0);
    type("a" HOME "b");
    ROW(1, "ba");
}

static void lines_typed_before_come_back(void **state)
{
    history_add(&history, "first");
    history_add(&history, "second");
    begin_with("$ ", 6, 20);
    type("dra" UP);
    ROW(0, "$ second");
    type(UP);
    ROW(0, "$ first");
    CURSOR(0, 7);
    type(UP);
    assert_int_equal(screen.bells, 1);
    type("!\x0e");
    ROW(0, "$ second");
    type(DOWN);
    ROW(0, "$ dra");
    type(DOWN);
    assert_int_equal(screen.bells, 2);
    type("\x10\x10\r");
    assert_string_equal(edit.line.text, "first");
}

static void history_is_searched(void **state)
{
    history_add(&history, "make all");
    history_add(&history, "ls -l");
    history_add(&history, "make test");
    begin_with("$ ", 6, 40);
    type("x\x12" "ma");
    ROW(0, "(history) ma: make test");
    CURSOR(0, 14);
    type("\x12");
    ROW(0, "(history) ma: make all");
    type("\x12");
    ROW(0, "(not in history) ma: make all");
    assert_int_equal(screen.bells, 1);
    type("\x7f\x7fls");
    ROW(0, "(history) ls: ls -l");
    type("\x05 -a");
    ROW(0, "$ ls -l -a");
    type(DOWN UP "\x12" "zz\x07");
    ROW(0, "$ x");
    type("\x12" "all\r");
    assert_string_equal(edit.line.text, "make all");
}

static void end_of_file_ends_an_empty_line_only(void **state)
{
    type("a\x04");
    assert_int_equal(screen.bells, 1);
    type("\x7f");
    assert_int_equal(type("\x04"), EDIT_END);
}

static void screen_is_cleared_and_line_stays(void **state)
{
    screen_print(&screen, "\r\nnoise\r\n", 9);
    begin_with("$ ", 6, 20);
    type("abc\x02\x0c");
    ROW(0, "$ abc");
    CURSOR(0, 4);
}

static void another_size_wraps_anew(void **state)
{
    type("12345678901234567890");
    ROW(1, "90");
    /* The terminal wraps what it shows to 11 columns, and the cursor goes along. */
    begin_with("$ ", 6, 20);
    type("12345678901234567890");
    screen_init(&screen, 6, 11);
    screen_print(&screen, "$ 12345678901234567890", 22);
    edit_resize(&edit, 6, 11);
    flush();
    ROW(0, "$ 123456789");
    ROW(1, "01234567890");
    CURSOR(2, 0);
    type("!");
    ROW(2, "!");
}

/* --- Tab ------------------------------------------------------------------------------------- */

static void complete(void *context, const struct editline *line, struct completion *found)
{
    char **candidate = context;

    found->start = editline_blank_left(line, line->cursor);
    for (; *candidate; candidate++) {
        if (strncmp(*candidate, line->text + found->start, line->cursor - found->start))
            continue;
        strings_add(&found->words, *candidate);
        strings_add(&found->names, *candidate);
    }
}

static void tab_completes(void **state)
{
    char *candidates[] = {"alpha", "beta-one", "beta-two", "dir/", "\xc3\xa4x", "\xc3\xa5x", NULL};

    edit.complete = complete;
    edit.context = candidates;
    begin_with("$ ", 6, 20);
    type("al\t");
    assert_string_equal(edit.line.text, "alpha ");
    type("d\t");
    assert_string_equal(edit.line.text, "alpha dir/");
    type("\x15" "b\t");
    assert_string_equal(edit.line.text, "beta-");
    assert_int_equal(screen.bells, 0);
    type("\t");
    ROW(0, "$ beta-");
    ROW(1, "beta-one  beta-two");
    ROW(2, "$ beta-");
    CURSOR(2, 7);
    type("o\t");
    ROW(2, "$ beta-one");
    type("zz\t");
    assert_int_equal(screen.bells, 1);
    type("\x15" "beta-\t");
    assert_int_equal(screen.bells, 2);
    line_after("\xc3\t", "\xc3");
}

static void without_candidates_tab_rings(void **state)
{
    type("a\t");
    assert_int_equal(screen.bells, 1);
    assert_string_equal(edit.line.text, "a");
}

/* --- history --------------------------------------------------------------------------------- */

static void history_keeps_the_newest_lines_once(void **state)
{
    struct history few;
    size_t at;

    history_init(&few, 3);
    for (const char **line = (const char *[]){"a", "b", "b", " \t", "", "c", "d", NULL}; *line; line++)
        history_add(&few, *line);
    assert_int_equal(few.count, 3);
    assert_int_equal(few.first, 2);
    assert_string_equal(few.lines[0], "b");
    assert_true(history_search(&few, few.count, "c", &at));
    assert_int_equal(at, 1);
    assert_false(history_search(&few, at, "c", &at));
    history_free(&few);
    history_init(&few, 0);
    history_add(&few, "x");
    assert_int_equal(few.count, 0);
    assert_true(history_save(&few, "/nowhere/at/all"));
    history_free(&few);
}

static void history_survives_in_a_file(void **state)
{
    char path[] = "/tmp/history-XXXXXX";
    struct history other;
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    history_add(&history, "one");
    history_add(&history, "two words");
    assert_true(history_save(&history, path));
    history_init(&other, 10);
    assert_true(history_load(&other, path));
    assert_int_equal(other.count, 2);
    assert_string_equal(other.lines[1], "two words");
    assert_false(history_load(&other, "/nowhere/at/all"));
    assert_false(history_save(&other, "/nowhere/at/all"));
    history_free(&other);
    remove(path);
}

/* --- any keys -------------------------------------------------------------------------------- */

/* What the screen shows is what a fresh drawing of the line would show. */
static void check_picture(void)
{
    struct screen fresh;
    struct view view = {.rows = screen.rows, .cols = screen.cols};
    struct buf out = buf_new(edit.arena);

    screen_init(&fresh, screen.rows, screen.cols);
    view_begin(&view, &out, edit.view.prompt);
    view_draw(&view, &out, &edit.line);
    screen_print(&fresh, out.data, out.len);
    assert_int_equal(fresh.col, screen.col);
    for (unsigned back = 0; back <= fresh.row && back <= screen.row; back++) {
        char want[SCREEN_COLS * 8];

        strcpy(want, screen_row(&fresh, fresh.row - back));
        assert_string_equal(screen_row(&screen, screen.row - back), want);
    }
}

static void any_keys_leave_a_true_picture(void **state)
{
    static const char *const keys[] = {
        "a", "b ", "\xc3\xa4", "\xe4\xb8\xad", "e\xcc\x81", LEFT, RIGHT, HOME, END, DELETE, "\x7f",
        UP, DOWN, "\x14", "\x17", "\x19", ALT("b"), ALT("d"), "\x16\x01", "\x0c", "\xff", "wxyz",
        "\x12" "a", "\x07", "\x0b",
    };
    history_add(&history, "short");
    history_add(&history, "a line that is as long as two rows or three, depending");
    for (int round = 0; round < 60; round++) {
        begin_with("$ ", (unsigned)random_below(4) + 4, (unsigned)random_below(20) + 5);
        for (int i = 0; i < 100; i++) {
            type(keys[random_below(sizeof keys / sizeof *keys)]);
            assert_true(edit.line.cursor <= edit.line.len);
            assert_int_equal(strlen(edit.line.text), edit.line.len);
            if (edit.view.top == 0)
                check_picture();
        }
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_is_typed_is_shown_and_given), T(keys_move_and_text_goes_in_between),
        T(keys_delete), T(what_was_cut_is_put_back), T(characters_are_swapped),
        T(characters_of_several_bytes_count_once), T(a_literal_key_is_text),
        T(long_lines_take_several_rows), T(a_line_larger_than_the_screen_shows_its_part),
        T(prompts_may_have_lines_and_colours), T(lines_typed_before_come_back),
        T(history_is_searched), T(end_of_file_ends_an_empty_line_only),
        T(screen_is_cleared_and_line_stays), T(another_size_wraps_anew), T(tab_completes),
        T(without_candidates_tab_rings), T(history_keeps_the_newest_lines_once),
        T(history_survives_in_a_file), T(any_keys_leave_a_true_picture),
    };

    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
