/* Random operations against a naive model that keeps the whole tree in a table of paths. After
 * each round everything is compared, through the same mount and after a new one, and e2fsck and
 * debugfs look at the image. Small caches, few in-memory inodes, small disks. */
#include "volume.h"

#define MAX_NODES 80
#define PATH 1000
#define MAX_BLOCKS 40

/* One name in the model; names of one file share `file`. */
struct node {
    bool used;
    char path[PATH];
    uint32_t type; /* EXT2_S_IF... */
    uint32_t file; /* index into files */
};

struct file {
    uint32_t links;
    uint64_t size;
    uint8_t fill[MAX_BLOCKS]; /* of each block; 0: a hole */
    char target[100];
};

struct model {
    struct volume *v;
    struct node nodes[MAX_NODES];
    struct file files[MAX_NODES * 2];
};

static uint32_t pick(struct model *m, uint32_t below)
{
    return volume_random(m->v, below);
}

static struct node *find(struct model *m, const char *path)
{
    for (int i = 0; i < MAX_NODES; i++)
        if (m->nodes[i].used && strcmp(m->nodes[i].path, path) == 0)
            return &m->nodes[i];
    return NULL;
}

static struct node *unused(struct model *m)
{
    for (int i = 0; i < MAX_NODES; i++)
        if (!m->nodes[i].used)
            return &m->nodes[i];
    return NULL;
}

static bool is_below(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    return strncmp(path, dir, n) == 0 && path[n] == '/';
}

static bool has_children(struct model *m, const char *dir)
{
    for (int i = 0; i < MAX_NODES; i++)
        if (m->nodes[i].used && is_below(m->nodes[i].path, dir))
            return true;
    return false;
}

static uint32_t children_dirs(struct model *m, const char *dir)
{
    uint32_t n = 0;
    for (int i = 0; i < MAX_NODES; i++)
        n += m->nodes[i].used && m->nodes[i].type == EXT2_S_IFDIR &&
             is_below(m->nodes[i].path, dir) &&
             !strchr(m->nodes[i].path + strlen(dir) + 1, '/');
    return n;
}

static uint32_t new_file(struct model *m)
{
    for (uint32_t i = 0; i < MAX_NODES * 2; i++)
        if (m->files[i].links == 0) {
            memset(&m->files[i], 0, sizeof m->files[i]);
            m->files[i].links = 1;
            return i;
        }
    fail_msg("model is full");
    return 0;
}

/* A random path: a new or used name in a random directory. */
static void random_path(struct model *m, char path[PATH])
{
    const char *dir = "";
    for (int tries = 0; tries < 6; tries++) {
        struct node *n = &m->nodes[pick(m, MAX_NODES)];
        if (n->used && n->type == EXT2_S_IFDIR && strlen(n->path) < 60)
            dir = n->path;
    }
    char name[128];
    uint32_t style = pick(m, 8), id = pick(m, 12);
    snprintf(name, sizeof name, style == 0 ? "a-rather-long-name-%0100u" : "n%u", id);
    snprintf(path, PATH, "%s/%s", dir, name);
}

/* The error that the parent of `path` gives, or 0. */
static int parent_error(struct model *m, const char *path)
{
    char dir[PATH];
    snprintf(dir, sizeof dir, "%s", path);
    *strrchr(dir, '/') = 0;
    if (dir[0] == 0)
        return 0;
    struct node *n = find(m, dir);
    return !n ? ERR_NOENT : n->type != EXT2_S_IFDIR ? ERR_NOTDIR : 0;
}

static bool is_full(int err)
{
    return err == ERR_NOSPC;
}

