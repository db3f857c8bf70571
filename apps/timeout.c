/* timeout [-s SIGNAL] [-k SECONDS] SECONDS COMMAND [ARGUMENT...]: run it, and after so many seconds send it
 * a signal (TERM unless told), after -k more KILL. Status 124 if the time was over. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/signals.h"

static volatile sig_atomic_t expired, number = SIGTERM;
static volatile pid_t pid;

static void expire(int alarm)
{
    kill(pid, number);
    kill(pid, SIGCONT);
    expired = 1;
}

static double read_seconds(const char *text)
{
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end || !(seconds >= 0 && seconds < 1e9)) {
        app_say("%s: not a number of seconds", text);
        app_quit();
    }
    return seconds;
}

static void set_alarm(double seconds)
{
    struct itimerval timer = {.it_value = {(time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)}};

    setitimer(ITIMER_REAL, &timer, NULL);
}

/* => the status of the command, or -1 with errno; EINTR: the time is over. */
static int wait_for_command(void)
{
    int status;

    if (waitpid(pid, &status, 0) < 0)
        return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-s SIGNAL] [-k SECONDS] SECONDS COMMAND [ARGUMENT...]";
    struct sigaction action = {.sa_handler = expire};
    int option, status;
    double limit, grace = 0;

    app_start(argv);
    app_trouble(125);
    while ((option = getopt(argc, argv, "+s:k:")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 's')
            number = signal_number(optarg);
        else
            grace = read_seconds(optarg);
    }
    if (number < 0 || argc - optind < 2)
        app_usage(usage);
    limit = read_seconds(argv[optind]);
    sigaction(SIGALRM, &action, NULL);
    pid = fork();
    if (pid == 0)
        app_exec(argv + optind + 1);
    if (pid < 0) {
        app_warn("%s", argv[optind + 1]);
        return 125;
    }
    set_alarm(limit);
    while ((status = wait_for_command()) < 0 && errno == EINTR)
        if (number != SIGKILL && expired) {
            number = SIGKILL;
            set_alarm(grace);
        }
    return expired && status != 128 + SIGKILL ? 124 : status;
}
