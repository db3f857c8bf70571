/* Runs syntax trees. Every function returns the status of what it ran and leaves it in $?;
 * shell->jump tells whether commands are being skipped (break, return, ...). */
#include <string.h>
#include <unistd.h>

#include "apps/sh/pattern.h"
#include "apps/sh/shell.h"

int exec_check_errexit(struct shell *shell, int status)
{
    shell->status = status;
    if (status && shell->errexit && !shell->unchecked && !shell->jump)
        shell_exit(shell, status);
    return status;
}

/* Give up the command line in progress; a shell that reads a script ends. */
static int give_up(struct shell *shell)
{
    shell->failed = false;
    shell->jump = JUMP_ABORT;
    return shell->status = STATUS_MISUSE;
}

/* How long assignments in front of a command last. */
enum lasting { FOR_GOOD, FOR_COMMAND };

/* traced: for `set -x`, gets their text; or NULL. => false with shell->failed. */
static bool apply_assigns(struct shell *shell, const struct assign *assign, struct arena *arena,
                          enum lasting lasting, struct buf *traced)
{
    for (; assign; assign = assign->next) {
        char *value = expand_assigned(shell, arena, assign->value);

        if (shell->failed)
            return false;
        if (lasting == FOR_COMMAND)
            vars_save(&shell->vars, assign->name);
        if (!vars_set(&shell->vars, assign->name, value)) {
            shell_complain(shell, "%s: is read-only", assign->name);
            shell->failed = true;
            return false;
        }
        if (shell->xtrace) {
            buf_str(traced, traced->len ? " " : "");
            buf_str(traced, assign->name);
            buf_char(traced, '=');
            buf_str(traced, value);
        }
        if (lasting == FOR_COMMAND)
            vars_find(&shell->vars, assign->name)->exported = true;
    }
    return true;
}

/* `set -x`: what is about to run. */
static void trace(struct shell *shell, struct buf *line, const struct strings *argv)
{
    const char *ps4 = vars_get(&shell->vars, "PS4");
    struct buf all = buf_new(argv->arena);

    if (!shell->xtrace)
        return;
    for (size_t i = 0; i < argv->count; i++) {
        buf_str(line, line->len ? " " : "");
        buf_str(line, argv->items[i]);
    }
    buf_str(&all, expand_text(shell, argv->arena, ps4 ? ps4 : ""));
    buf_str(&all, line->data);
    buf_char(&all, '\n');
    if (write(2, all.data, all.len) < 0)
        return;
}

static int exec_program(struct shell *shell, struct strings *argv, const char *path)
{
    struct job *job = job_new(shell, 1, argv->items[0], true);
    pid_t pid = job_fork(shell, job);
    int status;

    if (pid == 0)
        run_program_in(shell, path, argv->items, vars_environment(&shell->vars, arena_new()));
    status = job_wait(shell, job);
    return pid > 0 ? status : STATUS_NOT_EXECUTABLE;
}

int exec_argv(struct shell *shell, struct strings *argv, bool functions, const char *path)
{
    const struct builtin *builtin = builtin_find(argv->items[0]);
    struct function *function = functions ? function_find(shell, argv->items[0]) : NULL;
    int status;

    if (function && !(builtin && builtin->special))
        return function_call(shell, function, (int)argv->count, argv->items);
    if (!builtin)
        return exec_program(shell, argv, path);
    status = builtin->run(shell, (int)argv->count, argv->items);
    if (!functions)
        shell->failed = false; /* under `command` a special builtin's errors end nothing */
    return status;
}

/* Assignments, perhaps redirections, no command. */
static int exec_assigns(struct shell *shell, const struct node *node, struct strings *argv)
{
    struct saved_fds *saved = NULL;
    struct buf traced = buf_new(argv->arena);
    bool redirected;

    if (!apply_assigns(shell, node->assigns, argv->arena, FOR_GOOD, &traced))
        return give_up(shell);
    if (node->assigns)
        trace(shell, &traced, argv);
    redirected = redir_apply(shell, node->redirs, argv->arena, &saved);
    redir_restore(saved);
    return redirected ? shell->captured : STATUS_MISUSE;
}

/* `exec`, also behind `command`: its redirections stay. */
static bool keeps_fds(const struct strings *argv)
{
    size_t i = 0;

    while (!strcmp(argv->items[i], "command") && argv->items[i + 1])
        for (i++; argv->items[i + 1] && argv->items[i][0] == '-'; i++)
            if (strcmp(argv->items[i], "-p") && strcmp(argv->items[i], "--"))
                return false;
    return !strcmp(argv->items[i], "exec");
}

