/* diff [-abiNqrsw] [-c|-C N|-u|-U N|-e|-f] [--label NAME] FILE1 FILE2: what has to change in the first
 * file, or directory, to make it the second. Status 0 nothing, 1 something, 2 trouble. */
#include <getopt.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/diff/diff.h"

struct options options = {.context = 3};

static _Noreturn void usage(void)
{
    app_usage("[-abiNqrsw] [-c|-C N|-u|-U N|-e|-f] [--label NAME] FILE1 FILE2");
}

static void set_style(enum style style, const char *context)
{
    options.style = style;
    if (context && (!app_number(context, &options.context) || options.context < 0))
        usage();
}

static void add_label(const char *label)
{
    options.labels[options.labels[0] != NULL] = label;
}

static void read_option(int option)
{
    switch (option) {
    case 'a':
        options.as_text = true;
        break;
    case 'b':
        options.ignore_amount = true;
        break;
    case 'i':
        options.ignore_case = true;
        break;
    case 'L':
        add_label(optarg);
        break;
    case 'N':
        options.absent_is_empty = true;
        break;
    case 'r':
        options.recursive = true;
        break;
    case 's':
        options.say_identical = true;
        break;
    case 'w':
        options.ignore_space = true;
        break;
    case 'C':
    case 'c':
        set_style(STYLE_CONTEXT, optarg);
        break;
    case 'U':
    case 'u':
        set_style(STYLE_UNIFIED, optarg);
        break;
    case 'e':
        set_style(STYLE_ED, NULL);
        break;
    case 'f':
        set_style(STYLE_FORWARD_ED, NULL);
        break;
    case 'q':
        set_style(STYLE_BRIEF, NULL);
        break;
    default:
        usage();
    }
}

/* The options as they were given, for the heads of a comparison of directories. */
static void keep_words(char **argv, int end)
{
    static struct line words;

    line_clear(&words);
    for (int i = 1; i < end; i++) {
        line_char(&words, ' ');
        line_add(&words, argv[i], strlen(argv[i]));
    }
    options.words = words.text;
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {{"brief", no_argument, NULL, 'q'},
                                          {"context", optional_argument, NULL, 'c'},
                                          {"ed", no_argument, NULL, 'e'},
                                          {"ignore-all-space", no_argument, NULL, 'w'},
                                          {"ignore-case", no_argument, NULL, 'i'},
                                          {"ignore-space-change", no_argument, NULL, 'b'},
                                          {"label", required_argument, NULL, 'L'},
                                          {"new-file", no_argument, NULL, 'N'},
                                          {"recursive", no_argument, NULL, 'r'},
                                          {"report-identical-files", no_argument, NULL, 's'},
                                          {"text", no_argument, NULL, 'a'},
                                          {"unified", optional_argument, NULL, 'u'},
                                          {0}};
    int option;

    app_start(argv);
    app_trouble(2);
    while ((option = getopt_long(argc, argv, "abC:cefiL:NqrsU:uw", longs, NULL)) != -1)
        read_option(option);
    if (argc - optind != 2)
        usage();
    keep_words(argv, optind);
    return app_finish(compare_paths(argv[optind], argv[optind + 1], 0));
}
