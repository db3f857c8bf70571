/* Descriptor tables and open file descriptions. */
#include <servers/fs/process.h>
#include <servers/fs/node.h>
#include <servers/fs/request.h>
#include <proto/fspage.h>
#include <proto/proto.h>

/* --- descriptions ---------------------------------------------------------------------------- */

void files_init(struct vfs *v)
{
    for (uint32_t i = VFS_FILES; i-- > 0;) {
        v->files[i].next = v->file_free;
        v->file_free = &v->files[i];
    }
}

struct file *file_new(struct vfs *v, enum file_kind kind, uint32_t flags)
{
    uint32_t kept = FS_READ | FS_WRITE | FS_APPEND | FS_NONBLOCK | FS_SYNC;
    struct file *f = v->file_free;
    if (!f)
        return NULL;
    v->file_free = f->next;
    *f = (struct file){.kind = (uint8_t)kind, .flags = flags & kept, .refs = 1,
                       .generation = f->generation + 1};
    return f;
}

void file_ref(struct file *f)
{
    f->refs++;
}

static void leave_pipe(struct vfs *v, struct file *f)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    pipe->readers -= (f->flags & FS_READ) != 0;
    pipe->writers -= (f->flags & FS_WRITE) != 0;
    request_wake(v, WAIT_PIPE, f->pipe);
    if (pipe->readers > 0 || pipe->writers > 0)
        return;
    pipe_close(&v->pipe_pool, pipe);
    if (f->node)
        f->node->pipe = 0;
}

/* Locks that belong to the description itself. */
static void release_own_locks(struct vfs *v, const struct file *f)
{
    uint32_t owner = file_owner(v, f);
    bool any = lock_release(&v->locks, &f->node->flocks, owner);
    any = lock_release(&v->locks, &f->node->locks, owner) || any;
    if (any)
        request_wake(v, WAIT_LOCK, node_id(v, f->node));
}

void file_drop(struct vfs *v, struct file *f)
{
    struct node *n = f->node;
    if (--f->refs > 0)
        return;
    if (n && (n->locks || n->flocks))
        release_own_locks(v, f);
    if (f->kind == FILE_PIPE)
        leave_pipe(v, f);
    f->kind = FILE_FREE;
    f->node = NULL;
    f->next = v->file_free;
    v->file_free = f;
    if (n)
        node_drop(v, n);
}

uint64_t file_stream_flags(const struct file *f)
{
    return (f->flags & FS_READ ? STREAM_READ : 0u) | (f->flags & FS_WRITE ? STREAM_WRITE : 0u)
           | (f->flags & FS_APPEND ? STREAM_APPEND : 0u) | (f->flags & FS_SYNC ? STREAM_SYNC : 0u);
}

uint64_t file_stream(const struct vfs *v, const struct file *f)
{
    return (uint64_t)f->generation << 16 | (uint64_t)(f - v->files);
}

enum fs_kind file_kind(const struct file *f)
{
    switch ((enum file_kind)f->kind) {
    case FILE_REGULAR:
        return FS_KIND_FILE;
    case FILE_DIRECTORY:
        return FS_KIND_DIR;
    case FILE_PIPE:
        return FS_KIND_PIPE;
    case FILE_TTY:
        return FS_KIND_TTY;
    default:
        return FS_KIND_DEVICE;
    }
}

/* --- processes ------------------------------------------------------------------------------- */

struct process *process_of(struct vfs *v, badge_t badge)
{
    uint32_t slot = BADGE_SLOT(badge);
    if (slot >= POOL_SLOTS || badge == 0 || v->processes[slot].badge != badge)
        return NULL;
    return &v->processes[slot];
}

struct process *process_new(struct vfs *v, badge_t badge)
{
    uint32_t slot = BADGE_SLOT(badge);
    if (slot >= POOL_SLOTS || badge == 0 || v->processes[slot].badge != 0)
        return NULL;
    v->processes[slot] = (struct process){.badge = badge, .umask = 022, .fd_limit = FS_MAX_FDS};
    return &v->processes[slot];
}

