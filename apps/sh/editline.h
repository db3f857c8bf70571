/* A line of text in UTF-8 that is being edited, with a cursor. Pure. */
#ifndef APPS_SH_EDITLINE_H
#define APPS_SH_EDITLINE_H

#include <stddef.h>

struct editline {
    char *text; /* `len` bytes and a NUL, in malloc's memory; all zero is an empty line */
    size_t len, cap;
    size_t cursor; /* between characters, 0 to len */
};

void editline_free(struct editline *line);
/* Make it `text`, with the cursor at its end. */
void editline_set(struct editline *line, const char *text);
/* At the cursor, which ends up behind it. */
void editline_insert(struct editline *line, const char *bytes, size_t n);
/* Take out bytes [from, to); a cursor behind them moves along, one within them goes to `from`. */
void editline_delete(struct editline *line, size_t from, size_t to);

/* Places near `at`: the next character's beginning, the beginning of a word (letters, digits, _ and
 * all beyond ASCII) before it, the end of one behind it, the beginning of what blanks delimit. */
size_t editline_left(const struct editline *line, size_t at);
size_t editline_right(const struct editline *line, size_t at);
size_t editline_word_left(const struct editline *line, size_t at);
size_t editline_word_right(const struct editline *line, size_t at);
size_t editline_blank_left(const struct editline *line, size_t at);

/* Length in bytes of the character at `text`, of which n > 0 bytes are there. What isn't UTF-8 counts
 * as characters of one byte. */
size_t utf8_length(const char *text, size_t n);
/* Columns that it takes on a screen: 2 for control characters, shown as ^X, and for wide ones. */
unsigned utf8_columns(const char *text, size_t length);

#endif
