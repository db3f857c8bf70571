/* read and write: bytes that travel in messages. Regular files never come here: their bytes move in
 * the pager; those of pipes are in pipecall.c. A write that finds no room goes on where it was;
 * interrupted midway it says how far it came. */
#include <servers/fs/handlers.h>
#include <signal.h>
#include <string.h>

void send_signal(struct vfs *v, badge_t badge, uint64_t pgid, int signal)
{
    uint64_t words[] = {badge, pgid, (uint64_t)signal};
    if (v->ports.room(v->ports.self, SRV_PROC) > 0)
        v->ports.post(v->ports.self, SRV_PROC, fsproc_OP_signal, COOKIE(COOKIE_NONE, 0), words, 3);
}

int file_wait(struct request *r, const struct file *f, enum wait_kind wait, uint32_t id)
{
    bool once = r->op == fs_OP_read && REQ(fs, read, r)->flags & FS_NONBLOCK;
    if (f->flags & FS_NONBLOCK || once)
        return ERR_AGAIN;
    return r->is_interrupted ? ERR_INTR : request_park(r, wait, id);
}

int read_done(struct request *r, uint32_t n)
{
    r->nout = n;
    REP(fs, read, r)->len = n;
    return 0;
}

int write_done(struct request *r, uint32_t n)
{
    REP(fs, write, r)->moved = n;
    return 0;
}

/* --- reading --------------------------------------------------------------------------------- */

static int read_input(struct vfs *v, struct request *r, struct file *f, uint32_t max)
{
    size_t n = v->ports.get(v->ports.self, r->out, max);
    if (n == 0 && !v->ports.ended(v->ports.self))
        return file_wait(r, f, WAIT_INPUT, 0);
    return read_done(r, (uint32_t)n);
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
        return file_wait(r, f, WAIT_TTY, 0);
    return read_done(r, tty_read(&v->tty, r->out, max));
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
    REP(fs, read, r)->kind = file_kind(f);
    if (max == 0)
        return read_done(r, 0);
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        return pipe_read(v, r, f, max);
    case FILE_TTY:
        return read_tty(v, r, f, max);
    case FILE_INPUT:
        return read_input(v, r, f, max);
    case FILE_NULL:
        return read_done(r, 0);
    case FILE_ZERO:
    case FILE_FULL:
        memset(r->out, 0, max);
        return read_done(r, max);
    case FILE_RANDOM:
        random_stir(&v->random, &v->ticks, sizeof v->ticks);
        random_draw(&v->random, r->out, max);
        return read_done(r, max);
    case FILE_REGULAR:
        return f->status ? f->status : ERR_INVAL;
    default:
        return ERR_BADF;
    }
}

/* --- writing --------------------------------------------------------------------------------- */

/* After `r->done` bytes have gone: is it over? */
static int write_progress(struct request *r, struct file *f, enum wait_kind wait)
{
    if (r->done == r->nbytes || (r->done > 0 && (f->flags & FS_NONBLOCK || r->is_interrupted)))
        return write_done(r, r->done);
    return file_wait(r, f, wait, 0);
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
    REP(fs, write, r)->kind = file_kind(f);
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        return r->nbytes == 0 ? write_done(r, 0) : pipe_write(v, r, f);
    case FILE_TTY:
        return write_tty(v, r, f);
    case FILE_OUTPUT:
    case FILE_ERROR:
        return write_output(v, r, f);
    case FILE_NULL:
    case FILE_ZERO:
        return write_done(r, r->nbytes);
    case FILE_FULL:
        return r->nbytes ? ERR_NOSPC : write_done(r, 0);
    case FILE_RANDOM:
        random_stir(&v->random, r->bytes, r->nbytes);
        return write_done(r, r->nbytes);
    case FILE_REGULAR:
        return f->status ? f->status : ERR_INVAL;
    default:
        return ERR_BADF;
    }
}

int call_pending(struct vfs *v, struct request *r)
{
    const struct file *f = fd_file(v, caller(v, r), REQ(fs, pending, r)->fd);
    uint64_t *bytes = &REP(fs, pending, r)->bytes;
    if (!f)
        return ERR_BADF;
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        *bytes = pipe_ready(&v->pipes[f->pipe]);
        return 0;
    case FILE_TTY:
        *bytes = tty_pending(&v->tty);
        return 0;
    case FILE_INPUT:
        *bytes = v->ports.available(v->ports.self);
        return 0;
    case FILE_NULL:
        return 0;
    default:
        return ERR_INVAL;
    }
}
