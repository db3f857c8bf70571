/* paste [-s] [-d LIST] FILE...: lines of the files side by side; -s: the lines of each file in one. Between
 * them are the characters of LIST in turn, a tab unless told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static char tab[] = "\t", *list = tab;
static bool *is_empty; /* by place in the list: \0 stands for nothing between */
static size_t list_size = 1;

/* Escapes of the list become what they stand for. */
static void read_list(char *text)
{
    static const char letters[] = "nt\\", values[] = "\n\t\\";
    char *to = text;

    is_empty = app_alloc(strlen(text) + 1);
    list = text;
    for (; *text; text++) {
        const char *found;
        bool empty = text[0] == '\\' && text[1] == '0';
        text += text[0] == '\\' && text[1];
        found = text > list && text[-1] == '\\' ? strchr(letters, *text) : NULL;
        is_empty[to - list] = empty;
        *to++ = found ? values[found - letters] : *text;
    }
    list_size = (size_t)(to - list);
}

static void separate(size_t i)
{
    if (list_size && !(is_empty && is_empty[i % list_size]))
        putchar(list[i % list_size]);
}

static void paste_one(FILE *stream)
{
    struct line line = {0};

    for (size_t i = 0; line_read(&line, stream); i++) {
        if (i)
            separate(i - 1);
        fwrite(line.text, 1, line.len, stdout);
    }
    putchar('\n');
    line_free(&line);
}

/* => whether any file still had a line; what is printed for those that had none waits until one has. */
static bool paste_line(FILE **streams, size_t count, struct line *line)
{
    size_t next = 0;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (!streams[i] || !line_read(line, streams[i])) {
            streams[i] = NULL;
            continue;
        }
        for (; next < i; next++)
            separate(next);
        fwrite(line->text, 1, line->len, stdout);
        any = true;
    }
    for (; any && next + 1 < count; next++)
        separate(next);
    if (any)
        putchar('\n');
    return any;
}

static void paste_all(FILE **streams, size_t count)
{
    struct line line = {0};

    while (paste_line(streams, count, &line))
        continue;
    line_free(&line);
}

int main(int argc, char **argv)
{
    static char *standard[] = {"-", NULL};
    bool serial = false;
    int option, status = 0;
    size_t count = 0;
    FILE **streams;
    char **paths;

    app_start(argv);
    while ((option = getopt(argc, argv, "sd:")) != -1) {
        if (option == '?')
            app_usage("[-s] [-d LIST] FILE...");
        serial |= option == 's';
        if (option == 'd')
            read_list(optarg);
    }
    streams = app_alloc((size_t)(argc + 1) * sizeof *streams);
    for (paths = optind < argc ? argv + optind : standard; *paths; paths++) {
        streams[count] = app_fopen(*paths);
        if (!streams[count] && !serial)
            return 1;
        status |= !streams[count];
        if (serial && streams[count])
            paste_one(streams[count]);
        count++;
    }
    if (!serial)
        paste_all(streams, count);
    free(streams);
    free(is_empty);
    return app_finish(status);
}
