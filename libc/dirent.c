/* Directories as streams, over fs's readdir messages. A position is the cookie that fs gave with an
 * entry: it stays good while others come and go. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

#define BATCH MSG_BYTES /* bytes of entries fetched at once: as many as fs may send */

struct __dir {
    int fd;
    uint64_t next_cookie; /* where the batch after this one starts */
    uint32_t at, end;     /* within the batch */
    uint64_t cookie;      /* of the last entry handed out: where telldir is */
    struct dirent entry;
    uint64_t batch[BATCH / 8];
};

DIR *fdopendir(int fd)
{
    struct fs_readdir_req req = {(uint64_t)fd, 0};
    struct fs_readdir_rep rep;
    DIR *dir = calloc(1, sizeof *dir);
    struct rpc_bytes bytes = {.in_max = BATCH};
    int rc;

    if (dir == NULL)
        return NULL;
    bytes.in = dir->batch;
    rc = RPC(fs, readdir, PROG_FS, &req, &rep, &bytes);
    if (rc) {
        free(dir);
        return result(rc), NULL;
    }
    dir->fd = fd;
    dir->end = rep.len < BATCH ? (uint32_t)rep.len : BATCH;
    dir->next_cookie = rep.cookie;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return dir;
}

DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && dir == NULL) {
        int error = errno;

        close(fd);
        errno = error;
    }
    return dir;
}

/* => 1: there is an entry at `at`; 0: end; -1 with errno. */
static int refill(DIR *dir)
{
    struct fs_readdir_req req = {(uint64_t)dir->fd, dir->next_cookie};
    struct fs_readdir_rep rep;
    struct rpc_bytes bytes = {.in = dir->batch, .in_max = BATCH};
    int rc;

    if (dir->at < dir->end)
        return 1;
    rc = RPC(fs, readdir, PROG_FS, &req, &rep, &bytes);
    if (rc)
        return result(rc);
    dir->at = 0;
    dir->end = rep.len < BATCH ? (uint32_t)rep.len : BATCH;
    dir->next_cookie = rep.cookie;
    return dir->end != 0;
}

struct dirent *readdir(DIR *dir)
{
    const struct fs_dirent *from;
    struct dirent *entry = &dir->entry;

    if (refill(dir) <= 0)
        return NULL;
    from = (const struct fs_dirent *)((const char *)dir->batch + dir->at);
    dir->at += from->bytes;
    entry->d_ino = from->ino;
    entry->d_off = (long)(dir->cookie = from->cookie);
    entry->d_reclen = from->bytes;
    entry->d_type = from->type;
    memcpy(entry->d_name, from->name, from->name_len);
    entry->d_name[from->name_len] = '\0';
    return entry;
}

int readdir_r(DIR *restrict dir, struct dirent *restrict entry, struct dirent **restrict out)
{
    int before = errno, code;

    errno = 0;
    *out = readdir(dir);
    code = errno;
    errno = before;
    if (*out)
        *out = memcpy(entry, *out, sizeof *entry);
    return *out ? 0 : code;
}

/* The next entry is the one behind `cookie`, however the directory has changed. */
static void go_to(DIR *dir, uint64_t cookie)
{
    dir->cookie = dir->next_cookie = cookie;
    dir->at = dir->end = 0;
}

void rewinddir(DIR *dir)
{
    go_to(dir, 0);
}

long telldir(DIR *dir)
{
    return (long)dir->cookie;
}

void seekdir(DIR *dir, long position)
{
    go_to(dir, (uint64_t)position);
}

int dirfd(DIR *dir)
{
    return dir->fd;
}

int fdclosedir(DIR *dir)
{
    int fd = dir->fd;

    free(dir);
    return fd;
}

int closedir(DIR *dir)
{
    return close(fdclosedir(dir));
}
