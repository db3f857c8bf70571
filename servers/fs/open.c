/* open: from a path to a descriptor. Regular files become streams of the pager; FIFOs wait for the
 * other side; devices and the terminal need no disk. With TRUNC the file is cut before the
 * descriptor exists, so a failure leaves the caller none. */
#include <servers/fs/handlers.h>

static const struct fs_open_req *open_req(const struct request *r)
{
    return REQ(fs, open, r);
}

static bool wants(const struct request *r, uint32_t flag)
{
    return open_req(r)->flags & flag;
}

/* Give `f` (our reference, dropped here) the caller's lowest descriptor, and answer. */
static int give(struct vfs *v, struct request *r, struct file *f)
{
    struct process *p = caller(v, r);
    uint32_t fd = fd_lowest(p, 0);
    fd_install(v, p, fd, f, wants(r, FS_CLOEXEC));
    REP(fs, open, r)->fd = fd;
    REP(fs, open, r)->kind = file_kind(f);
    r->has_posted = f->kind == FILE_REGULAR;
    file_drop(v, f);
    return 0;
}

static int give_new(struct vfs *v, struct request *r, enum file_kind kind, struct node *n)
{
    struct file *f = file_new(v, kind, (uint32_t)open_req(r)->flags);
    if (!f) {
        if (n)
            node_drop(v, n);
        return ERR_NFILE;
    }
    f->node = n;
    return give(v, r, f);
}

/* --- devices --------------------------------------------------------------------------------- */

static int open_again(struct vfs *v, struct request *r, uint32_t fd)
{
    struct file *f = fd_file(v, caller(v, r), fd);
    if (!f)
        return ERR_NOENT;
    if ((open_req(r)->flags & ~f->flags) & (FS_READ | FS_WRITE))
        return ERR_ACCES;
    file_ref(f);
    return give(v, r, f);
}

static int open_terminal(struct vfs *v, struct request *r, bool is_own)
{
    if (v->is_exec)
        return is_own ? ERR_NXIO : give_new(v, r, FILE_OUTPUT, NULL);
    int status = terminal_open(v, caller(v, r), open_req(r)->flags, is_own);
    return status ? status : give_new(v, r, FILE_TTY, NULL);
}

static int open_device(struct vfs *v, struct request *r, enum device device)
{
    if (wants(r, FS_CREATE) && wants(r, FS_EXCL))
        return ERR_EXISTS;
    if (wants(r, FS_DIRECTORY))
        return ERR_NOTDIR;
    switch (device) {
    case DEVICE_NULL:
        return give_new(v, r, FILE_NULL, NULL);
    case DEVICE_ZERO:
        return give_new(v, r, FILE_ZERO, NULL);
    case DEVICE_TTY:
    case DEVICE_CONSOLE:
        return open_terminal(v, r, device == DEVICE_TTY);
    case DEVICE_FULL:
        return give_new(v, r, FILE_FULL, NULL);
    case DEVICE_RANDOM:
    case DEVICE_URANDOM:
        return give_new(v, r, FILE_RANDOM, NULL);
    case DEVICE_FD:
        return open_again(v, r, (uint32_t)r->value);
    default:
        return ERR_NXIO;
    }
}

/* --- FIFOs ----------------------------------------------------------------------------------- */

static int fifo_pipe(struct vfs *v, struct node *n)
{
    struct pipe *pipe = n->pipe ? NULL : pipe_new(v);
    if (pipe)
        n->pipe = (uint16_t)(pipe - v->pipes + 1);
    return n->pipe ? 0 : ERR_NFILE;
}

/* The description exists from the first run on (r->made: its index + 1), so that the other side
 * sees it; it gets its descriptor when the other side has come. */
static int fifo_begin(struct vfs *v, struct request *r, struct node *n)
{
    bool blind = wants(r, FS_WRITE) && !wants(r, FS_READ) && wants(r, FS_NONBLOCK);
    if (blind && (n->pipe == 0 || v->pipes[n->pipe - 1].readers == 0))
        return ERR_NXIO;
    int status = fifo_pipe(v, n);
    if (status)
        return status;
    struct pipe *pipe = &v->pipes[n->pipe - 1];
    struct file *f = file_new(v, FILE_PIPE, (uint32_t)open_req(r)->flags);
    if (!f) {
        if (pipe->readers == 0 && pipe->writers == 0) {
            pipe_close(&v->pipe_pool, pipe);
            n->pipe = 0;
        }
        return ERR_NFILE;
    }
    f->pipe = (uint16_t)(n->pipe - 1);
    f->node = n;
    n->refs++;
    pipe->readers += wants(r, FS_READ);
    pipe->writers += wants(r, FS_WRITE);
    pipe->reader_opens += wants(r, FS_READ);
    pipe->writer_opens += wants(r, FS_WRITE);
    f->seen = pipe->writers > 0 ? pipe->writer_opens - 1 : pipe->writer_opens;
    r->made = (uint32_t)(f - v->files + 1);
    r->value = wants(r, FS_READ) ? pipe->writer_opens : pipe->reader_opens;
    request_wake(v, WAIT_PIPE, f->pipe);
    return 0;
}

