/* Directories as POSIX has them: streams while names come and go, positions, the working directory,
 * walks over trees, real paths, temporary files. */
#include <tests/target/tap/tap.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOME "/tmp/posix_dir"
#define NAMES 300

static char text[8192];
static struct stat st;

static bool make(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    return fd >= 0 && close(fd) == 0;
}

static const char *numbered(int i)
{
    snprintf(text, sizeof text, "many/entry-number-%d", i);
    return text;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void setup(void)
{
    umask(022);
    CHECK_OK(mkdir(HOME, 0755));
    CHECK_OK(chdir(HOME));
    CHECK_OK(mkdir("many", 0755));
    for (int i = 0; i < NAMES; i++)
        CHECK(make(numbered(i)));
    CHECK_OK(mkdir("tree", 0755));
    CHECK_OK(mkdir("tree/a", 0755));
    CHECK_OK(mkdir("tree/a/b", 0755));
    CHECK(make("tree/f1") && make("tree/a/f2") && make("tree/a/b/f3"));
    CHECK_OK(symlink("../f1", "tree/a/link"));
    CHECK_OK(symlink("nowhere", "tree/a/dangling"));
    CHECK_OK(symlink("a", "tree/dirlink"));
    CHECK_OK(symlink("loop", "loop"));
}

/* --- streams --------------------------------------------------------------------------------- */

static void every_entry_is_seen_once(void)
{
    bool seen[NAMES] = {false};
    int dots = 0, i;
    DIR *dir = opendir("many");
    CHECK(dir);
    errno = 0;
    for (struct dirent *d; (d = readdir(dir));) {
        dots += is_dots(d->d_name);
        if (sscanf(d->d_name, "entry-number-%d", &i) == 1) {
            CHECK(!seen[i]);
            seen[i] = true;
            CHECK_OK(lstat(numbered(i), &st));
            CHECK_EQ(d->d_ino, st.st_ino);
            CHECK(d->d_type == DT_REG || d->d_type == DT_UNKNOWN);
        }
    }
    CHECK_EQ(errno, 0);
    CHECK_EQ(dots, 2);
    for (i = 0; i < NAMES; i++)
        CHECK(seen[i]);
    CHECK(readdir(dir) == NULL);
    CHECK_OK(closedir(dir));
}

static void streams_that_cannot_be_opened(void)
{
    CHECK(opendir("none") == NULL && errno == ENOENT);
    CHECK(opendir("") == NULL && errno == ENOENT);
    CHECK(opendir("tree/f1") == NULL && errno == ENOTDIR);
    CHECK(opendir("tree/f1/x") == NULL && errno == ENOTDIR);
    CHECK(opendir("loop") == NULL && errno == ELOOP);
    CHECK(fdopendir(99) == NULL && errno == EBADF);
    int fd = open("tree/f1", O_RDONLY);
    CHECK(fdopendir(fd) == NULL && errno == ENOTDIR);
    CHECK_OK(close(fd)); /* it stayed ours */
}

static void a_stream_has_a_descriptor(void)
{
    DIR *dir = opendir("tree");
    CHECK(dirfd(dir) >= 0);
    CHECK(fcntl(dirfd(dir), F_GETFD) & FD_CLOEXEC);
    CHECK_OK(fstat(dirfd(dir), &st));
    CHECK(S_ISDIR(st.st_mode));
    int fd = openat(dirfd(dir), "f1", O_RDONLY);
    CHECK_OK(fd);
    close(fd);
    fd = dirfd(dir);
    CHECK_OK(closedir(dir));
    CHECK_FAILS(close(fd), EBADF);
    fd = open("tree", O_RDONLY | O_DIRECTORY);
    dir = fdopendir(fd);
    CHECK(dir && dirfd(dir) == fd && readdir(dir));
    CHECK_OK(closedir(dir));
    CHECK_FAILS(close(fd), EBADF);
}

static void positions_lead_back(void)
{
    static long at[NAMES + 2];
    static char names[NAMES + 2][40];
    int n = 0;
    DIR *dir = opendir("many");
    at[0] = telldir(dir);
    for (struct dirent *d; n < NAMES + 2 && (d = readdir(dir)); n++) {
        strcpy(names[n], d->d_name);
        if (n + 1 < NAMES + 2)
            at[n + 1] = telldir(dir);
    }
    CHECK_EQ(n, NAMES + 2);
    for (int i = n - 1; i >= 0; i -= 7) {
        seekdir(dir, at[i]);
        CHECK_EQ(telldir(dir), at[i]);
        struct dirent *d = readdir(dir);
        CHECK(d && strcmp(d->d_name, names[i]) == 0);
    }
    rewinddir(dir);
    CHECK(strcmp(readdir(dir)->d_name, names[0]) == 0);
    closedir(dir);
}

static void positions_stay_good_while_names_go(void)
{
    int seen = 0;
    DIR *dir = opendir("many");
    for (int i = 0; i < 100; i++)
        CHECK(readdir(dir));
    long at = telldir(dir);
    char next[40];
    strcpy(next, readdir(dir)->d_name);
    for (int i = 0; i < NAMES; i++)
        if (strcmp(numbered(i) + 5, next) != 0 && i % 3 == 0)
            unlink(numbered(i));
    seekdir(dir, at);
    CHECK(strcmp(readdir(dir)->d_name, next) == 0);
    while (readdir(dir))
        seen++;
    CHECK(seen > 0 && seen <= NAMES - 99);
    rewinddir(dir); /* sees the directory as it is now */
    seen = 0;
    for (struct dirent *d; (d = readdir(dir));)
        seen += !is_dots(d->d_name);
    int there = 0;
    for (int i = 0; i < NAMES; i++)
        there += access(numbered(i), F_OK) == 0;
    CHECK_EQ(seen, there);
    closedir(dir);
}

static void entries_can_be_removed_while_they_are_read(void)
{
    DIR *dir = opendir("many");
    for (struct dirent *d; (d = readdir(dir));)
        if (!is_dots(d->d_name))
            CHECK_OK(unlinkat(dirfd(dir), d->d_name, 0));
    closedir(dir);
    CHECK_OK(rmdir("many"));
}

static void a_removed_directory_is_empty(void)
{
    CHECK_OK(mkdir("gone", 0755));
    DIR *dir = opendir("gone");
    CHECK_OK(rmdir("gone"));
    rewinddir(dir);
    int names = 0;
    errno = 0;
    for (struct dirent *d; (d = readdir(dir));)
        names += !is_dots(d->d_name);
    CHECK_EQ(names, 0);
    CHECK_OK(fstat(dirfd(dir), &st));
    CHECK_EQ(st.st_nlink, 0);
    closedir(dir);
}

static void types_are_told_with_names(void)
{
    DIR *dir = opendir("tree/a");
    for (struct dirent *d; (d = readdir(dir));) {
        CHECK_OK(fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW));
        CHECK(d->d_type == DT_UNKNOWN || d->d_type == (st.st_mode & S_IFMT) >> 12);
    }
    closedir(dir);
}

