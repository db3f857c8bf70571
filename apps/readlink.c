/* readlink [-n] [-f|-e] PATH...: where a symbolic link points; -f: the whole path without links, whose last
 * part need not be there; -e: all of it must. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

/* In malloc's memory, as the others; NULL if there is none. */
static char *target_of(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target - 1);

    if (n < 0)
        return NULL;
    target[n] = 0;
    return app_dup(target);
}

static char *directory_of(const char *path)
{
    char *dir = app_dup(path), *slash;
    size_t n = strlen(dir);

    while (n > 1 && dir[n - 1] == '/')
        dir[--n] = 0;
    slash = strrchr(dir, '/');
    if (slash) {
        slash[slash == dir] = 0;
        return dir;
    }
    free(dir);
    return app_dup(".");
}

/* The path of something that is not there yet, in a directory that is. */
static char *missing(const char *path, int links)
{
    char *dir = directory_of(path), *real = realpath(dir, NULL), *last = app_basename(path);
    char *whole = real ? app_join(real, last) : NULL, *target = whole ? target_of(whole) : NULL;

    if (target && links) { /* a link that points nowhere */
        char *to = *target == '/' ? app_dup(target) : app_join(real, target);
        free(whole);
        whole = missing(to, links - 1);
        free(to);
    }
    free(target);
    free(dir);
    free(real);
    free(last);
    return whole;
}

static char *canonical(const char *path, bool must_exist)
{
    char *real = realpath(path, NULL);

    return real || must_exist || errno != ENOENT || !*path ? real : missing(path, 8);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-n] [-f|-e] PATH...";
    bool bare = false, whole = false, must_exist = false;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "nfe")) != -1) {
        if (option == '?')
            app_usage(usage);
        bare |= option == 'n';
        whole |= option != 'n';
        must_exist |= option == 'e';
    }
    if (optind == argc)
        app_usage(usage);
    bare &= argc - optind == 1;
    for (; optind < argc; optind++) {
        char *text = whole ? canonical(argv[optind], must_exist) : target_of(argv[optind]);
        if (text)
            printf("%s%s", text, bare ? "" : "\n");
        status |= !text;
        free(text);
    }
    return app_finish(status);
}
