/* which [-a] COMMAND...: where PATH finds them; -a all places. Status 1 if one is nowhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool all;

static bool is_command(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* An empty part of PATH is the working directory. */
static bool look_in(const char *dir, size_t len, const char *name)
{
    char *part = app_dup(len ? dir : "."), *path;
    bool found;

    if (len)
        part[len] = 0;
    path = app_join(part, name);
    found = is_command(path);
    if (found)
        puts(path);
    free(part);
    free(path);
    return found;
}

static bool which(const char *name)
{
    const char *dirs = getenv("PATH");
    bool found = false;

    if (strchr(name, '/')) {
        if (is_command(name))
            puts(name);
        return is_command(name);
    }
    for (; dirs && (all || !found); dirs = strchr(dirs, ':') ? strchr(dirs, ':') + 1 : NULL)
        found |= look_in(dirs, strcspn(dirs, ":"), name);
    return found;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "a")) != -1) {
        if (option != 'a')
            app_usage("[-a] COMMAND...");
        all = true;
    }
    if (optind == argc)
        return 1;
    for (; optind < argc; optind++)
        status |= !which(argv[optind]);
    return app_finish(status);
}
