/* Serving faults: the fault's cause to an access, the resolution to an answer, a bad access to a
 * signal. A parked fault is served again from the top when what it waits for has come. */
#include "fault.h"
#include "kern.h"
#include "softpt.h"

static const uint8_t code_of_death[] = {
    [DEATH_NO_MAPPING] = 1, /* SEGV_MAPERR */
    [DEATH_PROTECTION] = 2, /* SEGV_ACCERR */
    [DEATH_GUARD] = 1,
    [DEATH_PAST_EOF] = 2, /* BUS_ADRERR */
    [DEATH_IO] = 3,       /* BUS_OBJERR */
    [DEATH_NO_SPACE] = 3,
    [DEATH_INSTRUCTION] = 1,
    [DEATH_OOM] = 0,
};

static uint32_t access_of(uint64_t scause)
{
    if (scause == CAUSE_STORE_PAGE)
        return ACCESS_WRITE;
    return scause == CAUSE_FETCH_PAGE ? ACCESS_EXEC : ACCESS_READ;
}

static uint32_t signal_of(uint32_t label, uint32_t why)
{
    switch (label) {
    case FAULT_PAGE:
        return why == DEATH_PAST_EOF || why == DEATH_IO || why == DEATH_NO_SPACE ? SIGNAL_BUS
                                                                                 : SIGNAL_SEGV;
    case FAULT_ACCESS:
    case FAULT_MISALIGNED:
        return SIGNAL_BUS;
    case FAULT_BREAKPOINT:
        return SIGNAL_TRAP;
    default:
        return SIGNAL_ILL;
    }
}

/* Take the next trace buffer, from whoever had it. */
static void trace_begin(struct pager *pg, struct aspace *as)
{
    uint32_t i = pg->trace_hand++ % TRACES;
    if (pg->trace_owner[i] != AS_NONE)
        pg->aspaces[pg->trace_owner[i]].trace = NONE;
    pg->trace_owner[i] = as->slot;
    as->trace = i;
    as->ntrace = 0;
}

static void trace(struct pager *pg, struct aspace *as, uint32_t action)
{
    if (as->trace == NONE)
        trace_begin(pg, as);
    pg->traces[as->trace][as->ntrace++ % TRACE_FAULTS] =
        (struct pager_fault){as->fault.stval, as->fault.sepc, as->fault.scause, action};
}

static void count(struct pager *pg, struct aspace *as, uint32_t action)
{
    pg->stats.faults++;
    as->faults++;
    fault_count(pg, as, action);
    if (pg->trace)
        trace(pg, as, action);
}

void fault_report(struct pager *pg, struct aspace *as, const struct death_report *report)
{
    uint64_t words[7] = {as->badge,      report->signal, report->why,
                         report->scause, report->sepc,   report->stval};
    if (as->is_ending)
        return;
    as->is_ending = true;
    kern_post(SRV_PROC, pagerproc_OP_died, 0, words);
}

void fault_die(struct pager *pg, struct aspace *as)
{
    const struct fault *f = &as->fault;
    struct death_report report = {signal_of(f->label, as->why), as->why, f->scause, f->sepc,
                                  f->stval};
    fault_report(pg, as, &report);
}

/* Code that expects bad pointers: <lib/sys/user.h>. Its own text may be what is bad. */
static bool is_careful(const struct aspace *as)
{
    const struct fault *f = &as->fault;
    return f->sepc >= as->careful && f->sepc < as->careful_end && f->scause != CAUSE_FETCH_PAGE &&
           f->scause != CAUSE_FETCH_ACCESS;
}

static enum fault_verdict bad_access(struct pager *pg, struct aspace *as, uint32_t why,
                                     uint64_t words[4])
{
    uint32_t signal = signal_of(as->fault.label, why);
    as->why = why;
    count(pg, as, PAGER_ACTION_bad_access);
    if (is_careful(as)) {
        words[0] = as->careful;
        return FAULT_RESUME;
    }
    if (!(as->signals >> signal & 1)) {
        fault_die(pg, as);
        return FAULT_STOP;
    }
    pg->last_fault = as;
    words[0] = signal | (uint64_t)code_of_death[why] << 32;
    words[1] = as->fault.scause;
    words[2] = as->fault.stval;
    words[3] = 0;
    return FAULT_UPCALL;
}

enum fault_verdict fault_serve(struct pager *pg, struct aspace *as, struct batch *b,
                               uint64_t words[4])
{
    const struct fault *f = &as->fault;
    if (f->label != FAULT_PAGE)
        return bad_access(pg, as, DEATH_INSTRUCTION, words);
    struct resolution r = {.around = true, .is_valid = f->pte & PTE_V};
    switch (fault_resolve(pg, as, f->stval, access_of(f->scause), b, &r)) {
    case OUTCOME_DONE:
        count(pg, as, as->io_action != 0 ? as->io_action : r.action);
        as->io_action = 0;
        return FAULT_RETRY;
    case OUTCOME_PARKED:
        return FAULT_PARKED;
    default:
        as->io_action = 0;
        softpt_trim(pg, as, f->stval & (USER_END - 1));
        return bad_access(pg, as, r.why, words);
    }
}