static int no_links(const struct dirent *d)
{
    errno = EDOM; /* which means nothing */
    return d->d_type != DT_LNK && !is_dots(d->d_name);
}

static void scandir_selects_and_sorts(void)
{
    struct dirent **list;
    CHECK_EQ(scandir("tree/a", &list, no_links, alphasort), 2);
    CHECK(strcmp(list[0]->d_name, "b") == 0 && strcmp(list[1]->d_name, "f2") == 0);
    free(list[0]);
    free(list[1]);
    free(list);
    CHECK_EQ(scandir("tree", &list, NULL, alphasort), 5);
    for (int i = 0; i < 5; i++)
        free(list[i]);
    free(list);
    CHECK_FAILS(scandir("none", &list, NULL, NULL), ENOENT);
    CHECK_FAILS(scandir("tree/f1", &list, NULL, NULL), ENOTDIR);
}

/* --- the working directory ------------------------------------------------------------------- */

static void chdir_and_getcwd_agree(void)
{
    CHECK_OK(chdir("tree/dirlink/b"));
    CHECK(getcwd(text, sizeof text) && strcmp(text, HOME "/tree/a/b") == 0);
    CHECK_OK(chdir("../.."));
    CHECK(getcwd(text, sizeof text) && strcmp(text, HOME "/tree") == 0);
    char *own = getcwd(NULL, 0);
    CHECK(own && strcmp(own, text) == 0);
    free(own);
    CHECK(getcwd(text, strlen(HOME "/tree")) == NULL && errno == ERANGE);
    CHECK(getcwd(text, strlen(HOME "/tree") + 1) != NULL);
    CHECK(getcwd(text, 0) == NULL && errno == EINVAL);
    int fd = open("a", O_RDONLY);
    CHECK_OK(fchdir(fd));
    CHECK_OK(access("f2", F_OK));
    close(fd);
    CHECK_OK(chdir(HOME));
    fd = open("tree/f1", O_RDONLY);
    CHECK_FAILS(fchdir(fd), ENOTDIR);
    close(fd);
    CHECK_FAILS(fchdir(99), EBADF);
    CHECK_FAILS(chdir("none"), ENOENT);
    CHECK_FAILS(chdir(""), ENOENT);
    CHECK_FAILS(chdir("tree/f1"), ENOTDIR);
    CHECK_FAILS(chdir("loop"), ELOOP);
    memset(text, 'n', NAME_MAX + 1);
    text[NAME_MAX + 1] = 0;
    CHECK_FAILS(chdir(text), ENAMETOOLONG);
    CHECK_OK(chdir("/"));
    CHECK(getcwd(text, sizeof text) && strcmp(text, "/") == 0);
    CHECK_OK(chdir(HOME));
}

