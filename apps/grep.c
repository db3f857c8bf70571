/* grep [-E|-F] [-bcHhiLlnoqrsvwxz] [-A N] [-B N] [-C N] [-m N] [-e PATTERN]... [-f FILE]... [PATTERN]
 * [FILE...]: lines that match. Status 0 if there were any, 1 if not, 2 trouble. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/common/match.h"
#include "apps/common/walk.h"

static const char usage[] = "[-E|-F] [-bcHhiLlnoqrsvwxz] [-A N] [-B N] [-C N] [-m N] [-e PATTERN]... "
                            "[-f FILE]... [PATTERN] [FILE...]";

static bool fixed, counts, names_only, others_only, numbers, offsets, quiet, inverted, words, whole;
static bool only_parts, silent, recursive, ignore_case;
static int with_names = -1; /* -1: if there are several files */
static long after, before, most = -1;
static char end = '\n';
static int flags;

struct pattern {
    struct pattern *next;
    char *text;
    size_t len;
    regex_t regex;
};

static struct pattern *patterns, **last_pattern = &patterns;

static bool found_any, trouble;

/* The lines before the one that is looked at, in a ring. */
struct kept {
    struct line line;
    unsigned long number;
    long long offset;
};

struct file {
    const char *path;
    unsigned long number, found;
    long long offset;        /* of the line */
    unsigned long last_shown; /* 0: none */
    long after_left;
    struct kept *ring;
    size_t kept;
};

/* A pattern may be several, on lines of their own. */
static void add_patterns(const char *text)
{
    for (;;) {
        size_t len = strcspn(text, "\n");
        struct pattern *pattern = app_alloc(sizeof *pattern);
        *pattern = (struct pattern){.text = app_dup(text), .len = len};
        pattern->text[len] = 0;
        *last_pattern = pattern;
        last_pattern = &pattern->next;
        if (!text[len])
            return;
        text += len + 1;
    }
}

static void add_pattern_file(const char *path)
{
    FILE *stream = app_fopen(path);
    struct line line = {0};

    if (!stream)
        app_quit();
    while (line_read(&line, stream))
        add_patterns(line.text);
    line_free(&line);
    if (stream != stdin)
        fclose(stream);
}

static bool is_same_text(const char *a, const char *b, size_t len)
{
    if (!ignore_case)
        return !memcmp(a, b, len);
    while (len && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
        len--;
    }
    return !len;
}

static bool find_fixed(const struct pattern *pattern, const struct line *line, size_t from,
                       regmatch_t *found)
{
    for (; from + pattern->len <= line->len; from++) {
        if (!is_same_text(line->text + from, pattern->text, pattern->len))
            continue;
        *found = (regmatch_t){.rm_so = (regoff_t)from, .rm_eo = (regoff_t)(from + pattern->len)};
        return true;
    }
    return false;
}

static bool is_word(const struct line *line, regoff_t at)
{
    return at >= 0 && (size_t)at < line->len &&
           (isalnum((unsigned char)line->text[at]) || line->text[at] == '_');
}

static bool is_accepted(const struct line *line, const regmatch_t *found)
{
    if (whole)
        return found->rm_so == 0 && (size_t)found->rm_eo == line->len;
    return !words || (!is_word(line, found->rm_so - 1) && !is_word(line, found->rm_eo));
}

/* The shorter matches at the same place, for -w: the longest may end within a word. */
static bool shorten(const struct pattern *pattern, const struct line *line, regmatch_t *found)
{
    size_t from = (size_t)found->rm_so;

    for (size_t len = (size_t)found->rm_eo; words && !fixed && len-- > from;) {
        regmatch_t shorter;
        if (match_find(&pattern->regex, line->text, len, from, 1, &shorter) &&
            (size_t)shorter.rm_so == from && is_accepted(line, &shorter)) {
            *found = shorter;
            return true;
        }
    }
    return false;
}

static bool find_one(const struct pattern *pattern, const struct line *line, size_t from,
                     regmatch_t *found)
{
    while (from <= line->len) {
        if (fixed ? !find_fixed(pattern, line, from, found)
                  : !match_find(&pattern->regex, line->text, line->len, from, 1, found))
            return false;
        if (is_accepted(line, found) || shorten(pattern, line, found))
            return true;
        from = (size_t)found->rm_so + 1;
    }
    return false;
}

