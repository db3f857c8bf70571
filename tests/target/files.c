/* The file system through POSIX: names, sizes of every kind, directories of any size, links, times,
 * locks. Runs on 4 KiB and on 1 KiB blocks. */
#include <tests/target/tap/tap.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOME "/tmp/files"
#define NAMES 600
#define YEAR_2024 1704067200

static char path[256];

static const char *name_of(int i)
{
    snprintf(path, sizeof path, HOME "/a-name-that-fills-the-directory-%d", i);
    return path;
}

static bool make_file(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && good;
}

static bool has_text(const char *name, const char *text)
{
    char got[64] = "";
    int fd = open(name, O_RDONLY);
    ssize_t bytes = read(fd, got, sizeof got - 1);
    close(fd);
    return bytes == (ssize_t)strlen(text) && strcmp(got, text) == 0;
}

static void setup(void)
{
    CHECK_OK(mkdir(HOME, 0755));
    CHECK_FAILS(mkdir(HOME, 0755), EEXIST);
    CHECK_OK(chdir(HOME));
    CHECK(getcwd(path, sizeof path) && strcmp(path, HOME) == 0);
}

static void files_are_made_found_and_removed(void)
{
    CHECK(make_file("one", "first"));
    CHECK(has_text(HOME "/one", "first"));
    CHECK_FAILS(open("one", O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_OK(unlink("one"));
    CHECK_FAILS(open("one", O_RDONLY), ENOENT);
    CHECK_FAILS(unlink("one"), ENOENT);
}

static void an_unlinked_file_lives_while_it_is_open(void)
{
    CHECK(make_file("ghost", "boo"));
    int fd = open("ghost", O_RDWR);
    CHECK_OK(unlink("ghost"));
    char got[4] = "";
    CHECK_EQ(read(fd, got, 3), 3);
    CHECK(strcmp(got, "boo") == 0);
    CHECK_OK(close(fd));
}

static void links_and_renames(void)
{
    struct stat st;
    CHECK(make_file("a", "A") && make_file("b", "B"));
    CHECK_OK(link("a", "c"));
    CHECK_OK(stat("a", &st));
    CHECK_EQ(st.st_nlink, 2);
    CHECK_OK(rename("a", "b"));
    CHECK(has_text("b", "A") && has_text("c", "A"));
    CHECK_FAILS(stat("a", &st), ENOENT);
    CHECK_OK(rename("b", "c"));
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(mkdir("d/e", 0755));
    CHECK_FAILS(rename("d", "d/e/f"), EINVAL);
    CHECK_FAILS(rename("c", "d"), EISDIR);
    CHECK_FAILS(rename("d", "c"), ENOTDIR);
    CHECK_OK(rename("d/e", "moved"));
    CHECK_OK(stat("moved/..", &st));
    CHECK_FAILS(rmdir("c"), ENOTDIR);
    CHECK_FAILS(unlink("d"), EISDIR);
    CHECK_OK(rmdir("d"));
    CHECK_OK(rmdir("moved"));
    CHECK_OK(unlink("c"));
    unlink("b");
}

static void symbolic_links(void)
{
    char got[64] = "";
    struct stat st;
    CHECK(make_file("real", "text"));
    CHECK_OK(symlink("real", "soft"));
    CHECK_OK(symlink(HOME, "around"));
    CHECK_OK(symlink("loop", "loop"));
    CHECK_EQ(readlink("soft", got, sizeof got), 4);
    CHECK(strcmp(got, "real") == 0);
    CHECK(has_text("soft", "text"));
    CHECK(has_text("around/around/soft", "text"));
    CHECK_OK(lstat("soft", &st));
    CHECK(S_ISLNK(st.st_mode));
    CHECK_FAILS(open("loop", O_RDONLY), ELOOP);
    CHECK_OK(unlink("soft"));
    CHECK_OK(unlink("around"));
    CHECK_OK(unlink("loop"));
    CHECK(has_text("real", "text"));
    CHECK_OK(unlink("real"));
}

/* Entries of a directory but . and .. => -1 if it cannot be read. */
static int count_entries(const char *name)
{
    int count = 0;
    DIR *folder = opendir(name);
    if (!folder)
        return -1;
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

static void a_directory_holds_many_names(void)
{
    for (int i = 0; i < NAMES; i++)
        CHECK(make_file(name_of(i), ""));
    CHECK_EQ(count_entries(HOME), NAMES);
    CHECK_FAILS(rmdir(HOME), ENOTEMPTY);
    for (int i = 0; i < NAMES; i += 2)
        CHECK_OK(unlink(name_of(i)));
    CHECK_EQ(count_entries(HOME), NAMES / 2);
    struct stat st;
    for (int i = 0; i < NAMES; i++)
        CHECK_EQ(stat(name_of(i), &st) == 0, i % 2);
    for (int i = 1; i < NAMES; i += 2)
        CHECK_OK(unlink(name_of(i)));
    CHECK_EQ(count_entries(HOME), 0);
}

static void names_have_limits(void)
{
    char longest[300];
    memset(longest, 'n', sizeof longest);
    longest[255] = 0;
    CHECK(make_file(longest, "long"));
    CHECK(has_text(longest, "long"));
    CHECK_OK(unlink(longest));
    longest[255] = 'n';
    longest[256] = 0;
    CHECK_FAILS(open(longest, O_WRONLY | O_CREAT, 0644), ENAMETOOLONG);
    CHECK(make_file("plain", ""));
    CHECK_FAILS(open("plain/x", O_RDONLY), ENOTDIR);
    CHECK_FAILS(open("", O_RDONLY), ENOENT);
    CHECK_OK(unlink("plain"));
}

/* One byte behind each kind of block pointer: direct, single, double, triple indirect. */
static void sparse_files_reach_every_kind_of_block(void)
{
    static const off_t at[] = {5000, 100000, 3000000, 2254857830, 4402341478};
    struct stat st;
    int fd = open("sparse", O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK_OK(fd);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        char word = (char)('A' + i);
        CHECK_EQ(pwrite(fd, &word, 1, at[i]), 1);
    }
    CHECK_OK(fsync(fd));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, at[4] + 1);
    CHECK(st.st_blocks < 400);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        char word[2];
        CHECK_EQ(pread(fd, word, 2, at[i] - 1), 2);
        CHECK(word[0] == 0 && word[1] == (char)('A' + i));
    }
    CHECK_EQ(lseek(fd, 0, SEEK_END), at[4] + 1);
    CHECK_OK(ftruncate(fd, 100001));
    CHECK_OK(fsync(fd));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 100001);
    CHECK(st.st_blocks < 100);
    CHECK_OK(close(fd));
    CHECK_OK(unlink("sparse"));
}

