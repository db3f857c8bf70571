/* Power cuts. A script runs on an image; the power goes before the n-th metadata write or flush,
 * for many n; of what was written since the last disk flush any sectors may be missing. e2fsck -p
 * must mend the rest without questions, and what was promised must be there: synced files, and for
 * a name that is replaced the old or the new file. Then the image is mounted and used. */
#include "volume.h"

#define REG (EXT2_S_IFREG | 0644)
#define DIR (EXT2_S_IFDIR | 0755)

struct scenario {
    const char *name;
    void (*prepare)(struct volume *v);
    void (*run)(struct volume *v);
    void (*check)(struct volume *v); /* after the crash, mounted again */
};

static bool exists(struct volume *v, const char *path)
{
    struct ext2_inode *ip;
    int err = volume_walk(v, path, &ip);
    if (err == 0)
        ext2_iput(v->fs, ip);
    return err == 0;
}

/* The first byte of a file, or -1. */
static int content(struct volume *v, const char *path)
{
    uint8_t data[4096];
    struct ext2_inode *ip;
    if (volume_walk(v, path, &ip))
        return -1;
    assert_int_equal(volume_read_block(v, ip, 0, data), 0);
    ext2_iput(v->fs, ip);
    return data[0];
}

static void settle(struct volume *v)
{
    volume_settle(v);
    volume_settle(v);
}

/* --- scenarios ------------------------------------------------------------------------------- */

/* Does the block hold `fill` throughout, or nothing? What was in it before must never show. */
static void check_block(struct volume *v, const char *path, uint64_t fblock, uint8_t fill)
{
    uint8_t data[4096];
    struct ext2_inode *ip;
    if (volume_walk(v, path, &ip))
        return;
    assert_int_equal(volume_read_block(v, ip, fblock, data), 0);
    ext2_iput(v->fs, ip);
    for (uint32_t i = 0; i < ext2_block_size(v->fs); i++)
        if (data[i] != data[0] || (data[i] != fill && data[i] != 0))
            fail_msg("%s: block %u holds garbage: 0x%x", path, (unsigned)fblock, data[i]);
}

static void prepare_some(struct volume *v)
{
    volume_create(v, "/junk", REG); /* free blocks are not zero */
    volume_write(v, "/junk", 0, 500, 0xee);
    volume_unlink(v, "/junk");
    settle(v);
    volume_create(v, "/keep", REG);
    volume_write(v, "/keep", 0, 3, 9);
    volume_create(v, "/dir", DIR);
    volume_create(v, "/dir/old", REG);
    volume_write(v, "/dir/old", 0, 30, 1);
    volume_create(v, "/dir/sub", DIR);
    volume_create(v, "/dir/sub/x", REG);
}

static void check_keep(struct volume *v)
{
    assert_int_equal(content(v, "/keep"), 9);
    assert_true(exists(v, "/dir"));
}

static void run_create(struct volume *v)
{
    char path[64];
    for (int i = 0; i < 30; i++) {
        snprintf(path, sizeof path, "/dir/new-file-with-a-name-%d", i);
        volume_create(v, path, REG);
        if (i % 3 == 0)
            volume_write(v, path, i, 2, 5);
        if (i % 10 == 9)
            volume_sync(v);
    }
    for (int i = 0; i < 24; i++) { /* the root's block is not divided into sectors by us */
        snprintf(path, sizeof path, "/in-the-root-with-a-name-of-some-length-%d", i);
        volume_create(v, path, REG);
        if (i % 4 == 3)
            volume_sync(v);
    }
    volume_create(v, "/a", DIR);
    volume_create(v, "/a/b", DIR);
    volume_create(v, "/a/b/c", DIR);
    volume_create(v, "/a/b/c/d", REG);
    volume_symlink(v, "/a/s", "0123456789012345678901234567890123456789012345678901234567890123456");
    settle(v);
}

static void check_create(struct volume *v)
{
    char path[64];
    check_keep(v);
    for (int i = 0; i < 30; i += 3) {
        snprintf(path, sizeof path, "/dir/new-file-with-a-name-%d", i);
        check_block(v, path, i, 5);
        check_block(v, path, i + 1, 5);
    }
    assert_int_equal(content(v, "/dir/old"), 1);
}

static void run_replace(struct volume *v)
{
    volume_create(v, "/dir/tmp", REG);
    volume_write(v, "/dir/tmp", 0, 30, 2);
    volume_rename(v, "/dir/tmp", "/dir/old");
    settle(v);
    volume_create(v, "/tmp", REG);
    volume_write(v, "/tmp", 0, 30, 3);
    volume_sync(v);
    volume_rename(v, "/tmp", "/dir/old");
    settle(v);
}

