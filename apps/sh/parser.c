/* The shell's grammar (POSIX, "Shell Grammar") by recursive descent. Each parse_x() is called when
 * its first token is next, and takes exactly what belongs to x. An error leaves by longjmp to
 * parse_command(). */
#include "apps/sh/parser.h"

#include <string.h>

#include "apps/sh/lexer.h"

_Noreturn void parser_fail(struct parser *parser, const char *format, const char *what)
{
    struct buf text = buf_new(parser->arena);

    buf_printf(&text, "syntax error: ");
    for (const char *c = format; *c; c++)
        if (c[0] == '%' && c[1] == 's') {
            buf_str(&text, what);
            c++;
        } else {
            buf_char(&text, *c);
        }
    parser->failure->message = text.data;
    longjmp(parser->failure->where, 1);
}

static _Noreturn void unexpected(struct parser *parser)
{
    struct token token = lexer_take(parser);
    struct source *source = parser->source;

    if (token.kind == TOKEN_END)
        parser_fail(parser, "unexpected end of %s", "file");
    if (token.kind == TOKEN_NEWLINE)
        parser_fail(parser, "unexpected %s", "newline");
    parser_fail(
        parser, "unexpected \"%s\"",
        arena_strndup(parser->arena, source->text + token.start, source->pos - token.start));
}

