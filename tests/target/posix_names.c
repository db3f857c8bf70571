/* Names as POSIX has them: link, unlink, rename, symbolic links, directories, special files; each
 * error, and what each does to counts and times. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOME "/tmp/posix_names"

static char text[PATH_MAX + 300];
static struct stat st;

static bool make(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    bool good = fd >= 0 && write(fd, name, strlen(name)) == (ssize_t)strlen(name);
    return close(fd) == 0 && good;
}

/* The file's contents are the name under which it was made. */
static bool was(const char *name, const char *first)
{
    int fd = open(name, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    return n == (ssize_t)strlen(first) && memcmp(text, first, (size_t)n) == 0;
}

static long links_of(const char *name)
{
    return lstat(name, &st) ? -1 : (long)st.st_nlink;
}

static ino_t ino_of(const char *name)
{
    return lstat(name, &st) ? 0 : st.st_ino;
}

static const char *long_name(void)
{
    memset(text, 'n', NAME_MAX + 1);
    text[NAME_MAX + 1] = 0;
    return text;
}

static void setup(void)
{
    umask(022);
    CHECK_OK(mkdir(HOME, 0755));
    CHECK_OK(chdir(HOME));
    CHECK(make("file"));
    CHECK_OK(mkdir("dir", 0755));
    CHECK_OK(mkdir("full", 0755));
    CHECK(make("full/x"));
    CHECK_OK(symlink("file", "link"));
    CHECK_OK(symlink("dir", "dirlink"));
    CHECK_OK(symlink("nowhere", "dangling"));
    CHECK_OK(symlink("loop", "loop"));
}

/* --- link and unlink ------------------------------------------------------------------------- */

static void a_link_is_one_more_name(void)
{
    CHECK_OK(link("file", "second"));
    CHECK_EQ(links_of("file"), 2);
    CHECK_EQ(ino_of("second"), ino_of("file"));
    CHECK_OK(link("second", "dir/third"));
    CHECK_EQ(links_of("file"), 3);
    CHECK_OK(unlink("second"));
    CHECK_OK(unlink("dir/third"));
    CHECK_EQ(links_of("file"), 1);
}

static void links_that_cannot_be_made(void)
{
    CHECK_FAILS(link("none", "x"), ENOENT);
    CHECK_FAILS(link("", "x"), ENOENT);
    CHECK_FAILS(link("file", ""), ENOENT);
    CHECK_FAILS(link("file", "none/x"), ENOENT);
    CHECK_FAILS(link("file", "link"), EEXIST);
    CHECK_FAILS(link("file", "dir"), EEXIST);
    CHECK_FAILS(link("file", "file"), EEXIST);
    CHECK_FAILS(link("file", "dangling"), EEXIST);
    CHECK_FAILS(link("dir", "x"), EPERM);
    CHECK_FAILS(link("file/x", "x"), ENOTDIR);
    CHECK_FAILS(link("file", "file/x"), ENOTDIR);
    CHECK_FAILS(link("file/", "x"), ENOTDIR);
    CHECK_FAILS(link("file", "x/"), ENOENT);
    CHECK_FAILS(link("loop/x", "x"), ELOOP);
    CHECK_FAILS(link("file", "loop/x"), ELOOP);
    CHECK_FAILS(link("file", long_name()), ENAMETOOLONG);
    CHECK_FAILS(link(long_name(), "x"), ENAMETOOLONG);
}

static void link_names_a_symbolic_link_or_follows_it(void)
{
    CHECK_OK(link("link", "hard"));
    CHECK_EQ(ino_of("hard"), ino_of("link"));
    CHECK_OK(unlink("hard"));
    CHECK_OK(linkat(AT_FDCWD, "link", AT_FDCWD, "hard", AT_SYMLINK_FOLLOW));
    CHECK_EQ(ino_of("hard"), ino_of("file"));
    CHECK_OK(unlink("hard"));
    CHECK_FAILS(linkat(AT_FDCWD, "dangling", AT_FDCWD, "hard", AT_SYMLINK_FOLLOW), ENOENT);
    CHECK_FAILS(linkat(AT_FDCWD, "file", AT_FDCWD, "hard", AT_REMOVEDIR | 0x4000000), EINVAL);
}

static void the_at_forms_start_where_told(void)
{
    int dir = open("dir", O_RDONLY), file = open("file", O_RDONLY);
    CHECK_OK(linkat(AT_FDCWD, "file", dir, "a", 0));
    CHECK_OK(renameat(dir, "a", dir, "b"));
    CHECK_OK(linkat(dir, "b", AT_FDCWD, "c", 0));
    CHECK_OK(symlinkat("b", dir, "s"));
    CHECK_EQ(readlinkat(dir, "s", text, 10), 1);
    CHECK_OK(mkdirat(dir, "d", 0755));
    CHECK_OK(mkfifoat(dir, "p", 0644));
    CHECK_OK(unlinkat(dir, "d", AT_REMOVEDIR));
    CHECK_OK(unlinkat(dir, "p", 0));
    CHECK_OK(unlinkat(dir, "s", 0));
    CHECK_OK(unlinkat(dir, "b", 0));
    CHECK_OK(unlinkat(AT_FDCWD, "c", 0));
    CHECK_FAILS(unlinkat(dir, "x", 0), ENOENT);
    CHECK_FAILS(unlinkat(file, "x", 0), ENOTDIR);
    CHECK_FAILS(unlinkat(99, "x", 0), EBADF);
    CHECK_FAILS(unlinkat(dir, "x", ~AT_REMOVEDIR), EINVAL);
    CHECK_FAILS(unlinkat(AT_FDCWD, "file", AT_REMOVEDIR), ENOTDIR);
    CHECK_FAILS(unlinkat(AT_FDCWD, "dir", 0), EISDIR);
    CHECK_FAILS(renameat(file, "x", AT_FDCWD, "y"), ENOTDIR);
    CHECK_FAILS(renameat(AT_FDCWD, "file", 99, "y"), EBADF);
    CHECK_FAILS(mkdirat(file, "x", 0755), ENOTDIR);
    CHECK_FAILS(symlinkat("x", 99, "y"), EBADF);
    CHECK_FAILS(readlinkat(file, "x", text, 10), ENOTDIR);
    close(dir);
    close(file);
}

static void names_that_cannot_be_removed(void)
{
    CHECK_FAILS(unlink("none"), ENOENT);
    CHECK_FAILS(unlink(""), ENOENT);
    CHECK_FAILS(unlink("file/x"), ENOTDIR);
    CHECK_FAILS(unlink("file/"), ENOTDIR);
    CHECK_FAILS(unlink("dir"), EISDIR);
    CHECK_FAILS(unlink("dir/"), EISDIR);
    CHECK_FAILS(unlink("."), EISDIR);
    CHECK_FAILS(unlink("loop/x"), ELOOP);
    CHECK_FAILS(unlink(long_name()), ENAMETOOLONG);
}

static void unlink_takes_the_link_not_its_target(void)
{
    CHECK_OK(symlink("file", "one"));
    CHECK_OK(unlink("one"));
    CHECK_OK(access("file", F_OK));
    CHECK_OK(symlink("dir", "one"));
    CHECK_FAILS(rmdir("one"), ENOTDIR);
    CHECK_OK(unlink("one"));
    CHECK_OK(access("dir", F_OK));
}

static void an_open_file_outlives_its_names(void)
{
    CHECK(make("ghost"));
    int fd = open("ghost", O_RDWR);
    CHECK_OK(link("ghost", "ghost2"));
    CHECK_OK(unlink("ghost"));
    CHECK_OK(unlink("ghost2"));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0);
    CHECK_EQ(pwrite(fd, "more than before", 16, 100), 16);
    CHECK_EQ(pread(fd, text, 5, 0), 5);
    CHECK(memcmp(text, "ghost", 5) == 0);
    CHECK_OK(ftruncate(fd, 3));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 3);
    CHECK_OK(fchmod(fd, 0600));
    CHECK_OK(fsync(fd));
    CHECK(make("ghost")); /* the name is free */
    CHECK_OK(unlink("ghost"));
    close(fd);
}

