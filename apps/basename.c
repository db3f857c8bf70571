/* basename PATH [SUFFIX]: the last part of a path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    char *last;
    size_t n, cut;

    app_start(argv);
    if (argc != 2 && argc != 3)
        app_usage("PATH [SUFFIX]");
    last = app_basename(argv[1]);
    n = strlen(last);
    cut = argc > 2 ? strlen(argv[2]) : 0;
    if (cut && cut < n && !strcmp(last + n - cut, argv[2]))
        last[n - cut] = 0;
    puts(last);
    free(last);
    return app_finish(0);
}