static struct node *new_node(struct parser *parser, enum node_kind kind, struct node *left,
                             struct node *right)
{
    struct node *node = arena_alloc(parser->arena, sizeof *node);

    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

static bool next_is(struct parser *parser, enum token_kind kind)
{
    return lexer_peek(parser)->kind == kind;
}

static bool next_is_keyword(struct parser *parser, const char *keyword)
{
    struct token *token = lexer_peek(parser);
    const char *text = token->kind == TOKEN_WORD ? word_literal(token->word) : NULL;

    return text && !strcmp(text, keyword);
}

static bool take_keyword(struct parser *parser, const char *keyword)
{
    bool found = next_is_keyword(parser, keyword);

    if (found)
        lexer_take(parser);
    return found;
}

static void expect_keyword(struct parser *parser, const char *keyword)
{
    if (!take_keyword(parser, keyword))
        unexpected(parser);
}

static void skip_newlines(struct parser *parser)
{
    while (next_is(parser, TOKEN_NEWLINE))
        lexer_take(parser);
}

/* Behind an operator that lets newlines follow: where the next command begins. */
static void skip_to_command(struct parser *parser)
{
    do {
        skip_newlines(parser);
        lexer_expand_aliases(parser);
    } while (next_is(parser, TOKEN_NEWLINE));
}

/* Words that end a list where a command could stand. */
static bool next_ends_list(struct parser *parser)
{
    static const char *const enders[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
    enum token_kind kind = lexer_peek(parser)->kind;

    if (kind == TOKEN_END || kind == TOKEN_CLOSE || kind == TOKEN_SEMI_SEMI)
        return true;
    for (size_t i = 0; i < sizeof enders / sizeof *enders; i++)
        if (next_is_keyword(parser, enders[i]))
            return true;
    return false;
}

static bool next_is_redir(struct parser *parser)
{
    enum token_kind kind = lexer_peek(parser)->kind;

    return kind == TOKEN_NUMBER || (kind >= TOKEN_LESS && kind <= TOKEN_HERE_DASH);
}

static enum redir_kind redir_kind(struct parser *parser, enum token_kind token)
{
    switch (token) {
    case TOKEN_LESS:
        return REDIR_IN;
    case TOKEN_GREAT:
        return REDIR_OUT;
    case TOKEN_CLOBBER:
        return REDIR_CLOBBER;
    case TOKEN_GREAT_GREAT:
        return REDIR_APPEND;
    case TOKEN_LESS_GREAT:
        return REDIR_BOTH;
    case TOKEN_LESS_AMP:
    case TOKEN_GREAT_AMP:
        return REDIR_DUP;
    case TOKEN_HERE:
    case TOKEN_HERE_DASH:
        return REDIR_HERE;
    default:
        unexpected(parser);
    }
}

static struct redir *parse_redir(struct parser *parser)
{
    struct redir *redir = arena_alloc(parser->arena, sizeof *redir);
    enum token_kind kind;
    struct token target;
    bool is_output;

    redir->fd = next_is(parser, TOKEN_NUMBER) ? lexer_take(parser).number : -1;
    kind = lexer_take(parser).kind;
    is_output = kind == TOKEN_GREAT || kind == TOKEN_GREAT_GREAT || kind == TOKEN_CLOBBER ||
                kind == TOKEN_GREAT_AMP;
    if (redir->fd < 0)
        redir->fd = is_output;
    redir->kind = redir_kind(parser, kind);
    if (!next_is(parser, TOKEN_WORD))
        unexpected(parser);
    target = lexer_take(parser);
    redir->target = target.word;
    if (redir->kind == REDIR_HERE) {
        redir->target = arena_alloc(parser->arena, sizeof *redir->target);
        lexer_expect_here(parser, target.start, kind == TOKEN_HERE_DASH, redir->target);
    }
    return redir;
}

static void parse_redirs(struct parser *parser, struct node *node)
{
    struct redir **end = &node->redirs;

    while (*end)
        end = &(*end)->next;
    while (next_is_redir(parser)) {
        *end = parse_redir(parser);
        end = &(*end)->next;
    }
}

/* The assignment that `word` is, or NULL. */
static struct assign *word_assignment(struct parser *parser, struct word *word)
{
    struct part *first = word->parts, *rest;
    struct assign *assign;
    size_t n;

    if (!first || first->kind != PART_TEXT || first->quoted)
        return NULL;
    n = name_length(first->text);
    if (!n || first->text[n] != '=')
        return NULL;
    assign = arena_alloc(parser->arena, sizeof *assign);
    assign->name = arena_strndup(parser->arena, first->text, n);
    assign->value = arena_alloc(parser->arena, sizeof *assign->value);
    rest = arena_alloc(parser->arena, sizeof *rest);
    *rest = *first;
    rest->text = first->text + n + 1;
    assign->value->parts = *rest->text ? rest : first->next;
    return assign;
}

static struct node *parse_function(struct parser *parser, const char *name);

static struct node *parse_simple(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_SIMPLE, NULL, NULL);
    struct assign **assigns = &node->assigns;
    struct word **words = &node->words;

    node->line = parser->source->line;
    for (;;) {
        struct assign *assign;

        parse_redirs(parser, node);
        if (!node->words)
            lexer_expand_aliases(parser);
        lexer_expand_after_blank(parser);
        if (next_is_redir(parser))
            continue;
        if (!next_is(parser, TOKEN_WORD))
            break;
        *words = lexer_take(parser).word;
        if (!node->words->next && (assign = word_assignment(parser, *words)) &&
            words == &node->words) {
            *words = NULL;
            *assigns = assign;
            assigns = &assign->next;
            continue;
        }
        if (words == &node->words && !node->assigns && !node->redirs && word_literal(*words) &&
            next_is(parser, TOKEN_OPEN))
            return parse_function(parser, word_literal(*words));
        words = &(*words)->next;
    }
    if (!node->words && !node->assigns && !node->redirs)
        unexpected(parser);
    return node;
}

/* A list that must hold a command, as between `if` and `then`. */
static struct node *parse_full_list(struct parser *parser)
{
    struct node *list = parse_list(parser);

    if (!list)
        unexpected(parser);
    return list;
}

static struct node *parse_if(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_IF, parse_full_list(parser), NULL);

    expect_keyword(parser, "then");
    node->right = parse_full_list(parser);
    if (take_keyword(parser, "elif")) {
        node->other = parse_if(parser);
        return node;
    }
    if (take_keyword(parser, "else"))
        node->other = parse_full_list(parser);
    expect_keyword(parser, "fi");
    return node;
}

