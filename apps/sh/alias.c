/* Aliases: a list, sorted, because few have many. */
#include "apps/sh/alias.h"

#include <stdlib.h>
#include <string.h>

#include "apps/sh/vars.h"

const struct alias *alias_find(const struct aliases *aliases, const char *name)
{
    const struct alias *alias = aliases ? aliases->first : NULL;

    while (alias && strcmp(alias->name, name))
        alias = alias->next;
    return alias;
}

static void alias_free(struct alias *alias)
{
    free(alias->name);
    free(alias->value);
    free(alias);
}

void alias_set(struct aliases *aliases, const char *name, const char *value)
{
    struct alias **link = &aliases->first, *alias = malloc(sizeof *alias);
    char *copy = must_strdup(value);

    if (!alias)
        abort();
    alias_remove(aliases, name);
    while (*link && strcmp((*link)->name, name) < 0)
        link = &(*link)->next;
    *alias = (struct alias){*link, must_strdup(name), copy};
    *link = alias;
}

bool alias_remove(struct aliases *aliases, const char *name)
{
    for (struct alias **link = &aliases->first; *link; link = &(*link)->next) {
        struct alias *alias = *link;

        if (strcmp(alias->name, name))
            continue;
        *link = alias->next;
        alias_free(alias);
        return true;
    }
    return false;
}

void alias_remove_all(struct aliases *aliases)
{
    while (aliases->first)
        alias_remove(aliases, aliases->first->name);
}
