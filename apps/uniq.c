/* uniq [-c] [-d] [-u] [-i] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [INPUT [OUTPUT]]: of equal lines
 * that follow each other, one. -c with their number, -d only those that came more than once, -u only those
 * that came once; -f and -s skip the start of lines, -w looks at no more than so much. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static const char usage[] = "[-cdiu] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [INPUT [OUTPUT]]";
static bool counted, repeated_only, single_only, ignore_case;
static long skip_fields, skip_characters, most = -1;

/* The part of a line that is compared. */
static const char *part(const struct line *line, size_t *len)
{
    const char *p = line->text, *end = p + line->len;

    for (long i = 0; i < skip_fields; i++) {
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        while (p < end && *p != ' ' && *p != '\t')
            p++;
    }
    p = end - p > skip_characters ? p + skip_characters : end;
    *len = (size_t)(end - p);
    if (most >= 0 && *len > (size_t)most)
        *len = (size_t)most;
    return p;
}

static bool is_same(const struct line *a, const struct line *b)
{
    size_t n, m;
    const char *x = part(a, &n), *y = part(b, &m);

    return n == m && !(ignore_case ? strncasecmp(x, y, n) : memcmp(x, y, n));
}

static void show(const struct line *line, unsigned long times)
{
    if ((repeated_only && times < 2) || (single_only && times > 1))
        return;
    if (counted)
        printf("%7lu ", times);
    fwrite(line->text, 1, line->len, stdout);
    putchar('\n');
}

static void uniq(FILE *stream, const char *path)
{
    struct line lines[2] = {{0}};
    unsigned long times = 0;
    int now = 0;

    while (line_read(&lines[now], stream)) {
        if (times && is_same(&lines[now], &lines[!now])) {
            times++;
            continue;
        }
        if (times)
            show(&lines[!now], times);
        times = 1;
        now = !now;
    }
    if (times)
        show(&lines[!now], times);
    line_free(&lines[0]);
    line_free(&lines[1]);
}

static long read_count(const char *text)
{
    long value;

    if (!app_number(text, &value) || value < 0) {
        app_say("%s: not a number of them", text);
        app_quit();
    }
    return value;
}

int main(int argc, char **argv)
{
    char *input[] = {NULL, NULL};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "cdiuf:s:w:")) != -1) {
        if (option == '?')
            app_usage(usage);
        counted |= option == 'c';
        repeated_only |= option == 'd';
        ignore_case |= option == 'i';
        single_only |= option == 'u';
        skip_fields = option == 'f' ? read_count(optarg) : skip_fields;
        skip_characters = option == 's' ? read_count(optarg) : skip_characters;
        most = option == 'w' ? read_count(optarg) : most;
    }
    if (argc - optind > 2)
        app_usage(usage);
    input[0] = optind < argc ? argv[optind] : NULL;
    if (argc - optind == 2 && strcmp(argv[optind + 1], "-") && !freopen(argv[optind + 1], "w", stdout)) {
        app_warn("%s", argv[optind + 1]);
        return 1;
    }
    return app_finish(each_stream(input, uniq));
}
