/* Arithmetic of $((...)): the integer expressions of C on long, with assignments, by precedence
 * climbing. A variable's value is an expression again. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "apps/sh/parser.h"
#include "apps/sh/shell.h"

#define DEPTH_MAX 32

struct arith {
    struct shell *shell;
    const char *next;
    int depth;   /* of variables that refer to variables, and of parentheses */
    int skipped; /* in an operand that isn't evaluated: no assignment, no division by zero */
    bool failed;
};

enum op {
    OP_NONE,
    OP_OR,
    OP_AND,
    OP_BIT_OR,
    OP_XOR,
    OP_BIT_AND,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_LEFT,
    OP_RIGHT,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
};

/* Longer ones first. */
static const struct operator
{
    const char *text;
    enum op op;
    int level;
}
operators[] = {
    {"||", OP_OR, 1},    {"&&", OP_AND, 2}, {"<<", OP_LEFT, 8},   {">>", OP_RIGHT, 8},
    {"==", OP_EQ, 6},    {"!=", OP_NE, 6},  {"<=", OP_LE, 7},     {">=", OP_GE, 7},
    {"|", OP_BIT_OR, 3}, {"^", OP_XOR, 4},  {"&", OP_BIT_AND, 5}, {"<", OP_LT, 7},
    {">", OP_GT, 7},     {"+", OP_ADD, 9},  {"-", OP_SUB, 9},     {"*", OP_MUL, 10},
    {"/", OP_DIV, 10},   {"%", OP_MOD, 10},
};

static long parse_assignment(struct arith *arith);

static void fail(struct arith *arith, const char *why)
{
    if (!arith->failed)
        shell_complain(arith->shell, "arithmetic: %s", why);
    arith->failed = true;
    arith->next = "";
}

static void skip_blanks(struct arith *arith)
{
    while (isspace((unsigned char)*arith->next))
        arith->next++;
}

static bool take(struct arith *arith, const char *text)
{
    skip_blanks(arith);
    if (strncmp(arith->next, text, strlen(text)))
        return false;
    arith->next += strlen(text);
    return true;
}

/* The binary operator that comes next (not one of assignment), or NULL. */
static const struct operator* peek_operator(struct arith *arith)
{
    skip_blanks(arith);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i].text);
        if (strncmp(arith->next, operators[i].text, n))
            continue;
        if (arith->next[n] == '=' && !strchr("=!<>", operators[i].text[0]))
            return NULL;
        if (arith->next[n] == '=' && (operators[i].op == OP_LEFT || operators[i].op == OP_RIGHT))
            return NULL;
        return &operators[i];
    }
    return NULL;
}

static long divide(struct arith *arith, enum op op, long a, long b)
{
    if (b == 0) {
        if (!arith->skipped)
            fail(arith, "division by zero");
        return 0;
    }
    if (b == -1)
        return op == OP_DIV ? (long)(0UL - (unsigned long)a) : 0;
    return op == OP_DIV ? a / b : a % b;
}

static long apply(struct arith *arith, enum op op, long a, long b)
{
    unsigned long ua = (unsigned long)a, ub = (unsigned long)b;

    switch (op) {
    case OP_OR:
        return a || b;
    case OP_AND:
        return a && b;
    case OP_BIT_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_BIT_AND:
        return a & b;
    case OP_EQ:
        return a == b;
    case OP_NE:
        return a != b;
    case OP_LT:
        return a < b;
    case OP_LE:
        return a <= b;
    case OP_GT:
        return a > b;
    case OP_GE:
        return a >= b;
    case OP_LEFT:
        return (long)(ua << (ub & 63));
    case OP_RIGHT:
        return a >> (ub & 63);
    case OP_ADD:
        return (long)(ua + ub);
    case OP_SUB:
        return (long)(ua - ub);
    case OP_MUL:
        return (long)(ua * ub);
    case OP_DIV:
    case OP_MOD:
        return divide(arith, op, a, b);
    case OP_NONE:
        return b;
    }
    return 0;
}

static long text_value(struct arith *arith, const char *text)
{
    struct arith inner = {.shell = arith->shell, .next = text, .depth = arith->depth + 1};
    long value;

    skip_blanks(&inner);
    if (!*inner.next)
        return 0;
    if (inner.depth > DEPTH_MAX) {
        fail(arith, "expression is nested too deeply");
        return 0;
    }
    value = parse_assignment(&inner);
    skip_blanks(&inner);
    if (*inner.next && !inner.failed)
        fail(&inner, "syntax error");
    if (inner.failed) {
        arith->failed = true;
        arith->next = "";
    }
    return value;
}

