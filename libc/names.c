/* Names in the file system: making, removing, renaming, links, permissions, working directory. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

/* Calls whose request is words (with `.len`) and one path. */
#define PATH_CALL(name, path, ...)                                                                 \
    ({                                                                                             \
        struct fs_##name##_req req_ = {__VA_ARGS__};                                               \
        struct rpc_bytes bytes_ = {.out = (path)};                                                 \
        int rc_ = path_length(path, &req_.len);                                                    \
        bytes_.out_bytes = (uint32_t)req_.len;                                                     \
        rc_ ? rc_ : result(RPC(fs, name, PROG_FS, &req_, NULL, &bytes_));                          \
    })

int mkdirat(int dirfd, const char *path, mode_t mode)
{
    return PATH_CALL(mkdir, path, .dir = fs_dir(dirfd), .mode = mode & 07777);
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

int unlinkat(int dirfd, const char *path, int flags)
{
    if (flags & ~AT_REMOVEDIR)
        return fail(EINVAL);
    return PATH_CALL(unlink, path, .dir = fs_dir(dirfd), .flags = flags & AT_REMOVEDIR ? 1 : 0);
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    if (unlink(path) == 0)
        return 0;
    return errno == EISDIR || errno == EPERM ? rmdir(path) : -1;
}

int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
    return PATH_CALL(mknod, path, .dir = fs_dir(dirfd), .mode = mode, .rdev = dev);
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
    return mknodat(AT_FDCWD, path, mode, dev);
}

int mkfifoat(int dirfd, const char *path, mode_t mode)
{
    return mknodat(dirfd, path, S_IFIFO | (mode & 07777), 0);
}

int mkfifo(const char *path, mode_t mode)
{
    return mkfifoat(AT_FDCWD, path, mode);
}

/* Two paths one behind the other. */
struct two_paths {
    char text[2 * FS_PATH_MAX];
    uint64_t len1, len;
};

static int two_paths(struct two_paths *both, const char *first, const char *second)
{
    uint64_t len2;

    if (path_length(first, &both->len1) || path_length(second, &len2))
        return -1;
    memcpy(both->text, first, both->len1);
    memcpy(both->text + both->len1, second, len2);
    both->len = both->len1 + len2;
    return 0;
}

int linkat(int dirfd1, const char *from, int dirfd2, const char *to, int flags)
{
    struct two_paths both;
    struct fs_link_req req = {.dir1 = fs_dir(dirfd1), .dir2 = fs_dir(dirfd2),
                              .flags = flags & AT_SYMLINK_FOLLOW ? 1 : 0};
    struct rpc_bytes bytes = {.out = both.text};

    if (flags & ~AT_SYMLINK_FOLLOW)
        return fail(EINVAL);
    if (two_paths(&both, from, to))
        return -1;
    req.len1 = both.len1;
    req.len = both.len;
    bytes.out_bytes = (uint32_t)both.len;
    return result(RPC(fs, link, PROG_FS, &req, NULL, &bytes));
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int dirfd1, const char *from, int dirfd2, const char *to)
{
    struct two_paths both;
    struct fs_rename_req req = {fs_dir(dirfd1), fs_dir(dirfd2), 0, 0};
    struct rpc_bytes bytes = {.out = both.text};

    if (two_paths(&both, from, to))
        return -1;
    req.len1 = both.len1;
    req.len = both.len;
    bytes.out_bytes = (uint32_t)both.len;
    return result(RPC(fs, rename, PROG_FS, &req, NULL, &bytes));
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int symlinkat(const char *target, int dirfd, const char *path)
{
    struct two_paths both;
    struct fs_symlink_req req = {.dir = fs_dir(dirfd)};
    struct rpc_bytes bytes = {.out = both.text};

    if (two_paths(&both, target, path))
        return -1;
    req.len1 = both.len1;
    req.len = both.len;
    bytes.out_bytes = (uint32_t)both.len;
    return result(RPC(fs, symlink, PROG_FS, &req, NULL, &bytes));
}

int symlink(const char *target, const char *path)
{
    return symlinkat(target, AT_FDCWD, path);
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
    char text[FS_PATH_MAX + 8];
    struct fs_readlink_req req = {.dir = fs_dir(dirfd)};
    struct fs_readlink_rep rep;
    struct rpc_bytes bytes = {.out = path, .in = text, .in_max = sizeof text};
    int rc;

    if (path_length(path, &req.len))
        return -1;
    if (size == 0)
        return fail(EINVAL);
    bytes.out_bytes = (uint32_t)req.len;
    rc = RPC(fs, readlink, PROG_FS, &req, &rep, &bytes);
    if (rc)
        return result(rc);
    if (size > rep.len)
        size = rep.len;
    rc = user_copy(buf, text, size);
    return rc ? result(rc) : (ssize_t)size;
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
    return readlinkat(AT_FDCWD, path, buf, size);
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
    if (mode & ~(R_OK | W_OK | X_OK) || flags & ~AT_EACCESS)
        return fail(EINVAL);
    return PATH_CALL(access, path, .dir = fs_dir(dirfd), .mode = (uint64_t)mode);
}

int access(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, 0);
}

