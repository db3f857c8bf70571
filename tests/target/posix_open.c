/* open, creat, openat and close as POSIX has them: flags, modes, each error. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOME "/tmp/posix_open"
#define LONGEST 4096

static char text[LONGEST + 8], got[64];

static void setup(void)
{
    umask(022);
    CHECK_OK(mkdir(HOME, 0755));
    CHECK_OK(chdir(HOME));
    int fd = creat("file", 0644);
    CHECK_EQ(write(fd, "contents", 8), 8);
    CHECK_OK(close(fd));
    CHECK_OK(mkdir("dir", 0755));
    CHECK_OK(symlink("file", "link"));
    CHECK_OK(symlink("dir", "dirlink"));
    CHECK_OK(symlink("nowhere", "dangling"));
    CHECK_OK(symlink("loop2", "loop1"));
    CHECK_OK(symlink("loop1", "loop2"));
}

static void the_lowest_descriptor_is_taken(void)
{
    int a = open("file", O_RDONLY), b = open("file", O_RDONLY), c = open("file", O_RDONLY);
    CHECK(a >= 0 && b == a + 1 && c == b + 1);
    CHECK_OK(close(a));
    CHECK_OK(close(b));
    CHECK_EQ(open("file", O_RDONLY), a);
    CHECK_OK(close(a));
    CHECK_OK(close(c));
    CHECK_FAILS(close(c), EBADF);
    CHECK_FAILS(close(-1), EBADF);
    CHECK_FAILS(close(100000), EBADF);
}

static void access_modes_are_kept(void)
{
    int r = open("file", O_RDONLY), w = open("file", O_WRONLY), b = open("file", O_RDWR);
    CHECK_EQ(fcntl(r, F_GETFL) & O_ACCMODE, O_RDONLY);
    CHECK_EQ(fcntl(w, F_GETFL) & O_ACCMODE, O_WRONLY);
    CHECK_EQ(fcntl(b, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK_FAILS(write(r, "x", 1), EBADF);
    CHECK_FAILS(read(w, got, 1), EBADF);
    CHECK_FAILS(pwrite(r, "x", 1, 0), EBADF);
    CHECK_FAILS(pread(w, got, 1, 0), EBADF);
    CHECK_EQ(read(b, got, 8), 8);
    CHECK_EQ(lseek(r, 0, SEEK_CUR), 0);
    close(r);
    close(w);
    close(b);
}

static void a_new_file_has_mode_and_umask(void)
{
    struct stat st;
    mode_t before = umask(027);
    int fd = open("made", O_RDWR | O_CREAT | O_EXCL, 0666);
    CHECK_OK(fd);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_mode, S_IFREG | 0640);
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(st.st_nlink, 1);
    CHECK_EQ(st.st_uid, geteuid());
    close(fd);
    CHECK_OK(unlink("made"));
    CHECK_EQ(umask(before), 027);
    fd = open("made", O_WRONLY | O_CREAT, 0444); /* the mode is for those who come later */
    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
    CHECK_OK(stat("made", &st));
    CHECK_EQ(st.st_mode & 07777, 0444);
    CHECK_OK(unlink("made"));
}

static void O_CREAT_leaves_what_is_there(void)
{
    struct stat st;
    int fd = open("file", O_RDWR | O_CREAT, 0600);
    CHECK_EQ(read(fd, got, 20), 8);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_mode & 07777, 0644);
    close(fd);
}

