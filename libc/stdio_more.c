/* What POSIX has beside ISO C's streams: locking (there is one thread), unlocked access, descriptors. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

void flockfile(FILE *stream)
{
}

int ftrylockfile(FILE *stream)
{
    return 0;
}

void funlockfile(FILE *stream)
{
}

#undef getc_unlocked
#undef putc_unlocked
int getc_unlocked(FILE *stream)
{
    return getc(stream);
}

int getchar_unlocked(void)
{
    return getc(stdin);
}

int putc_unlocked(int c, FILE *stream)
{
    return putc(c, stream);
}

int putchar_unlocked(int c)
{
    return putc(c, stdout);
}

int vdprintf(int fd, const char *restrict format, va_list ap)
{
    char *text;
    int n = vasprintf(&text, format, ap);

    if (n < 0)
        return -1;
    n = write(fd, text, (size_t)n) == n ? n : -1;
    free(text);
    return n;
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

/* A name that no file has. */
char *tempnam(const char *dir, const char *prefix)
{
    static unsigned last;
    const char *env = getenv("TMPDIR");
    char *name = NULL;

    if (env && access(env, W_OK) == 0)
        dir = env;
    else if (dir == NULL || access(dir, W_OK))
        dir = P_tmpdir;
    do {
        free(name);
        if (asprintf(&name, "%s/%.5s%d.%u", dir, prefix ? prefix : "", (int)getpid(), last++) < 0)
            return NULL;
    } while (access(name, F_OK) == 0);
    return name;
}