static struct node *parse_do(struct parser *parser)
{
    struct node *body;

    expect_keyword(parser, "do");
    body = parse_full_list(parser);
    expect_keyword(parser, "done");
    return body;
}

static struct node *parse_loop(struct parser *parser, enum node_kind kind)
{
    struct node *condition = parse_full_list(parser);

    return new_node(parser, kind, condition, parse_do(parser));
}

static struct word *parse_words(struct parser *parser)
{
    struct word *first = NULL, **end = &first;

    while (next_is(parser, TOKEN_WORD)) {
        *end = lexer_take(parser).word;
        end = &(*end)->next;
    }
    return first;
}

static const char *parse_name(struct parser *parser)
{
    const char *text = next_is(parser, TOKEN_WORD) ? word_literal(lexer_peek(parser)->word) : NULL;

    if (!text || !*text || name_length(text) != strlen(text))
        unexpected(parser);
    lexer_take(parser);
    return text;
}

static struct node *parse_for(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_FOR, NULL, NULL);

    node->name = parse_name(parser);
    skip_newlines(parser);
    if (take_keyword(parser, "in")) {
        node->has_words = true;
        node->words = parse_words(parser);
        if (!next_is(parser, TOKEN_SEMI) && !next_is(parser, TOKEN_NEWLINE))
            unexpected(parser);
    }
    if (next_is(parser, TOKEN_SEMI))
        lexer_take(parser);
    skip_newlines(parser);
    node->right = parse_do(parser);
    return node;
}

static struct word *parse_patterns(struct parser *parser)
{
    struct word *first = NULL, **end = &first;

    if (next_is(parser, TOKEN_OPEN))
        lexer_take(parser);
    for (;;) {
        if (!next_is(parser, TOKEN_WORD))
            unexpected(parser);
        *end = lexer_take(parser).word;
        end = &(*end)->next;
        if (!next_is(parser, TOKEN_PIPE))
            break;
        lexer_take(parser);
    }
    if (!next_is(parser, TOKEN_CLOSE))
        unexpected(parser);
    lexer_take(parser);
    return first;
}

static struct node *parse_case(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_CASE, NULL, NULL);
    struct case_item **end = &node->items;

    if (!next_is(parser, TOKEN_WORD))
        unexpected(parser);
    node->words = lexer_take(parser).word;
    skip_newlines(parser);
    expect_keyword(parser, "in");
    skip_newlines(parser);
    while (!take_keyword(parser, "esac")) {
        struct case_item *item = arena_alloc(parser->arena, sizeof *item);
        item->patterns = parse_patterns(parser);
        item->body = parse_list(parser);
        *end = item;
        end = &item->next;
        if (next_is(parser, TOKEN_SEMI_SEMI))
            lexer_take(parser);
        else if (!next_is_keyword(parser, "esac"))
            unexpected(parser);
        skip_newlines(parser);
    }
    return node;
}

static struct node *parse_subshell(struct parser *parser)
{
    struct node *node;

    lexer_take(parser);
    node = new_node(parser, NODE_SUBSHELL, parse_full_list(parser), NULL);
    if (!next_is(parser, TOKEN_CLOSE))
        unexpected(parser);
    lexer_take(parser);
    return node;
}

static struct node *parse_group(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_GROUP, parse_full_list(parser), NULL);

    expect_keyword(parser, "}");
    return node;
}

/* A compound command, or NULL if none comes next. */
static struct node *parse_compound(struct parser *parser)
{
    struct node *node;

    if (next_is(parser, TOKEN_OPEN))
        node = parse_subshell(parser);
    else if (take_keyword(parser, "{"))
        node = parse_group(parser);
    else if (take_keyword(parser, "if"))
        node = parse_if(parser);
    else if (take_keyword(parser, "while"))
        node = parse_loop(parser, NODE_WHILE);
    else if (take_keyword(parser, "until"))
        node = parse_loop(parser, NODE_UNTIL);
    else if (take_keyword(parser, "for"))
        node = parse_for(parser);
    else if (take_keyword(parser, "case"))
        node = parse_case(parser);
    else
        return NULL;
    parse_redirs(parser, node);
    return node;
}