static int open_fifo(struct vfs *v, struct request *r, struct node *n)
{
    if (r->made == 0) {
        int status = fifo_begin(v, r, n);
        if (status)
            return status;
    }
    struct file *f = &v->files[r->made - 1];
    struct pipe *pipe = &v->pipes[f->pipe];
    bool reads = wants(r, FS_READ), both = reads && wants(r, FS_WRITE);
    bool here = reads ? pipe->writers > 0 || pipe->writer_opens != r->value
                      : pipe->readers > 0 || pipe->reader_opens != r->value;
    if (here || both || wants(r, FS_NONBLOCK)) {
        if (fd_lowest(caller(v, r), 0) < FS_MAX_FDS)
            return give(v, r, f);
        file_drop(v, f);
        return ERR_MFILE;
    }
    if (r->is_interrupted) {
        file_drop(v, f);
        return ERR_INTR;
    }
    return request_park(r, WAIT_PIPE, f->pipe);
}

/* --- what the disk has ----------------------------------------------------------------------- */

static int open_regular(struct vfs *v, struct request *r, struct node *n)
{
    bool writes = wants(r, FS_WRITE);
    if (writes && ext2_is_read_only(v->fs))
        return ERR_ROFS;
    if (wants(r, FS_TRUNC) && writes) {
        int status = truncate_run(v, r, n, 0);
        if (status)
            return status;
    }
    n->refs++;
    return give_new(v, r, FILE_REGULAR, n);
}

static int open_node(struct vfs *v, struct request *r, struct node *n, const struct ext2_attr *attr)
{
    uint32_t type = attr->mode & EXT2_S_IFMT;
    if (type == EXT2_S_IFLNK)
        return ERR_LOOP;
    if (type == EXT2_S_IFDIR) {
        if (wants(r, FS_WRITE) || wants(r, FS_CREATE))
            return ERR_ISDIR;
        n->refs++;
        return give_new(v, r, FILE_DIRECTORY, n);
    }
    if (wants(r, FS_DIRECTORY))
        return ERR_NOTDIR;
    if (type == EXT2_S_IFREG)
        return open_regular(v, r, n);
    if (type == EXT2_S_IFIFO)
        return open_fifo(v, r, n);
    return type == EXT2_S_IFCHR ? open_device(v, r, device_of_rdev(attr->rdev)) : ERR_NXIO;
}

static int create(struct vfs *v, struct request *r, struct place *place)
{
    uint32_t mode = (uint32_t)open_req(r)->mode & 07777u & ~caller(v, r)->umask;
    struct ext2_make what = {.mode = EXT2_S_IFREG | mode, .now = vfs_now(v)};
    if (place->has_slash)
        return ERR_ISDIR;
    uint32_t ino;
    inherit_group(v, place->dir, &what);
    int status = ext2_make(v->fs, place->dir, &place->name, &what, &ino);
    if (status == 0)
        r->made = ino;
    return status;
}

/* Find the inode, or make it. => 0 and *ip (a reference) or *device is set; DEVICE_FD: r->value is the
 * descriptor. */
static int find(struct vfs *v, struct request *r, struct ext2_inode **ip, enum device *device)
{
    bool exclusive = wants(r, FS_CREATE) && wants(r, FS_EXCL);
    uint32_t flags = (exclusive || wants(r, FS_NOFOLLOW) ? 0u : WALK_FOLLOW)
                     | (wants(r, FS_CREATE) ? WALK_MAKE : 0u);
    struct place place;
    int status = walk_bytes(v, r, open_req(r)->dir, 0, r->nbytes, flags, &place);
    if (status)
        return status;
    *device = place.device;
    r->value = place.fd;
    if (exclusive && !place.device && (place.ip || !place.dir))
        status = ERR_EXISTS;
    else if (!place.device && !place.ip)
        status = create(v, r, &place);
    *ip = place.ip;
    place.ip = NULL;
    place_drop(v, &place);
    if (status && *ip)
        ext2_iput(v->fs, *ip);
    return status == 0 && !*ip && !*device ? ext2_iget(v->fs, r->made, ip) : status;
}

/* First run(s): r->node becomes what is opened. */
static int open_find(struct vfs *v, struct request *r, enum device *device)
{
    struct ext2_inode *ip = NULL;
    int status = r->made ? ext2_iget(v->fs, r->made, &ip) : find(v, r, &ip, device);
    if (status || *device)
        return status;
    status = node_take(v, ip, &r->node);
    ext2_iput(v->fs, ip);
    r->made = 0;
    return status;
}

int call_open(struct vfs *v, struct request *r)
{
    enum device device = DEVICE_NONE;
    struct ext2_attr attr;
    if (!wants(r, FS_READ) && !wants(r, FS_WRITE))
        return ERR_INVAL;
    if (fd_lowest(caller(v, r), 0) == FS_MAX_FDS && !r->node)
        return ERR_MFILE;
    if (!r->node) {
        int status = open_find(v, r, &device);
        if (status)
            return status;
    }
    if (device)
        return open_device(v, r, device);
    ext2_getattr(v->fs, r->node->ip, &attr);
    return open_node(v, r, r->node, &attr);
}
