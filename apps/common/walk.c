/* Going through a directory and all that is below it, in the order of names. */
#include "apps/common/walk.h"

#include <errno.h>
#include <stdlib.h>

#include "apps/common/app.h"

static bool visit(const struct walk *how, const char *path, const struct walk_item *above);

/* Only links that are followed can lead back to where we came from. */
static bool is_circle(const struct walk_item *item)
{
    for (const struct walk_item *up = item->above; up; up = up->above)
        if (up->st.st_ino == item->st.st_ino && up->st.st_dev == item->st.st_dev)
            return true;
    return false;
}

static bool visit_entries(const struct walk *how, const struct walk_item *item)
{
    char **entries = app_entries(item->path, false);
    bool visited = true;

    if (!entries) {
        app_warn("%s", item->path);
        return false;
    }
    for (char **entry = entries; *entry; entry++) {
        char *path = app_join(item->path, *entry);
        visited &= visit(how, path, item);
        free(path);
    }
    app_entries_free(entries);
    return visited;
}

static bool look(enum walk_links links, struct walk_item *item)
{
    bool follow = links == WALK_TARGETS || (links == WALK_LINKS_TOP && !item->above);

    return (follow && !stat(item->path, &item->st)) || !lstat(item->path, &item->st);
}

static bool visit(const struct walk *how, const char *path, const struct walk_item *above)
{
    struct walk_item item = {.path = path, .above = above, .depth = above ? above->depth + 1 : 0};
    bool visited = true;

    if (!look(how->links, &item)) {
        app_warn("%s", path);
        return false;
    }
    if (S_ISDIR(item.st.st_mode) && is_circle(&item)) {
        app_say("%s: leads back to a directory above", path);
        return false;
    }
    if (!how->before(&item, how->self) || !S_ISDIR(item.st.st_mode))
        return true;
    if (!how->one_device || !above || item.st.st_dev == above->st.st_dev)
        visited = visit_entries(how, &item);
    if (how->after)
        how->after(&item, how->self);
    return visited;
}

bool walk(const struct walk *how, const char *path)
{
    return visit(how, path, NULL);
}
