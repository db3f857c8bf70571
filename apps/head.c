/* head [-n LINES | -c BYTES] [-q] [-v] [FILE...]: the first lines, 10 unless told; -LINES: all but the
 * last. What it didn't need of standard input it leaves to the next that reads there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/common/size.h"

static const char usage[] = "[-n LINES | -c BYTES] [-q] [-v] [FILE...]";
static bool by_bytes, all_but;
static uint64_t amount = 10;

/* How much of the data is wanted, with *left to go. */
static size_t wanted(const char *data, size_t n, uint64_t *left)
{
    size_t used = 0;

    if (by_bytes) {
        used = *left < n ? (size_t)*left : n;
        *left -= used;
        return used;
    }
    while (*left && used < n) {
        const char *newline = memchr(data + used, '\n', n - used);
        *left -= newline != NULL;
        used = newline ? (size_t)(newline - data) + 1 : n;
    }
    return used;
}

/* => false with errno. */
static bool show_first(int fd)
{
    static char buffer[16384];
    uint64_t left = amount;

    while (left) {
        ssize_t n = read(fd, buffer, sizeof buffer);
        size_t used;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        used = wanted(buffer, (size_t)n, &left);
        fwrite(buffer, 1, used, stdout);
        if (used < (size_t)n)
            lseek(fd, (off_t)used - n, SEEK_CUR);
    }
    return true;
}

/* All but the last: a ring holds back so many lines, and shows each when another comes. */
static void show_lines_but(FILE *stream)
{
    struct line *ring = app_alloc((amount + 1) * sizeof *ring), now = {0};

    memset(ring, 0, (amount + 1) * sizeof *ring);
    for (uint64_t i = 0; line_read(&now, stream); i++) {
        struct line *slot = &ring[amount ? i % amount : 0], kept = *slot;
        if (i >= amount)
            line_write(amount ? slot : &now, '\n', stdout);
        *slot = now;
        now = kept;
    }
    for (uint64_t i = 0; i <= amount; i++)
        line_free(&ring[i]);
    line_free(&now);
    free(ring);
}

static void show_bytes_but(FILE *stream)
{
    unsigned char *ring = app_alloc(amount + 1);
    int c;

    for (uint64_t i = 0; (c = getc(stream)) != EOF; i++) {
        if (i >= amount)
            putchar(amount ? ring[i % amount] : c);
        ring[amount ? i % amount : 0] = (unsigned char)c;
    }
    free(ring);
}

static bool show_all_but(int fd)
{
    FILE *stream = fdopen(dup(fd), "r");
    bool good = stream;

    if (stream && by_bytes)
        show_bytes_but(stream);
    else if (stream)
        show_lines_but(stream);
    good = stream && !ferror(stream);
    if (stream)
        fclose(stream);
    return good;
}

static bool head_file(const char *path, bool with_name, bool first)
{
    int fd = app_open(path);
    bool good;

    if (fd < 0)
        return false;
    if (with_name)
        printf("%s==> %s <==\n", first ? "" : "\n", fd ? path : "standard input");
    good = all_but ? show_all_but(fd) : show_first(fd);
    if (!good)
        app_warn("%s", path);
    if (fd)
        close(fd);
    return good;
}

static void read_amount(const char *text, bool bytes)
{
    by_bytes = bytes;
    all_but = *text == '-';
    if (size_parse(text + (*text == '-' || *text == '+'), &amount))
        return;
    app_say("%s: not a number of %s", text, bytes ? "bytes" : "lines");
    app_quit();
}

int main(int argc, char **argv)
{
    static char *standard[] = {"-", NULL};
    bool quiet = false, verbose = false, first = true;
    int option, status = 0;
    char **paths;

    app_start(argv);
    if (argc > 1 && argv[1][0] == '-' && argv[1][1] >= '0' && argv[1][1] <= '9') {
        read_amount(argv[1] + 1, false);
        optind = 2;
    }
    while ((option = getopt(argc, argv, "n:c:qv")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 'n' || option == 'c')
            read_amount(optarg, option == 'c');
        quiet |= option == 'q';
        verbose |= option == 'v';
    }
    paths = optind < argc ? argv + optind : standard;
    for (bool many = paths[1] != NULL; *paths; paths++) {
        bool shown = head_file(*paths, (many || verbose) && !quiet, first);
        status |= !shown;
        first &= !shown;
    }
    return app_finish(status);
}
