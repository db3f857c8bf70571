/* The builtins about what words stand for: alias, unalias, hash. */
#include <string.h>

#include "apps/sh/shell.h"

static void print_alias(struct buf *out, const struct alias *alias)
{
    buf_str(out, alias->name);
    buf_char(out, '=');
    quote(out, alias->value);
    buf_char(out, '\n');
}

/* NAME=VALUE defines, NAME is shown. => false after a complaint. */
static bool define_or_show(struct shell *shell, char *word, struct buf *out)
{
    char *equals = strchr(word + (*word != 0), '=');
    const struct alias *alias = equals ? NULL : alias_find(&shell->aliases, word);

    if (equals) {
        *equals = 0;
        alias_set(&shell->aliases, word, equals + 1);
    } else if (alias) {
        print_alias(out, alias);
    } else {
        shell_complain(shell, "alias: %s not found", word);
    }
    return equals || alias;
}

int builtin_alias(struct shell *shell, int argc, char **argv)
{
    struct buf out = buf_new(arena_new());
    int status = 0, first = argc > 1 && !strcmp(argv[1], "--") ? 2 : 1;

    if (first >= argc)
        for (const struct alias *alias = shell->aliases.first; alias; alias = alias->next)
            print_alias(&out, alias);
    for (int i = first; i < argc; i++)
        if (!define_or_show(shell, argv[i], &out))
            status = 1;
    status |= builtin_print(shell, &out);
    arena_drop(out.arena);
    return status;
}

int builtin_unalias(struct shell *shell, int argc, char **argv)
{
    int status = 0;

    if (argc > 1 && !strcmp(argv[1], "-a")) {
        alias_remove_all(&shell->aliases);
        return 0;
    }
    for (int i = argc > 1 && !strcmp(argv[1], "--") ? 2 : 1; i < argc; i++)
        if (!alias_remove(&shell->aliases, argv[i])) {
            shell_complain(shell, "unalias: %s not found", argv[i]);
            status = 1;
        }
    return status;
}

/* This shell looks a program up each time, so there is nothing to show and nothing to forget; naming
 * one asks whether it would be found. */
int builtin_hash(struct shell *shell, int argc, char **argv)
{
    struct arena *arena = arena_new();
    int status = 0;

    for (int i = 1; i < argc; i++) {
        bool known = !strcmp(argv[i], "-r") || !strcmp(argv[i], "--") || builtin_find(argv[i]) ||
                     function_find(shell, argv[i]) || run_find(shell, argv[i], NULL, arena);

        if (!known) {
            shell_complain(shell, "hash: %s: not found", argv[i]);
            status = 1;
        }
    }
    arena_drop(arena);
    return status;
}