static void do_create(struct model *m)
{
    static const uint32_t types[] = {EXT2_S_IFREG, EXT2_S_IFREG, EXT2_S_IFDIR, EXT2_S_IFLNK,
                                     EXT2_S_IFIFO};
    char path[PATH], target[100];
    random_path(m, path);
    uint32_t type = types[pick(m, 5)], n = 1 + pick(m, 98);
    struct node *slot = unused(m);
    int want = parent_error(m, path), err;
    if (!want && find(m, path))
        want = ERR_EXISTS;
    if (!slot)
        return;
    memset(target, 't', n);
    target[n] = 0;
    if (type == EXT2_S_IFLNK)
        err = volume_symlink(m->v, path, target);
    else
        err = volume_create(m->v, path, type | 0700);
    if (is_full(err))
        return;
    assert_int_equal(err, want);
    if (err)
        return;
    slot->used = true;
    slot->type = type;
    slot->file = new_file(m);
    strcpy(slot->path, path);
    if (type == EXT2_S_IFLNK)
        strcpy(m->files[slot->file].target, target);
}

static struct node *random_node(struct model *m)
{
    for (int tries = 0; tries < 20; tries++) {
        struct node *n = &m->nodes[pick(m, MAX_NODES)];
        if (n->used)
            return n;
    }
    return NULL;
}

static void drop(struct model *m, struct node *n)
{
    n->used = false;
    m->files[n->file].links--;
}

static void do_remove(struct model *m)
{
    struct node *n = random_node(m);
    if (!n)
        return;
    bool is_dir = n->type == EXT2_S_IFDIR;
    assert_int_equal(is_dir ? volume_unlink(m->v, n->path) : volume_rmdir(m->v, n->path),
                     is_dir ? ERR_ISDIR : ERR_NOTDIR);
    int want = is_dir && has_children(m, n->path) ? ERR_NOTEMPTY : 0;
    int err = is_dir ? volume_rmdir(m->v, n->path) : volume_unlink(m->v, n->path);
    assert_int_equal(err, want);
    if (!err)
        drop(m, n);
}

static void do_link(struct model *m)
{
    struct node *n = random_node(m), *slot = unused(m);
    char path[PATH];
    random_path(m, path);
    if (!n || !slot)
        return;
    int want = parent_error(m, path);
    if (n->type == EXT2_S_IFDIR)
        want = want ? want : ERR_PERM;
    else if (!want && find(m, path))
        want = ERR_EXISTS;
    int err = volume_link(m->v, n->path, path);
    if (is_full(err))
        return;
    assert_int_equal(err, want);
    if (err)
        return;
    *slot = *n;
    strcpy(slot->path, path);
    m->files[n->file].links++;
}

static int rename_error(struct model *m, struct node *n, const char *to)
{
    int err = parent_error(m, to);
    struct node *t = find(m, to);
    bool is_dir = n->type == EXT2_S_IFDIR;
    if (err)
        return err;
    if (t == n || (t && t->file == n->file))
        return 0;
    if (is_dir && is_below(to, n->path))
        return ERR_INVAL;
    if (t && is_dir && t->type != EXT2_S_IFDIR)
        return ERR_NOTDIR;
    if (t && !is_dir && t->type == EXT2_S_IFDIR)
        return ERR_ISDIR;
    return t && is_dir && has_children(m, to) ? ERR_NOTEMPTY : 0;
}

static void do_rename(struct model *m)
{
    struct node *n = random_node(m), *t;
    char path[PATH], old[PATH];
    random_path(m, path);
    if (!n || strlen(n->path) + strlen(path) > 300)
        return;
    int want = rename_error(m, n, path);
    int err = volume_rename(m->v, n->path, path);
    t = find(m, path);
    if (is_full(err))
        return;
    assert_int_equal(err, want);
    if (err || t == n || (t && t->file == n->file))
        return;
    if (t)
        drop(m, t);
    strcpy(old, n->path);
    for (int i = 0; i < MAX_NODES; i++)
        if (m->nodes[i].used && is_below(m->nodes[i].path, old)) {
            char moved[2 * PATH];
            snprintf(moved, sizeof moved, "%s%s", path, m->nodes[i].path + strlen(old));
            assert_true(strlen(moved) < PATH);
            strcpy(m->nodes[i].path, moved);
        }
    strcpy(n->path, path);
}

