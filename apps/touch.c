/* touch [-c] FILE...: set the times to now; a missing file is made (not with -c). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool touch(const char *path, bool create)
{
    int fd;

    if (!utimensat(AT_FDCWD, path, NULL, 0))
        return true;
    if (errno == ENOENT && !create)
        return true;
    fd = errno == ENOENT ? open(path, O_WRONLY | O_CREAT, 0666) : -1;
    if (fd < 0) {
        app_warn("%s", path);
        return false;
    }
    return close(fd) == 0;
}

int main(int argc, char **argv)
{
    bool create = true;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "c")) != -1) {
        if (option != 'c')
            app_usage("[-c] FILE...");
        create = false;
    }
    if (optind == argc)
        app_usage("[-c] FILE...");
    for (; optind < argc; optind++)
        status |= !touch(argv[optind], create);
    return status;
}
