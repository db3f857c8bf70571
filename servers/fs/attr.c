/* Attributes: stat, access, chmod, chown, utimens, statfs. One user (0) owns everything, so the only
 * permission that can be missing is to execute a file without any x bit. */
#include <servers/fs/handlers.h>
#include <string.h>

#define DEV_DISK 1u
#define DEV_BUILTIN 2u
#define DEV_PIPE 3u
#define ACCESS_X 1u
#define ACCESS_W 2u
#define KEEP_ID 0xffffffffu
#define NS 1000000000

int inode_of(struct vfs *v, struct request *r, uint64_t dir, uint64_t len, uint32_t flags,
             struct ext2_inode **ip)
{
    struct place place;
    *ip = NULL;
    if (len == 0) {
        struct file *f = fd_file(v, caller(v, r), dir);
        if (dir == FS_CWD || !f)
            return dir == FS_CWD ? ERR_NOENT : ERR_BADF;
        if (!f->node)
            return ERR_INVAL;
        ext2_iref(f->node->ip);
        *ip = f->node->ip;
        return 0;
    }
    int status = walk_bytes(v, r, dir, 0, len, flags, &place);
    if (status)
        return status;
    *ip = place.ip;
    place.ip = NULL;
    place_drop(v, &place);
    const struct file *f = place.device == DEVICE_FD ? fd_file(v, caller(v, r), place.fd) : NULL;
    if (f && f->node)
        ext2_iref(*ip = f->node->ip);
    return *ip ? 0 : ERR_INVAL;
}

/* --- stat ------------------------------------------------------------------------------------ */

static void stat_inode(struct vfs *v, struct ext2_inode *ip, struct fs_stat *out)
{
    struct ext2_attr a;
    node_attr(v, ip, &a);
    *out = (struct fs_stat){
        .dev = DEV_DISK, .ino = a.ino, .mode = a.mode, .nlink = a.nlink, .uid = a.uid, .gid = a.gid,
        .rdev = a.rdev, .size = a.size, .blksize = PAGE_SIZE, .blocks = a.blocks512,
        .atime_ns = (int64_t)a.atime * 1000000000, .mtime_ns = (int64_t)a.mtime * 1000000000,
        .ctime_ns = (int64_t)a.ctime * 1000000000,
    };
}

static void stat_builtin(const struct vfs *v, enum device device, struct fs_stat *out)
{
    const struct device_attr *a = &v->device_attr[device];
    *out = (struct fs_stat){.dev = DEV_BUILTIN, .ino = DEVICE_INO + device, .nlink = 1,
                            .mode = EXT2_S_IFCHR | a->mode, .uid = a->uid, .gid = a->gid,
                            .rdev = device_rdev(device), .blksize = PAGE_SIZE,
                            .atime_ns = a->atime_ns, .mtime_ns = a->mtime_ns,
                            .ctime_ns = a->ctime_ns};
}

static enum device builtin_of(const struct file *f)
{
    switch ((enum file_kind)f->kind) {
    case FILE_NULL:
        return DEVICE_NULL;
    case FILE_ZERO:
        return DEVICE_ZERO;
    case FILE_FULL:
        return DEVICE_FULL;
    case FILE_RANDOM:
        return DEVICE_URANDOM;
    case FILE_TTY:
        return DEVICE_TTY;
    case FILE_INPUT:
        return DEVICE_STDIN;
    case FILE_OUTPUT:
        return DEVICE_STDOUT;
    case FILE_ERROR:
        return DEVICE_STDERR;
    default:
        return DEVICE_NONE; /* it has a node, or is a pipe */
    }
}

static void stat_pipe(const struct pipe *pipe, uint32_t id, struct fs_stat *out)
{
    *out = (struct fs_stat){.dev = DEV_PIPE, .ino = id + 1u, .mode = EXT2_S_IFIFO | 0600,
                            .nlink = 1, .blksize = PAGE_SIZE,
                            .atime_ns = (int64_t)pipe->read_ns,
                            .mtime_ns = (int64_t)pipe->written_ns,
                            .ctime_ns = (int64_t)pipe->made_ns};
}

static int stat_file(struct vfs *v, const struct file *f, struct fs_stat *out)
{
    if (!f)
        return ERR_BADF;
    if (f->node)
        stat_inode(v, f->node->ip, out);
    else if (f->kind == FILE_PIPE)
        stat_pipe(&v->pipes[f->pipe], f->pipe, out);
    else
        stat_builtin(v, builtin_of(f), out);
    return 0;
}

