/* tail [-f] [-n [+]LINES | -c [+]BYTES] [-q] [-v] [-s SECONDS] [FILE...]: the last lines, 10 unless told;
 * with + from that one on. -f: then what is appended, for ever. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/size.h"

static const char usage[] = "[-f] [-n [+]LINES | -c [+]BYTES] [-q] [-v] [-s SECONDS] [FILE...]";
static bool by_bytes, from_start, follow, with_names;
static uint64_t amount = 10;
static double pause_seconds = 1;
static bool shown_any;

struct file {
    const char *path;
    int fd;
    off_t size; /* that was shown */
};

static char buffer[16384];

static void put(const char *data, size_t n)
{
    fwrite(data, 1, n, stdout);
}

/* All that is left. => false with errno. */
static bool show_rest(int fd)
{
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            put(buffer, (size_t)n);
    }
    return true;
}

/* From line or byte `amount` on. */
static bool show_from(int fd)
{
    uint64_t left = amount ? amount - 1 : 0;
    ssize_t n;

    while (left && (n = read(fd, buffer, sizeof buffer)) != 0) {
        size_t used = 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        while (left && used < (size_t)n) {
            if (by_bytes || buffer[used] == '\n')
                left--;
            used++;
        }
        put(buffer + used, (size_t)n - used);
    }
    return show_rest(fd);
}

/* What the end of the data must have to hold `amount` lines. A newline at the very end ends the last line
 * and begins none. => where they begin, with *left to go. */
static size_t find_start(const char *data, size_t n, bool is_end, uint64_t *left)
{
    for (size_t i = n; i > 0; i--)
        if (data[i - 1] == '\n' && !(is_end && i == n) && --*left == 0)
            return i;
    return 0;
}

/* The last lines of a file that can be moved in, read backwards in blocks. */
static bool seek_last_lines(int fd, off_t size)
{
    uint64_t left = amount;
    off_t at = size;

    while (at > 0) {
        size_t n = at < (off_t)sizeof buffer ? (size_t)at : sizeof buffer, start;
        if (lseek(fd, at - (off_t)n, SEEK_SET) < 0 || read(fd, buffer, n) != (ssize_t)n)
            return false;
        start = find_start(buffer, n, at == size, &left);
        at -= (off_t)(n - start);
        if (!left)
            break;
    }
    return lseek(fd, at, SEEK_SET) >= 0;
}

/* The end of what can only be read once: kept in memory, the front of it dropped now and then. */
static bool show_last_of_pipe(int fd)
{
    size_t room = 0, len = 0, start;
    char *data = NULL;
    uint64_t left = amount;
    ssize_t n;

    do {
        if (room - len < sizeof buffer)
            data = app_resize(data, room = room * 2 + 2 * sizeof buffer);
        n = read(fd, data + len, sizeof buffer);
        len += n > 0 ? (size_t)n : 0;
        if (by_bytes && len > amount + 16 * sizeof buffer) {
            memmove(data, data + len - amount, amount);
            len = amount;
        }
    } while (n > 0 || (n < 0 && errno == EINTR));
    start = by_bytes ? (len > amount ? len - amount : 0) : find_start(data, len, true, &left);
    put(data + start, amount ? len - start : 0);
    free(data);
    return n == 0;
}

static bool show_last(int fd)
{
    struct stat st;
    bool seekable = !fstat(fd, &st) && S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) >= 0;

    if (!seekable)
        return show_last_of_pipe(fd);
    if (!amount)
        return lseek(fd, 0, SEEK_END) >= 0;
    if (by_bytes)
        return lseek(fd, st.st_size > (off_t)amount ? st.st_size - (off_t)amount : 0, SEEK_SET) >= 0 &&
               show_rest(fd);
    return seek_last_lines(fd, st.st_size) && show_rest(fd);
}

static void show_name(const struct file *file)
{
    if (with_names)
        printf("%s==> %s <==\n", shown_any ? "\n" : "", file->fd ? file->path : "standard input");
    shown_any = true;
}

