/* Names of files that match a pattern. */
#ifndef APPS_SH_GLOB_H
#define APPS_SH_GLOB_H

#include "apps/common/arena.h"

/* A list of strings, in an arena. */
struct strings {
    struct arena *arena;
    char **items; /* ends with NULL once strings_end() was called */
    size_t count, cap;
};

void strings_add(struct strings *strings, char *item);
/* The items, with NULL behind them. */
char **strings_end(struct strings *strings);

/* Add the paths that match, sorted. False if there are none. */
bool glob_paths(struct strings *paths, const char *pattern);

#endif
