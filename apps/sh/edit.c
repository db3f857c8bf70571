/* The line editor: what keys do. */
#include "apps/sh/edit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONTROL(c) ((c) & 0x1f)
#define ESC 27
#define DEL 127

void edit_init(struct edit *edit, struct history *history)
{
    *edit = (struct edit){.history = history};
}

static void forget_line(struct edit *edit)
{
    if (edit->arena)
        arena_drop(edit->arena);
    free(edit->draft);
    edit->arena = NULL;
    edit->draft = NULL;
}

void edit_free(struct edit *edit)
{
    forget_line(edit);
    editline_free(&edit->line);
    free(edit->cut);
}

void edit_begin(struct edit *edit, const char *prompt, unsigned rows, unsigned cols)
{
    forget_line(edit);
    edit->arena = arena_new();
    edit->out = buf_new(edit->arena);
    edit->prompt = prompt;
    edit->view.rows = rows ? rows : 1;
    edit->view.cols = cols > 1 ? cols : 2;
    edit->at = edit->history->count;
    edit->nescape = edit->npartial = 0;
    edit->is_literal = edit->was_tab = edit->was_cut = edit->searches = false;
    editline_set(&edit->line, "");
    view_begin(&edit->view, &edit->out, prompt);
}

void edit_bell(struct edit *edit)
{
    buf_char(&edit->out, '\a');
}

void edit_redraw(struct edit *edit)
{
    view_draw(&edit->view, &edit->out, &edit->line);
}

void edit_resize(struct edit *edit, unsigned rows, unsigned cols)
{
    view_resize(&edit->view, &edit->out, &edit->line, rows ? rows : 1, cols > 1 ? cols : 2);
}

/* --- moving, cutting ------------------------------------------------------------------------- */

static void go(struct edit *edit, size_t to)
{
    edit->line.cursor = to;
    view_move(&edit->view, &edit->out, &edit->line);
}

static void insert(struct edit *edit, const char *bytes, size_t n)
{
    size_t from = edit->line.cursor;

    editline_insert(&edit->line, bytes, n);
    if (utf8_length(bytes, n) == n)
        view_append(&edit->view, &edit->out, &edit->line, from);
    else
        edit_redraw(edit);
}

static void delete(struct edit *edit, size_t from, size_t to)
{
    if (from == to) {
        edit_bell(edit);
        return;
    }
    editline_delete(&edit->line, from, to);
    edit_redraw(edit);
}

/* Keep what is deleted for ^Y, together with what was cut right before. */
static void cut(struct edit *edit, size_t from, size_t to)
{
    const char *text = edit->line.text + from, *old = edit->was_cut && edit->cut ? edit->cut : "";
    size_t n = to - from, nold = strlen(old);
    bool is_before = to == edit->line.cursor;
    char *joined = malloc(n + nold + 1);

    if (!joined)
        _exit(2);
    memcpy(joined + (is_before ? n : 0), old, nold);
    memcpy(joined + (is_before ? 0 : nold), text, n);
    joined[n + nold] = 0;
    free(edit->cut);
    edit->cut = joined;
    edit->cuts = true;
    delete(edit, from, to);
}

static void swap(struct edit *edit)
{
    struct editline *line = &edit->line;
    bool at_end = line->cursor == line->len;
    size_t middle = at_end ? editline_left(line, line->len) : line->cursor;
    size_t from = editline_left(line, middle), to = editline_right(line, middle);
    char first[8];

    if (middle == 0) {
        edit_bell(edit);
        return;
    }
    memcpy(first, line->text + from, middle - from);
    line->cursor = to;
    editline_insert(line, first, middle - from);
    editline_delete(line, from, middle);
    edit_redraw(edit);
}

/* --- history --------------------------------------------------------------------------------- */

void edit_keep_draft(struct edit *edit)
{
    if (edit->at < edit->history->count)
        return;
    free(edit->draft);
    edit->draft = strdup(edit->line.text);
}

