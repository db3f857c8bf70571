/* Path resolution. The path is expanded in vfs.path: a symbolic link's target takes the place of the
 * name, and the walk goes on from there. Nothing is kept across runs: a walk that had to wait for
 * the disk starts anew, by then in cached blocks. Everybody is user 0, so no search can be denied. */
#include <servers/fs/path.h>
#include <servers/fs/node.h>
#include <servers/fs/process.h>
#include <string.h>

/* --- the walk -------------------------------------------------------------------------------- */

/* A walk in progress: `at` is the directory reached (a reference), rest = vfs.path + pos. */
struct steps {
    struct vfs *v;
    const struct walk *walk;
    struct ext2_inode *at;
    uint32_t at_ino;
    size_t pos, len, links;
};

uint32_t inode_type(struct vfs *v, struct ext2_inode *ip)
{
    struct ext2_attr attr;
    ext2_getattr(v->fs, ip, &attr);
    return attr.mode & EXT2_S_IFMT;
}

void place_drop(struct vfs *v, struct place *place)
{
    if (place->dir)
        ext2_iput(v->fs, place->dir);
    if (place->ip)
        ext2_iput(v->fs, place->ip);
    place->dir = place->ip = NULL;
}

static void move_to(struct steps *s, struct ext2_inode *ip, uint32_t ino)
{
    if (s->at)
        ext2_iput(s->v->fs, s->at);
    s->at = ip;
    s->at_ino = ino;
}

static int go_to_root(struct steps *s)
{
    struct ext2_inode *root;
    int status = ext2_iget(s->v->fs, EXT2_ROOT_INO, &root);
    if (status == 0)
        move_to(s, root, EXT2_ROOT_INO);
    return status;
}

static int go_to_start(struct steps *s)
{
    const struct walk *w = s->walk;
    if (s->v->path[0] == '/')
        return go_to_root(s);
    struct node *n = w->process->cwd;
    if (w->dir != FS_CWD) {
        struct file *f = fd_file(s->v, w->process, w->dir);
        if (!f)
            return ERR_BADF;
        if (f->kind != FILE_DIRECTORY)
            return ERR_NOTDIR;
        n = f->node;
    }
    if (!n)
        return ERR_NODEV;
    ext2_iref(n->ip);
    move_to(s, n->ip, n->ino);
    return 0;
}

static void skip_slashes(struct steps *s)
{
    while (s->pos < s->len && s->v->path[s->pos] == '/')
        s->pos++;
}

/* Take the next name. => its start; its length in *len. */
static const char *next_name(struct steps *s, size_t *len)
{
    size_t start = s->pos;
    while (s->pos < s->len && s->v->path[s->pos] != '/')
        s->pos++;
    *len = s->pos - start;
    return s->v->path + start;
}

/* A symbolic link's target takes the place of its name. The rest begins at s->pos. */
static int follow(struct steps *s, struct ext2_inode *ip)
{
    struct vfs *v = s->v;
    size_t len, rest = s->len - s->pos;
    if (++s->links > SYMLINKS_MAX)
        return ERR_LOOP;
    int status = ext2_readlink(v->fs, ip, v->link, VFS_PATH, &len);
    if (status)
        return status;
    if (len == 0)
        return ERR_NOENT;
    if (len + rest >= VFS_PATH)
        return ERR_NAMETOOLONG;
    memmove(v->path + len, v->path + s->pos, rest);
    memcpy(v->path, v->link, len);
    s->pos = 0;
    s->len = len + rest;
    return v->path[0] == '/' ? go_to_root(s) : 0;
}

/* The descriptor that "fd/N" stands for; the walk is behind "fd". */
static enum device descriptor_named(struct steps *s, struct place *place)
{
    const char *digits;
    size_t len;
    uint32_t fd = 0;
    skip_slashes(s);
    digits = next_name(s, &len);
    for (size_t i = 0; i < len && fd < FS_MAX_FDS; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return DEVICE_NONE;
        fd = fd * 10 + (uint32_t)(digits[i] - '0');
    }
    place->fd = fd;
    return len > 0 ? DEVICE_FD : DEVICE_NONE;
}

/* The built-in device that the walk comes to with `name`, which it has passed; then it has passed all
 * of the device's name. Also if the disk has no /dev at all. */
