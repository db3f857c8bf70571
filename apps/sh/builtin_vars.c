/* Builtins about variables, parameters and options. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/sh/parser.h"
#include "apps/sh/shell.h"

void quote(struct buf *out, const char *text)
{
    for (size_t n;; text += n) {
        n = strcspn(text, "'");
        buf_char(out, '\'');
        buf_add(out, text, n);
        buf_char(out, '\'');
        text += n;
        n = strspn(text, "'");
        if (n == 0)
            return;
        buf_char(out, '"');
        buf_add(out, text, n);
        buf_char(out, '"');
        if (!text[n])
            return;
    }
}

int vars_list(struct shell *shell, enum vars_which which, const char *prefix)
{
    struct arena *arena = arena_new();
    struct var **vars = vars_sorted(&shell->vars, arena, which);
    struct buf out = buf_new(arena);
    int status;

    for (; *vars; vars++) {
        buf_str(&out, prefix);
        buf_str(&out, (*vars)->name);
        if ((*vars)->value) {
            buf_char(&out, '=');
            quote(&out, (*vars)->value);
        }
        buf_char(&out, '\n');
    }
    status = builtin_print(shell, &out);
    arena_drop(arena);
    return status;
}

/* NAME or NAME=VALUE: the variable, assigned to; NULL after a message. */
static struct var *declare(struct shell *shell, const char *command, const char *text, bool local)
{
    size_t n = name_length(text);
    char *name = must_strdup(text);
    struct var *var = NULL;

    if (n && (!text[n] || text[n] == '=')) {
        name[n] = 0;
        if (local)
            vars_save(&shell->vars, name);
        if (text[n] && !vars_set(&shell->vars, name, text + n + 1))
            shell_complain(shell, "%s: %s: is read-only", command, name);
        else
            var = vars_touch(&shell->vars, name);
    } else {
        shell_complain(shell, "%s: %s: bad variable name", command, text);
    }
    free(name);
    return var;
}

int builtin_export(struct shell *shell, int argc, char **argv)
{
    int status = 0;

    if (argc < 2 || !strcmp(argv[1], "-p"))
        return vars_list(shell, VARS_EXPORTED, "export ");
    for (int i = 1; i < argc; i++) {
        struct var *var = declare(shell, argv[0], argv[i], false);
        if (var)
            var->exported = true;
        else
            status = 1;
    }
    shell->failed |= status;
    return status;
}

int builtin_readonly(struct shell *shell, int argc, char **argv)
{
    int status = 0;

    if (argc < 2 || !strcmp(argv[1], "-p"))
        return vars_list(shell, VARS_READONLY, "readonly ");
    for (int i = 1; i < argc; i++) {
        struct var *var = declare(shell, argv[0], argv[i], false);
        if (var)
            var->readonly = true;
        else
            status = 1;
    }
    shell->failed |= status;
    return status;
}

int builtin_local(struct shell *shell, int argc, char **argv)
{
    if (!shell->calls) {
        shell_complain(shell, "local: not in a function");
        return 1;
    }
    for (int i = 1; i < argc; i++)
        if (!declare(shell, argv[0], argv[i], true))
            return 1;
    return 0;
}

int builtin_unset(struct shell *shell, int argc, char **argv)
{
    bool functions = argc > 1 && !strcmp(argv[1], "-f");
    int first = argc > 1 && (functions || !strcmp(argv[1], "-v")) ? 2 : 1, status = 0;

    for (int i = first; i < argc; i++) {
        if (functions) {
            function_unset(shell, argv[i]);
        } else if (!vars_set(&shell->vars, argv[i], NULL)) {
            shell_complain(shell, "unset: %s: is read-only", argv[i]);
            status = 1;
        }
    }
    shell->failed |= status;
    return status;
}

int builtin_shift(struct shell *shell, int argc, char **argv)
{
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

    if (n < 0 || n > shell->params.count) {
        shell_complain(shell, "shift: can't shift that many");
        return 1;
    }
    params_shift(&shell->params, (int)n);
    return 0;
}

/* One line of standard input, byte by byte: what follows belongs to others. Backslashes are kept,
 * each behind the mark that split_line() looks for. => whether a newline ended it. */
static bool read_line(struct buf *line, bool raw)
{
    char c;

    for (;;) {
        ssize_t n = read(0, &c, 1);
        if (n < 0 && errno == EINTR && !trap_pending_signal())
            continue;
        if (n <= 0)
            return false;
        if (c == '\n')
            return true;
        if (c == '\\' && !raw) {
            if (read(0, &c, 1) <= 0)
                return false;
            if (c == '\n')
                continue;
            buf_char(line, '\\');
        }
        if (c)
            buf_char(line, c);
    }
}

static bool is_blank(const char *separators, char c)
{
    return c && strchr(separators, c) && (c == ' ' || c == '\t' || c == '\n');
}

/* A character of the line, behind the mark of a quoted one. => whether it was quoted. */
static bool take_char(const char **next, bool raw, struct buf *out)
{
    bool escaped = !raw && **next == '\\' && (*next)[1];

    *next += escaped;
    buf_char(out, *(*next)++);
    return escaped;
}

static void skip_blanks(const char **next, const char *separators)
{
    while (is_blank(separators, **next))
        ++*next;
}

