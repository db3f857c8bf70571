/* See world.h. */
#include "world.h"
#include <assert.h>
#include <proto/blk.h>
#include <proto/sysctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512u

uint32_t world_rand(struct world *w)
{
    w->random = w->random * 1664525u + 1013904223u;
    return w->random >> 8;
}

/* --- ports ----------------------------------------------------------------------------------- */

static void port_answer(void *self, uint64_t reply, int status, const uint64_t *words,
                        uint32_t nwords, const void *bytes, size_t len)
{
    struct world *w = self;
    struct world_answer *a = &w->answer[reply];
    assert(!a->is_there && len <= VFS_BYTES && nwords <= 4);
    *a = (struct world_answer){.is_there = true, .status = status, .nbytes = len};
    if (nwords)
        memcpy(a->word, words, nwords * sizeof *words);
    if (len)
        memcpy(a->bytes, bytes, len);
}

static void post_io(struct world *w, uint32_t op, uint64_t cookie, const uint64_t *words, uint32_t n)
{
    struct world_io *io = &w->io[w->nio++];
    *io = (struct world_io){.op = op, .cookie = cookie};
    memcpy(io->word, words, n * sizeof *words);
}

static void post_proc(struct world *w, uint32_t op, const uint64_t *words)
{
    if (op == fsproc_OP_background) {
        w->background = words[1];
        w->nbackground++;
        return;
    }
    w->last_badge = words[0];
    w->last_pgid = words[1];
    w->last_signal = words[2];
    w->nsignals++;
}

static void port_post(void *self, enum server_id peer, uint32_t op, uint64_t cookie,
                      const uint64_t *words, uint32_t nwords)
{
    struct world *w = self;
    if (peer == SRV_BLK) {
        post_io(w, op, cookie, words, nwords);
        return;
    }
    if (peer == SRV_PROC)
        post_proc(w, op, words);
    struct world_post *p = &w->post[w->nposts++];
    *p = (struct world_post){.peer = peer, .op = op, .cookie = cookie};
    memcpy(p->word, words, nwords * sizeof *words);
}

static uint32_t port_room(void *self, enum server_id peer)
{
    struct world *w = self;
    return peer == SRV_BLK ? WORLD_IO - w->nio : WORLD_POSTS - w->nposts;
}

static bool port_has_backlog(void *self, enum server_id peer)
{
    struct world *w = self;
    return w->nposts > 28;
}

static void port_complete(void *self, enum server_id peer, uint64_t cookie, int status,
                          const uint64_t *words, uint32_t nwords)
{
    struct world *w = self;
    if (peer == SRV_INIT) {
        w->is_quiesced = true;
        w->quiesce_status = status;
        return;
    }
    if (cookie != w->cookie)
        return;
    w->ring_answer = (struct world_answer){.is_there = true, .status = status};
    if (nwords)
        memcpy(w->ring_answer.word, words, nwords * sizeof *words);
}

static void port_ready(void *self, int status)
{
    struct world *w = self;
    w->is_ready = true;
    w->ready_status = status;
}

static size_t port_put(void *self, enum byte_ring ring, const void *bytes, size_t len)
{
    struct world *w = self;
    size_t n = len < w->out_room ? len : w->out_room;
    memcpy(w->out + w->out_len, bytes, n);
    w->out_len += n;
    w->out_room -= n;
    w->err_len += ring == BYTES_ERR ? n : 0;
    return n;
}

static size_t port_available(void *self)
{
    struct world *w = self;
    return w->in_len - w->in_at;
}

static size_t port_get(void *self, void *bytes, size_t max)
{
    struct world *w = self;
    size_t n = port_available(w) < max ? port_available(w) : max;
    memcpy(bytes, w->in + w->in_at, n);
    w->in_at += n;
    return n;
}

static bool port_ended(void *self)
{
    struct world *w = self;
    return w->in_ended && port_available(w) == 0;
}

static void port_log(void *self, const char *line)
{
    struct world *w = self;
    size_t len = strlen(w->log);
    snprintf(w->log + len, sizeof w->log - len, "%s\n", line);
}

static const struct vfs_ports ports = {
    .answer = port_answer, .post = port_post, .room = port_room, .has_backlog = port_has_backlog,
    .complete = port_complete, .ready = port_ready, .put = port_put, .get = port_get,
    .available = port_available, .ended = port_ended, .log = port_log,
};

/* --- the disk -------------------------------------------------------------------------------- */

