/* Finds programs in PATH and becomes them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/sh/shell.h"

#define SHELL_PATH "/bin/sh"

static bool is_program(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

char *run_find(struct shell *shell, const char *name, const char *path, struct arena *arena)
{
    const char *dirs = path ? path : vars_get(&shell->vars, "PATH");

    if (strchr(name, '/'))
        return is_program(name) ? arena_strdup(arena, name) : NULL;
    for (dirs = dirs ? dirs : STANDARD_PATH;; dirs++) {
        size_t n = strcspn(dirs, ":");
        struct buf path = buf_new(arena);

        buf_add(&path, dirs, n);
        if (n)
            buf_char(&path, '/');
        buf_str(&path, name);
        if (is_program(path.data))
            return path.data;
        dirs += n;
        if (!*dirs)
            return NULL;
    }
}

/* A file without a known header is a script if its first line is text. */
static bool looks_like_text(const char *path)
{
    char start[128];
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, start, sizeof start);

    if (fd >= 0)
        close(fd);
    return n >= 0 && !memchr(start, 0, (size_t)n);
}

static void run_script(struct shell *shell, const char *path, char **argv, char **environment)
{
    struct strings args = {.arena = arena_new()};

    strings_add(&args, "sh");
    strings_add(&args, arena_strdup(args.arena, path));
    while (*++argv)
        strings_add(&args, *argv);
    execve(SHELL_PATH, strings_end(&args), environment);
    shell_complain(shell, "%s: %s", SHELL_PATH, strerror(errno));
    _exit(STATUS_NOT_EXECUTABLE);
}

_Noreturn void run_program(struct shell *shell, char **argv, char **environment)
{
    run_program_in(shell, NULL, argv, environment);
}

_Noreturn void run_program_in(struct shell *shell, const char *dirs, char **argv,
                              char **environment)
{
    struct arena *arena = arena_new();
    const char *path = run_find(shell, argv[0], dirs, arena);

    if (!path && !strchr(argv[0], '/')) {
        shell_complain(shell, "%s: not found", argv[0]);
        _exit(STATUS_NOT_FOUND);
    }
    path = path ? path : argv[0];
    execve(path, argv, environment);
    if (errno == ENOEXEC && looks_like_text(path))
        run_script(shell, path, argv, environment);
    shell_complain(shell, "%s: %s", argv[0], strerror(errno));
    _exit(errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}
