/* Names and inodes, one behaviour per test, on 1 and 4 KiB blocks; e2fsck looks over each image. */
#include "volume.h"

#define REG (EXT2_S_IFREG | 0644)
#define DIR (EXT2_S_IFDIR | 0755)

static const char *const formats[] = {"-b 1024 -I 128", "-b 1024 -I 256", "-b 4096 -I 256"};

static void on_each_format(void (*body)(struct volume *v))
{
    for (size_t i = 0; i < 3; i++) {
        struct volume *v = volume_make(formats[i], 8192);
        volume_mount_ok(v);
        body(v);
        volume_unmount_clean(v);
        volume_free(v);
    }
}

static bool exists(struct volume *v, const char *path)
{
    struct ext2_inode *ip;
    int err = volume_walk(v, path, &ip);
    if (err == 0)
        ext2_iput(v->fs, ip);
    else
        assert_int_equal(err, ERR_NOENT);
    return err == 0;
}

static struct ext2_attr attr(struct volume *v, const char *path)
{
    struct ext2_inode *ip;
    struct ext2_attr a;
    assert_int_equal(volume_walk(v, path, &ip), 0);
    ext2_getattr(v->fs, ip, &a);
    ext2_iput(v->fs, ip);
    return a;
}

static void nothing(struct volume *v)
{
    assert_null(v->reason);
}

static void a_mount_without_changes_writes_nothing(void **state)
{
    struct volume *v = volume_make("-b 1024", 8192);
    volume_mount_ok(v);
    assert_true(exists(v, "/lost+found"));
    volume_unmount_clean(v);
    assert_int_equal(v->nwrites, 0);
    volume_free(v);
    on_each_format(nothing);
}

static void files_and_directories(struct volume *v)
{
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_create(v, "/a", REG), ERR_EXISTS);
    assert_int_equal(volume_create(v, "/d", DIR), 0);
    assert_int_equal(volume_create(v, "/d/e", DIR), 0);
    assert_int_equal(volume_create(v, "/d/e/f", REG), 0);
    assert_int_equal(volume_create(v, "/no/f", REG), ERR_NOENT);
    assert_int_equal(volume_create(v, "/a/f", REG), ERR_NOTDIR);
    assert_int_equal(attr(v, "/d").nlink, 3);
    assert_int_equal(attr(v, "/d/e/f").uid, 70000);
    assert_int_equal(volume_rmdir(v, "/d/e"), ERR_NOTEMPTY);
    assert_int_equal(volume_unlink(v, "/d"), ERR_ISDIR);
    assert_int_equal(volume_rmdir(v, "/a"), ERR_NOTDIR);
    assert_int_equal(volume_unlink(v, "/d/e/f"), 0);
    assert_int_equal(volume_rmdir(v, "/d/e"), 0);
    assert_false(exists(v, "/d/e"));
    assert_int_equal(attr(v, "/d").nlink, 2);
}

static void files_and_directories_come_and_go(void **state)
{
    on_each_format(files_and_directories);
}

static void links(struct volume *v)
{
    char target[300], buf[300];
    size_t len;
    struct ext2_inode *ip;
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_link(v, "/a", "/b"), 0);
    assert_int_equal(attr(v, "/b").nlink, 2);
    assert_int_equal(volume_unlink(v, "/a"), 0);
    assert_int_equal(attr(v, "/b").nlink, 1);
    for (uint32_t n = 1; n < 300; n += n == 59 ? 1 : 58) {
        memset(target, 'x', n);
        target[n] = 0;
        assert_int_equal(volume_symlink(v, "/s", target), 0);
        assert_int_equal(volume_walk(v, "/s", &ip), 0);
        assert_int_equal(RUN(v, ext2_readlink(v->fs, ip, buf, sizeof buf, &len)), 0);
        assert_int_equal(len, n);
        assert_memory_equal(buf, target, n);
        ext2_iput(v->fs, ip);
        assert_int_equal(volume_unlink(v, "/s"), 0);
    }
    assert_int_equal(volume_symlink(v, "/short", "target"), 0);
    memset(target, 'y', 299);
    target[299] = 0;
    assert_int_equal(volume_symlink(v, "/long", target), 0);
}

