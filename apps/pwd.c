/* pwd: the working directory. */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    char path[PATH_MAX];

    app_start(argv);
    if (!getcwd(path, sizeof path)) {
        app_warn("getcwd");
        return 1;
    }
    puts(path);
    return app_finish(0);
}
