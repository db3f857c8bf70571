/* rm [-f] [-r] FILE...: -r directories with all that is in them, -f no complaint about missing
 * ones. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool recursive, force;

static bool remove_path(const char *path);

static bool remove_entries(const char *path)
{
    char **entries = app_entries(path, false);
    bool removed = true;

    if (!entries) {
        app_warn("%s", path);
        return false;
    }
    for (char **entry = entries; *entry; entry++) {
        char *below = app_join(path, *entry);
        removed &= remove_path(below);
        free(below);
    }
    app_entries_free(entries);
    return removed;
}

static bool remove_path(const char *path)
{
    struct stat st;
    bool is_directory;

    if (lstat(path, &st)) {
        if (force && (errno == ENOENT || errno == ENOTDIR))
            return true;
        app_warn("%s", path);
        return false;
    }
    is_directory = S_ISDIR(st.st_mode);
    if (is_directory && !recursive) {
        app_say("%s: is a directory", path);
        return false;
    }
    if (is_directory && !remove_entries(path))
        return false;
    if (is_directory ? !rmdir(path) : !unlink(path))
        return true;
    app_warn("%s", path);
    return false;
}

/* The directory itself, the one above and the root are never meant. */
static bool is_refused(const char *path)
{
    char *last = app_basename(path);
    bool refused = !strcmp(last, ".") || !strcmp(last, "..") || !strcmp(last, "/");

    if (refused)
        app_say("refusing to remove %s", path);
    free(last);
    return refused;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "fRr")) != -1) {
        if (option == 'f')
            force = true;
        else if (option == 'r' || option == 'R')
            recursive = true;
        else
            app_usage("[-f] [-r] FILE...");
    }
    if (optind == argc && !force)
        app_usage("[-f] [-r] FILE...");
    for (; optind < argc; optind++)
        status |= is_refused(argv[optind]) || !remove_path(argv[optind]);
    return status;
}