static void links_hard_and_symbolic_short_and_long(void **state)
{
    on_each_format(links);
}

static uint32_t count(struct volume *v, const char *path)
{
    struct ext2_dirent e;
    struct ext2_inode *dir;
    uint64_t cookie = 0;
    uint32_t n = 0;
    int err;
    assert_int_equal(volume_walk(v, path, &dir), 0);
    while ((err = RUN(v, ext2_readdir(v->fs, dir, cookie, &e))) == 0) {
        cookie = e.cookie;
        n++;
    }
    assert_int_equal(err, ERR_NOENT);
    ext2_iput(v->fs, dir);
    return n;
}

static void renames(struct volume *v)
{
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_create(v, "/b", REG), 0);
    uint32_t a = attr(v, "/a").ino;
    assert_int_equal(volume_rename(v, "/a", "/c"), 0);
    assert_int_equal(volume_rename(v, "/c", "/b"), 0);
    assert_int_equal(attr(v, "/b").ino, a);
    assert_false(exists(v, "/a"));
    assert_int_equal(volume_create(v, "/d", DIR), 0);
    assert_int_equal(volume_create(v, "/d/sub", DIR), 0);
    assert_int_equal(volume_create(v, "/e", DIR), 0);
    assert_int_equal(volume_rename(v, "/d", "/d/sub/x"), ERR_INVAL);
    assert_int_equal(volume_rename(v, "/d", "/d/sub"), ERR_INVAL);
    assert_int_equal(volume_rename(v, "/d", "/b"), ERR_NOTDIR);
    assert_int_equal(volume_rename(v, "/b", "/d"), ERR_ISDIR);
    assert_int_equal(volume_rename(v, "/e", "/d"), ERR_NOTEMPTY);
    assert_int_equal(volume_rename(v, "/d", "/with-a-much-longer-name-than-before"), 0);
    assert_int_equal(volume_rename(v, "/with-a-much-longer-name-than-before", "/e"), 0);
    assert_int_equal(volume_create(v, "/g", DIR), 0);
    assert_int_equal(volume_rename(v, "/e/sub", "/g/moved"), 0);
    assert_int_equal(attr(v, "/e").nlink, 2);
    assert_int_equal(attr(v, "/g").nlink, 3);
    assert_int_equal(attr(v, "/g/moved/..").ino, attr(v, "/g").ino);
    volume_settle(v);
    assert_int_equal(count(v, "/lost+found"), 2);
}

static void renames_replace_and_move(void **state)
{
    on_each_format(renames);
}

static void open_unlinked(struct volume *v)
{
    struct ext2_inode *ip[3];
    struct ext2_statfs before, after;
    volume_settle(v);
    ext2_statfs(v->fs, &before);
    for (int i = 0; i < 3; i++) {
        char path[8] = {'/', (char)('a' + i)};
        assert_int_equal(volume_create(v, path, REG), 0);
        assert_int_equal(volume_write(v, path, 0, 20, 7), 0);
        assert_int_equal(volume_walk(v, path, &ip[i]), 0);
        assert_int_equal(volume_unlink(v, path), 0);
        assert_false(exists(v, path));
    }
    volume_settle(v);
    uint8_t data[4096];
    assert_int_equal(volume_read_block(v, ip[1], 15, data), 0);
    assert_int_equal(data[5], 7);
    for (int i = 0; i < 3; i++) {
        ext2_iput(v->fs, ip[i]);
        volume_settle(v);
    }
    ext2_statfs(v->fs, &after);
    assert_in_range(before.blocks_free - after.blocks_free, 0, 1); /* the root may have grown */
    assert_int_equal(before.inodes_free, after.inodes_free);
}

static void an_open_file_outlives_its_name(void **state)
{
    on_each_format(open_unlinked);
}

