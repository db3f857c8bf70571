/* mv [-f] SOURCE... TARGET: rename, or move into TARGET if that is a directory. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool move(const char *from, const char *to)
{
    if (!rename(from, to))
        return true;
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
    const char *target;
    int status = 0;

    app_start(argv);
    while (getopt(argc, argv, "f") != -1)
        ;
    if (argc - optind < 2)
        app_usage("[-f] SOURCE... TARGET");
    target = argv[--argc];
    if (!app_is_directory(target)) {
        if (argc - optind == 1)
            return !move(argv[optind], target);
        app_say("%s: is not a directory", target);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !move_into(argv[optind], target);
    return status;
}
