/* Going through a directory and all that is below it. */
#ifndef APPS_COMMON_WALK_H
#define APPS_COMMON_WALK_H

#include <stdbool.h>
#include <sys/stat.h>

enum walk_links {
    WALK_LINKS,     /* symbolic links are visited themselves (-P) */
    WALK_LINKS_TOP, /* but the one that the walk starts with is followed (-H) */
    WALK_TARGETS,   /* all are followed, unless they point nowhere (-L) */
};

struct walk_item {
    const char *path;
    struct stat st;
    int depth;                     /* 0: where the walk starts */
    const struct walk_item *above; /* the directory that holds it; NULL at depth 0 */
};

struct walk {
    enum walk_links links;
    bool one_device; /* not into what is mounted below */
    /* For each file before what is below it. => for a directory: whether to go into it. */
    bool (*before)(const struct walk_item *item, void *self);
    /* For each directory that was gone into, after all that is below it. May be NULL. */
    void (*after)(const struct walk_item *item, void *self);
    void *self;
};

/* => false if something could not be looked at (said); the rest was visited all the same. */
bool walk(const struct walk *how, const char *path);

#endif
