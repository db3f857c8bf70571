/* What small programs share: messages, output, files. */
#include "apps/common/app.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *name = "?";
static int trouble = 1;

void app_start(char **argv)
{
    const char *slash = strrchr(argv[0], '/');

    name = slash ? slash + 1 : argv[0];
}

const char *app_name(void)
{
    return name;
}

/* One write, so that messages of several processes don't mix. */
static void complain(const char *reason, const char *format, va_list args)
{
    char text[1400];
    size_t size = sizeof text - 1, n = 0;

    n += (size_t)snprintf(text, size, "%s: ", name);
    if (n < size)
        n += (size_t)vsnprintf(text + n, size - n, format, args);
    if (reason && n < size)
        n += (size_t)snprintf(text + n, size - n, ": %s", reason);
    if (n > size - 1)
        n = size - 1;
    text[n++] = '\n';
    fflush(stdout);
    app_write(2, text, n);
}

void app_warn(const char *format, ...)
{
    const char *reason = strerror(errno);
    va_list args;

    va_start(args, format);
    complain(reason, format, args);
    va_end(args);
}

void app_say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    complain(NULL, format, args);
    va_end(args);
}

_Noreturn void app_usage(const char *arguments)
{
    fflush(stdout);
    fprintf(stderr, "usage: %s %s\n", name, arguments);
    app_quit();
}

void app_trouble(int status)
{
    trouble = status;
}

_Noreturn void app_quit(void)
{
    exit(trouble);
}

int app_finish(int status)
{
    if (!ferror(stdout) && !fflush(stdout))
        return status;
    app_warn("write");
    return trouble;
}

bool app_write(int fd, const void *data, size_t bytes)
{
    const char *next = data;

    while (bytes) {
        ssize_t n = write(fd, next, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        next += n;
        bytes -= (size_t)n;
    }
    return true;
}

bool app_copy(int from, const char *from_name, int to, const char *to_name)
{
    static char buffer[16384];
    ssize_t n;

    while ((n = read(from, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            app_warn("%s", from_name);
            return false;
        }
        if (!app_write(to, buffer, (size_t)n)) {
            app_warn("%s", to_name);
            return false;
        }
    }
    return true;
}

int app_open(const char *path)
{
    int fd = strcmp(path, "-") ? open(path, O_RDONLY) : STDIN_FILENO;

    if (fd < 0)
        app_warn("%s", path);
    return fd;
}

FILE *app_fopen(const char *path)
{
    FILE *stream = strcmp(path, "-") ? fopen(path, "r") : stdin;

    if (!stream)
        app_warn("%s", path);
    return stream;
}

int app_wait(pid_t pid)
{
    int status;

    while (pid < 0 || waitpid(pid, &status, 0) < 0)
        if (pid < 0 || errno != EINTR)
            return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

_Noreturn void app_exec(char **argv)
{
    execvp(argv[0], argv);
    app_warn("%s", argv[0]);
    _exit(errno == ENOENT ? 127 : 126);
}

static void *must_have(void *memory)
{
    if (!memory) {
        app_say("out of memory");
        app_quit();
    }
    return memory;
}

void *app_alloc(size_t bytes)
{
    return must_have(malloc(bytes ? bytes : 1));
}

void *app_resize(void *memory, size_t bytes)
{
    return must_have(realloc(memory, bytes ? bytes : 1));
}

char *app_dup(const char *text)
{
    return must_have(strdup(text));
}

char *app_join(const char *dir, const char *entry)
{
    size_t n = strlen(dir);
    char *path = app_alloc(n + strlen(entry) + 2);

    strcpy(path, dir);
    if (n && dir[n - 1] != '/')
        strcat(path, "/");
    return strcat(path, entry);
}

char *app_basename(const char *path)
{
    size_t end = strlen(path), start;
    char *last;

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/';)
        start--;
    if (end == 1 && path[0] == '/')
        start = 0;
    last = app_alloc(end - start + 1);
    memcpy(last, path + start, end - start);
    last[end - start] = 0;
    return last;
}

bool app_is_directory(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool app_number(const char *text, long *value)
{
    char *end;

    errno = 0;
    *value = strtol(text, &end, 10);
    return *text && !*end && !errno;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **app_entries(const char *path, bool with_dots)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    char **entries = must_have(calloc(1, sizeof *entries));
    size_t count = 0;

    if (!dir) {
        free(entries);
        return NULL;
    }
    while ((entry = readdir(dir))) {
        if (!with_dots && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")))
            continue;
        entries = app_resize(entries, (count + 2) * sizeof *entries);
        entries[count++] = app_dup(entry->d_name);
        entries[count] = NULL;
    }
    closedir(dir);
    qsort(entries, count, sizeof *entries, compare);
    return entries;
}

void app_entries_free(char **entries)
{
    for (char **entry = entries; *entry; entry++)
        free(*entry);
    free(entries);
}
