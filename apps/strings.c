/* strings [-a] [-n LEAST] [-t d|o|x] [FILE...]: runs of printable characters, 4 or more unless told. */
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static long least = 4;
static char base;

static void show(const struct line *run, unsigned long offset)
{
    if ((long)run->len < least)
        return;
    if (base)
        printf(base == 'd' ? "%7lu " : base == 'o' ? "%7lo " : "%7lx ", offset - run->len);
    puts(run->text);
}

static void search(FILE *stream, const char *path)
{
    struct line run = {0};
    unsigned long offset = 0;
    int c;

    line_clear(&run);
    for (; (c = getc(stream)) != EOF; offset++)
        if (isprint(c) || c == '\t') {
            line_char(&run, (char)c);
        } else {
            show(&run, offset);
            line_clear(&run);
        }
    show(&run, offset);
    line_free(&run);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-a] [-n LEAST] [-t d|o|x] [FILE...]";
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "an:t:")) != -1) {
        if (option == '?' || (option == 'n' && (!app_number(optarg, &least) || least < 1)))
            app_usage(usage);
        if (option == 't')
            base = *optarg;
        if (base && base != 'd' && base != 'o' && base != 'x')
            app_usage(usage);
    }
    return app_finish(each_stream(argv + optind, search));
}
