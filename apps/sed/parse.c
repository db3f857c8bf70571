/* The script of sed: text to commands (POSIX, "sed" utility, and what GNU's has more). */
#include "apps/sed/sed.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/match.h"
#include "apps/sed/delimited.h"

#define NESTING_MAX 256

struct parser {
    struct script *script;
    struct reader in;
    size_t open[NESTING_MAX]; /* commands { that wait for their } */
    size_t nopen;
    size_t room; /* of script->commands */
};

static _Noreturn void fail(const struct parser *parser, const char *words)
{
    reader_fail(&parser->in, words);
}

static int peek(const struct parser *parser)
{
    return reader_peek(&parser->in);
}

static int take(struct parser *parser)
{
    return reader_take(&parser->in);
}

static void skip_blanks(struct parser *parser)
{
    while (peek(parser) != EOF && peek(parser) != '\n' && isspace(peek(parser)))
        take(parser);
}

/* Between commands. */
static void skip_separators(struct parser *parser)
{
    while (peek(parser) != EOF && (isspace(peek(parser)) || peek(parser) == ';'))
        take(parser);
}

static unsigned long read_number(struct parser *parser)
{
    unsigned long value = 0;

    while (isdigit(peek(parser)))
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (unsigned long)(take(parser) - '0'), &value))
            fail(parser, "number is too large");
    return value;
}

static bool take_if(struct parser *parser, int c)
{
    if (peek(parser) != c)
        return false;
    take(parser);
    return true;
}

/* => the compiled pattern, NULL for an empty one. */
static regex_t *compile(struct parser *parser, const struct line *pattern, int flags)
{
    regex_t *regex;

    if (!pattern->len) {
        if (flags)
            fail(parser, "an empty pattern has no flags");
        return NULL;
    }
    regex = app_alloc(sizeof *regex);
    match_compile(regex, pattern->text, flags | (parser->script->extended ? REG_EXTENDED : 0));
    return regex;
}

static void read_pattern(struct parser *parser, struct address *address)
{
    struct line pattern = {0};
    int flags = 0;

    if (take_if(parser, '\\') && (peek(parser) == EOF || peek(parser) == '\n'))
        fail(parser, "a pattern is missing");
    read_delimited(&parser->in, take(parser), &pattern);
    while (peek(parser) == 'I' || peek(parser) == 'M')
        flags |= take(parser) == 'I' ? REG_ICASE : REG_NEWLINE;
    address->kind = ADDRESS_PATTERN;
    address->regex = compile(parser, &pattern, flags);
    line_free(&pattern);
}

/* => false if there is none. */
static bool read_address(struct parser *parser, struct address *address, bool is_second)
{
    int c = peek(parser);

    if (c == '/' || c == '\\') {
        read_pattern(parser, address);
    } else if (c == '$') {
        take(parser);
        address->kind = ADDRESS_LAST;
    } else if (is_second && (c == '+' || c == '~')) {
        take(parser);
        address->kind = c == '+' ? ADDRESS_MORE : ADDRESS_MULTIPLE;
        address->number = read_number(parser);
    } else if (isdigit(c)) {
        address->kind = ADDRESS_LINE;
        address->number = read_number(parser);
        if (!is_second && take_if(parser, '~')) {
            address->kind = ADDRESS_STEP;
            address->step = read_number(parser);
        }
    } else {
        return false;
    }
    return true;
}

static void read_addresses(struct parser *parser, struct command *command)
{
    bool has_first = read_address(parser, &command->from, false);

    skip_blanks(parser);
    if (has_first && take_if(parser, ',')) {
        skip_blanks(parser);
        if (!read_address(parser, &command->to, true))
            fail(parser, "the second address is missing");
    }
    if (command->from.kind == ADDRESS_LINE && !command->from.number) {
        if (command->to.kind != ADDRESS_PATTERN)
            fail(parser, "line 0 makes sense only before a pattern");
        command->in_range = true;
    }
    skip_blanks(parser);
    while (take_if(parser, '!')) {
        command->negated = true;
        skip_blanks(parser);
    }
}

