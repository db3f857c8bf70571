/* A line of text in UTF-8 that is being edited. */
#include "apps/sh/editline.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void editline_free(struct editline *line)
{
    free(line->text);
    *line = (struct editline){0};
}

static void make_room(struct editline *line, size_t n)
{
    if (line->text && line->len + n < line->cap)
        return;
    line->cap = (line->len + n) * 2 + 64;
    line->text = realloc(line->text, line->cap);
    if (!line->text)
        _exit(2);
    line->text[line->len] = 0;
}

void editline_set(struct editline *line, const char *text)
{
    line->len = line->cursor = 0;
    editline_insert(line, text, strlen(text));
}

void editline_insert(struct editline *line, const char *bytes, size_t n)
{
    make_room(line, n);
    memmove(line->text + line->cursor + n, line->text + line->cursor,
            line->len - line->cursor + 1);
    memcpy(line->text + line->cursor, bytes, n);
    line->len += n;
    line->text[line->len] = 0;
    line->cursor += n;
}

void editline_delete(struct editline *line, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(line->text + from, line->text + to, line->len - to + 1);
    line->len -= to - from;
    if (line->cursor >= to)
        line->cursor -= to - from;
    else if (line->cursor > from)
        line->cursor = from;
}

/* --- places ---------------------------------------------------------------------------------- */

size_t editline_left(const struct editline *line, size_t at)
{
    size_t from = at > 4 ? at - 4 : 0;

    for (; from < at; from++)
        if (from + utf8_length(line->text + from, line->len - from) == at)
            return from;
    return at ? at - 1 : 0;
}

size_t editline_right(const struct editline *line, size_t at)
{
    return at < line->len ? at + utf8_length(line->text + at, line->len - at) : at;
}

static bool is_word(const struct editline *line, size_t at)
{
    unsigned char c = (unsigned char)line->text[at];

    return isalnum(c) || c == '_' || c >= 0x80;
}

static bool is_blank(const struct editline *line, size_t at)
{
    return line->text[at] == ' ' || line->text[at] == '\t';
}

size_t editline_word_left(const struct editline *line, size_t at)
{
    while (at > 0 && !is_word(line, at - 1))
        at--;
    while (at > 0 && is_word(line, at - 1))
        at--;
    return at;
}

size_t editline_word_right(const struct editline *line, size_t at)
{
    while (at < line->len && !is_word(line, at))
        at++;
    while (at < line->len && is_word(line, at))
        at++;
    return at;
}

size_t editline_blank_left(const struct editline *line, size_t at)
{
    while (at > 0 && is_blank(line, at - 1))
        at--;
    while (at > 0 && !is_blank(line, at - 1))
        at--;
    return at;
}

/* --- UTF-8 ----------------------------------------------------------------------------------- */

/* What the first byte announces; 1 also for what cannot be first. */
static size_t announced(unsigned char first)
{
    return first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 && first < 0xf0 ? 3
         : first >= 0xc2 && first < 0xe0 ? 2 : 1;
}

size_t utf8_length(const char *text, size_t n)
{
    size_t length = announced((unsigned char)text[0]);

    if (length > n)
        return 1;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 1;
    return length;
}

static uint32_t code_of(const char *text, size_t length)
{
    uint32_t code = (unsigned char)text[0];

    if (length > 1)
        code &= 0x7fu >> length;
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return code;
}

/* Ranges of Unicode's East Asian Wide and of its nonspacing marks, the common ones. */
static const uint32_t wide[][2] = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};
static const uint32_t marks[][2] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f},
};

static bool is_among(const uint32_t (*ranges)[2], size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

unsigned utf8_columns(const char *text, size_t length)
{
    uint32_t code = code_of(text, length);

    if (code < ' ' || code == 127)
        return 2;
    if (is_among(marks, sizeof marks / sizeof *marks, code))
        return 0;
    return is_among(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}