static void remove_takes_files_and_directories(void)
{
    CHECK(make("r"));
    CHECK_OK(remove("r"));
    CHECK_OK(mkdir("r", 0755));
    CHECK_OK(remove("r"));
    CHECK_FAILS(remove("r"), ENOENT);
    CHECK_FAILS(remove("full"), ENOTEMPTY);
}

/* --- rename ---------------------------------------------------------------------------------- */

static void rename_moves_a_file(void)
{
    CHECK(make("a"));
    ino_t ino = ino_of("a");
    CHECK_OK(rename("a", "b"));
    CHECK_EQ(ino_of("b"), ino);
    CHECK_FAILS(access("a", F_OK), ENOENT);
    CHECK_OK(rename("b", "dir/c"));
    CHECK(was("dir/c", "a"));
    CHECK_OK(rename("dir/c", HOME "/a"));
    CHECK_OK(unlink("a"));
}

static void rename_replaces_a_file(void)
{
    CHECK(make("a") && make("b"));
    int fd = open("b", O_RDONLY);
    CHECK_OK(rename("a", "b"));
    CHECK(was("b", "a"));
    CHECK_EQ(links_of("b"), 1);
    CHECK_EQ(read(fd, text, 10), 1); /* who has the old one keeps it */
    CHECK_EQ(text[0], 'b');
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0);
    close(fd);
    CHECK_OK(unlink("b"));
}

