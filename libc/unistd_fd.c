/* Descriptors: open, close, duplicate, flags, pipes, record locks. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

static const struct {
    int posix;
    unsigned fs;
} open_flags[] = {
    {O_APPEND, FS_APPEND},     {O_CREAT, FS_CREATE},       {O_EXCL, FS_EXCL},
    {O_TRUNC, FS_TRUNC},       {O_CLOEXEC, FS_CLOEXEC},    {O_NONBLOCK, FS_NONBLOCK},
    {O_DIRECTORY, FS_DIRECTORY}, {O_NOFOLLOW, FS_NOFOLLOW}, {O_SYNC, FS_SYNC},
    {O_NOCTTY, FS_NOCTTY},
};
#define NFLAGS (sizeof open_flags / sizeof *open_flags)

static uint64_t to_fs_flags(int flags)
{
    static const uint8_t access[4] = {FS_READ, FS_WRITE, FS_READ | FS_WRITE, 0};
    uint64_t out = access[flags & O_ACCMODE];

    for (unsigned i = 0; i < NFLAGS; i++)
        if (flags & open_flags[i].posix)
            out |= open_flags[i].fs;
    return out;
}

static int from_fs_flags(uint64_t flags)
{
    int out = !(flags & FS_WRITE) ? O_RDONLY : flags & FS_READ ? O_RDWR : O_WRONLY;

    for (unsigned i = 0; i < NFLAGS; i++)
        if (flags & open_flags[i].fs)
            out |= open_flags[i].posix;
    return out;
}

static int open_path(int dirfd, const char *path, int flags, mode_t mode)
{
    struct fs_open_req req = {fs_dir(dirfd), to_fs_flags(flags), mode & 07777, 0};
    struct fs_open_rep rep;
    struct rpc_bytes bytes = {.out = path};
    int rc;

    if (path_length(path, &req.len))
        return -1;
    bytes.out_bytes = (uint32_t)req.len;
    rc = RESTART(RPC(fs, open, PROG_FS, &req, &rep, &bytes));
    if (rc)
        return result(rc);
    fd_learn((int)rep.fd, (unsigned)rep.kind);
    return (int)rep.fd;
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode = 0;

    va_start(ap, flags);
    if (flags & O_CREAT)
        mode = va_arg(ap, mode_t);
    va_end(ap);
    return open_path(AT_FDCWD, path, flags, mode);
}

int openat(int dirfd, const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode = 0;

    va_start(ap, flags);
    if (flags & O_CREAT)
        mode = va_arg(ap, mode_t);
    va_end(ap);
    return open_path(dirfd, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open_path(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int close(int fd)
{
    struct fs_close_req req = {(uint64_t)fd};

    fd_learn(fd, 0);
    return result(RPC(fs, close, PROG_FS, &req, NULL, NULL));
}

static int duplicate(int fd, uint64_t to, uint64_t min, uint64_t flags)
{
    struct fs_dup_req req = {(uint64_t)fd, to, min, flags};
    struct fs_dup_rep rep;
    int rc = RPC(fs, dup, PROG_FS, &req, &rep, NULL);

    if (rc)
        return result(rc);
    fd_learn((int)rep.fd, fd_kind(fd));
    return (int)rep.fd;
}

int dup(int fd)
{
    return duplicate(fd, ~0UL, 0, 0);
}

int dup2(int fd, int to)
{
    if (to < 0)
        return fail(EBADF);
    return duplicate(fd, (uint64_t)to, 0, 0);
}

int dup3(int fd, int to, int flags)
{
    if (fd == to || (flags & ~O_CLOEXEC))
        return fail(EINVAL);
    if (to < 0)
        return fail(EBADF);
    return duplicate(fd, (uint64_t)to, 0, flags & O_CLOEXEC ? FS_CLOEXEC : 0);
}

int pipe2(int fds[2], int flags)
{
    struct fs_pipe_req req = {to_fs_flags(flags & (O_CLOEXEC | O_NONBLOCK)) & ~(uint64_t)FS_READ};
    struct fs_pipe_rep rep;
    int rc;

    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return fail(EINVAL);
    if (user_room(fds, 2 * sizeof *fds) < 2 * sizeof *fds)
        return fail(EFAULT);
    rc = RPC(fs, pipe, PROG_FS, &req, &rep, NULL);
    if (rc)
        return result(rc);
    fds[0] = (int)rep.reader;
    fds[1] = (int)rep.writer;
    fd_learn(fds[0], FS_KIND_PIPE);
    fd_learn(fds[1], FS_KIND_PIPE);
    return 0;
}

int pipe(int fds[2])
{
    return pipe2(fds, 0);
}

/* what and value as fs's fdflags. => the value, or -1. */
static int fdflags(int fd, unsigned what, uint64_t value, uint64_t *out)
{
    struct fs_fdflags_req req = {(uint64_t)fd, what, value};
    struct fs_fdflags_rep rep;
    int rc = RPC(fs, fdflags, PROG_FS, &req, &rep, NULL);

    *out = rep.value;
    return result(rc);
}

