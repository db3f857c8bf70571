/* Removing files and trees. */
#include "apps/common/remove.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/copy.h"

static bool fail(const char *path)
{
    app_warn("%s", path);
    return false;
}

static bool remove_entries(const struct removal *how, const char *path)
{
    char **entries = app_entries(path, false);
    bool removed = true;

    if (!entries)
        return fail(path);
    for (char **entry = entries; *entry; entry++) {
        char *below = app_join(path, *entry);
        removed &= remove_path(how, below);
        free(below);
    }
    app_entries_free(entries);
    return removed;
}

/* What may not be written is asked about too, if there is someone to answer. */
static bool is_wanted(const struct removal *how, const char *path, const struct stat *st)
{
    bool guarded = !how->force && !S_ISLNK(st->st_mode) && isatty(0) && access(path, W_OK);

    return !(how->ask || guarded) || copy_ask("remove", path);
}

static bool remove_directory(const struct removal *how, const char *path, const struct stat *st)
{
    if (!how->recursive && !how->directories) {
        app_say("%s: is a directory", path);
        return false;
    }
    if (how->recursive && how->ask && !copy_ask("descend into", path))
        return true;
    if (how->recursive && !remove_entries(how, path))
        return false;
    return !is_wanted(how, path, st) || !rmdir(path) || fail(path);
}

bool remove_path(const struct removal *how, const char *path)
{
    struct stat st;
    bool removed;

    if (lstat(path, &st))
        return (how->force && (errno == ENOENT || errno == ENOTDIR)) || fail(path);
    if (S_ISDIR(st.st_mode))
        removed = remove_directory(how, path, &st);
    else if (!is_wanted(how, path, &st))
        return true;
    else
        removed = !unlink(path) || fail(path);
    if (removed && how->verbose)
        printf("removed '%s'\n", path);
    return removed;
}
