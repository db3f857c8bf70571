/* What the file system tells of files, and what of it can be set: modes, owners, times, access,
 * figures of the whole. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define HOME "/tmp/posix_stat"
#define LONG_AGO 1000000000

static struct stat st, other;

static bool make(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    bool good = fd >= 0 && write(fd, name, strlen(name)) == (ssize_t)strlen(name);
    return close(fd) == 0 && good;
}

/* All times of the file but ctime were long ago. */
static int age(const char *name)
{
    struct timespec times[2] = {{LONG_AGO, 0}, {LONG_AGO, 0}};
    return utimensat(AT_FDCWD, name, times, 0);
}

static void setup(void)
{
    umask(022);
    CHECK_OK(mkdir(HOME, 0755));
    CHECK_OK(chdir(HOME));
    CHECK(make("file"));
    CHECK_OK(mkdir("dir", 0755));
    CHECK_OK(symlink("file", "link"));
    CHECK_OK(symlink("none", "dangling"));
    CHECK_OK(symlink("loop", "loop"));
}

static void stat_lstat_and_fstat_agree(void)
{
    int fd = open("file", O_RDONLY), dir = open(".", O_RDONLY);
    CHECK_OK(stat("file", &st));
    CHECK(S_ISREG(st.st_mode) && st.st_size == 4 && st.st_nlink == 1 && st.st_ino != 0);
    CHECK(st.st_blksize >= 512);
    CHECK_OK(fstat(fd, &other));
    CHECK(other.st_ino == st.st_ino && other.st_dev == st.st_dev);
    CHECK_OK(stat("link", &other));
    CHECK_EQ(other.st_ino, st.st_ino);
    CHECK_OK(lstat("link", &other));
    CHECK(S_ISLNK(other.st_mode) && other.st_size == 4 && other.st_ino != st.st_ino);
    CHECK_OK(fstatat(dir, "link", &other, AT_SYMLINK_NOFOLLOW));
    CHECK(S_ISLNK(other.st_mode));
    CHECK_OK(fstatat(dir, "link", &other, 0));
    CHECK_EQ(other.st_ino, st.st_ino);
    CHECK_FAILS(stat("none", &st), ENOENT);
    CHECK_FAILS(stat("dangling", &st), ENOENT);
    CHECK_OK(lstat("dangling", &st));
    CHECK_FAILS(stat("", &st), ENOENT);
    CHECK_FAILS(stat("file/x", &st), ENOTDIR);
    CHECK_FAILS(lstat("file/", &st), ENOTDIR);
    CHECK_FAILS(stat("loop", &st), ELOOP);
    CHECK_OK(lstat("loop", &st));
    CHECK_FAILS(fstat(99, &st), EBADF);
    CHECK_FAILS(fstat(-1, &st), EBADF);
    CHECK_FAILS(fstatat(fd, "x", &st, 0), ENOTDIR);
    CHECK_FAILS(fstatat(99, "x", &st, 0), EBADF);
    CHECK_FAILS(fstatat(dir, "file", &st, 0x40000000), EINVAL);
    CHECK_OK(stat("dir", &st));
    CHECK_OK(lstat("dir/.", &other));
    CHECK(S_ISDIR(st.st_mode) && other.st_ino == st.st_ino);
    close(fd);
    close(dir);
}

/* --- modes and owners ------------------------------------------------------------------------ */

static void modes_are_set_in_all_twelve_bits(void)
{
    int fd = open("file", O_RDONLY);
    for (mode_t mode = 0; mode < 010000; mode += 0333) {
        CHECK_OK(chmod("file", mode));
        CHECK_OK(stat("file", &st));
        CHECK_EQ(st.st_mode, S_IFREG | mode);
    }
    CHECK_OK(fchmod(fd, 0640));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_mode & 07777, 0640);
    CHECK_OK(chmod("link", 0600)); /* through the link */
    CHECK_OK(stat("file", &st));
    CHECK_EQ(st.st_mode & 07777, 0600);
    CHECK_OK(chmod("dir", 01777));
    CHECK_OK(stat("dir", &st));
    CHECK_EQ(st.st_mode, S_IFDIR | 01777);
    CHECK_OK(fchmodat(AT_FDCWD, "file", 0644, 0));
    CHECK_FAILS(chmod("none", 0600), ENOENT);
    CHECK_FAILS(chmod("", 0600), ENOENT);
    CHECK_FAILS(chmod("file/x", 0600), ENOTDIR);
    CHECK_FAILS(chmod("loop", 0600), ELOOP);
    CHECK_FAILS(chmod("dangling", 0600), ENOENT);
    CHECK_FAILS(fchmod(99, 0600), EBADF);
    CHECK_FAILS(fchmodat(99, "file", 0600, 0), EBADF);
    CHECK_FAILS(fchmodat(AT_FDCWD, "file", 0600, 0x40000000), EINVAL);
    close(fd);
}

