/* Images as others make them: features known and unknown, indexed directories, big sparse files,
 * files that e2fsprogs wrote, orphans left behind. */
#include "volume.h"

#define REG (EXT2_S_IFREG | 0644)
#define DIR (EXT2_S_IFDIR | 0755)

static uint32_t get32(const struct volume *v, uint32_t off)
{
    uint32_t x;
    memcpy(&x, v->now + 1024 + off, 4);
    return x;
}

static void put32(struct volume *v, uint32_t off, uint32_t x)
{
    memcpy(v->now + 1024 + off, &x, 4);
}

static void refused(struct volume *v, int want)
{
    assert_int_equal(volume_mount(v), want);
    assert_non_null(v->reason);
    assert_true(strlen(v->reason) > 5);
    volume_abandon(v);
}

static void unknown_incompatible_features_are_refused_with_a_reason(void **state)
{
    struct volume *v = volume_make("-b 1024", 2048);
    uint32_t old = get32(v, 0x60);
    for (int bit = 0; bit < 32; bit++) {
        if (bit == 1)
            continue;
        put32(v, 0x60, old | 1u << bit);
        refused(v, ERR_NOSYS);
    }
    volume_free(v);
}

static void unknown_read_only_features_mount_read_only(void **state)
{
    struct volume *v = volume_make("-b 1024", 2048);
    put32(v, 0x64, get32(v, 0x64) | 0x400);
    volume_mount_ok(v);
    assert_true(ext2_is_read_only(v->fs));
    assert_non_null(strstr(v->reason, "read-only"));
    assert_int_equal(volume_create(v, "/a", REG), ERR_ROFS);
    assert_int_equal(volume_unmount(v), 0);
    assert_int_equal(v->nwrites, 0);
    volume_free(v);
}

static void nonsense_in_the_superblock_is_refused(void **state)
{
    static const struct {
        uint32_t off, value;
    } bad[] = {{0x20, 0},          {0x20, 0xffffffff}, {0x28, 0},    {0x28, 0xffffffff},
               {0x00, 0},          {0x00, 0xffffffff}, {0x04, 0},    {0x04, 0xffffffff},
               {0x18, 0xffffffff}, {0x18, 31},         {0x58, 0},    {0x58, 100},
               {0x14, 7},          {0x54, 0},          {0x4c, 2},    {0x0c, 0xffffffff}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct volume *v = volume_make("-b 1024", 2048);
        put32(v, bad[i].off, bad[i].value);
        int err = volume_mount(v);
        if (err != ERR_CORRUPT && err != ERR_NOSYS)
            fail_msg("superblock offset 0x%x = 0x%x: %d", bad[i].off, bad[i].value, err);
        assert_non_null(v->reason);
        volume_abandon(v);
        put32(v, 0x38, 0);
        refused(v, ERR_NODEV);
        volume_free(v);
    }
}

static void an_unclean_image_is_mounted_but_never_marked_clean(void **state)
{
    struct volume *v = volume_make("-b 1024", 2048);
    v->now[1024 + 0x3a] = 0;
    volume_mount_ok(v);
    assert_non_null(strstr(v->reason, "not cleanly unmounted"));
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_unmount(v), 0);
    assert_int_equal(v->now[1024 + 0x3a] & 1, 0);
    volume_free(v);
}

/* --- indexed directories --------------------------------------------------------------------- */

static void fill(struct volume *v, uint32_t from, uint32_t to)
{
    char path[64];
    for (uint32_t i = from; i < to; i++) {
        snprintf(path, sizeof path, "/big/some-file-name-%u", i * 7919 % 100000);
        assert_int_equal(volume_create(v, path, REG), 0);
    }
}

static uint32_t reads_for_lookups(struct volume *v, uint32_t from, uint32_t to)
{
    uint64_t before = v->nreads;
    char path[64];
    struct ext2_inode *ip;
    for (uint32_t i = from; i < to; i++) {
        snprintf(path, sizeof path, "/big/some-file-name-%u", i * 7919 % 100000);
        if (volume_walk(v, path, &ip))
            fail_msg("%s is not found", path);
        ext2_iput(v->fs, ip);
    }
    return (uint32_t)(v->nreads - before);
}

