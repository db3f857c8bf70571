/* Aliases, and where they are being put in the place of words. */
#ifndef APPS_SH_ALIAS_H
#define APPS_SH_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

#include "apps/common/arena.h"

struct alias {
    struct alias *next; /* in order of names */
    char *name, *value;
};

struct aliases {
    struct alias *first;
};

const struct alias *alias_find(const struct aliases *aliases, const char *name);
void alias_set(struct aliases *aliases, const char *name, const char *value);
/* => false: there is none. */
bool alias_remove(struct aliases *aliases, const char *name);
void alias_remove_all(struct aliases *aliases);

#endif
