/* Tokens and words; private to lexer.c, word.c and parser.c. */
#ifndef APPS_SH_LEXER_H
#define APPS_SH_LEXER_H

#include <setjmp.h>

#include "apps/sh/ast.h"
#include "apps/sh/source.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_NUMBER, /* digits right before < or > */
    TOKEN_SEMI,
    TOKEN_SEMI_SEMI,
    TOKEN_AMP,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_PIPE,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_LESS,
    TOKEN_GREAT,
    TOKEN_GREAT_GREAT,
    TOKEN_CLOBBER,
    TOKEN_LESS_GREAT,
    TOKEN_LESS_AMP,
    TOKEN_GREAT_AMP,
    TOKEN_HERE,
    TOKEN_HERE_DASH,
};

struct token {
    enum token_kind kind;
    struct word *word; /* WORD */
    int number;        /* NUMBER */
    size_t start;      /* where it begins in the source */
};

/* A here-document whose text follows the current line. */
struct here {
    struct here *next;
    struct word *document; /* to be filled in */
    const char *delimiter;
    bool strip_tabs, expand;
};

/* Where a syntax error ends up. */
struct parse_failure {
    jmp_buf where;
    const char *message;
};

/* One text being parsed. Everything that a parser allocates is in its arena, so an error may leave
 * by longjmp from any depth. */
struct parser {
    struct source *source;
    struct arena *arena;
    struct parse_failure *failure;
    struct token token; /* looked at, not taken yet, if has_token */
    bool has_token;
    size_t end; /* where the last token taken ends */
    struct here *heres;
};

/* What ends a run of word parts; the ending character itself is not taken. */
enum word_end {
    WORD_END_BLANK, /* blank, newline, operator */
    WORD_END_QUOTE, /* " */
    WORD_END_BRACE, /* } */
    WORD_END_ARITH, /* )) */
    WORD_END_TEXT,  /* the end of the source: a here-document */
};

/* Leave with a message, in which %s stands for `what`. */
_Noreturn void parser_fail(struct parser *parser, const char *format, const char *what);
/* Whether `c` is a character of `set`. */
bool is_one_of(const char *set, int c);

/* word.c: the parts up to `end`. quoted: as within double quotes. */
struct part *word_parts(struct parser *parser, enum word_end end, bool quoted);
/* The current character, behind continuation lines. */
int word_look(struct parser *parser);
/* The n-th one after it, continuation lines not counted. */
int word_look_ahead(struct parser *parser, size_t n);
/* The word's text if it is one piece without quotes and expansions, else NULL. */
const char *word_literal(const struct word *word);

/* A parser for a text within what `parser` reads. */
struct parser parser_within(struct parser *parser, struct source *source, const struct buf *text);

/* lexer.c */
struct token *lexer_peek(struct parser *parser);
struct token lexer_take(struct parser *parser);
/* The word just taken, which began at `start`, is a here-document's delimiter. */
void lexer_expect_here(struct parser *parser, size_t start, bool strip_tabs, struct word *document);

/* Where a command may begin: if the next word is an alias, what it stands for comes in its place. */
void lexer_expand_aliases(struct parser *parser);
/* The next word counts as well where an alias's value ended in a blank. */
void lexer_expand_after_blank(struct parser *parser);

/* parser.c: commands up to a token that can't start one. NULL if there are none. */
struct node *parse_list(struct parser *parser);

#endif
