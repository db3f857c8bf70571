/* du [-s] [-a] [FILE...]: space on the disk, in KiB, below directories. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool sums_only, all_files;

/* KiB of `path` and what is below; printed on the way out. */
static unsigned long usage(const char *path, int depth, int *status)
{
    unsigned long blocks;
    struct stat st;
    char **entries = NULL;

    if (lstat(path, &st)) {
        app_warn("%s", path);
        *status = 1;
        return 0;
    }
    blocks = (unsigned long)st.st_blocks;
    if (S_ISDIR(st.st_mode) && !(entries = app_entries(path, false))) {
        app_warn("%s", path);
        *status = 1;
    }
    for (char **entry = entries; entry && *entry; entry++) {
        char *below = app_join(path, *entry);
        blocks += usage(below, depth + 1, status);
        free(below);
    }
    if (entries)
        app_entries_free(entries);
    if (depth == 0 || (!sums_only && (all_files || S_ISDIR(st.st_mode))))
        printf("%lu\t%s\n", (blocks + 1) / 2, path);
    return blocks;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "sak")) != -1) {
        if (option == '?')
            app_usage("[-s] [-a] [FILE...]");
        sums_only |= option == 's';
        all_files |= option == 'a';
    }
    if (optind == argc)
        usage(".", 0, &status);
    for (; optind < argc; optind++)
        usage(argv[optind], 0, &status);
    return app_finish(status);
}
