/* Pipes as programs see them: who waits for whom, what belongs together, when it ends. The bytes are
 * in pipe.c.
 *
 * A write of at most FS_PIPE_BUF bytes goes in whole, though it may come in two messages: the first
 * takes the place of all and leaves them held, the second makes them readable. Meanwhile other
 * writers wait. A longer write goes in as there is room. */
#include <servers/fs/handlers.h>
#include <signal.h>

_Static_assert(FS_PIPE_BUF == PIPE_ATOMIC, "what programs are promised is what an empty pipe takes");

struct pipe *pipe_new(struct vfs *v)
{
    for (struct pipe *pipe = v->pipes; pipe < v->pipes + VFS_PIPES; pipe++) {
        if (pipe->is_used)
            continue;
        if (!pipe_open(&v->pipe_pool, pipe))
            return NULL;
        pipe->made_ns = pipe->read_ns = pipe->written_ns = v->now_ns;
        return pipe;
    }
    return NULL;
}

static uint32_t install_end(struct vfs *v, struct process *p, struct file *f, bool cloexec)
{
    uint32_t fd = fd_lowest(p, 0);
    fd_install(v, p, fd, f, cloexec);
    file_drop(v, f);
    return fd;
}

/* Descriptions of both ends, or none. */
static bool new_ends(struct vfs *v, uint32_t flags, struct file *end[2])
{
    end[0] = file_new(v, FILE_PIPE, FS_READ | flags);
    end[1] = end[0] ? file_new(v, FILE_PIPE, FS_WRITE | flags) : NULL;
    if (end[0] && !end[1]) {
        end[0]->kind = FILE_NULL; /* no pipe yet that it could leave */
        file_drop(v, end[0]);
    }
    return end[1];
}

int call_pipe(struct vfs *v, struct request *r)
{
    uint32_t flags = (uint32_t)REQ(fs, pipe, r)->flags;
    struct process *p = caller(v, r);
    struct file *end[2];
    uint32_t lowest = fd_lowest(p, 0);
    if (lowest == FS_MAX_FDS || fd_lowest(p, lowest + 1) == FS_MAX_FDS)
        return ERR_MFILE;
    struct pipe *pipe = pipe_new(v);
    if (!pipe)
        return ERR_NFILE;
    if (!new_ends(v, flags & FS_NONBLOCK, end)) {
        pipe_close(&v->pipe_pool, pipe);
        return ERR_NFILE;
    }
    pipe->readers = pipe->writers = pipe->reader_opens = pipe->writer_opens = 1;
    end[0]->pipe = end[1]->pipe = (uint16_t)(pipe - v->pipes);
    REP(fs, pipe, r)->reader = install_end(v, p, end[0], flags & FS_CLOEXEC);
    REP(fs, pipe, r)->writer = install_end(v, p, end[1], flags & FS_CLOEXEC);
    return 0;
}

int pipe_read(struct vfs *v, struct request *r, struct file *f, uint32_t max)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    if (pipe_ready(pipe) == 0)
        return pipe->writers == 0 ? read_done(r, 0) : file_wait(r, f, WAIT_PIPE, f->pipe);
    uint32_t n = pipe_get(&v->pipe_pool, pipe, r->out, max);
    pipe->read_ns = v->now_ns;
    request_wake(v, WAIT_PIPE, f->pipe);
    return read_done(r, n);
}

void pipe_let_go(struct vfs *v, struct process *p)
{
    uint32_t pipe = p->holds - 1u;
    if (p->holds == 0)
        return;
    p->holds = 0;
    if (v->pipes[pipe].held == 0 || v->pipes[pipe].holder != p->badge)
        return; /* nobody read it any more, and it was closed */
    pipe_drop_held(&v->pipe_pool, &v->pipes[pipe]);
    request_wake(v, WAIT_PIPE, pipe);
}

static int no_reader(struct vfs *v, struct request *r)
{
    pipe_let_go(v, caller(v, r));
    send_signal(v, r->badge, 0, SIGPIPE);
    return r->done > 0 ? write_done(r, r->done) : ERR_PIPE;
}

/* The caller's bytes are the next of those that are held for it. */
static int go_on(struct vfs *v, struct request *r, struct file *f)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    if (caller(v, r)->holds != f->pipe + 1u || pipe->held == 0 || pipe->holder != r->badge
        || pipe->filled != REQ(fs, write, r)->done || r->nbytes > pipe->held - pipe->filled)
        return ERR_BUSY;
    pipe_fill(&v->pipe_pool, pipe, r->bytes, r->nbytes);
    if (pipe->held == 0)
        caller(v, r)->holds = 0;
    return 0;
}

/* All of `total` bytes or none; the rest of them comes with the next calls. */
static int begin_whole(struct vfs *v, struct request *r, struct file *f, uint32_t total)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    if (pipe_room(&v->pipe_pool, pipe) < total)
        return file_wait(r, f, WAIT_PIPE, f->pipe);
    pipe_hold(&v->pipe_pool, pipe, r->badge, total);
    pipe_fill(&v->pipe_pool, pipe, r->bytes, r->nbytes);
    caller(v, r)->holds = pipe->held ? (uint16_t)(f->pipe + 1) : 0;
    return 0;
}

/* As much as there is room for now, and the rest as there will be. */
static int write_some(struct vfs *v, struct request *r, struct file *f)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    uint32_t room = pipe_room(&v->pipe_pool, pipe), left = r->nbytes - r->done;
    uint32_t n = room < left ? room : left;
    pipe_put(&v->pipe_pool, pipe, r->bytes + r->done, n);
    r->done += n;
    if (n > 0)
        request_wake(v, WAIT_PIPE, f->pipe);
    if (r->done == r->nbytes || (r->done > 0 && (f->flags & FS_NONBLOCK || r->is_interrupted)))
        return 0;
    return file_wait(r, f, WAIT_PIPE, f->pipe);
}

int pipe_write(struct vfs *v, struct request *r, struct file *f)
{
    const struct fs_write_req *q = REQ(fs, write, r);
    struct pipe *pipe = &v->pipes[f->pipe];
    uint64_t left = q->left > r->nbytes ? q->left : r->nbytes;
    bool is_whole = q->done < FS_PIPE_BUF && left <= FS_PIPE_BUF - q->done;
    int status;
    if (pipe->readers == 0)
        return no_reader(v, r);
    if (is_whole && q->done > 0)
        status = go_on(v, r, f);
    else if (pipe->held > 0)
        return r->is_interrupted ? ERR_INTR : request_park(r, WAIT_PIPE, f->pipe);
    else
        status = is_whole ? begin_whole(v, r, f, (uint32_t)left) : write_some(v, r, f);
    if (status)
        return status;
    pipe->written_ns = v->now_ns;
    if (pipe->held == 0)
        request_wake(v, WAIT_PIPE, f->pipe);
    return write_done(r, is_whole ? r->nbytes : r->done);
}
