/* expr EXPRESSION: its value, each operator and operand an argument of its own. | & compare + - * / % :
 * and ( ), and GNU's length, substr, index, match. Status 0, 1 if the value is null or zero, 2 wrong
 * expression. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/arena.h"

static char **next;
static struct arena *arena;
static unsigned skipped; /* levels of | and & whose value is not wanted: nothing is an error there */

static const char *parse_or(void);

static _Noreturn void fail(const char *words)
{
    app_say("%s", words);
    exit(2);
}

static bool take(const char *word)
{
    if (!*next || strcmp(*next, word))
        return false;
    next++;
    return true;
}

static const char *operand(void)
{
    if (!*next)
        fail("syntax error: an argument is missing");
    return *next++;
}

static const char *from_number(long long value)
{
    struct buf text = buf_new(arena);

    buf_printf(&text, "%lld", value);
    return text.data;
}

static bool is_number(const char *text, long long *value)
{
    const char *digits = text + (*text == '-');
    size_t n = strspn(digits, "0123456789");

    *value = 0;
    if (!n || digits[n])
        return false;
    for (; *digits; digits++) {
        int digit = *digits - '0';
        if (__builtin_mul_overflow(*value, 10, value) ||
            (*text == '-' ? __builtin_sub_overflow(*value, digit, value)
                          : __builtin_add_overflow(*value, digit, value)))
            fail("number out of range");
    }
    return true;
}

static bool is_null(const char *text)
{
    const char *digits = text + (*text == '-');

    return !*text || (*digits && strspn(digits, "0") == strlen(digits));
}

/* The first subexpression's part, or the number of characters that match at the start. */
static const char *match(const char *text, const char *pattern)
{
    regmatch_t found[2] = {{0}};
    regex_t regex;
    char why[128];
    bool matched;
    int error = regcomp(&regex, pattern, 0);

    if (error) {
        regerror(error, &regex, why, sizeof why);
        fail(why);
    }
    matched = !regexec(&regex, text, 2, found, 0) && found[0].rm_so == 0;
    if (regex.re_nsub == 0)
        text = from_number(matched ? found[0].rm_eo : 0);
    else if (!matched || found[1].rm_so < 0)
        text = "";
    else
        text = arena_strndup(arena, text + found[1].rm_so,
                             (size_t)(found[1].rm_eo - found[1].rm_so));
    regfree(&regex);
    return text;
}

static const char *substr(const char *text, const char *start, const char *count)
{
    long long first, n, len = (long long)strlen(text);

    if (!is_number(start, &first) || !is_number(count, &n) || first < 1 || n < 1 || first > len)
        return "";
    return arena_strndup(arena, text + first - 1, (size_t)(n > len - first ? len - first + 1 : n));
}

static const char *parse_primary(void)
{
    const char *value;

    if (take("(")) {
        value = parse_or();
        if (!take(")"))
            fail("syntax error: ) is missing");
        return value;
    }
    if (*next && next[1] && take("length"))
        return from_number((long long)strlen(parse_primary()));
    if (*next && next[1] && take("index")) {
        const char *text = parse_primary(), *set = parse_primary();
        size_t n = strcspn(text, set);
        return from_number(text[n] ? (long long)n + 1 : 0);
    }
    if (*next && next[1] && take("match")) {
        const char *text = parse_primary();
        return match(text, parse_primary());
    }
    if (*next && next[1] && take("substr")) {
        const char *text = parse_primary(), *start = parse_primary();
        return substr(text, start, parse_primary());
    }
    value = operand();
    if (!strcmp(value, ")"))
        fail("syntax error: unexpected )");
    return value;
}

static const char *parse_match(void)
{
    const char *value = parse_primary();

    while (take(":"))
        value = match(value, parse_primary());
    return value;
}

static const char *calculate(const char *a, char sign, const char *b)
{
    long long x, y, value = 0;
    bool overflow = false;

    if (skipped)
        return "";
    if (!is_number(a, &x) || !is_number(b, &y))
        fail("non-integer argument");
    if ((sign == '/' || sign == '%') && y == 0)
        fail("division by zero");
    if (sign == '+')
        overflow = __builtin_add_overflow(x, y, &value);
    else if (sign == '-')
        overflow = __builtin_sub_overflow(x, y, &value);
    else if (sign == '*')
        overflow = __builtin_mul_overflow(x, y, &value);
    else if (y == -1)
        overflow = sign == '/' && __builtin_sub_overflow(0, x, &value);
    else
        value = sign == '/' ? x / y : x % y;
    if (overflow)
        fail("number out of range");
    return from_number(value);
}

static const char *parse_product(void)
{
    const char *value = parse_match();

    while (*next && strlen(*next) == 1 && strchr("*/%", **next)) {
        char sign = **next++;
        value = calculate(value, sign, parse_match());
    }
    return value;
}

static const char *parse_sum(void)
{
    const char *value = parse_product();

    while (*next && strlen(*next) == 1 && strchr("+-", **next)) {
        char sign = **next++;
        value = calculate(value, sign, parse_product());
    }
    return value;
}

static int order(const char *a, const char *b)
{
    long long x, y;

    if (is_number(a, &x) && is_number(b, &y))
        return (x > y) - (x < y);
    return strcoll(a, b);
}

static const char *parse_comparison(void)
{
    static const char *const signs[] = {"<", "<=", "=", "==", "!=", ">=", ">"};
    const char *value = parse_sum();

    for (size_t i = 0; i < sizeof signs / sizeof *signs;) {
        const char *sign = signs[i++], *other;
        int is;
        if (!take(sign))
            continue;
        other = parse_sum();
        is = order(value, other);
        value = (is < 0 ? *sign == '<' || *sign == '!'
                 : is   ? *sign == '>' || *sign == '!'
                        : *sign == '=' || (*sign != '!' && sign[1]))
                    ? "1"
                    : "0";
        i = 0;
    }
    return value;
}

static const char *parse_and(void)
{
    const char *value = parse_comparison();

    while (take("&")) {
        const char *other;
        bool skip = is_null(value);
        skipped += skip;
        other = parse_comparison();
        skipped -= skip;
        value = skip || is_null(other) ? "0" : value;
    }
    return value;
}

static const char *parse_or(void)
{
    const char *value = parse_and();

    while (take("|")) {
        const char *other;
        bool skip = !is_null(value);
        skipped += skip;
        other = parse_and();
        skipped -= skip;
        value = skip ? value : is_null(other) ? "0" : other;
    }
    return value;
}

int main(int argc, char **argv)
{
    const char *value;
    int status;

    app_start(argv);
    app_trouble(3);
    next = argv + 1;
    take("--");
    if (!*next)
        app_usage("EXPRESSION");
    arena = arena_new();
    value = parse_or();
    if (*next)
        fail("syntax error: unexpected argument");
    puts(value);
    status = is_null(value);
    arena_drop(arena);
    return app_finish(status);
}
