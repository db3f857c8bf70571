/* Waiting for several descriptors: poll, and select on top of it. */
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/select.h>

#include <proto/fs.h>

#include "internal.h"

#define FOR_EVER (~0UL)

_Static_assert(sizeof(struct pollfd) == sizeof(struct fs_pollfd), "poll's entries travel as they are");

/* Ask fs until something is ready, `until` is over, or a handler ran. => how many are ready, -1. */
static int poll_until(struct pollfd *fds, nfds_t n, uint64_t until)
{
    struct fs_poll_req req = {.n = n, .until = until, .len = n * sizeof *fds};
    struct fs_poll_rep rep;
    int rc;

    if (n > FS_MAX_FDS)
        return fail(EINVAL);
    do {
        struct rpc_bytes bytes = {.out = fds,
                                  .out_bytes = (uint32_t)req.len,
                                  .in = fds,
                                  .in_max = (uint32_t)req.len};
        signal_handled = 0;
        rc = RPC(fs, poll, PROG_FS, &req, &rep, &bytes);
    } while (rc == ERR_INTR && !signal_handled);
    return result(rc) ? -1 : (int)rep.ready;
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    if (timeout_ms < 0)
        return poll_until(fds, n, FOR_EVER);
    return poll_until(fds, n, timeout_ms == 0 ? 0 : deadline_after_ms(timeout_ms));
}

/* --- select ---------------------------------------------------------------------------------- */

static bool is_in(const fd_set *set, int fd)
{
    return set && FD_ISSET(fd, set);
}

/* The sets as a list. => its length. */
static nfds_t list_of(int n, const fd_set *reads, const fd_set *writes, struct pollfd *list)
{
    nfds_t count = 0;

    for (int fd = 0; fd < n; fd++) {
        short events = (short)((is_in(reads, fd) ? POLLIN : 0) | (is_in(writes, fd) ? POLLOUT : 0));

        if (events)
            list[count++] = (struct pollfd){.fd = fd, .events = events};
    }
    return count;
}

/* Mark in `set` those of the list that were asked for `event` and have any of `ready`. */
static int mark(fd_set *set, const struct pollfd *list, nfds_t count, short event, short ready)
{
    int marked = 0;

    if (!set)
        return 0;
    FD_ZERO(set);
    for (nfds_t i = 0; i < count; i++)
        if (list[i].events & event && list[i].revents & ready) {
            FD_SET(list[i].fd, set);
            marked++;
        }
    return marked;
}

int select(int n, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout)
{
    struct pollfd list[FS_MAX_FDS];
    uint64_t until = FOR_EVER;
    nfds_t count;

    if (n < 0 || n > FS_MAX_FDS || n > FD_SETSIZE)
        return fail(EINVAL);
    count = list_of(n, reads, writes, list);
    if (timeout && timeout->tv_sec == 0 && timeout->tv_usec == 0)
        until = 0;
    else if (timeout)
        until = deadline_after(&(struct timespec){timeout->tv_sec, timeout->tv_usec * 1000});
    if (poll_until(list, count, until) < 0)
        return -1;
    for (nfds_t i = 0; i < count; i++)
        if (list[i].revents & POLLNVAL)
            return fail(EBADF);
    if (errors)
        FD_ZERO(errors);
    return mark(reads, list, count, POLLIN, POLLIN | POLLHUP | POLLERR) +
           mark(writes, list, count, POLLOUT, POLLOUT | POLLERR);
}
