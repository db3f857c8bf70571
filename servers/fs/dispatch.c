/* Events in: calls, peers' requests, completions, time. The dispatcher is total: whatever a program
 * sends gets a handler or an error. */
#include <servers/fs/handlers.h>
#include <proto/sysctl.h>
#include <string.h>

#define NO_LEN (-1)

void vfs_init(struct vfs *v, uint8_t *heap, size_t heap_bytes)
{
    uint32_t npages = (uint32_t)(heap_bytes / PAGE_SIZE / 2);
    npages = npages < PIPE_POOL_MAX ? npages : PIPE_POOL_MAX;
    v->heap = heap;
    v->heap_bytes = heap_bytes - npages * PAGE_SIZE;
    v->scratch = heap + v->heap_bytes - PAGE_SIZE;
    nodes_init(v);
    files_init(v);
    requests_init(v);
    pipe_pool_init(&v->pipe_pool, heap + v->heap_bytes, npages);
    lock_pool_init(&v->locks, v->lock_entries, VFS_LOCKS);
    tty_init(&v->tty);
}

void vfs_start(struct vfs *v)
{
    struct request *r = request_new(v, SOURCE_OWN, OWN_MOUNT, 0);
    r->out = v->out[1];
    request_run(v, r);
}

/* --- handlers -------------------------------------------------------------------------------- */

static request_fn *const call_handlers[] = {
    NULL,
#define MSG(name, req, rep) call_##name,
#include <proto/fs.def>
#undef MSG
};

static request_fn *const page_handlers[] = {
    NULL,
#define MSG(name, req, rep) page_##name,
#include <proto/pagefs.def>
#undef MSG
};

static request_fn *const life_handlers[] = {
    NULL,
#define MSG(name, req, rep) life_##name,
#include <proto/procfs.def>
#undef MSG
};

request_fn *request_handler(enum source source, uint32_t op)
{
    switch (source) {
    case SOURCE_CALL:
        return op < fs_OP_COUNT ? call_handlers[op] : NULL;
    case SOURCE_PAGER:
        return op < pagefs_OP_COUNT ? page_handlers[op] : NULL;
    case SOURCE_PROC:
        return op < procfs_OP_COUNT ? life_handlers[op] : NULL;
    case SOURCE_INIT:
        return op == sysctl_OP_quiesce ? init_quiesce : NULL;
    case SOURCE_OWN:
        return op == OWN_MOUNT ? own_mount : op == OWN_SETTLE ? own_settle : own_squeeze;
    }
    return NULL;
}

