/* Waiting for several descriptors. */
#ifndef _POLL_H
#define _POLL_H

#include <sys/features.h>
#if __GNU_VISIBLE
#include <signal.h>
#include <time.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long nfds_t;

struct pollfd {
    int fd;
    short events, revents;
};

#define POLLIN 1
#define POLLPRI 2
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32
#define POLLRDNORM 64
#define POLLRDBAND 128
#define POLLWRNORM 256
#define POLLWRBAND 512

int poll(struct pollfd *fds, nfds_t n, int timeout_ms);
#if __GNU_VISIBLE
int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask);
#endif

#ifdef __cplusplus
}
#endif

#endif