/* The first match of any pattern, of those the longest. */
static bool find(const struct line *line, size_t from, regmatch_t *best)
{
    bool any = false;

    for (const struct pattern *pattern = patterns; pattern; pattern = pattern->next) {
        regmatch_t found;
        if (!find_one(pattern, line, from, &found))
            continue;
        if (!any || found.rm_so < best->rm_so ||
            (found.rm_so == best->rm_so && found.rm_eo > best->rm_eo))
            *best = found;
        any = true;
        if (!only_parts)
            return true;
    }
    return any;
}

static void show_prefix(const struct file *file, unsigned long number, long long offset, char mark)
{
    if (with_names)
        printf("%s%c", file->path, mark);
    if (numbers)
        printf("%lu%c", number, mark);
    if (offsets)
        printf("%lld%c", offset, mark);
}

static void show_line(struct file *file, const struct line *line, unsigned long number,
                      long long offset, char mark)
{
    if ((after || before) && file->last_shown && number > file->last_shown + 1)
        puts("--");
    show_prefix(file, number, offset, mark);
    fwrite(line->text, 1, line->len, stdout);
    putchar(end);
    file->last_shown = number;
}

static void show_parts(const struct file *file, const struct line *line)
{
    regmatch_t found;

    for (size_t from = 0; find(line, from, &found);) {
        if (found.rm_eo > found.rm_so) {
            show_prefix(file, file->number, file->offset + found.rm_so, ':');
            fwrite(line->text + found.rm_so, 1, (size_t)(found.rm_eo - found.rm_so), stdout);
            putchar(end);
        }
        from = (size_t)found.rm_eo + (found.rm_eo == found.rm_so);
    }
}

static void keep(struct file *file, struct line *line)
{
    struct kept *kept = &file->ring[file->kept++ % (size_t)before], old = *kept;

    *kept = (struct kept){*line, file->number, file->offset};
    *line = old.line;
}

static void show_kept(struct file *file)
{
    size_t count = file->kept < (size_t)before ? file->kept : (size_t)before;

    for (size_t i = file->kept - count; i < file->kept; i++) {
        const struct kept *kept = &file->ring[i % (size_t)before];
        show_line(file, &kept->line, kept->number, kept->offset, '-');
    }
    file->kept = 0;
}

static void show_match(struct file *file, const struct line *line)
{
    if (counts)
        return;
    if (only_parts) {
        if (!inverted)
            show_parts(file, line);
        return;
    }
    show_kept(file);
    show_line(file, line, file->number, file->offset, ':');
    file->after_left = after;
}

/* => false if the rest of the file doesn't matter any more. */
static bool look_at(struct file *file, struct line *line)
{
    size_t bytes = line->len + line->had_newline;
    bool done = most >= 0 && file->found >= (unsigned long)most;
    regmatch_t found;

    file->number++;
    if (!done && find(line, 0, &found) != inverted) {
        file->found++;
        if (quiet || names_only || others_only)
            return false;
        show_match(file, line);
    } else if (file->after_left > 0) {
        file->after_left--;
        show_line(file, line, file->number, file->offset, '-');
    } else if (done) {
        return false;
    } else if (before && !counts && !only_parts) {
        keep(file, line);
    }
    file->offset += (long long)bytes;
    return true;
}

static void report(const struct file *file)
{
    bool found = file->found > 0;

    found_any |= others_only ? !found : found;
    if (quiet)
        return;
    if ((names_only && found) || (others_only && !found))
        printf("%s%c", file->path, end ? '\n' : 0);
    if (!counts || names_only || others_only)
        return;
    if (with_names)
        printf("%s:", file->path);
    printf("%lu\n", file->found);
}

static void grep(FILE *stream, const char *path)
{
    struct file file = {.path = stream == stdin ? "(standard input)" : path};
    struct line line = {0};

    file.ring = app_alloc((size_t)(before + 1) * sizeof *file.ring);
    memset(file.ring, 0, (size_t)(before + 1) * sizeof *file.ring);
    if (most)
        while (line_read_to(&line, stream, end) && look_at(&file, &line))
            ;
    report(&file);
    for (long i = 0; i < before; i++)
        line_free(&file.ring[i].line);
    free(file.ring);
    line_free(&line);
}