static int stat_path(struct vfs *v, struct request *r, struct fs_stat *out)
{
    const struct fs_stat_req *q = REQ(fs, stat, r);
    struct place place;
    int status = walk_bytes(v, r, q->dir, 0, r->nbytes, q->flags & 1 ? 0 : WALK_FOLLOW, &place);
    if (status)
        return status;
    if (place.device == DEVICE_FD)
        status = stat_file(v, fd_file(v, caller(v, r), place.fd), out);
    else if (place.device)
        stat_builtin(v, place.device, out);
    else
        stat_inode(v, place.ip, out);
    place_drop(v, &place);
    return status == ERR_BADF ? ERR_NOENT : status; /* of /dev/fd */
}

int call_stat(struct vfs *v, struct request *r)
{
    const struct fs_stat_req *q = REQ(fs, stat, r);
    struct fs_stat out;
    int status = q->flags & 2 && q->dir != FS_CWD
                     ? stat_file(v, fd_file(v, caller(v, r), q->dir), &out)
                     : stat_path(v, r, &out);
    if (status)
        return status;
    memcpy(r->out, &out, sizeof out);
    r->nout = sizeof out;
    REP(fs, stat, r)->len = sizeof out;
    return 0;
}

int call_access(struct vfs *v, struct request *r)
{
    const struct fs_access_req *q = REQ(fs, access, r);
    struct ext2_attr a;
    struct place place;
    int status = walk_bytes(v, r, q->dir, 0, r->nbytes, WALK_FOLLOW, &place);
    if (status)
        return status;
    if (place.ip) {
        ext2_getattr(v->fs, place.ip, &a);
        if (q->mode & ACCESS_W && ext2_is_read_only(v->fs))
            status = ERR_ROFS;
        else if (q->mode & ACCESS_X && (a.mode & EXT2_S_IFMT) == EXT2_S_IFREG && !(a.mode & 0111))
            status = ERR_ACCES;
    } else if (q->mode & ACCESS_X) {
        status = ERR_ACCES;
    }
    place_drop(v, &place);
    return status;
}

int call_statfs(struct vfs *v, struct request *r)
{
    const struct fs_statfs_req *q = REQ(fs, statfs, r);
    struct ext2_inode *ip;
    struct ext2_statfs s;
    int status = inode_of(v, r, q->dir, r->nbytes, WALK_FOLLOW, &ip);
    if (status && status != ERR_INVAL)
        return status;
    if (ip)
        ext2_iput(v->fs, ip);
    if (!v->is_mounted)
        return ERR_NODEV;
    ext2_statfs(v->fs, &s);
    struct fs_statfs out = {s.block_size, s.blocks, s.blocks_avail, s.inodes, s.inodes_free,
                            EXT2_NAME_MAX, ext2_is_read_only(v->fs)};
    memcpy(r->out, &out, sizeof out);
    r->nout = sizeof out;
    REP(fs, statfs, r)->len = sizeof out;
    return 0;
}

/* --- changes --------------------------------------------------------------------------------- */

/* What is to be set where: by path, or by descriptor if len is 0. */
struct change {
    uint64_t dir, len;
    uint32_t flags, mask; /* of the walk; enum ext2_attr_mask */
    struct ext2_attr attr;
};

/* The built-in device there, or DEVICE_NONE: a pipe. */
static int device_there(struct vfs *v, struct request *r, const struct change *c,
                        enum device *device)
{
    struct place place = {0};
    int status = c->len ? walk_bytes(v, r, c->dir, 0, c->len, c->flags, &place) : 0;
    uint64_t fd = c->len ? place.fd : c->dir;
    if (status)
        return status;
    *device = place.device;
    place_drop(v, &place);
    if (c->len && *device != DEVICE_FD)
        return 0;
    const struct file *f = fd_file(v, caller(v, r), fd);
    if (!f)
        return ERR_NOENT;
    *device = builtin_of(f);
    return 0;
}

static int change_device(struct vfs *v, struct request *r, const struct change *c)
{
    enum device device;
    int status = device_there(v, r, c, &device);
    if (status || device == DEVICE_NONE)
        return status ? status : ERR_INVAL;
    struct device_attr *to = &v->device_attr[device];
    to->mode = c->mask & EXT2_SET_MODE ? c->attr.mode : to->mode;
    to->uid = c->mask & EXT2_SET_UID ? c->attr.uid : to->uid;
    to->gid = c->mask & EXT2_SET_GID ? c->attr.gid : to->gid;
    to->atime_ns = c->mask & EXT2_SET_ATIME ? c->attr.atime * NS : to->atime_ns;
    to->mtime_ns = c->mask & EXT2_SET_MTIME ? c->attr.mtime * NS : to->mtime_ns;
    to->ctime_ns = (int64_t)v->now_ns;
    return 0;
}

