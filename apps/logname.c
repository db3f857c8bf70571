/* logname: the name of the user who logged in. */
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    const char *name;

    app_start(argv);
    if (argc > 1)
        app_usage("");
    name = getlogin();
    if (!name) {
        app_say("no login name");
        return 1;
    }
    puts(name);
    return app_finish(0);
}