/* --- descriptors ----------------------------------------------------------------------------- */

struct file *fd_file(struct vfs *v, const struct process *p, uint64_t fd)
{
    if (fd >= FS_MAX_FDS || p->fd[fd] == 0)
        return NULL;
    return &v->files[p->fd[fd] - 1];
}

uint32_t fd_lowest(const struct process *p, uint64_t min)
{
    uint32_t fd = min < FS_MAX_FDS ? (uint32_t)min : FS_MAX_FDS;
    while (fd < p->fd_limit && p->fd[fd] != 0)
        fd++;
    return fd < p->fd_limit ? fd : FS_MAX_FDS;
}

void fd_set_cloexec(struct process *p, uint32_t fd, bool on)
{
    uint64_t bit = 1ul << fd % 64;
    p->cloexec[fd / 64] = on ? p->cloexec[fd / 64] | bit : p->cloexec[fd / 64] & ~bit;
}

#define WAS_LIVE 0x8000u /* in the number of a stream_add: its object was live before */

static void stream_add(struct vfs *v, struct process *p, uint32_t fd, struct file *f)
{
    struct node *n = f->node;
    uint64_t flags = file_stream_flags(f) | (node_needs_atime(v, n) ? STREAM_ATIME : 0);
    uint64_t words[] = {p->badge, fd | (uint64_t)n->generation << 32, file_stream(v, f), n->ino,
                        flags, n->size};
    uint32_t number = (uint32_t)(f - v->files) | node_id(v, n) << 16 | (n->is_live ? WAS_LIVE : 0);
    n->adds++;
    n->is_live = true;
    v->ports.post(v->ports.self, SRV_PAGER, fspage_OP_stream_add, COOKIE(COOKIE_STREAM, number),
                  words, 6);
}

void stream_added(struct vfs *v, uint32_t number, int status)
{
    struct file *f = &v->files[number % WAS_LIVE % VFS_FILES];
    struct node *n = &v->nodes[(number >> 16) % VFS_NODES];
    n->adds--;
    if (status < 0) {
        if (f->kind == FILE_REGULAR && f->node == n)
            f->status = status;
        if (!(number & WAS_LIVE) && n->adds == 0)
            n->is_live = false;
    }
    node_let_go(v, n);
}

void fd_install(struct vfs *v, struct process *p, uint32_t fd, struct file *f, bool cloexec)
{
    file_ref(f);
    p->fd[fd] = (uint16_t)(f - v->files + 1);
    if (fd >= p->fd_end)
        p->fd_end = (uint32_t)fd + 1;
    fd_set_cloexec(p, fd, cloexec);
    if (f->kind == FILE_REGULAR)
        stream_add(v, p, fd, f);
}

static void close_quietly(struct vfs *v, struct process *p, uint32_t fd)
{
    struct file *f = fd_file(v, p, fd);
    p->fd[fd] = 0;
    fd_set_cloexec(p, fd, false);
    if (f->node && lock_release(&v->locks, &f->node->locks, process_slot(v, p)))
        request_wake(v, WAIT_LOCK, node_id(v, f->node));
    file_drop(v, f);
}

void fd_close(struct vfs *v, struct process *p, uint32_t fd)
{
    uint64_t words[] = {p->badge, fd};
    if (fd_file(v, p, fd)->kind == FILE_REGULAR)
        v->ports.post(v->ports.self, SRV_PAGER, fspage_OP_stream_drop, COOKIE(COOKIE_NONE, 0),
                      words, 2);
    close_quietly(v, p, fd);
}

void process_end(struct vfs *v, struct process *p)
{
    pipe_let_go(v, p);
    for (uint32_t fd = 0; fd < p->fd_end; fd++)
        if (p->fd[fd])
            close_quietly(v, p, fd);
    if (p->cwd)
        node_drop(v, p->cwd);
    p->badge = 0;
}