/* A new owner may not run it as the old one. */
static void drop_set_id(struct vfs *v, struct ext2_inode *ip, struct change *c)
{
    struct ext2_attr now;
    ext2_getattr(v->fs, ip, &now);
    uint32_t drop = MODE_SETUID | (now.mode & 010 ? MODE_SETGID : 0);
    if (!(c->mask & (EXT2_SET_UID | EXT2_SET_GID)) || (now.mode & EXT2_S_IFMT) != EXT2_S_IFREG
        || !(now.mode & drop))
        return;
    c->attr.mode = now.mode & ~drop;
    c->mask |= EXT2_SET_MODE;
}

static int change(struct vfs *v, struct request *r, struct change *c)
{
    struct ext2_inode *ip;
    int status = inode_of(v, r, c->dir, c->len, c->flags, &ip);
    if (status == ERR_INVAL && !ip)
        return change_device(v, r, c);
    if (status)
        return status;
    drop_set_id(v, ip, c);
    c->attr.ctime = vfs_now(v);
    if (c->mask)
        status = ext2_setattr(v->fs, ip, &c->attr, c->mask | EXT2_SET_CTIME);
    ext2_iput(v->fs, ip);
    return status;
}

int call_chmod(struct vfs *v, struct request *r)
{
    const struct fs_chmod_req *q = REQ(fs, chmod, r);
    struct change c = {q->dir, r->nbytes, WALK_FOLLOW, EXT2_SET_MODE,
                       {.mode = (uint32_t)q->mode & 07777u}};
    return change(v, r, &c);
}

int call_chown(struct vfs *v, struct request *r)
{
    const struct fs_chown_req *q = REQ(fs, chown, r);
    struct change c = {q->dir, r->nbytes, q->flags & 1 ? 0 : WALK_FOLLOW, 0,
                       {.uid = (uint32_t)q->ids, .gid = (uint32_t)(q->ids >> 32)}};
    c.mask = (c.attr.uid != KEEP_ID ? EXT2_SET_UID : 0u)
             | (c.attr.gid != KEEP_ID ? EXT2_SET_GID : 0u);
    return change(v, r, &c);
}

/* As ext2 keeps it: whole seconds from 1970 to 2106, the nearest for what lies outside. */
static uint32_t to_seconds(const struct vfs *v, uint64_t ns)
{
    if (ns == FS_TIME_NOW)
        return vfs_now(v);
    int64_t seconds = (int64_t)ns / NS;
    return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

/* The write that ext2 was not told must not overwrite the time that is set now. */
static int settle_first(struct vfs *v, struct request *r, const struct change *c)
{
    struct ext2_inode *ip;
    struct ext2_attr attr;
    int status = inode_of(v, r, c->dir, c->len, c->flags, &ip);
    if (status)
        return status == ERR_INVAL && !ip ? 0 : status;
    ext2_getattr(v->fs, ip, &attr);
    struct node *n = node_find(v, attr.ino);
    if (n && c->mask & EXT2_SET_ATIME)
        n->atime = 0;
    if (n)
        status = n->is_busy ? request_park(r, WAIT_NODE, node_id(v, n)) : node_settle(v, n);
    ext2_iput(v->fs, ip);
    return status;
}

int call_utimens(struct vfs *v, struct request *r)
{
    const struct fs_utimens_req *q = REQ(fs, utimens, r);
    uint64_t len = q->flags_len & 0xffffffffu, flags = q->flags_len >> 32;
    struct change c = {q->dir, flags & 2 ? 0 : len, flags & 1 ? 0 : WALK_FOLLOW, 0,
                       {.atime = to_seconds(v, q->atime), .mtime = to_seconds(v, q->mtime)}};
    c.mask = (q->atime != FS_TIME_OMIT ? EXT2_SET_ATIME : 0u)
             | (q->mtime != FS_TIME_OMIT ? EXT2_SET_MTIME : 0u);
    if (len > r->nbytes)
        return ERR_BADMSG;
    int status = settle_first(v, r, &c);
    return status ? status : change(v, r, &c);
}
