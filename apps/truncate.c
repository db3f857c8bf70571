/* truncate [-c] [-r FILE | -s [+-<>%/]SIZE] FILE...: make files so long; -c: those that are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/size.h"

static const char usage[] = "[-c] [-r FILE | -s [+-<>%/]SIZE] FILE...";
static char sign;
static uint64_t size;
static bool is_set;

static void read_size(const char *text)
{
    sign = *text && strchr("+-<>/%", *text) ? *text++ : 0;
    if (!size_parse(text, &size) || ((sign == '/' || sign == '%') && !size)) {
        app_say("%s: not a size", text);
        app_quit();
    }
    is_set = true;
}

static void take_size(const char *path)
{
    struct stat st;

    if (stat(path, &st)) {
        app_warn("%s", path);
        app_quit();
    }
    size = (uint64_t)st.st_size;
    is_set = true;
}

static uint64_t new_size(uint64_t old)
{
    switch (sign) {
    case '+':
        return old + size;
    case '-':
        return old > size ? old - size : 0;
    case '<':
        return old < size ? old : size;
    case '>':
        return old > size ? old : size;
    case '/':
        return old / size * size;
    case '%':
        return (old + size - 1) / size * size;
    default:
        return size;
    }
}

static bool change(const char *path, bool only_present)
{
    int fd = open(path, O_WRONLY | (only_present ? 0 : O_CREAT), 0666);
    struct stat st;
    bool good;

    if (fd < 0 && only_present && errno == ENOENT)
        return true;
    good = fd >= 0 && !fstat(fd, &st) && !ftruncate(fd, (off_t)new_size((uint64_t)st.st_size));
    if (!good)
        app_warn("%s", path);
    if (fd >= 0)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    bool only_present = false;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "cr:s:")) != -1) {
        if (option == '?')
            app_usage(usage);
        only_present |= option == 'c';
        if (option == 's')
            read_size(optarg);
        else if (option == 'r')
            take_size(optarg);
    }
    if (!is_set || optind == argc)
        app_usage(usage);
    for (; optind < argc; optind++)
        status |= !change(argv[optind], only_present);
    return app_finish(status);
}
