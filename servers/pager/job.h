/* Work in several steps: what peers ask for and cannot be done at once, and syncs of processes. Jobs
 * are looked at again whenever something happened that one of them may wait for (WORK_JOBS). */
#ifndef PAGER_JOB_H
#define PAGER_JOB_H

#include "pager.h"

/* A new job of `kind` for the request `head` of `peer`. => NULL: a peer asks more than it may. */
struct job *job_new(struct pager *pg, enum job_kind kind, enum server_id peer, uint64_t head);

/* One step of every job. Sets pg->more if one wants to go on at once. */
void job_step_all(struct pager *pg);

/* fs completed the sync of job `cookie`. */
void job_sync_done(struct pager *pg, uint64_t cookie, int status);

/* Is a job of this kind under way? */
bool job_is_busy(const struct pager *pg, enum job_kind kind);

/* fsync of the stream; msync of [start, end): begin. The process's pending becomes PENDING_SYNC.
 * => PARKED (1), or 0: nothing to do, or ERR_BUSY: no job left. */
int sync_stream(struct pager *pg, struct aspace *as, struct stream *s);
int sync_range(struct pager *pg, struct aspace *as, vaddr_t start, vaddr_t end);
void sync_abandon(struct pager *pg, struct aspace *as);

#endif
