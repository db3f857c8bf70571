/* readdir: a directory's entries, packed as many as fit. /dev also lists the built-in devices that
 * the disk does not name; their cookies start at DEVICE_COOKIE. */
#include <servers/fs/handlers.h>
#include <string.h>

#define DEVICE_COOKIE (1ul << 62)
#define TYPE_CHR 2u

/* => false: no room for it. */
static bool add(struct request *r, const struct ext2_dirent *d)
{
    uint32_t bytes = (uint32_t)(offsetof(struct fs_dirent, name) + d->name_len + 7u) & ~7u;
    if (r->nout + bytes > FS_READDIR_BYTES)
        return false;
    struct fs_dirent head = {.ino = d->ino, .cookie = d->cookie, .bytes = (uint16_t)bytes, .type = d->type,
                             .name_len = d->name_len};
    memset(r->out + r->nout, 0, bytes);
    memcpy(r->out + r->nout, &head, offsetof(struct fs_dirent, name));
    memcpy(r->out + r->nout + offsetof(struct fs_dirent, name), d->name, d->name_len);
    r->nout += bytes;
    return true;
}

/* Built-in devices from `cookie` on. => 0: all are in. ERR_AGAIN: no room. */
static int add_devices(struct vfs *v, struct request *r, struct ext2_inode *ip, uint64_t *cookie)
{
    while (*cookie < DEVICE_COOKIE + DEVICE_COUNT) {
        enum device device = (enum device)(*cookie - DEVICE_COOKIE);
        struct ext2_dirent d = {.cookie = *cookie + 1, .ino = DEVICE_INO + device, .type = TYPE_CHR};
        struct ext2_name name = {device_name(device), strlen(device_name(device))};
        uint32_t ino;
        int status = ext2_lookup(v->fs, ip, &name, &ino);
        if (status && status != ERR_NOENT)
            return status;
        memcpy(d.name, name.bytes, name.len);
        d.name_len = (uint8_t)name.len;
        if (status == ERR_NOENT && !add(r, &d))
            return ERR_AGAIN;
        ++*cookie;
    }
    return 0;
}

/* The disk's entries from `cookie` on. => 0: all are in. ERR_AGAIN: no room. */
static int add_entries(struct vfs *v, struct request *r, struct ext2_inode *ip, uint64_t *cookie)
{
    struct ext2_dirent d;
    int status;
    while ((status = ext2_readdir(v->fs, ip, *cookie, &d)) == 0) {
        if (!add(r, &d))
            return ERR_AGAIN;
        *cookie = d.cookie;
    }
    return status == ERR_NOENT ? 0 : status;
}

int call_readdir(struct vfs *v, struct request *r)
{
    const struct fs_readdir_req *q = REQ(fs, readdir, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    uint64_t cookie = q->cookie;
    int status = 0;
    if (!f)
        return ERR_BADF;
    if (f->kind != FILE_DIRECTORY)
        return ERR_NOTDIR;
    if (cookie == 0 && node_accessed(v, f->node) == VFS_WAIT)
        return VFS_WAIT;
    if (cookie < DEVICE_COOKIE)
        status = add_entries(v, r, f->node->ip, &cookie);
    if (status == 0 && f->node->ino == v->dev_ino) {
        cookie = cookie > DEVICE_COOKIE ? cookie : DEVICE_COOKIE + DEVICE_NULL;
        status = add_devices(v, r, f->node->ip, &cookie);
    }
    if (status && status != ERR_AGAIN && r->nout == 0)
        return status;
    REP(fs, readdir, r)->len = r->nout;
    REP(fs, readdir, r)->cookie = cookie;
    return 0;
}
