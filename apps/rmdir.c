/* rmdir [-p] DIRECTORY...: empty ones; with -p the directories above too. */
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool remove_all(char *path, bool parents)
{
    char *slash;

    for (;;) {
        if (rmdir(path) < 0) {
            app_warn("%s", path);
            return false;
        }
        slash = strrchr(path, '/');
        if (!parents || !slash || slash == path)
            return true;
        *slash = 0;
    }
}

int main(int argc, char **argv)
{
    bool parents = false;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "p")) != -1) {
        if (option != 'p')
            app_usage("[-p] DIRECTORY...");
        parents = true;
    }
    if (optind == argc)
        app_usage("[-p] DIRECTORY...");
    for (; optind < argc; optind++)
        status |= !remove_all(argv[optind], parents);
    return status;
}