static void index_and_change(const char *options, uint32_t n)
{
    struct volume *v = volume_make(options, 8192);
    char out[4096];
    struct ext2_inode *ip;
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/big", DIR), 0);
    fill(v, 0, n);
    volume_unmount_clean(v);
    assert_true(volume_tool(v, "e2fsck -fyD %s", true, out, sizeof out) <= 1);
    assert_int_equal(volume_tool(v, "debugfs -R 'htree_dump /big' %s | grep -c 'Root node'",
                                 false, out, sizeof out), 0);
    v->nbuffers = EXT2_MIN_BUFFERS;
    volume_mount_ok(v);
    v->nreads = 0;
    assert_int_equal(volume_walk(v, "/big/not-there", &ip), ERR_NOENT);
    assert_in_range(v->nreads, 1, 8); /* the index was used: no search of all blocks */
    reads_for_lookups(v, 0, n);
    for (uint32_t i = 0; i < n; i += 3) {
        char path[64];
        snprintf(path, sizeof path, "/big/some-file-name-%u", i * 7919 % 100000);
        assert_int_equal(volume_unlink(v, path), 0);
    }
    volume_unmount_clean(v);
    assert_int_equal(volume_tool(v, "debugfs -R 'htree_dump /big' %s | grep -c 'Root node'",
                                 false, out, sizeof out), 0);
    volume_mount_ok(v);
    fill(v, n, n + 300);
    reads_for_lookups(v, n, n + 300);
    volume_unmount_clean(v);
    volume_free(v);
}

static void an_indexed_directory_is_searched_by_its_index_and_stays_legal(void **state)
{
    index_and_change("-b 1024 -I 128 -N 3000", 1500);
    index_and_change("-b 4096 -I 256 -N 3000", 1500);
}

static void every_kind_of_hash_is_understood(void **state)
{
    static const char *const kinds[] = {"legacy", "half_md4", "tea"};
    char options[128], command[128], out[4096];
    for (int i = 0; i < 3; i++) {
        snprintf(options, sizeof options, "-b 1024 -I 128 -N 500");
        struct volume *v = volume_make(options, 4096);
        snprintf(command, sizeof command, "tune2fs -E hash_alg=%s %%s", kinds[i]);
        assert_int_equal(volume_tool(v, command, true, out, sizeof out), 0);
        volume_mount_ok(v);
        assert_int_equal(volume_create(v, "/big", DIR), 0);
        fill(v, 0, 300);
        assert_int_equal(volume_create(v, "/big/\xe4\xf6\xfc-\xff", REG), 0);
        volume_unmount_clean(v);
        assert_true(volume_tool(v, "e2fsck -fyD %s", true, out, sizeof out) <= 1);
        volume_mount_ok(v);
        uint64_t before = v->nreads;
        struct ext2_inode *ip;
        assert_int_equal(volume_walk(v, "/big/\xe4\xf6\xfc-\xff", &ip), 0);
        ext2_iput(v->fs, ip);
        assert_in_range(v->nreads - before, 1, 7);
        reads_for_lookups(v, 0, 300);
        volume_unmount_clean(v);
        volume_free(v);
    }
}

/* --- big files ------------------------------------------------------------------------------- */

