/* cut -c LIST | -f LIST [-d CHAR] [-s] [FILE...]: parts of each line; LIST is 1,3-5,7- or so. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static const char *list;
static bool by_field, only_separated;
static char separator = '\t';

/* Whether the list has number n; it was checked. */
static bool is_listed(long n)
{
    const char *p = list;

    while (*p) {
        char *end;
        long first = *p == '-' ? 1 : strtol(p, &end, 10), last = first;
        p = *p == '-' ? p : end;
        if (*p == '-') {
            last = isdigit((unsigned char)p[1]) ? strtol(p + 1, &end, 10) : n;
            p = isdigit((unsigned char)p[1]) ? end : p + 1;
        }
        if (first <= n && n <= last)
            return true;
        p += *p == ',';
    }
    return false;
}

static bool is_list(const char *text)
{
    return *text && strspn(text, "0123456789,-") == strlen(text) && !strstr(text, ",,") &&
           !strstr(text, "--") && *text != ',';
}

static void cut_chars(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (is_listed((long)i + 1))
            putchar(line->text[i]);
    putchar('\n');
}

static void cut_fields(const struct line *line)
{
    const char *field = line->text;
    const char stop[] = {separator, 0};
    bool first = true;

    if (!strchr(field, separator)) {
        if (!only_separated)
            puts(field);
        return;
    }
    for (long n = 1;; n++) {
        size_t len = strcspn(field, stop);
        if (is_listed(n)) {
            if (!first)
                putchar(separator);
            fwrite(field, 1, len, stdout);
            first = false;
        }
        if (!field[len])
            break;
        field += len + 1;
    }
    putchar('\n');
}

static void cut(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read(&line, stream))
        if (by_field)
            cut_fields(&line);
        else
            cut_chars(&line);
    line_free(&line);
}

int main(int argc, char **argv)
{
    static const char usage[] = "-c LIST | -f LIST [-d CHAR] [-s] [FILE...]";
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "b:c:f:d:s")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 'd')
            separator = *optarg;
        else if (option == 's')
            only_separated = true;
        else
            list = optarg;
        by_field |= option == 'f';
    }
    if (!list || !is_list(list))
        app_usage(usage);
    return app_finish(each_stream(argv + optind, cut));
}
