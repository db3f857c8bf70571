/* Nodes. What holds one: references (files, working directories, requests), the pager (is_live, or
 * stream_add on its way), a discard on its way, a size that ext2 was not told. */
#include <servers/fs/node.h>
#include <servers/fs/request.h>
#include <proto/fspage.h>

#define ATIME_SECONDS (24u * 3600)
#define BUCKETS (sizeof ((struct vfs *)0)->node_hash / sizeof(struct node *))

void nodes_init(struct vfs *v)
{
    for (uint32_t i = VFS_NODES; i-- > 0;) {
        v->nodes[i].next = v->node_free;
        v->node_free = &v->nodes[i];
    }
}

struct node *node_find(struct vfs *v, uint32_t ino)
{
    struct node *n = v->node_hash[ino % BUCKETS];
    while (n && n->ino != ino)
        n = n->next;
    return n;
}

int node_take(struct vfs *v, struct ext2_inode *ip, struct node **out)
{
    struct ext2_attr attr;
    ext2_getattr(v->fs, ip, &attr);
    struct node *n = node_find(v, attr.ino);
    if (!n) {
        n = v->node_free;
        if (!n)
            return ERR_NFILE;
        v->node_free = n->next;
        *n = (struct node){.ino = attr.ino, .generation = attr.generation, .ip = ip,
                           .size = attr.size, .next = v->node_hash[attr.ino % BUCKETS]};
        v->node_hash[attr.ino % BUCKETS] = n;
        ext2_iref(ip);
    }
    n->refs++;
    *out = n;
    return 0;
}

static void unhash(struct vfs *v, struct node *n)
{
    struct node **at = &v->node_hash[n->ino % BUCKETS];
    while (*at != n)
        at = &(*at)->next;
    *at = n->next;
}

static void node_free(struct vfs *v, struct node *n)
{
    unhash(v, n);
    if (n->reserved)
        ext2_release(v->fs, n->reserved);
    ext2_iput(v->fs, n->ip);
    v->work_due = true;
    n->ino = 0;
    n->next = v->node_free;
    v->node_free = n;
}

static void discard(struct vfs *v, struct node *n)
{
    uint64_t words[] = {n->ino, n->generation};
    n->is_discarding = true;
    v->ports.post(v->ports.self, SRV_PAGER, fspage_OP_discard,
                  COOKIE(COOKIE_DISCARD, node_id(v, n)), words, 2);
}

static bool has_name(struct vfs *v, const struct node *n)
{
    struct ext2_attr attr;
    ext2_getattr(v->fs, n->ip, &attr);
    return attr.nlink > 0;
}

void node_let_go(struct vfs *v, struct node *n)
{
    if (n->refs > 0 || n->adds > 0 || n->is_discarding)
        return;
    if (!has_name(v, n)) {
        if (n->is_touched) {
            n->is_touched = false;
            v->ntouched--;
        }
        if (n->is_live && !v->is_quiesced && v->ports.room(v->ports.self, SRV_PAGER) > 0)
            discard(v, n);
    }
    if (!n->is_live && !n->is_touched)
        node_free(v, n);
}

void node_drop(struct vfs *v, struct node *n)
{
    n->refs--;
    node_let_go(v, n);
}

void node_discarded(struct vfs *v, struct node *n, int status)
{
    n->is_discarding = false;
    if (status == ERR_BUSY)
        return; /* still mapped: idle will come */
    n->is_live = false;
    node_let_go(v, n);
}

void node_touch(struct vfs *v, struct node *n, uint64_t size)
{
    v->ntouched += !n->is_touched;
    n->is_touched = true;
    n->size = size;
    n->mtime = vfs_now(v);
}

int node_settle(struct vfs *v, struct node *n)
{
    if (!n->is_touched || n->is_busy)
        return 0;
    int status = ext2_wrote(v->fs, n->ip, n->size, n->mtime);
    if (status == VFS_WAIT)
        return status;
    n->is_touched = false;
    v->ntouched--;
    return status;
}

int nodes_settle(struct vfs *v)
{
    int result = 0;
    for (uint32_t i = 0; v->ntouched > 0 && i < VFS_NODES; i++) {
        struct node *n = &v->nodes[i];
        if (n->ino == 0 || !n->is_touched)
            continue;
        int status = node_settle(v, n);
        if (status == VFS_WAIT)
            return status;
        result = result ? result : status;
        node_let_go(v, n);
    }
    return result;
}

void node_attr(struct vfs *v, struct ext2_inode *ip, struct ext2_attr *out)
{
    ext2_getattr(v->fs, ip, out);
    struct node *n = node_find(v, out->ino);
    if (!n)
        return;
    if (n->is_live || n->is_touched)
        out->size = n->size;
    if (n->is_touched)
        out->mtime = out->ctime = n->mtime;
    if (n->atime)
        out->atime = n->atime;
    out->blocks512 += (uint64_t)n->credits * (PAGE_SIZE / 512);
}

bool node_needs_atime(struct vfs *v, struct node *n)
{
    struct ext2_attr a;
    uint32_t now = vfs_now(v);
    node_attr(v, n->ip, &a);
    return !ext2_is_read_only(v->fs) && a.atime != now
           && (a.atime <= a.mtime || a.atime <= a.ctime || now - a.atime > ATIME_SECONDS);
}

int node_accessed(struct vfs *v, struct node *n)
{
    if (n->atime == 0 && node_needs_atime(v, n))
        n->atime = vfs_now(v);
    return n->atime ? node_tell_atime(v, n) : 0;
}

int node_tell_atime(struct vfs *v, struct node *n)
{
    struct ext2_attr attr = {.atime = n->atime};
    int status = n->atime ? ext2_setattr(v->fs, n->ip, &attr, EXT2_SET_ATIME) : 0;
    if (status != VFS_WAIT)
        n->atime = 0;
    return status;
}
