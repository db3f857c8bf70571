/* sort [-n] [-r] [-u] [-k FIELD] [-t CHAR] [FILE...]: lines in order; -n by the number at their
 * start, -r in reverse, -u equal ones once, -k by the text from that field on, -t fields end with
 * CHAR. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static bool by_number, reverse, unique;
static long key_field = 1;
static char separator;

static char **lines;
static size_t count, room;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where field key_field begins. */
static const char *key(const char *text)
{
    for (long i = 1; i < key_field && *text; i++) {
        if (separator) {
            text += strcspn(text, (char[]){separator, 0});
            text += *text != 0;
            continue;
        }
        while (is_blank(*text))
            text++;
        while (*text && !is_blank(*text))
            text++;
    }
    return text;
}

static int compare_keys(const char *a, const char *b)
{
    a = key(a);
    b = key(b);
    if (by_number) {
        double x = strtod(a, NULL), y = strtod(b, NULL);
        return (x > y) - (x < y);
    }
    return strcmp(a, b);
}

static int compare(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = compare_keys(x, y);

    if (!order && !unique)
        order = strcmp(x, y);
    return reverse ? -order : order;
}

static void add_lines(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream)) {
        if (count == room) {
            room = room * 2 + 64;
            lines = realloc(lines, room * sizeof *lines);
        }
        if (!lines || !(lines[count++] = strdup(line.text))) {
            app_say("out of memory");
            exit(2);
        }
    }
    line_free(&line);
}

static void show(void)
{
    for (size_t i = 0; i < count; i++)
        if (!unique || i == 0 || compare_keys(lines[i - 1], lines[i]))
            puts(lines[i]);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    free(lines);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-n] [-r] [-u] [-k FIELD] [-t CHAR] [FILE...]";
    int option, status;

    app_start(argv);
    while ((option = getopt(argc, argv, "nruk:t:")) != -1) {
        if (option == '?')
            app_usage(usage);
        by_number |= option == 'n';
        reverse |= option == 'r';
        unique |= option == 'u';
        if (option == 'k')
            key_field = strtol(optarg, NULL, 10);
        if (option == 't')
            separator = *optarg;
    }
    status = each_stream(argv + optind, add_lines);
    qsort(lines, count, sizeof *lines, compare);
    show();
    return app_finish(status);
}
