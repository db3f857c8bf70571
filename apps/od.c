/* od [-A d|o|x|n] [-t x1|o1|c|d1|u1] [FILE]: bytes as text; octal bytes unless told. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

#define PER_LINE 16

static char base = 'o', type = 'o';
static unsigned long offset;

static void show_offset(void)
{
    if (base == 'n')
        return;
    printf(base == 'x' ? "%06lx" : base == 'd' ? "%07lu" : "%07lo", offset);
}

static void show_char(unsigned char c)
{
    static const char values[] = "\0\a\b\f\n\r\t\v", letters[] = "0abfnrtv";
    const char *found = memchr(values, c, sizeof values - 1);

    if (found)
        printf("  \\%c", letters[found - values]);
    else if (isprint(c))
        printf("   %c", c);
    else
        printf(" %03o", c);
}

static void show_byte(unsigned char c)
{
    switch (type) {
    case 'x':
        printf(" %02x", c);
        break;
    case 'c':
        show_char(c);
        break;
    case 'd':
        printf(" %4d", (signed char)c);
        break;
    case 'u':
        printf(" %3u", c);
        break;
    default:
        printf(" %03o", c);
    }
}

static void dump(FILE *stream, const char *path)
{
    unsigned char bytes[PER_LINE];
    size_t n;

    while ((n = fread(bytes, 1, sizeof bytes, stream)) > 0) {
        show_offset();
        for (size_t i = 0; i < n; i++)
            show_byte(bytes[i]);
        putchar('\n');
        offset += n;
    }
}

int main(int argc, char **argv)
{
    int option, status;

    app_start(argv);
    while ((option = getopt(argc, argv, "A:t:cbv")) != -1) {
        if (option == '?' || (option == 'A' && !strchr("doxn", *optarg)) ||
            (option == 't' && !strchr("xocdu", *optarg)))
            app_usage("[-A d|o|x|n] [-t x1|o1|c|d1|u1] [FILE...]");
        base = option == 'A' ? *optarg : base;
        type = option == 't' ? *optarg : option == 'c' ? 'c' : type;
    }
    status = each_stream(argv + optind, dump);
    show_offset();
    if (base != 'n')
        putchar('\n');
    return app_finish(status);
}
