/* head [-n LINES] [FILE...]: the first lines, 10 unless told. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static void head(FILE *stream, long lines)
{
    int c;

    while (lines > 0 && (c = getc(stream)) != EOF) {
        putchar(c);
        lines -= c == '\n';
    }
}

static bool head_file(const char *path, long lines)
{
    FILE *stream = fopen(path, "r");

    if (!stream) {
        app_warn("%s", path);
        return false;
    }
    head(stream, lines);
    fclose(stream);
    return true;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-n LINES] [FILE...]";
    long lines = 10;
    int i = 1, status = 0;

    app_start(argv);
    if (argc > 1 && argv[1][0] == '-' && argv[1][1]) {
        const char *number = strcmp(argv[1], "-n") ? argv[1] + 1 + (argv[1][1] == 'n') : argv[2];
        if (!number || !app_number(number, &lines) || lines < 0)
            app_usage(usage);
        i = strcmp(argv[1], "-n") ? 2 : 3;
    }
    if (i == argc)
        head(stdin, lines);
    for (int many = argc - i > 1, first = i; i < argc; i++) {
        if (many)
            printf("%s==> %s <==\n", i > first ? "\n" : "", argv[i]);
        status |= !head_file(argv[i], lines);
    }
    return app_finish(status);
}
