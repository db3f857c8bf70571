/* The terminal's calls, and its bytes to and from the console. */
#include <servers/fs/handlers.h>
#include <signal.h>
#include <string.h>

static void drain(struct vfs *v)
{
    const uint8_t *bytes;
    uint32_t n, all = v->tty.out_len;
    while ((n = tty_output(&v->tty, &bytes)) > 0) {
        size_t put = v->ports.put(v->ports.self, BYTES_OUT, bytes, n);
        tty_sent(&v->tty, (uint32_t)put);
        if (put < n)
            break;
    }
    if (v->tty.out_len < all)
        request_wake(v, WAIT_TTY, 0);
}

static void key(struct vfs *v, uint8_t byte)
{
    int signal = tty_input(&v->tty, byte);
    if (signal && v->tty.pgrp)
        send_signal(v, 0, v->tty.pgrp, signal);
}

void terminal_pump(struct vfs *v)
{
    uint8_t byte;
    bool any = false;
    if (v->is_exec)
        return;
    drain(v);
    while (tty_accepts(&v->tty) && v->ports.get(v->ports.self, &byte, 1) == 1) {
        key(v, byte);
        any = true;
        drain(v);
    }
    if (!v->tty.is_hung_up && v->ports.ended(v->ports.self))
        any = v->tty.is_hung_up = true;
    if (any)
        request_wake(v, WAIT_TTY, 0);
}

void vfs_console(struct vfs *v)
{
    if (v->is_exec) {
        request_wake(v, WAIT_INPUT, 0);
        request_wake(v, WAIT_OUTPUT, 0);
    }
    terminal_pump(v);
}

/* --- sessions and groups --------------------------------------------------------------------- */

static bool is_of_session(const struct vfs *v, const struct process *p)
{
    return v->tty.sid != 0 && p->sid == v->tty.sid;
}

/* What proc said of a background process. => as terminal_access. */
static int background_answer(struct request *r, int signal)
{
    bool held = r->value;
    r->phase = 0;
    r->value = 0;
    if (r->status)
        return ERR_IO;
    if (!held && signal == SIGTTIN)
        return ERR_IO;
    if (!held) {
        r->phase = TERMINAL_PASSED;
        return 0;
    }
    return r->is_interrupted ? ERR_INTR : request_park(r, WAIT_BACKGROUND, 0);
}

int terminal_access(struct vfs *v, struct request *r, int signal)
{
    const struct process *p = caller(v, r);
    if (r->is_interrupted && r->wait == WAIT_BACKGROUND)
        return ERR_INTR;
    if (r->phase == TERMINAL_ASKED)
        return background_answer(r, signal);
    if (r->phase == TERMINAL_PASSED || !is_of_session(v, p) || p->pgid == v->tty.pgrp)
        return 0;
    uint64_t words[] = {p->badge, (uint64_t)signal};
    r->phase = TERMINAL_ASKED;
    r->status = 0;
    request_post(v, r, SRV_PROC, fsproc_OP_background, words, 2);
    return request_park(r, WAIT_PEER, 0);
}

static int take(struct vfs *v, const struct process *p)
{
    if (is_of_session(v, p))
        return 0;
    if (v->tty.sid != 0 || p->pid != p->sid)
        return ERR_PERM;
    v->tty.sid = p->sid;
    v->tty.pgrp = p->pgid;
    return 0;
}

int terminal_open(struct vfs *v, const struct process *p, uint64_t flags, bool is_own)
{
    if (is_own)
        return is_of_session(v, p) ? 0 : ERR_NXIO;
    if (!(flags & FS_NOCTTY))
        take(v, p); /* who cannot have it as its own can still use it */
    return 0;
}

static void leave(struct vfs *v)
{
    if (v->tty.pgrp) {
        send_signal(v, 0, v->tty.pgrp, SIGHUP);
        send_signal(v, 0, v->tty.pgrp, SIGCONT);
    }
    v->tty.sid = v->tty.pgrp = 0;
    request_wake(v, WAIT_TTY, 0);
}

void terminal_left(struct vfs *v, const struct process *p)
{
    if (is_of_session(v, p) && p->pid == p->sid)
        leave(v);
}

static bool group_exists(const struct vfs *v, uint64_t pgid)
{
    for (uint32_t i = 0; i < POOL_SLOTS; i++)
        if (v->processes[i].badge && v->processes[i].pgid == pgid && is_of_session(v, &v->processes[i]))
            return true;
    return false;
}

/* --- calls ----------------------------------------------------------------------------------- */

/* Answer with `size` bytes. */
static int put_bytes(struct request *r, const void *bytes, uint32_t size)
{
    memcpy(r->out, bytes, size);
    r->nout = size;
    REP(fs, tty, r)->len = size;
    return 0;
}

