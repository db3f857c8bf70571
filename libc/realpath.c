/* The one absolute path of a file, without symbolic links. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"

struct walk {
    char done[PATH_MAX]; /* resolved so far, "" for / */
    char todo[PATH_MAX]; /* what is left of the path */
    int links;
};

static void step_up(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash)
        *slash = '\0';
}

/* The link at w->done is replaced by its target, in front of what is left. */
static int follow(struct walk *w)
{
    char target[PATH_MAX];
    ssize_t n = readlink(w->done, target, sizeof target);
    size_t left = strlen(w->todo);

    if (n < 0)
        return -1;
    if (++w->links > SYMLOOP_MAX)
        return fail(ELOOP);
    if ((size_t)n + left + 1 > PATH_MAX)
        return fail(ENAMETOOLONG);
    memmove(w->todo + n, w->todo, left + 1); /* it is empty or begins with a slash */
    memcpy(w->todo, target, (size_t)n);
    if (target[0] == '/')
        w->done[0] = '\0';
    else
        step_up(w->done);
    return 0;
}

/* Take the first name of w->todo. */
static int step(struct walk *w)
{
    size_t slashes = strspn(w->todo, "/"), n = strcspn(w->todo + slashes, "/");
    char *name = w->todo + slashes, *end = w->done + strlen(w->done);
    struct stat st;
    int is_dot = n == 0 || (n == 1 && name[0] == '.');
    int is_up = n == 2 && name[0] == '.' && name[1] == '.';

    if (!is_dot && !is_up) {
        if ((size_t)(end - w->done) + n + 2 > PATH_MAX)
            return fail(ENAMETOOLONG);
        *end++ = '/';
        memcpy(end, name, n);
        end[n] = '\0';
    }
    if (is_up)
        step_up(w->done);
    memmove(w->todo, name + n, strlen(name + n) + 1);
    if (is_dot || is_up)
        return 0;
    if (lstat(w->done, &st))
        return -1;
    if (S_ISLNK(st.st_mode))
        return follow(w);
    return w->todo[0] == '/' && !S_ISDIR(st.st_mode) ? fail(ENOTDIR) : 0;
}

char *realpath(const char *restrict path, char *restrict out)
{
    struct walk w = {0};
    uint64_t len;

    if (path == NULL)
        return fail(EINVAL), NULL;
    if (path_length(path, &len))
        return NULL;
    memcpy(w.todo, path, len + 1);
    if (path[0] != '/' && !getcwd(w.done, sizeof w.done))
        return NULL;
    if (strcmp(w.done, "/") == 0)
        w.done[0] = '\0';
    while (w.todo[0])
        if (step(&w))
            return NULL;
    if (w.done[0] == '\0')
        strcpy(w.done, "/");
    return out ? strcpy(out, w.done) : strdup(w.done);
}