/* A builtin or a function: what redirections and assignments change has to be undone. */
static int exec_inside(struct shell *shell, const struct node *node, struct strings *argv,
                       const struct builtin *builtin)
{
    struct saved_var *mark = vars_mark(&shell->vars);
    bool special = builtin && builtin->special;
    struct saved_fds *saved = NULL;
    struct buf traced = buf_new(argv->arena);
    int status = STATUS_MISUSE;

    if (apply_assigns(shell, node->assigns, argv->arena, special ? FOR_GOOD : FOR_COMMAND, &traced)) {
        trace(shell, &traced, argv);
        if (redir_apply(shell, node->redirs, argv->arena, keeps_fds(argv) ? NULL : &saved))
            status = exec_argv(shell, argv, true, NULL);
        else if (special && !shell->interactive)
            shell->failed = true;
    }
    redir_restore(saved);
    if (!special)
        vars_restore(&shell->vars, mark);
    return status;
}

/* In a process of its own: apply redirections for good and become the program. */
static _Noreturn void become_program(struct shell *shell, const struct node *node,
                                     struct strings *argv, char **targets)
{
    if (!redir_apply_to(shell, node->redirs, targets, argv->arena, NULL))
        _exit(STATUS_MISUSE);
    run_program(shell, argv->items, vars_environment(&shell->vars, arena_new()));
}

static int fork_outside(struct shell *shell, const struct node *node, struct strings *argv,
                        char **targets)
{
    struct job *job = job_new(shell, 1, node->source ? node->source : argv->items[0], true);
    pid_t pid = job_fork(shell, job);
    int status;

    if (pid == 0)
        become_program(shell, node, argv, targets);
    status = job_wait(shell, job);
    return pid > 0 ? status : STATUS_NOT_EXECUTABLE;
}

static int exec_outside(struct shell *shell, const struct node *node, struct strings *argv,
                        bool own_process)
{
    struct saved_var *mark = vars_mark(&shell->vars);
    struct buf traced = buf_new(argv->arena);
    char **targets = redir_targets(shell, node->redirs, argv->arena);
    int status = STATUS_MISUSE;

    if (targets && apply_assigns(shell, node->assigns, argv->arena, FOR_COMMAND, &traced)) {
        trace(shell, &traced, argv);
        if (own_process && !trap_is_set() && !shell->job_control)
            become_program(shell, node, argv, targets);
        status = fork_outside(shell, node, argv, targets);
    }
    vars_restore(&shell->vars, mark);
    return status;
}

static int exec_words(struct shell *shell, const struct node *node, struct strings *argv,
                      bool own_process)
{
    const struct builtin *builtin = builtin_find(argv->items[0]);

    if (builtin || function_find(shell, argv->items[0]))
        return exec_inside(shell, node, argv, builtin);
    return exec_outside(shell, node, argv, own_process);
}

static int exec_simple(struct shell *shell, const struct node *node, bool own_process)
{
    struct strings argv = {.arena = arena_new()};
    int status;

    shell->captured = 0;
    shell->line = node->line;
    for (const struct word *word = node->words; word; word = word->next)
        expand_fields(shell, &argv, word);
    strings_end(&argv);
    if (shell->failed)
        status = give_up(shell);
    else if (argv.count)
        status = exec_words(shell, node, &argv, own_process);
    else
        status = exec_assigns(shell, node, &argv);
    arena_drop(argv.arena);
    if (shell->failed)
        status = give_up(shell);
    return exec_check_errexit(shell, status);
}

static int exec_list(struct shell *shell, const struct node *element)
{
    int status = 0;

    for (; element; element = element->next) {
        status = exec_node(shell, element);
        trap_run_pending(shell);
        if (shell->jump)
            break;
    }
    return status;
}

static int exec_condition(struct shell *shell, const struct node *node)
{
    int status;

    shell->unchecked++;
    status = exec_node(shell, node);
    shell->unchecked--;
    return status;
}

static int exec_if(struct shell *shell, const struct node *node)
{
    int status = exec_condition(shell, node->left);

    if (shell->jump)
        return status;
    if (status == 0)
        return exec_node(shell, node->right);
    return node->other ? exec_node(shell, node->other) : 0;
}

/* After a body: whether to leave this loop. */
static bool leaves_loop(struct shell *shell)
{
    bool leaves = shell->jump != JUMP_CONTINUE;

    trap_run_pending(shell);
    if (shell->jump == JUMP_NONE)
        return false;
    if (shell->jump != JUMP_BREAK && shell->jump != JUMP_CONTINUE)
        return true;
    if (--shell->jump_levels > 0)
        return true;
    shell->jump = JUMP_NONE;
    return leaves;
}

static int exec_while(struct shell *shell, const struct node *node)
{
    bool until = node->kind == NODE_UNTIL;
    int status = 0;

    for (;;) {
        bool ends = (exec_condition(shell, node->left) != 0) != until;
        if (shell->jump) {
            if (leaves_loop(shell))
                break;
            continue;
        }
        if (ends)
            break;
        status = exec_node(shell, node->right);
        if (leaves_loop(shell))
            break;
    }
    return status;
}

static int for_each(struct shell *shell, const struct node *node, const struct strings *items)
{
    int status = 0;

    for (size_t i = 0; i < items->count; i++) {
        if (!vars_set(&shell->vars, node->name, items->items[i])) {
            shell_complain(shell, "%s: is read-only", node->name);
            return give_up(shell);
        }
        status = exec_node(shell, node->right);
        if (leaves_loop(shell))
            break;
    }
    return status;
}

