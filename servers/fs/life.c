/* proc's requests: the life of descriptor tables. */
#include <servers/fs/handlers.h>
#include <string.h>

/* --- create ---------------------------------------------------------------------------------- */

static bool give_fd(struct vfs *v, struct process *p, enum file_kind kind, uint32_t flags)
{
    struct file *f = file_new(v, kind, flags);
    if (!f)
        return false;
    fd_install(v, p, fd_lowest(p, 0), f, false);
    file_drop(v, f);
    return true;
}

/* 0, 1, 2: the terminal, one description for all three; in exec mode the host's three streams. */
static bool give_standard(struct vfs *v, struct process *p)
{
    if (v->is_exec)
        return give_fd(v, p, FILE_INPUT, FS_READ) && give_fd(v, p, FILE_OUTPUT, FS_WRITE)
               && give_fd(v, p, FILE_ERROR, FS_WRITE);
    if (!give_fd(v, p, FILE_TTY, FS_READ | FS_WRITE))
        return false;
    fd_install(v, p, 1, fd_file(v, p, 0), false);
    fd_install(v, p, 2, fd_file(v, p, 0), false);
    return true;
}

/* The root directory, as a reference in r->node. Without a disk there is none. */
static int take_root(struct vfs *v, struct request *r)
{
    struct ext2_inode *root;
    if (!v->is_mounted || r->node)
        return 0;
    int status = ext2_iget(v->fs, EXT2_ROOT_INO, &root);
    if (status)
        return status;
    status = node_take(v, root, &r->node);
    ext2_iput(v->fs, root);
    return status;
}

int life_create(struct vfs *v, struct request *r)
{
    const struct procfs_create_req *q = REQ(procfs, create, r);
    int status = take_root(v, r);
    if (status)
        return status;
    struct process *p = process_new(v, q->badge);
    if (!p)
        return ERR_BUSY;
    p->pid = q->pid;
    p->pgid = p->sid = q->pgid;
    p->cwd = r->node;
    r->node = NULL;
    if (!give_standard(v, p)) {
        process_end(v, p);
        return ERR_NFILE;
    }
    if (v->tty.pgrp == 0)
        v->tty.pgrp = v->tty.sid = q->pgid;
    return 0;
}

/* --- clone, exec, destroy -------------------------------------------------------------------- */

int life_clone(struct vfs *v, struct request *r)
{
    const struct procfs_clone_req *q = REQ(procfs, clone, r);
    struct process *parent = process_of(v, q->parent);
    if (!parent)
        return ERR_GONE;
    struct process *child = process_new(v, q->child);
    if (!child)
        return ERR_BUSY;
    *child = *parent;
    child->badge = q->child;
    child->pid = q->pid;
    child->pgid = q->pgid;
    child->holds = 0;
    for (uint32_t fd = 0; fd < child->fd_end; fd++)
        if (child->fd[fd])
            file_ref(fd_file(v, child, fd)); /* the pager copies its table itself */
    if (child->cwd)
        child->cwd->refs++;
    return 0;
}

int life_exec(struct vfs *v, struct request *r)
{
    struct process *p = process_of(v, REQ(procfs, exec, r)->badge);
    if (!p)
        return ERR_GONE;
    for (uint32_t fd = 0; fd < p->fd_end; fd++)
        if (p->fd[fd] && fd_cloexec(p, fd))
            fd_close(v, p, fd);
    r->has_posted = true;
    return 0;
}

/* A call of the process that waits for the disk ends first: it may hold what the process owns. */
int life_destroy(struct vfs *v, struct request *r)
{
    badge_t badge = REQ(procfs, destroy, r)->badge;
    struct process *p = process_of(v, badge);
    if (!p)
        return ERR_GONE;
    request_interrupt(v, badge);
    if (request_of(v, badge))
        return request_park(r, WAIT_PROCESS, BADGE_SLOT(badge));
    terminal_left(v, p);
    process_end(v, p);
    return 0;
}

int life_interrupt(struct vfs *v, struct request *r)
{
    badge_t badge = REQ(procfs, interrupt, r)->badge;
    struct process *p = process_of(v, badge);
    request_interrupt(v, badge);
    if (p)
        pipe_let_go(v, p);
    return 0;
}

int life_clock(struct vfs *v, struct request *r)
{
    v->epoch_ns = REQ(procfs, clock, r)->epoch_ns;
    return 0;
}

int life_group(struct vfs *v, struct request *r)
{
    const struct procfs_group_req *q = REQ(procfs, group, r);
    struct process *p = process_of(v, q->badge);
    if (!p)
        return ERR_GONE;
    p->pgid = q->pgid;
    p->sid = q->sid;
    request_wake(v, WAIT_TTY, 0);
    return 0;
}

/* Best effort: what does not fit the console's ring now is lost. */
int life_say(struct vfs *v, struct request *r)
{
    const struct procfs_say_req *q = REQ(procfs, say, r);
    const uint8_t *text = (const uint8_t *)&q->t0;
    uint32_t len = q->len <= 40 ? (uint32_t)q->len : 40;
    if (v->is_exec) {
        v->ports.put(v->ports.self, BYTES_ERR, text, len);
    } else {
        tty_write(&v->tty, text, len);
        terminal_pump(v);
    }
    return 0;
}
