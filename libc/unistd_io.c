/* Bytes of descriptors: regular files at the pager, everything else at fs. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <proto/fs.h>
#include <proto/pager.h>
#include "internal.h"

#define SEEK_HOLE_ 4
#define PIECE 3072 /* bytes of one message to or from fs */

/* The pager's answer, or ERR_SPIPE at once if the descriptor is known to be no regular file. */
static int pager_read(int fd, void *buf, size_t n, uint64_t *moved)
{
    struct pager_read_req req = {(uint64_t)fd, (uint64_t)buf, n};
    struct pager_read_rep rep = {0};
    int rc = ERR_SPIPE;

    if (fd_kind(fd) <= FS_KIND_FILE)
        rc = RPC(pager, read, PROG_PAGER, &req, &rep, NULL);
    *moved = rep.moved;
    return rc;
}

/* One message's worth. flags as fs's read. The kind of the descriptor is known from then on. Only as
 * much is asked for as the buffer can take: bytes that were read are not lost. */
static int read_piece(int fd, char *buf, size_t n, uint64_t flags, uint64_t *moved)
{
    struct fs_read_req req = {(uint64_t)fd, user_room(buf, n < PIECE ? n : PIECE), flags};
    struct fs_read_rep rep;
    struct rpc_bytes bytes = {.in = buf, .in_max = (uint32_t)req.max, .len = &rep.len};
    int rc = RESTART(RPC(fs, read, PROG_FS, &req, &rep, &bytes));

    if (rc == 0)
        fd_learn(fd, (unsigned)rep.kind);
    *moved = rep.len;
    return rc == 0 && n > 0 && req.max == 0 ? ERR_FAULT : rc;
}

/* What there is, up to `n`: waits for the first piece only. A terminal gives one line at most. */
static int fs_read(int fd, char *buf, size_t n, uint64_t *moved)
{
    uint64_t piece;
    int rc = read_piece(fd, buf, n, 0, &piece);

    *moved = piece;
    while (rc == 0 && piece == PIECE && *moved < n && fd_kind(fd) != FS_KIND_TTY) {
        rc = read_piece(fd, buf + *moved, n - *moved, FS_NONBLOCK, &piece);
        *moved += rc == 0 ? piece : 0;
    }
    return *moved ? 0 : rc;
}

ssize_t read(int fd, void *buf, size_t n)
{
    uint64_t moved;
    int rc = pager_read(fd, buf, n, &moved);

    if (rc == ERR_SPIPE)
        rc = fs_read(fd, buf, n, &moved);
    return rc == 0 ? (ssize_t)moved : result(rc);
}

static int pager_write(int fd, const void *buf, size_t n, uint64_t *moved)
{
    struct pager_write_req req = {(uint64_t)fd, (uint64_t)buf, n};
    struct pager_write_rep rep = {0};
    int rc = ERR_SPIPE;

    if (fd_kind(fd) <= FS_KIND_FILE)
        rc = RPC(pager, write, PROG_PAGER, &req, &rep, NULL);
    *moved = rep.moved;
    return rc;
}

static int write_piece(int fd, const char *buf, size_t n, size_t done, uint64_t *moved)
{
    size_t piece = n - done < PIECE ? n - done : PIECE;
    struct fs_write_req req = {(uint64_t)fd, piece, done, n - done};
    struct fs_write_rep rep;
    struct rpc_bytes bytes = {.out = buf + done, .out_bytes = (uint32_t)piece};
    int rc = RESTART(RPC(fs, write, PROG_FS, &req, &rep, &bytes));

    if (rc == 0)
        fd_learn(fd, (unsigned)rep.kind);
    *moved = rep.moved;
    return rc;
}

/* The error of a write from a bad buffer: that of the descriptor, if it has one. */
static int bad_write(int fd)
{
    struct fs_write_req req = {.fd = (uint64_t)fd};
    struct fs_write_rep rep;
    int rc = RPC(fs, write, PROG_FS, &req, &rep, NULL);

    return rc ? rc : ERR_FAULT;
}

