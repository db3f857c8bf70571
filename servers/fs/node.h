/* Nodes: the inodes in use, one entry each, found by number. A node keeps one reference of ext2's
 * and goes when nobody here names it and the pager keeps nothing of it. While the pager does, size
 * and time of the last write are the node's; ext2 is told when it matters (node_settle). */
#ifndef FS_NODE_H
#define FS_NODE_H

#include <servers/fs/vfs.h>

struct request;

void nodes_init(struct vfs *v);

/* => the node of inode `ino`, or NULL: it is not in use. No reference is taken. */
struct node *node_find(struct vfs *v, uint32_t ino);

/* Take a reference on the node of `ip`, making it if need be. => ERR_NFILE. */
int node_take(struct vfs *v, struct ext2_inode *ip, struct node **out);

/* Drop a reference. */
void node_drop(struct vfs *v, struct node *n);

/* Let the node go, or its pages if it has lost its last name, if nothing holds it. To be called
 * whenever one of the things that hold it has ended. */
void node_let_go(struct vfs *v, struct node *n);

/* The pager wrote: `size` is the newest. */
void node_touch(struct vfs *v, struct node *n, uint64_t size);

/* Tell ext2 size and time. => 0, VFS_WAIT, or an error (the file's metadata could not be read). */
int node_settle(struct vfs *v, struct node *n);

/* Settle all that can be settled now. => 0, VFS_WAIT, or the first error. */
int nodes_settle(struct vfs *v);

/* Attributes as programs see them: the newest size and time. */
void node_attr(struct vfs *v, struct ext2_inode *ip, struct ext2_attr *out);

/* Does a read now make a difference to the access time? It is kept like this: it changes if it is not
 * newer than the last change, or a day old. */
bool node_needs_atime(struct vfs *v, struct node *n);

/* Then set it: the node has it at once. => 0; VFS_WAIT: node_tell_atime is to be called until ext2 has
 * it too; or an error. */
int node_accessed(struct vfs *v, struct node *n);
int node_tell_atime(struct vfs *v, struct node *n);

/* Completion of a `discard` posted by node_let_go. */
void node_discarded(struct vfs *v, struct node *n, int status);

/* Seconds since 1970, as ext2 counts. */
static inline uint32_t vfs_now(const struct vfs *v)
{
    return (uint32_t)(v->now_ns / 1000000000u);
}

static inline uint32_t node_id(const struct vfs *v, const struct node *n)
{
    return (uint32_t)(n - v->nodes);
}

#endif
