/* seq [-w] [-s TEXT] [FIRST [STEP]] LAST: numbers, one a line or with TEXT between; -w: equally wide. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static int places; /* behind the point, of those given */

static double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    const char *point = strchr(text, '.');
    int behind = point ? (int)strlen(point + 1) : 0;

    if (end == text || *end || !(value - value == 0)) {
        app_say("%s: not a number", text);
        app_quit();
    }
    places = behind > places ? behind : places;
    return value;
}

/* Of the longer of two numbers as they are printed. */
static int width_of(double first, double last)
{
    int a = snprintf(NULL, 0, "%.*f", places, first), b = snprintf(NULL, 0, "%.*f", places, last);

    return a > b ? a : b;
}

static void count(double first, double step, double last, const char *between, bool wide)
{
    double slack = (step < 0 ? -step : step) / 1e6;
    int width = wide ? width_of(first, last) : 0;
    bool any = false;

    for (double i = 0;; i++) {
        double value = first + i * step;
        if (step > 0 ? value > last + slack : value < last - slack)
            break;
        printf("%s%0*.*f", any ? between : "", width, places, value);
        any = true;
    }
    if (any)
        putchar('\n');
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-w] [-s TEXT] [FIRST [STEP]] LAST";
    const char *between = "\n";
    double first = 1, step = 1, last;
    bool wide = false;
    int option, given, before;

    app_start(argv);
    /* -5 is a number. */
    while (optind < argc && !(argv[optind][0] == '-' && strspn(argv[optind] + 1, "0123456789.")) &&
           (option = getopt(argc, argv, "+ws:")) != -1) {
        if (option == '?')
            app_usage(usage);
        wide |= option == 'w';
        between = option == 's' ? optarg : between;
    }
    given = argc - optind;
    if (given < 1 || given > 3)
        app_usage(usage);
    if (given > 1)
        first = number(argv[optind]);
    if (given > 2)
        step = number(argv[optind + 1]);
    before = places;
    last = number(argv[argc - 1]);
    places = given > 1 ? before : 0; /* those of LAST don't count */
    if (step == 0) {
        app_say("a step of nothing");
        return 1;
    }
    count(first, step, last, between, wide);
    return app_finish(0);
}
