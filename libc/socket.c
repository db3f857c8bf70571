/* Sockets, of which there are none: each call's error as POSIX has it for that. */
#include <fcntl.h>
#include <sys/socket.h>
#include "internal.h"

int socket(int domain, int type, int protocol)
{
    return fail(EAFNOSUPPORT);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
    return fail(EAFNOSUPPORT);
}

/* What any call on a descriptor says. */
static int no_socket(int fd)
{
    return fcntl(fd, F_GETFD) < 0 ? -1 : fail(ENOTSOCK);
}

int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
    return no_socket(fd);
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
    return no_socket(fd);
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    return no_socket(fd);
}

int listen(int fd, int backlog)
{
    return no_socket(fd);
}

int shutdown(int fd, int how)
{
    return no_socket(fd);
}

int sockatmark(int fd)
{
    return no_socket(fd);
}

int getpeername(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
    return no_socket(fd);
}

int getsockname(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
    return no_socket(fd);
}

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict len)
{
    return no_socket(fd);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    return no_socket(fd);
}

ssize_t recv(int fd, void *buffer, size_t n, int flags)
{
    return no_socket(fd);
}

ssize_t recvfrom(int fd, void *restrict buffer, size_t n, int flags, struct sockaddr *restrict addr,
                 socklen_t *restrict len)
{
    return no_socket(fd);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    return no_socket(fd);
}

ssize_t send(int fd, const void *buffer, size_t n, int flags)
{
    return no_socket(fd);
}

ssize_t sendto(int fd, const void *buffer, size_t n, int flags, const struct sockaddr *addr, socklen_t len)
{
    return no_socket(fd);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    return no_socket(fd);
}