/* Which word of a call's request says how many bytes it has, or NO_LEN. */
static int len_word(uint32_t op)
{
    int word = NO_LEN, next = 0;
#define F(type, field)                                                                             \
    word = strcmp(#type, "len_t") == 0 ? next : word;                                              \
    next++;
#define MSG(name, req, rep)                                                                        \
    case fs_OP_##name:                                                                             \
        req break;
    switch (op) {
#include <proto/fs.def>
    default:
        break;
    }
#undef MSG
#undef F
    return word;
}

/* --- events ---------------------------------------------------------------------------------- */

/* => 0 and *nbytes cut to what the request announces, or ERR_BADMSG. */
static int check_call(uint32_t op, const uint64_t *words, uint32_t nwords, size_t *nbytes)
{
    int word = len_word(op);
    if (!request_handler(SOURCE_CALL, op) || nwords < fs_words(op).req || *nbytes > VFS_BYTES)
        return ERR_BADMSG;
    if (word == NO_LEN)
        return 0;
    if (words[word] > *nbytes)
        return ERR_BADMSG;
    *nbytes = words[word];
    return 0;
}

static void refuse(struct vfs *v, uint64_t reply, int status)
{
    v->ports.answer(v->ports.self, reply, status, NULL, 0, NULL, 0);
}

/* A process has one call at a time: an older one that still waits was broken off, and so was a write
 * in several parts unless this is its next. */
static int admit(struct vfs *v, badge_t badge, uint32_t op, const uint64_t *words)
{
    struct process *p = process_of(v, badge);
    if (!p || v->is_quiesced)
        return ERR_GONE;
    request_interrupt(v, badge);
    if (op != fs_OP_write || ((const struct fs_write_req *)(const void *)words)->done == 0)
        pipe_let_go(v, p);
    return 0;
}

void vfs_call(struct vfs *v, badge_t badge, uint64_t reply, uint32_t op, const uint64_t *words,
              uint32_t nwords, const uint8_t *bytes, size_t nbytes)
{
    int status = check_call(op, words, nwords, &nbytes);
    if (status == 0)
        status = admit(v, badge, op, words);
    struct request *r = status ? NULL : request_new(v, SOURCE_CALL, op, reply);
    if (!r) {
        refuse(v, reply, status ? status : ERR_NOMEM);
        return;
    }
    r->badge = badge;
    r->out = v->out[0];
    memcpy(r->arg, words, fs_words(op).req * sizeof *words);
    if (!request_keep_bytes(v, r, bytes, nbytes)) {
        request_abandon(v, r);
        refuse(v, reply, ERR_NOMEM);
        return;
    }
    request_run(v, r);
}

void vfs_request(struct vfs *v, enum server_id peer, uint32_t op, uint64_t cookie,
                 const uint64_t *words)
{
    enum source source = peer == SRV_PAGER ? SOURCE_PAGER : SOURCE_PROC;
    struct request *r = request_handler(source, op) ? request_new(v, source, op, cookie) : NULL;
    if (!r) {
        int status = request_handler(source, op) ? ERR_NOMEM : ERR_BADMSG;
        v->ports.complete(v->ports.self, peer, cookie, status, NULL, 0);
        return;
    }
    memcpy(r->arg, words, 7 * sizeof *words);
    r->out = v->out[1];
    request_run(v, r);
}

void vfs_quiesce(struct vfs *v, uint64_t cookie)
{
    struct request *r = request_new(v, SOURCE_INIT, sysctl_OP_quiesce, cookie);
    if (!r) {
        v->ports.complete(v->ports.self, SRV_INIT, cookie, ERR_NOMEM, NULL, 0);
        return;
    }
    r->out = v->out[1];
    request_run(v, r);
}

static void request_done(struct vfs *v, uint32_t id, int status, const uint64_t *words)
{
    struct request *r = &v->requests[id % VFS_REQUESTS];
    if (r->state == REQUEST_FREE || r->inflight == 0)
        return;
    r->inflight--;
    if (status < 0 && r->status == 0)
        r->status = status;
    if (r->source == SOURCE_OWN && r->op == OWN_MOUNT && status == 0 && words)
        memcpy(r->rep, words, 2 * sizeof *words);
    if (r->source == SOURCE_CALL && r->phase == TERMINAL_ASKED && status == 0 && words)
        r->value = words[0];
    if (r->inflight == 0 && r->state == REQUEST_EVENT && r->wait == WAIT_PEER)
        r->state = REQUEST_READY;
}

void vfs_completion(struct vfs *v, uint64_t cookie, int status, const uint64_t *words)
{
    uint32_t number = (uint32_t)cookie;
    v->disk_moved = v->disk_moved || v->is_quiesced;
    switch ((enum cookie_kind)(cookie >> 32)) {
    case COOKIE_REQUEST:
        request_done(v, number, status, words);
        break;
    case COOKIE_STREAM:
        stream_added(v, number, status);
        break;
    case COOKIE_DISCARD:
        node_discarded(v, &v->nodes[number % VFS_NODES], status);
        break;
    case COOKIE_EXT2:
        disk_done(v, number, status);
        break;
    case COOKIE_NONE:
        break;
    }
}

static void settle_in_background(struct vfs *v)
{
    struct request *r = v->ntouched ? request_new(v, SOURCE_OWN, OWN_SETTLE, 0) : NULL;
    if (r) {
        r->out = v->out[1];
        request_run(v, r);
    }
}

void vfs_tick(struct vfs *v)
{
    timeouts_wake(v);
    if (v->is_mounted && !v->is_quiesced && v->ticks >= v->tick_due) {
        v->tick_due = v->ticks + 5 * v->hz;
        settle_in_background(v);
        v->work_due = true;
        ext2_tick(v->fs);
    }
}

void vfs_pump(struct vfs *v)
{
    bool any;
    v->quiet_tries = 0;
    do {
        terminal_pump(v);
        any = requests_rerun(v);
        any = disk_pump(v) || any;
    } while (any);
}
