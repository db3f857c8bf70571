/* Reading and writing several buffers at once. */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <sys/features.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iovec {
    void *iov_base;
    size_t iov_len;
};

ssize_t readv(int fd, const struct iovec *iov, int n);
ssize_t writev(int fd, const struct iovec *iov, int n);
#if __MISC_VISIBLE || __BSD_VISIBLE
ssize_t preadv(int fd, const struct iovec *iov, int n, off_t offset);
ssize_t pwritev(int fd, const struct iovec *iov, int n, off_t offset);
#endif

#ifdef __cplusplus
}
#endif

#endif
