/* The shell: options, where commands come from, prompts, and its end.
 *
 * sh [-efux] [-i] [-c COMMANDS [NAME [ARGUMENT...]] | FILE [ARGUMENT...]] */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/sh/keyboard.h"
#include "apps/sh/parser.h"
#include "apps/sh/shell.h"

extern char **environ;

void shell_complain(struct shell *shell, const char *format, ...)
{
    char text[PATH_MAX];
    va_list args;
    int n = snprintf(text, sizeof text, "%s: ", shell->name);

    va_start(args, format);
    n += vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    if (n > (int)sizeof text - 2)
        n = (int)sizeof text - 2;
    text[n] = '\n';
    if (write(2, text, (size_t)n + 1) < 0)
        return;
}

void shell_tell(int fd, const char *format, ...)
{
    char text[PATH_MAX];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > (int)sizeof text - 1)
        n = (int)sizeof text - 1;
    if (write(fd, text, (size_t)n) < 0)
        return;
}

_Noreturn void shell_exit(struct shell *shell, int status)
{
    shell->status = status;
    trap_run_exit(shell);
    if (shell->is_child)
        _exit(status);
    keyboard_stop(shell);
    job_forget_all(shell);
    functions_free(shell);
    alias_remove_all(&shell->aliases);
    params_free(&shell->params);
    vars_free(&shell->vars);
    exit(status);
}

/* Nothing but blanks and newlines is left of a text that is there as a whole. */
static bool is_at_end(const struct source *source)
{
    size_t at = source->pos;

    while (at < source->len && strchr(" \t\n", source->text[at]))
        at++;
    return at == source->len && !source->more;
}

/* Run what was parsed; `last`: the shell ends with it. */
static void run_tree(struct shell *shell, const struct node *tree, struct arena *arena, bool last)
{
    struct arena *outer = shell->tree;

    shell->tree = arena;
    if (last)
        exec_last(shell, tree);
    else
        exec_node(shell, tree);
    shell->tree = outer;
}

/* `set -v`: the text that was read. */
static void show_input(const struct source *source, size_t start)
{
    if (source->pos > start && write(2, source->text + start, source->pos - start) < 0)
        return;
}

/* Parse and run one command. *ran: there was one; last: the shell ends behind the source.
 * => false at the end, or after an error. */
static bool run_one(struct shell *shell, struct source *source, bool last, bool *ran)
{
    struct arena *arena = arena_new();
    const char *message;
    struct node *tree;
    enum parse_result result;
    size_t start;

    source_discard_read(source);
    source->aliases = &shell->aliases;
    start = source->pos;
    result = parse_command(source, arena, &tree, &message);
    if (shell->verbose && source->is_input)
        show_input(source, start);

    if (result == PARSE_ERROR && !shell->interrupted) {
        shell_complain(shell, "line %u: %s", source->line, message);
        shell->status = STATUS_MISUSE;
        shell->jump = JUMP_ABORT;
    } else if (result == PARSE_OK && tree && (!shell->noexec || shell->interactive)) {
        *ran = true;
        run_tree(shell, tree, arena, last && is_at_end(source));
    }
    arena_drop(arena);
    trap_run_pending(shell);
    return result == PARSE_OK && !shell->jump;
}

static int run_source(struct shell *shell, struct source *source, bool last)
{
    bool ran = false;

    while (run_one(shell, source, last, &ran))
        ;
    if (!ran && !shell->jump)
        shell->status = 0;
    return shell->status;
}

int shell_run_source(struct shell *shell, struct source *source)
{
    return run_source(shell, source, false);
}

static int run_text(struct shell *shell, const char *text, bool last)
{
    struct source source = source_of_text(text, strlen(text));
    int status = run_source(shell, &source, last);

    source_free(&source);
    return status;
}

int shell_run_text(struct shell *shell, const char *text)
{
    return run_text(shell, text, false);
}

bool shell_run_file(struct shell *shell, const char *path)
{
    struct source source = {.line = 1, .is_input = true};
    char piece[1024];
    ssize_t n;
    int fd = open(path, O_RDONLY);

    if (fd < 0)
        return false;
    fd = redir_move_away(fd);
    while ((n = read(fd, piece, sizeof piece)) > 0)
        source_append(&source, piece, (size_t)n);
    close(fd);
    if (n == 0)
        shell_run_source(shell, &source);
    source_free(&source);
    return n == 0;
}

