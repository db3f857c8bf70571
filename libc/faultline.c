/* Calls that only Faultline has, on top of the protocols of pager and proc. */
#include <faultline.h>

#include <string.h>

#include "internal.h"

#define PROCESSES_PER_CALL (RPC_BYTES_MAX(0) / sizeof(struct proc_info))

int fl_pager_stats(struct pager_stats *stats)
{
    struct pager_stats_rep rep;
    struct rpc_bytes bytes = {.in = stats, .in_max = sizeof *stats};
    int error = RPC(pager, stats, PROG_PAGER, NULL, &rep, &bytes);

    return result(error);
}

/* The badge by which the pager knows a process; 0: the caller. */
static int badge_of(pid_t pid, uint64_t *badge)
{
    struct proc_list_req req = {.from = (uint64_t)pid};
    struct proc_list_rep rep;
    struct proc_info list[PROCESSES_PER_CALL];
    struct rpc_bytes bytes = {.in = list, .in_max = sizeof list};
    int error;

    *badge = 0;
    if (pid == 0)
        return 0;
    error = RPC(proc, list, PROG_PROC, &req, &rep, &bytes);
    if (error)
        return error;
    if (rep.len < sizeof *list || list[0].pid != (uint64_t)pid)
        return ERR_SRCH;
    *badge = list[0].badge;
    return 0;
}

int fl_pager_proc_stats(pid_t pid, struct pager_proc_stats *stats)
{
    struct pager_proc_stats_req req;
    struct pager_proc_stats_rep rep;
    struct rpc_bytes bytes = {.in = stats, .in_max = sizeof *stats};
    int error = badge_of(pid, &req.badge);

    if (!error)
        error = RPC(pager, proc_stats, PROG_PAGER, &req, &rep, &bytes);
    return result(error);
}

ssize_t fl_pmap(pid_t pid, struct pager_vma *list, size_t max)
{
    struct pager_pmap_req req = {0};
    struct pager_pmap_rep rep;
    int error = badge_of(pid, &req.badge);

    while (!error && req.first < max) {
        struct rpc_bytes bytes = {.in = list + req.first,
                                  .in_max = (uint32_t)((max - req.first) * sizeof *list)};

        error = RPC(pager, pmap, PROG_PAGER, &req, &rep, &bytes);
        if (!error && bytes.in_bytes < sizeof *list)
            break;
        req.first += bytes.in_bytes / sizeof *list;
    }
    return error ? result(error) : (ssize_t)req.first;
}

ssize_t fl_faults(pid_t pid, struct pager_fault *list, size_t max)
{
    struct pager_faults_req req;
    struct pager_faults_rep rep;
    struct rpc_bytes bytes = {.in = list, .in_max = (uint32_t)(max * sizeof *list)};
    int error = badge_of(pid, &req.badge);

    if (!error)
        error = RPC(pager, faults, PROG_PAGER, &req, &rep, &bytes);
    return error ? result(error) : (ssize_t)(bytes.in_bytes / sizeof *list);
}

/* A call whose reply is `len` bytes of text. */
static int text_reply(int error, struct rpc_bytes *bytes, uint64_t len)
{
    if (error)
        return result(error);
    ((char *)bytes->in)[len < bytes->in_max ? len : bytes->in_max] = 0;
    return 0;
}

int fl_policy(char *name, size_t size)
{
    struct pager_policy_req req = {0};
    struct pager_policy_rep rep;
    struct rpc_bytes bytes = {.in = name, .in_max = (uint32_t)size - 1};

    return text_reply(RPC(pager, policy, PROG_PAGER, &req, &rep, &bytes), &bytes, rep.len);
}

int fl_policy_set(const char *name)
{
    struct pager_policy_req req = {.len = strlen(name)};
    struct pager_policy_rep rep;
    struct rpc_bytes bytes = {.out = name, .out_bytes = (uint32_t)req.len};
    int error = req.len ? RPC(pager, policy, PROG_PAGER, &req, &rep, &bytes) : ERR_NOENT;

    return result(error);
}

int fl_policies(char *names, size_t size)
{
    struct pager_policies_rep rep;
    struct rpc_bytes bytes = {.in = names, .in_max = (uint32_t)size - 1};

    return text_reply(RPC(pager, policies, PROG_PAGER, NULL, &rep, &bytes), &bytes, rep.len);
}

int fl_tune(enum pager_param param, uint64_t value, uint64_t *old)
{
    struct pager_tune_req req = {.param = param, .value = value};
    struct pager_tune_rep rep;
    int error = RPC(pager, tune, PROG_PAGER, &req, &rep, NULL);

    if (error)
        return result(error);
    if (old)
        *old = rep.old;
    return 0;
}

ssize_t fl_processes(struct proc_info *list, size_t max)
{
    struct proc_list_req req = {0};
    struct proc_list_rep rep;
    size_t count = 0;

    while (count < max) {
        struct rpc_bytes bytes = {.in = list + count,
                                  .in_max = (uint32_t)((max - count) * sizeof *list)};
        int error = RPC(proc, list, PROG_PROC, &req, &rep, &bytes);

        if (error)
            return result(error);
        if (bytes.in_bytes < sizeof *list)
            break;
        count += bytes.in_bytes / sizeof *list;
        req.from = list[count - 1].pid + 1;
    }
    return (ssize_t)count;
}

int fl_boot(struct proc_boot_rep *boot)
{
    int error = RPC(proc, boot, PROG_PROC, NULL, boot, NULL);

    return result(error);
}

int fl_shutdown(int status)
{
    struct proc_shutdown_req req = {.status = (uint64_t)status};
    int error = RPC(proc, shutdown, PROG_PROC, &req, (struct proc_shutdown_rep *)NULL, NULL);

    return result(error);
}