static void rename_between_names_of_one_file_does_nothing(void)
{
    CHECK(make("a"));
    CHECK_OK(rename("a", "a"));
    CHECK_OK(link("a", "b"));
    CHECK_OK(rename("a", "b"));
    CHECK_EQ(links_of("a"), 2);
    CHECK_EQ(links_of("b"), 2);
    CHECK_OK(unlink("a"));
    CHECK_OK(unlink("b"));
}

static void rename_moves_directories(void)
{
    CHECK_OK(mkdir("d1", 0755));
    CHECK(make("d1/x"));
    CHECK_OK(mkdir("d2", 0755));
    long dir_links = links_of("dir"), home_links = links_of(".");
    CHECK_OK(rename("d1", "dir/moved"));
    CHECK_EQ(links_of("dir"), dir_links + 1);
    CHECK_EQ(links_of("."), home_links - 1);
    CHECK_EQ(ino_of("dir/moved/.."), ino_of("dir"));
    CHECK(was("dir/moved/x", "d1/x"));
    CHECK_OK(rename("dir/moved", "d2")); /* over an empty one */
    CHECK(was("d2/x", "d1/x"));
    CHECK_EQ(ino_of("d2/.."), ino_of("."));
    CHECK_EQ(links_of("dir"), dir_links);
    CHECK_OK(rename("d2/", "d3"));
    CHECK_OK(rename("d3", "d2/"));
    CHECK_OK(unlink("d2/x"));
    CHECK_OK(rmdir("d2"));
}

static void renames_that_cannot_be(void)
{
    CHECK_FAILS(rename("none", "x"), ENOENT);
    CHECK_FAILS(rename("", "x"), ENOENT);
    CHECK_FAILS(rename("file", ""), ENOENT);
    CHECK_FAILS(rename("file", "none/x"), ENOENT);
    CHECK_FAILS(rename("file", "dir"), EISDIR);
    CHECK_FAILS(rename("dir", "file"), ENOTDIR);
    CHECK_FAILS(rename("dir", "full"), ENOTEMPTY);
    CHECK_FAILS(rename("full", "full/x/y"), ENOTDIR);
    CHECK_FAILS(rename("full", "full/sub"), EINVAL);
    CHECK_FAILS(rename("full", "full/../full/sub"), EINVAL);
    CHECK(rename("full/x", "full") < 0 && (errno == EISDIR || errno == ENOTEMPTY));
    CHECK_OK(mkdir("full/d", 0755));
    CHECK_FAILS(rename("full/d", "full"), ENOTEMPTY);
    CHECK_OK(rmdir("full/d"));
    CHECK_FAILS(rename("file/x", "x"), ENOTDIR);
    CHECK_FAILS(rename("file", "file/x"), ENOTDIR);
    CHECK_FAILS(rename("file/", "x"), ENOTDIR);
    CHECK_FAILS(rename("file", "x/"), ENOTDIR);
    CHECK_FAILS(rename("loop/x", "x"), ELOOP);
    CHECK_FAILS(rename("file", long_name()), ENAMETOOLONG);
    CHECK_FAILS(rename(long_name(), "x"), ENAMETOOLONG);
    CHECK(was("file", "file"));
}

static bool is_refused(int rc)
{
    return rc < 0 && (errno == EINVAL || errno == EBUSY);
}

static void dots_cannot_be_renamed(void)
{
    CHECK(is_refused(rename(".", "x")));
    CHECK(is_refused(rename("dir/.", "x")));
    CHECK(is_refused(rename("dir/..", "x")));
    CHECK(is_refused(rename("dir", "full/.")));
    CHECK(rename("dir", "dir/..") < 0);
    CHECK(is_refused(rename("/", "x")));
}

static void rename_takes_the_link_not_its_target(void)
{
    CHECK_OK(symlink("file", "s"));
    CHECK_OK(rename("s", "t"));
    CHECK_EQ(readlink("t", text, 10), 4);
    CHECK(make("a"));
    CHECK_OK(rename("a", "t"));
    CHECK_OK(lstat("t", &st));
    CHECK(S_ISREG(st.st_mode));
    CHECK(was("file", "file") && was("t", "a"));
    CHECK_OK(unlink("t"));
}

