/* tee [-ai] [FILE...]: standard input to standard output and to files. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    static char buffer[8192];
    int option, status = 0, *fds, count = 0, how = O_TRUNC;
    ssize_t n;

    app_start(argv);
    while ((option = getopt(argc, argv, "ai")) != -1) {
        if (option == 'a')
            how = O_APPEND;
        else if (option == 'i')
            signal(SIGINT, SIG_IGN);
        else
            app_usage("[-ai] [FILE...]");
    }
    fds = calloc((size_t)argc + 1, sizeof *fds);
    if (!fds)
        return 1;
    fds[count++] = 1;
    for (; optind < argc; optind++) {
        fds[count] = open(argv[optind], O_WRONLY | O_CREAT | how, 0666);
        if (fds[count] >= 0) {
            count++;
            continue;
        }
        app_warn("%s", argv[optind]);
        status = 1;
    }
    while ((n = read(0, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        for (int i = 0; n > 0 && i < count; i++)
            if (!app_write(fds[i], buffer, (size_t)n)) {
                app_warn("write");
                status = 1;
            }
    free(fds);
    return n < 0 ? 1 : status;
}