static uint8_t *dma(struct world *w, const struct world_io *io)
{
    assert(io->word[4] + io->word[5] <= PAGE_SIZE && io->word[4] % SECTOR == 0 && io->word[5] > 0
           && io->word[5] % SECTOR == 0);
    if (io->word[2] == BLK_MEM_FS) {
        assert(io->word[3] < WORLD_HEAP / PAGE_SIZE);
        return w->v.heap + io->word[3] * PAGE_SIZE + io->word[4];
    }
    assert(io->word[2] == BLK_MEM_PAGER && io->word[3] < WORLD_FRAMES);
    return w->frame[io->word[3]] + io->word[4];
}

static int transfer(struct world *w, const struct world_io *io)
{
    uint64_t at = io->word[1] * SECTOR;
    if (at + io->word[5] > w->image_bytes)
        return ERR_RANGE;
    if (io->op == blk_OP_read)
        memcpy(dma(w, io), w->image + at, io->word[5]);
    else
        memcpy(w->image + at, dma(w, io), io->word[5]);
    return 0;
}

static void one_io(struct world *w)
{
    uint32_t which = w->random ? world_rand(w) % w->nio : 0;
    struct world_io io = w->io[which];
    uint64_t info[2] = {w->image_bytes / SECTOR, w->read_only};
    memmove(&w->io[which], &w->io[which + 1], (--w->nio - which) * sizeof io);
    bool fails = ++w->ios == w->fail_at || (w->fails_on && w->fail_at && w->ios > w->fail_at);
    int status = fails ? ERR_IO : io.op == blk_OP_info || io.op == blk_OP_flush ? 0 : transfer(w, &io);
    vfs_completion(&w->v, io.cookie, status, info);
}

/* --- the pager ------------------------------------------------------------------------------- */

struct world_object *world_object(struct world *w, uint64_t ino)
{
    for (uint32_t i = 0; i < WORLD_OBJECTS; i++)
        if (w->object[i].is_live && w->object[i].ino == ino)
            return &w->object[i];
    return NULL;
}

static void add_stream(struct world *w, const uint64_t *word)
{
    struct world_object *o = world_object(w, word[3]);
    if (o && o->generation != word[1] >> 32)
        o = NULL; /* idle was said in its name (random messages) */
    for (uint32_t i = 0; !o && i < WORLD_OBJECTS; i++)
        if (!w->object[i].is_live)
            *(o = &w->object[i]) = (struct world_object){word[3], word[1] >> 32, word[5], true, 0};
    assert(o);
    o->streams++;
    w->adds++;
}

static int one_page_post(struct world *w, const struct world_post *p)
{
    struct world_object *o = world_object(w, p->op == fspage_OP_stream_add ? 0 : p->word[0]);
    switch (p->op) {
    case fspage_OP_stream_add:
        add_stream(w, p->word);
        return 0;
    case fspage_OP_stream_drop:
        w->drops++;
        return 0;
    case fspage_OP_truncate:
        if (o)
            o->size = p->word[2];
        return 0;
    case fspage_OP_discard:
        w->discards++;
        if (w->discard_is_busy)
            return ERR_BUSY;
        if (o)
            o->is_live = false;
        return 0;
    default:
        return 0;
    }
}

static void one_post(struct world *w)
{
    struct world_post p = w->post[0];
    memmove(&w->post[0], &w->post[1], --w->nposts * sizeof p);
    bool is_background = p.peer == SRV_PROC && p.op == fsproc_OP_background;
    int status = p.peer == SRV_PAGER ? one_page_post(w, &p)
               : is_background       ? w->background_status : 0;
    vfs_completion(&w->v, p.cookie, status, is_background ? &w->held : NULL);
}

/* --- running --------------------------------------------------------------------------------- */

void world_run(struct world *w)
{
    vfs_pump(&w->v);
    while ((w->nio > 0 && !w->is_held) || (w->nposts > 0 && !w->pager_is_held)) {
        if (w->nposts > 0 && !w->pager_is_held)
            one_post(w);
        if (w->nio > 0 && !w->is_held)
            one_io(w);
        vfs_pump(&w->v);
    }
}

struct world *world_without_disk(void)
{
    struct world *w = calloc(1, sizeof *w);
    uint8_t *heap = aligned_alloc(PAGE_SIZE, WORLD_HEAP);
    memset(heap, 0, WORLD_HEAP);
    vfs_init(&w->v, heap, WORLD_HEAP);
    w->v.ports = ports;
    w->v.ports.self = w;
    w->v.now_ns = 1700000000ul * 1000000000u;
    w->v.hz = 10000000;
    w->out_room = WORLD_TEXT;
    return w;
}

