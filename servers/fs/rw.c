/* read, write and readdir: bytes that travel in messages. Regular files never come here: their bytes
 * move in the pager. A write that finds no room waits whole (pipes) or goes on where it was
 * (terminal); interrupted midway it says how far it came. */
#include <servers/fs/handlers.h>
#include <signal.h>
#include <string.h>

void send_signal(struct vfs *v, badge_t badge, uint64_t pgid, int signal)
{
    uint64_t words[] = {badge, pgid, (uint64_t)signal};
    if (v->ports.room(v->ports.self, SRV_PROC) > 0)
        v->ports.post(v->ports.self, SRV_PROC, fsproc_OP_signal, COOKIE(COOKIE_NONE, 0), words, 3);
}

/* Nothing could move: wait, unless the caller does not want to. */
static int wait_for(struct request *r, const struct file *f, enum wait_kind wait, uint32_t id)
{
    if (f->flags & FS_NONBLOCK)
        return ERR_AGAIN;
    return r->is_interrupted ? ERR_INTR : request_park(r, wait, id);
}

/* --- reading --------------------------------------------------------------------------------- */

static int got(struct request *r, uint32_t n)
{
    r->nout = n;
    REP(fs, read, r)->len = n;
    return 0;
}

static int read_pipe(struct vfs *v, struct request *r, struct file *f, uint32_t max)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    if (pipe->len == 0)
        return pipe->writers == 0 ? got(r, 0) : wait_for(r, f, WAIT_PIPE, f->pipe);
    uint32_t n = pipe_get(&v->pipe_pool, pipe, r->out, max);
    request_wake(v, WAIT_PIPE, f->pipe);
    return got(r, n);
}

static int read_input(struct vfs *v, struct request *r, struct file *f, uint32_t max)
{
    size_t n = v->ports.get(v->ports.self, r->out, max);
    if (n == 0 && !v->ports.ended(v->ports.self))
        return wait_for(r, f, WAIT_INPUT, 0);
    return got(r, (uint32_t)n);
}

/* Raw mode's TIME, in tenths of a second. r->value: the deadline, 0 while it does not run. */
static bool tty_timed_out(struct vfs *v, struct request *r)
{
    const struct fs_termios *t = &v->tty.termios;
    uint64_t limit = (uint64_t)t->cc[FS_CC_TIME] * (v->hz / 10);
    bool is_timed = !(t->lflag & FS_L_ICANON) && limit > 0;
    bool runs = is_timed && (t->cc[FS_CC_MIN] == 0 || v->tty.in_len > 0);
    if (!runs)
        return !(t->lflag & FS_L_ICANON) && t->cc[FS_CC_MIN] == 0;
    if (r->value == 0 || (t->cc[FS_CC_MIN] > 0 && v->tty.in_len != r->done))
        r->value = v->ticks + limit;
    r->done = v->tty.in_len;
    return v->ticks >= r->value;
}

static int read_tty(struct vfs *v, struct request *r, struct file *f, uint32_t max)
{
    int status = terminal_access(v, r, SIGTTIN);
    if (status)
        return status;
    if (!tty_is_readable(&v->tty, max) && !tty_timed_out(v, r))
        return wait_for(r, f, WAIT_TTY, 0);
    return got(r, tty_read(&v->tty, r->out, max));
}

int call_read(struct vfs *v, struct request *r)
{
    const struct fs_read_req *q = REQ(fs, read, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    uint32_t max = q->max < VFS_BYTES ? (uint32_t)q->max : VFS_BYTES;
    if (!f || !(f->flags & FS_READ))
        return ERR_BADF;
    if (f->kind == FILE_DIRECTORY)
        return ERR_ISDIR;
    if (max == 0)
        return got(r, 0);
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        return read_pipe(v, r, f, max);
    case FILE_TTY:
        return read_tty(v, r, f, max);
    case FILE_INPUT:
        return read_input(v, r, f, max);
    case FILE_NULL:
        return got(r, 0);
    case FILE_ZERO:
        memset(r->out, 0, max);
        return got(r, max);
    case FILE_REGULAR:
        return f->status ? f->status : ERR_INVAL;
    default:
        return ERR_BADF;
    }
}

/* --- writing --------------------------------------------------------------------------------- */

static int moved(struct request *r, uint32_t n)
{
    REP(fs, write, r)->moved = n;
    return 0;
}

static int write_pipe(struct vfs *v, struct request *r, struct file *f)
{
    struct pipe *pipe = &v->pipes[f->pipe];
    if (pipe->readers == 0) {
        send_signal(v, r->badge, 0, SIGPIPE);
        return ERR_PIPE;
    }
    if (pipe_room(&v->pipe_pool, pipe) < r->nbytes)
        return wait_for(r, f, WAIT_PIPE, f->pipe);
    pipe_put(&v->pipe_pool, pipe, r->bytes, r->nbytes);
    request_wake(v, WAIT_PIPE, f->pipe);
    return moved(r, r->nbytes);
}

/* After `r->done` bytes have gone: is it over? */
static int write_progress(struct request *r, struct file *f, enum wait_kind wait)
{
    if (r->done == r->nbytes || (r->done > 0 && (f->flags & FS_NONBLOCK || r->is_interrupted)))
        return moved(r, r->done);
    return wait_for(r, f, wait, 0);
}

static int write_tty(struct vfs *v, struct request *r, struct file *f)
{
    if (v->tty.termios.lflag & FS_L_TOSTOP && r->done == 0) {
        int status = terminal_access(v, r, SIGTTOU);
        if (status)
            return status;
    }
    if (v->tty.is_hung_up)
        return ERR_IO;
    uint32_t n;
    do {
        n = tty_write(&v->tty, r->bytes + r->done, r->nbytes - r->done);
        r->done += n;
        terminal_pump(v);
    } while (n > 0 && r->done < r->nbytes);
    return write_progress(r, f, WAIT_TTY);
}

static int write_output(struct vfs *v, struct request *r, struct file *f)
{
    enum byte_ring ring = f->kind == FILE_ERROR ? BYTES_ERR : BYTES_OUT;
    r->done += (uint32_t)v->ports.put(v->ports.self, ring, r->bytes + r->done, r->nbytes - r->done);
    return write_progress(r, f, WAIT_OUTPUT);
}

int call_write(struct vfs *v, struct request *r)
{
    struct file *f = fd_file(v, caller(v, r), REQ(fs, write, r)->fd);
    if (!f || !(f->flags & FS_WRITE))
        return ERR_BADF;
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        return r->nbytes == 0 ? moved(r, 0) : write_pipe(v, r, f);
    case FILE_TTY:
        return write_tty(v, r, f);
    case FILE_OUTPUT:
    case FILE_ERROR:
        return write_output(v, r, f);
    case FILE_NULL:
    case FILE_ZERO:
        return moved(r, r->nbytes);
    case FILE_REGULAR:
        return f->status ? f->status : ERR_INVAL;
    default:
        return ERR_BADF;
    }
}
