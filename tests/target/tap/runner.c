/* Runs the programs that its arguments name, one after the other, each under a time limit, and marks
 * where one begins and how it ended:
 *     @@ begin NAME          @@ end NAME status (wait status, or -1 if it had to be killed)
 * The host cuts the output at these marks. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_SECONDS 60
#define POLL_NS 5000000L

/* Wait for `pid`, at most LIMIT_SECONDS. => its wait status; -1 if it was killed for its slowness. */
static int wait_limited(pid_t pid)
{
    int status;
    time_t begin = time(NULL);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (time(NULL) - begin > LIMIT_SECONDS) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return -1;
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
    return status;
}

static void run(const char *path)
{
    printf("\n@@ begin %s\n", path);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl(path, path, (char *)NULL);
        perror(path);
        _exit(127);
    }
    int status = pid < 0 ? -1 : wait_limited(pid);
    printf("\n@@ end %s %d\n", path, status);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    return 0;
}
