/* How a line with its prompt stands on a terminal. */
#include "apps/sh/view.h"

#include <stdbool.h>
#include <string.h>

struct place {
    unsigned row, col;
};

/* Where something `width` columns wide begins that follows `at`: what doesn't fit goes to the next
 * row. */
static struct place begin_at(const struct view *view, struct place at, unsigned width)
{
    return at.col + width > view->cols ? (struct place){at.row + 1, 0} : at;
}

/* Behind it. A full row ends at the next one's beginning. */
static struct place advance(const struct view *view, struct place at, unsigned width)
{
    at = begin_at(view, at, width);
    at.col += width;
    return at.col == view->cols ? (struct place){at.row + 1, 0} : at;
}

/* Bytes of the escape sequence at `text`; 0: there is none. */
static size_t escape_length(const char *text)
{
    size_t n = 2;

    if (text[0] != '\033' || !text[1])
        return 0;
    if (text[1] == ']')
        return strcspn(text, "\a") + (strchr(text, '\a') != NULL);
    if (text[1] != '[')
        return n;
    while (text[n] && (text[n] < '@' || text[n] > '~'))
        n++;
    return text[n] ? n + 1 : n;
}

static struct place behind_prompt(const struct view *view)
{
    struct place at = {0, 0};
    size_t n;

    for (const char *p = view->prompt; *p; p += n) {
        n = escape_length(p);
        if (n)
            continue;
        n = utf8_length(p, strlen(p));
        at = advance(view, at, utf8_columns(p, n));
    }
    return at;
}

static struct place place_of(const struct view *view, const struct editline *line, size_t offset)
{
    struct place at = behind_prompt(view);

    for (size_t i = 0; i < offset; i = editline_right(line, i))
        at = advance(view, at, utf8_columns(line->text + i, editline_right(line, i) - i));
    return at;
}

static void put_char(struct buf *out, const char *text, size_t length)
{
    unsigned char c = (unsigned char)*text;

    if (c < ' ' || c == 127) {
        buf_char(out, '^');
        buf_char(out, (char)(c ^ 0x40));
    } else if (length == 1 && c >= 0x80) {
        buf_char(out, '?'); /* not UTF-8 */
    } else {
        buf_add(out, text, length);
    }
}

/* The terminal waits with the wrap until something follows: make it do that now. */
static void wrap(struct buf *out)
{
    buf_str(out, " \r");
}

static void move_to(struct view *view, struct buf *out, struct place to)
{
    if (to.row < view->row)
        buf_printf(out, "\033[%uA", view->row - to.row);
    if (to.row > view->row)
        buf_printf(out, "\033[%uB", to.row - view->row);
    if (to.col != view->col || to.row != view->row) {
        buf_char(out, '\r');
        if (to.col)
            buf_printf(out, "\033[%uC", to.col);
    }
    view->row = to.row;
    view->col = to.col;
}

/* Rows [top, top + rows) are shown: choose top so that the cursor's is among them. */
static void choose_top(struct view *view, struct place cursor, struct place end)
{
    if (end.row < view->rows)
        view->top = 0;
    else if (cursor.row < view->top)
        view->top = cursor.row;
    else if (cursor.row >= view->top + view->rows)
        view->top = cursor.row - view->rows + 1;
}

static bool is_shown(const struct view *view, unsigned row)
{
    return row >= view->top && row < view->top + view->rows;
}

/* Print what of prompt and line is in the rows shown. The terminal's cursor then is behind it. */
static void print_rows(struct view *view, struct buf *out, const struct editline *line)
{
    struct place at = behind_prompt(view), begin;
    unsigned bottom = view->top + view->rows;

    if (view->top == 0)
        buf_str(out, view->prompt);
    for (size_t i = 0, end; i < line->len && at.row < bottom; i = end) {
        unsigned width;

        end = editline_right(line, i);
        width = utf8_columns(line->text + i, end - i);
        begin = begin_at(view, at, width);
        if (begin.row != at.row && is_shown(view, at.row))
            buf_char(out, ' ');
        if (is_shown(view, begin.row))
            put_char(out, line->text + i, end - i);
        at = advance(view, at, width);
    }
    if (at.row >= bottom)
        at = (struct place){bottom - 1, view->cols - 1};
    else if (at.col == 0 && at.row > view->top)
        wrap(out);
    view->row = at.row;
    view->col = at.col;
}

void view_begin(struct view *view, struct buf *out, const char *prompt)
{
    static const struct editline empty;
    const char *last = strrchr(prompt, '\n');

    view->prompt = last ? last + 1 : prompt;
    view->top = 0;
    for (; prompt < view->prompt; prompt++) {
        if (*prompt == '\n')
            buf_char(out, '\r');
        buf_char(out, *prompt);
    }
    print_rows(view, out, &empty);
}

void view_draw(struct view *view, struct buf *out, const struct editline *line)
{
    struct place cursor = place_of(view, line, line->cursor);

    move_to(view, out, (struct place){view->top, 0});
    buf_str(out, "\r\033[J");
    choose_top(view, cursor, place_of(view, line, line->len));
    print_rows(view, out, line);
    move_to(view, out, cursor);
}

void view_move(struct view *view, struct buf *out, const struct editline *line)
{
    struct place cursor = place_of(view, line, line->cursor);

    if (is_shown(view, cursor.row))
        move_to(view, out, cursor);
    else
        view_draw(view, out, line);
}

void view_append(struct view *view, struct buf *out, const struct editline *line, size_t from)
{
    struct place cursor = place_of(view, line, line->cursor);

    if (line->cursor < line->len || cursor.row != view->row || cursor.col <= view->col) {
        view_draw(view, out, line);
        return;
    }
    put_char(out, line->text + from, line->len - from);
    view->col = cursor.col;
}

void view_leave(struct view *view, struct buf *out, const struct editline *line)
{
    struct place end = place_of(view, line, line->len);

    if (!is_shown(view, end.row))
        end = (struct place){view->top + view->rows - 1, 0};
    move_to(view, out, end);
    buf_str(out, "\r\n");
}

void view_resize(struct view *view, struct buf *out, const struct editline *line, unsigned rows,
                 unsigned cols)
{
    struct place cursor;

    view->rows = rows;
    view->cols = cols;
    cursor = place_of(view, line, line->cursor);
    view->top = cursor.row < rows ? 0 : cursor.row - rows + 1;
    view->row = cursor.row;
    view->col = cursor.col;
    view_draw(view, out, line);
}