static void owners_are_set_and_left(void)
{
    int fd = open("file", O_RDONLY);
    CHECK_OK(chown("file", 1000, 2000));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_uid == 1000 && st.st_gid == 2000);
    CHECK_OK(chown("link", (uid_t)-1, 3000));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_uid == 1000 && st.st_gid == 3000);
    CHECK_OK(fchown(fd, 70000, (gid_t)-1));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_uid == 70000 && st.st_gid == 3000);
    CHECK_OK(lchown("link", 5, 6));
    CHECK_OK(lstat("link", &st));
    CHECK(st.st_uid == 5 && st.st_gid == 6);
    CHECK_OK(stat("file", &st));
    CHECK_EQ(st.st_uid, 70000);
    CHECK_OK(fchownat(AT_FDCWD, "link", 0, 0, AT_SYMLINK_NOFOLLOW));
    CHECK_OK(fchownat(AT_FDCWD, "file", 0, 0, 0));
    CHECK_FAILS(chown("none", 0, 0), ENOENT);
    CHECK_FAILS(chown("file/x", 0, 0), ENOTDIR);
    CHECK_FAILS(fchown(99, 0, 0), EBADF);
    CHECK_FAILS(fchownat(AT_FDCWD, "file", 0, 0, 0x40000000), EINVAL);
    close(fd);
}

static void a_new_owner_takes_the_set_id_bits_away(void)
{
    CHECK_OK(chmod("file", 06755));
    CHECK_OK(chown("file", 1, 1));
    CHECK_OK(stat("file", &st));
    CHECK_EQ(st.st_mode & 07777, 0755);
    CHECK_OK(chown("file", 0, 0));
    CHECK_OK(chmod("dir", 02755));
    CHECK_OK(chown("dir", 1, 1));
    CHECK_OK(stat("dir", &st));
    CHECK_EQ(st.st_mode & 07777, 02755); /* on a directory they mean something else: */
    CHECK(make("dir/x"));                /* its group is inherited */
    CHECK_OK(stat("dir/x", &st));
    CHECK_EQ(st.st_gid, 1);
    CHECK_OK(mkdir("dir/d", 0755));
    CHECK_OK(stat("dir/d", &st));
    CHECK(st.st_gid == 1 && st.st_mode & S_ISGID);
    CHECK_OK(unlink("dir/x"));
    CHECK_OK(rmdir("dir/d"));
    CHECK_OK(chown("dir", 0, 0));
    CHECK_OK(chmod("dir", 0755));
    CHECK_OK(chmod("file", 0644));
}

static void root_may_access_all_but_run_only_programs(void)
{
    CHECK_OK(chmod("file", 0));
    CHECK_OK(access("file", F_OK));
    CHECK_OK(access("file", R_OK | W_OK));
    CHECK_FAILS(access("file", X_OK), EACCES);
    CHECK_FAILS(access("file", R_OK | X_OK), EACCES);
    CHECK_OK(chmod("file", 0010));
    CHECK_OK(access("file", X_OK));
    CHECK_OK(chmod("file", 0644));
    CHECK_OK(chmod("dir", 0));
    CHECK_OK(access("dir", R_OK | W_OK | X_OK));
    CHECK_OK(chmod("dir", 0755));
    CHECK_OK(faccessat(AT_FDCWD, "file", R_OK, AT_EACCESS));
    CHECK_FAILS(access("none", F_OK), ENOENT);
    CHECK_FAILS(access("dangling", F_OK), ENOENT);
    CHECK_FAILS(access("", F_OK), ENOENT);
    CHECK_FAILS(access("file/x", F_OK), ENOTDIR);
    CHECK_FAILS(access("loop", F_OK), ELOOP);
    CHECK_FAILS(access("file", 99), EINVAL);
    CHECK_FAILS(faccessat(AT_FDCWD, "file", R_OK, 0x40000000), EINVAL);
    CHECK_FAILS(faccessat(99, "file", R_OK, 0), EBADF);
}

/* --- times ----------------------------------------------------------------------------------- */

