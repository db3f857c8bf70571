/* printenv [NAME...]: the environment, or values of it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

extern char **environ;

int main(int argc, char **argv)
{
    int status = 0;

    app_start(argv);
    app_trouble(2);
    if (getopt(argc, argv, "+") != -1)
        app_usage("[NAME...]");
    if (optind == argc)
        for (char **entry = environ; *entry; entry++)
            puts(*entry);
    for (; optind < argc; optind++) {
        const char *value = getenv(argv[optind]);
        if (value)
            puts(value);
        else
            status = 1;
    }
    return app_finish(status);
}
