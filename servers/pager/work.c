/* Work between messages. The order is: requests that were woken (they hold up a program), jobs, reclaim
 * (others wait for it), sampling, clearing ahead, write-back. */
#include "work.h"
#include "batch.h"
#include "fault.h"
#include "fileio.h"
#include "frame.h"
#include "job.h"
#include "park.h"
#include "reclaim.h"
#include "anon.h"
#include "stream.h"

static void answer_items(struct pager *pg, struct aspace *as, struct batch *b)
{
    batch_run(pg, b);
    as->pending = PENDING_NONE;
    kern_answer_fault(as->reply, ANSWER_RETRY, NULL);
}

static void run_fault(struct pager *pg, struct aspace *as)
{
    uint64_t words[4] = {0};
    struct batch_room room;
    struct batch *b = batch_init(&room, vspace_slot(as));
    switch (fault_serve(pg, as, b, words)) {
    case FAULT_PARKED:
        batch_run(pg, b);
        return;
    case FAULT_RETRY:
        answer_items(pg, as, b);
        return;
    case FAULT_RESUME:
        as->pending = PENDING_NONE;
        kern_answer_fault(as->reply, ANSWER_RESUME, words);
        return;
    case FAULT_UPCALL:
        as->pending = PENDING_NONE;
        if (kern_answer_fault(as->reply, ANSWER_UPCALL, words) != 0)
            fault_die(pg, as);
        return;
    case FAULT_STOP:
        as->pending = PENDING_NONE;
        kern_answer_fault(as->reply, ANSWER_KEEP_STOPPED, NULL);
        return;
    }
}

static void run_transfer(struct pager *pg, struct aspace *as)
{
    int status;
    uint64_t moved;
    if (stream_run(pg, as, &status, &moved) == OUTCOME_PARKED)
        return;
    as->pending = PENDING_NONE;
    kern_answer_call(as->reply, status, &moved, 1);
}

static void run(struct pager *pg, struct aspace *as)
{
    switch ((enum pending_kind)as->pending) {
    case PENDING_FAULT:
        run_fault(pg, as);
        break;
    case PENDING_RW:
        run_transfer(pg, as);
        break;
    case PENDING_SYNC:
    case PENDING_NONE:
        break;
    }
}

void work_step(struct pager *pg)
{
    struct aspace *as = park_next(pg);
    pg->now = kern_time();
    if (as != NULL)
        run(pg, as);
    else if (pg->work & WORK_JOBS)
        job_step_all(pg);
    else if (pg->work & WORK_RECLAIM)
        reclaim_step(pg);
    else if (pg->work & WORK_SCAN)
        scan_step(pg);
    else if (pg->work & WORK_REFILL)
        frame_refill(pg);
    else if (pg->work & WORK_WRITE)
        fileio_age(pg);
    if (pg->slots_due != NONE)
        anon_free_slots(pg);
}

void work_timer(struct pager *pg)
{
    pg->now = kern_time();
    if (pg->scan_due != 0 && pg->now >= pg->scan_due) {
        pg->scan_due = 0;
        pg->work |= WORK_SCAN;
    }
    if (pg->write_due != 0 && pg->now >= pg->write_due) {
        pg->write_due = 0;
        pg->work |= WORK_WRITE;
    }
}

uint64_t work_deadline(struct pager *pg)
{
    if (pg->scan_due == 0 && !(pg->work & WORK_SCAN) &&
        (scan_is_wanted(pg) || pg->memory.head != NONE || pg->jobs_wait))
        pg->scan_due = pg->now + pg->scan_ms * (pg->hz / 1000);
    if (pg->write_due == 0 && pg->dirty_files > 0 && !(pg->work & WORK_WRITE))
        pg->write_due = pg->now + pg->hz;
    if (pg->scan_due == 0 || pg->write_due == 0)
        return pg->scan_due | pg->write_due;
    return pg->scan_due < pg->write_due ? pg->scan_due : pg->write_due;
}

int work_tune(struct pager *pg, uint64_t param, uint64_t value, uint64_t *old)
{
    struct {
        uint64_t *place, low, high;
    } table[] = {
        [PAGER_SCAN_MS] = {&pg->scan_ms, 1, 60000},
        [PAGER_WRITE_MS] = {&pg->write_ms, 0, 3600000},
        [PAGER_READAHEAD] = {&pg->read_ahead, 1, 64},
        [PAGER_TRACE] = {&pg->trace, 0, 1},
    };
    if (param >= sizeof table / sizeof *table || table[param].place == NULL)
        return ERR_INVAL;
    if (value < table[param].low || value > table[param].high)
        return ERR_RANGE;
    *old = *table[param].place;
    *table[param].place = value;
    return 0;
}
