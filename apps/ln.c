/* ln [-s] [-f] TARGET... NAME: further names for files; -s symbolic, -f instead of what is there.
 */
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool symbolic, force;

static bool make(const char *target, const char *name)
{
    if (force)
        unlink(name);
    if (symbolic ? !symlink(target, name) : !link(target, name))
        return true;
    app_warn("%s to %s", name, target);
    return false;
}

static bool make_in(const char *target, const char *dir)
{
    char *last = app_basename(target), *name = app_join(dir, last);
    bool made = make(target, name);

    free(last);
    free(name);
    return made;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-s] [-f] TARGET... NAME";
    const char *name = ".";
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "sf")) != -1) {
        if (option == '?')
            app_usage(usage);
        symbolic |= option == 's';
        force |= option == 'f';
    }
    if (optind == argc)
        app_usage(usage);
    if (argc - optind > 1)
        name = argv[--argc];
    if (!app_is_directory(name)) {
        if (argc - optind == 1)
            return !make(argv[optind], name);
        app_say("%s: is not a directory", name);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !make_in(argv[optind], name);
    return status;
}
