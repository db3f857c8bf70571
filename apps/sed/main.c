/* sed [-n] [-E|-r] [-s] [-i[SUFFIX]] [-l WIDTH] [-e SCRIPT]... [-f FILE]... [SCRIPT] [FILE...]: edit
 * lines as a script says; -i in the files themselves. Status 1 wrong script, 2 a file that can't be read,
 * 4 trouble with writing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/sed/sed.h"

static const char usage[] =
    "[-n] [-E] [-s] [-i[SUFFIX]] [-l WIDTH] [-e SCRIPT]... [-f FILE]... [SCRIPT] [FILE...]";

/* Pieces of a script are lines. */
static void add_script(struct line *text, const char *piece, size_t len)
{
    if (text->cap)
        line_char(text, '\n');
    else
        line_clear(text);
    line_add(text, piece, len);
}

static void add_script_file(struct line *text, const char *path)
{
    FILE *stream = app_fopen(path);
    struct line line = {0};

    if (!stream)
        app_quit();
    while (line_read(&line, stream))
        add_script(text, line.text, line.len);
    line_free(&line);
    if (stream != stdin)
        fclose(stream);
}

static void read_option(struct script *script, struct line *text, int option)
{
    switch (option) {
    case 'e':
        return add_script(text, optarg, strlen(optarg));
    case 'f':
        return add_script_file(text, optarg);
    case 'n':
        script->quiet = true;
        return;
    case 'E':
    case 'r':
        script->extended = true;
        return;
    case 'i':
        script->in_place = true;
        script->suffix = optarg ? optarg : "";
        script->separate = true;
        return;
    case 's':
        script->separate = true;
        return;
    case 'l':
        if (app_number(optarg, &script->width) && script->width >= 0)
            return;
        app_usage(usage);
    default:
        if (option != 'u')
            app_usage(usage);
        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    }
}

int main(int argc, char **argv)
{
    static struct script script = {.width = 70};
    static struct line text;
    int option, status;

    app_start(argv);
    script.posix = getenv("POSIXLY_CORRECT");
    while ((option = getopt(argc, argv, "e:f:nEri::sl:u")) != -1)
        read_option(&script, &text, option);
    if (!text.cap && optind < argc) {
        add_script(&text, argv[optind], strlen(argv[optind]));
        optind++;
    }
    if (!text.cap)
        app_usage(usage);
    parse_script(&script, &text);
    status = run_script(&script, argv + optind);
    app_trouble(4);
    if (!output_close_all())
        return 4;
    return app_finish(status);
}