void edit_restore_draft(struct edit *edit)
{
    edit->at = edit->history->count;
    editline_set(&edit->line, edit->draft ? edit->draft : "");
}

static void show(struct edit *edit, size_t at)
{
    const struct history *history = edit->history;

    edit_keep_draft(edit);
    if (at < history->count)
        editline_set(&edit->line, history->lines[at]);
    else
        edit_restore_draft(edit);
    edit->at = at;
    edit_redraw(edit);
}

static void older(struct edit *edit)
{
    if (edit->at > 0)
        show(edit, edit->at - 1);
    else
        edit_bell(edit);
}

static void newer(struct edit *edit)
{
    if (edit->at < edit->history->count)
        show(edit, edit->at + 1);
    else
        edit_bell(edit);
}

/* --- keys ------------------------------------------------------------------------------------ */

static enum edit_result leave(struct edit *edit, enum edit_result result)
{
    go(edit, edit->line.len);
    if (result == EDIT_GIVEN_UP)
        buf_str(&edit->out, "^C");
    view_leave(&edit->view, &edit->out, &edit->line);
    return result;
}

static void clear_screen(struct edit *edit)
{
    buf_str(&edit->out, "\033[H\033[2J");
    edit->view.row = edit->view.top;
    edit->view.col = 0;
    edit_redraw(edit);
}

/* => whether the key was one that cuts or puts back. */
static bool cutting_key(struct edit *edit, unsigned char key)
{
    struct editline *line = &edit->line;

    switch (key) {
    case CONTROL('U'):
        cut(edit, 0, line->cursor);
        break;
    case CONTROL('K'):
        cut(edit, line->cursor, line->len);
        break;
    case CONTROL('W'):
        cut(edit, editline_blank_left(line, line->cursor), line->cursor);
        break;
    case CONTROL('Y'):
        if (edit->cut)
            editline_insert(line, edit->cut, strlen(edit->cut));
        edit_redraw(edit);
        break;
    default:
        return false;
    }
    return true;
}

static void moving_key(struct edit *edit, unsigned char key)
{
    struct editline *line = &edit->line;

    switch (key) {
    case CONTROL('A'):
        go(edit, 0);
        break;
    case CONTROL('E'):
        go(edit, line->len);
        break;
    case CONTROL('B'):
        go(edit, editline_left(line, line->cursor));
        break;
    case CONTROL('F'):
        go(edit, editline_right(line, line->cursor));
        break;
    case CONTROL('P'):
        older(edit);
        break;
    case CONTROL('N'):
        newer(edit);
        break;
    default:
        edit_bell(edit);
        break;
    }
}

static enum edit_result control_key(struct edit *edit, unsigned char key, bool after_tab)
{
    struct editline *line = &edit->line;

    switch (key) {
    case '\r':
    case '\n':
        return leave(edit, EDIT_LINE);
    case CONTROL('C'):
        return leave(edit, EDIT_GIVEN_UP);
    case CONTROL('D'):
        if (line->len == 0)
            return leave(edit, EDIT_END);
        delete(edit, line->cursor, editline_right(line, line->cursor));
        break;
    case CONTROL('H'):
    case DEL:
        delete(edit, editline_left(line, line->cursor), line->cursor);
        break;
    case CONTROL('L'):
        clear_screen(edit);
        break;
    case CONTROL('R'):
        edit_search_begin(edit);
        break;
    case CONTROL('T'):
        swap(edit);
        break;
    case CONTROL('V'):
        edit->is_literal = true;
        break;
    case '\t':
        edit->was_tab = true;
        edit_tab(edit, after_tab);
        break;
    case ESC:
        edit->escape[0] = ESC;
        edit->nescape = 1;
        break;
    default:
        if (!cutting_key(edit, key))
            moving_key(edit, key);
        break;
    }
    return EDIT_GOES_ON;
}

