/* Texts that are no scripts, but in which parameters, commands and arithmetic are expanded: $PS1, $PS4,
 * $ENV. */
#include "apps/sh/parser.h"
#include "apps/sh/shell.h"

char *expand_text(struct shell *shell, struct arena *arena, const char *text)
{
    struct word word = {0};
    int status = shell->status, captured = shell->captured;
    bool xtrace = shell->xtrace, failed = shell->failed;
    char *result;

    if (!parse_text(arena, text, &word.parts))
        return arena_strdup(arena, text);
    shell->xtrace = shell->failed = false;
    result = expand_string(shell, arena, &word);
    if (shell->failed)
        result = arena_strdup(arena, text);
    shell->xtrace = xtrace;
    shell->failed = failed;
    shell->status = status;
    shell->captured = captured;
    return result;
}