/* A line of a script on standard input; what follows it stays for the commands. */
static bool read_script_line(struct source *source)
{
    char c;
    ssize_t n;

    while ((n = read(0, &c, 1)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n < 0)
            continue;
        source_append(source, &c, 1);
        if (c == '\n')
            return true;
    }
    return false;
}

static char *prompt_text(struct shell *shell, struct arena *arena, bool continued)
{
    const char *text = vars_get(&shell->vars, continued ? "PS2" : "PS1");

    return expand_text(shell, arena, text ? text : "");
}

/* With the line editor. */
static bool read_edited_line(struct shell *shell, struct source *source)
{
    struct arena *arena = arena_new();
    enum keyboard_result result =
        keyboard_read(shell, prompt_text(shell, arena, source->continued));
    const struct editline *line = &shell->keyboard->edit.line;

    arena_drop(arena);
    shell->interrupted = result == KEYBOARD_GIVEN_UP;
    if (result != KEYBOARD_LINE)
        return false;
    source_append(source, line->text, line->len);
    source_append(source, "\n", 1);
    return true;
}

static bool show_prompt(struct shell *shell, bool continued)
{
    struct arena *arena = arena_new();
    const char *text = prompt_text(shell, arena, continued);
    bool shown = write(2, text, strlen(text)) >= 0;

    arena_drop(arena);
    return shown;
}

/* As the terminal gives it. */
static bool read_plain_line(struct shell *shell, struct source *source)
{
    char line[1024];
    ssize_t n = -1;

    if (!show_prompt(shell, source->continued))
        return false;
    if (!isatty(0))
        return read_script_line(source);
    do {
        enum wait wait = trap_wait_readable(0);

        shell->interrupted = wait == WAIT_SIGNAL;
        if (shell->interrupted)
            return false;
        if (wait == WAIT_READABLE)
            n = read(0, line, sizeof line);
        else
            errno = EINTR;
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        source_append(source, line, (size_t)n);
    return n > 0;
}

static bool read_typed_line(struct source *source)
{
    struct shell *shell = source->context;

    if (!source->continued)
        job_poll(shell);
    return shell->keyboard ? read_edited_line(shell, source) : read_plain_line(shell, source);
}

/* Commands from the terminal, until its end. */
static int run_interactive(struct shell *shell)
{
    struct source source = {.more = read_typed_line, .context = shell, .line = 1, .is_input = true};

    for (;;) {
        shell_run_source(shell, &source);
        if (shell->jump == JUMP_NONE && !shell->interrupted) {
            if (!shell->ignoreeof || !isatty(0))
                break;
            shell_tell(2, "leave with exit\n");
        }
        if (shell->interrupted)
            shell->status = STATUS_SIGNAL + (trap_pending_signal() ? trap_pending_signal() : SIGINT);
        trap_run_pending(shell);
        if (shell->interrupted && !shell->keyboard && write(2, "\n", 1) < 0)
            break;
        shell->jump = JUMP_NONE;
        shell->interrupted = shell->failed = source.ended = false;
        shell->loops = shell->calls = shell->unchecked = 0;
        source.pos = source.len;
    }
    source_free(&source);
    if (!shell->keyboard && isatty(0) && write(2, "\n", 1) < 0)
        return shell->status;
    return shell->status;
}

static int run_stdin(struct shell *shell)
{
    struct source source = {.more = read_script_line, .context = shell, .line = 1, .is_input = true};
    int status = shell_run_source(shell, &source);

    source_free(&source);
    return status;
}

static int run_script(struct shell *shell, const char *path)
{
    if (shell_run_file(shell, path))
        return shell->status;
    shell_complain(shell, "%s: %s", path, strerror(errno));
    return STATUS_NOT_FOUND;
}

static void set_default(struct shell *shell, const char *name, const char *value, bool exported)
{
    if (!vars_get(&shell->vars, name))
        vars_set(&shell->vars, name, value);
    vars_find(&shell->vars, name)->exported |= exported;
}

static void set_defaults(struct shell *shell)
{
    char ppid[24];

    shell->pid = getpid();
    snprintf(ppid, sizeof ppid, "%ld", (long)getppid());
    vars_import(&shell->vars, environ);
    set_default(shell, "PATH", "/bin", true);
    set_default(shell, "HOME", "/", true);
    set_default(shell, "PS1", "$ ", false);
    set_default(shell, "PS2", "> ", false);
    set_default(shell, "PS4", "+ ", false);
    vars_set(&shell->vars, "IFS", " \t\n");
    vars_set(&shell->vars, "OPTIND", "1");
    vars_set(&shell->vars, "PPID", ppid);
    shell_find_pwd(shell);
}

#define PROFILE "/etc/profile" /* run first by a login shell */

/* What the command line asks for. */
struct choice {
    const char *commands; /* of -c */
    bool wants_commands, wants_stdin, interactive, login;
    bool names_monitor, monitor; /* -m or +m was given */
};

/* Letters that only the command line knows, or that have to wait; the others go through `set`.
 * => how many words the options at argv[0] take, 0: an unknown one. */
static int read_letters(struct shell *shell, char **argv, struct choice *choice)
{
    char rest[32] = {argv[0][0]};
    size_t n = 1;

    for (const char *letter = argv[0] + 1; *letter && n + 1 < sizeof rest; letter++) {
        choice->wants_commands |= *letter == 'c';
        choice->wants_stdin |= *letter == 's';
        choice->interactive = *letter == 'i' ? argv[0][0] == '-' : choice->interactive;
        choice->login |= *letter == 'l';
        if (*letter == 'm') {
            choice->names_monitor = true;
            choice->monitor = argv[0][0] == '-';
        } else if (!strchr("csil", *letter)) {
            rest[n++] = *letter;
        }
    }
    return shell_set_options(shell, (char *[]){rest, argv[1]});
}

/* Options up to the first argument. => its index, -1 after a complaint. */
static int read_options(struct shell *shell, int argc, char **argv, struct choice *choice)
{
    int i = 1, used;

    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i += used) {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        used = read_letters(shell, argv + i, choice);
        if (!used)
            return -1;
    }
    return i < argc && !strcmp(argv[i], "-") ? i + 1 : i;
}