/* Blocks near the start, and some behind each kind of indirect block. */
static uint64_t nth_block(struct volume *v, uint32_t i)
{
    uint64_t n = ext2_block_size(v->fs) / 4;
    if (i < 20)
        return i;
    if (i < 30)
        return 12 + n + i;
    return 12 + n + n * n + i - 30 + (i % 3) * n;
}

static void do_write(struct model *m)
{
    struct node *n = random_node(m);
    if (!n || n->type != EXT2_S_IFREG)
        return;
    struct file *f = &m->files[n->file];
    uint32_t i = pick(m, MAX_BLOCKS), bs = ext2_block_size(m->v->fs);
    uint8_t fill = (uint8_t)(1 + pick(m, 255));
    int err = volume_write(m->v, n->path, nth_block(m->v, i), 1, fill);
    if (is_full(err))
        return;
    assert_int_equal(err, 0);
    f->fill[i] = fill;
    uint64_t end = (nth_block(m->v, i) + 1) * bs;
    f->size = f->size > end ? f->size : end;
}

static void do_truncate(struct model *m)
{
    struct node *n = random_node(m);
    if (!n || n->type != EXT2_S_IFREG)
        return;
    struct file *f = &m->files[n->file];
    uint32_t i = pick(m, MAX_BLOCKS), bs = ext2_block_size(m->v->fs);
    uint64_t size = pick(m, 3) ? nth_block(m->v, i) * bs : 0;
    assert_int_equal(volume_truncate(m->v, n->path, size), 0);
    for (uint32_t k = 0; k < MAX_BLOCKS; k++)
        if (nth_block(m->v, k) * bs >= size)
            f->fill[k] = 0;
    f->size = size;
}

static void step(struct model *m)
{
    switch (pick(m, 12)) {
    case 0: case 1: case 2: do_create(m); break;
    case 3: case 4: do_remove(m); break;
    case 5: do_link(m); break;
    case 6: case 7: do_rename(m); break;
    case 8: case 9: do_write(m); break;
    case 10: do_truncate(m); break;
    default:
        if (pick(m, 4) == 0)
            volume_settle(m->v);
        else if (pick(m, 2))
            assert_int_equal(volume_sync(m->v), 0);
        else
            volume_pump(m->v);
    }
}

/* --- comparison ------------------------------------------------------------------------------ */

static void compare_content(struct model *m, struct ext2_inode *ip, const struct file *f)
{
    uint8_t data[4096];
    uint32_t bs = ext2_block_size(m->v->fs);
    for (uint32_t i = 0; i < MAX_BLOCKS; i++) {
        assert_int_equal(volume_read_block(m->v, ip, nth_block(m->v, i), data), 0);
        for (uint32_t k = 0; k < bs; k++)
            if (data[k] != f->fill[i])
                fail_msg("block %u holds %u at %u, not %u", i, data[k], k, f->fill[i]);
    }
}

static void compare_node(struct model *m, const struct node *n)
{
    const struct file *f = &m->files[n->file];
    struct ext2_inode *ip;
    struct ext2_attr a;
    char target[200];
    size_t len;
    int err = volume_walk(m->v, n->path, &ip);
    if (err)
        fail_msg("%s: error %d", n->path, err);
    ext2_getattr(m->v->fs, ip, &a);
    assert_int_equal(a.mode & EXT2_S_IFMT, n->type);
    if (n->type == EXT2_S_IFDIR)
        assert_int_equal(a.nlink, 2 + children_dirs(m, n->path));
    else
        assert_int_equal(a.nlink, f->links);
    if (n->type == EXT2_S_IFREG) {
        assert_int_equal(a.size, f->size);
        compare_content(m, ip, f);
    }
    if (n->type == EXT2_S_IFLNK) {
        assert_int_equal(RUN(m->v, ext2_readlink(m->v->fs, ip, target, 200, &len)), 0);
        assert_int_equal(len, strlen(f->target));
        assert_memory_equal(target, f->target, len);
    }
    ext2_iput(m->v->fs, ip);
}

