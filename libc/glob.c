/* Paths that match a pattern: each part with * ? [ is matched against its directory. */
#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "internal.h"

struct search {
    glob_t *out;
    int flags;
    int (*error)(const char *path, int code);
    char path[PATH_MAX]; /* found so far */
};

static int is_magic(const char *part, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr("*?[", part[i]))
            return 1;
    return 0;
}

/* Append a path to the result, NULL after it. */
static int add(glob_t *out, const char *path, int mark)
{
    size_t used = (size_t)(out->gl_offs + out->gl_pathc), n = strlen(path);
    char **more = realloc(out->gl_pathv, (used + 2) * sizeof *more);

    if (more == NULL)
        return GLOB_NOSPACE;
    out->gl_pathv = more;
    more[used] = malloc(n + 2);
    if (more[used] == NULL)
        return GLOB_NOSPACE;
    memcpy(more[used], path, n + 1);
    if (mark)
        strcpy(more[used] + n, "/");
    more[used + 1] = NULL;
    out->gl_pathc++;
    return 0;
}

static int found(struct search *s)
{
    struct stat st;

    if (lstat(s->path, &st))
        return 0;
    return add(s->out, s->path,
               (s->flags & GLOB_MARK) && stat(s->path, &st) == 0 && S_ISDIR(st.st_mode));
}

static int search(struct search *s, size_t len, const char *rest);

/* `name` is a part of the path; go on behind it. */
static int search_below(struct search *s, size_t len, const char *name, size_t n, const char *rest)
{
    if (len + n + 2 > sizeof s->path)
        return 0;
    memcpy(s->path + len, name, n);
    s->path[len + n] = '\0';
    return search(s, len + n, rest);
}

static int failed(struct search *s)
{
    int stop = s->error && s->error(s->path, errno);

    return stop || (s->flags & GLOB_ERR) ? GLOB_ABEND : 0;
}

static int search_directory(struct search *s, size_t len, const char *part, size_t n)
{
    char pattern[NAME_MAX + 1];
    DIR *dir = opendir(len ? s->path : ".");
    struct dirent *entry;
    int rc = 0;

    if (dir == NULL)
        return errno == ENOENT || errno == ENOTDIR ? 0 : failed(s);
    if (n <= NAME_MAX) {
        memcpy(pattern, part, n);
        pattern[n] = '\0';
        while (rc == 0 && (entry = readdir(dir)))
            if (fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0)
                rc = search_below(s, len, entry->d_name, strlen(entry->d_name), part + n);
    }
    closedir(dir);
    s->path[len] = '\0';
    return rc;
}

/* s->path has `len` characters; the next part of the pattern is at `rest`. */
static int search(struct search *s, size_t len, const char *rest)
{
    size_t slashes = strspn(rest, "/"), n = strcspn(rest + slashes, "/");

    if (slashes) {
        if (len + 2 > sizeof s->path)
            return 0;
        s->path[len++] = '/';
        s->path[len] = '\0';
        rest += slashes;
    }
    if (n == 0)
        return found(s);
    if (is_magic(rest, n))
        return search_directory(s, len, rest, n);
    return search_below(s, len, rest, n, rest + n);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int begin(int flags, glob_t *out)
{
    if (flags & GLOB_APPEND)
        return 0;
    out->gl_pathc = 0;
    out->gl_offs = flags & GLOB_DOOFFS ? out->gl_offs : 0;
    out->gl_pathv = calloc((size_t)out->gl_offs + 1, sizeof *out->gl_pathv);
    return out->gl_pathv ? 0 : GLOB_NOSPACE;
}

int glob(const char *restrict pattern, int flags, int (*error)(const char *, int),
         glob_t *restrict out)
{
    struct search s = {out, flags, error, ""};
    int rc = begin(flags, out), before;

    if (rc)
        return rc;
    before = out->gl_pathc;
    rc = search(&s, 0, pattern);
    out->gl_flags = flags;
    out->gl_matchc = out->gl_pathc - before;
    if (rc)
        return rc;
    if (out->gl_matchc == 0)
        return flags & GLOB_NOCHECK ? add(out, pattern, 0) : GLOB_NOMATCH;
    if (!(flags & GLOB_NOSORT))
        qsort(out->gl_pathv + out->gl_offs + before, (size_t)out->gl_matchc, sizeof(char *),
              by_name);
    return 0;
}

void globfree(glob_t *out)
{
    for (int i = 0; i < out->gl_pathc; i++)
        free(out->gl_pathv[out->gl_offs + i]);
    free(out->gl_pathv);
    out->gl_pathv = NULL;
    out->gl_pathc = 0;
}
