/* What the word before the cursor can become: a command where one may stand, else a file; after a
 * dollar sign a variable. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/sh/keyboard.h"

/* The word to be completed, as far as it was typed. */
struct wanted {
    struct shell *shell;
    struct completion *found;
    char *text;    /* without quotes and backslashes */
    char quote;    /* that it stands in, or 0 */
    bool command;  /* a command may stand here */
};

static bool ends_word(char c)
{
    return c && strchr(" \t\n;&|()<>", c);
}

/* Whether a command is next after what stands before a word: separators, assignments, keywords. */
static bool expects_command(const char *text, size_t n)
{
    static const char *const keywords[] = {"!", "{", "if", "then", "else", "elif", "while", "until",
                                           "do", "exec", "command", "time"};
    size_t begin;

    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    if (n == 0 || strchr(";&|(\n`", text[n - 1]))
        return true;
    for (begin = n; begin > 0 && !ends_word(text[begin - 1]); begin--)
        ;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (n - begin == strlen(keywords[i]) && !strncmp(text + begin, keywords[i], n - begin))
            return expects_command(text, begin);
    return false;
}

/* Find the word that the cursor is behind: its start, and its text without quotes. */
static void find_word(struct wanted *wanted, const struct editline *line)
{
    struct buf text = buf_new(wanted->found->words.arena);
    size_t start = 0;
    char quote = 0;

    for (size_t i = 0; i < line->cursor; i++) {
        char c = line->text[i];

        if (quote ? c == quote : c == '\'' || c == '"') {
            quote = quote ? 0 : c;
            if (quote && start == i)
                start = i + 1;
        } else if (c == '\\' && quote != '\'' && i + 1 < line->cursor) {
            buf_char(&text, line->text[++i]);
        } else if (!quote && ends_word(c)) {
            start = i + 1;
            text = buf_new(text.arena);
        } else {
            buf_char(&text, c);
        }
    }
    wanted->text = text.data;
    wanted->quote = quote;
    wanted->found->start = start;
    wanted->command = expects_command(line->text, start - (quote && start > 0));
}

/* --- candidates ------------------------------------------------------------------------------ */

/* As it has to be typed. A quote that is open stays open. */
static char *typed(const struct wanted *wanted, const char *text)
{
    struct buf out = buf_new(wanted->found->words.arena);

    for (; *text; text++) {
        if (!wanted->quote && strchr(" \t\n\\'\"`$&|;<>()*?[]#=!{}", *text))
            buf_char(&out, '\\');
        buf_char(&out, *text);
    }
    return out.data;
}

static void add(struct wanted *wanted, const char *before, const char *name, const char *after)
{
    struct buf label = buf_new(wanted->found->words.arena), word = buf_new(label.arena);

    buf_str(&label, name);
    buf_str(&label, after);
    buf_str(&word, before);
    buf_str(&word, typed(wanted, name));
    buf_str(&word, after);
    strings_add(&wanted->found->words, word.data);
    strings_add(&wanted->found->names, label.data);
}

static bool begins(const char *name, const char *with)
{
    return !strncmp(name, with, strlen(with));
}

static bool is_directory(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_executable(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* Names in `dir` that begin with `prefix`; `before` is what the line has in front of the name. */
static void add_names(struct wanted *wanted, const char *dir, const char *prefix, const char *before,
                      bool programs_only)
{
    DIR *stream = opendir(*dir ? dir : ".");
    struct dirent *entry;

    while (stream && (entry = readdir(stream))) {
        struct buf path = buf_new(wanted->found->words.arena);
        bool directory;

        if (!begins(entry->d_name, prefix) || (entry->d_name[0] == '.' && *prefix != '.'))
            continue;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        buf_printf(&path, "%s%s", dir, *dir && dir[strlen(dir) - 1] != '/' ? "/" : "");
        buf_str(&path, entry->d_name);
        directory = is_directory(path.data);
        if (!programs_only || is_executable(path.data))
            add(wanted, before, entry->d_name, directory ? "/" : "");
    }
    if (stream)
        closedir(stream);
}

static void add_files(struct wanted *wanted, const struct editline *line)
{
    const char *slash = strrchr(wanted->text, '/'), *name = slash ? slash + 1 : wanted->text;
    const char *typed_name = line->text + line->cursor, *home = vars_get(&wanted->shell->vars, "HOME");
    struct arena *arena = wanted->found->words.arena;
    struct buf dir = buf_new(arena);
    size_t n = (size_t)(name - wanted->text);
    bool tilde = home && n > 1 && begins(wanted->text, "~/");

    while (typed_name > line->text + wanted->found->start && typed_name[-1] != '/')
        typed_name--;
    buf_str(&dir, tilde ? home : "");
    buf_add(&dir, wanted->text + tilde, n - tilde);
    add_names(wanted, dir.data, name,
              arena_strndup(arena, line->text + wanted->found->start,
                            (size_t)(typed_name - line->text) - wanted->found->start), false);
}

static void add_commands(struct wanted *wanted)
{
    const char *dirs = vars_get(&wanted->shell->vars, "PATH");

    for (size_t i = 0; builtin_name(i); i++)
        if (begins(builtin_name(i), wanted->text))
            add(wanted, "", builtin_name(i), "");
    for (const struct function *f = wanted->shell->functions; f; f = f->next)
        if (begins(f->name, wanted->text))
            add(wanted, "", f->name, "");
    for (; dirs && *dirs; dirs += dirs[strcspn(dirs, ":")] ? strcspn(dirs, ":") + 1 : strlen(dirs))
        add_names(wanted, arena_strndup(wanted->found->words.arena, dirs, strcspn(dirs, ":")),
                  wanted->text, "", true);
}

/* After the last dollar sign of the word. => false: there is none, or more than a name behind it. */
static bool add_variables(struct wanted *wanted, const struct editline *line)
{
    const char *dollar = strrchr(wanted->text, '$');
    size_t typed_dollar = line->cursor;
    struct var **vars;

    if (!dollar || wanted->quote == '\'' || strspn(dollar + 1, "_abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != strlen(dollar + 1))
        return false;
    while (line->text[typed_dollar] != '$' || typed_dollar == line->cursor)
        typed_dollar--;
    wanted->found->start = typed_dollar + 1;
    vars = vars_sorted(&wanted->shell->vars, wanted->found->words.arena, VARS_SET);
    for (; *vars; vars++)
        if (begins((*vars)->name, dollar + 1))
            add(wanted, "", (*vars)->name, "");
    return true;
}

/* --- sorted, each once ------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct strings *strings)
{
    size_t kept = 0;

    if (strings->count == 0)
        return;
    qsort(strings->items, strings->count, sizeof *strings->items, by_name);
    for (size_t i = 1; i < strings->count; i++)
        if (strcmp(strings->items[i], strings->items[kept]))
            strings->items[++kept] = strings->items[i];
    strings->count = kept + 1;
}

void complete_word(void *context, const struct editline *line, struct completion *found)
{
    struct wanted wanted = {.shell = context, .found = found};

    find_word(&wanted, line);
    if (!add_variables(&wanted, line)) {
        if (wanted.command && !strchr(wanted.text, '/'))
            add_commands(&wanted);
        else
            add_files(&wanted, line);
    }
    sort(&found->words);
    sort(&found->names);
}
