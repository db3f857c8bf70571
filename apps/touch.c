/* touch [-achm] [-d TIME | -r FILE | -t [[CC]YY]MMDDhhmm[.ss]] FILE...: set the times, to now unless told; -a
 * of access, -m of modification. A missing file is made (not with -c); -h of links themselves. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/when.h"

static const char usage[] = "[-achm] [-d TIME | -r FILE | -t [[CC]YY]MMDDhhmm[.ss]] FILE...";
static bool no_create, access_only, modification_only;
static int links; /* AT_SYMLINK_NOFOLLOW or 0 */
static struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};

static bool touch(const char *path)
{
    int fd;

    if (!strcmp(path, "-"))
        return !futimens(1, times) || (app_warn("standard output"), false);
    if (!utimensat(AT_FDCWD, path, times, links))
        return true;
    if (errno == ENOENT && (no_create || links))
        return no_create || (app_warn("%s", path), false);
    fd = errno == ENOENT ? open(path, O_WRONLY | O_CREAT, 0666) : -1;
    if (fd < 0 || futimens(fd, times)) {
        app_warn("%s", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    return close(fd) == 0;
}

static void take_from(const char *path)
{
    struct stat st;

    if (links ? lstat(path, &st) : stat(path, &st)) {
        app_warn("%s", path);
        app_quit();
    }
    times[0] = st.st_atim;
    times[1] = st.st_mtim;
}

static void read_time(int option, const char *text)
{
    if (option == 'r') {
        take_from(text);
        return;
    }
    if (option == 'd' ? !when_parse(text, times) : !when_parse_digits(text, false, times)) {
        app_say("%s: not a time", text);
        app_quit();
    }
    times[1] = times[0];
}

int main(int argc, char **argv)
{
    int option, status = 0, given = 0;
    const char *text = NULL;

    app_start(argv);
    while ((option = getopt(argc, argv, "acd:hmr:t:f")) != -1) {
        if (option == '?' || (strchr("drt", option) && given && given != option))
            app_usage(usage);
        no_create |= option == 'c';
        access_only |= option == 'a';
        modification_only |= option == 'm';
        links |= option == 'h' ? AT_SYMLINK_NOFOLLOW : 0;
        if (strchr("drt", option)) {
            given = option;
            text = optarg;
        }
    }
    if (optind == argc)
        app_usage(usage);
    if (given)
        read_time(given, text);
    if (access_only != modification_only)
        times[access_only].tv_nsec = UTIME_OMIT;
    for (; optind < argc; optind++)
        status |= !touch(argv[optind]);
    return app_finish(status);
}
