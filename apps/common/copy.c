/* Copying files and trees. */
#include "apps/common/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"

/* A directory that is copied; what was made first is never copied into itself. */
struct top {
    dev_t device;
    ino_t inode;
    bool known;
};

static bool copy(const struct copy *how, const char *from, const char *to, struct top *top, bool named);

static bool fail(const char *path)
{
    app_warn("%s", path);
    return false;
}

bool copy_ask(const char *question, const char *path)
{
    int first, c;

    fflush(stdout);
    fprintf(stderr, "%s: %s %s? ", app_name(), question, path);
    for (first = c = getchar(); c != '\n' && c != EOF;)
        c = getchar();
    return first == 'y' || first == 'Y';
}

bool copy_attributes(const char *path, const struct stat *st)
{
    bool is_link = S_ISLNK(st->st_mode), owned;
    mode_t mode = st->st_mode & 07777;

    if (utimensat(AT_FDCWD, path, (struct timespec[]){st->st_atim, st->st_mtim}, AT_SYMLINK_NOFOLLOW))
        return fail(path);
    owned = !lchown(path, st->st_uid, st->st_gid);
    if (is_link)
        return true;
    return !chmod(path, owned ? mode : mode & 01777) || fail(path);
}

static int open_target(const struct copy *how, const char *to, mode_t mode)
{
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);

    if (fd < 0 && how->force && errno != ENOENT && !unlink(to))
        fd = open(to, O_WRONLY | O_CREAT | O_EXCL, mode);
    return fd;
}

static bool copy_data(const struct copy *how, const char *from, const char *to, const struct stat *st)
{
    int in = open(from, O_RDONLY), out;
    bool copied;

    if (in < 0)
        return fail(from);
    out = open_target(how, to, st->st_mode & (how->keep_attributes ? 0700 : 0777));
    if (out < 0) {
        int error = errno;
        close(in);
        errno = error;
        return fail(to);
    }
    copied = app_copy(in, from, out, to);
    close(in);
    return close(out) < 0 ? fail(to) : copied;
}

static bool make_room(const char *to)
{
    return !unlink(to) || errno == ENOENT || fail(to);
}

static bool copy_link(const char *from, const char *to)
{
    char target[PATH_MAX];
    ssize_t n = readlink(from, target, sizeof target - 1);

    if (n < 0)
        return fail(from);
    target[n] = 0;
    return make_room(to) && (!symlink(target, to) || fail(to));
}

static bool copy_special(const char *to, const struct stat *st)
{
    return make_room(to) &&
           (!(S_ISFIFO(st->st_mode) ? mkfifo(to, st->st_mode & 0777) : mknod(to, st->st_mode, st->st_rdev)) ||
            fail(to));
}

static bool copy_entries(const struct copy *how, const char *from, const char *to, struct top *top)
{
    char **entries = app_entries(from, false);
    bool copied = true;

    if (!entries)
        return fail(from);
    for (char **entry = entries; *entry; entry++) {
        char *below_from = app_join(from, *entry), *below_to = app_join(to, *entry);
        copied &= copy(how, below_from, below_to, top, false);
        free(below_from);
        free(below_to);
    }
    app_entries_free(entries);
    return copied;
}

static bool copy_directory(const struct copy *how, const char *from, const char *to,
                           const struct stat *st, struct top *top)
{
    struct stat made;
    bool copied, is_new;

    if (top->known && st->st_dev == top->device && st->st_ino == top->inode) {
        app_say("%s: cannot copy a directory into itself, %s", from, to);
        return false;
    }
    is_new = !mkdir(to, (st->st_mode & 0777) | 0700);
    if (!is_new && (errno != EEXIST || !app_is_directory(to)))
        return fail(to);
    if (!top->known && !stat(to, &made))
        *top = (struct top){made.st_dev, made.st_ino, true};
    if (is_new && how->verbose)
        printf("'%s' -> '%s'\n", from, to);
    copied = copy_entries(how, from, to, top);
    if (how->keep_attributes)
        return copy_attributes(to, st) && copied;
    if (is_new && !(st->st_mode & 0700)) {
        mode_t mask = umask(0);
        umask(mask);
        chmod(to, st->st_mode & 0777 & ~mask);
    }
    return copied;
}

static bool copy_contents(const struct copy *how, const char *from, const char *to,
                          const struct stat *st)
{
    bool copied;

    if (how->hard || how->symbolic) {
        if (how->force && !make_room(to))
            return false;
        return !(how->hard ? link(from, to) : symlink(from, to)) || fail(to);
    }
    if (S_ISLNK(st->st_mode))
        copied = copy_link(from, to);
    else if (S_ISREG(st->st_mode) || !how->recursive)
        copied = copy_data(how, from, to, st);
    else
        copied = copy_special(to, st);
    return copied && (!how->keep_attributes || copy_attributes(to, st));
}

/* Whether what is at `to`, if anything, may be overwritten. */
static bool may_replace(const struct copy *how, const struct stat *st, const char *to)
{
    struct stat old;

    if (lstat(to, &old))
        return true;
    if (how->never)
        return false;
    if (how->newer_only &&
        (old.st_mtim.tv_sec > st->st_mtim.tv_sec || (old.st_mtim.tv_sec == st->st_mtim.tv_sec &&
                                                     old.st_mtim.tv_nsec >= st->st_mtim.tv_nsec)))
        return false;
    return !how->ask || copy_ask("overwrite", to);
}

static bool is_same_file(const struct stat *st, const char *path)
{
    struct stat other;

    return !(S_ISLNK(st->st_mode) ? lstat(path, &other) : stat(path, &other)) &&
           other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

static bool copy(const struct copy *how, const char *from, const char *to, struct top *top, bool named)
{
    bool as_link = how->keep_links && !(named && how->top_links);
    struct stat st;

    if (as_link ? lstat(from, &st) : stat(from, &st))
        return fail(from);
    if (S_ISDIR(st.st_mode) && !how->recursive) {
        app_say("%s: is a directory (use -r)", from);
        return false;
    }
    if (S_ISDIR(st.st_mode))
        return copy_directory(how, from, to, &st, top);
    if (app_is_directory(to) && !S_ISLNK(st.st_mode)) {
        app_say("%s: is a directory, %s is not", to, from);
        return false;
    }
    if (is_same_file(&st, to)) {
        app_say("%s and %s are the same file", from, to);
        return false;
    }
    if (!may_replace(how, &st, to))
        return true;
    if (how->verbose)
        printf("'%s' -> '%s'\n", from, to);
    return copy_contents(how, from, to, &st);
}

bool copy_path(const struct copy *how, const char *from, const char *to)
{
    struct top top = {0};

    return copy(how, from, to, &top, true);
}

bool copy_into(const struct copy *how, const char *from, const char *dir)
{
    char *last = app_basename(from), *to = app_join(dir, last);
    bool copied = copy_path(how, from, to);

    free(last);
    free(to);
    return copied;
}
