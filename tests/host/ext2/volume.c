/* See volume.h. */
#include "volume.h"
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t volume_seed(void)
{
    const char *text = getenv("SEED");
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)t.tv_sec * 1000003u + t.tv_nsec;
    printf("SEED=%llu\n", (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

uint32_t volume_random(struct volume *v, uint32_t below)
{
    v->rng += 0x9e3779b97f4a7c15u;
    uint64_t z = v->rng;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % below);
}

/* --- image files ----------------------------------------------------------------------------- */

static void temporary(char path[64])
{
    strcpy(path, access("/dev/shm", W_OK) == 0 ? "/dev/shm/ext2-XXXXXX" : "/tmp/ext2-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
}

static int run_command(const char *command, char *out, size_t size)
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char sink[4096];
    size_t n = fread(out ? out : sink, 1, out ? size - 1 : sizeof sink, pipe);
    if (out)
        out[n] = 0;
    while (fread(sink, 1, sizeof sink, pipe) > 0)
        ;
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Write the image, leaving holes for zeros. */
static void save(const struct volume *v, const char *path)
{
    static const uint8_t zeros[4096];
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0 && ftruncate(fd, (off_t)v->bytes) == 0);
    for (uint64_t at = 0; at < v->bytes; at += sizeof zeros)
        if (memcmp(v->now + at, zeros, sizeof zeros))
            assert_int_equal(pwrite(fd, v->now + at, sizeof zeros, (off_t)at), sizeof zeros);
    close(fd);
}

static void load(struct volume *v, const char *path)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, v->now, v->bytes, 0), v->bytes);
    close(fd);
    memcpy(v->durable, v->now, v->bytes);
}

static const char *with_path(char *line, size_t size, const char *command, const char *path)
{
    const char *at = strstr(command, "%s");
    snprintf(line, size, "exec 2>&1 </dev/null; PATH=/usr/sbin:/sbin:$PATH; %.*s%s%s",
             (int)(at - command), command, path, at + 2);
    return line;
}

int volume_tool(struct volume *v, const char *command, bool changes, char *out, size_t size)
{
    char path[64], line[2048];
    temporary(path);
    save(v, path);
    int status = run_command(with_path(line, sizeof line, command, path), out, size);
    if (changes)
        load(v, path);
    unlink(path);
    return status;
}

void volume_check_clean(struct volume *v)
{
    char out[8192];
    int status = volume_tool(v, "e2fsck -fn %s", false, out, sizeof out);
    if (status)
        fail_msg("e2fsck -fn: status %d\n%s", status, out);
}

struct volume *volume_make(const char *options, uint32_t kib)
{
    struct volume *v = calloc(1, sizeof *v);
    char command[512], out[4096];
    v->bytes = (uint64_t)kib * 1024;
    v->now = calloc(1, v->bytes);
    v->durable = calloc(1, v->bytes);
    v->clock = 1700000000;
    v->rng = 1;
    snprintf(command, sizeof command, "mke2fs -q -F -t ext2 %s %%s", options);
    int status = volume_tool(v, command, true, out, sizeof out);
    if (status)
        fail_msg("mke2fs: %s", out);
    return v;
}

static void drop_pending(struct volume *v)
{
    for (size_t i = 0; i < v->npending; i++)
        free(v->pending[i].data);
    v->npending = 0;
}

void volume_free(struct volume *v)
{
    drop_pending(v);
    free(v->pending);
    free(v->mem);
    free(v->now);
    free(v->durable);
    free(v);
}

/* --- the disk -------------------------------------------------------------------------------- */

void volume_disk_write(struct volume *v, uint64_t offset, const void *data, uint32_t len)
{
    assert_true(offset + len <= v->bytes);
    memcpy(v->now + offset, data, len);
    if (v->npending == v->max_pending) {
        v->max_pending = v->max_pending * 2 + 64;
        v->pending = realloc(v->pending, v->max_pending * sizeof *v->pending);
    }
    uint8_t *copy = malloc(len);
    memcpy(copy, data, len);
    v->pending[v->npending++] = (struct pending){offset, len, copy};
}

static void disk_flush(struct volume *v)
{
    for (size_t i = 0; i < v->npending; i++)
        memcpy(v->durable + v->pending[i].offset, v->pending[i].data, v->pending[i].len);
    drop_pending(v);
}

void volume_power_on(struct volume *v)
{
    for (size_t i = 0; i < v->npending; i++) {
        struct pending *p = &v->pending[i];
        uint32_t style = volume_random(v, 4); /* all, nothing, or sector by sector */
        for (uint32_t at = 0; at < p->len; at += 512)
            if (style == 0 || (style > 1 && volume_random(v, 2)))
                memcpy(v->durable + p->offset + at, p->data + at, 512);
    }
    drop_pending(v);
    memcpy(v->now, v->durable, v->bytes);
    v->is_off = false;
    v->cut_at = 0;
}

