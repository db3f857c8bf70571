/* basename PATH [SUFFIX], basename -a|-s SUFFIX [-z] PATH...: the last parts of paths. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static void show(const char *path, const char *suffix, char end)
{
    char *last = app_basename(path);
    size_t n = strlen(last), cut = strlen(suffix);

    if (cut < n && !strcmp(last + n - cut, suffix))
        last[n - cut] = 0;
    printf("%s%c", last, end);
    free(last);
}

int main(int argc, char **argv)
{
    static const char usage[] = "PATH [SUFFIX] | -a|-s SUFFIX [-z] PATH...";
    const char *suffix = "";
    bool many = false;
    char end = '\n';
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "+as:z")) != -1) {
        if (option == '?')
            app_usage(usage);
        many |= option != 'z';
        suffix = option == 's' ? optarg : suffix;
        end = option == 'z' ? 0 : end;
    }
    if (optind == argc || (!many && argc - optind > 2))
        app_usage(usage);
    if (!many && argc - optind == 2)
        suffix = argv[--argc];
    for (; optind < argc; optind++)
        show(argv[optind], suffix, end);
    return app_finish(0);
}
