/* Calls that change or follow names: mkdir, mknod, unlink, link, rename, symlink, readlink. Each
 * walks, checks, and ends in one change of ext2's. */
#include <servers/fs/handlers.h>
#include <string.h>

int walk_bytes(struct vfs *v, struct request *r, uint64_t dir, size_t start, size_t len,
               uint32_t flags, struct place *place)
{
    struct walk walk = {caller(v, r), dir, r->bytes + start, len, flags};
    return path_walk(v, &walk, place);
}

/* The place for a new name, which must not exist. */
static int walk_to_new(struct vfs *v, struct request *r, uint64_t dir, size_t start, size_t len,
                       struct place *place)
{
    int status = walk_bytes(v, r, dir, start, len, WALK_MAKE, place);
    if (status == 0 && (place->device || place->ip || !place->dir)) {
        place_drop(v, place);
        return ERR_EXISTS;
    }
    return status;
}

void inherit_group(struct vfs *v, struct ext2_inode *dir, struct ext2_make *what)
{
    struct ext2_attr attr;
    ext2_getattr(v->fs, dir, &attr);
    if (!(attr.mode & MODE_SETGID))
        return;
    what->gid = attr.gid;
    if ((what->mode & EXT2_S_IFMT) == EXT2_S_IFDIR)
        what->mode |= MODE_SETGID;
}

static int make(struct vfs *v, struct request *r, struct place *place, struct ext2_make *what)
{
    uint32_t ino;
    what->mode &= EXT2_S_IFMT | (07777u & ~caller(v, r)->umask);
    what->now = vfs_now(v);
    inherit_group(v, place->dir, what);
    int status = ext2_make(v->fs, place->dir, &place->name, what, &ino);
    place_drop(v, place);
    return status;
}

int call_mkdir(struct vfs *v, struct request *r)
{
    const struct fs_mkdir_req *q = REQ(fs, mkdir, r);
    struct ext2_make what = {.mode = EXT2_S_IFDIR | ((uint32_t)q->mode & 01777u)};
    struct place place;
    int status = walk_to_new(v, r, q->dir, 0, r->nbytes, &place);
    return status ? status : make(v, r, &place, &what);
}

int call_mknod(struct vfs *v, struct request *r)
{
    const struct fs_mknod_req *q = REQ(fs, mknod, r);
    uint32_t type = (uint32_t)q->mode & EXT2_S_IFMT;
    struct ext2_make what = {.mode = (uint32_t)q->mode & (EXT2_S_IFMT | 07777u)};
    struct place place;
    if (type == 0)
        what.mode |= EXT2_S_IFREG;
    else if (type == EXT2_S_IFCHR || type == EXT2_S_IFBLK)
        what.rdev = (uint32_t)q->rdev;
    else if (type != EXT2_S_IFREG && type != EXT2_S_IFIFO && type != EXT2_S_IFSOCK)
        return type == EXT2_S_IFDIR ? ERR_PERM : ERR_INVAL;
    int status = walk_to_new(v, r, q->dir, 0, r->nbytes, &place);
    if (status == 0 && place.has_slash) {
        place_drop(v, &place);
        return ERR_NOENT;
    }
    return status ? status : make(v, r, &place, &what);
}

int call_symlink(struct vfs *v, struct request *r)
{
    const struct fs_symlink_req *q = REQ(fs, symlink, r);
    struct ext2_make what = {.mode = EXT2_S_IFLNK | 0777, .target = (const char *)r->bytes,
                             .target_len = q->len1};
    struct place place;
    if (q->len1 == 0 || q->len1 > r->nbytes)
        return ERR_NOENT;
    if (memchr(r->bytes, 0, q->len1))
        return ERR_INVAL;
    if (q->len1 >= FS_PATH_MAX)
        return ERR_NAMETOOLONG;
    int status = walk_to_new(v, r, q->dir, q->len1, r->nbytes - q->len1, &place);
    if (status)
        return status;
    uint32_t mask = caller(v, r)->umask;
    caller(v, r)->umask = 0; /* a link's own mode is always the same */
    status = make(v, r, &place, &what);
    caller(v, r)->umask = mask;
    return status;
}

/* A name of inode `ino` has gone: its pages may have to go too. */
static void name_gone(struct vfs *v, uint32_t ino)
{
    struct node *n = node_find(v, ino);
    v->work_due = true;
    if (n)
        node_let_go(v, n);
}

