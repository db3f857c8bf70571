/* Redirections: files, descriptors and here-documents put in the place of descriptors. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/sh/shell.h"

#define FIRST_SAVED_FD 10
#define DOCUMENT_BUFFERED 4096 /* a pipe takes this much without a reader */

/* Descriptors as they were; in the arena of the command. */
struct saved_fds {
    struct saved_fds *next;
    int fd, copy; /* copy -1: it was closed */
};

int redir_move_away(int fd)
{
    int moved = fcntl(fd, F_DUPFD, FIRST_SAVED_FD);

    if (moved < 0)
        return fd;
    fcntl(moved, F_SETFD, FD_CLOEXEC);
    close(fd);
    return moved;
}

static bool save(int fd, struct arena *arena, struct saved_fds **saved)
{
    struct saved_fds *entry;
    int copy = fcntl(fd, F_DUPFD, FIRST_SAVED_FD);

    if (copy < 0 && errno != EBADF)
        return false;
    if (copy >= 0)
        fcntl(copy, F_SETFD, FD_CLOEXEC);
    entry = arena_alloc(arena, sizeof *entry);
    *entry = (struct saved_fds){*saved, fd, copy};
    *saved = entry;
    return true;
}

void redir_restore(struct saved_fds *saved)
{
    for (; saved; saved = saved->next) {
        if (saved->copy < 0) {
            close(saved->fd);
        } else {
            dup2(saved->copy, saved->fd);
            close(saved->copy);
        }
    }
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* A descriptor from which `text` can be read. A long one is written by a process of its own. */
static int document_fd(const char *text)
{
    size_t len = strlen(text);
    int ends[2];
    pid_t pid;

    if (pipe(ends) < 0)
        return -1;
    if (len <= DOCUMENT_BUFFERED) {
        write_all(ends[1], text, len);
    } else if ((pid = fork()) == 0) {
        close(ends[0]);
        write_all(ends[1], text, len);
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

/* With `set -C`: a file that is there is left alone, unless it is a device or the like. */
static int open_new(const char *target)
{
    struct stat st;
    int fd = open(target, O_WRONLY | O_CREAT | O_EXCL, 0666);

    if (fd >= 0 || errno != EEXIST || stat(target, &st) || S_ISREG(st.st_mode))
        return fd;
    return open(target, O_WRONLY);
}

static int open_target(const struct redir *redir, const char *target, bool noclobber)
{
    switch (redir->kind) {
    case REDIR_IN:
        return open(target, O_RDONLY);
    case REDIR_OUT:
        return noclobber ? open_new(target) : open(target, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case REDIR_CLOBBER:
        return open(target, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case REDIR_APPEND:
        return open(target, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case REDIR_BOTH:
        return open(target, O_RDWR | O_CREAT, 0666);
    case REDIR_HERE:
        return document_fd(target);
    case REDIR_DUP:
        break;
    }
    return -1;
}

static bool duplicate(struct shell *shell, const struct redir *redir, const char *target)
{
    char *end;
    long from = strtol(target, &end, 10);

    if (!strcmp(target, "-")) {
        close(redir->fd);
        return true;
    }
    if (!isdigit((unsigned char)*target) || *end) {
        shell_complain(shell, "%s: not a file descriptor", target);
        return false;
    }
    if (from != redir->fd ? dup2((int)from, redir->fd) < 0 : fcntl((int)from, F_GETFD) < 0) {
        shell_complain(shell, "%s: %s", target, strerror(errno));
        return false;
    }
    return true;
}

static bool apply_one(struct shell *shell, const struct redir *redir, const char *target)
{
    int fd;

    if (redir->kind == REDIR_DUP)
        return duplicate(shell, redir, target);
    fd = open_target(redir, target, shell->noclobber);
    if (fd < 0) {
        shell_complain(shell, "%s: %s", redir->kind == REDIR_HERE ? "<<" : target, strerror(errno));
        return false;
    }
    if (fd == redir->fd)
        return true;
    if (dup2(fd, redir->fd) < 0) {
        shell_complain(shell, "%d: %s", redir->fd, strerror(errno));
        close(fd);
        return false;
    }
    close(fd);
    return true;
}

char **redir_targets(struct shell *shell, const struct redir *redirs, struct arena *arena)
{
    struct strings targets = {.arena = arena};

    for (; redirs && !shell->failed; redirs = redirs->next)
        strings_add(&targets, expand_string(shell, arena, redirs->target));
    return shell->failed ? NULL : strings_end(&targets);
}

static bool apply_saved(struct shell *shell, const struct redir *redir, const char *target,
                        struct arena *arena, struct saved_fds **saved)
{
    if (saved && !save(redir->fd, arena, saved)) {
        shell_complain(shell, "%d: %s", redir->fd, strerror(errno));
        return false;
    }
    return apply_one(shell, redir, target);
}

bool redir_apply_to(struct shell *shell, const struct redir *redirs, char **targets,
                    struct arena *arena, struct saved_fds **saved)
{
    for (; redirs; redirs = redirs->next)
        if (!apply_saved(shell, redirs, *targets++, arena, saved))
            return false;
    return true;
}

bool redir_apply(struct shell *shell, const struct redir *redirs, struct arena *arena,
                 struct saved_fds **saved)
{
    for (; redirs; redirs = redirs->next) {
        char *target = expand_string(shell, arena, redirs->target);

        if (shell->failed || !apply_saved(shell, redirs, target, arena, saved))
            return false;
    }
    return true;
}