static void many(struct volume *v)
{
    char path[64];
    assert_int_equal(volume_create(v, "/d", DIR), 0);
    for (uint32_t i = 0; i < 600; i++) {
        snprintf(path, sizeof path, "/d/name-%0*u", (int)(i % 40), i);
        assert_int_equal(volume_create(v, path, REG), 0);
    }
    assert_int_equal(count(v, "/d"), 602);
    for (uint32_t i = 0; i < 600; i += 2) {
        snprintf(path, sizeof path, "/d/name-%0*u", (int)(i % 40), i);
        assert_int_equal(volume_unlink(v, path), 0);
    }
    for (uint32_t i = 0; i < 600; i++) {
        snprintf(path, sizeof path, "/d/name-%0*u", (int)(i % 40), i);
        assert_int_equal(exists(v, path), i % 2);
    }
    assert_int_equal(count(v, "/d"), 302);
}

/* Make and remove /one while it is open. */
static void open_and_unlink(struct volume *v)
{
    struct ext2_inode *ip;
    assert_int_equal(volume_create(v, "/one", REG), 0);
    assert_int_equal(volume_walk(v, "/one", &ip), 0);
    assert_int_equal(volume_unlink(v, "/one"), 0);
    ext2_iput(v->fs, ip);
}

/* Names that the disk has never seen leave nothing to wait for, nor do a few open files. */
static void reuse(struct volume *v)
{
    uint64_t nevents = v->nevents;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(volume_create(v, "/one", REG), 0);
        assert_int_equal(volume_unlink(v, "/one"), 0);
    }
    for (int i = 0; i < 8; i++)
        open_and_unlink(v);
    assert_int_equal(v->nevents, nevents);
    for (int i = 0; i < 60; i++)
        open_and_unlink(v);
    assert_in_range(v->nevents - nevents, 1, 500);
}

static void a_name_that_comes_and_goes_is_free_at_once(void **state)
{
    on_each_format(reuse);
}

static void a_directory_grows_over_many_blocks(void **state)
{
    on_each_format(many);
}

/* The first block of the root directory on the disk. */
static const uint8_t *root_block(const struct volume *v, uint32_t bs)
{
    static const uint8_t start[] = {2, 0, 0, 0, 12, 0, 1, 2, '.'};
    for (uint64_t at = 0; at + bs <= v->bytes; at += bs)
        if (memcmp(v->now + at, start, sizeof start) == 0)
            return v->now + at;
    fail_msg("no root directory");
    return NULL;
}

static void no_name_crosses_a_sector(void **state)
{
    static const uint32_t sizes[] = {1024, 4096};
    for (int k = 0; k < 2; k++) {
        char options[32], path[64];
        snprintf(options, sizeof options, "-b %u", sizes[k]);
        struct volume *v = volume_make(options, 4096);
        volume_mount_ok(v);
        for (int i = 0; i < 150; i++) {
            snprintf(path, sizeof path, "/%.*s%d", 10 + i % 40,
                     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", i);
            assert_int_equal(volume_create(v, path, REG), 0);
        }
        volume_unmount_clean(v);
        const uint8_t *block = root_block(v, sizes[k]);
        for (uint32_t off = 0; off < sizes[k]; off += block[off + 4] + block[off + 5] * 256u)
            if (block[off + 8] == 'x')
                assert_int_equal(off / 512, (off + 8u + block[off + 6] - 1) / 512);
        volume_free(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mount_without_changes_writes_nothing),
        cmocka_unit_test(files_and_directories_come_and_go),
        cmocka_unit_test(links_hard_and_symbolic_short_and_long),
        cmocka_unit_test(renames_replace_and_move),
        cmocka_unit_test(an_open_file_outlives_its_name),
        cmocka_unit_test(a_name_that_comes_and_goes_is_free_at_once),
        cmocka_unit_test(a_directory_grows_over_many_blocks),
        cmocka_unit_test(no_name_crosses_a_sector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
