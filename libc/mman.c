/* Memory: the pager's calls. */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <abi/layout.h>
#include <proto/pager.h>
#include "internal.h"

#define FD_ANONYMOUS 0xffffUL
#define MINCORE_PAGES 3072
#define ZERO_DEVICE 0x105 /* st_rdev of /dev/zero */

/* A mapping of that device, which the pager does not know, is anonymous memory. */
static int is_zero_device(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == ZERO_DEVICE;
}

/* => 0, or -1 with errno: a descriptor with these flags must not be mapped so */
static int check_access(int open_flags, int prot, int flags)
{
    int mode = open_flags & O_ACCMODE;

    if (mode == O_WRONLY || (mode == O_RDONLY && (flags & MAP_SHARED) && (prot & PROT_WRITE)))
        return fail(EACCES);
    return 0;
}

static int check_extent(size_t len, int flags, int fd, off_t offset)
{
    if (offset & PAGE_MASK || len == 0)
        return fail(EINVAL);
    if (flags & MAP_ANONYMOUS)
        return 0;
    if (fd < 0 || fd >= (int)FD_ANONYMOUS)
        return fail(EBADF);
    if (offset >= 0 && len > USER_END)
        return fail(ENOMEM);
    return offset < 0 || len > (uint64_t)(INT64_MAX - offset) ? fail(EOVERFLOW) : 0;
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    uint64_t file = flags & MAP_ANONYMOUS ? FD_ANONYMOUS : (uint64_t)(fd & 0xffff);
    uint64_t page = flags & MAP_ANONYMOUS ? 0 : (uint64_t)offset / PAGE_SIZE;
    struct pager_mmap_req req = {(uint64_t)addr, len, (uint64_t)prot | (uint64_t)flags << 8,
                                 file << 48 | page};
    struct pager_mmap_rep rep;
    int rc, open_flags;

    if (check_extent(len, flags, fd, offset))
        return MAP_FAILED;
    rc = RPC(pager, mmap, PROG_PAGER, &req, &rep, NULL);
    if (rc == ERR_NODEV) { /* the pager knows regular files only */
        open_flags = fcntl(fd, F_GETFL);
        if (open_flags < 0)
            return MAP_FAILED;
        if (is_zero_device(fd))
            return check_access(open_flags, prot, flags)
                       ? MAP_FAILED
                       : mmap(addr, len, prot, flags | MAP_ANONYMOUS, -1, 0);
    }
    return rc ? (result(rc), MAP_FAILED) : (void *)rep.addr;
}

int munmap(void *addr, size_t len)
{
    struct pager_munmap_req req = {(uint64_t)addr, len};

    return result(RPC(pager, munmap, PROG_PAGER, &req, NULL, NULL));
}

int mprotect(void *addr, size_t len, int prot)
{
    struct pager_mprotect_req req = {(uint64_t)addr, len, (uint64_t)prot};

    return result(RPC(pager, mprotect, PROG_PAGER, &req, NULL, NULL));
}

int msync(void *addr, size_t len, int flags)
{
    struct pager_msync_req req = {(uint64_t)addr, len, (uint64_t)flags};

    if ((flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE)) ||
        (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return fail(EINVAL);
    return result(RPC(pager, msync, PROG_PAGER, &req, NULL, NULL));
}

int madvise(void *addr, size_t len, int advice)
{
    struct pager_madvise_req req = {(uint64_t)addr, len, (uint64_t)advice};

    return result(RPC(pager, madvise, PROG_PAGER, &req, NULL, NULL));
}

int posix_madvise(void *addr, size_t len, int advice)
{
    int before = errno, code = 0;

    if (advice != MADV_DONTNEED && madvise(addr, len, advice))
        code = errno;
    errno = before;
    return code;
}

int mincore(void *addr, size_t len, unsigned char *vec)
{
    size_t pages = (len + PAGE_MASK) / PAGE_SIZE;

    for (size_t at = 0; at < pages; at += MINCORE_PAGES) {
        size_t n = pages - at < MINCORE_PAGES ? pages - at : MINCORE_PAGES;
        struct pager_mincore_req req = {(uint64_t)addr + at * PAGE_SIZE, n};
        struct pager_mincore_rep rep;
        struct rpc_bytes bytes = {.in = vec + at, .in_max = (uint32_t)n};
        int rc = RPC(pager, mincore, PROG_PAGER, &req, &rep, &bytes);

        if (rc)
            return result(rc);
    }
    return 0;
}

/* --- the break ------------------------------------------------------------------------------- */

static int move_break(uint64_t to, uint64_t *end)
{
    struct pager_brk_req req = {to};
    struct pager_brk_rep rep;
    int rc = RPC(pager, brk, PROG_PAGER, &req, &rep, NULL);

    *end = rep.end;
    return rc;
}

int brk(void *end)
{
    uint64_t now;
    int rc = move_break((uint64_t)end, &now);

    return rc ? fail(ENOMEM) : 0;
}

void *sbrk(ptrdiff_t change)
{
    uint64_t end, now;
    int rc = move_break(0, &end);

    if (rc == 0 && change != 0) {
        if (__builtin_add_overflow(end, change, &now) || move_break(now, &now))
            rc = ERR_NOMEM;
    }
    return rc ? (fail(ENOMEM), (void *)-1) : (void *)end;
}