static int perform(struct volume *v, const struct ext2_io *io)
{
    if (io->kind != EXT2_IO_READ)
        v->is_off |= ++v->nevents == v->cut_at;
    switch (io->kind) {
    case EXT2_IO_READ:
        assert_true(io->offset + io->len_bytes <= v->bytes);
        if (++v->nreads == v->fail_read)
            return ERR_IO;
        memcpy(io->data, v->now + io->offset, io->len_bytes);
        return 0;
    case EXT2_IO_WRITE:
        if (++v->nwrites == v->fail_write)
            return ERR_IO;
        if (!v->is_off)
            volume_disk_write(v, io->offset, io->data, io->len_bytes);
        return 0;
    case EXT2_IO_FLUSH:
        if (!v->is_off)
            disk_flush(v);
        return 0;
    }
    return ERR_IO;
}

bool volume_pump(struct volume *v)
{
    while (v->nqueued < MAX_QUEUED && ext2_io_next(v->fs, &v->queue[v->nqueued]))
        v->nqueued++;
    bool any = v->nqueued > 0;
    uint32_t n = v->nqueued ? 1 + volume_random(v, v->nqueued) : 0;
    while (n-- > 0) {
        uint32_t i = volume_random(v, v->nqueued);
        struct ext2_io io = v->queue[i];
        v->queue[i] = v->queue[--v->nqueued];
        ext2_io_done(v->fs, io.token, perform(v, &io));
    }
    int err = ext2_work(v->fs);
    return any || (err != EXT2_WAIT && err != ERR_GONE);
}

bool volume_waits(struct volume *v, uint32_t tries)
{
    if (v->is_off)
        return false;
    v->nidle = volume_pump(v) ? 0 : v->nidle + 1;
    if (v->nidle > 20)
        fail_msg("hang: an operation waits and nothing is being done");
    if (tries > 20000)
        fail_msg("livelock: an operation never ends");
    return true;
}

void volume_settle(struct volume *v)
{
    uint32_t idle = 0;
    while (idle < 3 && !v->is_off) {
        ext2_tick(v->fs);
        idle = volume_pump(v) ? 0 : idle + 1;
    }
}

/* --- mount ----------------------------------------------------------------------------------- */

int volume_mount(struct volume *v)
{
    struct ext2_config c = {.ninodes = v->ninodes ? v->ninodes : 64,
                            .disk_bytes = v->bytes,
                            .max_buffers = v->nbuffers};
    c.mem_bytes = ext2_memory_bytes(4096, v->nbuffers ? v->nbuffers : 600, c.ninodes);
    free(v->mem);
    v->mem = aligned_alloc(16, (c.mem_bytes + 15) & ~15ul);
    memset(v->mem, 0xa5, c.mem_bytes);
    c.mem = v->mem;
    v->nqueued = 0;
    v->fs = ext2_new(&c);
    assert_non_null(v->fs);
    return RUN(v, ext2_mount(v->fs, ++v->clock, &v->reason));
}

void volume_mount_ok(struct volume *v)
{
    int err = volume_mount(v);
    if (err)
        fail_msg("mount: %d: %s", err, v->reason ? v->reason : "-");
}

int volume_unmount(struct volume *v)
{
    int err;
    uint32_t tries = 0;
    while ((err = ext2_unmount(v->fs)) == EXT2_WAIT && volume_waits(v, ++tries))
        ;
    return err;
}

void volume_unmount_clean(struct volume *v)
{
    assert_int_equal(volume_unmount(v), 0);
    disk_flush(v);
    volume_check_clean(v);
    assert_int_equal(v->now[1024 + 0x3a] & 3, 1);
}

void volume_abandon(struct volume *v)
{
    v->nqueued = 0;
    v->fs = NULL;
}

int volume_sync(struct volume *v)
{
    struct ext2_ticket t = ext2_sync_begin(v->fs);
    int err;
    uint32_t tries = 0;
    while ((err = ext2_sync_poll(v->fs, &t)) == EXT2_WAIT && volume_waits(v, ++tries))
        ;
    return err;
}

/* --- paths ----------------------------------------------------------------------------------- */

int volume_parent(struct volume *v, const char *path, struct ext2_inode **dir,
                  struct ext2_name *name)
{
    int err = RUN(v, ext2_iget(v->fs, EXT2_ROOT_INO, dir));
    while (!err) {
        path += *path == '/';
        size_t len = strcspn(path, "/");
        *name = (struct ext2_name){path, len};
        if (path[len] == 0)
            return 0;
        uint32_t ino;
        struct ext2_inode *next = NULL;
        err = RUN(v, ext2_lookup(v->fs, *dir, name, &ino));
        if (!err)
            err = RUN(v, ext2_iget(v->fs, ino, &next));
        ext2_iput(v->fs, *dir);
        *dir = next;
        path += len;
    }
    return err;
}

int volume_walk(struct volume *v, const char *path, struct ext2_inode **ip)
{
    struct ext2_inode *dir;
    struct ext2_name name;
    uint32_t ino;
    if (path[0] == 0 || (path[0] == '/' && path[1] == 0))
        return RUN(v, ext2_iget(v->fs, EXT2_ROOT_INO, ip));
    int err = volume_parent(v, path, &dir, &name);
    if (err)
        return err;
    err = RUN(v, ext2_lookup(v->fs, dir, &name, &ino));
    if (!err)
        err = RUN(v, ext2_iget(v->fs, ino, ip));
    ext2_iput(v->fs, dir);
    return err;
}

