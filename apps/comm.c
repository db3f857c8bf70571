/* comm [-123] FILE1 FILE2: lines of two sorted files: only in the first, only in the second, in both. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static bool hidden[3];

static void show(int column, const struct line *line)
{
    if (hidden[column])
        return;
    for (int i = 0; i < column; i++)
        if (!hidden[i])
            putchar('\t');
    fwrite(line->text, 1, line->len, stdout);
    putchar('\n');
}

struct side {
    FILE *stream;
    struct line line;
    bool has_line;
};

static void advance(struct side *side)
{
    side->has_line = line_read(&side->line, side->stream);
}

static void compare(struct side *a, struct side *b)
{
    advance(a);
    advance(b);
    while (a->has_line || b->has_line) {
        int order = !a->has_line ? 1 : !b->has_line ? -1 : strcoll(a->line.text, b->line.text);
        show(order < 0 ? 0 : order > 0 ? 1 : 2, order > 0 ? &b->line : &a->line);
        if (order <= 0)
            advance(a);
        if (order >= 0)
            advance(b);
    }
}

int main(int argc, char **argv)
{
    struct side sides[2] = {0};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "123")) != -1) {
        if (option == '?')
            app_usage("[-123] FILE1 FILE2");
        hidden[option - '1'] = true;
    }
    if (argc - optind != 2)
        app_usage("[-123] FILE1 FILE2");
    for (int i = 0; i < 2; i++) {
        sides[i].stream = app_fopen(argv[optind + i]);
        if (!sides[i].stream)
            return 1;
    }
    compare(&sides[0], &sides[1]);
    for (int i = 0; i < 2; i++)
        line_free(&sides[i].line);
    return app_finish(0);
}
