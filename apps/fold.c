/* fold [-b] [-s] [-w WIDTH] [FILE...]: long lines broken at 80 columns; -b: bytes; -s: after a blank. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static bool by_bytes, at_blanks;
static long width = 80;

static long column_after(long column, char c)
{
    if (by_bytes)
        return column + 1;
    if (c == '\b')
        return column ? column - 1 : 0;
    if (c == '\r')
        return 0;
    return c == '\t' ? column + 8 - column % 8 : column + 1;
}

/* Where to break before offset `end`: after the last blank, or there. */
static size_t break_before(const struct line *line, size_t start, size_t end)
{
    for (size_t i = end; at_blanks && i > start; i--)
        if (isblank((unsigned char)line->text[i - 1]))
            return i;
    return end;
}

static void fold_line(const struct line *line)
{
    size_t start = 0;
    long column = 0;

    for (size_t i = 0; i < line->len; i++) {
        long then = column_after(column, line->text[i]);
        if (then > width && i > start) {
            size_t at = break_before(line, start, i);
            fwrite(line->text + start, 1, at - start, stdout);
            putchar('\n');
            start = at;
            i = at - 1;
            column = 0;
        } else {
            column = then;
        }
    }
    fwrite(line->text + start, 1, line->len - start, stdout);
    if (line->had_newline)
        putchar('\n');
}

static void fold(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream))
        fold_line(&line);
    line_free(&line);
}

int main(int argc, char **argv)
{
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "bsw:")) != -1) {
        if (option == '?')
            app_usage("[-b] [-s] [-w WIDTH] [FILE...]");
        by_bytes |= option == 'b';
        at_blanks |= option == 's';
        if (option == 'w' && (!app_number(optarg, &width) || width < 1)) {
            app_say("%s: not a width", optarg);
            return 1;
        }
    }
    return app_finish(each_stream(argv + optind, fold));
}
