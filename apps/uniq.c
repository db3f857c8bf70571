/* uniq [-c] [-d] [-u] [FILE]: of equal lines that follow each other, one. -c with their number, -d
 * only those that came more than once, -u only those that came once. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static bool counted, repeated_only, single_only;

static void show(const struct line *line, unsigned long times)
{
    if ((repeated_only && times < 2) || (single_only && times > 1))
        return;
    if (counted)
        printf("%7lu ", times);
    puts(line->text);
}

static void uniq(FILE *stream, const char *path)
{
    struct line lines[2] = {{0}};
    unsigned long times = 0;
    int now = 0;

    while (line_read(&lines[now], stream)) {
        if (times && !strcmp(lines[now].text, lines[!now].text)) {
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

int main(int argc, char **argv)
{
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "cdu")) != -1) {
        if (option == '?')
            app_usage("[-c] [-d] [-u] [FILE]");
        counted |= option == 'c';
        repeated_only |= option == 'd';
        single_only |= option == 'u';
    }
    return app_finish(each_stream(argv + optind, uniq));
}
