/* mv [-finTuv] [-t DIR] SOURCE... TARGET: rename, or move into TARGET if that is a directory. To another
 * file system it copies and removes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/copy.h"
#include "apps/common/remove.h"

static const char usage[] = "[-finTuv] [-t DIR] SOURCE... TARGET";
static bool ask, never, newer_only, verbose, forced, target_is_file;

static bool is_newer(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec > b->st_mtim.tv_sec ||
           (a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec > b->st_mtim.tv_nsec);
}

/* Whether what is at `to`, if anything, may be overwritten. */
static bool may_replace(const struct stat *st, const char *to)
{
    struct stat old;

    if (lstat(to, &old))
        return true;
    if (never || (newer_only && !is_newer(st, &old)))
        return false;
    if (ask || (!forced && !S_ISLNK(old.st_mode) && isatty(0) && access(to, W_OK)))
        return copy_ask("overwrite", to);
    return true;
}

static bool copy_and_remove(const char *from, const char *to)
{
    const struct copy how = {.recursive = true, .keep_links = true, .keep_attributes = true, .force = true};
    const struct removal removal = {.recursive = true, .force = true};

    return copy_path(&how, from, to) && remove_path(&removal, from);
}

static bool move(const char *from, const char *to)
{
    struct stat st, old;

    if (lstat(from, &st)) {
        app_warn("%s", from);
        return false;
    }
    if (!may_replace(&st, to))
        return true;
    if (!lstat(to, &old) && old.st_ino == st.st_ino && old.st_dev == st.st_dev) {
        app_say("%s and %s are the same file", from, to);
        return false;
    }
    if (!rename(from, to) || (errno == EXDEV && copy_and_remove(from, to))) {
        if (verbose)
            printf("renamed '%s' -> '%s'\n", from, to);
        return true;
    }
    if (errno != EXDEV)
        app_warn("%s to %s", from, to);
    return false;
}

static bool move_into(const char *from, const char *dir)
{
    char *last = app_basename(from), *to = app_join(dir, last);
    bool moved = move(from, to);

    free(last);
    free(to);
    return moved;
}

int main(int argc, char **argv)
{
    const char *target = NULL;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "fint:Tuv")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (strchr("fin", option)) {
            forced = option == 'f';
            ask = option == 'i';
            never = option == 'n';
        }
        target = option == 't' ? optarg : target;
        newer_only |= option == 'u';
        verbose |= option == 'v';
        target_is_file |= option == 'T';
    }
    if (!target && argc - optind >= 2)
        target = argv[--argc];
    if (!target || optind == argc)
        app_usage(usage);
    if (target_is_file || !app_is_directory(target)) {
        if (argc - optind == 1)
            return app_finish(!move(argv[optind], target));
        app_say("%s: is not a directory", target);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !move_into(argv[optind], target);
    return app_finish(status);
}