/* Every name that is there is in the model too. => number of names below `path`. */
static uint32_t count_names(struct model *m, const char *path)
{
    struct ext2_inode *dir;
    struct ext2_dirent e;
    uint64_t cookie = 0;
    uint32_t n = 0;
    assert_int_equal(volume_walk(m->v, path, &dir), 0);
    while (RUN(m->v, ext2_readdir(m->v->fs, dir, cookie, &e)) == 0) {
        char child[PATH + 300];
        cookie = e.cookie;
        snprintf(child, sizeof child, "%s/%s", path, e.name);
        if (!strcmp(e.name, ".") || !strcmp(e.name, "..") || !strcmp(child, "/lost+found"))
            continue;
        if (!find(m, child))
            fail_msg("%s should not be there", child);
        n += 1 + (e.type == 4 ? count_names(m, child) : 0);
    }
    ext2_iput(m->v->fs, dir);
    return n;
}

static void compare(struct model *m)
{
    uint32_t n = 0;
    for (int i = 0; i < MAX_NODES; i++) {
        if (!m->nodes[i].used)
            continue;
        compare_node(m, &m->nodes[i]);
        n++;
    }
    assert_int_equal(count_names(m, ""), n);
}

/* debugfs reads the same content as we do. */
static void compare_debugfs(struct model *m)
{
    char command[PATH + 200], out[256];
    struct node *n = random_node(m);
    if (!n || n->type != EXT2_S_IFREG || m->files[n->file].size > 100000)
        return;
    snprintf(command, sizeof command, "debugfs -R 'stat %s' %%s 2>/dev/null | grep -o 'Size: [0-9]*'",
             n->path);
    assert_int_equal(volume_tool(m->v, command, false, out, sizeof out), 0);
    assert_int_equal(strtoull(out + 6, NULL, 10), m->files[n->file].size);
}

static void run(const char *options, uint32_t kib, uint64_t seed, uint32_t rounds)
{
    struct model *m = calloc(1, sizeof *m);
    struct volume *v = m->v = volume_make(options, kib);
    v->rng = seed;
    for (uint32_t r = 0; r < rounds; r++) {
        v->nbuffers = pick(m, 2) ? EXT2_MIN_BUFFERS : 0;
        v->ninodes = pick(m, 2) ? 32 : 0;
        volume_mount_ok(v);
        assert_null(v->reason);
        compare(m);
        for (uint32_t i = pick(m, 300); i > 0; i--)
            step(m);
        compare(m);
        volume_unmount_clean(v);
        compare_debugfs(m);
    }
    volume_free(v);
    free(m);
}

static uint64_t seed;

static void random_operations_match_the_model_on_1k_blocks(void **state)
{
    run("-b 1024 -I 128 -N 200", 8192, seed, 12);
}

static void random_operations_match_the_model_on_4k_blocks(void **state)
{
    run("-b 4096 -I 256 -N 200", 16384, seed + 1, 12);
}

static void random_operations_match_the_model_on_a_full_disk(void **state)
{
    run("-b 1024 -I 256 -N 64 -m 0", 300, seed + 2, 12);
}

static void random_operations_match_the_model_across_groups(void **state)
{
    run("-b 1024 -g 1024 -N 256", 5000, seed + 3, 12);
}

int main(void)
{
    seed = volume_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_model_on_1k_blocks),
        cmocka_unit_test(random_operations_match_the_model_on_4k_blocks),
        cmocka_unit_test(random_operations_match_the_model_on_a_full_disk),
        cmocka_unit_test(random_operations_match_the_model_across_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
