/* What the file system tells of files and of itself, and times set. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>
#include <proto/fs.h>
#include "internal.h"

#define NANO 1000000000L
#define STAT_NOFOLLOW 1
#define STAT_SELF 2 /* the descriptor itself, no path */

static struct timespec from_ns(int64_t ns)
{
    struct timespec ts = {ns / NANO, ns % NANO};

    if (ts.tv_nsec < 0) {
        ts.tv_nsec += NANO;
        ts.tv_sec--;
    }
    return ts;
}

static int fill(struct stat *st, const struct fs_stat *from)
{
    return USER_PUT(st, (struct stat){
        .st_dev = (dev_t)from->dev,         .st_ino = (ino_t)from->ino,
        .st_mode = (mode_t)from->mode,      .st_nlink = (nlink_t)from->nlink,
        .st_uid = (uid_t)from->uid,         .st_gid = (gid_t)from->gid,
        .st_rdev = (dev_t)from->rdev,       .st_size = (off_t)from->size,
        .st_blksize = (blksize_t)from->blksize, .st_blocks = (blkcnt_t)from->blocks,
        .st_atim = from_ns(from->atime_ns), .st_mtim = from_ns(from->mtime_ns),
        .st_ctim = from_ns(from->ctime_ns),
    });
}

static int stat_call(struct fs_stat_req *req, const char *path, struct stat *st)
{
    struct fs_stat got;
    struct fs_stat_rep rep;
    struct rpc_bytes bytes = {.out = path, .out_bytes = (uint32_t)req->len, .in = &got,
                              .in_max = sizeof got};
    int rc = RPC(fs, stat, PROG_FS, req, &rep, &bytes);

    return rc ? result(rc) : fill(st, &got);
}

int fstat(int fd, struct stat *st)
{
    struct fs_stat_req req = {(uint32_t)fd, STAT_SELF, 0};

    return stat_call(&req, NULL, st);
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
    struct fs_stat_req req = {.dir = fs_dir(dirfd)};

    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return fail(EINVAL);
    if ((flags & AT_EMPTY_PATH) && user_strnlen(path, 1) == 0)
        return fstat(dirfd, st);
    if (flags & AT_SYMLINK_NOFOLLOW)
        req.flags = STAT_NOFOLLOW;
    if (path_length(path, &req.len))
        return -1;
    return stat_call(&req, path, st);
}

int stat(const char *restrict path, struct stat *restrict st)
{
    return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
    return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

static int statfs_call(uint64_t dir, const char *path, uint64_t len, struct statvfs *out)
{
    struct fs_statfs_req req = {dir, len};
    struct fs_statfs got;
    struct fs_statfs_rep rep;
    struct rpc_bytes bytes = {.out = path, .out_bytes = (uint32_t)len, .in = &got,
                              .in_max = sizeof got};
    int rc = RPC(fs, statfs, PROG_FS, &req, &rep, &bytes);

    if (rc)
        return result(rc);
    return USER_PUT(out, (struct statvfs){
        .f_bsize = got.bsize,   .f_frsize = got.bsize, .f_blocks = got.blocks,
        .f_bfree = got.bfree,   .f_bavail = got.bfree, .f_files = got.files,
        .f_ffree = got.ffree,   .f_favail = got.ffree, .f_namemax = got.namelen,
        .f_flag = got.read_only ? ST_RDONLY : 0,
    });
}

int statvfs(const char *restrict path, struct statvfs *restrict out)
{
    uint64_t len;

    return path_length(path, &len) ? -1 : statfs_call(FS_CWD, path, len, out);
}

int fstatvfs(int fd, struct statvfs *out)
{
    return statfs_call((uint32_t)fd, NULL, 0, out);
}

/* A time for fs, or -1 with EINVAL. */
static int to_fs_time(const struct timespec *ts, uint64_t *out)
{
    if (ts->tv_nsec == UTIME_NOW)
        *out = FS_TIME_NOW;
    else if (ts->tv_nsec == UTIME_OMIT)
        *out = FS_TIME_OMIT;
    else if (ts->tv_nsec < 0 || ts->tv_nsec >= NANO)
        return fail(EINVAL);
    else
        *out = (uint64_t)(ts->tv_sec * NANO + ts->tv_nsec);
    return 0;
}

static int set_times(uint64_t dir, const char *path, const struct timespec times[2], uint64_t flags)
{
    struct fs_utimens_req req = {.dir = dir};
    struct rpc_bytes bytes = {.out = path};
    struct timespec ts[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    uint64_t len = 0;

    if (times && USER_GET(ts, times))
        return -1;
    if (to_fs_time(&ts[0], &req.atime) || to_fs_time(&ts[1], &req.mtime))
        return -1;
    if (path && path_length(path, &len))
        return -1;
    req.flags_len = flags << 32 | len;
    bytes.out_bytes = (uint32_t)len;
    return result(RPC(fs, utimens, PROG_FS, &req, NULL, &bytes));
}

int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)
{
    if (path == NULL || flags & ~AT_SYMLINK_NOFOLLOW)
        return fail(path ? EINVAL : EFAULT);
    return set_times(fs_dir(dirfd), path, times, flags ? STAT_NOFOLLOW : 0);
}

int futimens(int fd, const struct timespec times[2])
{
    return set_times((uint32_t)fd, NULL, times, STAT_SELF);
}