static enum device device_here(struct steps *s, struct place *place, const char *name, size_t len)
{
    struct vfs *v = s->v;
    size_t pos = s->pos;
    if (v->dev_ino == 0 && s->at_ino == EXT2_ROOT_INO && len == 3 && memcmp(name, "dev", 3) == 0) {
        skip_slashes(s);
        name = next_name(s, &len);
    } else if (v->dev_ino == 0 || s->at_ino != v->dev_ino) {
        return DEVICE_NONE;
    }
    bool is_fd = len == 2 && memcmp(name, "fd", 2) == 0;
    enum device device = is_fd ? descriptor_named(s, place) : device_named(name, len);
    if (device == DEVICE_NONE) {
        s->pos = pos;
    } else if (device >= DEVICE_STDIN && device < DEVICE_COUNT) {
        place->fd = device - DEVICE_STDIN;
        return DEVICE_FD;
    }
    return device;
}

static int look_up(struct steps *s, const struct ext2_name *name, struct ext2_inode **ip,
                   uint32_t *ino)
{
    struct vfs *v = s->v;
    int status = ext2_lookup(v->fs, s->at, name, ino);
    if (s->at_ino == EXT2_ROOT_INO && name->len == 3 && memcmp(name->bytes, "dev", 3) == 0)
        v->dev_ino = status == 0 ? *ino : status == ERR_NOENT ? 0 : v->dev_ino;
    return status == 0 ? ext2_iget(v->fs, *ino, ip) : status;
}

/* The walk ends with the name at hand. `ip` NULL: missing. */
static int arrive(struct steps *s, const struct ext2_name *name, struct ext2_inode *ip,
                  struct place *place)
{
    if (ip && place->has_slash && inode_type(s->v, ip) != EXT2_S_IFDIR) {
        ext2_iput(s->v->fs, ip);
        return ERR_NOTDIR;
    }
    memcpy(place->bytes, name->bytes, name->len);
    place->name = (struct ext2_name){place->bytes, name->len};
    place->ip = ip;
    place->dir = s->at;
    s->at = NULL;
    return 0;
}

static bool is_dots(const struct ext2_name *name)
{
    return name->bytes[0] == '.' && (name->len == 1 || (name->len == 2 && name->bytes[1] == '.'));
}

/* One name. => 0: go on if s->at is left, else *place is complete. */
static int step(struct steps *s, struct place *place)
{
    struct vfs *v = s->v;
    struct ext2_name name;
    struct ext2_inode *ip = NULL;
    name.bytes = next_name(s, &name.len);
    size_t end = s->pos;
    skip_slashes(s);
    bool is_last = s->pos == s->len;
    place->has_slash = is_last && end < s->len;
    if (!is_last)
        s->pos = end;
    if (name.len > EXT2_NAME_MAX)
        return ERR_NAMETOOLONG;
    if (inode_type(v, s->at) != EXT2_S_IFDIR)
        return ERR_NOTDIR;
    if (name.len == 1 && name.bytes[0] == '.')
        return 0; /* also in a directory that was removed, and has no entries any more */
    int status = look_up(s, &name, &ip, &place->ino);
    enum device device = device_here(s, place, name.bytes, name.len);
    if (device != DEVICE_NONE && status != VFS_WAIT) {
        if (ip)
            ext2_iput(v->fs, ip);
        place->device = device;
        move_to(s, NULL, 0);
        return s->pos == s->len && !place->has_slash ? 0 : ERR_NOTDIR;
    }
    if (status == ERR_NOENT && is_last && s->walk->flags & WALK_MAKE && !is_dots(&name))
        return arrive(s, &name, NULL, place);
    if (status)
        return status;
    bool is_link = inode_type(v, ip) == EXT2_S_IFLNK;
    if (is_link && (!is_last || place->has_slash || s->walk->flags & WALK_FOLLOW)) {
        s->pos = end;
        status = follow(s, ip);
        ext2_iput(v->fs, ip);
        return status;
    }
    if (is_last && !is_dots(&name))
        return arrive(s, &name, ip, place);
    move_to(s, ip, place->ino);
    return 0;
}

int path_walk(struct vfs *v, const struct walk *walk, struct place *place)
{
    struct steps s = {.v = v, .walk = walk, .len = walk->len};
    *place = (struct place){0};
    if (!v->is_mounted)
        return ERR_NODEV;
    if (walk->len == 0 || memchr(walk->path, 0, walk->len))
        return ERR_NOENT;
    if (walk->len >= FS_PATH_MAX)
        return ERR_NAMETOOLONG;
    memcpy(v->path, walk->path, walk->len);
    int status = go_to_start(&s);
    for (skip_slashes(&s); status == 0 && s.at && s.pos < s.len; skip_slashes(&s))
        status = step(&s, place);
    if (status == 0 && s.at) { /* the path ends in "/", "." or ".." */
        if (inode_type(v, s.at) != EXT2_S_IFDIR)
            status = ERR_NOTDIR;
        place->ip = s.at;
        place->ino = s.at_ino;
        s.at = NULL;
    }
    move_to(&s, NULL, 0);
    if (status)
        place_drop(v, place);
    return status;
}
