/* Files and directories with names that nobody else has: six letters of a template are replaced until
 * the name is new. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <lib/sys/syscall.h>
#include "internal.h"

#define LETTERS 6
#define TRIES 1000

/* Where in the template the letters are, or NULL with EINVAL. */
static char *letters_of(char *template, int suffix)
{
    size_t len = strlen(template);
    char *at = template + len - suffix - LETTERS;

    if (suffix < 0 || len < (size_t)suffix + LETTERS || strncmp(at, "XXXXXX", LETTERS) != 0)
        return fail(EINVAL), NULL;
    return at;
}

static void choose(char *at)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static uint64_t state;

    state = (state ^ time_now() ^ (uint64_t)getpid() << 32) * 0x9e3779b97f4a7c15UL + 1;
    for (uint64_t i = 0, rest = state >> 16; i < LETTERS; i++, rest /= 62)
        at[i] = set[rest % 62];
}

/* Try names until `make` takes one. => what it returned; -1 with errno, EEXIST if none was new. */
static int try_names(char *template, int suffix, int (*make)(const char *, int), int flags)
{
    char *at = letters_of(template, suffix);
    int got = -1, before = errno;

    if (at == NULL)
        return -1;
    for (int i = 0; i < TRIES; i++) {
        choose(at);
        got = make(template, flags);
        if (got >= 0 || errno != EEXIST)
            break;
    }
    if (got >= 0)
        errno = before;
    return got;
}

static int make_file(const char *path, int flags)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | (flags & ~O_ACCMODE), 0600);
}

static int make_dir(const char *path, int flags)
{
    return mkdir(path, 0700);
}

/* For mktemp: a name that is free is good enough. */
static int want_free(const char *path, int flags)
{
    struct stat st;

    if (lstat(path, &st) == 0)
        return fail(EEXIST);
    return errno == ENOENT ? 0 : -1;
}

int mkostemps(char *template, int suffix, int flags)
{
    return try_names(template, suffix, make_file, flags);
}

int mkstemps(char *template, int suffix)
{
    return mkostemps(template, suffix, 0);
}

int mkostemp(char *template, int flags)
{
    return mkostemps(template, 0, flags);
}

int mkstemp(char *template)
{
    return mkostemps(template, 0, 0);
}

char *mkdtemp(char *template)
{
    return try_names(template, 0, make_dir, 0) < 0 ? NULL : template;
}

char *mktemp(char *template)
{
    if (try_names(template, 0, want_free, 0) < 0)
        template[0] = '\0';
    return template;
}