static void times_can_be_set_left_and_made_now(void)
{
    struct timespec set[2] = {{LONG_AGO, 0}, {LONG_AGO + 5, 0}};
    time_t now = time(NULL);
    int fd = open("file", O_RDONLY);
    CHECK_OK(utimensat(AT_FDCWD, "file", set, 0));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_atime == LONG_AGO && st.st_mtime == LONG_AGO + 5 && st.st_ctime >= now);
    set[0] = (struct timespec){7, UTIME_OMIT};
    set[1] = (struct timespec){7, UTIME_NOW};
    CHECK_OK(utimensat(AT_FDCWD, "file", set, 0));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_atime == LONG_AGO && st.st_mtime >= now);
    set[0] = (struct timespec){0, 0};
    set[1] = (struct timespec){4000000000, 999999999};
    CHECK_OK(futimens(fd, set));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_atime == 0 && st.st_mtime == 4000000000);
    CHECK_OK(futimens(fd, NULL));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_atime >= now && st.st_mtime >= now);
    set[1] = (struct timespec){1, 1000000000};
    CHECK_FAILS(utimensat(AT_FDCWD, "file", set, 0), EINVAL);
    set[1] = (struct timespec){1, -5};
    CHECK_FAILS(futimens(fd, set), EINVAL);
    CHECK_FAILS(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
    CHECK_FAILS(utimensat(99, "file", NULL, 0), EBADF);
    CHECK_FAILS(utimensat(fd, "file", NULL, 0), ENOTDIR);
    CHECK_FAILS(futimens(99, NULL), EBADF);
    CHECK_FAILS(utimensat(AT_FDCWD, "file", NULL, 0x40000000), EINVAL);
    close(fd);
}

static void the_time_of_a_link_is_its_own(void)
{
    struct timespec set[2] = {{LONG_AGO, 0}, {LONG_AGO, 0}};
    CHECK_OK(utimensat(AT_FDCWD, "file", NULL, 0));
    CHECK_OK(utimensat(AT_FDCWD, "link", set, AT_SYMLINK_NOFOLLOW));
    CHECK_OK(lstat("link", &st));
    CHECK_EQ(st.st_mtime, LONG_AGO);
    CHECK_OK(stat("link", &st));
    CHECK(st.st_mtime > LONG_AGO);
}

static void the_old_calls_set_times_too(void)
{
    struct timeval tv[2] = {{LONG_AGO, 0}, {LONG_AGO + 1, 999999}};
    struct utimbuf old = {LONG_AGO + 2, LONG_AGO + 3};
    CHECK_OK(utimes("file", tv));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_atime == LONG_AGO && st.st_mtime == LONG_AGO + 1);
    CHECK_OK(utime("file", &old));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_atime == LONG_AGO + 2 && st.st_mtime == LONG_AGO + 3);
    CHECK_OK(utime("file", NULL));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_mtime > LONG_AGO + 3);
    tv[0].tv_usec = 1000000;
    CHECK_FAILS(utimes("file", tv), EINVAL);
    CHECK_FAILS(utimes("none", NULL), ENOENT);
}

static void a_write_makes_the_file_newer(void)
{
    CHECK_OK(age("file"));
    int fd = open("file", O_RDWR);
    CHECK_OK(stat("file", &st));
    CHECK_EQ(st.st_mtime, LONG_AGO);
    CHECK_EQ(write(fd, "x", 1), 1);
    CHECK_OK(stat("file", &st));
    CHECK(st.st_mtime > LONG_AGO && st.st_ctime >= st.st_mtime);
    CHECK_OK(age("file"));
    CHECK_OK(ftruncate(fd, 100));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_mtime > LONG_AGO);
    CHECK_OK(age("file"));
    CHECK_OK(truncate("file", 100)); /* also if the size stays */
    close(fd);
    CHECK_OK(age("file"));
    fd = open("file", O_WRONLY | O_TRUNC);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_mtime > LONG_AGO);
    close(fd);
}

static void a_store_through_a_mapping_makes_it_newer(void)
{
    int fd = open("file", O_RDWR);
    CHECK_OK(ftruncate(fd, 8192));
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED);
    CHECK_OK(age("file"));
    map[5000] = 1;
    CHECK_OK(msync(map, 8192, MS_SYNC));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_mtime > LONG_AGO);
    CHECK_OK(age("file"));
    map[5] = 1;
    CHECK_OK(munmap(map, 8192));
    CHECK_OK(fsync(fd));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_mtime > LONG_AGO);
    close(fd);
}

static void a_read_after_a_write_is_seen_in_the_access_time(void)
{
    struct timespec set[2] = {{LONG_AGO, 0}, {LONG_AGO + 9, 0}};
    char got[4];
    CHECK_OK(utimensat(AT_FDCWD, "file", set, 0));
    int fd = open("file", O_RDONLY);
    CHECK_EQ(read(fd, got, 4), 4);
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_atime > LONG_AGO + 9);
    CHECK_EQ(st.st_mtime, LONG_AGO + 9);
    close(fd);
}

