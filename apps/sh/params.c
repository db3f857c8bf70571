/* Values of parameters, and cutting them. */
#include "apps/sh/params.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apps/sh/pattern.h"

static const char *special_value(const struct shell *shell, char name, struct buf *text)
{
    switch (name) {
    case '?':
        buf_printf(text, "%d", shell->status);
        return text->data;
    case '$':
        buf_printf(text, "%ld", (long)shell->pid);
        return text->data;
    case '#':
        buf_printf(text, "%d", shell->params.count);
        return text->data;
    case '!':
        buf_printf(text, "%ld", (long)shell->last_background);
        return shell->last_background ? text->data : NULL;
    case '-':
        return option_letters(shell, text);
    default:
        return NULL;
    }
}

const char *param_value(struct shell *shell, const char *name, struct arena *arena)
{
    struct buf text = buf_new(arena);
    long n;

    if (!strcmp(name, "LINENO")) {
        buf_printf(&text, "%u", shell->line);
        return text.data;
    }
    if (isalpha((unsigned char)*name) || *name == '_')
        return vars_get(&shell->vars, name);
    if (!isdigit((unsigned char)*name))
        return special_value(shell, *name, &text);
    n = strtol(name, NULL, 10);
    if (n == 0)
        return shell->name;
    return n <= shell->params.count ? shell->params.items[n - 1] : NULL;
}

static const char *cut_suffix(struct arena *arena, const char *value, const char *pattern,
                              bool longest)
{
    size_t len = strlen(value);

    for (size_t i = 0; i <= len; i++) {
        size_t at = longest ? i : len - i;
        if (pattern_matches(pattern, value + at))
            return arena_strndup(arena, value, at);
    }
    return value;
}

static const char *cut_prefix(struct arena *arena, const char *value, const char *pattern,
                              bool longest)
{
    size_t len = strlen(value);
    char *prefix = arena_strdup(arena, value);

    for (size_t i = 0; i <= len; i++) {
        size_t n = longest ? len - i : i;
        memcpy(prefix, value, n);
        prefix[n] = 0;
        if (pattern_matches(pattern, prefix))
            return value + n;
    }
    return value;
}

const char *param_cut(struct arena *arena, const char *value, const char *pattern, enum param_op op)
{
    if (op == PARAM_CUT_SUFFIX || op == PARAM_CUT_SUFFIX_LONG)
        return cut_suffix(arena, value, pattern, op == PARAM_CUT_SUFFIX_LONG);
    return cut_prefix(arena, value, pattern, op == PARAM_CUT_PREFIX_LONG);
}
