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
    params_free(&shell->params);
    vars_free(&shell->vars);
    exit(status);
}

/* Parse and run one command. => false at the end, or after an error. */
static bool run_one(struct shell *shell, struct source *source)
{
    struct arena *arena = arena_new(), *outer = shell->tree;
    const char *message;
    struct node *tree;
    enum parse_result result = parse_command(source, arena, &tree, &message);

    if (result == PARSE_ERROR && !shell->interrupted) {
        shell_complain(shell, "line %u: %s", source->line, message);
        shell->status = STATUS_MISUSE;
        shell->jump = JUMP_ABORT;
    } else if (result == PARSE_OK && tree) {
        shell->tree = arena;
        exec_node(shell, tree);
        shell->tree = outer;
    }
    arena_drop(arena);
    trap_run_pending(shell);
    return result == PARSE_OK && !shell->jump;
}

int shell_run_source(struct shell *shell, struct source *source)
{
    while (run_one(shell, source))
        ;
    return shell->status;
}

int shell_run_text(struct shell *shell, const char *text)
{
    struct source source = source_of_text(text, strlen(text));

    return shell_run_source(shell, &source);
}

bool shell_run_file(struct shell *shell, const char *path)
{
    struct source source = {.line = 1};
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

static const char *prompt_text(struct shell *shell, bool continued)
{
    const char *text = vars_get(&shell->vars, continued ? "PS2" : "PS1");

    return text ? text : "";
}

/* With the line editor. */
static bool read_edited_line(struct shell *shell, struct source *source)
{
    enum keyboard_result result = keyboard_read(shell, prompt_text(shell, source->continued));
    const struct editline *line = &shell->keyboard->edit.line;

    shell->interrupted = result == KEYBOARD_GIVEN_UP;
    if (result != KEYBOARD_LINE)
        return false;
    source_append(source, line->text, line->len);
    source_append(source, "\n", 1);
    return true;
}

/* As the terminal gives it. */
static bool read_plain_line(struct shell *shell, struct source *source)
{
    const char *text = prompt_text(shell, source->continued);
    char line[1024];
    ssize_t n = -1;

    if (write(2, text, strlen(text)) < 0)
        return false;
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
    struct source source = {.more = read_typed_line, .context = shell, .line = 1};

    for (;;) {
        shell_run_source(shell, &source);
        if (shell->jump == JUMP_NONE && !shell->interrupted)
            break;
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
    if (!shell->keyboard && write(2, "\n", 1) < 0)
        return shell->status;
    return shell->status;
}

static int run_stdin(struct shell *shell)
{
    struct source source = {.more = read_script_line, .context = shell, .line = 1};
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
    char path[PATH_MAX];

    shell->pid = getpid();
    vars_import(&shell->vars, environ);
    set_default(shell, "PATH", "/bin", true);
    set_default(shell, "HOME", "/", true);
    set_default(shell, "PS1", "$ ", false);
    set_default(shell, "PS2", "> ", false);
    vars_set(&shell->vars, "IFS", " \t\n");
    vars_set(&shell->vars, "OPTIND", "1");
    if (getcwd(path, sizeof path))
        vars_set(&shell->vars, "PWD", path);
}

#define PROFILE "/etc/profile" /* run first by a login shell */

/* What the command line asks for. */
struct choice {
    const char *commands; /* of -c */
    bool wants_commands, interactive, login;
};

/* Letters that only the command line knows; the others go through `set`.
 * => how many words the options at argv[0] take, 0: an unknown one. */
static int read_letters(struct shell *shell, char **argv, struct choice *choice)
{
    char rest[32] = {argv[0][0]};
    size_t n = 1;

    for (const char *letter = argv[0] + 1; *letter && n + 1 < sizeof rest; letter++) {
        if (*letter == 'c')
            choice->wants_commands = true;
        else if (*letter == 'i')
            choice->interactive = true;
        else if (*letter == 'l')
            choice->login = true;
        else if (*letter != 's')
            rest[n++] = *letter;
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
    return i;
}

static int run(struct shell *shell, const char *first, const struct choice *choice)
{
    if (choice->login)
        shell_run_file(shell, PROFILE);
    if (choice->wants_commands)
        return shell_run_text(shell, first);
    if (first)
        return run_script(shell, first);
    if (!choice->interactive && !(isatty(0) && isatty(2)))
        return run_stdin(shell);
    shell->interactive = true;
    job_control_start(shell);
    trap_start_interactive(shell);
    keyboard_start(shell);
    return run_interactive(shell);
}

int main(int argc, char **argv)
{
    static struct shell shell = {.name = "sh"};
    struct choice choice = {0};
    int first = read_options(&shell, argc, argv, &choice);
    const char *subject = first >= 0 && first < argc ? argv[first] : NULL;

    if (first < 0 || (choice.wants_commands && !subject)) {
        shell_complain(&shell, "usage: sh [-efuxil] [-c COMMANDS | FILE] [ARGUMENT...]");
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
