/* env [-i] [-u NAME]... [NAME=VALUE...] [COMMAND [ARGUMENT...]]: the environment, or a command in a changed one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

extern char **environ;

static void must(int failed, const char *name)
{
    if (!failed)
        return;
    app_warn("%s", name);
    app_quit();
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-i] [-u NAME]... [NAME=VALUE...] [COMMAND [ARGUMENT...]]";
    static char *nothing[] = {NULL};
    int option;

    app_start(argv);
    app_trouble(125);
    while ((option = getopt(argc, argv, "+iu:")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 'i')
            environ = nothing;
        else
            must(unsetenv(optarg), optarg);
    }
    if (optind < argc && !strcmp(argv[optind], "-")) {
        environ = nothing;
        optind++;
    }
    for (; optind < argc && strchr(argv[optind], '='); optind++)
        must(putenv(argv[optind]), argv[optind]);
    if (optind < argc)
        app_exec(argv + optind);
    for (char **entry = environ; *entry; entry++)
        puts(*entry);
    return app_finish(0);
}
