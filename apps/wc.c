/* wc [-l] [-w] [-c|-m] [-L] [FILE...]: lines, words, bytes; -L the longest line's width. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

enum count { LINES, WORDS, CHARACTERS, BYTES, WIDTH, COUNTS };

struct counts {
    unsigned long of[COUNTS];
};

static bool shown[COUNTS];

struct state {
    bool in_word;
    unsigned long column;
};

static void add(struct counts *counts, const char *data, size_t n, struct state *state)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        bool is_space = isspace(c);
        counts->of[LINES] += c == '\n';
        counts->of[WORDS] += !is_space && !state->in_word;
        state->in_word = !is_space;
        if (c == '\n' || c == '\r' || c == '\f')
            state->column = 0;
        else
            state->column += c == '\t' ? 8 - state->column % 8 : isprint(c) != 0;
        if (state->column > counts->of[WIDTH])
            counts->of[WIDTH] = state->column;
    }
    counts->of[BYTES] += n;
    counts->of[CHARACTERS] += n;
}

static bool count(int fd, struct counts *counts)
{
    static char buffer[16384];
    struct state state = {0};
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            add(counts, buffer, (size_t)n, &state);
    }
    return true;
}

static void show(const struct counts *counts, const char *name)
{
    const char *space = "";

    for (enum count i = LINES; i < COUNTS; i++)
        if (shown[i]) {
            printf("%s%lu", space, counts->of[i]);
            space = " ";
        }
    printf("%s%s\n", name ? " " : "", name ? name : "");
}

static bool count_file(const char *path, const char *name, struct counts *total)
{
    struct counts counts = {0};
    int fd = app_open(path);
    bool read;

    if (fd < 0)
        return false;
    read = count(fd, &counts);
    if (!read)
        app_warn("%s", path);
    if (fd)
        close(fd);
    show(&counts, name);
    for (enum count i = LINES; i < WIDTH; i++)
        total->of[i] += counts.of[i];
    if (counts.of[WIDTH] > total->of[WIDTH])
        total->of[WIDTH] = counts.of[WIDTH];
    return read;
}

int main(int argc, char **argv)
{
    static const char letters[] = "lwmcL";
    struct counts total = {0};
    bool any = false;
    int option, status = 0, files;

    app_start(argv);
    while ((option = getopt(argc, argv, letters)) != -1) {
        if (option == '?')
            app_usage("[-l] [-w] [-c|-m] [-L] [FILE...]");
        shown[strchr(letters, option) - letters] = any = true;
    }
    if (!any)
        shown[LINES] = shown[WORDS] = shown[BYTES] = true;
    files = argc - optind;
    if (!files)
        status = !count_file("-", NULL, &total);
    for (; optind < argc; optind++)
        status |= !count_file(argv[optind], argv[optind], &total);
    if (files > 1)
        show(&total, "total");
    return app_finish(status);
}
