/* tac [FILE...]: the lines of each file, the last one first. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static void turn(FILE *stream, const char *path)
{
    struct line *lines = NULL, line = {0};
    size_t count = 0, room = 0;

    while (line_read(&line, stream)) {
        if (count == room)
            lines = app_resize(lines, (room = room * 2 + 64) * sizeof *lines);
        lines[count++] = line;
        line = (struct line){0};
    }
    while (count) {
        line_write(&lines[--count], '\n', stdout);
        line_free(&lines[count]);
    }
    free(lines);
    line_free(&line);
}

int main(int argc, char **argv)
{
    app_start(argv);
    if (getopt(argc, argv, "") != -1)
        app_usage("[FILE...]");
    return app_finish(each_stream(argv + optind, turn));
}
