/* mkdir [-p] [-m MODE] DIRECTORY... */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

/* A directory that is there already is good enough. */
static bool make(const char *path, mode_t mode)
{
    return !mkdir(path, mode) || (errno == EEXIST && app_is_directory(path));
}

static bool make_all(char *path, mode_t mode)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        bool made;
        *slash = 0;
        made = make(path, 0777);
        *slash = '/';
        if (!made)
            return false;
    }
    return make(path, mode);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-p] [-m MODE] DIRECTORY...";
    mode_t mode = 0777;
    bool parents = false;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "pm:")) != -1) {
        if (option == 'p')
            parents = true;
        else if (option == 'm')
            mode = (mode_t)strtoul(optarg, NULL, 8);
        else
            app_usage(usage);
    }
    if (optind == argc)
        app_usage(usage);
    for (; optind < argc; optind++)
        if (parents ? !make_all(argv[optind], mode) : mkdir(argv[optind], mode) < 0) {
            app_warn("%s", argv[optind]);
            status = 1;
        }
    return status;
}