static void a_sparse_file_beyond_two_gib(void **state)
{
    struct volume *v = volume_make("-b 4096", 4096);
    struct ext2_inode *ip;
    struct ext2_attr a;
    struct ext2_run run;
    uint64_t at = 2100ull * 1024 * 1024 / 4096;
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/sparse", REG), 0);
    assert_int_equal(volume_write(v, "/sparse", at, 2, 0x77), 0);
    assert_int_equal(volume_walk(v, "/sparse", &ip), 0);
    ext2_getattr(v->fs, ip, &a);
    assert_true(a.size == (at + 2) * 4096);
    assert_in_range(a.blocks512, 16, 40);
    assert_int_equal(RUN(v, ext2_map_read(v->fs, ip, 0, 100, &run)), 0);
    assert_int_equal(run.block, 0);
    assert_int_equal(run.nblocks, 12); /* a hole as far as one table says */
    ext2_iput(v->fs, ip);
    volume_unmount_clean(v);
    char out[4096];
    assert_int_equal(volume_tool(v, "debugfs -R 'stat /sparse' %s | grep -c 2202017792", false,
                                 out, sizeof out), 0);
    volume_free(v);
}

static void triple_indirect_blocks_come_and_go(void **state)
{
    struct volume *v = volume_make("-b 1024 -I 128", 8192);
    struct ext2_inode *ip;
    uint8_t data[4096];
    uint64_t n = 256, triple = 12 + n + n * n;
    const uint64_t at[] = {0, 11, 12, 12 + n - 1, 12 + n, triple - 1, triple, triple + n * n,
                           triple + n * n * n - 1};
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/t", REG), 0);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        assert_int_equal(volume_write(v, "/t", at[i], 1, (uint8_t)(i + 1)), 0);
    assert_int_equal(volume_write(v, "/t", triple + n * n * n, 1, 1), ERR_FBIG);
    volume_unmount_clean(v);
    volume_mount_ok(v);
    assert_int_equal(volume_walk(v, "/t", &ip), 0);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        assert_int_equal(volume_read_block(v, ip, at[i], data), 0);
        assert_int_equal(data[100], i + 1);
    }
    ext2_iput(v->fs, ip);
    for (size_t i = sizeof at / sizeof *at; i-- > 0;) {
        assert_int_equal(volume_truncate(v, "/t", at[i] * 1024), 0);
        volume_settle(v);
    }
    volume_unmount_clean(v);
    volume_free(v);
}

static void a_large_fragmented_file_is_freed_in_steps(void **state)
{
    struct volume *v = volume_make("-b 1024", 16384);
    struct ext2_statfs before, after;
    v->nbuffers = EXT2_MIN_BUFFERS;
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/a", REG), 0);
    assert_int_equal(volume_create(v, "/b", REG), 0);
    volume_settle(v);
    ext2_statfs(v->fs, &before);
    for (uint32_t i = 0; i < 2500; i++) { /* every other block each: one run per block */
        assert_int_equal(volume_write(v, "/a", i, 1, 1), 0);
        assert_int_equal(volume_write(v, "/b", i, 1, 2), 0);
    }
    assert_int_equal(volume_truncate(v, "/a", 10), 0);
    assert_int_equal(volume_truncate(v, "/a", 0), 0);
    assert_int_equal(volume_unlink(v, "/b"), 0);
    volume_settle(v);
    ext2_statfs(v->fs, &after);
    assert_int_equal(before.blocks_free, after.blocks_free);
    volume_unmount_clean(v);
    volume_free(v);
}

static void files_that_debugfs_wrote_are_read_and_removed(void **state)
{
    struct volume *v = volume_make("-b 1024", 8192);
    char out[4096];
    struct ext2_inode *ip;
    struct ext2_attr a;
    assert_int_equal(volume_tool(v, "head -c 700000 /dev/zero | tr '\\0' 'k' > /tmp/ext2-k; "
                                    "debugfs -w -R 'write /tmp/ext2-k k' %s; rm /tmp/ext2-k",
                                 true, out, sizeof out), 0);
    assert_int_equal(volume_tool(v, "debugfs -w -R 'ea_set /k user.note hello' %s", true, out,
                                 sizeof out), 0);
    volume_mount_ok(v);
    assert_int_equal(volume_walk(v, "/k", &ip), 0);
    ext2_getattr(v->fs, ip, &a);
    assert_int_equal(a.size, 700000);
    uint8_t data[4096];
    assert_int_equal(volume_read_block(v, ip, 600, data), 0);
    assert_int_equal(data[1], 'k');
    ext2_iput(v->fs, ip);
    assert_int_equal(volume_unlink(v, "/k"), 0);
    volume_unmount_clean(v);
    volume_free(v);
}

