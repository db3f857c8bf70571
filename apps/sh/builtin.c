/* The table of builtins, and those that control what runs next. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/signals.h"
#include "apps/sh/parser.h"
#include "apps/sh/shell.h"

static const struct builtin builtins[] = {
#define X(name, function, special) {name, builtin_##function, special},
    BUILTINS_NAMES(X) BUILTINS_CONTROL(X) BUILTINS_VARS(X) BUILTINS_SYSTEM(X)
#undef X
};

const struct builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (!strcmp(builtins[i].name, name))
            return &builtins[i];
    return NULL;
}

const char *builtin_name(size_t number)
{
    return number < sizeof builtins / sizeof *builtins ? builtins[number].name : NULL;
}

int builtin_print(struct shell *shell, const struct buf *text)
{
    for (size_t done = 0; done < text->len;) {
        ssize_t n = write(1, text->data + done, text->len - done);
        if (n < 0 && errno == EINTR && !trap_pending_signal())
            continue;
        if (n <= 0) {
            shell_complain(shell, "write: %s", strerror(errno));
            return 1;
        }
        done += (size_t)n;
    }
    return 0;
}

int builtin_colon(struct shell *shell, int argc, char **argv)
{
    return 0;
}

int builtin_false(struct shell *shell, int argc, char **argv)
{
    return 1;
}

/* The number that argv[1] is, `standard` without one; complains and returns false otherwise. */
static bool number_argument(struct shell *shell, char **argv, long least, long standard,
                            long *value)
{
    char *end;

    *value = standard;
    if (!argv[1])
        return true;
    *value = strtol(argv[1], &end, 10);
    if (*argv[1] && !*end && *value >= least)
        return true;
    shell_complain(shell, "%s: bad number: %s", argv[0], argv[1]);
    return false;
}

static int leave_loops(struct shell *shell, char **argv, enum jump jump)
{
    long levels;

    if (!number_argument(shell, argv, 1, 1, &levels))
        return STATUS_MISUSE;
    if (!shell->loops)
        return 0;
    shell->jump = jump;
    shell->jump_levels = levels < shell->loops ? (int)levels : shell->loops;
    return 0;
}

int builtin_break(struct shell *shell, int argc, char **argv)
{
    return leave_loops(shell, argv, JUMP_BREAK);
}

int builtin_continue(struct shell *shell, int argc, char **argv)
{
    return leave_loops(shell, argv, JUMP_CONTINUE);
}

int builtin_return(struct shell *shell, int argc, char **argv)
{
    long status;

    if (!number_argument(shell, argv, 0, shell->status, &status))
        return STATUS_MISUSE;
    shell->jump = JUMP_RETURN;
    return (int)(status & 255);
}

int builtin_exit(struct shell *shell, int argc, char **argv)
{
    long status;

    if (!number_argument(shell, argv, 0, shell->status, &status))
        status = STATUS_MISUSE;
    shell_exit(shell, (int)(status & 255));
}

int builtin_eval(struct shell *shell, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct buf text = buf_new(arena);
    int status;

    for (int i = 1; i < argc; i++) {
        buf_str(&text, argv[i]);
        buf_char(&text, i + 1 < argc ? ' ' : '\n');
    }
    status = shell_run_text(shell, text.data);
    arena_drop(arena);
    return status;
}

/* The script to read: as named, or found in PATH. */
static char *find_script(struct shell *shell, const char *name, struct arena *arena)
{
    const char *dirs = vars_get(&shell->vars, "PATH");

    for (; dirs && !strchr(name, '/'); dirs++) {
        size_t n = strcspn(dirs, ":");
        struct buf path = buf_new(arena);

        buf_add(&path, dirs, n);
        buf_str(&path, n ? "/" : "");
        buf_str(&path, name);
        if (!access(path.data, R_OK))
            return path.data;
        dirs += n;
        if (!*dirs)
            break;
    }
    return arena_strdup(arena, name);
}

int builtin_dot(struct shell *shell, int argc, char **argv)
{
    struct arena *arena;
    int loops = shell->loops;
    bool found;

    if (argc < 2) {
        shell_complain(shell, ".: which file?");
        return STATUS_MISUSE;
    }
    arena = arena_new();
    shell->loops = 0;
    found = shell_run_file(shell, find_script(shell, argv[1], arena));
    shell->loops = loops;
    arena_drop(arena);
    if (shell->jump == JUMP_RETURN)
        shell->jump = JUMP_NONE;
    if (found)
        return shell->status;
    shell_complain(shell, "%s: %s", argv[1], strerror(errno));
    shell->failed = !shell->interactive;
    return STATUS_NOT_FOUND;
}

