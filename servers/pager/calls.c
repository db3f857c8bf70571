/* The programs' calls (<proto/pager.def>): arguments are judged here, the work is done by the files
 * that own it. Calls that may wait keep the reply object and are answered from work.c. */
#include "service.h"
#include "anon.h"
#include "aspace.h"
#include "batch.h"
#include "frame.h"
#include "job.h"
#include "object.h"
#include "range.h"
#include "reclaim.h"
#include "softpt.h"
#include "stats.h"
#include "stream.h"
#include "vma.h"
#include "work.h"
#include <proto/fspage.h>

#define PROTO_NAME pager
#define PROTO_FILE <proto/pager.def>
#include <lib/server/dispatch.h>

int service_call(struct pager_service *self, struct call *call)
{
    return pager_dispatch(self, call);
}

/* The caller's address space; what it had in progress is void, since it calls anew. */
static struct aspace *caller(struct pager *pg, const struct call *call)
{
    struct aspace *as = aspace_find(pg, call->badge);
    if (as != NULL && as->pending != PENDING_NONE)
        aspace_cancel(pg, as);
    return as;
}

#define CALLER(as)                                                                                 \
    struct pager *pg = &self->pager;                                                               \
    struct aspace *as = caller(pg, call);                                                          \
    if (as == NULL)                                                                                \
        return ERR_GONE

static uint64_t page_up(uint64_t n)
{
    return (n + PAGE_MASK) & ~PAGE_MASK;
}

/* A page aligned range inside user space, not empty. */
static bool is_range(uint64_t addr, uint64_t len)
{
    return !(addr & PAGE_MASK) && len > 0 && len <= USER_END && addr <= USER_END - page_up(len);
}

int pager_on_null(struct pager_service *self, struct call *call,
                  const struct pager_null_req *req, struct pager_null_rep *rep)
{
    return 0;
}

int pager_on_brk(struct pager_service *self, struct call *call, const struct pager_brk_req *req,
                 struct pager_brk_rep *rep)
{
    CALLER(as);
    int status = req->end == 0 ? 0 : range_brk(pg, as, req->end);
    rep->end = as->brk;
    return status;
}

int pager_on_heap(struct pager_service *self, struct call *call, const struct pager_heap_req *req,
                  struct pager_heap_rep *rep)
{
    CALLER(as);
    if (req->start & PAGE_MASK || req->start < PROGRAM_BASE || req->start > HEAP_LIMIT ||
        as->heap_start != 0)
        return ERR_INVAL;
    as->heap_start = as->brk = req->start;
    as->careful = req->careful;
    as->careful_end = req->careful_end;
    return 0;
}

int pager_on_limit(struct pager_service *self, struct call *call, const struct pager_limit_req *req,
                   struct pager_limit_rep *rep)
{
    CALLER(as);
    if (req->which >= PAGER_LIMIT_COUNT)
        return ERR_INVAL;
    as->limits[req->which] = req->bytes;
    return 0;
}

/* What is mapped: the file's right to it, and its object. */
static int map_file(struct pager *pg, struct aspace *as, uint64_t fd_offset, struct vma *v)
{
    struct stream *s = stream_of(pg, as, fd_offset >> 48);
    v->first = fd_offset & 0xffffffffffffUL;
    v->kind = VMA_FILE;
    if (s == NULL)
        return ERR_NODEV;
    if (!(s->flags & STREAM_READ))
        return ERR_ACCES;
    if (v->first + ((v->end - v->start) >> PAGE_SHIFT) >= WORD_FILE)
        return ERR_OVERFLOW;
    if (v->shared && !(s->flags & STREAM_WRITE))
        v->maxprot &= ~PAGER_PROT_WRITE;
    v->object = s->object;
    if (v->prot & ~v->maxprot)
        return ERR_ACCES;
    stream_was_read(pg, s); /* loads through a mapping are not seen: it counts as one */
    return 0;
}

int pager_on_mmap(struct pager_service *self, struct call *call, const struct pager_mmap_req *req,
                  struct pager_mmap_rep *rep)
{
    CALLER(as);
    const uint32_t all = PAGER_PROT_READ | PAGER_PROT_WRITE | PAGER_PROT_EXEC;
    uint32_t prot = req->prot_flags & 0xff, flags = req->prot_flags >> 8;
    bool is_shared = flags & PAGER_MAP_SHARED;
    if (req->len == 0 || prot & ~all || is_shared == !!(flags & PAGER_MAP_PRIVATE))
        return ERR_INVAL;
    if (req->len > USER_END || !range_may_grow(as, page_up(req->len)))
        return ERR_NOMEM;
    struct vma v = {.start = req->addr, .end = req->addr + page_up(req->len), .object = NONE,
                    .prot = prot, .maxprot = all, .shared = is_shared, .kind = VMA_ANON};
    int status = flags & PAGER_MAP_ANONYMOUS ? 0 : map_file(pg, as, req->fd_offset, &v);
    if (status == 0)
        status = range_map(pg, as, &v, flags & PAGER_MAP_FIXED);
    rep->addr = v.start;
    return status;
}

