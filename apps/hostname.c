/* hostname: the machine's name. */
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    char name[256];

    app_start(argv);
    if (argc > 1)
        app_usage("");
    if (gethostname(name, sizeof name)) {
        app_warn("gethostname");
        return 1;
    }
    puts(name);
    return app_finish(0);
}
