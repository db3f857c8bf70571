/* Files and names that nobody else has. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal.h"

FILE *tmpfile(void)
{
    char path[] = P_tmpdir "/tmpfileXXXXXX";
    int fd = mkstemp(path);
    FILE *f;

    if (fd < 0)
        return NULL;
    unlink(path);
    f = fdopen(fd, "w+");
    if (f == NULL)
        close(fd);
    return f;
}

/* A path that names nothing yet: "DIR/PREFIXpid.number". */
static char *free_name(char *to, size_t size, const char *dir, const char *prefix)
{
    static unsigned last;

    do {
        if ((size_t)snprintf(to, size, "%s/%.5s%d.%u", dir, prefix, (int)getpid(), last++) >= size)
            return fail(ENAMETOOLONG), NULL;
    } while (access(to, F_OK) == 0);
    return to;
}

char *tmpnam(char *to)
{
    static char own[L_tmpnam];

    return free_name(to ? to : own, L_tmpnam, P_tmpdir, "t");
}

char *tempnam(const char *dir, const char *prefix)
{
    const char *env = getenv("TMPDIR");
    char name[FILENAME_MAX];

    if (env && access(env, W_OK) == 0)
        dir = env;
    else if (dir == NULL || access(dir, W_OK))
        dir = P_tmpdir;
    return free_name(name, sizeof name, dir, prefix ? prefix : "") ? strdup(name) : NULL;
}

int vdprintf(int fd, const char *restrict format, va_list ap)
{
    char *text;
    int n = vasprintf(&text, format, ap), done = 0;
    ssize_t more;

    if (n < 0)
        return -1;
    do {
        more = write(fd, text + done, (size_t)(n - done));
        done += more > 0 ? (int)more : 0;
    } while (more > 0 && done < n);
    free(text);
    return more < 0 ? -1 : n;
}

int dprintf(int fd, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vdprintf(fd, format, ap);
    va_end(ap);
    return n;
}
