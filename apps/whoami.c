/* whoami: the name of the user whose rights this has. */
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/names.h"

int main(int argc, char **argv)
{
    app_start(argv);
    if (argc > 1)
        app_usage("");
    puts(names_user(geteuid()));
    return app_finish(0);
}
