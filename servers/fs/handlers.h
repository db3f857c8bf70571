/* Every handler, one per operation of the three protocols that fs serves, and what they share. A
 * handler runs from the top each time; it checks, then does, and its last act is the one that cannot
 * be repeated. => 0 with r->rep and r->nout bytes in r->out, an error, VFS_WAIT or VFS_PARK. */
#ifndef FS_HANDLERS_H
#define FS_HANDLERS_H

#include <servers/fs/node.h>
#include <servers/fs/path.h>
#include <servers/fs/process.h>
#include <servers/fs/request.h>
#include <proto/fspage.h>
#include <proto/fsproc.h>
#include <proto/pagefs.h>
#include <proto/procfs.h>

#define MSG(name, req, rep) int call_##name(struct vfs *v, struct request *r);
#include <proto/fs.def>
#undef MSG
#define MSG(name, req, rep) int page_##name(struct vfs *v, struct request *r);
#include <proto/pagefs.def>
#undef MSG
#define MSG(name, req, rep) int life_##name(struct vfs *v, struct request *r);
#include <proto/procfs.def>
#undef MSG
int own_mount(struct vfs *v, struct request *r);
int own_squeeze(struct vfs *v, struct request *r);
int own_settle(struct vfs *v, struct request *r);
int init_quiesce(struct vfs *v, struct request *r);

/* The request's words as struct fs_NAME_req and so on; the reply's likewise. */
#define REQ(proto, name, r) ((const struct proto##_##name##_req *)(const void *)(r)->arg)
#define REP(proto, name, r) ((struct proto##_##name##_rep *)(void *)(r)->rep)

/* The caller of a call that is being handled. */
static inline struct process *caller(struct vfs *v, const struct request *r)
{
    return &v->processes[BADGE_SLOT(r->badge)];
}

/* Walk the `len` bytes of the request's from `start` on, for the caller. */
int walk_bytes(struct vfs *v, struct request *r, uint64_t dir, size_t start, size_t len,
               uint32_t flags, struct place *place);

/* What a directory with the set-group-id bit gives to whatever is made in it. */
void inherit_group(struct vfs *v, struct ext2_inode *dir, struct ext2_make *what);
#define MODE_SETUID 04000u
#define MODE_SETGID 02000u

/* Where an existing inode is: by path (len > 0) or by descriptor (*ip a reference either way).
 * => ERR_INVAL: not on the disk (device, pipe). */
int inode_of(struct vfs *v, struct request *r, uint64_t dir, uint64_t len, uint32_t flags,
             struct ext2_inode **ip);

/* Set the size of n, for the request. Its steps are request.phase from TRUNCATE_FIRST on. */
enum truncate_phase { TRUNCATE_FIRST = 16, TRUNCATE_PAGER, TRUNCATE_TAIL, TRUNCATE_READ,
                      TRUNCATE_WRITE, TRUNCATE_BLOCKS };
int truncate_run(struct vfs *v, struct request *r, struct node *n, uint64_t size);

/* Make all metadata changed so far durable, the device's cache included, for the request. Its steps
 * are request.phase from SYNC_FIRST on. */
enum sync_phase { SYNC_FIRST = 32, SYNC_TICKET, SYNC_FLUSH };
int sync_run(struct vfs *v, struct request *r);

/* Disk work: whole sectors of one frame. `address` is the byte offset on the disk. */
struct transfer {
    bool is_write;
    uint64_t memory, frame, offset, bytes, address; /* memory: enum blk_memory */
};
void disk_transfer(struct vfs *v, uint64_t cookie, const struct transfer *t);

/* Move the disk along: work of ext2's, in its own time. => whether anything happened. */
bool disk_pump(struct vfs *v);
void disk_done(struct vfs *v, uint32_t token, int status);

/* Signals through proc: to a process, or to a group (badge 0). */
void send_signal(struct vfs *v, badge_t badge, uint64_t pgid, int signal);

/* Nothing could move: park, unless the caller does not want to wait. => VFS_PARK, ERR_AGAIN,
 * ERR_INTR. */
int file_wait(struct request *r, const struct file *f, enum wait_kind wait, uint32_t id);

/* The last words of a read of `n` bytes in r->out, and of a write that moved `n`. => 0. */
int read_done(struct request *r, uint32_t n);
int write_done(struct request *r, uint32_t n);

/* read and write of a pipe; `max` and the request's bytes are not 0. */
int pipe_read(struct vfs *v, struct request *r, struct file *f, uint32_t max);
int pipe_write(struct vfs *v, struct request *r, struct file *f);

/* => an unused pipe, opened, or NULL. */
struct pipe *pipe_new(struct vfs *v);

/* Bring the terminal's bytes to and from the console. */
void terminal_pump(struct vfs *v);

/* May the caller touch the terminal: is it in the foreground, or does it not care (`signal` blocked or
 * ignored; then a read fails)? => 0, an error, or what parks r until that is known. */
int terminal_access(struct vfs *v, struct request *r, int signal);

/* The process opens the terminal: a session leader without one gets it, unless `flags` say no.
 * => ERR_NXIO: it means /dev/tty, and its session has none. */
int terminal_open(struct vfs *v, const struct process *p, uint64_t flags, bool is_own);

/* The process has ended: if it led the terminal's session, that is over. */
void terminal_left(struct vfs *v, const struct process *p);

/* Deadlines (terminal, poll): the earliest of the parked requests; wake those that are over. */
void timeouts_wake(struct vfs *v);

#endif