/* --- orphans --------------------------------------------------------------------------------- */

static void orphans_of_a_crash_are_freed_by_the_next_mount(void **state)
{
    struct volume *v = volume_make("-b 1024 -I 128", 4096);
    struct ext2_inode *ip[4];
    struct ext2_statfs before, after;
    char path[] = "/o0", out[4096];
    volume_mount_ok(v);
    volume_settle(v);
    ext2_statfs(v->fs, &before);
    for (int i = 0; i < 4; i++) {
        path[2] = (char)('0' + i);
        assert_int_equal(volume_create(v, path, REG), 0);
        assert_int_equal(volume_write(v, path, 0, 300, 1), 0);
        assert_int_equal(volume_walk(v, path, &ip[i]), 0);
        assert_int_equal(volume_unlink(v, path), 0);
    }
    assert_int_equal(volume_sync(v), 0);
    volume_abandon(v);
    volume_power_on(v);
    uint8_t *crashed = malloc(v->bytes);
    memcpy(crashed, v->now, v->bytes);
    assert_int_equal(volume_tool(v, "e2fsck -p %s", false, out, sizeof out), 1);
    assert_non_null(strstr(out, "Clearing orphaned inode"));
    volume_mount_ok(v);
    volume_settle(v);
    ext2_statfs(v->fs, &after);
    assert_int_equal(before.inodes_free, after.inodes_free);
    assert_in_range(before.blocks_free - after.blocks_free, 0, 1);
    assert_int_equal(volume_unmount(v), 0);
    volume_check_clean(v);
    free(crashed);
    volume_free(v);
}

static void a_full_disk_is_an_error_and_space_comes_back(void **state)
{
    struct volume *v = volume_make("-b 1024 -m 0 -N 32", 300);
    int err = 0;
    uint32_t n = 0;
    volume_mount_ok(v);
    assert_int_equal(volume_create(v, "/f", REG), 0);
    while ((err = volume_write(v, "/f", n, 1, 3)) == 0)
        n++;
    assert_int_equal(err, ERR_NOSPC);
    assert_int_equal(volume_create(v, "/d", DIR), ERR_NOSPC);
    assert_int_equal(volume_unlink(v, "/f"), 0);
    assert_int_equal(volume_create(v, "/g", REG), 0);
    for (uint32_t i = 0; i < n; i++) /* waits for the freed blocks, needs no help */
        assert_int_equal(volume_write(v, "/g", i, 1, 4), 0);
    char path[] = "/x0";
    for (err = 0; err == 0; path[2]++)
        err = volume_create(v, path, REG);
    assert_int_equal(err, ERR_NOSPC);
    volume_unmount_clean(v);
    volume_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_incompatible_features_are_refused_with_a_reason),
        cmocka_unit_test(unknown_read_only_features_mount_read_only),
        cmocka_unit_test(nonsense_in_the_superblock_is_refused),
        cmocka_unit_test(an_unclean_image_is_mounted_but_never_marked_clean),
        cmocka_unit_test(an_indexed_directory_is_searched_by_its_index_and_stays_legal),
        cmocka_unit_test(every_kind_of_hash_is_understood),
        cmocka_unit_test(a_sparse_file_beyond_two_gib),
        cmocka_unit_test(triple_indirect_blocks_come_and_go),
        cmocka_unit_test(a_large_fragmented_file_is_freed_in_steps),
        cmocka_unit_test(files_that_debugfs_wrote_are_read_and_removed),
        cmocka_unit_test(orphans_of_a_crash_are_freed_by_the_next_mount),
        cmocka_unit_test(a_full_disk_is_an_error_and_space_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