static void check_replace(struct volume *v)
{
    check_keep(v);
    int got = content(v, "/dir/old");
    if (got != 1 && got != 2 && got != 3)
        fail_msg("/dir/old: neither the old nor a new file, but %d", got);
}

/* Some inodes, so that the next one lies in another sector. */
static void space_out(struct volume *v, char tag)
{
    char path[] = "/fill-?-?";
    path[6] = tag;
    for (path[8] = '0'; path[8] < '6'; path[8]++)
        volume_create(v, path, REG);
}

static void run_remove(struct volume *v)
{
    volume_unlink(v, "/dir/old");
    volume_unlink(v, "/dir/sub/x");
    volume_rmdir(v, "/dir/sub");
    volume_sync(v);
    volume_create(v, "/dir/one", DIR);
    space_out(v, 'a');
    volume_create(v, "/dir/one/two", DIR);
    space_out(v, 'b');
    volume_create(v, "/dir/one/two/three", DIR);
    volume_create(v, "/dir/one/two/f", REG);
    volume_create(v, "/dir/one/g", REG);
    volume_sync(v);
    volume_unlink(v, "/dir/one/g");
    volume_unlink(v, "/dir/one/two/f");
    volume_rmdir(v, "/dir/one/two/three");
    volume_rmdir(v, "/dir/one/two");
    volume_rmdir(v, "/dir/one");
    settle(v);
}

static void run_links(struct volume *v)
{
    volume_link(v, "/dir/old", "/hard");
    volume_unlink(v, "/dir/old");
    volume_sync(v);
    volume_link(v, "/hard", "/dir/old");
    volume_rename(v, "/hard", "/dir/sub/hard");
    volume_unlink(v, "/dir/sub/hard");
    volume_create(v, "/fresh", REG);
    volume_link(v, "/fresh", "/fresh2");
    volume_unlink(v, "/fresh");
    settle(v);
    volume_rename(v, "/keep", "/dir/keep");
    volume_rename(v, "/dir/keep", "/keep");
    settle(v);
}

static void check_links(struct volume *v)
{
    assert_true(content(v, "/keep") == 9 || content(v, "/dir/keep") == 9);
    assert_true(content(v, "/dir/old") == 1 || content(v, "/hard") == 1 ||
                content(v, "/dir/sub/hard") == 1);
}

static void run_rename_dir(struct volume *v)
{
    volume_rename(v, "/dir/sub", "/dir/sub-with-a-longer-name");
    volume_sync(v);
    volume_rename(v, "/dir/sub-with-a-longer-name", "/dir/s");
    volume_create(v, "/dir/empty", DIR);
    volume_sync(v);
    volume_rename(v, "/dir/s", "/dir/empty");
    settle(v);
}

static void check_rename_dir(struct volume *v)
{
    check_keep(v);
    assert_true(exists(v, "/dir/sub/x") || exists(v, "/dir/sub-with-a-longer-name/x") ||
                exists(v, "/dir/s/x") || exists(v, "/dir/empty/x"));
}

static void run_truncate(struct volume *v)
{
    volume_truncate(v, "/dir/old", 5000);
    volume_sync(v);
    volume_write(v, "/dir/old", 20, 300, 4);
    volume_sync(v);
    volume_truncate(v, "/dir/old", 0);
    for (int i = 0; i < 5; i++) /* what was freed just now must not be used yet */
        volume_pump(v);
    volume_create(v, "/other", REG);
    volume_write(v, "/other", 0, 40, 3);
    volume_write(v, "/dir/old", 0, 5, 6);
    settle(v);
}

static void check_truncate(struct volume *v)
{
    check_keep(v);
    for (uint64_t i = 0; i < 40; i++)
        check_block(v, "/other", i, 3);
    int got = content(v, "/dir/old");
    if (got != 1 && got != 0 && got != 6)
        fail_msg("/dir/old holds %d", got);
}

