/* rev [FILE...]: each line from its end to its beginning. */
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static void reverse(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream)) {
        for (size_t i = line.len; i > 0; i--)
            putchar(line.text[i - 1]);
        if (line.had_newline)
            putchar('\n');
    }
    line_free(&line);
}

int main(int argc, char **argv)
{
    app_start(argv);
    if (getopt(argc, argv, "") != -1)
        app_usage("[FILE...]");
    return app_finish(each_stream(argv + optind, reverse));
}
