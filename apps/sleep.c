/* sleep SECONDS: fractions are allowed. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    struct timespec left;
    double seconds;
    char *end;

    app_start(argv);
    if (argc != 2)
        app_usage("SECONDS");
    seconds = strtod(argv[1], &end);
    if (end == argv[1] || *end || !(seconds >= 0 && seconds < 1e9))
        app_usage("SECONDS");
    left.tv_sec = (time_t)seconds;
    left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) < 0)
        if (errno != EINTR) {
            app_warn("sleep");
            return 1;
        }
    return 0;
}
