/* Names on a real image: every call that makes, follows, changes or removes them, with its errors;
 * each test ends with an orderly shutdown and e2fsck. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "world.h"

static int set_up(void **state)
{
    const char *options[] = {"-b 1024 -N 1024", "-b 4096 -N 1024"};
    static unsigned turn;
    struct world *w = world_new(options[turn++ % 2], NULL, 4u << 20);
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    assert_int_equal(world_destroy(w, 0), 0);
    assert_int_equal(world_quiesce(w), 0);
    assert_int_equal(world_fsck(w), 0);
    world_free(w);
    return 0;
}

static void touch(struct world *w, const char *path)
{
    long fd = w_open(w, 0, path, FS_WRITE | FS_CREATE | FS_EXCL, 0644);
    assert_in_range(fd, 0, 255);
    assert_int_equal(w_close(w, 0, (uint64_t)fd), 0);
}

static int exists(struct world *w, const char *path)
{
    struct fs_stat st;
    return w_stat(w, 0, path, &st);
}

static void open_makes_finds_and_refuses(void **state)
{
    struct world *w = *state;
    assert_int_equal(w_open(w, 0, "/a", FS_READ, 0), ERR_NOENT);
    touch(w, "/a");
    assert_int_equal(w_open(w, 0, "/a", FS_WRITE | FS_CREATE | FS_EXCL, 0644), ERR_EXISTS);
    assert_int_equal(w_open(w, 0, "/a/b", FS_READ, 0), ERR_NOTDIR);
    assert_int_equal(w_open(w, 0, "/a/", FS_READ, 0), ERR_NOTDIR);
    assert_int_equal(w_open(w, 0, "/new/", FS_WRITE | FS_CREATE, 0644), ERR_ISDIR);
    assert_int_equal(w_open(w, 0, "/", FS_WRITE, 0), ERR_ISDIR);
    assert_int_equal(w_open(w, 0, "", FS_READ, 0), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/a", 0, 0), ERR_INVAL);
    assert_int_equal(w_open(w, 0, "/a", FS_READ | FS_DIRECTORY, 0), ERR_NOTDIR);
    assert_int_equal(w_open(w, 0, "/a", FS_READ, 0), 3);
    assert_int_equal(w->answer[0].word[1], FS_KIND_FILE);
    assert_int_equal(w_open(w, 0, "//.//", FS_READ, 0), 4);
    assert_int_equal(w->answer[0].word[1], FS_KIND_DIR);
    assert_int_equal(w_close(w, 0, 77), ERR_BADF);
}

static void names_that_are_too_long_are_refused(void **state)
{
    struct world *w = *state;
    char name[FS_PATH_MAX + 2];
    memset(name, 'x', sizeof name);
    name[0] = '/';
    name[257] = 0;
    assert_int_equal(w_open(w, 0, name, FS_READ, 0), ERR_NAMETOOLONG);
    name[256] = 0;
    touch(w, name);
    name[256] = 'x';
    name[FS_PATH_MAX] = 0;
    assert_int_equal(w_open(w, 0, name, FS_READ, 0), ERR_NAMETOOLONG);
}

static void the_umask_applies_to_what_is_made(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    uint64_t mask = 027;
    assert_int_equal(world_call(w, 0, fs_OP_umask, &mask, 1, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 022);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    assert_int_equal(w_stat(w, 0, "/d", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFDIR | 0750);
    assert_int_equal(w_path(w, 0, fs_OP_mknod, "/f", EXT2_S_IFIFO | 0666), 0);
    assert_int_equal(w_stat(w, 0, "/f", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFIFO | 0640);
    assert_int_equal(w_path(w, 0, fs_OP_chmod, "/f", 01777), 0);
    assert_int_equal(w_stat(w, 0, "/f", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFIFO | 01777);
}

static void directories_come_and_go(void **state)
{
    struct world *w = *state;
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d/", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), ERR_EXISTS);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/", 0777), ERR_EXISTS);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/x/y", 0777), ERR_NOENT);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d/e", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d", 1), ERR_NOTEMPTY);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d/e", 0), ERR_ISDIR);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d/e/.", 1), ERR_INVAL);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/", 1), ERR_BUSY);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d/e/", 1), 0);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d", 1), 0);
    assert_int_equal(exists(w, "/d"), ERR_NOENT);
}

static void the_working_directory_is_where_relative_paths_start(void **state)
{
    struct world *w = *state;
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d/some-directory", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_chdir, "d/some-directory", 0), 0);
    touch(w, "f");
    assert_int_equal(w_path(w, 0, fs_OP_chdir, "f", 0), ERR_NOTDIR);
    assert_int_equal(exists(w, "/d/some-directory/f"), 0);
    assert_int_equal(exists(w, "../some-directory/./f"), 0);
    assert_int_equal(exists(w, "../../../../d"), 0);
    assert_int_equal(world_call(w, 0, fs_OP_getcwd, NULL, 0, NULL, 0), 0);
    assert_int_equal(w->answer[0].nbytes, 17);
    assert_memory_equal(w->answer[0].bytes, "/d/some-directory", 17);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "f", 0), 0);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d/some-directory", 1), 0);
    assert_int_equal(w_open(w, 0, "g", FS_WRITE | FS_CREATE, 0644), ERR_NOENT);
    assert_int_equal(world_call(w, 0, fs_OP_getcwd, NULL, 0, NULL, 0), ERR_NOENT);
    assert_int_equal(w_path(w, 0, fs_OP_chdir, "/", 0), 0);
    assert_int_equal(world_call(w, 0, fs_OP_getcwd, NULL, 0, NULL, 0), 0);
    assert_memory_equal(w->answer[0].bytes, "/", 1);
}

static void symbolic_links_are_followed_but_not_for_ever(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    touch(w, "/d/f");
    assert_int_equal(w_symlink(w, 0, "d", "/to-d"), 0);
    assert_int_equal(w_symlink(w, 0, "/to-d/f", "/d/abs"), 0);
    assert_int_equal(w_symlink(w, 0, "loop", "/loop"), 0);
    assert_int_equal(w_symlink(w, 0, "new-file", "/dangling"), 0);
    assert_int_equal(w_symlink(w, 0, "", "/empty"), ERR_NOENT);
    assert_int_equal(w_symlink(w, 0, "x", "/to-d"), ERR_EXISTS);
    assert_int_equal(exists(w, "/to-d/f"), 0);
    assert_int_equal(exists(w, "/to-d/"), 0);
    assert_int_equal(exists(w, "/to-d/abs"), 0);
    assert_int_equal(exists(w, "/loop"), ERR_LOOP);
    assert_int_equal(exists(w, "/loop/x"), ERR_LOOP);
    assert_int_equal(exists(w, "/dangling"), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/to-d/f", FS_READ | FS_NOFOLLOW, 0), 3);
    assert_int_equal(w_open(w, 0, "/to-d", FS_READ | FS_NOFOLLOW, 0), ERR_LOOP);
    assert_int_equal(w_open(w, 0, "/dangling", FS_WRITE | FS_CREATE | FS_EXCL, 0644), ERR_EXISTS);
    assert_int_equal(w_open(w, 0, "/dangling", FS_WRITE | FS_CREATE, 0644), 4);
    assert_int_equal(exists(w, "/new-file"), 0);
    assert_int_equal(w_path(w, 0, fs_OP_readlink, "/d/abs", 0), 0);
    assert_int_equal(w->answer[0].nbytes, 7);
    assert_memory_equal(w->answer[0].bytes, "/to-d/f", 7);
    assert_int_equal(w_path(w, 0, fs_OP_readlink, "/d/f", 0), ERR_INVAL);
    assert_int_equal(w_path(w, 0, fs_OP_stat, "/to-d", 1), 0);
    memcpy(&st, w->answer[0].bytes, sizeof st);
    assert_int_equal(st.mode, EXT2_S_IFLNK | 0777);
    assert_int_equal(st.size, 1);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/to-d", 0), 0);
    assert_int_equal(exists(w, "/d/f"), 0);
}

static void forty_links_pass_and_forty_one_do_not(void **state)
{
    struct world *w = *state;
    char from[32], to[32];
    touch(w, "/l0");
    for (int i = 1; i <= 41; i++) {
        snprintf(from, sizeof from, "l%d", i - 1);
        snprintf(to, sizeof to, "/l%d", i);
        assert_int_equal(w_symlink(w, 0, from, to), 0);
    }
    assert_int_equal(exists(w, "/l40"), 0);
    assert_int_equal(exists(w, "/l41"), ERR_LOOP);
}

static void links_and_renames(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    touch(w, "/a");
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    assert_int_equal(w_two(w, 0, fs_OP_link, "/a", "/d/b"), 0);
    assert_int_equal(w_two(w, 0, fs_OP_link, "/a", "/d/b"), ERR_EXISTS);
    assert_int_equal(w_two(w, 0, fs_OP_link, "/d", "/e"), ERR_PERM);
    assert_int_equal(w_two(w, 0, fs_OP_link, "/none", "/e"), ERR_NOENT);
    assert_int_equal(w_stat(w, 0, "/a", &st), 0);
    assert_int_equal(st.nlink, 2);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/a", "/d/b"), 0);
    assert_int_equal(exists(w, "/a"), 0); /* the same file: nothing happens */
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "/d/b", 0), 0);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/a", "/d/c"), 0);
    assert_int_equal(exists(w, "/a"), ERR_NOENT);
    assert_int_equal(exists(w, "/d/c"), 0);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/d", "/d/e"), ERR_INVAL);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/d", "/"), ERR_BUSY);
    touch(w, "/x");
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/x", "/y/"), ERR_NOTDIR);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/x", "/d"), ERR_ISDIR);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/d", "/x"), ERR_NOTDIR);
    assert_int_equal(w_two(w, 0, fs_OP_rename, "/x", "/d/c"), 0);
    assert_int_equal(exists(w, "/x"), ERR_NOENT);
}