static void a_child_has_its_own(void)
{
    int status;
    if (fork() == 0)
        _exit(chdir("tree") != 0);
    CHECK(wait(&status) > 0 && status == 0);
    CHECK(getcwd(text, sizeof text) && strcmp(text, HOME) == 0);
}

static void a_removed_working_directory_has_no_path(void)
{
    CHECK_OK(mkdir("gone", 0755));
    CHECK_OK(chdir("gone"));
    CHECK_OK(rmdir(HOME "/gone"));
    CHECK(getcwd(text, sizeof text) == NULL && errno == ENOENT);
    CHECK_FAILS(open("x", O_WRONLY | O_CREAT, 0644), ENOENT);
    CHECK_FAILS(mkdir("x", 0755), ENOENT);
    CHECK_OK(stat(".", &st));
    CHECK_OK(chdir(HOME));
}

static void paths_can_be_deeper_than_one_call_takes(void)
{
    int depth = 0;
    for (; depth < 30; depth++) {
        memset(text, 'd', 60);
        text[60] = 0;
        CHECK_OK(mkdir(text, 0755));
        CHECK_OK(chdir(text));
    }
    CHECK(getcwd(text, sizeof text));
    CHECK_EQ(strlen(text), strlen(HOME) + 30 * 61);
    CHECK(getcwd(text, 100) == NULL && errno == ERANGE);
    while (depth-- > 0) {
        CHECK_OK(chdir(".."));
        memset(text, 'd', 60);
        text[60] = 0;
        CHECK_OK(rmdir(text));
    }
}

/* --- real paths ------------------------------------------------------------------------------ */

static bool is_real(const char *path, const char *real)
{
    return realpath(path, text) == text && strcmp(text, real) == 0;
}

static bool has_none(const char *path, int code)
{
    return realpath(path, text) == NULL && errno == code;
}

