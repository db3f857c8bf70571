/* grep [-E] [-F] [-c] [-i] [-l] [-n] [-q] [-v] PATTERN [FILE...]: lines that match. Status 0 if
 * there were any, 1 if not, 2 trouble. */
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static bool fixed, counts, names_only, numbers, quiet, inverted, with_names;
static const char *pattern;
static regex_t regex;
static bool found_any;

static bool matches(const char *text)
{
    bool found = fixed ? strstr(text, pattern) != NULL : !regexec(&regex, text, 0, NULL, 0);

    return found != inverted;
}

static void show(const struct line *line, const char *path, unsigned long number)
{
    if (with_names)
        printf("%s:", path);
    if (numbers)
        printf("%lu:", number);
    puts(line->text);
}

static void grep(FILE *stream, const char *path)
{
    struct line line = {0};
    unsigned long number = 0, found = 0;

    while (line_read(&line, stream)) {
        number++;
        if (!matches(line.text))
            continue;
        found++;
        if (quiet || names_only)
            break;
        if (!counts)
            show(&line, path, number);
    }
    found_any |= found > 0;
    if (names_only && found && !quiet)
        puts(path);
    if (counts && !quiet && !names_only) {
        if (with_names)
            printf("%s:", path);
        printf("%lu\n", found);
    }
    line_free(&line);
}

static void compile(int flags)
{
    char text[128];
    int error = regcomp(&regex, pattern, flags | REG_NOSUB);

    if (!error)
        return;
    regerror(error, &regex, text, sizeof text);
    app_say("%s: %s", pattern, text);
    _exit(2);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-EFcilnqv] PATTERN [FILE...]";
    int option, flags = 0, status;

    app_start(argv);
    while ((option = getopt(argc, argv, "EFcilnqvse:")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 'e')
            pattern = optarg;
        flags |= option == 'E' ? REG_EXTENDED : option == 'i' ? REG_ICASE : 0;
        fixed |= option == 'F';
        counts |= option == 'c';
        names_only |= option == 'l';
        numbers |= option == 'n';
        quiet |= option == 'q';
        inverted |= option == 'v';
    }
    if (!pattern && optind < argc)
        pattern = argv[optind++];
    if (!pattern)
        app_usage(usage);
    with_names = argc - optind > 1;
    if (!fixed)
        compile(flags);
    status = each_stream(argv + optind, grep);
    if (!fixed)
        regfree(&regex);
    return app_finish(status ? 2 : !found_any);
}