/* Take the next field of a line, and the separator behind it. */
static char *take_field(const char **next, const char *separators, bool raw, struct arena *arena)
{
    struct buf field = buf_new(arena);

    skip_blanks(next, separators);
    while (**next && ((!raw && **next == '\\') || !strchr(separators, **next)))
        take_char(next, raw, &field);
    skip_blanks(next, separators);
    if (**next && strchr(separators, **next) && (raw || **next != '\\'))
        ++*next;
    skip_blanks(next, separators);
    return field.data;
}

/* All the rest, without blanks at its end. */
static char *take_rest(const char *next, const char *separators, bool raw, struct arena *arena)
{
    struct buf field = buf_new(arena);
    size_t keep = 0;

    for (skip_blanks(&next, separators); *next;) {
        bool escaped = take_char(&next, raw, &field);

        if (escaped || !is_blank(separators, next[-1]))
            keep = field.len;
    }
    field.data[keep] = 0;
    return field.data;
}

/* For the last name: a field with what ends it, if that is all there is; else all the rest. */
static char *take_last(const char *next, const char *separators, bool raw, struct arena *arena)
{
    const char *behind = next;
    char *field = take_field(&behind, separators, raw, arena);

    return *behind ? take_rest(next, separators, raw, arena) : field;
}

static int assign_fields(struct shell *shell, const struct buf *line, char **names, bool raw)
{
    const char *separators = vars_get(&shell->vars, "IFS"), *next = line->data;

    separators = separators ? separators : " \t\n";
    for (; *names; names++) {
        char *field = names[1] ? take_field(&next, separators, raw, line->arena)
                               : take_last(next, separators, raw, line->arena);
        if (!name_length(*names) || !vars_set(&shell->vars, *names, field)) {
            shell_complain(shell, "read: %s: can't be assigned to", *names);
            return STATUS_MISUSE;
        }
    }
    return 0;
}

int builtin_read(struct shell *shell, int argc, char **argv)
{
    static char *reply[] = {"REPLY", NULL};
    bool raw = argc > 1 && !strcmp(argv[1], "-r"), ended;
    char **names = argv + 1 + raw;
    struct arena *arena = arena_new();
    struct buf line = buf_new(arena);
    int status;

    ended = read_line(&line, raw);
    status = assign_fields(shell, &line, *names ? names : reply, raw);
    arena_drop(arena);
    return status ? status : !ended;
}

static void set_number(struct shell *shell, const char *name, long value)
{
    struct arena *arena = arena_new();
    struct buf text = buf_new(arena);

    buf_printf(&text, "%ld", value);
    vars_set(&shell->vars, name, text.data);
    arena_drop(arena);
}

/* Where getopts stands within an argument such as -abc; 0: at the start of the next one. */
static size_t getopts_offset;

/* The option at `letter` of argument *index, by the rules of `spec`. => the letter for NAME. */
static char next_option(struct shell *shell, const char *spec, int count, char **args, int *index)
{
    bool silent = *spec == ':';
    char *arg = args[*index - 1], letter = arg[getopts_offset++];
    const char *known = letter == ':' ? NULL : strchr(spec, letter);
    bool at_end = !arg[getopts_offset];
    char text[] = {letter, 0};

    vars_set(&shell->vars, "OPTARG", silent && !known ? text : NULL);
    if (!known && !silent)
        shell_complain(shell, "unknown option: -%c", letter);
    if (known && known[1] == ':') {
        char *value = at_end ? *index < count ? args[*index] : NULL : arg + getopts_offset;
        *index += at_end && value ? 2 : 1;
        getopts_offset = 0;
        vars_set(&shell->vars, "OPTARG", value ? value : silent ? text : NULL);
        if (!value && !silent)
            shell_complain(shell, "option -%c wants an argument", letter);
        return value ? letter : silent ? ':' : '?';
    }
    if (at_end) {
        ++*index;
        getopts_offset = 0;
    }
    return known ? letter : '?';
}

int builtin_getopts(struct shell *shell, int argc, char **argv)
{
    const char *optind = vars_get(&shell->vars, "OPTIND");
    char **args = argc > 3 ? argv + 3 : shell->params.items, found[2] = "?";
    int count = argc > 3 ? argc - 3 : shell->params.count;
    int index = optind ? (int)strtol(optind, NULL, 10) : 1;

    if (argc < 3) {
        shell_complain(shell, "getopts: OPTIONS NAME [ARGUMENT...]");
        return STATUS_MISUSE;
    }
    if (index < 1 || index > count || getopts_offset >= strlen(args[index - 1]))
        getopts_offset = 0;
    if (index < 1)
        index = 1;
    if (!getopts_offset) {
        bool ends = index > count || args[index - 1][0] != '-' || !args[index - 1][1];
        bool dashes = !ends && !strcmp(args[index - 1], "--");
        if (ends || dashes) {
            set_number(shell, "OPTIND", index + dashes);
            vars_set(&shell->vars, argv[2], "?");
            return 1;
        }
        getopts_offset = 1;
    }
    found[0] = next_option(shell, argv[1], count, args, &index);
    set_number(shell, "OPTIND", index);
    vars_set(&shell->vars, argv[2], found);
    return 0;
}
