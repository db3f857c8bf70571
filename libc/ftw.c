/* Walks over trees. A directory's names are read at once and its stream closed before anything in it is
 * visited: one descriptor is enough, however deep the tree. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

/* The directories from the start down to here: a link back to one of them is not followed. */
struct above {
    const struct above *up;
    dev_t dev;
    ino_t ino;
};

struct walk {
    int (*visit)(const char *, const struct stat *, int, struct FTW *);
    int (*old_visit)(const char *, const struct stat *, int);
    int flags;
    int start; /* FTW_CHDIR: descriptor of the directory that paths begin at */
    dev_t dev; /* of what the walk began with */
    char path[PATH_MAX];
};

static int walk_from(struct walk *w, struct FTW where, const struct above *above);

static int not_dots(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int go_home(const struct walk *w)
{
    return w->flags & FTW_CHDIR ? fchdir(w->start) : 0;
}

/* To the directory that the name at `base` of the path is in. */
static int go_beside(struct walk *w, int base)
{
    char kept = w->path[base];
    int rc;

    if (!(w->flags & FTW_CHDIR) || base == 0)
        return 0;
    w->path[base] = '\0';
    rc = chdir(w->path);
    w->path[base] = kept;
    return rc;
}

/* => the visitor's answer; -1 if we cannot even get there. */
static int call(struct walk *w, const struct stat *st, int type, struct FTW where)
{
    int rc = go_beside(w, where.base);

    if (rc == 0)
        rc = w->visit ? w->visit(w->path, st, type, &where) : w->old_visit(w->path, st, type);
    return go_home(w) ? -1 : rc;
}

/* => what is there, or -1 with errno. */
static int look(const struct walk *w, struct stat *st)
{
    int follow = !(w->flags & FTW_PHYS);

    *st = (struct stat){0};
    if (fstatat(AT_FDCWD, w->path, st, follow ? 0 : AT_SYMLINK_NOFOLLOW)) {
        if (errno == ENOENT && follow && lstat(w->path, st) == 0)
            return w->visit ? FTW_SLN : FTW_NS;
        return errno == EACCES ? FTW_NS : -1;
    }
    return S_ISDIR(st->st_mode) ? FTW_D : S_ISLNK(st->st_mode) ? FTW_SL : FTW_F;
}

static int is_above(const struct above *above, const struct stat *st)
{
    for (; above; above = above->up)
        if (above->dev == st->st_dev && above->ino == st->st_ino)
            return 1;
    return 0;
}

/* The names in the directory w->path, one after the other. */
static int walk_names(struct walk *w, struct dirent **list, int n, struct FTW where,
                      const struct above *above)
{
    size_t end = strlen(w->path);
    int rc = 0;

    if (end > 0 && w->path[end - 1] != '/')
        w->path[end++] = '/';
    where = (struct FTW){(int)end, where.level + 1};
    for (int i = 0; i < n; free(list[i++])) {
        size_t len = strlen(list[i]->d_name);

        if (rc)
            continue; /* the rest is only given back */
        if (end + len >= sizeof w->path) {
            rc = fail(ENAMETOOLONG);
            continue;
        }
        memcpy(w->path + end, list[i]->d_name, len + 1);
        rc = walk_from(w, where, above);
    }
    return rc;
}

static int walk_directory(struct walk *w, const struct stat *st, struct FTW where,
                          const struct above *above)
{
    struct above here = {above, st->st_dev, st->st_ino};
    size_t end = strlen(w->path);
    struct dirent **list;
    int n, rc = 0;

    if (is_above(above, st) || (w->flags & FTW_MOUNT && st->st_dev != w->dev))
        return 0;
    n = scandir(w->path, &list, not_dots, NULL);
    if (n < 0)
        return errno == EACCES ? call(w, st, FTW_DNR, where) : -1;
    if (!(w->flags & FTW_DEPTH))
        rc = call(w, st, FTW_D, where);
    if (rc) {
        while (n > 0)
            free(list[--n]);
    } else {
        rc = walk_names(w, list, n, where, &here);
        w->path[end] = '\0';
    }
    free(list);
    return rc == 0 && w->flags & FTW_DEPTH ? call(w, st, FTW_DP, where) : rc;
}

static int walk_from(struct walk *w, struct FTW where, const struct above *above)
{
    struct stat st;
    int type = look(w, &st);

    if (type < 0)
        return where.level > 0 && errno == ENOENT ? 0 : -1; /* it went while we walked */
    if (where.level == 0)
        w->dev = st.st_dev;
    return type == FTW_D ? walk_directory(w, &st, where, above) : call(w, &st, type, where);
}

/* Where the last name of the path begins. */
static int base_of(const char *path)
{
    size_t end = strlen(path);

    while (end > 1 && path[end - 1] == '/')
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    return (int)end;
}

static int walk(struct walk *w, const char *path)
{
    uint64_t len;
    int rc, error;

    if (path_length(path, &len))
        return -1;
    memcpy(w->path, path, len + 1);
    w->start = w->flags & FTW_CHDIR ? open(".", O_RDONLY | O_CLOEXEC) : 0;
    if (w->start < 0)
        return -1;
    rc = walk_from(w, (struct FTW){base_of(w->path), 0}, NULL);
    error = errno;
    if (w->flags & FTW_CHDIR)
        close(w->start);
    errno = error;
    return rc;
}

int nftw(const char *path, int (*visit)(const char *, const struct stat *, int, struct FTW *),
         int ndirs, int flags)
{
    struct walk w = {.visit = visit, .flags = flags};

    if (flags & ~(FTW_PHYS | FTW_MOUNT | FTW_CHDIR | FTW_DEPTH))
        return fail(EINVAL);
    return walk(&w, path);
}

int ftw(const char *path, int (*visit)(const char *, const struct stat *, int), int ndirs)
{
    struct walk w = {.old_visit = visit};

    return walk(&w, path);
}
