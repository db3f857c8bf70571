/* Page faults: what an access to a page needs, and doing it. */
#ifndef PAGER_FAULT_H
#define PAGER_FAULT_H

#include "batch.h"
#include <proto/pagerproc.h>

#define ACCESS_READ PAGER_PROT_READ
#define ACCESS_WRITE PAGER_PROT_WRITE
#define ACCESS_EXEC PAGER_PROT_EXEC

/* newlib's signal numbers. */
enum signal_number {
    SIGNAL_ILL = 4,
    SIGNAL_TRAP = 5,
    SIGNAL_KILL = 9,
    SIGNAL_BUS = 10,
    SIGNAL_SEGV = 11,
};

struct death_report {
    uint64_t signal, why, scause, sepc, stval; /* why: enum death */
};

/* How an access was resolved. */
struct resolution {
    uint32_t action; /* enum pager_action */
    uint32_t frame;  /* DONE: the frame that the page is mapped to now */
    uint32_t why;    /* FAILED: enum death */
    bool around;     /* in: map neighbours of a file page too */
    bool is_valid;   /* in: the hardware has a valid PTE there now */
};

/* Make the page of `va` present in `as`, mapped for `access` (one ACCESS_*).
 * => DONE: the books say so; the items in `b` make it true and must be carried out before anything
 *    else happens. PARKED: `as` is in a waiting list; run this again when it is woken. FAILED: why.
 * => Bounded: one VMA lookup, at most one eviction of a clean page. */
enum outcome fault_resolve(struct pager *pg, struct aspace *as, vaddr_t va, uint32_t access,
                           struct batch *b, struct resolution *r);

enum fault_verdict {
    FAULT_RETRY,  /* answer with the items of the batch */
    FAULT_PARKED,
    FAULT_RESUME, /* answer with words: the access is bad, the code expects that */
    FAULT_UPCALL, /* answer with words */
    FAULT_STOP,   /* keep stopped; proc was told */
};

/* Serve the fault in as->fault. words[4]: for FAULT_RESUME and FAULT_UPCALL. */
enum fault_verdict fault_serve(struct pager *pg, struct aspace *as, struct batch *b,
                               uint64_t words[4]);

/* The upcall could not be delivered: the fault ends the process. */
void fault_die(struct pager *pg, struct aspace *as);

/* Tell proc that the process is to end. */
void fault_report(struct pager *pg, struct aspace *as, const struct death_report *report);

/* Count what was done for a page of `as`. */
static inline void fault_count(struct pager *pg, struct aspace *as, uint32_t action)
{
    pg->stats.actions[action]++;
    as->actions[action]++;
}

#endif
