/* Names of files that match a pattern: one directory is read for each component that has wildcards.
 */
#include "apps/sh/glob.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/sh/pattern.h"

void strings_add(struct strings *strings, char *item)
{
    if (strings->count == strings->cap) {
        char **old = strings->items;
        strings->cap = strings->cap * 2 + 8;
        strings->items = arena_alloc(strings->arena, strings->cap * sizeof *strings->items);
        if (old)
            memcpy(strings->items, old, strings->count * sizeof *old);
    }
    strings->items[strings->count++] = item;
}

char **strings_end(struct strings *strings)
{
    strings_add(strings, NULL);
    strings->count--;
    return strings->items;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join(struct arena *arena, const char *prefix, const char *name)
{
    struct buf path = buf_new(arena);

    buf_str(&path, prefix);
    buf_str(&path, name);
    return path.data;
}

static void glob_rest(struct strings *paths, const char *prefix, const char *pattern);

/* Entries of directory `prefix` that match `component`; `rest` begins with / or is empty. */
static void glob_directory(struct strings *paths, const char *prefix, const char *component,
                           const char *rest)
{
    bool wants_hidden = component[component[0] == '\\'] == '.';
    DIR *dir = opendir(*prefix ? prefix : ".");
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.' && !wants_hidden)
            continue;
        if (pattern_matches(component, entry->d_name))
            glob_rest(paths, join(paths->arena, prefix, entry->d_name), rest);
    }
    closedir(dir);
}

/* `prefix` is a path that exists or is a directory with its slash; `pattern` what follows it. */
static void glob_rest(struct strings *paths, const char *prefix, const char *pattern)
{
    size_t slashes = strspn(pattern, "/"), n = strcspn(pattern + slashes, "/");
    const char *base = join(paths->arena, prefix, arena_strndup(paths->arena, pattern, slashes));
    char *component = arena_strndup(paths->arena, pattern + slashes, n);
    struct stat st;

    pattern += slashes + n;
    if (pattern_is_magic(component)) {
        glob_directory(paths, base, component, pattern);
        return;
    }
    base = join(paths->arena, base, pattern_text(paths->arena, component));
    if (*pattern)
        glob_rest(paths, base, pattern);
    else if (!lstat(base, &st))
        strings_add(paths, arena_strdup(paths->arena, base));
}

bool glob_paths(struct strings *paths, const char *pattern)
{
    size_t before = paths->count;

    glob_rest(paths, "", pattern);
    if (paths->count > before)
        qsort(paths->items + before, paths->count - before, sizeof *paths->items, compare);
    return paths->count > before;
}