static int exec_for(struct shell *shell, const struct node *node)
{
    struct strings items = {.arena = arena_new()};
    int status;

    for (const struct word *word = node->words; word; word = word->next)
        expand_fields(shell, &items, word);
    for (int i = 0; !node->has_words && i < shell->params.count; i++)
        strings_add(&items, arena_strdup(items.arena, shell->params.items[i]));
    status = shell->failed ? give_up(shell) : for_each(shell, node, &items);
    arena_drop(items.arena);
    return status;
}

static bool item_matches(struct shell *shell, const struct case_item *item, const char *subject,
                         struct arena *arena)
{
    for (const struct word *word = item->patterns; word; word = word->next)
        if (pattern_matches(expand_pattern(shell, arena, word), subject))
            return true;
    return false;
}

static int exec_case(struct shell *shell, const struct node *node)
{
    struct arena *arena = arena_new();
    char *subject = expand_string(shell, arena, node->words);
    const struct case_item *item = node->items;
    int status = 0;

    while (item && !shell->failed && !item_matches(shell, item, subject, arena))
        item = item->next;
    arena_drop(arena);
    if (shell->failed)
        return give_up(shell);
    if (item && item->body)
        status = exec_node(shell, item->body);
    return status;
}

static int exec_loop(struct shell *shell, const struct node *node)
{
    int status;

    shell->loops++;
    status = node->kind == NODE_FOR ? exec_for(shell, node) : exec_while(shell, node);
    shell->loops--;
    return status;
}

static int exec_compound(struct shell *shell, const struct node *node)
{
    switch (node->kind) {
    case NODE_GROUP:
    case NODE_SUBSHELL:
        return exec_node(shell, node->left);
    case NODE_IF:
        return exec_if(shell, node);
    case NODE_WHILE:
    case NODE_UNTIL:
    case NODE_FOR:
        return exec_loop(shell, node);
    case NODE_CASE:
        return exec_case(shell, node);
    default:
        return 0;
    }
}

static int exec_redirected(struct shell *shell, const struct node *node)
{
    struct arena *arena;
    struct saved_fds *saved = NULL;
    int status = STATUS_MISUSE;

    if (!node->redirs)
        return shell->status = exec_compound(shell, node);
    arena = arena_new();
    if (redir_apply(shell, node->redirs, arena, &saved))
        status = exec_compound(shell, node);
    redir_restore(saved);
    arena_drop(arena);
    if (shell->failed)
        return give_up(shell);
    return shell->status = status;
}

static int exec_and_or(struct shell *shell, const struct node *node)
{
    int status = exec_condition(shell, node->left);

    if (shell->jump || (status == 0) != (node->kind == NODE_AND))
        return status;
    return exec_node(shell, node->right);
}

static int exec_not(struct shell *shell, const struct node *node)
{
    int status = exec_condition(shell, node->left);

    return shell->jump ? status : (shell->status = !status);
}

int exec_node(struct shell *shell, const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        return exec_simple(shell, node, false);
    case NODE_PIPE:
        return exec_pipe(shell, node);
    case NODE_NOT:
        return exec_not(shell, node);
    case NODE_AND:
    case NODE_OR:
        return exec_and_or(shell, node);
    case NODE_LIST:
        return exec_list(shell, node->left);
    case NODE_BACKGROUND:
        return exec_background(shell, node);
    case NODE_SUBSHELL:
        return exec_subshell(shell, node);
    case NODE_FUNCTION:
        function_define(shell, node->name, node->right);
        return shell->status = 0;
    default:
        return exec_redirected(shell, node);
    }
}

/* The last element of a list may be the last thing that the shell does. */
static int exec_last_of_list(struct shell *shell, const struct node *element)
{
    for (; element->next; element = element->next) {
        int status = exec_node(shell, element);

        trap_run_pending(shell);
        if (shell->jump)
            return status;
    }
    return exec_last(shell, element);
}

static int exec_last_and_or(struct shell *shell, const struct node *node)
{
    int status = exec_condition(shell, node->left);

    if (shell->jump || (status == 0) != (node->kind == NODE_AND))
        return status;
    return exec_last(shell, node->right);
}

int exec_last(struct shell *shell, const struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        return exec_simple(shell, node, true);
    case NODE_LIST:
        return exec_last_of_list(shell, node->left);
    case NODE_AND:
    case NODE_OR:
        return exec_last_and_or(shell, node);
    case NODE_GROUP:
        return node->redirs ? exec_node(shell, node) : exec_last(shell, node->left);
    default:
        return exec_node(shell, node);
    }
}

_Noreturn void exec_in_child(struct shell *shell, const struct node *node)
{
    int status;

    shell->loops = 0;
    if (node->kind == NODE_SUBSHELL && node->redirs)
        status = exec_redirected(shell, node);
    else
        status = exec_last(shell, node->kind == NODE_SUBSHELL ? node->left : node);
    shell_exit(shell, shell->jump ? shell->status : status);
}
