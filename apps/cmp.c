/* cmp [-l|-s] FILE1 FILE2: where two files first differ; -l: each byte that does. Status 0 equal, 1 different,
 * 2 trouble. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool silent, all;

/* -s: without a message. */
static FILE *open_file(const char *path)
{
    return silent && strcmp(path, "-") ? fopen(path, "r") : app_fopen(path);
}

static int compare(FILE *a, FILE *b, char **paths)
{
    unsigned long offset = 1, line = 1;
    int x, y, status = 0;

    for (;; offset++) {
        x = getc(a);
        y = getc(b);
        if (x == EOF || y == EOF)
            break;
        if (x == y) {
            line += x == '\n';
            continue;
        }
        status = 1;
        if (silent)
            return 1;
        if (!all) {
            printf("%s %s differ: char %lu, line %lu\n", paths[0], paths[1], offset, line);
            return 1;
        }
        printf("%lu %3o %3o\n", offset, (unsigned)x, (unsigned)y);
    }
    if (x == y)
        return status;
    if (!silent)
        app_say("EOF on %s after byte %lu", paths[y == EOF], offset - 1);
    return 1;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-l|-s] FILE1 FILE2";
    int option, status;
    FILE *a, *b;

    app_start(argv);
    app_trouble(2);
    while ((option = getopt(argc, argv, "ls")) != -1) {
        if (option == '?')
            app_usage(usage);
        silent |= option == 's';
        all |= option == 'l';
    }
    if (argc - optind != 2)
        app_usage(usage);
    a = open_file(argv[optind]);
    b = open_file(argv[optind + 1]);
    if (!a || !b)
        return 2;
    status = compare(a, b, argv + optind);
    if (ferror(a) || ferror(b)) {
        app_warn("%s", argv[optind + (ferror(a) == 0)]);
        return 2;
    }
    return app_finish(status);
}