int pager_on_munmap(struct pager_service *self, struct call *call,
                    const struct pager_munmap_req *req, struct pager_munmap_rep *rep)
{
    CALLER(as);
    if (!is_range(req->addr, req->len) || !range_is_users(req->addr, req->addr + page_up(req->len)))
        return ERR_INVAL;
    return aspace_unmap(pg, as, req->addr, req->addr + page_up(req->len));
}

int pager_on_mprotect(struct pager_service *self, struct call *call,
                      const struct pager_mprotect_req *req, struct pager_mprotect_rep *rep)
{
    CALLER(as);
    if (req->addr & PAGE_MASK || req->prot & ~7UL)
        return ERR_INVAL;
    if (req->len == 0)
        return 0;
    if (!is_range(req->addr, req->len))
        return ERR_NOMEM;
    if (!range_is_users(req->addr, req->addr + page_up(req->len)))
        return ERR_INVAL;
    return range_protect(pg, as, req->addr, req->addr + page_up(req->len), req->prot);
}

int pager_on_msync(struct pager_service *self, struct call *call, const struct pager_msync_req *req,
                   struct pager_msync_rep *rep)
{
    CALLER(as);
    if (req->addr & PAGE_MASK || req->flags & ~7UL || (req->flags & 3) == 3)
        return ERR_INVAL;
    if (req->len == 0)
        return 0;
    if (!is_range(req->addr, req->len) ||
        !range_is_mapped(pg, as, req->addr, req->addr + page_up(req->len)))
        return ERR_NOMEM;
    if (!(req->flags & 2))
        return 0;
    as->reply = call->reply;
    return sync_range(pg, as, req->addr, req->addr + page_up(req->len));
}

int pager_on_madvise(struct pager_service *self, struct call *call,
                     const struct pager_madvise_req *req, struct pager_madvise_rep *rep)
{
    CALLER(as);
    if (req->addr & PAGE_MASK || req->advice > 4)
        return ERR_INVAL;
    if (req->len == 0)
        return 0;
    if (!is_range(req->addr, req->len) ||
        !range_is_mapped(pg, as, req->addr, req->addr + page_up(req->len)))
        return ERR_NOMEM;
    return range_advise(pg, as, req->addr, req->addr + page_up(req->len), req->advice);
}

int pager_on_mincore(struct pager_service *self, struct call *call,
                     const struct pager_mincore_req *req, struct pager_mincore_rep *rep)
{
    CALLER(as);
    if (req->addr & PAGE_MASK || req->pages > call->out_max)
        return ERR_INVAL;
    if (req->pages > 0 && !is_range(req->addr, req->pages * PAGE_SIZE))
        return ERR_NOMEM;
    if (!range_is_mapped(pg, as, req->addr, req->addr + req->pages * PAGE_SIZE))
        return ERR_NOMEM;
    for (uint64_t i = 0; i < req->pages; i++)
        call->out[i] = range_is_resident(pg, as, req->addr + i * PAGE_SIZE);
    rep->len = call->out_bytes = req->pages;
    return 0;
}

static int transfer(struct pager *pg, struct aspace *as, const struct call *call,
                    const struct stream_request *req, uint64_t *moved)
{
    int status = stream_begin(pg, as, req);
    if (status != 0)
        return status;
    as->reply = call->reply;
    as->pending = PENDING_RW;
    if (stream_run(pg, as, &status, moved) == OUTCOME_PARKED)
        return PARKED;
    as->pending = PENDING_NONE;
    return status;
}

int pager_on_read(struct pager_service *self, struct call *call, const struct pager_read_req *req,
                  struct pager_read_rep *rep)
{
    CALLER(as);
    return transfer(pg, as, call, &(struct stream_request){.fd = req->fd, .addr = req->addr,
                                                           .len = req->len},
                    &rep->moved);
}

int pager_on_write(struct pager_service *self, struct call *call, const struct pager_write_req *req,
                   struct pager_write_rep *rep)
{
    CALLER(as);
    return transfer(pg, as, call, &(struct stream_request){.fd = req->fd, .addr = req->addr,
                                                           .len = req->len, .is_write = true},
                    &rep->moved);
}

int pager_on_pread(struct pager_service *self, struct call *call, const struct pager_pread_req *req,
                   struct pager_pread_rep *rep)
{
    CALLER(as);
    return transfer(pg, as, call,
                    &(struct stream_request){.fd = req->fd, .addr = req->addr, .len = req->len,
                                             .offset = req->offset, .is_positional = true},
                    &rep->moved);
}

