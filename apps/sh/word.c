/* Reads words: quotes, backslashes, and what follows a dollar sign or a backquote. The result is a
 * list of parts; nothing is expanded here. */
#include "apps/sh/lexer.h"
#include "apps/sh/parser.h"

#include <ctype.h>
#include <string.h>

/* Parts in the making: text is gathered until something else comes. */
struct parts {
    struct arena *arena;
    struct part *first, **end;
    struct buf text;
    bool text_quoted, has_text;
};

static struct part *parts_add(struct parts *parts, enum part_kind kind, bool quoted)
{
    struct part *part = arena_alloc(parts->arena, sizeof *part);

    part->kind = kind;
    part->quoted = quoted;
    *parts->end = part;
    parts->end = &part->next;
    return part;
}

static void parts_flush(struct parts *parts)
{
    if (parts->has_text)
        parts_add(parts, PART_TEXT, parts->text_quoted)->text = parts->text.data;
    parts->has_text = false;
}

/* Text of the given kind follows, perhaps none ('' makes a word too). */
static void parts_text(struct parts *parts, bool quoted)
{
    if (parts->has_text && parts->text_quoted == quoted)
        return;
    parts_flush(parts);
    parts->text = buf_new(parts->arena);
    parts->text_quoted = quoted;
    parts->has_text = true;
}

static void parts_char(struct parts *parts, int c, bool quoted)
{
    parts_text(parts, quoted);
    buf_char(&parts->text, (char)c);
}

bool is_one_of(const char *set, int c)
{
    return c > 0 && strchr(set, c);
}

int word_look(struct parser *parser)
{
    struct source *source = parser->source;

    while (source_look(source, 0) == '\\' && source_look(source, 1) == '\n') {
        source_take(source);
        source_take(source);
    }
    return source_look(source, 0);
}

int word_look_ahead(struct parser *parser, size_t n)
{
    struct source *source = parser->source;
    size_t at = 0;

    for (word_look(parser);; at++) {
        while (source_look(source, at) == '\\' && source_look(source, at + 1) == '\n')
            at += 2;
        if (n-- == 0 || source_look(source, at) == SOURCE_END)
            return source_look(source, at);
    }
}

struct parser parser_within(struct parser *parser, struct source *source, const struct buf *text)
{
    *source = source_of_text(text->data, text->len);
    source->arena = parser->arena;
    source->aliases = parser->source->aliases;
    source->line = parser->source->line;
    return (struct parser){.source = source, .arena = parser->arena, .failure = parser->failure};
}

const char *word_literal(const struct word *word)
{
    const struct part *part = word->parts;

    if (!part || part->next || part->quoted || part->kind != PART_TEXT)
        return NULL;
    return part->text;
}

size_t name_length(const char *text)
{
    size_t n = 0;

    if (isdigit((unsigned char)*text))
        return 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    return n;
}

static void read_single_quotes(struct parser *parser, struct parts *parts)
{
    int c;

    source_take(parser->source);
    parts_text(parts, true);
    while ((c = source_take(parser->source)) != '\'') {
        if (c == SOURCE_END)
            parser_fail(parser, "unterminated quoted string%s", "");
        parts_char(parts, c, true);
    }
}

/* What a backslash keeps from being special within quotes. */
static bool escapes(enum word_end end, int c)
{
    if (c == '$' || c == '`' || c == '\\')
        return true;
    return (c == '"' && end != WORD_END_TEXT) || (c == '}' && end == WORD_END_BRACE);
}

static void read_backslash(struct parser *parser, struct parts *parts, enum word_end end,
                           bool quoted)
{
    int c;

    source_take(parser->source);
    c = source_look(parser->source, 0);
    if (c == SOURCE_END || (quoted && !escapes(end, c))) {
        parts_char(parts, '\\', true);
        return;
    }
    parts_char(parts, source_take(parser->source), true);
}

static void append_parts(struct parts *parts, struct part *more)
{
    parts_flush(parts);
    *parts->end = more;
    while (*parts->end)
        parts->end = &(*parts->end)->next;
}

