/* tty [-s]: the name of the terminal that standard input is. Status 1 if it is none. */
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    const char *name;
    bool silent = false;
    int option;

    app_start(argv);
    app_trouble(2);
    while ((option = getopt(argc, argv, "s")) != -1) {
        if (option != 's')
            app_usage("[-s]");
        silent = true;
    }
    if (optind < argc)
        app_usage("[-s]");
    name = ttyname(0);
    if (!silent)
        puts(name ? name : "not a tty");
    return app_finish(!isatty(0));
}