/* Nothing may follow a command but the next one. */
static void expect_end(struct parser *parser)
{
    skip_blanks(parser);
    if (peek(parser) != EOF && !strchr("\n;}#", peek(parser)))
        fail(parser, "extra characters after a command");
    if (peek(parser) == ';' || peek(parser) == '\n')
        take(parser);
}

/* Up to the end of the line, or one of `stops`. */
static void read_word(struct parser *parser, struct command *command, const char *stops)
{
    struct line word = {0};

    skip_blanks(parser);
    line_clear(&word);
    while (peek(parser) != EOF && peek(parser) != '\n' && !strchr(stops, peek(parser)))
        line_char(&word, (char)take(parser));
    command->text = word.text;
    command->len = word.len;
}

static void trim(struct command *command)
{
    while (command->len && isspace((unsigned char)command->text[command->len - 1]))
        ((char *)command->text)[--command->len] = 0;
}

static void read_file_name(struct parser *parser, struct command *command)
{
    read_word(parser, command, "");
    if (!command->len)
        fail(parser, "a file's name is missing");
    if (command->verb == 'w')
        command->file = output_open(command->text);
}

/* The text of a, i, c: lines, of which all but the last end with a backslash. */
static void read_text(struct parser *parser, struct command *command)
{
    struct line text = {0};
    int c;

    skip_blanks(parser);
    if (take_if(parser, '\\')) {
        skip_blanks(parser);
        if (!take_if(parser, '\n') && peek(parser) == EOF)
            fail(parser, "text is missing");
    }
    if (peek(parser) == EOF)
        fail(parser, "text is missing");
    while ((c = take(parser)) != EOF && c != '\n') {
        if (c == '\\' && (c = take(parser)) == EOF)
            break;
        line_char(&text, (char)c);
    }
    line_char(&text, '\n');
    command->text = text.text;
    command->len = text.len;
}

static void read_flags(struct parser *parser, struct command *command, int *flags)
{
    struct substitution *how = command->substitution;

    for (;;) {
        int c = peek(parser);
        if (isdigit(c)) {
            how->first = read_number(parser);
            if (!how->first)
                fail(parser, "the number of s must not be 0");
        } else if (c == 'w') {
            take(parser);
            read_word(parser, command, "");
            if (!command->len)
                fail(parser, "a file's name is missing");
            how->file = output_open(command->text);
        } else if (c != EOF && strchr("gpIiMm", c)) {
            take(parser);
            how->all |= c == 'g';
            how->print |= c == 'p';
            *flags |= c == 'I' || c == 'i' ? REG_ICASE : c == 'M' || c == 'm' ? REG_NEWLINE : 0;
        } else {
            return;
        }
    }
}

static void check_groups(struct parser *parser, const struct substitution *how)
{
    for (size_t i = 0; i < how->npieces; i++)
        if (how->regex && !how->pieces[i].text && how->pieces[i].group > (int)how->regex->re_nsub)
            fail(parser, "the replacement names a group that the pattern lacks");
}

static void read_substitution(struct parser *parser, struct command *command)
{
    struct substitution *how = app_alloc(sizeof *how);
    struct line pattern = {0};
    int flags = 0, delimiter = take(parser);

    if (delimiter == EOF || delimiter == '\n' || delimiter == '\\')
        fail(parser, "a pattern is missing");
    *how = (struct substitution){.first = 1};
    command->substitution = how;
    read_delimited(&parser->in, delimiter, &pattern);
    read_replacement(&parser->in, delimiter, how);
    read_flags(parser, command, &flags);
    how->regex = compile(parser, &pattern, flags);
    check_groups(parser, how);
    line_free(&pattern);
    expect_end(parser);
}

static void read_map(struct parser *parser, struct command *command)
{
    struct line from = {0}, to = {0};
    int delimiter = take(parser);

    if (delimiter == EOF || delimiter == '\n' || delimiter == '\\')
        fail(parser, "characters are missing");
    read_characters(&parser->in, delimiter, &from);
    read_characters(&parser->in, delimiter, &to);
    if (from.len != to.len)
        fail(parser, "the strings of y differ in length");
    command->map = app_alloc(256);
    for (int c = 0; c < 256; c++)
        command->map[c] = (unsigned char)c;
    for (size_t i = from.len; i-- > 0;)
        command->map[(unsigned char)from.text[i]] = (unsigned char)to.text[i];
    line_free(&from);
    line_free(&to);
    expect_end(parser);
}