/* Piece by piece, as far as it goes. What a handler broke in two is begun again. */
static int fs_write(int fd, const char *buf, size_t n, uint64_t *moved)
{
    uint64_t piece;
    int rc;

    *moved = 0;
    do {
        rc = write_piece(fd, buf, n, *moved, &piece);
        *moved = rc == ERR_BUSY ? 0 : *moved + piece;
    } while (rc == ERR_BUSY || (rc == 0 && *moved < n && piece == PIECE));
    if (rc == ERR_FAULT && *moved == 0)
        rc = bad_write(fd);
    if (rc && n <= FS_PIPE_BUF && fd_kind(fd) == FS_KIND_PIPE)
        return rc; /* the first part is lost with the second */
    return *moved ? 0 : rc;
}

/* What a write came to. At the limit of files there is a signal too. */
static ssize_t written(int rc, uint64_t moved)
{
    if (rc == ERR_FBIG)
        file_too_large(INT64_MAX - 1);
    return rc == 0 ? (ssize_t)moved : result(rc);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    uint64_t moved;
    int rc = pager_write(fd, buf, n, &moved);

    if (rc == ERR_SPIPE)
        rc = fs_write(fd, buf, n, &moved);
    return written(rc, moved);
}

/* The offset of what is no regular file. */
static int fs_seek(int fd, off_t offset, int whence, uint64_t *at)
{
    struct fs_seek_req req = {(uint64_t)fd, offset, (uint64_t)whence};
    struct fs_seek_rep rep;
    int rc = RPC(fs, seek, PROG_FS, &req, &rep, NULL);

    *at = rep.offset;
    return rc;
}

ssize_t pread(int fd, void *buf, size_t n, off_t offset)
{
    struct pager_pread_req req = {(uint64_t)fd, (uint64_t)buf, n, offset};
    struct pager_pread_rep rep;
    uint64_t ignored;
    int rc;

    if (offset < 0)
        return fail(EINVAL);
    rc = RPC(pager, pread, PROG_PAGER, &req, &rep, NULL);
    if (rc != ERR_SPIPE)
        return rc == 0 ? (ssize_t)rep.moved : result(rc);
    rc = fs_seek(fd, 0, SEEK_CUR, &ignored);
    return rc == 0 ? read(fd, buf, n) : result(rc); /* of a device any offset is the same */
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t offset)
{
    struct pager_pwrite_req req = {(uint64_t)fd, (uint64_t)buf, n, offset};
    struct pager_pwrite_rep rep;
    uint64_t ignored;
    int rc;

    if (offset < 0)
        return fail(EINVAL);
    rc = RPC(pager, pwrite, PROG_PAGER, &req, &rep, NULL);
    if (rc != ERR_SPIPE)
        return written(rc, rep.moved);
    rc = fs_seek(fd, 0, SEEK_CUR, &ignored);
    return rc == 0 ? write(fd, buf, n) : result(rc);
}

off_t lseek(int fd, off_t offset, int whence)
{
    struct pager_lseek_req req = {(uint64_t)fd, offset, (uint64_t)whence};
    struct pager_lseek_rep rep;
    uint64_t at;
    int rc;

    if (whence < SEEK_SET || whence > SEEK_HOLE_)
        return fail(EINVAL);
    rc = RPC(pager, lseek, PROG_PAGER, &req, &rep, NULL);
    at = rep.offset;
    if (rc == ERR_SPIPE)
        rc = fs_seek(fd, offset, whence, &at);
    return rc == 0 ? (off_t)at : result(rc);
}

int fsync(int fd)
{
    struct pager_fsync_req req = {(uint64_t)fd};
    struct fs_fsync_req fs_req = {(uint64_t)fd};
    int rc = RPC(pager, fsync, PROG_PAGER, &req, NULL, NULL);

    if (rc == ERR_SPIPE)
        rc = RPC(fs, fsync, PROG_FS, &fs_req, NULL, NULL);
    return result(rc);
}

int fdatasync(int fd)
{
    return fsync(fd);
}

void sync(void)
{
    RPC(fs, sync, PROG_FS, NULL, NULL, NULL);
}