static void O_EXCL_wants_a_new_name(void)
{
    CHECK_FAILS(open("file", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(open("dir", O_RDONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(open("link", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(open("dangling", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(open("/dev/null", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_FAILS(access("nowhere", F_OK), ENOENT);
}

static void O_CREAT_follows_a_dangling_link(void)
{
    struct stat st;
    int fd = open("dangling", O_WRONLY | O_CREAT, 0600);
    CHECK_OK(fd);
    close(fd);
    CHECK_OK(lstat("nowhere", &st));
    CHECK(S_ISREG(st.st_mode));
    CHECK_OK(lstat("dangling", &st));
    CHECK(S_ISLNK(st.st_mode));
    CHECK_OK(unlink("nowhere"));
}

static void O_TRUNC_empties_the_file(void)
{
    struct stat st;
    int fd = creat("cut", 0600), reader;
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    reader = open("cut", O_RDONLY);
    CHECK_EQ(read(reader, got, 5), 5);
    int cutter = open("cut", O_WRONLY | O_TRUNC);
    CHECK_OK(cutter);
    CHECK_OK(stat("cut", &st));
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(read(reader, got, 5), 0);
    CHECK_EQ(write(fd, "ab", 2), 2); /* at the old offset: a hole before it */
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 12);
    CHECK_EQ(pread(reader, got, 20, 0), 12);
    CHECK(got[0] == 0 && got[9] == 0 && got[10] == 'a');
    CHECK_FAILS(open("cut", O_RDWR | O_TRUNC | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_OK(stat("cut", &st));
    CHECK_EQ(st.st_size, 12);
    close(fd);
    close(reader);
    close(cutter);
    CHECK_OK(unlink("cut"));
}

static void directories_are_for_reading(void)
{
    CHECK_FAILS(open("dir", O_WRONLY), EISDIR);
    CHECK_FAILS(open("dir", O_RDWR), EISDIR);
    CHECK_FAILS(open("dir", O_WRONLY | O_TRUNC), EISDIR);
    CHECK_FAILS(open("dir", O_RDONLY | O_CREAT, 0600), EISDIR);
    CHECK_FAILS(open("dirlink", O_RDWR), EISDIR);
    CHECK_FAILS(open("new/", O_WRONLY | O_CREAT, 0600), EISDIR);
    CHECK_FAILS(open(".", O_RDWR), EISDIR);
    int fd = open("dir", O_RDONLY);
    CHECK_OK(fd);
    CHECK_FAILS(read(fd, got, 1), EISDIR);
    CHECK_FAILS(pread(fd, got, 1, 0), EISDIR);
    CHECK_FAILS(write(fd, got, 1), EBADF);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_FAILS(ftruncate(fd, 0), EINVAL);
    CHECK_OK(fsync(fd));
    close(fd);
}

static void O_DIRECTORY_wants_a_directory(void)
{
    CHECK_FAILS(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_FAILS(open("link", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_FAILS(open("/dev/null", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_FAILS(open("none", O_RDONLY | O_DIRECTORY), ENOENT);
    int fd = open("dirlink", O_RDONLY | O_DIRECTORY);
    CHECK_OK(fd);
    close(fd);
}

static void O_NOFOLLOW_stops_at_a_last_link(void)
{
    CHECK_FAILS(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK_FAILS(open("dangling", O_WRONLY | O_CREAT | O_NOFOLLOW, 0600), ELOOP);
    int fd = open("file", O_RDONLY | O_NOFOLLOW);
    CHECK_OK(fd);
    close(fd);
    fd = open("dirlink/../file", O_RDONLY | O_NOFOLLOW);
    CHECK_OK(fd);
    close(fd);
}

static void links_can_go_in_circles(void)
{
    CHECK_FAILS(open("loop1", O_RDONLY), ELOOP);
    CHECK_FAILS(open("loop1", O_RDWR | O_CREAT, 0600), ELOOP);
    CHECK_FAILS(open("loop1/x", O_RDONLY), ELOOP);
    CHECK_FAILS(open("loop1/", O_RDONLY), ELOOP);
}

static void names_that_are_not_there(void)
{
    CHECK_FAILS(open("none", O_RDONLY), ENOENT);
    CHECK_FAILS(open("none", O_RDWR | O_TRUNC), ENOENT);
    CHECK_FAILS(open("", O_RDONLY), ENOENT);
    CHECK_FAILS(open("", O_RDWR | O_CREAT, 0600), ENOENT);
    CHECK_FAILS(open("none/x", O_RDWR | O_CREAT, 0600), ENOENT);
    CHECK_FAILS(open("dangling", O_RDONLY), ENOENT);
    CHECK_FAILS(open("dangling/x", O_RDWR | O_CREAT, 0600), ENOENT);
    CHECK_FAILS(open("none/", O_RDONLY), ENOENT);
    CHECK_FAILS(open("none/..", O_RDONLY), ENOENT);
}

static void a_file_has_no_names_in_it(void)
{
    CHECK_FAILS(open("file/x", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("file/x", O_RDWR | O_CREAT, 0600), ENOTDIR);
    CHECK_FAILS(open("file/", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("link/", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("file/.", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("file/..", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("/dev/null/x", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("/dev/null/", O_RDONLY), ENOTDIR);
}

static void names_have_a_longest(void)
{
    memset(text, 'n', sizeof text);
    text[NAME_MAX + 1] = 0;
    CHECK_FAILS(open(text, O_RDONLY), ENAMETOOLONG);
    CHECK_FAILS(open(text, O_RDWR | O_CREAT, 0600), ENAMETOOLONG);
    text[NAME_MAX] = 0;
    CHECK_FAILS(open(text, O_RDONLY), ENOENT);
    int fd = open(text, O_RDWR | O_CREAT, 0600);
    CHECK_OK(fd);
    close(fd);
    CHECK_OK(unlink(text));
    for (int i = 0; i < PATH_MAX; i++)
        text[i] = i % 2 ? '/' : '.';
    text[PATH_MAX] = 0;
    CHECK_FAILS(open(text, O_RDONLY), ENAMETOOLONG);
    text[PATH_MAX - 1] = 0;
    fd = open(text, O_RDONLY);
    CHECK_OK(fd);
    close(fd);
}

static void dots_and_slashes_lead_about(void)
{
    static const char *const same[] = {"./file", ".//file", "dir/../file", "dirlink/../file",
                                       "././dir/./.././file", HOME "/file", "//tmp//posix_open/file"};
    struct stat st, other;
    CHECK_OK(stat("file", &st));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        CHECK_OK(stat(same[i], &other));
        CHECK_EQ(other.st_ino, st.st_ino);
    }
    CHECK_OK(stat("/", &st));
    CHECK_OK(stat("/../../..", &other));
    CHECK_EQ(other.st_ino, st.st_ino);
    CHECK_OK(stat("///", &other));
    CHECK_EQ(other.st_ino, st.st_ino);
    int fd = open("dir/", O_RDONLY);
    CHECK_OK(fd);
    close(fd);
}

static void openat_starts_at_a_directory(void)
{
    int dir = open("dir", O_RDONLY), file = open("file", O_RDONLY);
    int fd = openat(dir, "inside", O_RDWR | O_CREAT, 0600);
    CHECK_OK(fd);
    close(fd);
    CHECK_OK(access("dir/inside", F_OK));
    fd = openat(dir, "../file", O_RDONLY);
    CHECK_OK(fd);
    close(fd);
    fd = openat(dir, HOME "/file", O_RDONLY);
    CHECK_OK(fd);
    close(fd);
    fd = openat(-1, HOME "/file", O_RDONLY); /* an absolute path needs no directory */
    CHECK_OK(fd);
    close(fd);
    fd = openat(AT_FDCWD, "file", O_RDONLY);
    CHECK_OK(fd);
    close(fd);
    CHECK_FAILS(openat(file, "x", O_RDONLY), ENOTDIR);
    CHECK_FAILS(openat(-1, "file", O_RDONLY), EBADF);
    CHECK_FAILS(openat(99, "file", O_RDONLY), EBADF);
    CHECK_FAILS(openat(dir, "", O_RDONLY), ENOENT);
    CHECK_FAILS(openat(dir, "none", O_RDONLY), ENOENT);
    close(dir);
    close(file);
    CHECK_OK(unlink("dir/inside"));
}

static void creat_makes_and_cuts(void)
{
    struct stat st;
    int fd = creat("new", 0640);
    CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_WRONLY);
    CHECK_EQ(write(fd, "12345", 5), 5);
    close(fd);
    fd = creat("new", 0600);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(st.st_mode & 0777, 0640);
    close(fd);
    CHECK_FAILS(creat("dir", 0600), EISDIR);
    CHECK_FAILS(creat("none/x", 0600), ENOENT);
    CHECK_FAILS(creat("file/x", 0600), ENOTDIR);
    CHECK_OK(unlink("new"));
}

static void O_CLOEXEC_and_nothing_else_sets_FD_CLOEXEC(void)
{
    int fd = open("file", O_RDONLY), marked = open("file", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_EQ(fcntl(marked, F_GETFD), FD_CLOEXEC);
    close(fd);
    close(marked);
}

static void there_is_a_last_descriptor(void)
{
    long max = sysconf(_SC_OPEN_MAX);
    int fd, n = 0, last = -1;
    CHECK(max >= 256);
    while ((fd = open("file", O_RDONLY)) >= 0 && n++ < 5000)
        last = fd;
    CHECK_EQ(errno, EMFILE);
    CHECK_EQ(last, max - 1);
    CHECK_FAILS(dup(0), EMFILE);
    CHECK_FAILS(pipe((int[2]){0, 0}), EMFILE);
    CHECK_FAILS(fcntl(0, F_DUPFD, 3), EMFILE);
    CHECK_FAILS(open("another", O_RDWR | O_CREAT, 0600), EMFILE);
    CHECK_FAILS(access("another", F_OK), ENOENT);
    for (fd = last - n + 1; fd <= last; fd++)
        CHECK_OK(close(fd));
}

static void removed_directories_take_no_names(void)
{
    CHECK_OK(mkdir("gone", 0755));
    int dir = open("gone", O_RDONLY);
    CHECK_OK(rmdir("gone"));
    CHECK_FAILS(openat(dir, "x", O_RDWR | O_CREAT, 0600), ENOENT);
    CHECK_FAILS(openat(dir, "x", O_RDONLY), ENOENT);
    close(dir);
}

static void cleanup(void)
{
    static const char *const names[] = {"file", "link", "dirlink", "dangling", "loop1", "loop2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_OK(unlink(names[i]));
    CHECK_OK(rmdir("dir"));
    CHECK_OK(chdir("/"));
    CHECK_OK(rmdir(HOME));
}

TAP_MAIN(setup, the_lowest_descriptor_is_taken, access_modes_are_kept, a_new_file_has_mode_and_umask,
         O_CREAT_leaves_what_is_there, O_EXCL_wants_a_new_name, O_CREAT_follows_a_dangling_link,
         O_TRUNC_empties_the_file, directories_are_for_reading, O_DIRECTORY_wants_a_directory,
         O_NOFOLLOW_stops_at_a_last_link, links_can_go_in_circles, names_that_are_not_there,
         a_file_has_no_names_in_it, names_have_a_longest, dots_and_slashes_lead_about,
         openat_starts_at_a_directory, creat_makes_and_cuts,
         O_CLOEXEC_and_nothing_else_sets_FD_CLOEXEC, there_is_a_last_descriptor,
         removed_directories_take_no_names, cleanup)
