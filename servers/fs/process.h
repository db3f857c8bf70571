/* Processes' descriptor tables, and open file descriptions. Closing a descriptor drops the process's
 * record locks on that file, tells the pager (streams), and ends the description with its last
 * descriptor. */
#ifndef FS_PROCESS_H
#define FS_PROCESS_H

#include <servers/fs/vfs.h>

/* => the process, or NULL: unknown (ended, or never made). */
struct process *process_of(struct vfs *v, badge_t badge);

/* Make one with no descriptors. => NULL: the slot is taken by another, or out of range. */
struct process *process_new(struct vfs *v, badge_t badge);

/* Close everything and forget it. The pager is not told: it drops a process by itself. */
void process_end(struct vfs *v, struct process *p);

/* Descriptors. => the description, or NULL: not open. */
struct file *fd_file(struct vfs *v, const struct process *p, uint64_t fd);

/* => the lowest closed descriptor at or above `min`, or FS_MAX_FDS: none. */
uint32_t fd_lowest(const struct process *p, uint64_t min);

/* Put one more reference to `f` at the closed descriptor `fd`, and tell the pager. */
void fd_install(struct vfs *v, struct process *p, uint32_t fd, struct file *f, bool cloexec);
void fd_close(struct vfs *v, struct process *p, uint32_t fd);

static inline bool fd_cloexec(const struct process *p, uint32_t fd)
{
    return p->cloexec[fd / 64] >> fd % 64 & 1;
}
void fd_set_cloexec(struct process *p, uint32_t fd, bool on);

void files_init(struct vfs *v);

/* A fresh description of `kind` with one reference, the caller's. => NULL: the table is full. */
struct file *file_new(struct vfs *v, enum file_kind kind, uint32_t flags);
void file_ref(struct file *f);
void file_drop(struct vfs *v, struct file *f);

/* A stream_add has ended; `number` is what its cookie carried. */
void stream_added(struct vfs *v, uint32_t number, int status);

/* What the pager is told of its flags. */
uint64_t file_stream_flags(const struct file *f);
uint64_t file_stream(const struct vfs *v, const struct file *f);

/* If the process is midway in a write of several parts: that never happened. */
void pipe_let_go(struct vfs *v, struct process *p);

/* What programs are told of it. */
enum fs_kind file_kind(const struct file *f);

/* Owners of locks: processes by their slot, open files behind them. */
static inline uint32_t file_owner(const struct vfs *v, const struct file *f)
{
    return POOL_SLOTS + (uint32_t)(f - v->files);
}

static inline uint32_t process_slot(const struct vfs *v, const struct process *p)
{
    return (uint32_t)(p - v->processes);
}

#endif