static void load(struct world *w, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert(f);
    w->image = malloc(w->image_bytes);
    size_t n = fread(w->image, 1, w->image_bytes, f);
    assert(n == w->image_bytes);
    fclose(f);
}

struct world *world_new(const char *options, const char *tree, size_t bytes)
{
    char path[] = "/tmp/fs-test-XXXXXX", command[512];
    struct world *w = world_without_disk();
    int fd = mkstemp(path);
    w->image_bytes = bytes;
    snprintf(command, sizeof command, "mke2fs -q -F -t ext2 %s %s%s %s %zuk", options,
             tree ? "-d " : "", tree ? tree : "", path, bytes / 1024);
    int status = system(command);
    assert(fd >= 0 && status == 0);
    load(w, path);
    close(fd);
    unlink(path);
    return w;
}

void world_free(struct world *w)
{
    free(w->image);
    free(w->v.heap);
    free(w);
}

int world_start(struct world *w)
{
    vfs_start(&w->v);
    world_run(w);
    assert(w->is_ready);
    return w->ready_status;
}

void world_request_begin(struct world *w, enum server_id peer, uint32_t op, const uint64_t *words,
                         uint32_t nwords)
{
    uint64_t seven[7] = {0};
    memcpy(seven, words, nwords * sizeof *words);
    w->ring_answer.is_there = false;
    vfs_request(&w->v, peer, op, ++w->cookie, seven);
}

int world_request(struct world *w, enum server_id peer, uint32_t op, const uint64_t *words,
                  uint32_t nwords)
{
    world_request_begin(w, peer, op, words, nwords);
    world_run(w);
    return w->ring_answer.is_there ? w->ring_answer.status : WORLD_PARKED;
}

int world_create(struct world *w, uint32_t slot, uint64_t pid)
{
    return world_request(w, SRV_PROC, procfs_OP_create, (uint64_t[]){BADGE(slot), pid, pid}, 3);
}

int world_clone(struct world *w, uint32_t parent, uint32_t child, uint64_t pid)
{
    uint64_t words[] = {BADGE(parent), BADGE(child), pid, w->v.processes[parent].pgid};
    return world_request(w, SRV_PROC, procfs_OP_clone, words, 4);
}

int world_destroy(struct world *w, uint32_t slot)
{
    return world_request(w, SRV_PROC, procfs_OP_destroy, (uint64_t[]){BADGE(slot)}, 1);
}

int world_status(struct world *w, uint32_t slot)
{
    return w->answer[slot].is_there ? w->answer[slot].status : WORLD_PARKED;
}

int world_call_begin(struct world *w, uint32_t slot, uint32_t op, const uint64_t *words,
                     uint32_t nwords, const void *bytes, size_t len)
{
    static uint8_t payload[VFS_BYTES];
    uint64_t eight[8] = {0};
    if (nwords)
        memcpy(eight, words, nwords * sizeof *words);
    if (len)
        memcpy(payload, bytes, len);
    w->answer[slot].is_there = false;
    vfs_call(&w->v, BADGE(slot), slot, op, eight, nwords, payload, len);
    return world_status(w, slot);
}

int world_call(struct world *w, uint32_t slot, uint32_t op, const uint64_t *words, uint32_t nwords,
               const void *bytes, size_t len)
{
    world_call_begin(w, slot, op, words, nwords, bytes, len);
    world_run(w);
    return world_status(w, slot);
}

/* --- shorthands ------------------------------------------------------------------------------ */

static long value(struct world *w, uint32_t slot, int status)
{
    return status == 0 ? (long)w->answer[slot].word[0] : status;
}

long w_open(struct world *w, uint32_t slot, const char *path, uint64_t flags, uint64_t mode)
{
    uint64_t words[] = {FS_CWD, flags, mode, strlen(path)};
    int status = world_call(w, slot, fs_OP_open, words, 4, path, strlen(path));
    return status == WORLD_PARKED ? -1000 : value(w, slot, status);
}

int w_close(struct world *w, uint32_t slot, uint64_t fd)
{
    return world_call(w, slot, fs_OP_close, &fd, 1, NULL, 0);
}

long w_read(struct world *w, uint32_t slot, uint64_t fd, uint64_t max)
{
    int status = world_call(w, slot, fs_OP_read, (uint64_t[]){fd, max, 0}, 3, NULL, 0);
    return status == WORLD_PARKED ? -1000 : value(w, slot, status);
}

