/* cat [-AbEensTtuv] [FILE...]: files one after another; - or none: standard input. -n numbers lines, -b
 * those that aren't empty, -s one empty line where there are several, -v control characters as text, -E $
 * at line ends, -T tabs as ^I; -A is -vET, -e -vE, -t -vT. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool number_all, number_filled, squeeze, visible, show_ends, show_tabs;

static bool in_line; /* across files */
static unsigned long line_number;
static int empty_lines; /* in a row */

static void show_visible(int c)
{
    if (c >= 128) {
        fputs("M-", stdout);
        c -= 128;
    }
    if (c == 127)
        fputs("^?", stdout);
    else if (c < 32)
        printf("^%c", c + 64);
    else
        putchar(c);
}

static void begin_line(int c)
{
    bool is_empty = c == '\n';

    empty_lines = is_empty ? empty_lines + 1 : 0;
    if ((number_all && !number_filled) || (number_filled && !is_empty))
        printf("%6lu\t", ++line_number);
}

static void show(int c)
{
    if (!in_line) {
        if (c == '\n' && squeeze && empty_lines)
            return;
        begin_line(c);
    }
    in_line = c != '\n';
    if (c == '\n' && show_ends)
        putchar('$');
    if (c == '\n' || (c == '\t' && !show_tabs) || (!visible && c != '\t'))
        putchar(c);
    else
        show_visible(c);
}

static bool show_file(int fd, const char *path)
{
    static unsigned char buffer[16384];
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        for (ssize_t i = 0; i < n; i++)
            show(buffer[i]);
    if (n < 0)
        app_warn("%s", path);
    return n == 0;
}

/* A file that is copied behind itself would never end. */
static bool is_output(int fd)
{
    struct stat in, out;

    return !fstat(fd, &in) && !fstat(1, &out) && S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
           in.st_ino == out.st_ino && lseek(fd, 0, SEEK_CUR) < in.st_size;
}

static bool cat(const char *path)
{
    int fd = app_open(path);
    bool plain = !number_all && !number_filled && !squeeze && !visible && !show_ends && !show_tabs;
    bool good = false;

    if (fd < 0)
        return false;
    if (is_output(fd))
        app_say("%s: input file is output file", path);
    else
        good = plain ? app_copy(fd, path, 1, "standard output") : show_file(fd, path);
    if (fd)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "AbEensTtuv")) != -1) {
        if (option == '?')
            app_usage("[-AbEensTtuv] [FILE...]");
        number_all |= option == 'n';
        number_filled |= option == 'b';
        squeeze |= option == 's';
        visible |= strchr("Aetv", option) != NULL;
        show_ends |= strchr("AEe", option) != NULL;
        show_tabs |= strchr("ATt", option) != NULL;
    }
    if (optind == argc)
        status = !cat("-");
    for (; optind < argc; optind++)
        status |= !cat(argv[optind]);
    return app_finish(status);
}
