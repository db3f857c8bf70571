/* realpath FILE...: the absolute path without links, . and .. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    int status = 0;

    app_start(argv);
    if (getopt(argc, argv, "e") == '?' || optind == argc)
        app_usage("FILE...");
    for (; optind < argc; optind++) {
        char *path = realpath(argv[optind], NULL);
        if (path)
            puts(path);
        else
            app_warn("%s", argv[optind]);
        status |= !path;
        free(path);
    }
    return app_finish(status);
}