static bool tail(struct file *file)
{
    bool good;

    file->fd = app_open(file->path);
    if (file->fd < 0)
        return false;
    show_name(file);
    good = from_start ? show_from(file->fd) : show_last(file->fd);
    if (!good)
        app_warn("%s", file->path);
    file->size = lseek(file->fd, 0, SEEK_CUR);
    if (!follow && file->fd)
        close(file->fd);
    return good;
}

/* What was appended to it, or all of it if it was cut. => false if it is no file that can grow. */
static bool show_growth(struct file *file, const struct file **last)
{
    struct stat st;

    if (file->fd < 0 || file->size < 0 || fstat(file->fd, &st) || !S_ISREG(st.st_mode))
        return false;
    if (st.st_size < file->size) {
        app_say("%s: file truncated", file->path);
        file->size = lseek(file->fd, 0, SEEK_SET);
    }
    if (st.st_size == file->size)
        return true;
    if (*last != file)
        show_name(file);
    *last = file;
    show_rest(file->fd);
    file->size = lseek(file->fd, 0, SEEK_CUR);
    return true;
}

/* Files that can't grow end the waiting; output that nobody reads too. */
static void follow_files(struct file *files, size_t count)
{
    struct timespec pause = {(time_t)pause_seconds, (long)((pause_seconds - (double)(time_t)pause_seconds) * 1e9)};
    const struct file *last = &files[count - 1];
    bool any = true;

    while (any && !fflush(stdout) && !ferror(stdout)) {
        any = false;
        for (size_t i = 0; i < count; i++)
            any |= show_growth(&files[i], &last);
        if (any && !fflush(stdout))
            nanosleep(&pause, NULL);
    }
}

static void read_amount(const char *text, bool bytes)
{
    by_bytes = bytes;
    from_start = *text == '+';
    if (size_parse(text + (*text == '-' || *text == '+'), &amount))
        return;
    app_say("%s: not a number of %s", text, bytes ? "bytes" : "lines");
    app_quit();
}

/* -LINES and +LINES, with f behind: as it was before there was -n. => whether it was that. */
static bool read_old_option(char *text)
{
    size_t digits = strspn(text + 1, "0123456789");
    const char *rest = text + 1 + digits;

    if ((*text != '-' && *text != '+') || !digits || (*rest && strcmp(rest, "f") && strcmp(rest, "c")))
        return false;
    follow = *rest == 'f';
    by_bytes = *rest == 'c';
    text[1 + digits] = 0;
    read_amount(text, by_bytes);
    return true;
}

static void read_option(int option)
{
    char *end;

    switch (option) {
    case 'n':
    case 'c':
        return read_amount(optarg, option == 'c');
    case 'f':
    case 'F':
        follow = true;
        return;
    case 's':
        pause_seconds = strtod(optarg, &end);
        if (end > optarg && !*end && pause_seconds >= 0 && pause_seconds < 1e6)
            return;
        app_usage(usage);
    default:
        app_usage(usage);
    }
}

int main(int argc, char **argv)
{
    static char *standard[] = {"-", NULL};
    bool quiet = false, verbose = false;
    struct file *files;
    size_t count = 0;
    int option, status = 0;
    char **paths;

    app_start(argv);
    optind += argc > 1 && read_old_option(argv[1]);
    while ((option = getopt(argc, argv, "n:c:fFqvs:")) != -1) {
        quiet |= option == 'q';
        verbose |= option == 'v';
        if (option != 'q' && option != 'v')
            read_option(option);
    }
    paths = optind < argc ? argv + optind : standard;
    with_names = (paths[1] || verbose) && !quiet;
    files = app_alloc((size_t)(argc + 1) * sizeof *files);
    for (; *paths; paths++) {
        files[count] = (struct file){.path = *paths};
        status |= !tail(&files[count++]);
    }
    if (follow)
        follow_files(files, count);
    free(files);
    return app_finish(status);
}
