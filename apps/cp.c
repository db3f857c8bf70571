/* cp [-r] [-p] SOURCE... TARGET: into TARGET if that is a directory. -r: directories with all that
 * is in them, symbolic links as links; -p: times too. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static bool recursive, keep_times;

/* The directory made first: never copied into itself. */
static dev_t top_device;
static ino_t top_inode;
static bool has_top;

static bool copy(const char *from, const char *to);

static bool fail(const char *path)
{
    app_warn("%s", path);
    return false;
}

static bool copy_data(const char *from, const char *to, const struct stat *st)
{
    int in = open(from, O_RDONLY), out;
    bool copied;

    if (in < 0)
        return fail(from);
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
    if (out < 0) {
        close(in);
        return fail(to);
    }
    copied = app_copy(in, from, out, to);
    close(in);
    if (copied && keep_times)
        futimens(out, (struct timespec[]){st->st_atim, st->st_mtim});
    return close(out) < 0 ? fail(to) : copied;
}

static bool copy_link(const char *from, const char *to)
{
    char target[PATH_MAX];
    ssize_t n = readlink(from, target, sizeof target - 1);

    if (n < 0)
        return fail(from);
    target[n] = 0;
    return symlink(target, to) ? fail(to) : true;
}

static bool copy_entries(const char *from, const char *to)
{
    char **entries = app_entries(from, false);
    bool copied = true;

    if (!entries)
        return fail(from);
    for (char **entry = entries; *entry; entry++) {
        char *below_from = app_join(from, *entry), *below_to = app_join(to, *entry);
        copied &= copy(below_from, below_to);
        free(below_from);
        free(below_to);
    }
    app_entries_free(entries);
    return copied;
}

static bool copy_directory(const char *from, const char *to, const struct stat *st)
{
    struct stat made;
    bool copied;

    if (has_top && st->st_dev == top_device && st->st_ino == top_inode)
        return true;
    if (mkdir(to, (st->st_mode & 0777) | 0700) < 0 && (errno != EEXIST || !app_is_directory(to)))
        return fail(to);
    if (!has_top && !stat(to, &made)) {
        has_top = true;
        top_device = made.st_dev;
        top_inode = made.st_ino;
    }
    copied = copy_entries(from, to);
    chmod(to, st->st_mode & 0777);
    return copied;
}

static bool is_same_file(const struct stat *st, const char *path)
{
    struct stat other;

    return !stat(path, &other) && other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

static bool copy(const char *from, const char *to)
{
    struct stat st;

    if (recursive ? lstat(from, &st) : stat(from, &st))
        return fail(from);
    if (S_ISDIR(st.st_mode) && !recursive) {
        app_say("%s: is a directory (use -r)", from);
        return false;
    }
    if (S_ISDIR(st.st_mode))
        return copy_directory(from, to, &st);
    if (S_ISLNK(st.st_mode))
        return copy_link(from, to);
    if (is_same_file(&st, to)) {
        app_say("%s and %s are the same file", from, to);
        return false;
    }
    return copy_data(from, to, &st);
}

static bool copy_into(const char *from, const char *dir)
{
    char *last = app_basename(from), *to = app_join(dir, last);
    bool copied;

    has_top = false;
    copied = copy(from, to);
    free(last);
    free(to);
    return copied;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-r] [-p] SOURCE... TARGET";
    const char *target;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "rRpaf")) != -1) {
        if (option == '?')
            app_usage(usage);
        recursive |= option == 'r' || option == 'R' || option == 'a';
        keep_times |= option == 'p' || option == 'a';
    }
    if (argc - optind < 2)
        app_usage(usage);
    target = argv[--argc];
    if (!app_is_directory(target)) {
        if (argc - optind == 1)
            return !copy(argv[optind], target);
        app_say("%s: is not a directory", target);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !copy_into(argv[optind], target);
    return status;
}