int pager_on_pwrite(struct pager_service *self, struct call *call,
                    const struct pager_pwrite_req *req, struct pager_pwrite_rep *rep)
{
    CALLER(as);
    return transfer(pg, as, call,
                    &(struct stream_request){.fd = req->fd, .addr = req->addr, .len = req->len,
                                             .offset = req->offset, .is_write = true,
                                             .is_positional = true},
                    &rep->moved);
}

int pager_on_lseek(struct pager_service *self, struct call *call, const struct pager_lseek_req *req,
                   struct pager_lseek_rep *rep)
{
    CALLER(as);
    return stream_seek(pg, as, req->fd, req->offset, req->whence, &rep->offset);
}

int pager_on_fsync(struct pager_service *self, struct call *call, const struct pager_fsync_req *req,
                   struct pager_fsync_rep *rep)
{
    CALLER(as);
    struct stream *s = stream_of(pg, as, req->fd);
    if (s == NULL)
        return ERR_SPIPE;
    as->reply = call->reply;
    return sync_stream(pg, as, s);
}

int pager_on_fault_signals(struct pager_service *self, struct call *call,
                           const struct pager_fault_signals_req *req,
                           struct pager_fault_signals_rep *rep)
{
    CALLER(as);
    as->signals = req->mask;
    return 0;
}

int pager_on_stats(struct pager_service *self, struct call *call, const struct pager_stats_req *req,
                   struct pager_stats_rep *rep)
{
    struct pager_stats stats;
    stats_collect(&self->pager, &stats);
    memcpy(call->out, &stats, sizeof stats);
    rep->len = call->out_bytes = sizeof stats;
    return 0;
}

/* The address space that a question is about. */
static struct aspace *asked(struct pager *pg, const struct call *call, uint64_t badge)
{
    return aspace_find(pg, badge == 0 ? call->badge : badge);
}

int pager_on_proc_stats(struct pager_service *self, struct call *call,
                        const struct pager_proc_stats_req *req, struct pager_proc_stats_rep *rep)
{
    struct aspace *as = asked(&self->pager, call, req->badge);
    struct pager_proc_stats stats;
    if (as == NULL)
        return ERR_SRCH;
    stats_of_process(&self->pager, as, &stats);
    memcpy(call->out, &stats, sizeof stats);
    rep->len = call->out_bytes = sizeof stats;
    return 0;
}

int pager_on_pmap(struct pager_service *self, struct call *call, const struct pager_pmap_req *req,
                  struct pager_pmap_rep *rep)
{
    struct aspace *as = asked(&self->pager, call, req->badge);
    struct pager_vma one;
    uint32_t n = 0;
    if (as == NULL)
        return ERR_SRCH;
    struct vma *v = vma_above(&self->pager, as, 0);
    for (uint64_t i = 0; v != NULL && (n + 1) * sizeof one <= call->out_max; i++) {
        if (i >= req->first) {
            stats_of_vma(&self->pager, as, v, &one);
            memcpy(call->out + n++ * sizeof one, &one, sizeof one);
        }
        v = vma_above(&self->pager, as, v->end);
    }
    rep->len = call->out_bytes = n * sizeof one;
    return 0;
}

int pager_on_faults(struct pager_service *self, struct call *call,
                    const struct pager_faults_req *req, struct pager_faults_rep *rep)
{
    struct aspace *as = asked(&self->pager, call, req->badge);
    if (as == NULL)
        return ERR_SRCH;
    rep->len = call->out_bytes = stats_trace(&self->pager, as, call->out, call->out_max);
    return 0;
}

int pager_on_policy(struct pager_service *self, struct call *call,
                    const struct pager_policy_req *req, struct pager_policy_rep *rep)
{
    struct pager *pg = &self->pager;
    if (req->len > 0) {
        const struct policy_ops *next = policy_find((const char *)call->bytes, req->len);
        if (next == NULL)
            return ERR_NOENT;
        policy_switch(pg, next);
    }
    rep->len = call->out_bytes = strlen(pg->policy->name);
    memcpy(call->out, pg->policy->name, rep->len);
    return 0;
}

int pager_on_policies(struct pager_service *self, struct call *call,
                      const struct pager_policies_req *req, struct pager_policies_rep *rep)
{
    uint32_t n = 0;
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        memcpy(call->out + n, (*p)->name, strlen((*p)->name));
        n += strlen((*p)->name);
        call->out[n++] = '\n';
    }
    rep->len = call->out_bytes = n;
    return 0;
}

int pager_on_tune(struct pager_service *self, struct call *call, const struct pager_tune_req *req,
                  struct pager_tune_rep *rep)
{
    return work_tune(&self->pager, req->param, req->value, &rep->old);
}
