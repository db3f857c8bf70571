/* nice [-n INCREMENT] [COMMAND [ARGUMENT...]]: run it so that others come first; without a command: how nice
 * we are. Where all programs have one priority it just runs, as POSIX says of a niceness that cannot be. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    static const char usage[] = "[-n INCREMENT] [COMMAND [ARGUMENT...]]";
    long increment = 10;
    bool given = false;
    int option;

    app_start(argv);
    app_trouble(125);
    while ((option = getopt(argc, argv, "+n:")) != -1) {
        if (option == '?' || !app_number(optarg, &increment))
            app_usage(usage);
        given = true;
    }
    if (optind == argc && given)
        app_usage(usage);
    if (optind == argc) {
        printf("%d\n", nice(0));
        return app_finish(0);
    }
    errno = 0;
    if (nice((int)increment) < 0 && errno && errno != ENOSYS)
        app_warn("%ld", increment);
    app_exec(argv + optind);
}