static int put_value(struct request *r, uint64_t value)
{
    REP(fs, tty, r)->value = value;
    return 0;
}

static int wait_drained(struct vfs *v, struct request *r)
{
    if (v->tty.out_len == 0)
        return 0;
    return r->is_interrupted ? ERR_INTR : request_park(r, WAIT_TTY, 0);
}

static int set_attr(struct vfs *v, struct request *r, uint64_t when)
{
    struct fs_termios termios;
    if (r->nbytes < sizeof termios || when > 2)
        return ERR_INVAL;
    int status = when > 0 ? wait_drained(v, r) : 0;
    if (status)
        return status;
    if (when == 2)
        tty_flush(&v->tty, true, false);
    memcpy(&termios, r->bytes, sizeof termios);
    tty_set_termios(&v->tty, &termios);
    terminal_pump(v);
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

static int set_winsize(struct vfs *v, struct request *r)
{
    struct fs_winsize *size = &v->tty.winsize;
    if (r->nbytes < sizeof *size)
        return ERR_INVAL;
    bool is_new = memcmp(size, r->bytes, sizeof *size) != 0;
    memcpy(size, r->bytes, sizeof *size);
    if (is_new && v->tty.pgrp)
        send_signal(v, 0, v->tty.pgrp, SIGWINCH);
    return 0;
}

static int set_group(struct vfs *v, uint64_t pgrp)
{
    if (pgrp == 0 || pgrp > INT32_MAX)
        return ERR_INVAL;
    if (!group_exists(v, pgrp))
        return ERR_PERM;
    v->tty.pgrp = pgrp;
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

static int flush(struct vfs *v, uint64_t which)
{
    if (which > 2)
        return ERR_INVAL;
    tty_flush(&v->tty, which != 1, which != 0);
    terminal_pump(v);
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

static int flow(struct vfs *v, uint64_t action)
{
    if (action > 3)
        return ERR_INVAL;
    if (action < 2)
        v->tty.is_stopped = action == 0;
    else
        tty_send_flow(&v->tty, action == 2);
    terminal_pump(v);
    return 0;
}

static int give_up(struct vfs *v, const struct process *p)
{
    if (p->pid == p->sid)
        leave(v);
    return 0;
}

/* Of those that change something: is it a background process's turn? */
static int may_change(struct vfs *v, struct request *r, uint64_t op)
{
    bool changes = op == FS_TTY_SETATTR || op == FS_TTY_SETPGRP || op == FS_TTY_FLUSH
                   || op == FS_TTY_DRAIN || op == FS_TTY_FLOW || op == FS_TTY_SETWINSZ;
    return changes ? terminal_access(v, r, SIGTTOU) : 0;
}

/* Operations on the terminal as the caller's session's. */
static int own_terminal(struct vfs *v, struct request *r, const struct fs_tty_req *q)
{
    if (!is_of_session(v, caller(v, r)))
        return ERR_NOTTY;
    switch (q->op) {
    case FS_TTY_GETPGRP:
        return put_value(r, v->tty.pgrp);
    case FS_TTY_GETSID:
        return put_value(r, v->tty.sid);
    case FS_TTY_SETPGRP:
        return set_group(v, q->value);
    default:
        return give_up(v, caller(v, r));
    }
}

static int terminal_call(struct vfs *v, struct request *r, const struct fs_tty_req *q)
{
    switch (q->op) {
    case FS_TTY_GETATTR:
        return put_bytes(r, &v->tty.termios, sizeof v->tty.termios);
    case FS_TTY_SETATTR:
        return set_attr(v, r, q->value);
    case FS_TTY_GETWINSZ:
        return put_bytes(r, &v->tty.winsize, sizeof v->tty.winsize);
    case FS_TTY_SETWINSZ:
        return set_winsize(v, r);
    case FS_TTY_FLUSH:
        return flush(v, q->value);
    case FS_TTY_DRAIN:
        return wait_drained(v, r);
    case FS_TTY_FLOW:
        return flow(v, q->value);
    case FS_TTY_TAKE:
        return take(v, caller(v, r));
    case FS_TTY_GETPGRP:
    case FS_TTY_GETSID:
    case FS_TTY_SETPGRP:
    case FS_TTY_LEAVE:
        return own_terminal(v, r, q);
    default:
        return ERR_INVAL;
    }
}

int call_tty(struct vfs *v, struct request *r)
{
    const struct fs_tty_req *q = REQ(fs, tty, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    if (!f)
        return ERR_BADF;
    if (f->kind != FILE_TTY)
        return ERR_NOTTY;
    int status = may_change(v, r, q->op);
    return status ? status : terminal_call(v, r, q);
}
