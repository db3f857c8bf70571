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
                   POLLRDNORM == FS_POLLRDNORM && POLLWRNORM == FS_POLLWRNORM &&
                   sizeof(struct pollfd) == sizeof(struct fs_pollfd),
               "struct pollfd is fs's");

/* until: absolute `time`, 0 at once, ~0 for ever. A handler that ran since signal_handled was 0 ends it. */
static int poll_until(struct pollfd *fds, nfds_t n, uint64_t until)
{
    struct fs_poll_req req = {n, until, n * sizeof *fds};
    struct fs_poll_rep rep;
    struct rpc_bytes bytes = {.out = fds, .out_bytes = (uint32_t)req.len, .in = fds,
                              .in_max = (uint32_t)req.len, .len = &rep.len, .call = signal_call};
    int rc;

    do
        rc = RPC(fs, poll, PROG_FS, &req, &rep, &bytes);
    while (rc == ERR_INTR && !signal_handled);
    return rc ? result(rc) : (int)rep.ready;
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    if (n > NFDS)
        return fail(EINVAL);
    signal_handled = 0;
    return poll_until(fds, n, timeout_ms < 0 ? ~0UL : timeout_ms ? deadline_after_ms(timeout_ms) : 0);
}

/* The three sets of select, ours. */
struct sets {
    fd_set in, out, except;
};

/* The descriptors of the sets as a list: of nothing exceptional here does any ever tell, but it must be
 * open. => how many. */
static nfds_t sets_to_list(int n, const struct sets *s, struct pollfd list[NFDS])
{
    nfds_t count = 0;

    for (int fd = 0; fd < n; fd++) {
        short events = (short)((FD_ISSET(fd, &s->in) ? POLLIN : 0) |
                               (FD_ISSET(fd, &s->out) ? POLLOUT : 0));

        if (events || FD_ISSET(fd, &s->except))
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

static int take_set(fd_set *set, const fd_set *from)
{
    FD_ZERO(set);
    return from ? USER_GET(*set, from) : 0;
}

/* Of the program's set only the first n change. */
static int give_set(int n, fd_set *to, const fd_set *set)
{
    fd_set now;

    if (to == NULL)
        return 0;
    if (USER_GET(now, to))
        return -1;
    for (int fd = 0; fd < n; fd++)
        if (!FD_ISSET(fd, set))
            FD_CLR(fd, &now);
    return USER_PUT(to, now);
}

static int select_until(int n, fd_set *in, fd_set *out, fd_set *except, uint64_t until)
{
    struct pollfd list[NFDS];
    struct sets s;
    nfds_t count;
    int ready;

    if (n < 0 || n > FD_SETSIZE || n > NFDS)
        return fail(EINVAL);
    if (take_set(&s.in, in) || take_set(&s.out, out) || take_set(&s.except, except))
        return -1;
    count = sets_to_list(n, &s, list);
    if (poll_until(list, count, until) < 0)
        return -1;
    s = (struct sets){0};
    ready = list_to_sets(list, count, &s.in, &s.out);
    if (ready < 0 || give_set(n, in, &s.in) || give_set(n, out, &s.out) ||
        give_set(n, except, &s.except))
        return -1;
    return ready;
}

/* The deadline of a time span: ~0 for none, 0 for none to wait. */
static uint64_t deadline_of(const struct timespec *span)
{
    return span->tv_sec || span->tv_nsec ? deadline_after(span) : 0;
}

int select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct timeval tv = {0};

    if (timeout && USER_GET(tv, timeout))
        return -1;
    if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= 1000000)
        return fail(EINVAL);
    signal_handled = 0;
    return select_until(n, in, out, except,
                        timeout ? deadline_of(&(struct timespec){tv.tv_sec, tv.tv_usec * 1000}) : ~0UL);
}

/* A span of time and its deadline, ~0 without one. */
static int get_deadline(const struct timespec *timeout, uint64_t *until)
{
    struct timespec ts;

    *until = ~0UL;
    if (timeout && get_span(&ts, timeout))
        return -1;
    if (timeout)
        *until = deadline_of(&ts);
    return 0;
}

/* The mask for the wait. A signal that it lets in ends the wait, however early it comes. */
static int mask_begin(const sigset_t *mask, sigset_t *before)
{
    signal_handled = 0;
    return mask ? sigprocmask(SIG_SETMASK, mask, before) : 0;
}

static int mask_end(const sigset_t *mask, const sigset_t *before, int got)
{
    int error = errno;

    if (mask)
        sigprocmask(SIG_SETMASK, before, NULL);
    errno = error;
    return got;
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
    sigset_t before;
    uint64_t until;

    if (get_deadline(timeout, &until))
        return -1;
    if (n > NFDS)
        return fail(EINVAL);
    return mask_begin(mask, &before) ? -1 : mask_end(mask, &before, poll_until(fds, n, until));
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask)
{
    sigset_t before;
    uint64_t until;

    if (get_deadline(timeout, &until) || mask_begin(mask, &before))
        return -1;
    return mask_end(mask, &before, select_until(n, in, out, except, until));
}