/* --- symbolic links -------------------------------------------------------------------------- */

static void a_symbolic_link_holds_any_text(void)
{
    memset(text, 't', sizeof text);
    text[SYMLINK_MAX] = 0;
    CHECK_OK(symlink(text, "long"));
    CHECK_OK(lstat("long", &st));
    CHECK(S_ISLNK(st.st_mode) && st.st_size == SYMLINK_MAX);
    char got[SYMLINK_MAX + 10];
    CHECK_EQ(readlink("long", got, sizeof got), SYMLINK_MAX);
    CHECK(memcmp(got, text, SYMLINK_MAX) == 0);
    CHECK_EQ(readlink("long", got, 5), 5); /* cut, no error, no NUL */
    CHECK_OK(unlink("long"));
    CHECK_OK(symlink("/x/../y//z/", "odd"));
    CHECK_EQ(readlink("odd", got, sizeof got), 11);
    CHECK_OK(unlink("odd"));
}

static void symbolic_links_that_cannot_be(void)
{
    CHECK_FAILS(symlink("x", "file"), EEXIST);
    CHECK_FAILS(symlink("x", "dangling"), EEXIST);
    CHECK_FAILS(symlink("x", "dir"), EEXIST);
    CHECK_FAILS(symlink("", "x"), ENOENT);
    CHECK_FAILS(symlink("x", ""), ENOENT);
    CHECK_FAILS(symlink("x", "none/y"), ENOENT);
    CHECK_FAILS(symlink("x", "file/y"), ENOTDIR);
    CHECK_FAILS(symlink("x", long_name()), ENAMETOOLONG);
    memset(text, 't', PATH_MAX + 1);
    text[PATH_MAX + 1] = 0;
    CHECK_FAILS(symlink(text, "x"), ENAMETOOLONG);
    CHECK_FAILS(readlink("file", text, 10), EINVAL);
    CHECK_FAILS(readlink("dir", text, 10), EINVAL);
    CHECK_FAILS(readlink("none", text, 10), ENOENT);
    CHECK_FAILS(readlink("file/x", text, 10), ENOTDIR);
    CHECK_FAILS(readlink("link", text, 0), EINVAL);
    CHECK_FAILS(readlink("loop/x", text, 10), ELOOP);
}

static void links_are_followed_through_many_hops(void)
{
    char from[16], to[16];
    for (int i = 0; i < 20; i++) {
        snprintf(from, sizeof from, i ? "hop%d" : "file", i - 1);
        snprintf(to, sizeof to, "hop%d", i);
        CHECK_OK(symlink(from, to));
    }
    CHECK(was("hop19", "file"));
    for (int i = 0; i < 20; i++) {
        snprintf(to, sizeof to, "hop%d", i);
        CHECK_OK(unlink(to));
    }
}

/* --- directories ----------------------------------------------------------------------------- */

static void a_directory_counts_its_children(void)
{
    mode_t before = umask(007);
    CHECK_OK(mkdir("d", 0777));
    umask(before);
    CHECK_OK(stat("d", &st));
    CHECK(S_ISDIR(st.st_mode) && (st.st_mode & 07777) == 0770);
    CHECK_EQ(links_of("d"), 2);
    CHECK_OK(mkdir("d/e", 0755));
    CHECK_OK(mkdir("d/f/", 0755));
    CHECK_EQ(links_of("d"), 4);
    CHECK_FAILS(rmdir("d"), ENOTEMPTY);
    CHECK_OK(rmdir("d/e"));
    CHECK_OK(rmdir("d/f/"));
    CHECK_EQ(links_of("d"), 2);
    CHECK_OK(rmdir("d"));
}

static void directories_that_cannot_be_made(void)
{
    CHECK_FAILS(mkdir("dir", 0755), EEXIST);
    CHECK_FAILS(mkdir("file", 0755), EEXIST);
    CHECK_FAILS(mkdir("link", 0755), EEXIST);
    CHECK_FAILS(mkdir("dangling", 0755), EEXIST);
    CHECK_FAILS(mkdir(".", 0755), EEXIST);
    CHECK_FAILS(mkdir("/", 0755), EEXIST);
    CHECK_FAILS(mkdir("", 0755), ENOENT);
    CHECK_FAILS(mkdir("none/x", 0755), ENOENT);
    CHECK_FAILS(mkdir("file/x", 0755), ENOTDIR);
    CHECK_FAILS(mkdir("loop/x", 0755), ELOOP);
    CHECK_FAILS(mkdir(long_name(), 0755), ENAMETOOLONG);
}

