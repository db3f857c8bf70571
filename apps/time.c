/* time [-p] COMMAND [ARGUMENT...]: run it and say how long it took, always in the form of -p. */
#include <errno.h>
#include <stdio.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/app.h"

static double seconds(clock_t ticks)
{
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

int main(int argc, char **argv)
{
    struct tms start, end;
    clock_t begun = times(&start), ended;
    int status, option;
    pid_t pid;

    app_start(argv);
    while ((option = getopt(argc, argv, "+p")) != -1)
        if (option != 'p')
            app_usage("[-p] COMMAND [ARGUMENT...]");
    argv += optind;
    if (!*argv)
        app_usage("[-p] COMMAND [ARGUMENT...]");
    pid = fork();
    if (pid == 0) {
        execvp(argv[0], argv);
        app_warn("%s", argv[0]);
        _exit(errno == ENOENT ? 127 : 126);
    }
    while (pid < 0 || waitpid(pid, &status, 0) < 0)
        if (pid < 0 || errno != EINTR) {
            app_warn("%s", argv[0]);
            return 1;
        }
    ended = times(&end);
    fprintf(stderr, "real %.2f\nuser %.2f\nsys %.2f\n", seconds(ended - begun),
            seconds(end.tms_cutime - start.tms_cutime), seconds(end.tms_cstime - start.tms_cstime));
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
