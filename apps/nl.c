/* nl [-b a|t|n] [-i STEP] [-n ln|rn|rz] [-s TEXT] [-v FIRST] [-w WIDTH] [FILE...]: lines with their numbers; without
 * -b a those that are not empty. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static char style = 't';
static const char *format = "rn", *between = "\t";
static long number = 1, step = 1, width = 6;

static void put_number(void)
{
    if (!strcmp(format, "ln"))
        printf("%-*ld", (int)width, number);
    else if (!strcmp(format, "rz"))
        printf("%0*ld", (int)width, number);
    else
        printf("%*ld", (int)width, number);
    number += step;
}

static void number_lines(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream)) {
        if (style == 'a' || (style == 't' && line.len)) {
            put_number();
            fputs(between, stdout);
        } else {
            printf("%*s", (int)(width + (long)strlen(between)), "");
        }
        fwrite(line.text, 1, line.len, stdout);
        putchar('\n');
    }
    line_free(&line);
}

static void read_number(long *value, long least)
{
    if (app_number(optarg, value) && *value >= least)
        return;
    app_say("%s: not a number that can be meant here", optarg);
    app_quit();
}

static void read_option(int option, const char *usage)
{
    switch (option) {
    case 'b':
        if (strlen(optarg) != 1 || !strchr("atn", *optarg))
            app_usage(usage);
        style = *optarg;
        return;
    case 'n':
        if (strcmp(optarg, "ln") && strcmp(optarg, "rn") && strcmp(optarg, "rz"))
            app_usage(usage);
        format = optarg;
        return;
    case 's':
        between = optarg;
        return;
    case 'i':
        return read_number(&step, -1000000);
    case 'v':
        return read_number(&number, -1000000000);
    case 'w':
        return read_number(&width, 1);
    default:
        app_usage(usage);
    }
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-b a|t|n] [-i STEP] [-n ln|rn|rz] [-s TEXT] [-v FIRST] [-w WIDTH] [FILE...]";
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "b:i:n:s:v:w:")) != -1)
        read_option(option, usage);
    return app_finish(each_stream(argv + optind, number_lines));
}