/* The block is taken in one epoch; its data and the pointer to it come in a later one. */
static void run_slow_data(struct volume *v)
{
    uint8_t data[4096];
    struct ext2_inode *ip;
    uint32_t bs = ext2_block_size(v->fs), block[8] = {0}, used;
    bool is_new;
    memset(data, 5, sizeof data);
    volume_create(v, "/slow", REG);
    if (volume_walk(v, "/slow", &ip))
        return;
    RUN(v, ext2_reserve(v->fs, ext2_cost(v->fs, 0, 8)));
    for (uint32_t i = 0; i < 8; i++)
        RUN(v, ext2_map_write(v->fs, ip, i, &block[i], &is_new));
    volume_sync(v);
    for (uint32_t i = 0; i < 8 && !v->is_off; i++) {
        volume_disk_write(v, (uint64_t)block[i] * bs, data, bs);
        RUN(v, ext2_write_done(v->fs, ip, i, 0, &used));
        RUN(v, ext2_wrote(v->fs, ip, (i + 1) * bs, 1));
    }
    volume_sync(v);
    ext2_iput(v->fs, ip);
}

static void check_slow_data(struct volume *v)
{
    check_keep(v);
    for (uint64_t i = 0; i < 8; i++)
        check_block(v, "/slow", i, 5);
}

static void run_orphans(struct volume *v)
{
    struct ext2_inode *ip[3];
    const char *const paths[] = {"/o0", "/o1", "/o2"};
    for (int i = 0; i < 3; i++) {
        volume_create(v, paths[i], REG);
        volume_write(v, paths[i], 0, 15, 8);
        if (volume_walk(v, paths[i], &ip[i]))
            return;
        volume_unlink(v, paths[i]);
    }
    volume_sync(v);
    static const int order[] = {1, 2, 0};
    for (int i = 0; i < 3; i++) {
        ext2_iput(v->fs, ip[order[i]]);
        settle(v);
    }
}

static void random_name(struct volume *v, char path[128])
{
    static const char *const dirs[] = {"", "/dir", "/dir/sub", "/a", "/a/b", "/b"};
    static const char *const names[] = {"a", "b", "c", "d", "longer-name-for-more-blocks-%060u"};
    char name[100];
    snprintf(name, sizeof name, names[volume_random(v, 5)], volume_random(v, 3));
    snprintf(path, 128, "%s/%s", dirs[volume_random(v, 6)], name);
}

/* Would this rename move a directory to another parent? */
static bool moves_directory(struct volume *v, const char *from, const char *to)
{
    struct ext2_inode *ip;
    struct ext2_attr a = {0};
    size_t n = (size_t)(strrchr(from, '/') - from);
    if (n == (size_t)(strrchr(to, '/') - to) && memcmp(from, to, n) == 0)
        return false;
    if (volume_walk(v, from, &ip) == 0) {
        ext2_getattr(v->fs, ip, &a);
        ext2_iput(v->fs, ip);
    }
    return (a.mode & EXT2_S_IFMT) == EXT2_S_IFDIR;
}

static void random_step(struct volume *v)
{
    char from[128], to[128];
    random_name(v, from);
    random_name(v, to);
    switch (volume_random(v, 14)) {
    case 0: case 1: case 2: volume_create(v, from, REG); break;
    case 3: case 4: volume_create(v, from, DIR); break;
    case 5: case 6: volume_unlink(v, from); break;
    case 7: volume_rmdir(v, from); break;
    case 8: volume_link(v, from, to); break;
    case 9: case 10:
        if (!moves_directory(v, from, to))
            volume_rename(v, from, to);
        break;
    case 11: volume_write(v, from, volume_random(v, 40), 1, 7); break;
    case 12: volume_truncate(v, from, volume_random(v, 40000)); break;
    default:
        if (volume_random(v, 4) == 0)
            volume_sync(v);
        else
            volume_pump(v);
    }
}

static void run_random(struct volume *v)
{
    for (int i = 0; i < 150 && !v->is_off; i++)
        random_step(v);
}

static void check_random(struct volume *v)
{
    assert_true(exists(v, "/lost+found"));
}

static const struct scenario scenarios[] = {
    {"create", prepare_some, run_create, check_create},
    {"replace", prepare_some, run_replace, check_replace},
    {"remove", prepare_some, run_remove, check_keep},
    {"links", prepare_some, run_links, check_links},
    {"rename of directories", prepare_some, run_rename_dir, check_rename_dir},
    {"truncate", prepare_some, run_truncate, check_truncate},
    {"slow data", prepare_some, run_slow_data, check_slow_data},
    {"orphans", prepare_some, run_orphans, check_keep},
};

/* --- driver ---------------------------------------------------------------------------------- */

static uint64_t seed;

struct image {
    uint8_t *bytes;
    size_t len;
};

