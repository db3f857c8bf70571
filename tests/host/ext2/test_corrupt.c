/* Corrupt images: bytes of the metadata are changed at random, or in ways that are known to be
 * nasty; then the image is mounted, walked, written and unmounted. Anything but a crash, a hang or
 * an access out of bounds will do. */
#include "volume.h"

#define REG (EXT2_S_IFREG | 0644)
#define DIR (EXT2_S_IFDIR | 0755)

static void populate(struct volume *v)
{
    char path[64], target[100];
    memset(target, 'l', 90);
    target[90] = 0;
    volume_create(v, "/d", DIR);
    volume_create(v, "/d/e", DIR);
    volume_create(v, "/d/e/f", DIR);
    for (int i = 0; i < 60; i++) {
        snprintf(path, sizeof path, "/d/name-%d", i);
        volume_create(v, path, i % 7 ? REG : DIR);
    }
    volume_symlink(v, "/short", "d/e");
    volume_symlink(v, "/long", target);
    volume_create(v, "/file", REG);
    volume_write(v, "/file", 0, 20, 1);
    volume_write(v, "/file", 300, 3, 2);
    volume_write(v, "/file", 70000, 3, 2);
}

/* Walk the tree, at most `budget` inodes of it. */
static void walk(struct volume *v, uint32_t ino, int depth, int *budget)
{
    struct ext2_inode *ip;
    struct ext2_dirent e;
    struct ext2_run run;
    char buf[64];
    size_t len;
    uint64_t cookie = 0;
    if (--*budget < 0 || depth > 8 || RUN(v, ext2_iget(v->fs, ino, &ip)))
        return;
    RUN(v, ext2_readlink(v->fs, ip, buf, sizeof buf, &len));
    for (uint64_t b = 0; b < 80000; b += 5000)
        RUN(v, ext2_map_read(v->fs, ip, b, 8, &run));
    for (int n = 0; n < 200 && RUN(v, ext2_readdir(v->fs, ip, cookie, &e)) == 0; n++) {
        assert_true(e.cookie > cookie);
        cookie = e.cookie;
        if (strcmp(e.name, ".") && strcmp(e.name, ".."))
            walk(v, e.ino, depth + 1, budget);
    }
    ext2_iput(v->fs, ip);
}

static void use(struct volume *v)
{
    int budget = 150;
    if (volume_mount(v)) {
        volume_abandon(v);
        return;
    }
    walk(v, EXT2_ROOT_INO, 0, &budget);
    volume_create(v, "/d/new", REG);
    volume_write(v, "/d/new", 0, 5, 1);
    volume_write(v, "/file", 12, 2, 1);
    volume_create(v, "/d/e/dir", DIR);
    volume_rename(v, "/d/e/f", "/d/g");
    volume_rename(v, "/d/name-1", "/d/name-2");
    volume_rename(v, "/d/g", "/d/e/g");
    volume_rename(v, "/d/e", "/d/e/g/e");
    volume_link(v, "/file", "/d/e/link");
    volume_sync(v);
    for (int i = 0; i < 60; i += 2) {
        char path[64];
        snprintf(path, sizeof path, "/d/name-%d", i);
        if (volume_unlink(v, path))
            volume_rmdir(v, path);
    }
    volume_unlink(v, "/long");
    volume_truncate(v, "/file", 10);
    volume_unlink(v, "/file");
    volume_settle(v);
    assert_int_equal(volume_unmount(v), 0);
}

/* The blocks that hold metadata, by what the image says while it is sound. */
static uint32_t metadata_offset(struct volume *v, uint32_t bs)
{
    uint32_t style = volume_random(v, 8);
    if (style == 0)
        return 1024 + volume_random(v, 0x160);
    if (style == 1)
        return (bs == 1024 ? 2 : 1) * bs + volume_random(v, 32);
    return volume_random(v, 200 * bs); /* bitmaps, inode table, directories, indirect blocks */
}

static uint64_t seed;

static void flip(const char *options, uint32_t bs, uint32_t rounds)
{
    struct volume *v = volume_make(options, 2048);
    volume_mount_ok(v);
    populate(v);
    volume_unmount_clean(v);
    uint8_t *base = malloc(v->bytes);
    memcpy(base, v->now, v->bytes);
    v->rng = seed;
    for (uint32_t r = 0; r < rounds; r++) {
        memcpy(v->now, base, v->bytes);
        for (uint32_t n = 1 + volume_random(v, 12); n > 0; n--) {
            uint32_t at = metadata_offset(v, bs);
            v->now[at] = (uint8_t)(volume_random(v, 3) ? volume_random(v, 256)
                                                       : 0xff * volume_random(v, 2));
        }
        v->nbuffers = EXT2_MIN_BUFFERS;
        v->ninodes = volume_random(v, 2) ? 16 : 64;
        use(v);
    }
    free(base);
    volume_free(v);
}

static void random_bytes_on_1k_blocks(void **state)
{
    flip("-b 1024 -I 128 -N 128", 1024, 600);
}

static void random_bytes_on_4k_blocks(void **state)
{
    flip("-b 4096 -I 256 -N 128", 4096, 300);
}

/* --- nasty ones ------------------------------------------------------------------------------ */

static void nasty(const char *requests)
{
    struct volume *v = volume_make("-b 1024 -I 128 -N 128", 2048);
    char command[512], out[4096];
    volume_mount_ok(v);
    populate(v);
    volume_unmount_clean(v);
    snprintf(command, sizeof command, "printf '%s' | debugfs -w -f - %%s", requests);
    assert_int_equal(volume_tool(v, command, true, out, sizeof out), 0);
    v->ninodes = 16;
    use(v);
    volume_free(v);
}

static void loops_and_wild_numbers_are_survived(void **state)
{
    nasty("sif /file block[IND] 80\\nsif /file block[DIND] 80\\nsif /file block[TIND] 80\\n");
    nasty("sif /file block[TIND] 4000000000\\nsif /file block[3] 4000000000\\n");
    nasty("sif /file block[0] 1\\nsif /d block[0] 1\\n");
    nasty("sif /d block[0] 0\\n");
    nasty("sif /d size 4294966272\\n");
    nasty("sif /d links_count 0\\n");
    nasty("sif / links_count 1\\nsif /d links_count 1\\n");
    nasty("sif /file size_high 4294967295\\n");
    nasty("link /d /d/e/f/loop\\n");
    nasty("ssv last_orphan 12\\nsif <12> links_count 0\\nsif <12> dtime 12\\n");
    nasty("ssv last_orphan 4000000\\n");
    nasty("ssv free_blocks_count 0\\nssv free_inodes_count 0\\n");
    nasty("ssv first_ino 128\\n");
    nasty("set_bg 0 free_blocks_count 65535\\nset_bg 0 free_inodes_count 65535\\n");
    nasty("set_bg 0 inode_table 2047\\n");
    nasty("set_bg 0 block_bitmap 4000000000\\n");
    nasty("sif /d flags 0x1000\\n");
    nasty("sif /short size 4000\\nsif /long block[0] 99999999\\n");
}

int main(void)
{
    seed = volume_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_on_1k_blocks),
        cmocka_unit_test(random_bytes_on_4k_blocks),
        cmocka_unit_test(loops_and_wild_numbers_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