static int make(struct volume *v, const char *path, const struct ext2_make *m)
{
    struct ext2_inode *dir;
    struct ext2_name name;
    uint32_t ino;
    int err = volume_parent(v, path, &dir, &name);
    if (err)
        return err;
    err = RUN(v, ext2_make(v->fs, dir, &name, m, &ino));
    ext2_iput(v->fs, dir);
    return err;
}

int volume_create(struct volume *v, const char *path, uint32_t mode)
{
    return make(v, path, &(struct ext2_make){.mode = mode, .uid = 70000, .now = ++v->clock});
}

int volume_symlink(struct volume *v, const char *path, const char *target)
{
    return make(v, path, &(struct ext2_make){.mode = EXT2_S_IFLNK | 0777,
                                             .target = target,
                                             .target_len = strlen(target),
                                             .now = ++v->clock});
}

int volume_link(struct volume *v, const char *from, const char *to)
{
    struct ext2_inode *ip, *dir;
    struct ext2_name name;
    int err = volume_walk(v, from, &ip);
    if (err)
        return err;
    err = volume_parent(v, to, &dir, &name);
    if (!err) {
        err = RUN(v, ext2_link(v->fs, dir, &name, ip, ++v->clock));
        ext2_iput(v->fs, dir);
    }
    ext2_iput(v->fs, ip);
    return err;
}

int volume_unlink(struct volume *v, const char *path)
{
    struct ext2_inode *dir;
    struct ext2_name name;
    int err = volume_parent(v, path, &dir, &name);
    if (err)
        return err;
    err = RUN(v, ext2_unlink(v->fs, dir, &name, ++v->clock));
    ext2_iput(v->fs, dir);
    return err;
}

int volume_rmdir(struct volume *v, const char *path)
{
    struct ext2_inode *dir;
    struct ext2_name name;
    int err = volume_parent(v, path, &dir, &name);
    if (err)
        return err;
    err = RUN(v, ext2_rmdir(v->fs, dir, &name, ++v->clock));
    ext2_iput(v->fs, dir);
    return err;
}

int volume_rename(struct volume *v, const char *from, const char *to)
{
    struct ext2_rename r = {.now = ++v->clock};
    int err = volume_parent(v, from, &r.from_dir, &r.from);
    if (err)
        return err;
    err = volume_parent(v, to, &r.to_dir, &r.to);
    if (!err) {
        err = RUN(v, ext2_rename(v->fs, &r));
        ext2_iput(v->fs, r.to_dir);
    }
    ext2_iput(v->fs, r.from_dir);
    return err;
}

int volume_truncate(struct volume *v, const char *path, uint64_t size)
{
    struct ext2_inode *ip;
    int err = volume_walk(v, path, &ip);
    if (err)
        return err;
    err = RUN(v, ext2_truncate(v->fs, ip, size, ++v->clock));
    ext2_iput(v->fs, ip);
    return err;
}

/* --- data ------------------------------------------------------------------------------------ */

int volume_write_block(struct volume *v, struct ext2_inode *ip, uint64_t fblock, const void *data)
{
    uint32_t bs = ext2_block_size(v->fs), cost = ext2_cost(v->fs, fblock, 1), block, used = 0;
    bool is_new = false;
    int err = RUN(v, ext2_reserve(v->fs, cost));
    if (err)
        return err;
    err = RUN(v, ext2_map_write(v->fs, ip, fblock, &block, &is_new));
    if (!err && !v->is_off)
        volume_disk_write(v, (uint64_t)block * bs, data, bs);
    if (!err && is_new) {
        cost--;
        err = RUN(v, ext2_write_done(v->fs, ip, fblock, 0, &used));
    }
    ext2_release(v->fs, cost - used);
    if (!err)
        err = RUN(v, ext2_wrote(v->fs, ip, (fblock + 1) * bs, ++v->clock));
    return err;
}

int volume_read_block(struct volume *v, struct ext2_inode *ip, uint64_t fblock, void *data)
{
    uint32_t bs = ext2_block_size(v->fs);
    struct ext2_run run;
    int err = RUN(v, ext2_map_read(v->fs, ip, fblock, 1, &run));
    if (err)
        return err;
    memset(data, 0, bs);
    if (run.block)
        memcpy(data, v->now + (uint64_t)run.block * bs, bs);
    return 0;
}

int volume_write(struct volume *v, const char *path, uint64_t fblock, uint32_t nblocks,
                 uint8_t fill)
{
    uint8_t data[4096];
    struct ext2_inode *ip;
    memset(data, fill, sizeof data);
    int err = volume_walk(v, path, &ip);
    if (err)
        return err;
    for (uint32_t i = 0; i < nblocks && !err; i++)
        err = volume_write_block(v, ip, fblock + i, data);
    ext2_iput(v->fs, ip);
    return err;
}
