/* mkdir [-p] [-m MODE] DIRECTORY... */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"

static bool parents, exact;
static mode_t mode = 0777;

/* A directory that is there already is good enough. */
static bool make(const char *path, mode_t with)
{
    return !mkdir(path, with) || (errno == EEXIST && app_is_directory(path));
}

/* What lies above must let us in, whatever the umask. */
static bool make_above(char *path, mode_t mask)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        bool made;
        *slash = 0;
        made = make(path, (0777 & ~mask) | 0300);
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool make_all(char *path)
{
    mode_t mask = umask(0);
    bool made;

    umask(mask & ~0300u);
    made = make_above(path, mask);
    umask(mask);
    return made && make(path, mode);
}

static bool make_one(char *path)
{
    bool is_new = !parents || !app_is_directory(path);

    if ((parents ? make_all(path) : !mkdir(path, mode)) && (!exact || !is_new || !chmod(path, mode)))
        return true;
    app_warn("%s", path);
    return false;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-p] [-m MODE] DIRECTORY...";
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "pm:")) != -1) {
        if (option == '?')
            app_usage(usage);
        parents |= option == 'p';
        exact |= option == 'm';
        if (option == 'm' && !mode_for_new(optarg, &mode))
            return 1;
    }
    if (optind == argc)
        app_usage(usage);
    for (; optind < argc; optind++)
        status |= !make_one(argv[optind]);
    return status;
}
