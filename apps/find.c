/* find [PATH...] [-name PATTERN] [-type f|d|l] [-maxdepth N] [-print]: paths below directories. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/common/app.h"

static const char *pattern;
static char type;
static long max_depth = -1;

static bool is_wanted(const char *path, mode_t mode)
{
    char *last;
    bool matches;

    if (type && (type == 'd') != S_ISDIR(mode))
        return false;
    if (type && (type == 'l') != S_ISLNK(mode))
        return false;
    if (!pattern)
        return true;
    last = app_basename(path);
    matches = !fnmatch(pattern, last, 0);
    free(last);
    return matches;
}

static int find(const char *path, long depth)
{
    struct stat st;
    char **entries;
    int status = 0;

    if (lstat(path, &st)) {
        app_warn("%s", path);
        return 1;
    }
    if (is_wanted(path, st.st_mode))
        puts(path);
    if (!S_ISDIR(st.st_mode) || depth == max_depth)
        return 0;
    entries = app_entries(path, false);
    if (!entries) {
        app_warn("%s", path);
        return 1;
    }
    for (char **entry = entries; *entry; entry++) {
        char *below = app_join(path, *entry);
        status |= find(below, depth + 1);
        free(below);
    }
    app_entries_free(entries);
    return status;
}

static _Noreturn void usage(void)
{
    app_usage("[PATH...] [-name PATTERN] [-type f|d|l] [-maxdepth N] [-print]");
}

static void read_condition(const char *name, const char *value)
{
    if (!value)
        usage();
    if (!strcmp(name, "-name"))
        pattern = value;
    else if (!strcmp(name, "-type") && strlen(value) == 1 && strchr("fdl", *value))
        type = *value;
    else if (strcmp(name, "-maxdepth") || !app_number(value, &max_depth))
        usage();
}

int main(int argc, char **argv)
{
    int paths = 1, status = 0;

    app_start(argv);
    while (paths < argc && argv[paths][0] != '-')
        paths++;
    for (int i = paths; i < argc; i++)
        if (strcmp(argv[i], "-print")) {
            read_condition(argv[i], argv[i + 1]);
            i++;
        }
    if (paths == 1)
        status = find(".", 0);
    for (int i = 1; i < paths; i++)
        status |= find(argv[i], 0);
    return app_finish(status);
}
