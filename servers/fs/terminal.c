/* The terminal's calls, and its bytes to and from the console. */
#include <servers/fs/handlers.h>
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

/* --- calls ----------------------------------------------------------------------------------- */

/* Answer with `size` bytes. */
static int put_bytes(struct request *r, const void *bytes, uint32_t size)
{
    memcpy(r->out, bytes, size);
    r->nout = size;
    REP(fs, tty, r)->len = size;
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
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

static int set_winsize(struct vfs *v, struct request *r)
{
    if (r->nbytes < sizeof v->tty.winsize)
        return ERR_INVAL;
    memcpy(&v->tty.winsize, r->bytes, sizeof v->tty.winsize);
    return 0;
}

static int set_group(struct vfs *v, uint64_t pgrp)
{
    if (pgrp == 0 || pgrp > INT32_MAX)
        return ERR_INVAL;
    v->tty.pgrp = pgrp;
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

static int flush(struct vfs *v, uint64_t which)
{
    if (which > 2)
        return ERR_INVAL;
    tty_flush(&v->tty, which != 1, which != 0);
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

int call_tty(struct vfs *v, struct request *r)
{
    const struct fs_tty_req *q = REQ(fs, tty, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    if (!f)
        return ERR_BADF;
    if (f->kind != FILE_TTY)
        return ERR_NOTTY;
    switch (q->op) {
    case FS_TTY_GETATTR:
        return put_bytes(r, &v->tty.termios, sizeof v->tty.termios);
    case FS_TTY_SETATTR:
        return set_attr(v, r, q->value);
    case FS_TTY_GETWINSZ:
        return put_bytes(r, &v->tty.winsize, sizeof v->tty.winsize);
    case FS_TTY_SETWINSZ:
        return set_winsize(v, r);
    case FS_TTY_GETPGRP:
        REP(fs, tty, r)->value = v->tty.pgrp;
        return 0;
    case FS_TTY_SETPGRP:
        return set_group(v, q->value);
    case FS_TTY_FLUSH:
        return flush(v, q->value);
    case FS_TTY_DRAIN:
        return wait_drained(v, r);
    default:
        return ERR_INVAL;
    }
}