static void read_double_quotes(struct parser *parser, struct parts *parts)
{
    struct part *inner;

    source_take(parser->source);
    inner = word_parts(parser, WORD_END_QUOTE, true);
    source_take(parser->source);
    if (inner)
        append_parts(parts, inner);
    else
        parts_text(parts, true);
}

/* Commands up to the closing parenthesis, which is taken. Here-documents that wait for the end of the
 * line go on waiting. */
static struct node *read_commands(struct parser *parser)
{
    struct parser outer = *parser;
    struct node *list;

    parser->has_token = false;
    parser->heres = NULL;
    list = parse_list(parser);
    if (lexer_take(parser).kind != TOKEN_CLOSE)
        parser_fail(parser, "missing '%s' after $(", ")");
    *parser = outer;
    return list;
}

static void read_arith(struct parser *parser, struct parts *parts, bool quoted)
{
    struct part *part = parts_add(parts, PART_ARITH, quoted);

    source_take(parser->source);
    word_look(parser);
    source_take(parser->source);
    part->operand = word_parts(parser, WORD_END_ARITH, true);
    source_take(parser->source);
    word_look(parser);
    source_take(parser->source);
}

static void read_backquotes(struct parser *parser, struct parts *parts, bool quoted)
{
    struct buf text = buf_new(parser->arena);
    struct source source;
    struct parser inner;
    int c;

    source_take(parser->source);
    while ((c = source_take(parser->source)) != '`') {
        int next = source_look(parser->source, 0);
        if (c == SOURCE_END)
            parser_fail(parser, "missing closing %s", "`");
        if (c == '\\' && (next == '$' || next == '`' || next == '\\' || (next == '"' && quoted)))
            c = source_take(parser->source);
        buf_char(&text, (char)c);
    }
    inner = parser_within(parser, &source, &text);
    parts_flush(parts);
    parts_add(parts, PART_COMMAND, quoted)->list = parse_list(&inner);
    if (lexer_peek(&inner)->kind != TOKEN_END)
        parser_fail(parser, "unexpected %s in backquotes", "token");
}

static bool is_special(int c)
{
    return is_one_of("@*#?-$!", c);
}

/* The name after $ or ${: of a variable, digits, or one special character. */
static const char *read_name(struct parser *parser, bool braces)
{
    struct buf name = buf_new(parser->arena);
    int c = word_look(parser);

    if (is_special(c) || (isdigit(c) && !braces)) {
        buf_char(&name, (char)source_take(parser->source));
    } else if (isdigit(c)) {
        for (; isdigit(word_look(parser));)
            buf_char(&name, (char)source_take(parser->source));
    } else {
        for (; c != SOURCE_END && (isalnum(c) || c == '_'); c = word_look(parser))
            buf_char(&name, (char)source_take(parser->source));
    }
    return name.data;
}

/* % and # may be doubled. */
static enum param_op cut_operator(struct parser *parser, int c, enum param_op shortest)
{
    if (word_look(parser) != c)
        return shortest;
    source_take(parser->source);
    return shortest + 1;
}

static enum param_op read_param_operator(struct parser *parser, struct part *part)
{
    int c = source_take(parser->source);

    if (c == ':') {
        part->colon = true;
        word_look(parser);
        c = source_take(parser->source);
    }
    switch (c) {
    case '-':
        return PARAM_DEFAULT;
    case '=':
        return PARAM_ASSIGN;
    case '?':
        return PARAM_ERROR;
    case '+':
        return PARAM_ALTERNATE;
    case '%':
        return part->colon ? PARAM_PLAIN : cut_operator(parser, '%', PARAM_CUT_SUFFIX);
    case '#':
        return part->colon ? PARAM_PLAIN : cut_operator(parser, '#', PARAM_CUT_PREFIX);
    default:
        return PARAM_PLAIN;
    }
}

/* Whether ${# begins a length; else # is the parameter itself. */
static bool is_length(struct parser *parser)
{
    int next = word_look_ahead(parser, 1);

    if (word_look(parser) != '#' || next == '}' || next == SOURCE_END)
        return false;
    if (isalnum(next) || next == '_')
        return true;
    return is_special(next) && word_look_ahead(parser, 2) == '}';
}

