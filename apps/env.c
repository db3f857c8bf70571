/* env [-i] [NAME=VALUE...] [COMMAND [ARGUMENT...]]: the environment, or a command in a changed one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

extern char **environ;

int main(int argc, char **argv)
{
    static char *nothing[] = {NULL};
    int i = 1;

    app_start(argv);
    if (i < argc && (!strcmp(argv[i], "-i") || !strcmp(argv[i], "-"))) {
        environ = nothing;
        i++;
    }
    for (; i < argc && strchr(argv[i], '='); i++)
        if (putenv(argv[i])) {
            app_warn("%s", argv[i]);
            return 125;
        }
    if (i < argc) {
        execvp(argv[i], argv + i);
        app_warn("%s", argv[i]);
        return errno == ENOENT ? 127 : 126;
    }
    for (char **entry = environ; *entry; entry++)
        puts(*entry);
    return app_finish(0);
}
