/* The shell's options: their letters and names, `set`, and what changing one does. */
#include <stddef.h>
#include <string.h>

#include "apps/sh/params.h"
#include "apps/sh/shell.h"

#define OPTION(field) offsetof(struct shell, field)

/* Those without a letter, and those that `set` can't change (no name), included. */
static const struct option {
    size_t offset;
    char letter; /* 0: none */
    const char *name;
} options[] = {
    {OPTION(vars.all_exported), 'a', "allexport"}, {OPTION(notify), 'b', "notify"},
    {OPTION(noclobber), 'C', "noclobber"}, {OPTION(errexit), 'e', "errexit"},
    {OPTION(noglob), 'f', "noglob"},       {OPTION(hashall), 'h', "hashall"},
    {OPTION(ignoreeof), 0, "ignoreeof"},   {OPTION(interactive), 'i', NULL},
    {OPTION(job_control), 'm', "monitor"}, {OPTION(noexec), 'n', "noexec"},
    {OPTION(nolog), 0, "nolog"},           {OPTION(reads_stdin), 's', NULL},
    {OPTION(nounset), 'u', "nounset"},     {OPTION(verbose), 'v', "verbose"},
    {OPTION(xtrace), 'x', "xtrace"},
};
#define COUNT (sizeof options / sizeof *options)

static bool *field_of(const struct shell *shell, const struct option *option)
{
    return (bool *)((char *)shell + option->offset);
}

const char *option_letters(const struct shell *shell, struct buf *text)
{
    for (size_t i = 0; i < COUNT; i++)
        if (options[i].letter && *field_of(shell, &options[i]))
            buf_char(text, options[i].letter);
    return text->data;
}

static bool set_option(struct shell *shell, const struct option *option, bool on)
{
    bool *field = field_of(shell, option);

    if (!option->name)
        return false;
    if (field != &shell->job_control)
        *field = on;
    else if (on && !*field)
        job_control_start(shell);
    else if (!on && *field)
        job_control_stop(shell);
    return true;
}

static bool set_letter(struct shell *shell, char letter, bool on)
{
    for (size_t i = 0; i < COUNT; i++)
        if (options[i].letter == letter)
            return set_option(shell, &options[i], on);
    return false;
}

static bool set_name(struct shell *shell, const char *name, bool on)
{
    for (size_t i = 0; i < COUNT; i++)
        if (options[i].name && !strcmp(options[i].name, name))
            return set_option(shell, &options[i], on);
    return false;
}

int shell_set_options(struct shell *shell, char **argv)
{
    bool on = argv[0][0] == '-';

    for (const char *letter = argv[0] + 1; *letter; letter++) {
        if (*letter == 'o' && !letter[1])
            return argv[1] && set_name(shell, argv[1], on) ? 2 : 0;
        if (!set_letter(shell, *letter, on))
            return 0;
    }
    return 1;
}

/* `set -o`: for people; `set +o`: as commands that bring the options back. */
static int list_options(struct shell *shell, bool for_people)
{
    struct buf out = buf_new(arena_new());
    int status;

    for (size_t i = 0; i < COUNT; i++) {
        bool on = *field_of(shell, &options[i]);

        if (!options[i].name)
            continue;
        if (for_people)
            buf_printf(&out, "%-16s%s\n", options[i].name, on ? "on" : "off");
        else
            buf_printf(&out, "set %co %s\n", on ? '-' : '+', options[i].name);
    }
    status = builtin_print(shell, &out);
    arena_drop(out.arena);
    return status;
}

static bool is_option(const char *word)
{
    return (word[0] == '-' || word[0] == '+') && word[1];
}

/* Options in front of the arguments. => how many words they are, -1 after an unknown one. */
static int take_options(struct shell *shell, int argc, char **argv)
{
    int i = 0, used;

    for (; i < argc && is_option(argv[i]); i += used) {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        used = shell_set_options(shell, argv + i);
        if (!used) {
            shell_complain(shell, "set: unknown option: %s", argv[i]);
            return -1;
        }
    }
    return i < argc && !strcmp(argv[i], "-") ? i + 1 : i;
}

int builtin_set(struct shell *shell, int argc, char **argv)
{
    int first;

    if (argc < 2)
        return vars_list(shell, VARS_SET, "");
    if (argc == 2 && (!strcmp(argv[1], "-o") || !strcmp(argv[1], "+o")))
        return list_options(shell, argv[1][0] == '-');
    first = take_options(shell, argc - 1, argv + 1);
    if (first < 0) {
        shell->failed = true;
        return STATUS_MISUSE;
    }
    if (first + 1 < argc || !strcmp(argv[first], "--")) {
        params_free(&shell->params);
        shell->params = params_copy(argc - 1 - first, argv + 1 + first);
    }
    return 0;
}
