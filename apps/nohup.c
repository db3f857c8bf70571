/* nohup COMMAND [ARGUMENT...]: run it so that the end of the terminal doesn't end it; what it would print
 * there goes to nohup.out, here or in HOME. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static int open_output(void)
{
    const char *home = getenv("HOME");
    int fd = open("nohup.out", O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (fd < 0 && home) {
        char *path = app_join(home, "nohup.out");
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
        free(path);
    }
    if (fd < 0) {
        app_warn("nohup.out");
        app_quit();
    }
    return fd;
}

int main(int argc, char **argv)
{
    app_start(argv);
    app_trouble(125);
    if (getopt(argc, argv, "+") != -1 || optind == argc)
        app_usage("COMMAND [ARGUMENT...]");
    if (isatty(1)) {
        app_say("output goes to nohup.out");
        dup2(open_output(), 1);
    }
    if (isatty(2))
        dup2(1, 2);
    signal(SIGHUP, SIG_IGN);
    app_exec(argv + optind);
}