static void built_in_devices_need_no_node(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    assert_int_equal(w_open(w, 0, "/dev/null", FS_READ | FS_WRITE, 0), 3);
    assert_int_equal(w->answer[0].word[1], FS_KIND_DEVICE);
    assert_int_equal(w_write(w, 0, 3, "abc", 3), 3);
    assert_int_equal(w_read(w, 0, 3, 10), 0);
    assert_int_equal(w_open(w, 0, "/dev/zero", FS_READ, 0), 4);
    assert_int_equal(w_read(w, 0, 4, 100000), VFS_BYTES);
    assert_int_equal(w->answer[0].bytes[17], 0);
    assert_int_equal(w_open(w, 0, "/dev/nix", FS_READ, 0), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/dev/tty", FS_READ | FS_WRITE, 0), 5);
    assert_int_equal(w->answer[0].word[1], FS_KIND_TTY);
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/dev", 0777), 0);
    assert_int_equal(w_path(w, 0, fs_OP_chdir, "/dev", 0), 0);
    assert_int_equal(w_stat(w, 0, "null", &st), 0);
    assert_int_equal(st.rdev, 0x103);
    assert_int_equal(w_open(w, 0, "null/", FS_READ, 0), ERR_NOTDIR);
    assert_int_equal(w_path(w, 0, fs_OP_unlink, "null", 0), ERR_PERM);
    assert_int_equal(w_open(w, 0, "/dev/stdout", FS_WRITE, 0), 6);
    assert_int_equal(w->answer[0].word[1], FS_KIND_TTY);
    assert_int_equal(w_open(w, 0, "/dev", FS_READ, 0), 7);
    assert_int_equal(world_call(w, 0, fs_OP_readdir, (uint64_t[]){7, 0}, 2, NULL, 0), 0);
    unsigned n = 0;
    for (size_t at = 0; at < w->answer[0].nbytes; n++)
        at += ((struct fs_dirent *)(void *)(w->answer[0].bytes + at))->bytes;
    assert_int_equal(n, 2 + DEVICE_COUNT - 1);
}

static void descriptors_have_names(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    assert_int_equal(w_open(w, 0, "/f", FS_READ | FS_WRITE | FS_CREATE, 0600), 3);
    assert_int_equal(w_open(w, 0, "/dev/fd/3", FS_READ, 0), 4);
    assert_ptr_equal(fd_file(&w->v, &w->v.processes[0], 3), fd_file(&w->v, &w->v.processes[0], 4));
    assert_int_equal(w_stat(w, 0, "/dev/fd/4", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFREG | 0600);
    assert_int_equal(w_path(w, 0, fs_OP_chmod, "/dev/fd/3", 0640), 0);
    assert_int_equal(w_stat(w, 0, "/f", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFREG | 0640);
    assert_int_equal(w_open(w, 0, "/dev/fd/5", FS_READ, 0), ERR_NOENT);
    assert_int_equal(w_stat(w, 0, "/dev/fd/5", &st), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/dev/fd/3x", FS_READ, 0), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/dev/fd/9999999999999", FS_READ, 0), ERR_NOENT);
    assert_int_equal(w_open(w, 0, "/dev/fd/3/", FS_READ, 0), ERR_NOTDIR);
    assert_int_equal(w_open(w, 0, "/dev/full", FS_READ, 0), 5);
    assert_int_equal(w_open(w, 0, "/dev/fd/5", FS_WRITE, 0), ERR_ACCES);
    assert_int_equal(w_path(w, 0, fs_OP_chmod, "/dev/full", 0600), 0);
    assert_int_equal(w_stat(w, 0, "/dev/full", &st), 0);
    assert_int_equal(st.mode, EXT2_S_IFCHR | 0600);
}

static void a_big_directory_is_read_in_pieces(void **state)
{
    struct world *w = *state;
    enum { FILES = 600 };
    bool seen[FILES] = {false};
    char name[64];
    assert_int_equal(w_path(w, 0, fs_OP_mkdir, "/d", 0777), 0);
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "/d/a-name-of-some-length-%u", i);
        touch(w, name);
    }
    assert_int_equal(w_open(w, 0, "/d", FS_READ, 0), 3);
    uint64_t cookie = 0, len, calls = 0;
    do {
        assert_int_equal(world_call(w, 0, fs_OP_readdir, (uint64_t[]){3, cookie}, 2, NULL, 0), 0);
        len = w->answer[0].word[0];
        cookie = w->answer[0].word[1];
        for (size_t at = 0; at < len;) {
            struct fs_dirent *d = (void *)(w->answer[0].bytes + at);
            unsigned i;
            memcpy(name, d->name, d->name_len);
            name[d->name_len] = 0;
            if (sscanf(name, "a-name-of-some-length-%u", &i) == 1) {
                assert_false(seen[i]);
                seen[i] = true;
            }
            at += d->bytes;
        }
        calls++;
    } while (len > 0);
    for (unsigned i = 0; i < FILES; i++)
        assert_true(seen[i]);
    assert_in_range(calls, 7, 20);
}

