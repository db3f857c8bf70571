/* Removing files and trees, for rm and mv. */
#ifndef APPS_COMMON_REMOVE_H
#define APPS_COMMON_REMOVE_H

#include <stdbool.h>

struct removal {
    bool recursive, force, ask, verbose;
    bool directories; /* empty ones, without -r */
};

/* => false after a message. */
bool remove_path(const struct removal *how, const char *path);

#endif