static void appends_go_to_the_end(void)
{
    CHECK(make_file("log", "one "));
    int fd = open("log", O_WRONLY | O_APPEND), other = open("log", O_WRONLY | O_APPEND);
    CHECK_EQ(write(fd, "two ", 4), 4);
    CHECK_EQ(write(other, "three ", 6), 6);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(write(fd, "four", 4), 4);
    close(fd);
    close(other);
    CHECK(has_text("log", "one two three four"));
    CHECK_OK(unlink("log"));
}

static void duplicates_and_children_share_an_offset(void)
{
    char got[3] = "";
    CHECK(make_file("off", "abcdef"));
    int fd = open("off", O_RDONLY), twin = dup(fd), status;
    CHECK_EQ(read(fd, got, 2), 2);
    CHECK_EQ(read(twin, got, 2), 2);
    CHECK(strcmp(got, "cd") == 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(read(fd, got, 2) != 2);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK_EQ(read(twin, got, 2), 0);
    close(fd);
    close(twin);
    CHECK_OK(unlink("off"));
}

static void times_come_from_the_clock(void)
{
    struct stat before, after;
    CHECK(make_file("clock", "1"));
    CHECK_OK(stat("clock", &before));
    CHECK(before.st_mtime > YEAR_2024);
    CHECK(before.st_mtime <= time(NULL) && before.st_mtime > time(NULL) - 10);
    sleep(1);
    int fd = open("clock", O_WRONLY | O_APPEND);
    CHECK_EQ(write(fd, "2", 1), 1);
    CHECK_OK(fstat(fd, &after));
    close(fd);
    CHECK(after.st_mtime > before.st_mtime);
    CHECK_EQ(after.st_size, 2);
    CHECK_OK(unlink("clock"));
}

static int lock(int fd, int command, short type, off_t start, off_t len)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len};
    return fcntl(fd, command, &range);
}

static void locks_keep_others_out(void)
{
    CHECK(make_file("locked", "0123456789"));
    int fd = open("locked", O_RDWR), status;
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 2, 4));
    pid_t pid = fork();
    if (pid == 0) {
        int mine = open("locked", O_RDWR);
        int wrong = lock(mine, F_SETLK, F_WRLCK, 4, 4) == 0 || errno != EAGAIN;
        wrong |= lock(mine, F_SETLK, F_WRLCK, 6, 4) != 0;
        wrong |= lock(mine, F_SETLK, F_RDLCK, 5, 1) == 0;
        _exit(wrong);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK_OK(lock(fd, F_SETLK, F_WRLCK, 6, 4));
    close(fd);
    CHECK_OK(unlink("locked"));
}

static void cleanup(void)
{
    CHECK_EQ(count_entries(HOME), 0);
    CHECK_OK(chdir("/"));
    CHECK_OK(rmdir(HOME));
    CHECK_FAILS(chdir(HOME), ENOENT);
    sync();
}

TAP_MAIN(setup, files_are_made_found_and_removed, an_unlinked_file_lives_while_it_is_open,
         links_and_renames, symbolic_links, a_directory_holds_many_names, names_have_limits,
         sparse_files_reach_every_kind_of_block, appends_go_to_the_end,
         duplicates_and_children_share_an_offset, times_come_from_the_clock, locks_keep_others_out,
         cleanup)