/* Alt and a key. */
static void alt_key(struct edit *edit, unsigned char key)
{
    struct editline *line = &edit->line;

    switch (key) {
    case 'b':
        go(edit, editline_word_left(line, line->cursor));
        break;
    case 'f':
        go(edit, editline_word_right(line, line->cursor));
        break;
    case 'd':
        cut(edit, line->cursor, editline_word_right(line, line->cursor));
        break;
    case DEL:
    case CONTROL('H'):
        cut(edit, editline_word_left(line, line->cursor), line->cursor);
        break;
    default:
        edit_bell(edit);
        break;
    }
}

/* ESC [ DIGITS ~ : the keys beside the arrows. */
static void numbered_key(struct edit *edit, int number)
{
    struct editline *line = &edit->line;

    if (number == 1 || number == 7)
        go(edit, 0);
    else if (number == 4 || number == 8)
        go(edit, line->len);
    else if (number == 3)
        delete(edit, line->cursor, editline_right(line, line->cursor));
    else
        edit_bell(edit);
}

/* ESC [ … or ESC O …: the last byte says which key; a modifier stands behind a semicolon. */
static void sequence_key(struct edit *edit)
{
    static const char keys[][2] = {
        {'A', CONTROL('P')}, {'B', CONTROL('N')}, {'C', CONTROL('F')}, {'D', CONTROL('B')},
        {'H', CONTROL('A')}, {'F', CONTROL('E')},
    };
    char last = (char)edit->escape[edit->nescape - 1];
    bool by_word = memchr(edit->escape, ';', edit->nescape) && (last == 'C' || last == 'D');

    if (by_word) {
        alt_key(edit, last == 'C' ? 'f' : 'b');
        return;
    }
    if (last == '~') {
        numbered_key(edit, atoi((const char *)edit->escape + 2));
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] == last)
            moving_key(edit, (unsigned char)keys[i][1]);
}

static void escape_key(struct edit *edit, unsigned char key)
{
    bool is_sequence = edit->nescape > 1 || key == '[' || key == 'O';

    if (!is_sequence) {
        edit->nescape = 0;
        alt_key(edit, key);
        return;
    }
    if (edit->nescape < sizeof edit->escape - 1)
        edit->escape[edit->nescape++] = key;
    if (edit->nescape < 3 || key < '@' || key > '~')
        return;
    edit->escape[edit->nescape] = 0;
    sequence_key(edit);
    edit->nescape = 0;
}

static void flush_partial(struct edit *edit)
{
    if (edit->npartial)
        insert(edit, edit->partial, edit->npartial);
    edit->npartial = 0;
}

/* A byte of text: characters are inserted whole. */
static void text_key(struct edit *edit, unsigned char byte)
{
    char whole[4] = {(char)byte, (char)0x80, (char)0x80, (char)0x80};

    if (edit->npartial)
        whole[0] = edit->partial[0];
    edit->partial[edit->npartial++] = (char)byte;
    if (edit->npartial == utf8_length(whole, sizeof whole))
        flush_partial(edit);
}

static enum edit_result any_key(struct edit *edit, unsigned char byte)
{
    bool after_tab = edit->was_tab;

    if (edit->nescape) {
        escape_key(edit, byte);
        return EDIT_GOES_ON;
    }
    if (edit->searches && edit_search_key(edit, byte))
        return EDIT_GOES_ON;
    edit->was_tab = false;
    if (!edit->is_literal && (byte < ' ' || byte == DEL))
        return control_key(edit, byte, after_tab);
    edit->is_literal = false;
    text_key(edit, byte);
    return EDIT_GOES_ON;
}

enum edit_result edit_key(struct edit *edit, unsigned char byte)
{
    enum edit_result result;

    if ((byte & 0xc0) != 0x80)
        flush_partial(edit); /* it was no character */
    edit->cuts = false;
    result = any_key(edit, byte);
    if (!edit->nescape)
        edit->was_cut = edit->cuts;
    return result;
}