static void complain(const char *path)
{
    trouble = true;
    if (!silent)
        app_warn("%s", path);
}

static void grep_path(const char *path)
{
    FILE *stream = strcmp(path, "-") ? fopen(path, "r") : stdin;

    if (!stream) {
        complain(path);
        return;
    }
    errno = 0;
    grep(stream, path);
    if (ferror(stream))
        complain(path);
    if (stream != stdin)
        fclose(stream);
}

static bool grep_item(const struct walk_item *item, void *self)
{
    if (S_ISREG(item->st.st_mode) || (!item->depth && !S_ISDIR(item->st.st_mode)))
        grep_path(item->path);
    return true;
}

static long parse_count(const char *text)
{
    long value;

    if (!app_number(text, &value) || value < 0) {
        app_say("%s: not a number of lines", text);
        app_quit();
    }
    return value;
}

static void read_number_option(int option)
{
    static const char *digits;
    static long value;

    if (option == 'A' || option == 'C')
        after = parse_count(optarg);
    if (option == 'B' || option == 'C')
        before = parse_count(optarg);
    if (option == 'm')
        most = parse_count(optarg);
    if (option < '0' || option > '9')
        return;
    value = digits ? value * 10 + (option - '0') : option - '0';
    digits = "";
    before = after = value;
}

static void read_option(int option)
{
    static const struct {
        char letter;
        bool *flag;
    } simple[] = {{'b', &offsets},   {'c', &counts},    {'F', &fixed},      {'i', &ignore_case},
                  {'y', &ignore_case}, {'L', &others_only}, {'l', &names_only}, {'n', &numbers},
                  {'o', &only_parts}, {'q', &quiet},     {'r', &recursive},  {'R', &recursive},
                  {'s', &silent},    {'v', &inverted},  {'w', &words},      {'x', &whole}};

    if (option == '?')
        app_usage(usage);
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
        if (simple[i].letter == option)
            *simple[i].flag = true;
    if (option == 'e')
        add_patterns(optarg);
    if (option == 'f')
        add_pattern_file(optarg);
    if (option == 'H' || option == 'h')
        with_names = option == 'H';
    if (option == 'z')
        end = 0;
    if (option == 'E')
        flags |= REG_EXTENDED;
    read_number_option(option);
}

/* As egrep and fgrep it has the option that they are short for. */
static void read_name(const char *path)
{
    char *name = app_basename(path);

    if (!strcmp(name, "egrep"))
        flags |= REG_EXTENDED;
    fixed = !strcmp(name, "fgrep");
    free(name);
}

static void search(char **paths)
{
    static char *here[] = {".", NULL}, *standard[] = {"-", NULL};
    const struct walk all = {.links = WALK_LINKS_TOP, .before = grep_item};

    if (!*paths)
        paths = recursive ? here : standard;
    if (with_names < 0)
        with_names = recursive || paths[1];
    for (; *paths && !(quiet && found_any); paths++)
        if (recursive && strcmp(*paths, "-"))
            trouble |= !walk(&all, *paths);
        else if (app_is_directory(*paths))
            complain((errno = EISDIR, *paths));
        else
            grep_path(*paths);
}

int main(int argc, char **argv)
{
    bool has_pattern;
    int option;

    app_start(argv);
    app_trouble(2);
    read_name(argv[0]);
    for (has_pattern = false; (option = getopt(argc, argv,
                                               "0123456789A:bB:cC:e:Ef:FhHiLlm:noqrRsvwxyz")) != -1;) {
        read_option(option);
        has_pattern |= option == 'e' || option == 'f';
    }
    if (!has_pattern && optind == argc)
        app_usage(usage);
    if (!has_pattern)
        add_patterns(argv[optind++]);
    for (struct pattern *pattern = patterns; pattern && !fixed; pattern = pattern->next)
        match_compile(&pattern->regex, pattern->text, flags | (ignore_case ? REG_ICASE : 0));
    search(argv + optind);
    if (quiet && found_any)
        return 0;
    return app_finish(trouble ? 2 : !found_any);
}
