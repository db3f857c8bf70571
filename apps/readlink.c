/* readlink PATH: where a symbolic link points. */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    char target[PATH_MAX];
    ssize_t n;

    app_start(argv);
    if (argc != 2)
        app_usage("PATH");
    n = readlink(argv[1], target, sizeof target - 1);
    if (n < 0)
        return 1;
    printf("%.*s\n", (int)n, target);
    return app_finish(0);
}