long w_write(struct world *w, uint32_t slot, uint64_t fd, const void *bytes, size_t len)
{
    int status = world_call(w, slot, fs_OP_write, (uint64_t[]){fd, len, 0, len}, 4, bytes, len);
    return status == WORLD_PARKED ? -1000 : value(w, slot, status);
}

int w_path(struct world *w, uint32_t slot, uint32_t op, const char *path, uint64_t arg)
{
    uint64_t words[] = {FS_CWD, arg, strlen(path), 0};
    if (fs_words(op).req == 2)
        return world_call(w, slot, op, (uint64_t[]){FS_CWD, strlen(path)}, 2, path, strlen(path));
    return world_call(w, slot, op, words, fs_words(op).req, path, strlen(path));
}

int w_two(struct world *w, uint32_t slot, uint32_t op, const char *from, const char *to)
{
    char both[2 * FS_PATH_MAX];
    int len = snprintf(both, sizeof both, "%s%s", from, to);
    uint64_t words[] = {FS_CWD, FS_CWD, strlen(from), (uint64_t)len, 0};
    return world_call(w, slot, op, words, fs_words(op).req, both, (size_t)len);
}

int w_symlink(struct world *w, uint32_t slot, const char *target, const char *path)
{
    char both[2 * FS_PATH_MAX];
    int len = snprintf(both, sizeof both, "%s%s", target, path);
    uint64_t words[] = {FS_CWD, strlen(target), (uint64_t)len};
    return world_call(w, slot, fs_OP_symlink, words, 3, both, (size_t)len);
}

int w_stat(struct world *w, uint32_t slot, const char *path, struct fs_stat *out)
{
    int status = w_path(w, slot, fs_OP_stat, path, 0);
    if (status == 0)
        memcpy(out, w->answer[slot].bytes, sizeof *out);
    return status;
}

/* --- the pager's requests -------------------------------------------------------------------- */

int w_fill(struct world *w, uint64_t ino, uint64_t index, uint8_t *page)
{
    struct world_object *o = world_object(w, ino);
    uint64_t words[] = {ino, o->generation, index, 3};
    memset(w->frame[3], 0xee, PAGE_SIZE);
    int status = world_request(w, SRV_PAGER, pagefs_OP_fill, words, 4);
    uint64_t hole = w->ring_answer.word[0];
    if (status)
        return status;
    memcpy(page, w->frame[3], PAGE_SIZE);
    for (uint32_t q = 0; q < 4; q++)
        if (hole == 1 || hole & PAGEFS_HOLE(q))
            memset(page + q * 1024, 0, 1024);
    uint64_t start = index * PAGE_SIZE;
    uint64_t valid = o->size <= start ? 0 : o->size - start < PAGE_SIZE ? o->size - start : PAGE_SIZE;
    memset(page + valid, 0, PAGE_SIZE - valid);
    return 0;
}

int w_write_page(struct world *w, uint64_t ino, uint64_t index, const uint8_t *page, uint64_t bytes)
{
    struct world_object *o = world_object(w, ino);
    uint64_t credit[] = {ino, o->generation, index};
    int status = world_request(w, SRV_PAGER, pagefs_OP_credit, credit, 3);
    if (status)
        return status;
    uint64_t words[] = {ino, o->generation, index, 5, bytes, w->ring_answer.word[0]};
    memcpy(w->frame[5], page, PAGE_SIZE);
    uint64_t end = index * PAGE_SIZE + bytes;
    if (end > o->size)
        w_set_size(w, ino, end);
    return world_request(w, SRV_PAGER, pagefs_OP_write, words, 6);
}

int w_set_size(struct world *w, uint64_t ino, uint64_t size)
{
    struct world_object *o = world_object(w, ino);
    o->size = size;
    return world_request(w, SRV_PAGER, pagefs_OP_size, (uint64_t[]){ino, o->generation, size}, 3);
}

int world_quiesce(struct world *w)
{
    vfs_quiesce(&w->v, 1);
    world_run(w);
    assert(w->is_quiesced);
    return w->quiesce_status;
}

int world_fsck(struct world *w)
{
    char path[] = "/tmp/fs-test-XXXXXX", command[256];
    int fd = mkstemp(path);
    ssize_t n = write(fd, w->image, w->image_bytes);
    assert(n == (ssize_t)w->image_bytes);
    close(fd);
    snprintf(command, sizeof command, "e2fsck -fn %s >%s.log 2>&1 || { cat %s.log; false; }", path,
             path, path);
    int status = system(command);
    snprintf(command, sizeof command, "rm -f %s.log", path);
    status = system(command) || status;
    unlink(path);
    return status;
}
