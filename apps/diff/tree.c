/* What is compared with what: two files, or the files of two directories that have the same names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/diff/diff.h"

static const char *type_name(mode_t mode)
{
    if (S_ISDIR(mode))
        return "directory";
    if (S_ISREG(mode))
        return "regular file";
    if (S_ISFIFO(mode))
        return "fifo";
    return S_ISCHR(mode) ? "character special file" : "block special file";
}

static int report_same(const struct source pair[2])
{
    if (options.say_identical)
        printf("Files %s and %s are identical\n", pair[0].path, pair[1].path);
    return 0;
}

static int compare_contents(struct source pair[2], int depth)
{
    struct change *script;
    int status;

    if (pair[0].size == pair[1].size && !memcmp(pair[0].data, pair[1].data, pair[0].size))
        return report_same(pair);
    if (pair[0].is_binary || pair[1].is_binary) {
        printf("%s %s and %s differ\n", options.style == STYLE_BRIEF ? "Files" : "Binary files",
               pair[0].path, pair[1].path);
        return 1;
    }
    source_split(pair);
    script = script_make(pair);
    status = script != NULL;
    if (!script)
        report_same(pair);
    else if (options.style == STYLE_BRIEF)
        printf("Files %s and %s differ\n", pair[0].path, pair[1].path);
    if (script && options.style != STYLE_BRIEF) {
        if (depth)
            printf("diff%s %s %s\n", options.words, pair[0].path, pair[1].path);
        print_script(pair, script);
    }
    script_free(script);
    return status;
}

static int compare_files(struct source pair[2], int depth)
{
    int status = 2;

    if (pair[0].st.st_mode && pair[0].st.st_ino == pair[1].st.st_ino &&
        pair[0].st.st_dev == pair[1].st.st_dev)
        return report_same(pair);
    if (source_read(&pair[0]) && source_read(&pair[1]))
        status = compare_contents(pair, depth);
    source_free(&pair[0]);
    source_free(&pair[1]);
    return status;
}

static int only_in(const char *dir, const char *name)
{
    printf("Only in %s: %s\n", dir, name);
    return 1;
}

/* NAME in both directories, or in one of them (the other is NULL). */
static int compare_entry(const char *const dirs[2], const char *name, bool in_a, bool in_b, int depth)
{
    char *a, *b;
    int status;

    if (!(in_a && in_b) && !options.absent_is_empty)
        return only_in(dirs[!in_a], name);
    a = app_join(dirs[0], name);
    b = app_join(dirs[1], name);
    status = compare_paths(a, b, depth + 1);
    free(a);
    free(b);
    return status;
}

static int worse(int a, int b)
{
    return a > b ? a : b;
}

static char **read_entries(const struct source *dir)
{
    char **entries = dir->st.st_mode ? app_entries(dir->path, false) : NULL;

    if (entries)
        return entries;
    if (dir->st.st_mode)
        app_warn("%s", dir->path);
    entries = app_alloc(sizeof *entries);
    *entries = NULL;
    return entries;
}

static int compare_directories(struct source pair[2], int depth)
{
    const char *const dirs[2] = {pair[0].path, pair[1].path};
    char **lists[2] = {read_entries(&pair[0]), read_entries(&pair[1])}, **a = lists[0], **b = lists[1];
    int status = 0;

    while (*a || *b) {
        int order = !*a ? 1 : !*b ? -1 : strcmp(*a, *b);
        status = worse(status,
                       compare_entry(dirs, order <= 0 ? *a : *b, order <= 0, order >= 0, depth));
        a += order <= 0;
        b += order >= 0;
    }
    app_entries_free(lists[0]);
    app_entries_free(lists[1]);
    return status;
}

static bool look(struct source *source, int depth)
{
    if (!strcmp(source->path, "-") ? !fstat(0, &source->st) : !stat(source->path, &source->st))
        return true;
    source->st.st_mode = 0;
    if (errno == ENOENT && options.absent_is_empty)
        return true;
    app_warn("%s", source->path);
    return false;
}

/* A file against a directory is meant for the file of its name in there. */
static int compare_with_entry(const char *a, const char *b, bool a_is_directory)
{
    char *last = app_basename(a_is_directory ? b : a), *path = app_join(a_is_directory ? a : b, last);
    int status = a_is_directory ? compare_paths(path, b, 0) : compare_paths(a, path, 0);

    free(last);
    free(path);
    return status;
}

int compare_paths(const char *a, const char *b, int depth)
{
    struct source pair[2] = {{.path = a}, {.path = b}};
    bool has_a = look(&pair[0], depth), has_b = look(&pair[1], depth), is_dir[2];

    if (!has_a || !has_b || (!pair[0].st.st_mode && !pair[1].st.st_mode && !depth)) {
        if (has_a && has_b)
            app_say("%s and %s: there is neither", a, b);
        return 2;
    }
    for (int i = 0; i < 2; i++)
        is_dir[i] = S_ISDIR(pair[i].st.st_mode) || (!pair[i].st.st_mode && S_ISDIR(pair[!i].st.st_mode));
    if (is_dir[0] && is_dir[1]) {
        if (!depth || options.recursive)
            return compare_directories(pair, depth);
        printf("Common subdirectories: %s and %s\n", a, b);
        return 0;
    }
    if (is_dir[0] != is_dir[1] && !depth)
        return compare_with_entry(a, b, is_dir[0]);
    if (is_dir[0] != is_dir[1]) {
        printf("File %s is a %s while file %s is a %s\n", a, type_name(pair[0].st.st_mode), b,
               type_name(pair[1].st.st_mode));
        return 1;
    }
    return compare_files(pair, depth);
}
