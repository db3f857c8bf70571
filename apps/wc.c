/* wc [-l] [-w] [-c] [FILE...]: lines, words, bytes. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/common/app.h"

struct counts {
    unsigned long lines, words, bytes;
};

static bool show_lines, show_words, show_bytes;

static void add(struct counts *counts, const char *data, size_t n, bool *in_word)
{
    for (size_t i = 0; i < n; i++) {
        bool is_space = isspace((unsigned char)data[i]);
        counts->lines += data[i] == '\n';
        counts->words += !is_space && !*in_word;
        *in_word = !is_space;
    }
    counts->bytes += n;
}

static bool count(int fd, struct counts *counts)
{
    static char buffer[16384];
    bool in_word = false;
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            add(counts, buffer, (size_t)n, &in_word);
    }
    return true;
}

static void show(const struct counts *counts, const char *name)
{
    const char *space = "";

    if (show_lines) {
        printf("%lu", counts->lines);
        space = " ";
    }
    if (show_words) {
        printf("%s%lu", space, counts->words);
        space = " ";
    }
    if (show_bytes)
        printf("%s%lu", space, counts->bytes);
    printf("%s%s\n", name ? " " : "", name ? name : "");
}

static bool count_file(const char *path, struct counts *total)
{
    struct counts counts = {0};
    int fd = open(path, O_RDONLY);

    if (fd < 0 || !count(fd, &counts)) {
        app_warn("%s", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    close(fd);
    show(&counts, path);
    total->lines += counts.lines;
    total->words += counts.words;
    total->bytes += counts.bytes;
    return true;
}

int main(int argc, char **argv)
{
    struct counts total = {0};
    int option, status = 0, files;

    app_start(argv);
    while ((option = getopt(argc, argv, "lwcm")) != -1) {
        if (option == '?')
            app_usage("[-l] [-w] [-c] [FILE...]");
        show_lines |= option == 'l';
        show_words |= option == 'w';
        show_bytes |= option == 'c' || option == 'm';
    }
    if (!show_lines && !show_words && !show_bytes)
        show_lines = show_words = show_bytes = true;
    files = argc - optind;
    if (!files && count(0, &total))
        show(&total, NULL);
    for (; optind < argc; optind++)
        status |= !count_file(argv[optind], &total);
    if (files > 1)
        show(&total, "total");
    return app_finish(status);
}