/* $ENV names a file for interactive shells. */
static void run_env(struct shell *shell)
{
    const char *env = vars_get(&shell->vars, "ENV");
    struct arena *arena = arena_new();

    if (env && *env)
        shell_run_file(shell, expand_text(shell, arena, env));
    arena_drop(arena);
}

static void become_interactive(struct shell *shell, const struct choice *choice)
{
    shell->interactive = true;
    if (choice->names_monitor ? choice->monitor : isatty(2) || isatty(0))
        job_control_start(shell);
    trap_start_interactive(shell);
    run_env(shell);
}

static int run(struct shell *shell, const char *first, const struct choice *choice)
{
    shell->reads_stdin = !choice->wants_commands && !first;
    if (choice->login)
        shell_run_file(shell, PROFILE);
    if (choice->interactive || (shell->reads_stdin && isatty(0) && isatty(2)))
        become_interactive(shell, choice);
    else if (choice->names_monitor && choice->monitor)
        job_control_start(shell);
    if (choice->wants_commands)
        return run_text(shell, first, !shell->interactive);
    if (first)
        return run_script(shell, first);
    if (!shell->interactive)
        return run_stdin(shell);
    keyboard_start(shell);
    return run_interactive(shell);
}

int main(int argc, char **argv)
{
    static struct shell shell = {.name = "sh", .terminal = -1};
    struct choice choice = {0};
    int first = read_options(&shell, argc, argv, &choice);
    bool has_subject = first >= 0 && first < argc && (!choice.wants_stdin || choice.wants_commands);
    const char *subject = has_subject ? argv[first] : NULL;

    if (first < 0 || (choice.wants_commands && !subject)) {
        shell_complain(&shell, "usage: sh [-abCefhilmnsuvx] [-o OPTION] "
                               "[-c COMMANDS | FILE] [ARGUMENT...]");
        return STATUS_MISUSE;
    }
    set_defaults(&shell);
    first += subject != NULL;
    if (subject && !choice.wants_commands)
        shell.name = subject;
    else if (choice.wants_commands && first < argc)
        shell.name = argv[first++];
    shell.params = params_copy(argc - first, argv + first);
    shell_exit(&shell, run(&shell, subject, &choice));
}
