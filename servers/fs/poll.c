/* poll, and everything else that waits for a time. A poll is looked at again whenever a pipe, the
 * terminal or the host's bytes move. */
#include <servers/fs/handlers.h>
#include <string.h>

#define NEVER (~0ul)

static int poll_pipe(struct vfs *v, const struct file *f)
{
    const struct pipe *pipe = &v->pipes[f->pipe];
    int events = 0;
    if (f->flags & FS_READ)
        events |= (pipe_ready(pipe) > 0 ? FS_POLLIN : 0)
                  | (pipe->writers == 0 && pipe->writer_opens != f->seen ? FS_POLLHUP : 0);
    if (f->flags & FS_WRITE)
        events |= pipe->readers == 0 ? FS_POLLERR
                : pipe_room(&v->pipe_pool, pipe) >= FS_PIPE_BUF ? FS_POLLOUT : 0;
    return events;
}

/* What could be done with `f` without waiting. */
static int poll_file(struct vfs *v, const struct file *f)
{
    switch ((enum file_kind)f->kind) {
    case FILE_PIPE:
        return poll_pipe(v, f);
    case FILE_TTY:
        return (tty_is_readable(&v->tty, v->tty.termios.cc[FS_CC_TIME] ? 1 : TTY_IN) ? FS_POLLIN : 0)
               | (tty_is_writable(&v->tty) ? FS_POLLOUT : 0)
               | (v->tty.is_hung_up ? FS_POLLHUP : 0);
    case FILE_INPUT:
        return v->ports.available(v->ports.self) > 0 || v->ports.ended(v->ports.self) ? FS_POLLIN
                                                                                      : 0;
    default:
        return FS_POLLIN | FS_POLLOUT;
    }
}

static int poll_one(struct vfs *v, struct process *p, struct fs_pollfd *pfd)
{
    int always = FS_POLLERR | FS_POLLHUP | FS_POLLNVAL;
    pfd->revents = 0;
    if (pfd->fd < 0)
        return 0;
    struct file *f = fd_file(v, p, (uint64_t)pfd->fd);
    int events = f ? poll_file(v, f) : FS_POLLNVAL;
    events |= (events & FS_POLLIN ? FS_POLLRDNORM : 0) | (events & FS_POLLOUT ? FS_POLLWRNORM : 0);
    pfd->revents = (int16_t)(events & (pfd->events | always));
    return pfd->revents != 0;
}

int call_poll(struct vfs *v, struct request *r)
{
    const struct fs_poll_req *q = REQ(fs, poll, r);
    uint64_t ready = 0;
    if (q->n > VFS_BYTES / sizeof(struct fs_pollfd))
        return ERR_INVAL;
    if (q->n * sizeof(struct fs_pollfd) != r->nbytes)
        return ERR_BADMSG;
    for (uint32_t i = 0; i < q->n; i++) {
        struct fs_pollfd pfd;
        memcpy(&pfd, r->bytes + i * sizeof pfd, sizeof pfd);
        ready += (uint64_t)poll_one(v, caller(v, r), &pfd);
        memcpy(r->out + i * sizeof pfd, &pfd, sizeof pfd);
    }
    if (ready == 0 && r->is_interrupted)
        return ERR_INTR;
    if (ready == 0 && q->until != 0 && v->ticks < q->until)
        return request_park(r, WAIT_POLL, 0);
    r->nout = r->nbytes;
    REP(fs, poll, r)->ready = ready;
    REP(fs, poll, r)->len = r->nout;
    return 0;
}

/* --- time ------------------------------------------------------------------------------------ */

static uint64_t deadline_of(const struct request *r)
{
    if (r->state != REQUEST_EVENT || r->source != SOURCE_CALL)
        return NEVER;
    if (r->op == fs_OP_poll && r->wait == WAIT_POLL)
        return REQ(fs, poll, r)->until;
    return r->op == fs_OP_read && r->wait == WAIT_TTY && r->value ? r->value : NEVER;
}

uint64_t vfs_deadline(const struct vfs *v)
{
    uint64_t first = v->is_mounted && !v->is_quiesced ? v->tick_due : NEVER;
    for (const struct request *r = v->parked_first; r; r = r->next)
        first = deadline_of(r) < first ? deadline_of(r) : first;
    return first;
}

void timeouts_wake(struct vfs *v)
{
    for (struct request *r = v->parked_first; r; r = r->next)
        if (deadline_of(r) <= v->ticks)
            r->state = REQUEST_READY;
}