static long variable_value(struct arith *arith, const char *name)
{
    const char *value = vars_get(&arith->shell->vars, name);

    if (!value && arith->shell->nounset && !arith->skipped)
        fail(arith, "variable is not set");
    return value ? text_value(arith, value) : 0;
}

static void assign(struct arith *arith, const char *name, long value)
{
    struct arena *arena;
    struct buf text;

    if (arith->skipped || arith->failed)
        return;
    arena = arena_new();
    text = buf_new(arena);
    buf_printf(&text, "%ld", value);
    if (!vars_set(&arith->shell->vars, name, text.data))
        fail(arith, "variable is read-only");
    arena_drop(arena);
}

/* At an operator of assignment: take it. *op: what it computes besides (OP_NONE for =). */
static bool take_assignment(struct arith *arith, enum op *op)
{
    static const struct {
        const char *text;
        enum op op;
    } assignments[] = {{"<<=", OP_LEFT}, {">>=", OP_RIGHT}, {"+=", OP_ADD}, {"-=", OP_SUB},
                       {"*=", OP_MUL},   {"/=", OP_DIV},    {"%=", OP_MOD}, {"&=", OP_BIT_AND},
                       {"^=", OP_XOR},   {"|=", OP_BIT_OR}};

    for (size_t i = 0; i < sizeof assignments / sizeof *assignments; i++)
        if (take(arith, assignments[i].text)) {
            *op = assignments[i].op;
            return true;
        }
    *op = OP_NONE;
    skip_blanks(arith);
    return arith->next[0] == '=' && arith->next[1] != '=' && take(arith, "=");
}

static long parse_variable(struct arith *arith)
{
    size_t n = name_length(arith->next);
    struct arena *arena = arena_new();
    char *name = arena_strndup(arena, arith->next, n);
    enum op op;
    long value, old;

    arith->next += n;
    if (take_assignment(arith, &op)) {
        old = op == OP_NONE ? 0 : variable_value(arith, name);
        value = apply(arith, op, old, parse_assignment(arith));
        assign(arith, name, value);
    } else {
        value = variable_value(arith, name);
    }
    arena_drop(arena);
    return value;
}

static long parse_parentheses(struct arith *arith)
{
    long value;

    if (++arith->depth > DEPTH_MAX) {
        fail(arith, "expression is nested too deeply");
        return 0;
    }
    value = parse_assignment(arith);
    if (!take(arith, ")"))
        fail(arith, "missing )");
    arith->depth--;
    return value;
}

static long parse_number(struct arith *arith)
{
    char *end;
    long value = strtol(arith->next, &end, 0);

    if (end == arith->next || name_length(end) || isdigit((unsigned char)*end))
        fail(arith, "syntax error");
    else
        arith->next = end;
    return value;
}

static long parse_unary(struct arith *arith)
{
    skip_blanks(arith);
    if (*arith->next && strchr("-+!~", *arith->next)) {
        char c = *arith->next++;
        long value;

        if (++arith->depth > DEPTH_MAX * 4) {
            fail(arith, "expression is nested too deeply");
            return 0;
        }
        value = parse_unary(arith);
        arith->depth--;
        return c == '-'   ? (long)(0UL - (unsigned long)value)
               : c == '!' ? !value
               : c == '~' ? ~value
                          : value;
    }
    if (take(arith, "("))
        return parse_parentheses(arith);
    return name_length(arith->next) ? parse_variable(arith) : parse_number(arith);
}

static long parse_binary(struct arith *arith, int level)
{
    long value = parse_unary(arith), right;
    const struct operator* next;

    while (!arith->failed && (next = peek_operator(arith)) && next->level >= level) {
        bool skips = (next->op == OP_AND && !value) || (next->op == OP_OR && value);
        arith->next += strlen(next->text);
        arith->skipped += skips;
        right = parse_binary(arith, next->level + 1);
        arith->skipped -= skips;
        value = apply(arith, next->op, value, right);
    }
    return value;
}

static long parse_assignment(struct arith *arith)
{
    long condition = parse_binary(arith, 1), yes, no;

    if (!take(arith, "?"))
        return condition;
    arith->skipped += !condition;
    yes = parse_assignment(arith);
    arith->skipped -= !condition;
    if (!take(arith, ":"))
        fail(arith, "missing :");
    arith->skipped += !!condition;
    no = parse_assignment(arith);
    arith->skipped -= !!condition;
    return condition ? yes : no;
}

long arith_value(struct shell *shell, const char *text)
{
    struct arith arith = {.shell = shell, .next = ""};
    long value = text_value(&arith, text);

    shell->failed |= arith.failed;
    return arith.failed ? 0 : value;
}