static void realpath_has_no_links_and_no_dots(void)
{
    CHECK(is_real("tree/a/link", HOME "/tree/f1"));
    CHECK(is_real("tree/dirlink/b/../f2", HOME "/tree/a/f2"));
    CHECK(is_real(".", HOME));
    CHECK(is_real("./tree//a/./b/", HOME "/tree/a/b"));
    CHECK(is_real("/", "/"));
    CHECK(is_real("/..", "/"));
    char *own = realpath("tree", NULL);
    CHECK(own && strcmp(own, HOME "/tree") == 0);
    free(own);
    CHECK(has_none("", ENOENT) && has_none("none", ENOENT) && has_none("none/..", ENOENT));
    CHECK(has_none("tree/a/dangling", ENOENT) && has_none("tree/f1/x", ENOTDIR));
    CHECK(has_none("tree/f1/", ENOTDIR) && has_none("tree/f1/..", ENOTDIR));
    CHECK(has_none("loop", ELOOP) && realpath(NULL, text) == NULL && errno == EINVAL);
    memset(text, 'n', NAME_MAX + 1);
    text[NAME_MAX + 1] = 0;
    char *longest = strdup(text);
    CHECK(has_none(longest, ENAMETOOLONG));
    free(longest);
}

/* --- walks ----------------------------------------------------------------------------------- */

static int counts[16], deepest, base_ok, stop_at;

static int visit(const char *path, const struct stat *got, int type, struct FTW *where)
{
    counts[type]++;
    if (where->level > deepest)
        deepest = where->level;
    base_ok += where->base == 0 || path[where->base - 1] == '/';
    return stop_at && strcmp(path + where->base, "f2") == 0 ? stop_at : 0;
}

static int count_visits(const char *path, int flags)
{
    memset(counts, 0, sizeof counts);
    deepest = base_ok = 0;
    return nftw(path, visit, 8, flags);
}

static int old_visit(const char *path, const struct stat *got, int type)
{
    counts[type]++;
    return 0;
}

static void nftw_visits_each_name(void)
{
    CHECK_OK(count_visits("tree", FTW_PHYS));
    CHECK(counts[FTW_D] == 3 && counts[FTW_F] == 3 && counts[FTW_SL] == 3);
    CHECK(deepest == 3 && base_ok == 9);
    CHECK_OK(count_visits("tree", FTW_PHYS | FTW_DEPTH));
    CHECK(counts[FTW_D] == 0 && counts[FTW_DP] == 3 && counts[FTW_F] == 3);
    CHECK_OK(count_visits("tree", 0)); /* through links */
    CHECK(counts[FTW_SLN] >= 1 && counts[FTW_SL] == 0 && counts[FTW_F] >= 4);
    CHECK_OK(count_visits("tree/f1", FTW_PHYS));
    CHECK_EQ(counts[FTW_F], 1);
    stop_at = 42;
    CHECK_EQ(count_visits("tree", FTW_PHYS), 42);
    stop_at = 0;
    CHECK_FAILS(count_visits("none", FTW_PHYS), ENOENT);
    memset(counts, 0, sizeof counts);
    CHECK_OK(ftw("tree/a/b", old_visit, 4));
    CHECK(counts[FTW_D] == 1 && counts[FTW_F] == 1);
}

static void nftw_can_go_where_it_visits(void)
{
    CHECK_OK(count_visits("tree", FTW_PHYS | FTW_CHDIR));
    CHECK(counts[FTW_D] == 3 && counts[FTW_F] == 3);
    CHECK(getcwd(text, sizeof text) && strcmp(text, HOME) == 0);
}

/* --- temporary files ------------------------------------------------------------------------- */