static void read_braces(struct parser *parser, struct part *part)
{
    bool cuts;

    source_take(parser->source);
    if (is_length(parser)) {
        source_take(parser->source);
        part->op = PARAM_LENGTH;
    }
    part->text = read_name(parser, true);
    if (word_look(parser) != '}' && part->op != PARAM_LENGTH) {
        part->op = read_param_operator(parser, part);
        if (part->op == PARAM_PLAIN)
            parser_fail(parser, "bad substitution%s", "");
        cuts = part->op >= PARAM_CUT_SUFFIX;
        part->operand = word_parts(parser, WORD_END_BRACE, part->quoted && !cuts);
    }
    if (!*part->text || word_look(parser) != '}')
        parser_fail(parser, "bad substitution%s", "");
    source_take(parser->source);
}

static void read_dollar(struct parser *parser, struct parts *parts, bool quoted)
{
    int c;

    source_take(parser->source);
    c = word_look(parser);
    if (c == '(') {
        parts_flush(parts);
        if (word_look_ahead(parser, 1) == '(') {
            read_arith(parser, parts, quoted);
        } else {
            source_take(parser->source);
            parts_add(parts, PART_COMMAND, quoted)->list = read_commands(parser);
        }
    } else if (c == '{') {
        parts_flush(parts);
        read_braces(parser, parts_add(parts, PART_PARAM, quoted));
    } else if (c != SOURCE_END && (isalnum(c) || c == '_' || is_special(c))) {
        parts_flush(parts);
        parts_add(parts, PART_PARAM, quoted)->text = read_name(parser, false);
    } else {
        parts_char(parts, '$', quoted);
    }
}

/* `depth`: parentheses open within an arithmetic expression. */
static bool at_end(struct parser *parser, enum word_end end, int c, int depth)
{
    switch (end) {
    case WORD_END_BLANK:
        return c == SOURCE_END || is_one_of(" \t\n;&|()<>", c);
    case WORD_END_QUOTE:
        return c == '"';
    case WORD_END_BRACE:
        return c == '}';
    case WORD_END_ARITH:
        return c == ')' && depth == 0 && word_look_ahead(parser, 1) == ')';
    case WORD_END_TEXT:
        return c == SOURCE_END;
    }
    return true;
}

static bool quotes_are_text(enum word_end end)
{
    return end == WORD_END_TEXT || end == WORD_END_ARITH;
}

static void read_part(struct parser *parser, struct parts *parts, enum word_end end, bool quoted)
{
    int c = word_look(parser);

    if (c == SOURCE_END)
        parser_fail(parser, "unexpected end of %s",
                    end == WORD_END_QUOTE ? "file in a quoted string" : "file");
    if (c == '\\')
        read_backslash(parser, parts, end, quoted);
    else if (c == '\'' && !quoted)
        read_single_quotes(parser, parts);
    else if (c == '"' && !quotes_are_text(end))
        read_double_quotes(parser, parts);
    else if (c == '$')
        read_dollar(parser, parts, quoted);
    else if (c == '`')
        read_backquotes(parser, parts, quoted);
    else
        parts_char(parts, source_take(parser->source), quoted);
}

struct part *word_parts(struct parser *parser, enum word_end end, bool quoted)
{
    struct parts parts = {.arena = parser->arena};
    int c, depth = 0;

    parts.end = &parts.first;
    while (!at_end(parser, end, c = word_look(parser), depth)) {
        depth += (c == '(') - (c == ')');
        read_part(parser, &parts, end, quoted);
    }
    parts_flush(&parts);
    return parts.first;
}

bool parse_text(struct arena *arena, const char *text, struct part **parts)
{
    struct parse_failure failure;
    struct source source = source_of_text(text, strlen(text));
    struct parser parser = {.source = &source, .arena = arena, .failure = &failure};

    if (setjmp(failure.where))
        return false;
    *parts = word_parts(&parser, WORD_END_TEXT, true);
    return true;
}
