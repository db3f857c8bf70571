/* Error codes: one small enum, negative, 0 = success; the same from the kernel, over the wire and
 * inside servers. The first group is the kernel's own; the second names POSIX conditions that
 * servers report to programs. libc turns each into an errno through the ERR_LIST table.
 *
 * ERR_LIST(X) expands X(name, value, posix errno symbol, text) for every error.
 */
#ifndef ABI_ERROR_H
#define ABI_ERROR_H

#define ERR_LIST(X)                                                                                \
    X(BADMSG, -1, EBADMSG, "malformed or unknown message")                                         \
    X(SLOT, -2, EBADF, "no capability in that slot")                                               \
    X(TYPE, -3, EINVAL, "capability of another type")                                              \
    X(RIGHTS, -4, EACCES, "rights missing")                                                        \
    X(RANGE, -5, EINVAL, "argument out of range")                                                  \
    X(NOMEM, -6, ENOMEM, "out of memory")                                                          \
    X(BUSY, -7, EBUSY, "in use")                                                                   \
    X(GONE, -8, ESRCH, "the other side has gone")                                                  \
    X(DEAD, -9, EIO, "the server ended before it answered")                                        \
    X(AGAIN, -10, EAGAIN, "nothing there now")                                                     \
    X(NOTABLE, -11, EFAULT, "no page table covers that address")                                   \
    X(EXISTS, -12, EEXIST, "already there")                                                        \
    X(INTR, -13, EINTR, "interrupted")                                                             \
    X(ALIGN, -14, EINVAL, "misaligned")                                                            \
    X(IO, -32, EIO, "input/output error")                                                          \
    X(NOENT, -33, ENOENT, "no such file or directory")                                             \
    X(NOTDIR, -34, ENOTDIR, "not a directory")                                                     \
    X(ISDIR, -35, EISDIR, "is a directory")                                                        \
    X(NOTEMPTY, -36, ENOTEMPTY, "directory not empty")                                             \
    X(NOSPC, -37, ENOSPC, "no space left on device")                                               \
    X(NAMETOOLONG, -38, ENAMETOOLONG, "name too long")                                             \
    X(LOOP, -39, ELOOP, "too many symbolic links")                                                 \
    X(XDEV, -40, EXDEV, "crosses a device")                                                        \
    X(MLINK, -41, EMLINK, "too many links")                                                        \
    X(BADF, -42, EBADF, "bad file descriptor")                                                     \
    X(PIPE, -43, EPIPE, "nobody reads that pipe")                                                  \
    X(MFILE, -44, EMFILE, "too many open files in this process")                                   \
    X(NFILE, -45, ENFILE, "too many open files")                                                   \
    X(ROFS, -46, EROFS, "read-only file system")                                                   \
    X(FBIG, -47, EFBIG, "file too large")                                                          \
    X(NOTTY, -48, ENOTTY, "not a terminal")                                                        \
    X(CHILD, -49, ECHILD, "no such child")                                                         \
    X(SRCH, -50, ESRCH, "no such process")                                                         \
    X(PERM, -51, EPERM, "not permitted")                                                           \
    X(ACCES, -52, EACCES, "access denied")                                                         \
    X(NOEXEC, -53, ENOEXEC, "not an executable for this machine")                                  \
    X(TOOBIG, -54, E2BIG, "argument list too long")                                                \
    X(FAULT, -55, EFAULT, "bad address")                                                           \
    X(INVAL, -56, EINVAL, "invalid argument")                                                      \
    X(NOSYS, -57, ENOSYS, "not supported")                                                         \
    X(SPIPE, -58, ESPIPE, "not seekable")                                                          \
    X(NXIO, -59, ENXIO, "no such device or address")                                               \
    X(NODEV, -60, ENODEV, "no such device")                                                        \
    X(TXTBSY, -61, ETXTBSY, "program file in use")                                                 \
    X(DEADLK, -62, EDEADLK, "would deadlock")                                                      \
    X(CORRUPT, -63, EIO, "file system is corrupt")                                                 \
    X(OVERFLOW, -64, EOVERFLOW, "value too large")                                                 \
    X(NOLCK, -65, ENOLCK, "no locks available")

enum err {
    ERR_OK = 0,
#define X(name, value, posix, text) ERR_##name = value,
    ERR_LIST(X)
#undef X
};

#endif
