/* Tab: completes the word before the cursor as far as it is certain; the second Tab lists what it could
 * become. */
#include "apps/sh/edit.h"

#include <string.h>

#define GAP 2 /* blanks between columns of a list */

/* How many bytes all words begin with. */
static size_t common_length(const struct strings *words)
{
    size_t n = strlen(words->items[0]);

    for (size_t i = 1; i < words->count; i++)
        for (size_t k = 0; k < n; k++)
            if (words->items[i][k] != words->items[0][k])
                n = k;
    while (n > 0 && (words->items[0][n] & 0xc0) == 0x80)
        n--; /* not within a character */
    return n;
}

static unsigned columns_of(const char *name)
{
    unsigned columns = 0;

    for (size_t n; *name; name += n) {
        n = utf8_length(name, strlen(name));
        columns += utf8_columns(name, n);
    }
    return columns;
}

static void list_row(struct edit *edit, const struct strings *names, size_t row, size_t rows,
                     unsigned width)
{
    for (size_t i = row; i < names->count; i += rows) {
        buf_str(&edit->out, names->items[i]);
        for (unsigned c = columns_of(names->items[i]); c < width && i + rows < names->count; c++)
            buf_char(&edit->out, ' ');
    }
    buf_str(&edit->out, "\r\n");
}

/* Below the line, in columns; then the prompt and the line again. */
static void list(struct edit *edit, const struct strings *names)
{
    unsigned width = 0, across;
    size_t rows;

    for (size_t i = 0; i < names->count; i++)
        width = columns_of(names->items[i]) > width ? columns_of(names->items[i]) : width;
    width += GAP;
    across = edit->view.cols / width ? edit->view.cols / width : 1;
    rows = (names->count + across - 1) / across;
    view_leave(&edit->view, &edit->out, &edit->line);
    for (size_t row = 0; row < rows; row++)
        list_row(edit, names, row, rows, width);
    view_begin(&edit->view, &edit->out, edit->prompt);
    edit_redraw(edit);
}

static void replace(struct edit *edit, size_t start, const char *word, size_t n, bool is_whole)
{
    editline_delete(&edit->line, start, edit->line.cursor);
    editline_insert(&edit->line, word, n);
    if (is_whole && n > 0 && word[n - 1] != '/')
        editline_insert(&edit->line, " ", 1);
    edit_redraw(edit);
}

void edit_tab(struct edit *edit, bool again)
{
    struct completion found = {.start = edit->line.cursor, .words = {.arena = edit->arena},
                               .names = {.arena = edit->arena}};
    size_t n;

    if (edit->complete)
        edit->complete(edit->context, &edit->line, &found);
    if (found.words.count == 0) {
        edit_bell(edit);
        return;
    }
    n = common_length(&found.words);
    if (found.words.count == 1 || n > edit->line.cursor - found.start)
        replace(edit, found.start, found.words.items[0], n, found.words.count == 1);
    else if (again)
        list(edit, &found.names);
    else
        edit_bell(edit);
}
