/* Waiting for several descriptors. */
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <signal.h>
#include <proto/fs.h>
#include "internal.h"

#define NFDS 256
_Static_assert(POLLIN == FS_POLLIN && POLLOUT == FS_POLLOUT && POLLERR == FS_POLLERR &&
                   POLLHUP == FS_POLLHUP && POLLNVAL == FS_POLLNVAL &&
                   sizeof(struct pollfd) == sizeof(struct fs_pollfd),
               "struct pollfd is fs's");

/* until: absolute `time`, 0 at once, ~0 for ever. */
static int poll_until(struct pollfd *fds, nfds_t n, uint64_t until)
{
    struct fs_poll_req req = {n, until, n * sizeof *fds};
    struct fs_poll_rep rep;
    struct rpc_bytes bytes = {fds, (uint32_t)(n * sizeof *fds), fds, (uint32_t)(n * sizeof *fds), 0};
    int rc;

    do {
        signal_handled = 0;
        rc = RPC(fs, poll, PROG_FS, &req, &rep, &bytes);
    } while (rc == ERR_INTR && !signal_handled);
    return rc ? result(rc) : (int)rep.ready;
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    if (n > NFDS)
        return fail(EINVAL);
    return poll_until(fds, n, timeout_ms < 0 ? ~0UL : timeout_ms ? deadline_after_ms(timeout_ms) : 0);
}

/* The descriptors of the sets as a list. => how many. */
static nfds_t sets_to_list(int n, const fd_set *in, const fd_set *out, struct pollfd list[NFDS])
{
    nfds_t count = 0;

    for (int fd = 0; fd < n; fd++) {
        short events = (short)((in && FD_ISSET(fd, in) ? POLLIN : 0) |
                               (out && FD_ISSET(fd, out) ? POLLOUT : 0));

        if (events)
            list[count++] = (struct pollfd){fd, events, 0};
    }
    return count;
}

/* => bits set, or -1 with EBADF. */
static int list_to_sets(const struct pollfd *list, nfds_t n, fd_set *in, fd_set *out)
{
    int count = 0;

    for (nfds_t i = 0; i < n; i++) {
        if (list[i].revents & POLLNVAL)
            return fail(EBADF);
        if ((list[i].events & POLLIN) && (list[i].revents & (POLLIN | POLLHUP | POLLERR))) {
            FD_SET(list[i].fd, in);
            count++;
        }
        if ((list[i].events & POLLOUT) && (list[i].revents & (POLLOUT | POLLERR))) {
            FD_SET(list[i].fd, out);
            count++;
        }
    }
    return count;
}

static void clear(int n, fd_set *set)
{
    for (int fd = 0; set && fd < n; fd++)
        FD_CLR(fd, set);
}

static int select_until(int n, fd_set *in, fd_set *out, fd_set *except, uint64_t until)
{
    struct pollfd list[NFDS];
    nfds_t count;

    if (n < 0 || n > FD_SETSIZE || n > NFDS)
        return fail(EINVAL);
    count = sets_to_list(n, in, out, list);
    if (poll_until(list, count, until) < 0)
        return -1;
    clear(n, in);
    clear(n, out);
    clear(n, except);
    return list_to_sets(list, count, in, out);
}

int select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct timespec ts = {0};

    if (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= 1000000))
        return fail(EINVAL);
    if (timeout)
        ts = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
    return select_until(n, in, out, except,
                        !timeout ? ~0UL : ts.tv_sec || ts.tv_nsec ? deadline_after(&ts) : 0);
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask)
{
    sigset_t before;
    int got, error;

    if (timeout && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000))
        return fail(EINVAL);
    if (mask)
        sigprocmask(SIG_SETMASK, mask, &before);
    got = select_until(n, in, out, except,
                       !timeout                             ? ~0UL
                       : timeout->tv_sec || timeout->tv_nsec ? deadline_after(timeout)
                                                             : 0);
    error = errno;
    if (mask)
        sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return got;
}