static void restore(struct volume *v, const struct image *image)
{
    for (size_t i = 0; i < v->npending; i++)
        free(v->pending[i].data);
    v->npending = 0;
    memcpy(v->now, image->bytes, image->len);
    memcpy(v->durable, image->bytes, image->len);
    v->nevents = 0;
    v->is_off = false;
}

static void mend_and_check(struct volume *v, const struct scenario *s, uint64_t cut)
{
    char out[8192];
    int status = volume_tool(v, "e2fsck -p %s", true, out, sizeof out);
    if (status > 1)
        fail_msg("%s, cut at write %llu (seed %llu): e2fsck -p: status %d\n%s", s->name,
                 (unsigned long long)cut, (unsigned long long)seed, status, out);
    volume_mount_ok(v);
    s->check(v);
    volume_create(v, "/after", REG);
    volume_unmount_clean(v);
}

/* A mount without e2fsck: leaks are allowed, two owners are not. */
static void check_unmended(struct volume *v, const struct image *image)
{
    char out[8192];
    if (volume_mount(v) == 0) {
        volume_create(v, "/unmended", DIR);
        volume_create(v, "/unmended/file", REG);
        volume_write(v, "/unmended/file", 0, 40, 1);
        settle(v);
        volume_unmount(v);
    }
    int status = volume_tool(v, "e2fsck -fy %s", false, out, sizeof out);
    if (strstr(out, "Multiply-claimed") || strstr(out, "multiply-claimed"))
        fail_msg("two owners of a block after an unclean mount: %d\n%s", status, out);
}

static void cut_everywhere(const struct scenario *s, const char *options, uint32_t stride)
{
    struct volume *v = volume_make(options, 4096);
    volume_mount_ok(v);
    s->prepare(v);
    volume_unmount_clean(v);
    struct image base = {malloc(v->bytes), v->bytes}, crashed = {malloc(v->bytes), v->bytes};
    memcpy(base.bytes, v->now, v->bytes);
    for (uint64_t cut = 1;; cut += 1 + (stride > 1 ? volume_random(v, stride) : 0)) {
        restore(v, &base);
        v->rng = seed + cut;
        volume_mount_ok(v);
        v->cut_at = cut;
        s->run(v);
        if (!v->is_off)
            break;
        volume_abandon(v);
        volume_power_on(v);
        memcpy(crashed.bytes, v->now, v->bytes);
        mend_and_check(v, s, cut);
        if (cut % 8 == 0) {
            restore(v, &crashed);
            check_unmended(v, &crashed);
        }
    }
    v->cut_at = 0;
    volume_unmount_clean(v);
    volume_mount_ok(v);
    s->check(v);
    volume_unmount_clean(v);
    free(base.bytes);
    free(crashed.bytes);
    volume_free(v);
}

static void a_power_cut_on_1k_blocks_is_mended(void **state)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        cut_everywhere(&scenarios[i], "-b 1024 -I 128 -N 128", 2);
}

static void a_power_cut_on_4k_blocks_is_mended(void **state)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        cut_everywhere(&scenarios[i], "-b 4096 -I 256 -N 128", 3);
}

/* Each cut has its own random script. */
static void cut_random(const char *options, uint32_t rounds)
{
    static const struct scenario s = {"random", prepare_some, run_random, check_random};
    struct volume *v = volume_make(options, 4096);
    volume_mount_ok(v);
    s.prepare(v);
    volume_unmount_clean(v);
    struct image base = {malloc(v->bytes), v->bytes};
    memcpy(base.bytes, v->now, v->bytes);
    for (uint32_t round = 0; round < rounds; round++) {
        restore(v, &base);
        v->rng = seed * 1000 + round;
        v->nbuffers = volume_random(v, 2) ? EXT2_MIN_BUFFERS : 0;
        volume_mount_ok(v);
        v->cut_at = 1 + volume_random(v, 220);
        run_random(v);
        volume_abandon(v);
        volume_power_on(v);
        mend_and_check(v, &s, round);
    }
    free(base.bytes);
    volume_free(v);
}

static void a_power_cut_in_a_random_script_is_mended(void **state)
{
    cut_random("-b 1024 -I 128 -N 128", 150);
    cut_random("-b 4096 -I 256 -N 128", 50);
}

int main(void)
{
    seed = volume_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_on_1k_blocks_is_mended),
        cmocka_unit_test(a_power_cut_on_4k_blocks_is_mended),
        cmocka_unit_test(a_power_cut_in_a_random_script_is_mended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
