/* cmp [-s] FILE1 FILE2: where two files first differ. Status 0 equal, 1 different, 2 trouble. */
#include <stdio.h>
#include <string.h>

#include "apps/common/app.h"

static FILE *open_file(const char *path)
{
    FILE *stream = strcmp(path, "-") ? fopen(path, "r") : stdin;

    if (!stream)
        app_warn("%s", path);
    return stream;
}

static int compare(FILE *a, FILE *b, char **paths, bool silent)
{
    unsigned long offset = 1, line = 1;
    int x, y;

    while ((x = getc(a)) == (y = getc(b))) {
        if (x == EOF)
            return 0;
        offset++;
        line += x == '\n';
    }
    if (silent)
        return 1;
    if (x == EOF || y == EOF)
        app_say("EOF on %s after byte %lu", paths[y == EOF], offset - 1);
    else
        printf("%s %s differ: char %lu, line %lu\n", paths[0], paths[1], offset, line);
    return 1;
}

int main(int argc, char **argv)
{
    bool silent = argc > 1 && !strcmp(argv[1], "-s");
    FILE *a, *b;

    app_start(argv);
    if (argc != 3 + silent)
        app_usage("[-s] FILE1 FILE2");
    a = open_file(argv[1 + silent]);
    b = open_file(argv[2 + silent]);
    if (!a || !b)
        return 2;
    return app_finish(compare(a, b, argv + 1 + silent, silent));
}