static int get_set_flags(int fd, int cmd, int arg)
{
    uint64_t value;

    switch (cmd) {
    case F_GETFD:
        return fdflags(fd, 0, 0, &value) ? -1 : value ? FD_CLOEXEC : 0;
    case F_SETFD:
        return fdflags(fd, 1, arg & FD_CLOEXEC ? 1 : 0, &value);
    case F_GETFL:
        return fdflags(fd, 2, 0, &value) ? -1 : from_fs_flags(value);
    default:
        return fdflags(fd, 3, to_fs_flags(arg) & (FS_APPEND | FS_NONBLOCK | FS_SYNC), &value);
    }
}

/* The start of the lock's range as an absolute offset. */
static int lock_start(int fd, const struct flock *lock, off_t *start)
{
    off_t base = 0;

    if (lock->l_whence == SEEK_CUR) {
        base = lseek(fd, 0, SEEK_CUR);
    } else if (lock->l_whence == SEEK_END) {
        struct stat st;

        if (fstat(fd, &st))
            return -1;
        base = st.st_size;
    } else if (lock->l_whence != SEEK_SET) {
        return fail(EINVAL);
    }
    if (base < 0 || __builtin_add_overflow(base, lock->l_start, start))
        return fail(base < 0 ? errno : EOVERFLOW);
    if (lock->l_len < 0)
        *start += lock->l_len;
    return *start < 0 ? fail(EINVAL) : 0;
}

/* What stands in the way of the lock, or that nothing does. */
static int tell_lock(struct flock *to, struct flock lock, const struct fs_lock_rep *rep)
{
    lock.l_type = (short)(rep->type + F_RDLCK);
    if (lock.l_type != F_UNLCK) {
        lock.l_whence = SEEK_SET;
        lock.l_start = (long)rep->start;
        lock.l_len = (long)rep->len;
        lock.l_pid = (pid_t)rep->pid;
    }
    return USER_PUT(to, lock);
}

static int lock_record(int fd, int cmd, struct flock *user_lock)
{
    struct flock copy, *lock = &copy;
    int is_of_file = cmd >= F_OFD_GETLK;
    unsigned what = (unsigned)(cmd - (is_of_file ? F_OFD_GETLK : F_GETLK)); /* get, try, wait */
    struct fs_lock_req req = {.fd = (uint64_t)fd};
    struct fs_lock_rep rep;
    off_t start;
    int rc;

    if (USER_GET(copy, user_lock))
        return -1;
    if (lock->l_type < F_RDLCK || lock->l_type > F_UNLCK)
        return fail(EINVAL);
    if (lock_start(fd, lock, &start))
        return -1;
    if (is_of_file && lock->l_pid != 0)
        return fail(EINVAL);
    req.cmd_type = what | (is_of_file ? FS_LOCK_FILE : 0) | (uint64_t)(lock->l_type - F_RDLCK) << 8;
    req.start = (uint64_t)start;
    req.len = (uint64_t)(lock->l_len < 0 ? -lock->l_len : lock->l_len);
    rc = RESTART(RPC(fs, lock, PROG_FS, &req, &rep, NULL));
    return rc || what != 0 ? result(rc) : tell_lock(user_lock, copy, &rep);
}

int fcntl(int fd, int cmd, ...)
{
    va_list ap;
    uint64_t arg;

    va_start(ap, cmd);
    arg = va_arg(ap, uint64_t);
    va_end(ap);
    switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        if ((int)arg < 0 || (int)arg >= FS_MAX_FDS)
            return fail(EINVAL);
        return duplicate(fd, ~0UL, arg, cmd == F_DUPFD ? 0 : FS_CLOEXEC);
    case F_GETFD:
    case F_SETFD:
    case F_GETFL:
    case F_SETFL:
        return get_set_flags(fd, cmd, (int)arg);
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        return lock_record(fd, cmd, (struct flock *)arg);
    default:
        return fail(EINVAL);
    }
}
