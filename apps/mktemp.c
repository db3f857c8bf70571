/* mktemp [-d] [-u] [-q] [-p DIR] [-t] [--suffix=TEXT] [TEMPLATE]: make an empty file, or a directory (-d),
 * with a name that nobody has, and print it. The last Xs of the template, three or more, are replaced. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"

#define TRIES 1000

static bool directory, only_name, quiet;

/* Somewhere to begin; that the name is new is seen to by O_EXCL. */
static uint64_t random_seed(void)
{
    struct timespec now;
    uint64_t seed = 0;
    int fd = open("/dev/urandom", O_RDONLY);

    if (fd >= 0) {
        ssize_t n = read(fd, &seed, sizeof seed);
        close(fd);
        if (n == sizeof seed)
            return seed;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_nsec * 1000003 ^ (uint64_t)now.tv_sec << 20 ^ (uint64_t)getpid();
}

static void fill(char *xs, size_t n, uint64_t *state)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    for (size_t i = 0; i < n; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        xs[i] = letters[(*state >> 33) % (sizeof letters - 1)];
    }
}

/* => false with errno; EEXIST: the name is taken. */
static bool make(const char *path)
{
    struct stat st;
    int fd;

    if (only_name) {
        errno = EEXIST;
        return lstat(path, &st) && errno == ENOENT;
    }
    if (directory)
        return !mkdir(path, 0700);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    return fd >= 0 && !close(fd);
}

static bool make_from(char *path, char *xs, size_t n)
{
    uint64_t state = random_seed();

    for (int i = 0; i < TRIES; i++) {
        fill(xs, n, &state);
        if (make(path))
            return true;
        if (errno != EEXIST)
            break;
    }
    if (!quiet)
        app_warn("%s", path);
    return false;
}

/* The last run of Xs in front of the suffix. => its length, 0 if it is too short. */
static size_t find_xs(char *path, size_t suffix_len, char **xs)
{
    char *end = path + strlen(path) - suffix_len;

    if (!suffix_len)
        while (end > path && end[-1] != 'X' && end[-1] != '/')
            end--;
    for (*xs = end; *xs > path && (*xs)[-1] == 'X';)
        --*xs;
    return end - *xs < 3 ? 0 : (size_t)(end - *xs);
}

static const char *temporary_dir(void)
{
    const char *dir = getenv("TMPDIR");

    return dir && *dir ? dir : "/tmp";
}

static char *whole_path(const char *dir, const char *template, const char *suffix)
{
    char *path = dir ? app_join(dir, template) : app_dup(template);

    path = app_resize(path, strlen(path) + strlen(suffix) + 1);
    return strcat(path, suffix);
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {{"directory", no_argument, NULL, 'd'},
                                          {"dry-run", no_argument, NULL, 'u'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"suffix", required_argument, NULL, 'S'},
                                          {"tmpdir", optional_argument, NULL, 'p'},
                                          {0}};
    static const char usage[] = "[-d] [-u] [-q] [-p DIR] [-t] [--suffix=TEXT] [TEMPLATE]";
    const char *dir = NULL, *suffix = "", *template;
    bool made;
    char *path, *xs;
    size_t n;
    int option;

    app_start(argv);
    while ((option = getopt_long(argc, argv, "duqp:t", longs, NULL)) != -1) {
        if (option == '?')
            app_usage(usage);
        directory |= option == 'd';
        only_name |= option == 'u';
        quiet |= option == 'q';
        suffix = option == 'S' ? optarg : suffix;
        if (option == 'p' || option == 't')
            dir = option == 'p' && optarg && *optarg ? optarg : temporary_dir();
    }
    if (argc - optind > 1)
        app_usage(usage);
    template = optind < argc ? argv[optind] : "tmp.XXXXXXXXXX";
    dir = optind == argc && !dir ? temporary_dir() : dir;
    path = whole_path(dir, template, suffix);
    n = find_xs(path, strlen(suffix), &xs);
    if (!n)
        app_say("%s: too few Xs", template);
    made = n && make_from(path, xs, n);
    if (made)
        puts(path);
    free(path);
    return app_finish(!made);
}