int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
    if (flags)
        return fail(flags == AT_SYMLINK_NOFOLLOW ? EOPNOTSUPP : EINVAL);
    return PATH_CALL(chmod, path, .dir = fs_dir(dirfd), .mode = mode & 07777);
}

int chmod(const char *path, mode_t mode)
{
    return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchmod(int fd, mode_t mode)
{
    struct fs_chmod_req req = {(uint32_t)fd, mode & 07777, 0};

    return result(RPC(fs, chmod, PROG_FS, &req, NULL, NULL));
}

#define IDS(uid, gid) ((uint64_t)(uint32_t)(uid) | (uint64_t)(uint32_t)(gid) << 32)

int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
    if (flags & ~AT_SYMLINK_NOFOLLOW)
        return fail(EINVAL);
    return PATH_CALL(chown, path, .dir = fs_dir(dirfd), .ids = IDS(uid, gid),
                     .flags = flags & AT_SYMLINK_NOFOLLOW ? 1 : 0);
}

int chown(const char *path, uid_t uid, gid_t gid)
{
    return fchownat(AT_FDCWD, path, uid, gid, 0);
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
    return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
    struct fs_chown_req req = {(uint32_t)fd, IDS(uid, gid), 0, 0};

    return result(RPC(fs, chown, PROG_FS, &req, NULL, NULL));
}

int truncate(const char *path, off_t size)
{
    if (size < 0)
        return fail(EINVAL);
    if (file_too_large(size))
        return fail(EFBIG);
    return PATH_CALL(truncate, path, .dir = FS_CWD, .size = (uint64_t)size);
}

int ftruncate(int fd, off_t size)
{
    struct fs_truncate_req req = {(uint32_t)fd, (uint64_t)size, 0};

    if (size < 0)
        return fail(EINVAL);
    if (file_too_large(size))
        return fail(EFBIG);
    return result(RPC(fs, truncate, PROG_FS, &req, NULL, NULL));
}

int chdir(const char *path)
{
    return PATH_CALL(chdir, path, .dir = FS_CWD);
}

int fchdir(int fd)
{
    struct fs_chdir_req req = {(uint32_t)fd, 0};

    return result(RPC(fs, chdir, PROG_FS, &req, NULL, NULL));
}

char *getcwd(char *buf, size_t size)
{
    char text[MSG_BYTES + 1]; /* it may be longer than a path in a call */
    struct fs_getcwd_rep rep;
    struct rpc_bytes bytes = {.in = text, .in_max = MSG_BYTES};
    int rc;

    if (buf && size == 0)
        return fail(EINVAL), NULL;
    rc = RPC(fs, getcwd, PROG_FS, NULL, &rep, &bytes);
    if (rc)
        return result(rc), NULL;
    if (buf == NULL && size == 0)
        size = rep.len + 1;
    if (size <= rep.len)
        return fail(ERANGE), NULL;
    if (buf == NULL)
        buf = malloc(size);
    if (buf == NULL)
        return NULL;
    text[rep.len] = '\0';
    return result(user_copy(buf, text, rep.len + 1)) ? NULL : buf;
}

char *getwd(char *buf)
{
    char path[PATH_MAX];

    if (buf == NULL)
        return fail(EINVAL), NULL;
    return getcwd(path, sizeof path) ? strcpy(buf, path) : NULL;
}

/* As $PWD has it, if that is the same directory. */
char *get_current_dir_name(void)
{
    const char *pwd = getenv("PWD");
    struct stat named, here;

    if (pwd && pwd[0] == '/' && stat(pwd, &named) == 0 && stat(".", &here) == 0 &&
        named.st_dev == here.st_dev && named.st_ino == here.st_ino)
        return strdup(pwd);
    return getcwd(NULL, 0);
}

mode_t umask(mode_t mask)
{
    struct fs_umask_req req = {mask & 0777};
    struct fs_umask_rep rep = {0};

    RPC(fs, umask, PROG_FS, &req, &rep, NULL);
    return (mode_t)rep.old;
}