/* After NAME, at its parentheses. */
static struct node *parse_function(struct parser *parser, const char *name)
{
    struct node *node = new_node(parser, NODE_FUNCTION, NULL, NULL);

    lexer_take(parser);
    if (!next_is(parser, TOKEN_CLOSE))
        unexpected(parser);
    lexer_take(parser);
    skip_newlines(parser);
    node->name = name;
    node->right = parse_compound(parser);
    if (!node->right)
        unexpected(parser);
    return node;
}

static struct node *parse_one_command(struct parser *parser)
{
    struct node *node;

    lexer_expand_aliases(parser);
    node = next_ends_list(parser) ? NULL : parse_compound(parser);

    if (node)
        return node;
    if (next_ends_list(parser))
        unexpected(parser);
    return parse_simple(parser);
}

static struct node *parse_pipeline(struct parser *parser)
{
    bool negated = take_keyword(parser, "!");
    struct node *first = parse_one_command(parser), *last = first, *node = first;

    while (next_is(parser, TOKEN_PIPE)) {
        lexer_take(parser);
        skip_to_command(parser);
        last->next = parse_one_command(parser);
        last = last->next;
    }
    if (first->next)
        node = new_node(parser, NODE_PIPE, first, NULL);
    return negated ? new_node(parser, NODE_NOT, node, NULL) : node;
}

static struct node *parse_and_or(struct parser *parser)
{
    struct node *node = parse_pipeline(parser);

    while (next_is(parser, TOKEN_AND) || next_is(parser, TOKEN_OR)) {
        enum node_kind kind = lexer_take(parser).kind == TOKEN_AND ? NODE_AND : NODE_OR;
        skip_to_command(parser);
        node = new_node(parser, kind, node, parse_pipeline(parser));
    }
    return node;
}

/* An and-or list with its `&`, if it has one, and its text. */
static struct node *parse_element(struct parser *parser)
{
    size_t start = lexer_peek(parser)->start;
    struct node *node = parse_and_or(parser);
    const char *text = parser->source->text + start;

    node->source = arena_strndup(parser->arena, text, parser->end - start);
    if (next_is(parser, TOKEN_AMP)) {
        struct node *background = new_node(parser, NODE_BACKGROUND, node, NULL);
        background->source = node->source;
        return background;
    }
    return node;
}

/* Elements up to the end of the line, or with `lines` up to the end of the list. */
static struct node *parse_elements(struct parser *parser, bool lines)
{
    struct node *list = new_node(parser, NODE_LIST, NULL, NULL), **end = &list->left;

    for (;;) {
        if (lines)
            skip_to_command(parser);
        else
            lexer_expand_aliases(parser);
        if (next_ends_list(parser) || next_is(parser, TOKEN_NEWLINE))
            break;
        *end = parse_element(parser);
        end = &(*end)->next;
        if (next_is(parser, TOKEN_SEMI) || next_is(parser, TOKEN_AMP))
            lexer_take(parser);
        else if (!lines || !next_is(parser, TOKEN_NEWLINE))
            break;
    }
    return list->left ? list : NULL;
}

struct node *parse_list(struct parser *parser)
{
    return parse_elements(parser, true);
}

enum parse_result parse_command(struct source *source, struct arena *arena, struct node **tree,
                                const char **message)
{
    struct parse_failure failure;
    struct parser parser = {.source = source, .arena = arena, .failure = &failure};

    if (setjmp(failure.where)) {
        *message = failure.message;
        return PARSE_ERROR;
    }
    *tree = NULL;
    if (next_is(&parser, TOKEN_END))
        return PARSE_END;
    *tree = parse_elements(&parser, false);
    if (next_is(&parser, TOKEN_NEWLINE))
        lexer_take(&parser);
    else if (!next_is(&parser, TOKEN_END))
        unexpected(&parser);
    return PARSE_OK;
}