static void times_modes_and_owners(void **state)
{
    struct world *w = *state;
    struct fs_stat st;
    touch(w, "/a");
    assert_int_equal(w_stat(w, 0, "/a", &st), 0);
    assert_int_equal(st.mtime_ns / 1000000000, 1700000000);
    uint64_t times[] = {FS_CWD, 5000000000ul, FS_TIME_OMIT, 2};
    assert_int_equal(world_call(w, 0, fs_OP_utimens, times, 4, "/a", 2), 0);
    assert_int_equal(w_stat(w, 0, "/a", &st), 0);
    assert_int_equal(st.atime_ns, 5000000000);
    assert_int_equal(st.mtime_ns / 1000000000, 1700000000);
    uint64_t owner[] = {FS_CWD, 12 | 0xfffffffful << 32, 0, 2};
    assert_int_equal(world_call(w, 0, fs_OP_chown, owner, 4, "/a", 2), 0);
    assert_int_equal(w_stat(w, 0, "/a", &st), 0);
    assert_int_equal(st.uid, 12);
    assert_int_equal(st.gid, 0);
    assert_int_equal(w_path(w, 0, fs_OP_access, "/a", 1), ERR_ACCES);
    assert_int_equal(w_path(w, 0, fs_OP_access, "/a", 6), 0);
    assert_int_equal(w_path(w, 0, fs_OP_chmod, "/a", 0755), 0);
    assert_int_equal(w_path(w, 0, fs_OP_access, "/a", 1), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(open_makes_finds_and_refuses), T(open_makes_finds_and_refuses),
        T(names_that_are_too_long_are_refused), T(the_umask_applies_to_what_is_made),
        T(directories_come_and_go), T(the_working_directory_is_where_relative_paths_start),
        T(symbolic_links_are_followed_but_not_for_ever), T(forty_links_pass_and_forty_one_do_not),
        T(links_and_renames), T(links_and_renames), T(built_in_devices_need_no_node),
        T(a_big_directory_is_read_in_pieces), T(a_big_directory_is_read_in_pieces),
        T(times_modes_and_owners), T(descriptors_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
