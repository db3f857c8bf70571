/* Splits a script into tokens, and collects here-documents at the ends of lines. */
#include "apps/sh/lexer.h"
#include "apps/sh/alias.h"
#include "apps/sh/parser.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void skip_blanks_and_comment(struct parser *parser)
{
    int c;

    while ((c = word_look(parser)) == ' ' || c == '\t')
        source_take(parser->source);
    if (c != '#')
        return;
    while ((c = source_look(parser->source, 0)) != '\n' && c != SOURCE_END)
        source_take(parser->source);
}

/* The next line without its newline, in the arena. NULL at the end of the script. */
static char *read_line(struct parser *parser)
{
    struct buf line = buf_new(parser->arena);
    int c = source_take(parser->source);

    if (c == SOURCE_END)
        return NULL;
    for (; c != '\n' && c != SOURCE_END; c = source_take(parser->source))
        buf_char(&line, (char)c);
    return line.data;
}

static struct part *document_parts(struct parser *parser, const struct here *here,
                                   const struct buf *text)
{
    struct source source;
    struct parser inner = parser_within(parser, &source, text);
    struct part *part;

    if (here->expand)
        return word_parts(&inner, WORD_END_TEXT, true);
    part = arena_alloc(parser->arena, sizeof *part);
    *part = (struct part){.kind = PART_TEXT, .quoted = true, .text = text->data};
    return part;
}

static void read_document(struct parser *parser, struct here *here)
{
    struct buf text = buf_new(parser->arena);
    char *line;

    while ((line = read_line(parser))) {
        while (here->strip_tabs && *line == '\t')
            line++;
        if (!strcmp(line, here->delimiter))
            break;
        buf_str(&text, line);
        buf_char(&text, '\n');
    }
    here->document->parts = document_parts(parser, here, &text);
}

static void read_documents(struct parser *parser)
{
    struct here *here = parser->heres;

    parser->heres = NULL;
    for (; here; here = here->next)
        read_document(parser, here);
}

/* The script's text from `start` on, without quotes; nothing is expanded in it. */
static const char *delimiter_text(struct parser *parser, size_t start, bool *had_quotes)
{
    const struct source *source = parser->source;
    struct buf text = buf_new(parser->arena);
    char quote = 0;

    for (size_t i = start; i < parser->end; i++) {
        char c = source->text[i];

        if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else if (c == '\\' && quote != '\'' && i + 1 < parser->end)
            buf_char(&text, source->text[++i]);
        else
            buf_char(&text, c);
        *had_quotes |= c == '\'' || c == '"' || c == '\\';
    }
    return text.data;
}

void lexer_expect_here(struct parser *parser, size_t start, bool strip_tabs, struct word *document)
{
    struct here *here = arena_alloc(parser->arena, sizeof *here), **end = &parser->heres;
    bool had_quotes = false;

    *here = (struct here){.document = document, .strip_tabs = strip_tabs};
    here->delimiter = delimiter_text(parser, start, &had_quotes);
    here->expand = !had_quotes;
    while (*end)
        end = &(*end)->next;
    *end = here;
}

/* Operators, longer ones before those that they begin with. */
static const struct {
    const char *text;
    enum token_kind kind;
} operators[] = {
    {";;", TOKEN_SEMI_SEMI}, {";", TOKEN_SEMI},         {"&&", TOKEN_AND},
    {"&", TOKEN_AMP},        {"||", TOKEN_OR},          {"|", TOKEN_PIPE},
    {"(", TOKEN_OPEN},       {")", TOKEN_CLOSE},        {"<<-", TOKEN_HERE_DASH},
    {"<<", TOKEN_HERE},      {"<&", TOKEN_LESS_AMP},    {"<>", TOKEN_LESS_GREAT},
    {"<", TOKEN_LESS},       {">>", TOKEN_GREAT_GREAT}, {">&", TOKEN_GREAT_AMP},
    {">|", TOKEN_CLOBBER},   {">", TOKEN_GREAT},
};

/* Whether `text` is next, continuation lines left out; then it is taken. */
static bool take_operator(struct parser *parser, const char *text)
{
    for (size_t i = 0; text[i]; i++)
        if (word_look_ahead(parser, i) != text[i])
            return false;
    for (size_t i = 0; text[i]; i++) {
        word_look(parser);
        source_take(parser->source);
    }
    return true;
}

static bool lex_operator(struct parser *parser, struct token *token)
{
    if (!is_one_of(";&|()<>", word_look(parser)))
        return false;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (take_operator(parser, operators[i].text)) {
            token->kind = operators[i].kind;
            return true;
        }
    return false;
}

static void lex_word(struct parser *parser, struct token *token)
{
    const char *text;
    int c;

    token->kind = TOKEN_WORD;
    token->word = arena_alloc(parser->arena, sizeof *token->word);
    token->word->parts = word_parts(parser, WORD_END_BLANK, false);
    text = word_literal(token->word);
    c = word_look(parser);
    if (text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 4 &&
        (c == '<' || c == '>')) {
        token->kind = TOKEN_NUMBER;
        token->number = atoi(text);
    }
}

static struct token lex(struct parser *parser)
{
    struct token token = {0};
    int c;

    skip_blanks_and_comment(parser);
    token.start = parser->source->pos;
    c = word_look(parser);
    if (c == SOURCE_END) {
        token.kind = TOKEN_END;
    } else if (c == '\n') {
        source_take(parser->source);
        read_documents(parser);
        token.kind = TOKEN_NEWLINE;
    } else if (!lex_operator(parser, &token)) {
        lex_word(parser, &token);
    }
    return token;
}

struct token *lexer_peek(struct parser *parser)
{
    if (!parser->has_token)
        parser->token = lex(parser);
    parser->has_token = true;
    return &parser->token;
}

struct token lexer_take(struct parser *parser)
{
    struct token token = *lexer_peek(parser);

    parser->has_token = false;
    parser->end = parser->source->pos;
    return token;
}

/* --- aliases --------------------------------------------------------------------------------- */

bool is_keyword(const char *text)
{
    static const char *const keywords[] = {"!",     "case",  "do",  "done", "elif", "else",
                                           "esac",  "fi",    "for", "if",   "in",   "then",
                                           "until", "while", "{",   "}"};

    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (!strcmp(keywords[i], text))
            return true;
    return false;
}

void lexer_expand_aliases(struct parser *parser)
{
    struct source *source = parser->source;

    while (source->aliases && lexer_peek(parser)->kind == TOKEN_WORD) {
        struct token *token = &parser->token;
        const char *text = word_literal(token->word);
        const struct alias *alias = text ? alias_find(source->aliases, text) : NULL;

        if (!alias || is_keyword(text) || source_is_within(source, alias, token->start))
            return;
        source_replace(source, token->start, alias, alias->value);
        parser->has_token = false;
    }
}

void lexer_expand_after_blank(struct parser *parser)
{
    size_t end = parser->source->blank_end;

    if (!end || lexer_peek(parser)->start < end)
        return;
    parser->source->blank_end = 0;
    lexer_expand_aliases(parser);
}
