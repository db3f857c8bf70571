/* cat [FILE...]: files one after another; - or none: standard input. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool cat(const char *path)
{
    bool is_stdin = !strcmp(path, "-"), copied;
    int fd = is_stdin ? 0 : open(path, O_RDONLY);

    if (fd < 0) {
        app_warn("%s", path);
        return false;
    }
    copied = app_copy(fd, path, 1, "standard output");
    if (!is_stdin)
        close(fd);
    return copied;
}

int main(int argc, char **argv)
{
    int status = 0;

    app_start(argv);
    if (argc > 1 && (!strcmp(argv[1], "-u") || !strcmp(argv[1], "--"))) {
        argc--;
        argv++;
    }
    if (argc < 2)
        return !cat("-");
    for (int i = 1; i < argc; i++)
        status |= !cat(argv[i]);
    return status;
}