static void directories_that_cannot_be_removed(void)
{
    CHECK_FAILS(rmdir("none"), ENOENT);
    CHECK_FAILS(rmdir(""), ENOENT);
    CHECK_FAILS(rmdir("file"), ENOTDIR);
    CHECK_FAILS(rmdir("link"), ENOTDIR);
    CHECK_FAILS(rmdir("dirlink"), ENOTDIR);
    CHECK_FAILS(rmdir("file/x"), ENOTDIR);
    CHECK_FAILS(rmdir("full"), ENOTEMPTY);
    CHECK_FAILS(rmdir("."), EINVAL);
    CHECK_FAILS(rmdir("dir/."), EINVAL);
    CHECK_FAILS(rmdir("dir/.."), ENOTEMPTY);
    CHECK_FAILS(rmdir("/"), EBUSY);
    CHECK_FAILS(rmdir(long_name()), ENAMETOOLONG);
}

/* --- special files --------------------------------------------------------------------------- */

static void special_files_keep_type_and_number(void)
{
    CHECK_OK(mknod("node", S_IFREG | 0600, 0));
    CHECK_OK(lstat("node", &st));
    CHECK_EQ(st.st_mode, S_IFREG | 0600);
    CHECK_OK(unlink("node"));
    CHECK_OK(mknod("node", S_IFCHR | 0644, 0x103));
    CHECK_OK(lstat("node", &st));
    CHECK(S_ISCHR(st.st_mode) && st.st_rdev == 0x103);
    int fd = open("node", O_RDWR);
    CHECK_EQ(read(fd, text, 10), 0); /* it is the null device */
    close(fd);
    CHECK_OK(unlink("node"));
    CHECK_OK(mknod("node", S_IFIFO | 0600, 0));
    CHECK_OK(lstat("node", &st));
    CHECK(S_ISFIFO(st.st_mode));
    CHECK_FAILS(mknod("node", S_IFIFO | 0600, 0), EEXIST);
    CHECK_OK(unlink("node"));
    CHECK_FAILS(mknod("none/x", S_IFIFO | 0600, 0), ENOENT);
    CHECK_FAILS(mknod("file/x", S_IFIFO | 0600, 0), ENOTDIR);
    CHECK(mknod("node", S_IFDIR | 0700, 0) < 0);
    CHECK_FAILS(mkfifo("file", 0600), EEXIST);
    CHECK_FAILS(mkfifo("", 0600), ENOENT);
    CHECK_FAILS(mkfifo(long_name(), 0600), ENAMETOOLONG);
}

static void the_directory_s_time_tells_of_changes(void)
{
    struct timespec long_ago[2] = {{1000, 0}, {1000, 0}};
    CHECK_OK(utimensat(AT_FDCWD, "dir", long_ago, 0));
    CHECK(make("dir/x"));
    CHECK_OK(stat("dir", &st));
    CHECK(st.st_mtime > 1000 && st.st_ctime > 1000);
    CHECK_OK(utimensat(AT_FDCWD, "dir", long_ago, 0));
    CHECK_OK(rename("dir/x", "dir/y"));
    CHECK_OK(stat("dir", &st));
    CHECK(st.st_mtime > 1000);
    CHECK_OK(utimensat(AT_FDCWD, "dir", long_ago, 0));
    CHECK_OK(unlink("dir/y"));
    CHECK_OK(stat("dir", &st));
    CHECK(st.st_mtime > 1000);
}

static void cleanup(void)
{
    static const char *const names[] = {"file", "link", "dirlink", "dangling", "loop", "full/x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_OK(unlink(names[i]));
    CHECK_OK(rmdir("dir"));
    CHECK_OK(rmdir("full"));
    CHECK_OK(chdir("/"));
    CHECK_OK(rmdir(HOME));
}

TAP_MAIN(setup, a_link_is_one_more_name, links_that_cannot_be_made,
         link_names_a_symbolic_link_or_follows_it, the_at_forms_start_where_told,
         names_that_cannot_be_removed, unlink_takes_the_link_not_its_target,
         an_open_file_outlives_its_names, remove_takes_files_and_directories, rename_moves_a_file,
         rename_replaces_a_file, rename_between_names_of_one_file_does_nothing,
         rename_moves_directories, renames_that_cannot_be, dots_cannot_be_renamed,
         rename_takes_the_link_not_its_target, a_symbolic_link_holds_any_text,
         symbolic_links_that_cannot_be, links_are_followed_through_many_hops,
         a_directory_counts_its_children, directories_that_cannot_be_made,
         directories_that_cannot_be_removed, special_files_keep_type_and_number,
         the_directory_s_time_tells_of_changes, cleanup)
