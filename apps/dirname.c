/* dirname PATH: a path without its last part. */
#include <stdio.h>
#include <string.h>

#include "apps/common/app.h"

/* Cut trailing slashes, but for one that is all there is. */
static size_t without_slashes(const char *path, size_t n)
{
    while (n > 1 && path[n - 1] == '/')
        n--;
    return n;
}

int main(int argc, char **argv)
{
    const char *path;
    size_t n;

    app_start(argv);
    if (argc != 2)
        app_usage("PATH");
    path = argv[1];
    n = without_slashes(path, strlen(path));
    while (n > 0 && path[n - 1] != '/')
        n--;
    n = without_slashes(path, n);
    printf("%.*s\n", n ? (int)n : 1, n ? path : ".");
    return app_finish(0);
}