int builtin_exec(struct shell *shell, int argc, char **argv)
{
    if (argc < 2)
        return 0;
    if (shell->interactive) {
        struct arena *arena = arena_new();
        bool found = run_find(shell, argv[1], NULL, arena);
        arena_drop(arena);
        if (!found) {
            shell_complain(shell, "exec: %s: not found", argv[1]);
            return STATUS_NOT_FOUND;
        }
    }
    run_program(shell, argv + 1, vars_environment(&shell->vars, arena_new()));
}

static void list_traps(struct buf *out)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (!trap_listed(i))
            continue;
        buf_str(out, "trap -- ");
        quote(out, trap_listed(i));
        buf_printf(out, " %s\n", signal_name(i));
    }
}

/* trap [ACTION] SIGNAL...: "-" or no action (a number comes first) restores the default. */
int builtin_trap(struct shell *shell, int argc, char **argv)
{
    const char *action;
    int first, status = 0;

    if (argc > 1 && !strcmp(argv[1], "--")) {
        argc--;
        argv++;
    }
    if (argc < 2) {
        struct arena *arena = arena_new();
        struct buf out = buf_new(arena);
        list_traps(&out);
        status = builtin_print(shell, &out);
        arena_drop(arena);
        return status;
    }
    action = strcmp(argv[1], "-") && !(*argv[1] >= '0' && *argv[1] <= '9') ? argv[1] : NULL;
    first = *argv[1] >= '0' && *argv[1] <= '9' ? 1 : 2;
    for (int i = first; i < argc; i++)
        if (!trap_set(shell, signal_number(argv[i]), action)) {
            shell_complain(shell, "trap: %s: bad signal", argv[i]);
            status = 1;
        }
    return status;
}

/* What `name` would run; path: where programs are looked for, NULL: in PATH. */
static bool describe(struct shell *shell, const char *name, const char *path, bool verbose,
                     struct buf *out)
{
    const struct alias *alias = alias_find(&shell->aliases, name);
    const struct builtin *builtin = builtin_find(name);
    const char *kind = NULL, *found;

    if (is_keyword(name))
        kind = "a shell keyword";
    else if (function_find(shell, name))
        kind = "a shell function";
    else if (builtin)
        kind = builtin->special ? "a special shell builtin" : "a shell builtin";
    found = kind ? name : run_find(shell, name, path, out->arena);
    if (alias && !is_keyword(name)) {
        buf_str(out, verbose ? "" : "alias ");
        buf_str(out, name);
        buf_str(out, verbose ? " is an alias for " : "=");
        verbose ? buf_str(out, alias->value) : quote(out, alias->value);
        buf_char(out, '\n');
        return true;
    }
    if (!found)
        return false;
    if (verbose)
        buf_printf(out, "%s is ", name);
    buf_str(out, verbose && kind ? kind : found);
    buf_char(out, '\n');
    return true;
}

static int describe_all(struct shell *shell, char **names, const char *path, bool verbose)
{
    struct arena *arena = arena_new();
    struct buf out = buf_new(arena);
    int status = 0;

    for (; *names; names++)
        if (!describe(shell, *names, path, verbose, &out)) {
            if (verbose)
                shell_complain(shell, "%s: not found", *names);
            status = STATUS_NOT_FOUND;
        }
    status = builtin_print(shell, &out) ? 1 : status;
    arena_drop(arena);
    return status;
}

int builtin_type(struct shell *shell, int argc, char **argv)
{
    return describe_all(shell, argv + 1, NULL, true);
}

/* The options of `command`. => index behind them, -1 after a complaint. */
static int command_options(struct shell *shell, int argc, char **argv, const char **path,
                           char *describes)
{
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        for (const char *letter = argv[i] + 1; *letter; letter++)
            if (*letter == 'p') {
                *path = STANDARD_PATH;
            } else if (*letter == 'v' || *letter == 'V') {
                *describes = *letter;
            } else {
                shell_complain(shell, "command: unknown option: %s", argv[i]);
                return -1;
            }
    }
    return i;
}

/* command [-p] [-v | -V] NAME...: no functions. */
int builtin_command(struct shell *shell, int argc, char **argv)
{
    struct strings rest = {0};
    const char *path = NULL;
    char describes = 0;
    int i = command_options(shell, argc, argv, &path, &describes), status = 0;

    if (i < 0)
        return STATUS_MISUSE;
    if (describes)
        return describe_all(shell, argv + i, path, describes == 'V');
    rest.arena = arena_new();
    while (i < argc)
        strings_add(&rest, argv[i++]);
    strings_end(&rest);
    if (rest.count)
        status = exec_argv(shell, &rest, false, path);
    arena_drop(rest.arena);
    return status;
}
