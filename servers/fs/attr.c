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

static void stat_builtin(enum device device, struct fs_stat *out)
{
    *out = (struct fs_stat){.dev = DEV_BUILTIN, .ino = DEVICE_INO + device, .nlink = 1,
                            .mode = EXT2_S_IFCHR | 0666, .rdev = device_rdev(device),
                            .blksize = PAGE_SIZE};
}

static enum device builtin_of(const struct file *f)
{
    switch ((enum file_kind)f->kind) {
    case FILE_NULL:
        return DEVICE_NULL;
    case FILE_ZERO:
        return DEVICE_ZERO;
    case FILE_TTY:
        return DEVICE_TTY;
    case FILE_INPUT:
        return DEVICE_STDIN;
    case FILE_ERROR:
        return DEVICE_STDERR;
    default:
        return DEVICE_STDOUT;
    }
}

static int stat_file(struct vfs *v, const struct file *f, struct fs_stat *out)
{
    if (!f)
        return ERR_BADF;
    if (f->node)
        stat_inode(v, f->node->ip, out);
    else if (f->kind == FILE_PIPE)
        *out = (struct fs_stat){.dev = DEV_PIPE, .ino = f->pipe + 1u, .mode = EXT2_S_IFIFO | 0600,
                                .nlink = 1, .blksize = PAGE_SIZE,
                                .atime_ns = (int64_t)v->pipes[f->pipe].read_ns,
                                .mtime_ns = (int64_t)v->pipes[f->pipe].written_ns,
                                .ctime_ns = (int64_t)v->pipes[f->pipe].made_ns};
    else
        stat_builtin(builtin_of(f), out);
    return 0;
}

static int stat_path(struct vfs *v, struct request *r, struct fs_stat *out)
{
    const struct fs_stat_req *q = REQ(fs, stat, r);
    struct place place;
    int status = walk_bytes(v, r, q->dir, 0, r->nbytes, q->flags & 1 ? 0 : WALK_FOLLOW, &place);
    if (status)
        return status;
    if (place.device >= DEVICE_STDIN)
        status = stat_file(v, fd_file(v, caller(v, r), place.device - DEVICE_STDIN), out);
    else if (place.device)
        stat_builtin(place.device, out);
    else
        stat_inode(v, place.ip, out);
    place_drop(v, &place);
    return status;
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

/* Set what `mask` names on the inode that (dir, len) leads to. */
static int change(struct vfs *v, struct request *r, uint64_t dir, uint64_t len, uint32_t flags,
                  struct ext2_attr *attr, uint32_t mask)
{
    struct ext2_inode *ip;
    int status = inode_of(v, r, dir, len, flags, &ip);
    if (status == ERR_INVAL && !ip)
        return 0; /* devices and pipes: nothing to keep it in */
    if (status)
        return status;
    attr->ctime = vfs_now(v);
    status = ext2_setattr(v->fs, ip, attr, mask | EXT2_SET_CTIME);
    ext2_iput(v->fs, ip);
    return status;
}

int call_chmod(struct vfs *v, struct request *r)
{
    const struct fs_chmod_req *q = REQ(fs, chmod, r);
    struct ext2_attr attr = {.mode = (uint32_t)q->mode & 07777u};
    return change(v, r, q->dir, r->nbytes, WALK_FOLLOW, &attr, EXT2_SET_MODE);
}

int call_chown(struct vfs *v, struct request *r)
{
    const struct fs_chown_req *q = REQ(fs, chown, r);
    struct ext2_attr attr = {.uid = (uint32_t)q->ids, .gid = (uint32_t)(q->ids >> 32)};
    uint32_t mask = (attr.uid != KEEP_ID ? EXT2_SET_UID : 0u)
                    | (attr.gid != KEEP_ID ? EXT2_SET_GID : 0u);
    return change(v, r, q->dir, r->nbytes, q->flags & 1 ? 0 : WALK_FOLLOW, &attr, mask);
}

static uint32_t to_seconds(const struct vfs *v, uint64_t ns)
{
    return ns == FS_TIME_NOW ? vfs_now(v) : (uint32_t)(ns / 1000000000u);
}

/* The write that ext2 was not told must not overwrite the time that is set now. */
static int settle_first(struct vfs *v, struct ext2_inode *ip, struct request *r)
{
    struct ext2_attr attr;
    ext2_getattr(v->fs, ip, &attr);
    struct node *n = node_find(v, attr.ino);
    if (!n)
        return 0;
    if (n->is_busy)
        return request_park(r, WAIT_NODE, node_id(v, n));
    return node_settle(v, n);
}

int call_utimens(struct vfs *v, struct request *r)
{
    const struct fs_utimens_req *q = REQ(fs, utimens, r);
    uint64_t len = q->flags_len & 0xffffffffu, flags = q->flags_len >> 32;
    struct ext2_attr attr = {.atime = to_seconds(v, q->atime), .mtime = to_seconds(v, q->mtime)};
    uint32_t mask = (q->atime != FS_TIME_OMIT ? EXT2_SET_ATIME : 0u)
                    | (q->mtime != FS_TIME_OMIT ? EXT2_SET_MTIME : 0u);
    struct ext2_inode *ip;
    if (len > r->nbytes)
        return ERR_BADMSG;
    int status = inode_of(v, r, q->dir, flags & 2 ? 0 : len, flags & 1 ? 0 : WALK_FOLLOW, &ip);
    if (status)
        return status == ERR_INVAL && !ip ? 0 : status;
    status = settle_first(v, ip, r);
    ext2_iput(v->fs, ip);
    return status ? status : change(v, r, q->dir, flags & 2 ? 0 : len,
                                    flags & 1 ? 0 : WALK_FOLLOW, &attr, mask);
}
