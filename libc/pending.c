/* What ioctl tells and sets of any descriptor: bytes that wait to be read, waiting or not. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

/* What lies behind the offset of a regular file. */
static int left_of_file(int fd, int *bytes)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    struct stat st;
    off_t left;

    if (at < 0 || fstat(fd, &st))
        return -1;
    left = st.st_size > at ? st.st_size - at : 0;
    return USER_PUT(bytes, left < INT_MAX ? (int)left : INT_MAX);
}

int fd_pending(int fd, int *bytes)
{
    struct fs_pending_req req = {(uint64_t)fd};
    struct fs_pending_rep rep;
    int rc = ERR_INVAL;

    if (fd_kind(fd) != FS_KIND_FILE)
        rc = RPC(fs, pending, PROG_FS, &req, &rep, NULL);
    if (rc == ERR_INVAL)
        return left_of_file(fd, bytes);
    return rc ? result(rc) : USER_PUT(bytes, rep.bytes < INT_MAX ? (int)rep.bytes : INT_MAX);
}

int fd_set_nonblock(int fd, int on)
{
    int flags = fcntl(fd, F_GETFL);

    return flags < 0 ? -1 : fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}