static void open_block(struct parser *parser)
{
    if (parser->nopen == NESTING_MAX)
        fail(parser, "too many {");
    parser->open[parser->nopen++] = parser->script->count - 1;
}

static void close_block(struct parser *parser, struct command *command)
{
    if (!parser->nopen)
        fail(parser, "unexpected }");
    if (command->from.kind != ADDRESS_NONE)
        fail(parser, "} takes no address");
    parser->script->commands[parser->open[--parser->nopen]].target = parser->script->count;
    expect_end(parser);
}

static void read_optional_number(struct parser *parser, struct command *command)
{
    skip_blanks(parser);
    command->number = isdigit(peek(parser)) ? (long)read_number(parser) : -1;
    expect_end(parser);
}

static void read_label(struct parser *parser, struct command *command)
{
    if (command->verb == ':' && command->from.kind != ADDRESS_NONE)
        fail(parser, ": takes no address");
    read_word(parser, command, command->verb == ':' ? ";" : ";}");
    trim(command);
    if (command->verb == ':' && !command->len)
        fail(parser, "a label is missing");
    expect_end(parser);
}

static void read_arguments(struct parser *parser, struct command *command)
{
    switch (command->verb) {
    case '{':
        return open_block(parser);
    case '}':
        return close_block(parser, command);
    case 'a':
    case 'c':
    case 'i':
        return read_text(parser, command);
    case 's':
        return read_substitution(parser, command);
    case 'y':
        return read_map(parser, command);
    case 'r':
    case 'w':
        return read_file_name(parser, command);
    case ':':
    case 'b':
    case 't':
    case 'T':
        return read_label(parser, command);
    case 'l':
    case 'q':
    case 'Q':
        return read_optional_number(parser, command);
    default:
        if (!strchr("=dDgGhHnNpPxz", command->verb))
            fail(parser, "unknown command");
        expect_end(parser);
    }
}

static struct command *new_command(struct parser *parser)
{
    struct script *script = parser->script;

    if (script->count == parser->room) {
        parser->room = parser->room * 2 + 16;
        script->commands = app_resize(script->commands, parser->room * sizeof *script->commands);
    }
    script->commands[script->count] = (struct command){.line = parser->in.line, .number = -1};
    return &script->commands[script->count++];
}

static void skip_comment(struct parser *parser)
{
    while (peek(parser) != EOF && peek(parser) != '\n')
        take(parser);
}

static void find_targets(struct parser *parser)
{
    struct script *script = parser->script;

    for (size_t i = 0; i < script->count; i++) {
        struct command *command = &script->commands[i];
        if (!command->verb || !strchr("btT", command->verb))
            continue;
        command->target = script->count;
        for (size_t to = 0; command->len && to < script->count; to++)
            if (script->commands[to].verb == ':' && !strcmp(script->commands[to].text, command->text))
                command->target = to;
        if (command->len && command->target == script->count)
            fail(parser, "a label is missing that is branched to");
    }
}

void parse_script(struct script *script, const struct line *text)
{
    struct parser parser = {.script = script,
                            .in = {.text = text, .line = 1, .extended = script->extended}};

    script->quiet |= text->len > 1 && !memcmp(text->text, "#n", 2) && (text->len == 2 || text->text[2] == '\n');
    for (skip_separators(&parser); peek(&parser) != EOF; skip_separators(&parser)) {
        struct command *command;
        if (peek(&parser) == '#') {
            skip_comment(&parser);
            continue;
        }
        command = new_command(&parser);
        read_addresses(&parser, command);
        if (peek(&parser) == EOF || peek(&parser) == '\n')
            fail(&parser, "a command is missing");
        command->verb = (char)take(&parser);
        read_arguments(&parser, command);
    }
    if (parser.nopen)
        fail(&parser, "unmatched {");
    find_targets(&parser);
}