/* Does the path end in ".."? */
static bool ends_going_up(const uint8_t *path, size_t len)
{
    while (len > 0 && path[len - 1] == '/')
        len--;
    return len >= 2 && path[len - 1] == '.' && path[len - 2] == '.'
           && (len == 2 || path[len - 3] == '/');
}

/* Why a path without a last name cannot be removed. */
static int not_removable(const struct request *r, bool is_dir, uint32_t ino)
{
    if (!is_dir)
        return ERR_ISDIR;
    if (ends_going_up(r->bytes, r->nbytes))
        return ERR_NOTEMPTY;
    return ino == EXT2_ROOT_INO ? ERR_BUSY : ERR_INVAL;
}

int call_unlink(struct vfs *v, struct request *r)
{
    const struct fs_unlink_req *q = REQ(fs, unlink, r);
    bool is_dir = q->flags & 1;
    struct place place;
    int status = walk_bytes(v, r, q->dir, 0, r->nbytes, 0, &place);
    if (status)
        return status;
    if (place.device)
        status = is_dir ? ERR_NOTDIR : ERR_PERM;
    else if (!place.dir)
        status = not_removable(r, is_dir, place.ino);
    else if (is_dir)
        status = ext2_rmdir(v->fs, place.dir, &place.name, vfs_now(v));
    else
        status = ext2_unlink(v->fs, place.dir, &place.name, vfs_now(v));
    place_drop(v, &place);
    if (status == 0)
        name_gone(v, place.ino);
    return status;
}

/* Both places of a link or rename: r->bytes[0, len1), walked with `flags`, and the rest. */
static int walk_two(struct vfs *v, struct request *r, uint32_t flags, struct place *from,
                    struct place *to)
{
    const struct fs_link_req *q = REQ(fs, link, r);
    if (q->len1 > r->nbytes)
        return ERR_BADMSG;
    int status = walk_bytes(v, r, q->dir1, 0, q->len1, flags, from);
    if (status)
        return status;
    status = walk_bytes(v, r, q->dir2, q->len1, r->nbytes - q->len1, WALK_MAKE, to);
    if (status)
        place_drop(v, from);
    return status;
}

static int link_check(struct vfs *v, const struct place *from, const struct place *to)
{
    if (from->device)
        return ERR_XDEV;
    if (to->device || to->ip || !to->dir)
        return ERR_EXISTS;
    return to->has_slash ? ERR_NOENT : 0;
}

int call_link(struct vfs *v, struct request *r)
{
    struct place from, to;
    int status = walk_two(v, r, REQ(fs, link, r)->flags & 1 ? WALK_FOLLOW : 0, &from, &to);
    if (status)
        return status;
    status = link_check(v, &from, &to);
    if (status == 0)
        status = ext2_link(v->fs, to.dir, &to.name, from.ip, vfs_now(v));
    place_drop(v, &from);
    place_drop(v, &to);
    return status;
}

static int rename_check(struct vfs *v, const struct place *from, const struct place *to)
{
    if (from->device || to->device)
        return ERR_XDEV;
    if (!from->dir || !to->dir)
        return ERR_BUSY; /* "/", "." or ".." */
    if (!to->ip && to->has_slash && inode_type(v, from->ip) != EXT2_S_IFDIR)
        return ERR_NOTDIR;
    return 0;
}

int call_rename(struct vfs *v, struct request *r)
{
    struct place from, to;
    int status = walk_two(v, r, 0, &from, &to);
    if (status)
        return status;
    status = rename_check(v, &from, &to);
    if (status == 0) {
        struct ext2_rename change = {from.dir, to.dir, from.name, to.name, vfs_now(v)};
        status = ext2_rename(v->fs, &change);
    }
    bool replaced = status == 0 && to.ip && to.ino != from.ino;
    v->work_due = true;
    place_drop(v, &from);
    place_drop(v, &to);
    if (replaced)
        name_gone(v, to.ino);
    return status;
}

int call_readlink(struct vfs *v, struct request *r)
{
    struct place place;
    size_t len = 0;
    int status = walk_bytes(v, r, REQ(fs, readlink, r)->dir, 0, r->nbytes, 0, &place);
    if (status)
        return status;
    status = place.device ? ERR_INVAL
                          : ext2_readlink(v->fs, place.ip, (char *)r->out, VFS_BYTES, &len);
    place_drop(v, &place);
    r->nout = (uint32_t)len;
    REP(fs, readlink, r)->len = len;
    return status;
}