static void names_and_modes_change_the_change_time(void)
{
    CHECK_OK(stat("file", &st));
    sleep(1);
    CHECK_OK(chmod("file", 0600));
    CHECK_OK(stat("file", &other));
    CHECK(other.st_ctime > st.st_ctime && other.st_mtime == st.st_mtime);
    sleep(1);
    CHECK_OK(link("file", "twin"));
    CHECK_OK(stat("file", &st));
    CHECK(st.st_ctime > other.st_ctime);
    sleep(1);
    CHECK_OK(unlink("twin"));
    CHECK_OK(stat("file", &other));
    CHECK(other.st_ctime > st.st_ctime);
}

static void times_follow_the_clock_that_is_set(void)
{
    struct timespec now, later;
    CHECK_OK(clock_gettime(CLOCK_REALTIME, &now));
    later = (struct timespec){now.tv_sec + 1000000, now.tv_nsec};
    CHECK_OK(clock_settime(CLOCK_REALTIME, &later));
    bool made = make("file");
    int rc = stat("file", &st);
    CHECK_OK(clock_settime(CLOCK_REALTIME, &now));
    CHECK(made && rc == 0);
    CHECK(st.st_mtime >= later.tv_sec && st.st_mtime < later.tv_sec + 100);
}

static void a_mapping_counts_as_a_read(void)
{
    struct timespec set[2] = {{LONG_AGO, 0}, {LONG_AGO + 9, 0}};
    CHECK_OK(utimensat(AT_FDCWD, "file", set, 0));
    int fd = open("file", O_RDONLY);
    volatile char *map = mmap(NULL, 4, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(map != MAP_FAILED);
    CHECK_EQ(map[0], 'f');
    CHECK_OK(munmap((void *)map, 4));
    CHECK_OK(fstat(fd, &st));
    CHECK(st.st_atime > LONG_AGO + 9);
    close(fd);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void figures_of_the_file_system(void)
{
    struct statvfs v, w;
    int fd = open("file", O_RDONLY);
    CHECK_OK(statvfs("file", &v));
    CHECK(v.f_bsize >= 512 && v.f_frsize >= 512 && v.f_blocks > 0 && v.f_namemax == NAME_MAX);
    CHECK(v.f_bfree <= v.f_blocks && v.f_bavail <= v.f_bfree && v.f_ffree < v.f_files);
    CHECK_OK(fstatvfs(fd, &w));
    CHECK(w.f_blocks == v.f_blocks && w.f_fsid == v.f_fsid);
    CHECK_EQ(v.f_flag & ST_RDONLY, 0);
    CHECK_FAILS(statvfs("none", &v), ENOENT);
    CHECK_FAILS(statvfs("file/x", &v), ENOTDIR);
    CHECK_FAILS(fstatvfs(99, &v), EBADF);
    CHECK_EQ(pathconf("file", _PC_NAME_MAX), NAME_MAX);
    CHECK_EQ(pathconf("file", _PC_PATH_MAX), PATH_MAX);
    CHECK(pathconf("file", _PC_LINK_MAX) >= 8);
    CHECK_FAILS(pathconf("none", _PC_NAME_MAX), ENOENT);
    CHECK_FAILS(pathconf("file", 9999), EINVAL);
    CHECK_FAILS(fpathconf(99, _PC_NAME_MAX), EBADF);
    close(fd);
}

static void tmp_is_everybody_s(void)
{
    CHECK_OK(stat("/tmp", &st));
    CHECK_EQ(st.st_mode, S_IFDIR | 01777);
}

static void umask_is_kept_and_told(void)
{
    CHECK_EQ(umask(0127), 022);
    CHECK_EQ(umask(07777), 0127);
    CHECK_EQ(umask(022), 0777);
}

static void cleanup(void)
{
    static const char *const names[] = {"file", "link", "dangling", "loop"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_OK(unlink(names[i]));
    CHECK_OK(rmdir("dir"));
    CHECK_OK(chdir("/"));
    CHECK_OK(rmdir(HOME));
}

TAP_MAIN(setup, stat_lstat_and_fstat_agree, modes_are_set_in_all_twelve_bits,
         owners_are_set_and_left, a_new_owner_takes_the_set_id_bits_away,
         root_may_access_all_but_run_only_programs, times_can_be_set_left_and_made_now,
         the_time_of_a_link_is_its_own, the_old_calls_set_times_too, a_write_makes_the_file_newer,
         a_store_through_a_mapping_makes_it_newer, a_read_after_a_write_is_seen_in_the_access_time,
         names_and_modes_change_the_change_time, times_follow_the_clock_that_is_set,
         a_mapping_counts_as_a_read, figures_of_the_file_system, tmp_is_everybody_s,
         umask_is_kept_and_told, cleanup)
