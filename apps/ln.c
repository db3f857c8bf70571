/* ln [-fLnPsTv] TARGET... NAME: further names for files; -s symbolic, -f instead of what is there, -n a NAME
 * that is a link to a directory counts as a file, -L of what links point to. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool symbolic, force, verbose;
static int follow; /* AT_SYMLINK_FOLLOW or 0 */

/* Two names of one file: to remove the one could lose the file. */
static bool is_same(const char *target, const char *name)
{
    struct stat a, b;

    return !lstat(target, &a) && !lstat(name, &b) && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static bool make(const char *target, const char *name)
{
    if (force && !symbolic && is_same(target, name)) {
        app_say("%s and %s are the same file", target, name);
        return false;
    }
    if (force && (symbolic || !access(target, F_OK)))
        unlink(name);
    if (symbolic ? symlink(target, name) : linkat(AT_FDCWD, target, AT_FDCWD, name, follow)) {
        app_warn("%s to %s", name, target);
        return false;
    }
    if (verbose)
        printf("'%s' %s '%s'\n", name, symbolic ? "->" : "=>", target);
    return true;
}

static bool make_in(const char *target, const char *dir)
{
    char *last = app_basename(target), *name = app_join(dir, last);
    bool made = make(target, name);

    free(last);
    free(name);
    return made;
}

static bool is_link(const char *path)
{
    struct stat st;

    return !lstat(path, &st) && S_ISLNK(st.st_mode);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-fLnPsTv] TARGET... NAME";
    bool links_are_files = false, name_is_file = false;
    const char *name = ".";
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "fLnPsTv")) != -1) {
        if (option == '?')
            app_usage(usage);
        symbolic |= option == 's';
        force |= option == 'f';
        verbose |= option == 'v';
        links_are_files |= option == 'n';
        name_is_file |= option == 'T';
        if (option == 'L' || option == 'P')
            follow = option == 'L' ? AT_SYMLINK_FOLLOW : 0;
    }
    if (optind == argc)
        app_usage(usage);
    if (argc - optind > 1)
        name = argv[--argc];
    if (name_is_file || !app_is_directory(name) || (links_are_files && is_link(name))) {
        if (argc - optind == 1)
            return app_finish(!make(argv[optind], name));
        app_say("%s: is not a directory", name);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !make_in(argv[optind], name);
    return app_finish(status);
}
