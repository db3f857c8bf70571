/* Runs the tests of one program and prints TAP. A failed check prints where, then the test's line
 * says `not ok`. State: the test that runs. A child made inside of a test reports by its status. */
#include "tap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static bool failed;
static unsigned long random_state = 0x9e3779b97f4a7c15UL;

/* Length of the name at *names; moves *names behind it and the comma. */
static int next_name(const char **names, const char **start)
{
    *names += strspn(*names, ", \n");
    *start = *names;
    size_t length = strcspn(*names, ",");
    *names += length;
    return (int)length;
}

int tap_run(const char *names, void (*const *functions)(void), size_t count)
{
    size_t bad = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name;
        int length = next_name(&names, &name);
        failed = false;
        functions[i]();
        bad += failed;
        printf("%sok %zu - %.*s\n", failed ? "not " : "", i + 1, length, name);
        fflush(stdout);
    }
    printf("1..%zu\n", count);
    fflush(stdout);
    return bad ? 1 : 0;
}

void tap_fail(const char *file, int line, const char *what)
{
    failed = true;
    printf("# %s:%d: not true: %s (errno %d)\n", file, line, what, errno);
    fflush(stdout);
}

void tap_fail_values(const char *file, int line, const char *what, long got, long want)
{
    failed = true;
    printf("# %s:%d: not true: %s: %ld, %ld\n", file, line, what, got, want);
    fflush(stdout);
}

bool tap_failed(void)
{
    return failed;
}

int tap_errno(void)
{
    return errno;
}

void tap_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("# ", stdout);
    vprintf(format, arguments);
    putchar('\n');
    fflush(stdout);
    va_end(arguments);
}

int tap_in_child(void (*body)(void))
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        failed = false;
        body();
        fflush(stdout);
        _exit(failed ? 1 : 0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return status;
}

int tap_status(pid_t pid)
{
    int status = -1;

    waitpid(pid, &status, 0);
    return status;
}

void *tap_shared_page(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        abort();
    return page;
}

struct timespec tap_after(clockid_t clock, long ms)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    ts.tv_nsec += ms % 1000 * 1000000;
    ts.tv_sec += ms / 1000 + ts.tv_nsec / 1000000000;
    ts.tv_nsec %= 1000000000;
    return ts;
}

unsigned long tap_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}
