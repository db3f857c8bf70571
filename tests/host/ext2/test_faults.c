/* The n-th read or write fails, for n = 1, 2, ... until the script completes without a failure.
 * Operations answer with a clean error and change nothing then; nothing hangs; the next sync tries
 * again, and in the end the image is clean. */
#include "volume.h"

#define REG (EXT2_S_IFREG | 0644)
#define DIR (EXT2_S_IFDIR | 0755)

struct counts {
    uint32_t errors;
};

static void note(struct counts *c, int err)
{
    if (err == 0 || err == ERR_NOENT || err == ERR_EXISTS)
        return; /* a consequence of an earlier failure, or none */
    assert_int_equal(err, ERR_IO);
    c->errors++;
}

static void script(struct volume *v, struct counts *c)
{
    note(c, volume_create(v, "/d", DIR));
    note(c, volume_create(v, "/d/a", REG));
    note(c, volume_write(v, "/d/a", 0, 20, 1));
    note(c, volume_sync(v));
    note(c, volume_create(v, "/d/b", REG));
    note(c, volume_write(v, "/d/b", 0, 3, 2));
    note(c, volume_rename(v, "/d/b", "/d/a"));
    note(c, volume_sync(v));
    note(c, volume_create(v, "/d/e", DIR));
    note(c, volume_rename(v, "/d/e", "/d/f"));
    note(c, volume_link(v, "/d/a", "/d/f/hard"));
    note(c, volume_sync(v));
    note(c, volume_truncate(v, "/d/f/hard", 100));
    note(c, volume_unlink(v, "/d/a"));
    note(c, volume_sync(v));
}

static void fail_each(const char *options, bool reads)
{
    struct volume *v = volume_make(options, 4096);
    uint8_t *base = malloc(v->bytes);
    memcpy(base, v->now, v->bytes);
    bool was_hit = true;
    for (uint64_t n = 1; was_hit; n++) {
        struct counts c = {0};
        memcpy(v->now, base, v->bytes);
        v->nreads = v->nwrites = 0;
        v->rng = n;
        v->fail_read = reads ? n : 0;
        v->fail_write = reads ? 0 : n;
        int err = volume_mount(v);
        if (err) {
            assert_int_equal(err, ERR_IO);
            volume_abandon(v);
            continue;
        }
        script(v, &c);
        was_hit = (reads ? v->nreads : v->nwrites) >= n;
        if (!was_hit)
            assert_int_equal(c.errors, 0);
        err = volume_unmount(v);
        if (err == ERR_IO)
            err = volume_unmount(v);
        assert_int_equal(err, 0);
        volume_check_clean(v);
        if (was_hit && !reads && n > 1)
            assert_true(c.errors > 0 || v->nwrites > n);
    }
    free(base);
    volume_free(v);
}

static void a_failed_read_fails_one_operation(void **state)
{
    fail_each("-b 1024 -I 128", true);
    fail_each("-b 4096 -I 256", true);
}

static void a_failed_write_is_tried_again(void **state)
{
    fail_each("-b 1024 -I 128", false);
    fail_each("-b 4096 -I 256", false);
}

static void a_failed_write_is_reported_once(void **state)
{
    struct volume *v = volume_make("-b 1024", 4096);
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/a", REG), 0);
    struct ext2_ticket one = ext2_sync_begin(v->fs), two = ext2_sync_begin(v->fs);
    v->fail_write = v->nwrites + 2;
    int err;
    while ((err = ext2_sync_poll(v->fs, &one)) == EXT2_WAIT)
        volume_pump(v);
    assert_int_equal(err, ERR_IO);
    assert_int_equal(ext2_sync_poll(v->fs, &two), ERR_IO);
    assert_int_equal(volume_create(v, "/b", REG), ERR_IO);
    assert_int_equal(volume_sync(v), 0);
    assert_int_equal(volume_create(v, "/b", REG), 0);
    v->fail_write = v->nwrites + 1;
    ext2_tick(v->fs);
    while (v->nwrites < v->fail_write || volume_pump(v))
        volume_pump(v);
    assert_int_equal(volume_sync(v), ERR_IO); /* nobody had asked when it failed */
    assert_int_equal(volume_sync(v), 0);
    volume_unmount_clean(v);
    volume_free(v);
}

static void a_disk_that_refuses_all_writes_never_hangs_anything(void **state)
{
    struct volume *v = volume_make("-b 1024", 4096);
    uint8_t *before = malloc(v->bytes);
    volume_mount_ok(v);
    memcpy(before, v->now, v->bytes);
    assert_int_equal(volume_create(v, "/a", REG), 0);
    for (int i = 0; i < 5; i++) {
        v->fail_write = v->nwrites + 1;
        assert_int_equal(volume_sync(v), ERR_IO);
        assert_int_equal(volume_create(v, "/b", REG), ERR_IO);
        struct ext2_inode *ip;
        assert_int_equal(volume_walk(v, "/a", &ip), 0); /* reading goes on */
        ext2_iput(v->fs, ip);
        v->fail_write = v->nwrites + 1;
        assert_int_equal(volume_unmount(v), ERR_IO);
    }
    assert_memory_equal(before, v->now, v->bytes);
    free(before);
    volume_free(v);
}

static void a_failed_data_write_gives_its_block_back(void **state)
{
    struct volume *v = volume_make("-b 1024", 4096);
    struct ext2_inode *ip;
    struct ext2_statfs before, after;
    struct ext2_run run;
    uint32_t block, used;
    bool is_new;
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_walk(v, "/a", &ip), 0);
    ext2_statfs(v->fs, &before);
    assert_int_equal(ext2_map_write(v->fs, ip, 3, &block, &is_new), ERR_NOSPC); /* no credit */
    assert_int_equal(RUN(v, ext2_reserve(v->fs, ext2_cost(v->fs, 3, 1))), 0);
    assert_int_equal(RUN(v, ext2_map_write(v->fs, ip, 3, &block, &is_new)), 0);
    assert_true(is_new);
    assert_int_equal(RUN(v, ext2_map_write(v->fs, ip, 3, &block, &is_new)), ERR_BUSY);
    assert_int_equal(RUN(v, ext2_truncate(v->fs, ip, 0, 1)), ERR_BUSY);
    assert_int_equal(RUN(v, ext2_write_done(v->fs, ip, 3, ERR_IO, &used)), 0);
    assert_int_equal(RUN(v, ext2_map_read(v->fs, ip, 3, 1, &run)), 0);
    assert_int_equal(run.block, 0);
    ext2_release(v->fs, 1);
    ext2_statfs(v->fs, &after);
    assert_int_equal(before.blocks_avail, after.blocks_avail);
    assert_int_equal(RUN(v, ext2_write_done(v->fs, ip, 3, 0, &used)), ERR_INVAL);
    ext2_iput(v->fs, ip);
    volume_unmount_clean(v);
    volume_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_read_fails_one_operation),
        cmocka_unit_test(a_failed_write_is_tried_again),
        cmocka_unit_test(a_failed_write_is_reported_once),
        cmocka_unit_test(a_disk_that_refuses_all_writes_never_hangs_anything),
        cmocka_unit_test(a_failed_data_write_gives_its_block_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
