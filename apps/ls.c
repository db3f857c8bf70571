/* ls [-l] [-a] [-A] [-1] [-d] [-i] [FILE...] */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"

#define LINE_WIDTH 80

static bool long_form, all, almost_all, one_column, directories_themselves, inodes;

static void show_target(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target - 1);

    if (n < 0)
        return;
    target[n] = 0;
    printf(" -> %s", target);
}

static void show_long(const char *path, const char *name, const struct stat *st)
{
    char mode[11], when[32];
    time_t modified = st->st_mtime;

    mode_text(st->st_mode, mode);
    strftime(when, sizeof when, "%Y-%m-%d %H:%M", gmtime(&modified));
    printf("%s %3lu %4lu %4lu %9lld %s %s", mode, (unsigned long)st->st_nlink,
           (unsigned long)st->st_uid, (unsigned long)st->st_gid, (long long)st->st_size, when,
           name);
    if (S_ISLNK(st->st_mode))
        show_target(path);
    putchar('\n');
}

/* One entry on a line of its own. */
static bool show(const char *path, const char *name)
{
    struct stat st;

    if ((long_form || inodes) && lstat(path, &st)) {
        app_warn("%s", path);
        return false;
    }
    if (inodes)
        printf("%lu ", (unsigned long)st.st_ino);
    if (long_form)
        show_long(path, name, &st);
    else
        puts(name);
    return true;
}

static bool is_shown(const char *name)
{
    if (name[0] != '.' || all)
        return true;
    return almost_all && strcmp(name, ".") && strcmp(name, "..");
}

/* Names in columns, read downwards. */
static void show_columns(char **names)
{
    size_t count = 0, widest = 0, columns, rows;

    for (char **name = names; *name; name++)
        if (is_shown(*name)) {
            names[count++] = *name;
            widest = strlen(*name) > widest ? strlen(*name) : widest;
        }
    columns = LINE_WIDTH / (widest + 2);
    columns = columns ? columns : 1;
    rows = (count + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < count; i += rows)
            printf("%-*s", i + rows < count ? (int)widest + 2 : 0, names[i]);
        putchar('\n');
    }
}

static bool show_lines(const char *path, char **names)
{
    bool shown = true;

    for (char **name = names; *name; name++) {
        char *below;
        if (!is_shown(*name))
            continue;
        below = app_join(path, *name);
        shown &= show(below, *name);
        free(below);
    }
    return shown;
}

static bool list_directory(const char *path)
{
    char **names = app_entries(path, true), **end, **copy;
    bool shown = true;

    if (!names) {
        app_warn("%s", path);
        return false;
    }
    for (end = names; *end; end++)
        ;
    if (one_column) {
        shown = show_lines(path, names);
    } else {
        size_t bytes = (size_t)(end - names + 1) * sizeof *names;
        copy = malloc(bytes);
        if (copy)
            show_columns(memcpy(copy, names, bytes));
        free(copy);
    }
    app_entries_free(names);
    return shown;
}

static bool is_listed(const char *path)
{
    struct stat st;

    if (directories_themselves)
        return false;
    return (long_form ? !lstat(path, &st) : !stat(path, &st)) && S_ISDIR(st.st_mode);
}

static int list_all(char **paths, int count)
{
    int status = 0, files = 0;

    for (int i = 0; i < count; i++) {
        struct stat st;
        if (is_listed(paths[i]))
            continue;
        if (lstat(paths[i], &st)) {
            app_warn("%s", paths[i]);
            status = 1;
        } else {
            status |= !show(paths[i], paths[i]);
            files++;
        }
    }
    for (int i = 0; i < count; i++) {
        if (!is_listed(paths[i]))
            continue;
        if (count > 1)
            printf("%s%s:\n", files++ ? "\n" : "", paths[i]);
        status |= !list_directory(paths[i]);
    }
    return status;
}

int main(int argc, char **argv)
{
    static char *here[] = {"."};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "laA1diC")) != -1) {
        if (option == '?')
            app_usage("[-l] [-a] [-A] [-1] [-d] [-i] [FILE...]");
        long_form |= option == 'l';
        all |= option == 'a';
        almost_all |= option == 'A';
        one_column |= option == '1';
        directories_themselves |= option == 'd';
        inodes |= option == 'i';
    }
    one_column |= long_form || inodes || !isatty(1);
    if (optind == argc)
        return app_finish(list_all(here, 1));
    return app_finish(list_all(argv + optind, argc - optind));
}
