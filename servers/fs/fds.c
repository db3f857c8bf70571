/* Calls on descriptors and on the process's own state: close, dup, fdflags, fdlimit, seek, chdir,
 * getcwd, umask. */
#include <servers/fs/handlers.h>
#include <string.h>

int call_close(struct vfs *v, struct request *r)
{
    struct process *p = caller(v, r);
    uint64_t fd = REQ(fs, close, r)->fd;
    if (!fd_file(v, p, fd))
        return ERR_BADF;
    fd_close(v, p, (uint32_t)fd);
    r->has_posted = true;
    return 0;
}

int call_dup(struct vfs *v, struct request *r)
{
    const struct fs_dup_req *q = REQ(fs, dup, r);
    struct process *p = caller(v, r);
    struct file *f = fd_file(v, p, q->fd);
    uint64_t to = q->to;
    if (!f)
        return ERR_BADF;
    if (to == ~0ul) {
        if (q->min >= p->fd_limit)
            return ERR_INVAL;
        to = fd_lowest(p, q->min);
        if (to == FS_MAX_FDS)
            return ERR_MFILE;
    }
    if (to >= p->fd_limit)
        return ERR_BADF;
    REP(fs, dup, r)->fd = to;
    if (to == q->fd)
        return 0;
    if (p->fd[to])
        fd_close(v, p, (uint32_t)to);
    fd_install(v, p, (uint32_t)to, f, q->flags & FS_CLOEXEC);
    r->has_posted = true;
    return 0;
}

/* The status flags that can be changed later. */
static void set_status(struct vfs *v, struct file *f, uint32_t value)
{
    uint32_t settable = FS_APPEND | FS_NONBLOCK;
    uint64_t before = file_stream_flags(f);
    f->flags = (f->flags & ~settable) | (value & settable);
    if (f->kind != FILE_REGULAR || file_stream_flags(f) == before)
        return;
    uint64_t words[] = {file_stream(v, f), file_stream_flags(f)};
    v->ports.post(v->ports.self, SRV_PAGER, fspage_OP_stream_flags, COOKIE(COOKIE_NONE, 0), words,
                  2);
}

int call_fdflags(struct vfs *v, struct request *r)
{
    const struct fs_fdflags_req *q = REQ(fs, fdflags, r);
    struct process *p = caller(v, r);
    struct file *f = fd_file(v, p, q->fd);
    if (!f)
        return ERR_BADF;
    REP(fs, fdflags, r)->kind = file_kind(f);
    switch (q->what) {
    case 0:
        REP(fs, fdflags, r)->value = fd_cloexec(p, (uint32_t)q->fd);
        return 0;
    case 1:
        fd_set_cloexec(p, (uint32_t)q->fd, q->value & 1);
        return 0;
    case 2:
        REP(fs, fdflags, r)->value = f->flags;
        return 0;
    case 3:
        set_status(v, f, (uint32_t)q->value);
        r->has_posted = true;
        return 0;
    default:
        return ERR_INVAL;
    }
}

int call_umask(struct vfs *v, struct request *r)
{
    struct process *p = caller(v, r);
    REP(fs, umask, r)->old = p->umask;
    p->umask = (uint32_t)REQ(fs, umask, r)->mask & 0777;
    return 0;
}

int call_fdlimit(struct vfs *v, struct request *r)
{
    struct process *p = caller(v, r);
    uint64_t limit = REQ(fs, fdlimit, r)->limit;
    REP(fs, fdlimit, r)->old = p->fd_limit;
    if (limit == ~0ul)
        return 0;
    if (limit > FS_MAX_FDS)
        return ERR_INVAL;
    p->fd_limit = (uint32_t)limit;
    return 0;
}

int call_seek(struct vfs *v, struct request *r)
{
    const struct fs_seek_req *q = REQ(fs, seek, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    if (!f)
        return ERR_BADF;
    if (f->kind == FILE_NULL || f->kind == FILE_ZERO || f->kind == FILE_FULL
        || f->kind == FILE_RANDOM)
        return 0;
    if (f->kind != FILE_DIRECTORY)
        return ERR_SPIPE;
    int64_t base = q->whence == 1 ? (int64_t)f->offset : 0, to;
    if (q->whence > 1 || __builtin_add_overflow(base, q->offset, &to) || to < 0)
        return ERR_INVAL;
    REP(fs, seek, r)->offset = f->offset = (uint64_t)to;
    return 0;
}

/* --- working directory ----------------------------------------------------------------------- */

int call_chdir(struct vfs *v, struct request *r)
{
    struct process *p = caller(v, r);
    struct ext2_inode *ip;
    struct node *n;
    int status = inode_of(v, r, REQ(fs, chdir, r)->dir, r->nbytes, WALK_FOLLOW, &ip);
    if (status)
        return status == ERR_INVAL && !ip ? ERR_NOTDIR : status;
    status = inode_type(v, ip) == EXT2_S_IFDIR ? node_take(v, ip, &n) : ERR_NOTDIR;
    ext2_iput(v->fs, ip);
    if (status)
        return status;
    if (p->cwd)
        node_drop(v, p->cwd);
    p->cwd = n;
    return 0;
}

/* The name that directory `parent` gives to inode `ino`. */
static int name_in(struct vfs *v, struct ext2_inode *parent, uint32_t ino, struct ext2_dirent *d)
{
    int status;
    d->cookie = 0;
    while ((status = ext2_readdir(v->fs, parent, d->cookie, d)) == 0) {
        bool dots = d->name[0] == '.' && (d->name_len == 1 || (d->name[1] == '.' && d->name_len == 2));
        if (d->ino == ino && !dots)
            return 0;
    }
    return status;
}

/* Go from *ip (its reference is replaced by the parent's) one up, and put its name before `at` of
 * vfs.path. => 0 and *at moved. */
static int one_up(struct vfs *v, struct ext2_inode **ip, uint32_t *ino, size_t *at)
{
    struct ext2_name dots = {"..", 2};
    struct ext2_inode *parent;
    struct ext2_dirent d;
    uint32_t parent_ino;
    int status = ext2_lookup(v->fs, *ip, &dots, &parent_ino);
    if (status == 0)
        status = ext2_iget(v->fs, parent_ino, &parent);
    if (status)
        return status;
    status = name_in(v, parent, *ino, &d);
    ext2_iput(v->fs, *ip);
    *ip = parent;
    *ino = parent_ino;
    if (status)
        return status;
    if (*at < d.name_len + 1u)
        return ERR_RANGE;
    *at -= d.name_len;
    memcpy(v->path + *at, d.name, d.name_len);
    v->path[--*at] = '/';
    return 0;
}

int call_getcwd(struct vfs *v, struct request *r)
{
    struct node *n = caller(v, r)->cwd;
    size_t at = VFS_BYTES;
    int status = 0;
    if (!n)
        return ERR_NODEV;
    struct ext2_inode *ip = n->ip;
    uint32_t ino = n->ino;
    ext2_iref(ip);
    while (status == 0 && ino != EXT2_ROOT_INO)
        status = one_up(v, &ip, &ino, &at);
    ext2_iput(v->fs, ip);
    if (status)
        return status;
    if (at == VFS_BYTES)
        v->path[--at] = '/';
    r->nout = (uint32_t)(VFS_BYTES - at);
    memcpy(r->out, v->path + at, r->nout);
    REP(fs, getcwd, r)->len = r->nout;
    return 0;
}
