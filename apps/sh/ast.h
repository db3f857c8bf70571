/* What the parser makes of a script: commands, words and their parts. All of it lives in one arena
 * and is never changed after parsing. */
#ifndef APPS_SH_AST_H
#define APPS_SH_AST_H

#include <stdbool.h>

#include "apps/common/arena.h"

struct node;

enum part_kind {
    PART_TEXT,    /* text as it stands */
    PART_PARAM,   /* $text, ${text}, ${text op operand} */
    PART_COMMAND, /* $(list) or `list` */
    PART_ARITH,   /* $((operand)) */
};

/* Operators of ${name op operand}. */
enum param_op {
    PARAM_PLAIN,
    PARAM_LENGTH,     /* ${#name} */
    PARAM_DEFAULT,    /* - */
    PARAM_ASSIGN,     /* = */
    PARAM_ERROR,      /* ? */
    PARAM_ALTERNATE,  /* + */
    PARAM_CUT_SUFFIX, /* %, the shortest */
    PARAM_CUT_SUFFIX_LONG,
    PARAM_CUT_PREFIX, /* #, the shortest */
    PARAM_CUT_PREFIX_LONG,
};

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted; /* the result is neither split into fields nor a pattern */
    bool colon;  /* ${name:op…}: an empty value counts as unset */
    enum param_op op;
    const char *text;
    struct part *operand; /* of a parameter's operator; the expression of PART_ARITH */
    struct node *list;
};

/* A word of the script; no parts: an empty operand. */
struct word {
    struct word *next;
    struct part *parts;
};

enum redir_kind {
    REDIR_IN,     /* < */
    REDIR_OUT,    /* > */
    REDIR_CLOBBER, /* >| */
    REDIR_APPEND, /* >> */
    REDIR_BOTH,   /* <> */
    REDIR_DUP,    /* <& and >&: target is a number, or - to close */
    REDIR_HERE,   /* <<: target is the document */
};

struct redir {
    struct redir *next;
    enum redir_kind kind;
    int fd;
    struct word *target;
};

struct assign {
    struct assign *next;
    const char *name;
    struct word *value;
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* may be NULL */
};

/* kind          fields used
 * SIMPLE        assigns, words, redirs
 * PIPE          left = first command, linked by `next`
 * NOT           left
 * AND, OR       left, right
 * LIST          left = first element, linked by `next`
 * BACKGROUND    left
 * SUBSHELL      left, redirs
 * GROUP         left, redirs
 * IF            left = condition, right = then, other = else or NULL; redirs
 * WHILE, UNTIL  left = condition, right = body; redirs
 * FOR           name, words (NULL with has_words unset: the parameters), right = body; redirs
 * CASE          words = the subject, items; redirs
 * FUNCTION      name, right = body */
enum node_kind {
    NODE_SIMPLE,
    NODE_PIPE,
    NODE_NOT,
    NODE_AND,
    NODE_OR,
    NODE_LIST,
    NODE_BACKGROUND,
    NODE_SUBSHELL,
    NODE_GROUP,
    NODE_IF,
    NODE_WHILE,
    NODE_UNTIL,
    NODE_FOR,
    NODE_CASE,
    NODE_FUNCTION,
};

struct node {
    enum node_kind kind;
    struct node *next;
    struct node *left, *right, *other;
    struct assign *assigns;
    struct word *words;
    struct redir *redirs;
    struct case_item *items;
    const char *name;
    const char *source; /* the command as it was typed, for messages about jobs */
    bool has_words;
    unsigned line; /* SIMPLE: of the script */
};

#endif
