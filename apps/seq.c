/* seq [FIRST [STEP]] LAST: whole numbers, one a line. */
#include <stdio.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    long first = 1, step = 1, last;

    app_start(argv);
    if (argc < 2 || argc > 4 || !app_number(argv[argc - 1], &last) ||
        (argc > 2 && !app_number(argv[1], &first)) || (argc > 3 && !app_number(argv[2], &step)) ||
        step == 0)
        app_usage("[FIRST [STEP]] LAST");
    for (long i = first; step > 0 ? i <= last : i >= last; i += step)
        printf("%ld\n", i);
    return app_finish(0);
}
