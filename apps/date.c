/* date [+FORMAT] [-u]: the time now (UTC). */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    time_t now = time(NULL);
    char text[512];

    app_start(argv);
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '+')
            format = argv[i] + 1;
        else if (strcmp(argv[i], "-u"))
            app_usage("[-u] [+FORMAT]");
    }
    if (now == (time_t)-1) {
        app_warn("time");
        return 1;
    }
    text[0] = 0;
    strftime(text, sizeof text, format, gmtime(&now));
    puts(text);
    return app_finish(0);
}
