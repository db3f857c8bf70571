/* The parts of s, y and addresses that stand between delimiters. */
#include "apps/sed/delimited.h"

#include <ctype.h>
#include <string.h>

#include "apps/common/app.h"

int reader_peek(const struct reader *in)
{
    return in->next < in->text->len ? (unsigned char)in->text->text[in->next] : EOF;
}

int reader_take(struct reader *in)
{
    int c = reader_peek(in);

    in->next += c != EOF;
    in->line += c == '\n';
    return c;
}

_Noreturn void reader_fail(const struct reader *in, const char *words)
{
    app_say("line %zu of the script: %s", in->line, words);
    app_quit();
}

/* The next character; the script must not end here. */
static int need(struct reader *in)
{
    int c = reader_take(in);

    if (c == EOF)
        reader_fail(in, "a delimiter is missing");
    return c;
}

/* What \c stands for everywhere. => EOF: nothing special. */
static int escaped(int c)
{
    static const char letters[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    const char *found = c && c != EOF ? strchr(letters, c) : NULL;

    return found ? values[found - letters] : EOF;
}

/* Behind \ in a pattern. A delimiter becomes an ordinary character, whatever it means in patterns. */
static void read_escape(struct reader *in, int delimiter, struct line *pattern)
{
    int c = need(in), value = escaped(c);

    if (c == delimiter) {
        if (strchr(".*[]^$", c) || (in->extended && strchr("+?(){}|", c)))
            line_char(pattern, '\\');
        line_char(pattern, (char)c);
    } else if (value != EOF) {
        line_char(pattern, (char)value);
    } else {
        line_char(pattern, '\\');
        line_char(pattern, (char)c);
    }
}

/* [:class:], [.x.] or [=x=], behind its first bracket; which of them is the next character. */
static void read_class(struct reader *in, struct line *pattern)
{
    int kind = reader_take(in), c, before = 0;

    line_char(pattern, (char)kind);
    while (before != kind || reader_peek(in) != ']') {
        before = c = need(in);
        line_char(pattern, (char)c);
    }
}

/* A bracket expression, behind its [. Backslashes in it are ordinary, but before n and the delimiter. */
static void read_bracket(struct reader *in, int delimiter, struct line *pattern)
{
    bool first = true;
    int c;

    if (reader_peek(in) == '^')
        line_char(pattern, (char)reader_take(in));
    for (; (c = need(in)) != ']' || first; first = false) {
        if (c == '\\' && reader_peek(in) == delimiter)
            c = reader_take(in);
        else if (c == '\\' && escaped(reader_peek(in)) != EOF)
            c = escaped(reader_take(in));
        line_char(pattern, (char)c);
        if (c == '[' && reader_peek(in) != EOF && strchr(":.=", reader_peek(in)))
            read_class(in, pattern);
    }
    line_char(pattern, ']');
}

void read_delimited(struct reader *in, int delimiter, struct line *pattern)
{
    int c;

    line_clear(pattern);
    while ((c = need(in)) != delimiter)
        if (c == '\\') {
            read_escape(in, delimiter, pattern);
        } else {
            line_char(pattern, (char)c);
            if (c == '[')
                read_bracket(in, delimiter, pattern);
        }
}

void read_characters(struct reader *in, int delimiter, struct line *characters)
{
    int c;

    line_clear(characters);
    while ((c = need(in)) != delimiter) {
        int next = c == '\\' ? reader_peek(in) : EOF;
        if (next == delimiter || next == '\\')
            c = reader_take(in);
        else if (escaped(next) != EOF)
            c = escaped(reader_take(in));
        line_char(characters, (char)c);
    }
}

static struct piece *add_piece(struct substitution *how)
{
    how->pieces = app_resize(how->pieces, (how->npieces + 1) * sizeof *how->pieces);
    how->pieces[how->npieces] = (struct piece){0};
    return &how->pieces[how->npieces++];
}

/* Close the text that was gathered, if there is any. */
static void end_text(struct substitution *how, struct line *text)
{
    struct piece *piece;

    if (!text->len)
        return;
    piece = add_piece(how);
    piece->text = text->text;
    piece->len = text->len;
    *text = (struct line){0};
}

static void add_group(struct substitution *how, struct line *text, int group)
{
    end_text(how, text);
    add_piece(how)->group = group;
}

static void add_change(struct substitution *how, struct line *text, char change)
{
    struct piece *piece;

    end_text(how, text);
    piece = add_piece(how);
    piece->text = "";
    piece->change = change;
}

void read_replacement(struct reader *in, int delimiter, struct substitution *how)
{
    struct line text = {0};
    int c;

    while ((c = need(in)) != delimiter)
        if (c == '\n') {
            reader_fail(in, "a newline in a replacement needs a backslash");
        } else if (c == '&') {
            add_group(how, &text, 0);
        } else if (c != '\\') {
            line_char(&text, (char)c);
        } else if (isdigit(c = need(in)) && c != delimiter) {
            add_group(how, &text, c - '0');
        } else if (strchr("ULEul", c) && c != delimiter) {
            add_change(how, &text, (char)c);
        } else {
            line_char(&text, (char)(c != delimiter && escaped(c) != EOF ? escaped(c) : c));
        }
    end_text(how, &text);
    line_free(&text);
}
