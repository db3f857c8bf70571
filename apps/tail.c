/* tail [-n [+]LINES] [FILE]: the last lines, 10 unless told; with + from that line on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

/* The last lines read, in a ring. */
struct line {
    char *text;
    size_t len, cap;
};

static bool append(struct line *line, int c)
{
    if (line->len == line->cap) {
        size_t cap = line->cap * 2 + 64;
        char *grown = realloc(line->text, cap);
        if (!grown)
            return false;
        line->text = grown;
        line->cap = cap;
    }
    line->text[line->len++] = (char)c;
    return true;
}

/* => false: out of memory. */
static bool tail(FILE *stream, struct line *ring, size_t lines)
{
    size_t count = 0;
    bool in_line = false;
    int c;

    while (lines && (c = getc(stream)) != EOF) {
        struct line *line = &ring[count % lines];
        if (!in_line)
            line->len = 0;
        if (!append(line, c))
            return false;
        in_line = c != '\n';
        count += !in_line;
    }
    count += in_line;
    for (size_t i = count > lines ? count - lines : 0; i < count; i++)
        fwrite(ring[i % lines].text, 1, ring[i % lines].len, stdout);
    return true;
}

static void skip(FILE *stream, long lines)
{
    int c;

    while (lines > 1 && (c = getc(stream)) != EOF)
        lines -= c == '\n';
    while ((c = getc(stream)) != EOF)
        putchar(c);
}

static int run(FILE *stream, const char *number)
{
    struct line *ring;
    long lines;
    bool done;

    if (!app_number(number + (*number == '+'), &lines) || labs(lines) > 1000000)
        app_usage("[-n [+]LINES] [FILE]");
    if (*number == '+') {
        skip(stream, lines);
        return 0;
    }
    lines = labs(lines);
    ring = calloc((size_t)lines + 1, sizeof *ring);
    done = ring && tail(stream, ring, (size_t)lines);
    if (!done)
        app_say("out of memory");
    for (long i = 0; ring && i < lines; i++)
        free(ring[i].text);
    free(ring);
    return !done;
}

int main(int argc, char **argv)
{
    const char *number = "10";
    FILE *stream = stdin;
    int i = 1, status;

    app_start(argv);
    if (argc > 1 && argv[1][0] == '-' && argv[1][1]) {
        bool apart = !strcmp(argv[1], "-n");
        if (apart && argc < 3)
            app_usage("[-n [+]LINES] [FILE]");
        number = apart ? argv[2] : argv[1] + 1 + (argv[1][1] == 'n');
        i = apart ? 3 : 2;
    }
    if (i < argc && !(stream = fopen(argv[i], "r"))) {
        app_warn("%s", argv[i]);
        return 1;
    }
    status = run(stream, number);
    if (stream != stdin)
        fclose(stream);
    return app_finish(status);
}
