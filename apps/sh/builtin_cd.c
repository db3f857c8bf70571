/* cd and pwd: directories by the names that led to them (-L), or as they really are (-P). */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/sh/shell.h"

static bool is_directory(const char *path)
{
    struct stat st;

    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_here(const char *path)
{
    struct stat there, here;

    return path && *path == '/' && !stat(path, &there) && !stat(".", &here) &&
           there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

/* Whether `path` has components . or .. */
static bool has_dots(const char *path)
{
    for (; *path; path += strcspn(path, "/"), path += *path == '/') {
        size_t n = strcspn(path, "/");

        if ((n == 1 && path[0] == '.') || (n == 2 && !strncmp(path, "..", 2)))
            return true;
    }
    return false;
}

void shell_find_pwd(struct shell *shell)
{
    const char *pwd = vars_get(&shell->vars, "PWD");
    char path[PATH_MAX];

    if (is_here(pwd) && !has_dots(pwd))
        return;
    vars_set(&shell->vars, "PWD", getcwd(path, sizeof path) ? path : NULL);
}

/* Take the last component away. */
static void drop_last(struct buf *path)
{
    while (path->len > 0 && path->data[path->len - 1] != '/')
        path->len--;
    if (path->len > 1)
        path->len--;
    path->data[path->len] = 0;
}

/* `path` without . and .. and needless slashes; NULL with errno if .. follows what is no directory. */
static char *canonical(struct arena *arena, const char *path)
{
    struct buf out = buf_new(arena);

    buf_char(&out, '/');
    while (*path) {
        size_t n = strcspn(path, "/");

        if (n == 2 && !strncmp(path, "..", 2)) {
            if (!is_directory(out.data))
                return NULL;
            drop_last(&out);
        } else if (n > 0 && !(n == 1 && *path == '.')) {
            if (out.len > 1)
                buf_char(&out, '/');
            buf_add(&out, path, n);
        }
        path += n + (path[n] == '/');
    }
    return out.data;
}

/* Where CDPATH leads for `target`, or NULL. *shown: it is a place one should be told. */
static char *find_in_cdpath(struct shell *shell, struct arena *arena, const char *target,
                            bool *shown)
{
    const char *dirs = vars_get(&shell->vars, "CDPATH");
    size_t first = strcspn(target, "/");

    if (!dirs || *target == '/' || (first <= 2 && !strncmp(target, "..", first)))
        return NULL;
    for (;; dirs++) {
        size_t n = strcspn(dirs, ":");
        struct buf path = buf_new(arena);

        buf_add(&path, dirs, n);
        buf_str(&path, n && dirs[n - 1] != '/' ? "/" : "");
        buf_str(&path, target);
        if (is_directory(path.data)) {
            *shown = n > 0;
            return path.data;
        }
        dirs += n;
        if (!*dirs)
            return NULL;
    }
}

/* Go there by name. => false with errno. */
static bool go_logically(struct shell *shell, struct arena *arena, const char *path)
{
    const char *pwd = vars_get(&shell->vars, "PWD");
    struct buf whole = buf_new(arena);
    char *clean;

    if (*path != '/') {
        if (!pwd)
            return false;
        buf_str(&whole, pwd);
        buf_char(&whole, '/');
    }
    buf_str(&whole, path);
    clean = canonical(arena, whole.data);
    if (!clean || chdir(clean) < 0)
        return false;
    vars_set(&shell->vars, "OLDPWD", pwd);
    vars_set(&shell->vars, "PWD", clean);
    return true;
}

static bool go_physically(struct shell *shell, const char *path)
{
    char here[PATH_MAX];

    if (chdir(path) < 0)
        return false;
    vars_set(&shell->vars, "OLDPWD", vars_get(&shell->vars, "PWD"));
    vars_set(&shell->vars, "PWD", getcwd(here, sizeof here) ? here : NULL);
    return true;
}

/* -L and -P, the last one counts. => index behind the options, -1 after a complaint. */
static int read_options(struct shell *shell, char **argv, bool *physical)
{
    int i = 1;

    for (; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        for (const char *letter = argv[i] + 1; *letter; letter++) {
            if (*letter != 'L' && *letter != 'P') {
                shell_complain(shell, "%s: unknown option: %s", argv[0], argv[i]);
                return -1;
            }
            *physical = *letter == 'P';
        }
    }
    return i;
}

static int print_line(struct shell *shell, const char *text)
{
    struct buf out = buf_new(arena_new());
    int status;

    buf_str(&out, text);
    buf_char(&out, '\n');
    status = builtin_print(shell, &out);
    arena_drop(out.arena);
    return status;
}

static int go(struct shell *shell, struct arena *arena, const char *target, bool physical)
{
    bool shown = false, back = !strcmp(target, "-");
    const char *path = back ? vars_get(&shell->vars, "OLDPWD") : target, *found;

    if (!path) {
        shell_complain(shell, "cd: OLDPWD is not set");
        return STATUS_MISUSE;
    }
    found = back ? NULL : find_in_cdpath(shell, arena, path, &shown);
    path = found ? found : path;
    if (*path && !(physical ? go_physically(shell, path) : go_logically(shell, arena, path))) {
        shell_complain(shell, "cd: %s: %s", target, strerror(errno));
        return STATUS_MISUSE;
    }
    return shown || back ? print_line(shell, vars_get(&shell->vars, "PWD")) : 0;
}

int builtin_cd(struct shell *shell, int argc, char **argv)
{
    bool physical = false;
    int first = read_options(shell, argv, &physical), status = STATUS_MISUSE;
    const char *target;
    struct arena *arena;

    if (first < 0)
        return STATUS_MISUSE;
    target = argv[first] ? argv[first] : vars_get(&shell->vars, "HOME");
    if (!target || (argv[first] && argv[first + 1])) {
        shell_complain(shell, target ? "cd: one directory only" : "cd: HOME is not set");
        return status;
    }
    arena = arena_new();
    status = go(shell, arena, target, physical);
    arena_drop(arena);
    return status;
}

int builtin_pwd(struct shell *shell, int argc, char **argv)
{
    const char *pwd = vars_get(&shell->vars, "PWD");
    bool physical = false;
    char path[PATH_MAX];

    if (read_options(shell, argv, &physical) < 0)
        return STATUS_MISUSE;
    if (!physical && is_here(pwd) && !has_dots(pwd))
        return print_line(shell, pwd);
    if (getcwd(path, sizeof path))
        return print_line(shell, path);
    shell_complain(shell, "pwd: %s", strerror(errno));
    return 1;
}
