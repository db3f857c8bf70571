/* Functions of the script. A body lives in the arena of the command that defined it. */
#include <stdlib.h>
#include <string.h>

#include "apps/sh/shell.h"

#define CALLS_MAX 500

struct function *function_find(struct shell *shell, const char *name)
{
    struct function *function = shell->functions;

    while (function && strcmp(function->name, name))
        function = function->next;
    return function;
}

static void release(struct function *function)
{
    free(function->name);
    arena_drop(function->arena);
    free(function);
}

void function_unset(struct shell *shell, const char *name)
{
    struct function **link = &shell->functions, *found;

    while (*link && strcmp((*link)->name, name))
        link = &(*link)->next;
    if (!*link)
        return;
    found = *link;
    *link = found->next;
    release(found);
}

void function_define(struct shell *shell, const char *name, const struct node *body)
{
    struct function *function = malloc(sizeof *function);

    if (!function)
        exit(STATUS_MISUSE);
    arena_hold(shell->tree);
    function_unset(shell, name);
    *function = (struct function){shell->functions, must_strdup(name), body, shell->tree};
    shell->functions = function;
}

void functions_free(struct shell *shell)
{
    while (shell->functions) {
        struct function *next = shell->functions->next;
        release(shell->functions);
        shell->functions = next;
    }
}

/* The function may redefine or unset itself meanwhile. */
int function_call(struct shell *shell, struct function *function, int argc, char **argv)
{
    struct params params = shell->params;
    struct saved_var *mark = vars_mark(&shell->vars);
    struct arena *tree = shell->tree, *arena = function->arena;
    int loops = shell->loops, status;

    if (shell->calls >= CALLS_MAX) {
        shell_complain(shell, "%s: functions are nested too deeply", argv[0]);
        shell->jump = JUMP_ABORT;
        return STATUS_MISUSE;
    }
    arena_hold(arena);
    shell->tree = arena;
    shell->params = params_copy(argc - 1, argv + 1);
    shell->loops = 0;
    shell->calls++;
    status = exec_node(shell, function->body);
    if (shell->jump == JUMP_RETURN) {
        shell->jump = JUMP_NONE;
        status = shell->status;
    }
    shell->calls--;
    shell->loops = loops;
    params_free(&shell->params);
    shell->params = params;
    shell->tree = tree;
    vars_restore(&shell->vars, mark);
    arena_drop(arena);
    return status;
}
