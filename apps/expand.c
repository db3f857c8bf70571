/* expand [-i] [-t STOPS] [FILE...]: blanks for tabs; unexpand [-a] [-t STOPS] [FILE...]: tabs for blanks. STOPS is
 * a distance, or a list of columns. -i, and unexpand without -a or -t: only at the beginning of lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

#define STOPS_MAX 200

static long stops[STOPS_MAX] = {8};
static int stop_count = 1;
static bool to_tabs, only_leading;

static void read_stops(char *text)
{
    stop_count = 0;
    for (char *word = strtok(text, ", "); word; word = strtok(NULL, ", ")) {
        long stop;
        if (!app_number(word, &stop) || stop < 1 || stop_count == STOPS_MAX ||
            (stop_count && stop <= stops[stop_count - 1])) {
            app_say("%s: not a tab stop", word);
            app_quit();
        }
        stops[stop_count++] = stop;
    }
    if (!stop_count) {
        app_say("no tab stops");
        app_quit();
    }
}

/* The first stop behind a column. => 0 if there is none in the list. */
static long stop_after(long column)
{
    if (stop_count == 1)
        return column - column % stops[0] + stops[0];
    for (int i = 0; i < stop_count; i++)
        if (stops[i] > column)
            return stops[i];
    return 0;
}

static void put_blanks(long from, long to)
{
    for (; from < to; from++)
        putchar(' ');
}

static long column_after(long column, char c)
{
    if (c == '\b')
        return column ? column - 1 : 0;
    return column + 1;
}

static void expand_line(const struct line *line)
{
    bool leading = true;
    long column = 0;

    for (size_t i = 0; i < line->len; i++) {
        char c = line->text[i];
        long stop = c == '\t' ? stop_after(column) : 0;
        leading &= c == '\t' || c == ' ';
        if (c != '\t' || (only_leading && !leading)) {
            putchar(c);
            column = c == '\t' && stop ? stop : column_after(column, c);
            continue;
        }
        stop = stop ? stop : column + 1;
        put_blanks(column, stop);
        column = stop;
    }
}

/* What stands for the blanks between two columns: tabs as far as they go; one blank stays one, unless a tab was
 * among them. */
static void put_tabs(long from, long to, bool had_tab)
{
    long stop;

    while ((stop = stop_after(from)) && stop <= to && (to - from > 1 || had_tab)) {
        if (stop - from == 1 && !had_tab && to == stop)
            break;
        putchar('\t');
        from = stop;
        had_tab = true;
    }
    put_blanks(from, to);
}

static void unexpand_line(const struct line *line)
{
    long column = 0, start = 0;
    bool had_tab = false, leading = true;

    for (size_t i = 0; i < line->len; i++) {
        char c = line->text[i];
        bool is_blank = (c == ' ' || c == '\t') && (leading || !only_leading);
        if (is_blank) {
            long stop = c == '\t' ? stop_after(column) : column + 1;
            had_tab |= c == '\t';
            column = stop ? stop : column + 1;
            continue;
        }
        put_tabs(start, column, had_tab);
        putchar(c);
        leading = had_tab = false;
        start = column = column_after(column, c);
    }
    put_tabs(start, column, had_tab);
}

static void change(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream)) {
        if (to_tabs)
            unexpand_line(&line);
        else
            expand_line(&line);
        if (line.had_newline)
            putchar('\n');
    }
    line_free(&line);
}

int main(int argc, char **argv)
{
    int option;

    app_start(argv);
    to_tabs = only_leading = !strcmp(app_name(), "unexpand");
    while ((option = getopt(argc, argv, to_tabs ? "at:" : "it:")) != -1) {
        if (option == '?')
            app_usage(to_tabs ? "[-a] [-t STOPS] [FILE...]" : "[-i] [-t STOPS] [FILE...]");
        only_leading = option == 'i' || (only_leading && !to_tabs);
        if (option == 't')
            read_stops(optarg);
    }
    return app_finish(each_stream(argv + optind, change));
}