static void temporary_files_have_new_names(void)
{
    char one[] = HOME "/t-XXXXXX", two[] = HOME "/t-XXXXXX", dir[] = HOME "/d-XXXXXX";
    char bad[] = HOME "/t-XXXXX", nowhere[] = HOME "/none/XXXXXX";
    int a = mkstemp(one), b = mkostemp(two, O_CLOEXEC);
    CHECK_OK(a);
    CHECK_OK(b);
    CHECK(strcmp(one, two) != 0 && strncmp(one, HOME "/t-", strlen(HOME "/t-")) == 0);
    CHECK_OK(fstat(a, &st));
    CHECK(S_ISREG(st.st_mode) && (st.st_mode & 0777) == 0600 && st.st_size == 0);
    CHECK_EQ(fcntl(a, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK_EQ(fcntl(b, F_GETFD), FD_CLOEXEC);
    CHECK(mkdtemp(dir) == dir);
    CHECK_OK(stat(dir, &st));
    CHECK(S_ISDIR(st.st_mode) && (st.st_mode & 0777) == 0700);
    CHECK_FAILS(mkstemp(bad), EINVAL);
    CHECK_FAILS(mkstemp(nowhere), ENOENT);
    CHECK(mkdtemp(bad) == NULL && errno == EINVAL);
    close(a);
    close(b);
    CHECK_OK(unlink(one));
    CHECK_OK(unlink(two));
    CHECK_OK(rmdir(dir));
}

static void a_tmpfile_has_no_name(void)
{
    FILE *f = tmpfile();
    CHECK(f);
    CHECK(fputs("temporary", f) >= 0);
    rewind(f);
    CHECK(fgets(text, 100, f) && strcmp(text, "temporary") == 0);
    CHECK_OK(fstat(fileno(f), &st));
    CHECK_EQ(st.st_nlink, 0);
    CHECK_OK(fclose(f));
    char name[L_tmpnam];
    CHECK(tmpnam(name) == name && access(name, F_OK) < 0 && errno == ENOENT);
}

static void space_can_be_set_aside(void)
{
    int fd = open("room", O_RDWR | O_CREAT, 0600), reader = open("room", O_RDONLY), ends[2];
    CHECK_EQ(write(fd, "keep", 4), 4);
    CHECK_EQ(posix_fallocate(fd, 0, 10000), 0);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_size == 10000 && st.st_blocks * 512 >= 10000);
    CHECK_EQ(posix_fallocate(fd, 100, 10), 0);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 10000);
    CHECK_EQ(pread(fd, text, 6, 0), 6);
    CHECK(memcmp(text, "keep\0", 6) == 0);
    CHECK_EQ(posix_fallocate(fd, 0, 0), EINVAL);
    CHECK_EQ(posix_fallocate(fd, -1, 10), EINVAL);
    CHECK_EQ(posix_fallocate(reader, 0, 10), EBADF);
    CHECK_EQ(posix_fallocate(99, 0, 10), EBADF);
    CHECK_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL), 0);
    CHECK_EQ(posix_fadvise(fd, 0, 0, 99), EINVAL);
    CHECK_EQ(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL), EBADF);
    CHECK_OK(pipe(ends));
    CHECK_EQ(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL), ESPIPE);
    CHECK_EQ(posix_fallocate(ends[1], 0, 10), ESPIPE);
    close(ends[0]);
    close(ends[1]);
    close(reader);
    close(fd);
    CHECK_OK(unlink("room"));
}

static int take_away(const char *path, const struct stat *got, int type, struct FTW *where)
{
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

static void cleanup(void)
{
    CHECK_OK(nftw("tree", take_away, 8, FTW_PHYS | FTW_DEPTH));
    CHECK_OK(unlink("loop"));
    CHECK_OK(chdir("/"));
    CHECK_OK(rmdir(HOME));
}

TAP_MAIN(setup, every_entry_is_seen_once, streams_that_cannot_be_opened, a_stream_has_a_descriptor,
         positions_lead_back, positions_stay_good_while_names_go,
         entries_can_be_removed_while_they_are_read, a_removed_directory_is_empty,
         types_are_told_with_names, scandir_selects_and_sorts, chdir_and_getcwd_agree,
         a_child_has_its_own, a_removed_working_directory_has_no_path,
         paths_can_be_deeper_than_one_call_takes, realpath_has_no_links_and_no_dots,
         nftw_visits_each_name, nftw_can_go_where_it_visits, temporary_files_have_new_names,
         a_tmpfile_has_no_name, space_can_be_set_aside, cleanup)
